"""A certification authority of our own: a root, one issuing authority, and certificates for invented people.

Made once in the instance folder. Keys of citizens are a small shared pool, so that hundreds of certificates
cost nothing; certificates are issued when needed, around the moment asked for, because the law's clock may
be shifted.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from petitions.identity.eds.holder import ORGANISATION, PERSON
from petitions.identity.simulators.cms import detached_cms
from petitions.identity.simulators.people import Person, everybody

Kind = Literal["personal", "expired", "revoked", "organisation", "authentication"]

MARK = "SIMULATOR / ЖАСАНДЫ ОРТА"
POOL = 3
BEGINS, ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2070, 1, 1, tzinfo=UTC)
REVOKED_ON = datetime(2021, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class SimulatedAuthority:
    """An issuing authority with its keys in memory. ``others`` go along with every signature."""

    ca: x509.Certificate
    ca_key: rsa.RSAPrivateKey = field(repr=False)
    pool: tuple[rsa.RSAPrivateKey, ...] = field(repr=False)

    def sign_detached(self, person: Person, data: bytes, *, at: datetime, kind: Kind = "personal") -> bytes:
        """A detached CMS (DER) over the data, as a citizen's signing program would make it at that moment."""
        certificate, key = self.certificate(person, at=at, kind=kind)
        return detached_cms(data, certificate=certificate, key=key, others=[self.ca], at=at)

    def certificate(
        self, person: Person, *, at: datetime, kind: Kind = "personal"
    ) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
        """A person's certificate around a moment, and its key."""
        key = self.pool[int(person.iin) % len(self.pool)]
        return _issued(self, person, kind, at.astimezone(UTC).date()), key


@lru_cache(maxsize=4)
def open_authority(instance_path: Path) -> SimulatedAuthority:
    """The instance's authority, made on first use; safe when several processes ask at once."""
    folder = instance_path / "simulator-pki"
    if not (folder / "roots.pem").is_file():
        _create(folder)
    keys = [_load_key(folder / name) for name in ("ca.key", *(f"citizen{number}.key" for number in range(POOL)))]
    ca = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    return SimulatedAuthority(ca, keys[0], tuple(keys[1:]))


def revoked_serial(person: Person) -> int:
    return _serial("revoked", person.iin)


@lru_cache(maxsize=2048)
def _issued(authority: SimulatedAuthority, person: Person, kind: Kind, day: date) -> x509.Certificate:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    begins = noon - (YEAR + timedelta(days=40) if kind == "expired" else timedelta(days=30))
    serial = revoked_serial(person) if kind == "revoked" else _serial(kind, person.iin, day.isoformat())
    key = authority.pool[int(person.iin) % len(authority.pool)]
    return (
        x509.CertificateBuilder()
        .subject_name(_subject(person, kind))
        .issuer_name(authority.ca.subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(begins)
        .not_valid_after(begins + YEAR)
        .add_extension(_usage(signing=kind != "authentication"), critical=True)
        .add_extension(x509.ExtendedKeyUsage(_purposes(kind)), critical=False)
        .sign(authority.ca_key, SHA256())
    )


def _subject(person: Person, kind: Kind) -> x509.Name:
    """As the national authority writes it: the patronymic under givenName."""
    attributes = [
        x509.NameAttribute(NameOID.COMMON_NAME, f"{person.surname} {person.given_name}".upper()),
        x509.NameAttribute(NameOID.SURNAME, person.surname.upper()),
        x509.NameAttribute(NameOID.SERIAL_NUMBER, f"IIN{person.iin}"),
        x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
        x509.NameAttribute(NameOID.GIVEN_NAME, person.patronymic.upper()),
    ]
    if kind == "organisation":
        attributes += [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"ЖШС {MARK}"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "BIN000000000000"),
        ]
    return x509.Name(attributes)


def _purposes(kind: Kind) -> list[x509.ObjectIdentifier]:
    if kind == "authentication":
        return [ExtendedKeyUsageOID.CLIENT_AUTH, x509.ObjectIdentifier(PERSON)]
    if kind == "organisation":
        employee = x509.ObjectIdentifier(f"{ORGANISATION}.5")
        return [ExtendedKeyUsageOID.EMAIL_PROTECTION, x509.ObjectIdentifier(ORGANISATION), employee]
    return [ExtendedKeyUsageOID.EMAIL_PROTECTION, x509.ObjectIdentifier(PERSON)]


def _usage(*, signing: bool = False, authority: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=signing,
        key_encipherment=not signing and not authority,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _serial(*parts: str) -> int:
    return int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:16]) | 1


def _create(folder: Path) -> None:
    """Make everything aside and put it in place by one rename; whoever comes second uses the first one's."""
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
    fresh.mkdir(parents=True, mode=0o700)
    root_key, ca_key = _new_key("root"), _new_key("ca")
    root_name, ca_name = _authority_name("RSA ROOT"), _authority_name("RSA CA")
    root = _authority_certificate(root_name, root_name, root_key, root_key, depth=1)
    ca = _authority_certificate(ca_name, root_name, ca_key, root_key, depth=0)
    _store_key(fresh / "ca.key", ca_key)
    for number in range(POOL):
        _store_key(fresh / f"citizen{number}.key", _new_key(f"citizen{number}"))
    (fresh / "ca.pem").write_bytes(_pem(ca))
    (fresh / "crl.pem").write_bytes(_revocations(ca, ca_key) + _no_revocations(root, root_key))
    (fresh / "roots.pem").write_bytes(_pem(root) + _pem(ca))
    try:
        fresh.rename(folder)
    except OSError:
        shutil.rmtree(fresh)


def _authority_name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{name} {MARK}"),
        ]
    )


def _authority_certificate(
    name: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, issuer_key: rsa.RSAPrivateKey, *, depth: int
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGINS)
        .not_valid_after(ENDS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(issuer_key, SHA256())
    )


def _revocations(ca: x509.Certificate, key: rsa.RSAPrivateKey) -> bytes:
    """Every demonstration person has one certificate on this list."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(ca.subject).last_update(BEGINS).next_update(ENDS)
    for person in everybody():
        entry = x509.RevokedCertificateBuilder().serial_number(revoked_serial(person)).revocation_date(REVOKED_ON)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, SHA256()).public_bytes(serialization.Encoding.PEM)


def _no_revocations(root: x509.Certificate, key: rsa.RSAPrivateKey) -> bytes:
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.subject)
    made = builder.last_update(BEGINS).next_update(ENDS).sign(key, SHA256())
    return made.public_bytes(serialization.Encoding.PEM)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@cache
def _new_key(name: str) -> rsa.RSAPrivateKey:
    """Made once a process: tests open many instances, and each would wait for its own."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _store_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    path.chmod(0o600)


def _load_key(path: Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError(f"{path.name} is not an RSA key")
    return key
