"""Personal data at rest: keyed digests for uniqueness, AES-GCM with versioned keys for what must be kept.

A sealed blob is the version of its key (one byte), a nonce (12 bytes), and AES-GCM's ciphertext with its tag. Which
columns hold one, and the words that bind each blob to its row, stand in `sealed_columns`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES, TAG_BYTES = 12, 16

_iin_key: bytes = b""
_keys: Mapping[int, bytes] = {}


class NoSuchKey(LookupError):
    """A blob was sealed with a key that this process was not given when it started."""

    def __init__(self, version: int) -> None:
        super().__init__(f"sealed with vault key {version}, which this process does not have")
        self.version = version


def configure(iin_key: bytes, keys: Mapping[int, bytes]) -> None:
    """Give the process its keys; the highest version seals, every version opens."""
    global _iin_key, _keys
    _iin_key, _keys = iin_key, dict(keys)


def iin_digest(iin: str) -> str:
    """The only form in which an IIN identifies a row: an HMAC-SHA256 nobody can reverse without the key."""
    return keyed_digest(iin)


def keyed_digest(text: str) -> str:
    """What stands for a text that could be guessed. Other texts than an IIN begin with a word and a line break."""
    if not _iin_key:
        raise RuntimeError("vault.configure was not called")
    return hmac.new(_iin_key, text.encode(), hashlib.sha256).hexdigest()


def seal(plain: bytes, context: str) -> bytes:
    """Encrypt for a column. ``context`` (see `sealed_columns`) binds the blob to its place."""
    version = newest()
    nonce = os.urandom(NONCE_BYTES)
    return bytes([version]) + nonce + AESGCM(_keys[version]).encrypt(nonce, plain, context.encode())


def open_sealed(blob: bytes, context: str) -> bytes:
    """Decrypt a column. Raises cryptography's InvalidTag when the blob was moved or changed; NoSuchKey."""
    if len(blob) < 1 + NONCE_BYTES + TAG_BYTES:
        raise InvalidTag
    key = _keys.get(blob[0])
    if key is None:
        raise NoSuchKey(blob[0])
    nonce, sealed = blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :]
    return AESGCM(key).decrypt(nonce, sealed, context.encode())


def reseal(blob: bytes, context: str) -> bytes:
    """The same with the newest key. Raises as `open_sealed` does."""
    return seal(open_sealed(blob, context), context)


def newest() -> int:
    """The version that seals."""
    return max(_keys)


def versions() -> tuple[int, ...]:
    """Every version this process can open, the oldest first."""
    return tuple(sorted(_keys))
