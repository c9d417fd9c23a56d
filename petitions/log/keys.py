"""The log's name and its Ed25519 key: one key for all petitions, one origin for each."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from petitions.log.notes import vkey

_seed: bytes = b""
_origin: str = ""


def configure(seed: bytes, origin: str) -> None:
    """Give the process the 32 bytes of the key and the prefix of every origin (`config.log_origin`)."""
    global _seed, _origin
    _seed, _origin = seed, origin


def origin_of(petition_id: int) -> str:
    """The first line of the petition's checkpoints, and the name under which they are signed."""
    return f"{_origin}/{petition_id}"


def signing_key() -> Ed25519PrivateKey:
    if not _seed:
        raise RuntimeError("log.keys.configure was not called")
    return Ed25519PrivateKey.from_private_bytes(_seed)


def public_key() -> bytes:
    """The 32 bytes that everybody may know."""
    return signing_key().public_key().public_bytes_raw()


def vkey_of(petition_id: int) -> str:
    """The petition's verifier key as C2SP signed notes write it: name, key ID, public key."""
    return vkey(origin_of(petition_id), public_key())
