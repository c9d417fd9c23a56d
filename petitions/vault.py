"""Personal data at rest: keyed digests for uniqueness, AES-GCM with versioned keys for what must be kept."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12

_iin_key: bytes = b""
_keys: Mapping[int, bytes] = {}


def configure(iin_key: bytes, keys: Mapping[int, bytes]) -> None:
    """Give the process its keys; the highest version seals, every version opens."""
    global _iin_key, _keys
    _iin_key, _keys = iin_key, dict(keys)


def iin_digest(iin: str) -> str:
    """The only form in which an IIN identifies a row: an HMAC-SHA256 nobody can reverse without the key."""
    if not _iin_key:
        raise RuntimeError("vault.configure was not called")
    return hmac.new(_iin_key, iin.encode(), hashlib.sha256).hexdigest()


def seal(plain: bytes, context: str) -> bytes:
    """Encrypt for a column. ``context`` (table, column, row) binds the blob to its place."""
    version = max(_keys)
    nonce = os.urandom(NONCE_BYTES)
    return bytes([version]) + nonce + AESGCM(_keys[version]).encrypt(nonce, plain, context.encode())


def open_sealed(blob: bytes, context: str) -> bytes:
    """Decrypt a column. Raises cryptography's InvalidTag when the blob was moved or changed."""
    nonce, sealed = blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :]
    return AESGCM(_keys[blob[0]]).decrypt(nonce, sealed, context.encode())
