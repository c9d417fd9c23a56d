"""What the log signs: checkpoints, promises and, as a witness, cosignatures (C2SP signed-note, Ed25519).

The reading side of every text is in verifier.py, which strangers run; this side has the private keys.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from petitions.log.verifier import COSIGNATURE, ED25519, PROOF_HEADER, VerifierKey


def key_id(name: str, public: bytes, kind: int = ED25519) -> bytes:
    """The four bytes that tell a signature's key from others of the same name."""
    return VerifierKey(name, kind, public).key_id


def vkey(name: str, public: bytes, kind: int = ED25519) -> str:
    """A public key as people copy it: ``<name>+<key ID in hex>+<base64 of kind and key>``."""
    return f"{name}+{key_id(name, public, kind).hex()}+{_base64(bytes([kind]) + public)}"


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public key."""
    return key.public_key().public_bytes_raw()


def sign_note(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The text, which ends in a newline, with a blank line and its signature line."""
    return f"{text}\n{_signature_line(name, key_id(name, public_bytes(key)), key.sign(text.encode()))}"


def cosign(text: str, name: str, key: Ed25519PrivateKey, at: datetime) -> str:
    """A witness's signature line under a checkpoint's text: as of this second, no larger tree was seen."""
    seconds = int(at.timestamp())
    signature = key.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
    return _signature_line(name, key_id(name, public_bytes(key), COSIGNATURE), seconds.to_bytes(8, "big") + signature)


def checkpoint_text(origin: str, size: int, root: bytes, joinings: int, removals: int, territories: str) -> str:
    """What is signed of a log at one size; ``territories`` is the whole file, whose hash goes in."""
    digest = hashlib.sha256(territories.encode()).hexdigest()
    return f"{origin}\n{size}\n{_base64(root)}\ncount {joinings} {removals}\nterritories {digest}\n"


def promise(origin: str, leaf: bytes, at: datetime, key: Ed25519PrivateKey) -> str:
    """The signed word, given with the signature's acceptance, that the entry of this leaf hash will be sealed.

    Ed25519 signs alike every time, so a promise is never stored: it is made again from the row.
    """
    return sign_note(f"promise\n{origin}\n{_base64(leaf)}\n{minute(at)}\n", origin, key)


def receipt(entry: bytes, index: int, path: Sequence[bytes], checkpoint: str) -> str:
    """The proof for keeping, as a C2SP tlog-proof file, that the entry stands in the log of the signed checkpoint."""
    lines = [PROOF_HEADER, f"extra {_base64(entry)}", f"index {index}", *(_base64(one) for one in path)]
    return "\n".join(lines) + f"\n\n{checkpoint}"


def minute(at: datetime) -> str:
    """The UTC minute in the form that entries and promises have."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _signature_line(name: str, identity: bytes, signature: bytes) -> str:
    return f"\u2014 {name} {_base64(identity + signature)}\n"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
