"""Streebog through Botan's C interface, where the operator has installed that library (Debian: libbotan-2-19)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from contextlib import suppress

NAMES = (*(f"libbotan-3.so.{minor}" for minor in range(20)), "libbotan-2.so.19")
ALGORITHM = b"Streebog-512"
DIGEST_BYTES = 64


def botan_streebog(names: Sequence[str] = NAMES) -> Callable[[bytes], bytes] | None:
    """A function that hashes by the first library of these names, or None where there is none that knows Streebog."""
    for name in names:
        with suppress(OSError, AttributeError, RuntimeError):
            digest = _hash_of(ctypes.CDLL(name))
            digest(b"")
            return digest
    return None


def _hash_of(library: ctypes.CDLL) -> Callable[[bytes], bytes]:
    """Raises AttributeError for a library that is not Botan."""
    begin, update = library.botan_hash_init, library.botan_hash_update
    end, destroy = library.botan_hash_final, library.botan_hash_destroy
    begin.argtypes = [ctypes.POINTER(ctypes.c_void_p), ctypes.c_char_p, ctypes.c_uint32]
    update.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    end.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    destroy.argtypes = [ctypes.c_void_p]

    def digest(data: bytes) -> bytes:
        state = ctypes.c_void_p()
        out = ctypes.create_string_buffer(DIGEST_BYTES)
        if begin(ctypes.byref(state), ALGORITHM, 0) != 0:
            raise RuntimeError("this Botan was built without Streebog")
        try:
            if update(state, data, len(data)) != 0 or end(state, out) != 0:
                raise RuntimeError("Botan could not hash")
        finally:
            destroy(state)
        return out.raw

    return digest
