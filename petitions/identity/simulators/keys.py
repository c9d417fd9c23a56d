"""Keys that the simulated authority and its people sign with: RSA and GOST 34.10-2015, under one face."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from petitions.identity.eds import engines
from petitions.identity.eds.gost import curve
from petitions.identity.eds.gost.streebog import streebog512
from petitions.identity.simulators.der import BITS, NULL, OCTETS, SEQUENCE, oid, tlv

SHA256_ALGORITHM = tlv(SEQUENCE, oid(engines.SHA256_OID), tlv(NULL))
RSA_SHA256_ALGORITHM = tlv(SEQUENCE, oid(engines.RSA_SHA256_OID), tlv(NULL))
STREEBOG512_ALGORITHM = tlv(SEQUENCE, oid(engines.STREEBOG512_OID), tlv(NULL))
GOST512_ALGORITHM = tlv(SEQUENCE, oid(engines.GOST512_STREEBOG512_OID), tlv(NULL))
GOST512_KEY_ALGORITHM = tlv(
    SEQUENCE,
    oid(engines.GOST512_KEY_OID),
    tlv(SEQUENCE, oid(engines.GOST512_CURVE_OID), oid(engines.STREEBOG512_OID)),
)


Algorithm = Literal["gost", "rsa"]


class SigningKey(Protocol):
    """A private key, and the names of its algorithms in DER."""

    @property
    def digest_algorithm(self) -> bytes: ...

    @property
    def signature_algorithm(self) -> bytes: ...

    @property
    def public_info(self) -> bytes:
        """The SubjectPublicKeyInfo."""
        ...

    def digest(self, data: bytes) -> bytes: ...

    def sign(self, message: bytes) -> bytes: ...

    def store(self, path: Path) -> None: ...


@dataclass(frozen=True)
class RsaKey:
    """RSA of 2048 bits with SHA-256."""

    private: rsa.RSAPrivateKey = field(repr=False)
    digest_algorithm: bytes = SHA256_ALGORITHM
    signature_algorithm: bytes = RSA_SHA256_ALGORITHM

    @classmethod
    def make(cls) -> RsaKey:
        return cls(rsa.generate_private_key(public_exponent=65537, key_size=2048))

    @classmethod
    def load(cls, path: Path) -> RsaKey:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ValueError(f"{path.name} is not an RSA key")
        return cls(key)

    @cached_property
    def public_info(self) -> bytes:
        encoding, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(encoding, form)

    def digest(self, data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message, padding.PKCS1v15(), SHA256())

    def store(self, path: Path) -> None:
        form, unlocked = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        _store(path, self.private.private_bytes(serialization.Encoding.PEM, form, unlocked))


@dataclass(frozen=True)
class GostKey:
    """GOST 34.10-2015/512 with Streebog-512. The private key is a number, kept as hexadecimal text."""

    private: int = field(repr=False)
    digest_algorithm: bytes = STREEBOG512_ALGORITHM
    signature_algorithm: bytes = GOST512_ALGORITHM

    @classmethod
    def make(cls) -> GostKey:
        return cls(curve.new_private_key())

    @classmethod
    def load(cls, path: Path) -> GostKey:
        return cls(int(path.read_text(), 16))

    @cached_property
    def public_info(self) -> bytes:
        point = curve.encoded_key(curve.public_point(self.private))
        return tlv(SEQUENCE, GOST512_KEY_ALGORITHM, tlv(BITS, b"\x00", tlv(OCTETS, point)))

    def digest(self, data: bytes) -> bytes:
        return streebog512(data)

    def sign(self, message: bytes) -> bytes:
        return curve.sign(self.private, streebog512(message))

    def store(self, path: Path) -> None:
        _store(path, f"{self.private:x}\n".encode())


KEYS: dict[Algorithm, type[RsaKey] | type[GostKey]] = {"gost": GostKey, "rsa": RsaKey}


@cache
def made_once(algorithm: Algorithm, name: str) -> SigningKey:
    """A key made once a process: tests open many instances, and each would wait for its own."""
    return KEYS[algorithm].make()


def _store(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
