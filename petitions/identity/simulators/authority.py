"""A certification authority of our own, with a GOST and an RSA branch, and certificates for invented people.

Made once in the instance folder. Keys of citizens are a small shared pool, so that hundreds of certificates
cost nothing; certificates are issued when needed, around the moment asked for, because the law's clock may
be shifted.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from petitions.identity.eds import der as reading
from petitions.identity.eds.holder import ORGANISATION, PERSON
from petitions.identity.simulators import certificates as writing
from petitions.identity.simulators.certificates import Issuer, Wanted
from petitions.identity.simulators.cms import detached_cms
from petitions.identity.simulators.keys import KEYS, Algorithm, SigningKey, made_once
from petitions.identity.simulators.people import Person, everybody

Kind = Literal["personal", "expired", "revoked", "revoked-later", "organisation", "authentication"]
"""``revoked`` stands on the local list; of ``revoked-later`` only the authority itself, asked by OCSP, knows."""

MARK = "SIMULATOR / ЖАСАНДЫ ОРТА"
NAMES: dict[Algorithm, tuple[str, str]] = {
    "gost": (f"НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) {MARK}", f"ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) {MARK}"),
    "rsa": (f"RSA ROOT {MARK}", f"RSA CA {MARK}"),
}
POOL = 3
BEGINS, ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2070, 1, 1, tzinfo=UTC)
REVOKED_ON = datetime(2021, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
FOLDER = "simulator-pki"
COMPLETE = "gost-responder.pem"
"""The last file to be there when the folder is made; older folders, of RSA alone, lack it."""


@dataclass(frozen=True, eq=False)
class Branch:
    """An issuing authority of one algorithm with its keys in memory."""

    root: x509.Certificate = field(repr=False)
    ca: x509.Certificate = field(repr=False)
    ca_key: SigningKey = field(repr=False)
    pool: tuple[SigningKey, ...] = field(repr=False)
    responder: x509.Certificate = field(repr=False)
    responder_key: SigningKey = field(repr=False)
    revocation_list: bytes = field(repr=False)

    @property
    def issuer(self) -> Issuer:
        return Issuer(_subject_of(self.ca), self.ca_key)


@dataclass(frozen=True)
class Status:
    """What the authority says of a certificate by its number, and since when it is revoked."""

    state: Literal["good", "revoked", "unknown"]
    since: datetime | None = None


@dataclass(frozen=True)
class Responder:
    """Who answers for the authority by OCSP."""

    certificate: x509.Certificate
    key: SigningKey = field(repr=False)
    ca: x509.Certificate


@dataclass(frozen=True, eq=False)
class SimulatedAuthority:
    """Both branches. The issuing authority's own certificate goes along with every signature."""

    branches: Mapping[Algorithm, Branch]

    def sign_detached(
        self, person: Person, data: bytes, *, at: datetime, kind: Kind = "personal", algorithm: Algorithm = "gost"
    ) -> bytes:
        """A detached CMS (DER) over the data, as a citizen's signing program would make it at that moment.

        With "gost" some 5 ms, with "rsa" half a millisecond: demonstrations of thousands take the latter.
        """
        certificate, key = self.certificate(person, at=at, kind=kind, algorithm=algorithm)
        return detached_cms(data, certificate=certificate, key=key, others=[self.branches[algorithm].ca], at=at)

    def certificate(
        self, person: Person, *, at: datetime, kind: Kind = "personal", algorithm: Algorithm = "gost"
    ) -> tuple[x509.Certificate, SigningKey]:
        """A person's certificate around a moment, and its key."""
        branch = self.branches[algorithm]
        key = branch.pool[int(person.iin) % len(branch.pool)]
        return _issued(branch, person, kind, algorithm, at.astimezone(UTC).date()), key

    def crl(self, algorithm: Algorithm) -> bytes:
        """The issuing authority's whole list of revoked certificates, DER."""
        return self.branches[algorithm].revocation_list

    def ocsp_signer(self, algorithm: Algorithm) -> Responder:
        branch = self.branches[algorithm]
        return Responder(branch.responder, branch.responder_key, branch.ca)

    def status(self, serial: int) -> Status:
        """Of a certificate by its number; "unknown" for one that was never issued here."""
        if serial in _revoked("revoked") or serial in _revoked("revoked-later"):
            return Status("revoked", REVOKED_ON)
        return Status("good" if _is_ours(serial) else "unknown")

    def is_of(self, serial: int, person: Person, days: Iterable[date]) -> bool:
        """Whether a certificate for signing with this number was the person's on one of these days."""
        return any(
            serial == _serial("personal", person.iin, algorithm, str(day))
            for day in days
            for algorithm in self.branches
        )


@lru_cache(maxsize=4)
def open_authority(instance_path: Path) -> SimulatedAuthority:
    """The instance's authority, made on first use; safe when several processes ask at once."""
    folder = instance_path / FOLDER
    if not (folder / COMPLETE).is_file():
        instance_path.mkdir(parents=True, exist_ok=True)
        with (instance_path / f"{FOLDER}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / COMPLETE).is_file():
                _create(folder)
    return SimulatedAuthority({algorithm: _load(folder, algorithm) for algorithm in get_args(Algorithm)})


def revoked_serial(person: Person, kind: Kind, algorithm: Algorithm) -> int:
    """The number of a person's certificate that is revoked: always the same, so that a list can hold it."""
    return _serial(kind, person.iin, algorithm)


def _load(folder: Path, algorithm: Algorithm) -> Branch:
    keys = KEYS[algorithm]
    pool = tuple(keys.load(folder / f"{algorithm}-citizen{number}.key") for number in range(POOL))
    root, ca, responder = (
        x509.load_pem_x509_certificate((folder / f"{algorithm}-{which}.pem").read_bytes())
        for which in ("root", "ca", "responder")
    )
    return Branch(
        root=root,
        ca=ca,
        ca_key=keys.load(folder / f"{algorithm}-ca.key"),
        pool=pool,
        responder=responder,
        responder_key=keys.load(folder / f"{algorithm}-responder.key"),
        revocation_list=(folder / f"{algorithm}-ca.crl").read_bytes(),
    )


@lru_cache(maxsize=2048)
def _issued(branch: Branch, person: Person, kind: Kind, algorithm: Algorithm, day: date) -> x509.Certificate:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    begins = noon - (YEAR + timedelta(days=40) if kind == "expired" else timedelta(days=30))
    revoked = kind in ("revoked", "revoked-later")
    signing_in = kind == "authentication"
    wanted = Wanted(
        subject=_subject(person, kind),
        public_info=branch.pool[int(person.iin) % len(branch.pool)].public_info,
        serial=revoked_serial(person, kind, algorithm) if revoked else _serial(kind, person.iin, algorithm, str(day)),
        begins=begins,
        ends=begins + YEAR,
        extensions=[
            writing.usage(writing.SIGNING_IN if signing_in else writing.SIGNING),
            writing.purposes(_purposes(kind)),
            writing.policies("1.2.398.3.3.2.4" if signing_in else "1.2.398.3.3.2.3"),
        ],
    )
    return x509.load_der_x509_certificate(writing.issue(branch.issuer, wanted))


def _subject(person: Person, kind: Kind) -> bytes:
    """As the national authority writes it: the patronymic under givenName."""
    said = [
        (writing.COMMON_NAME, f"{person.surname} {person.given_name}".upper()),
        (writing.SURNAME, person.surname.upper()),
        (writing.SERIAL_NUMBER, f"IIN{person.iin}"),
        (writing.COUNTRY, "KZ"),
        (writing.GIVEN_NAME, person.patronymic.upper()),
    ]
    if kind == "organisation":
        said += [(writing.ORGANISATION_NAME, f"ЖШС {MARK}"), (writing.ORGANISATION_UNIT, "BIN000000000000")]
    return writing.name(*said)


def _purposes(kind: Kind) -> list[str]:
    if kind == "authentication":
        return [writing.CLIENT_AUTH, PERSON]
    if kind == "organisation":
        return [writing.EMAIL_PROTECTION, ORGANISATION, f"{ORGANISATION}.5"]
    return [writing.EMAIL_PROTECTION, PERSON]


def _serial(*parts: str) -> int:
    """A number that tells that it is ours: its second half follows from the first."""
    first = hashlib.sha256("\n".join(parts).encode()).digest()[:8]
    return int.from_bytes(first + _tail(first))


def _is_ours(serial: int) -> bool:
    if serial.bit_length() > 128:
        return False
    written = serial.to_bytes(16)
    return written[8:] == _tail(written[:8])


def _tail(first: bytes) -> bytes:
    return hashlib.sha256(b"issued by the simulated authority\n" + first).digest()[:8]


@lru_cache(maxsize=2)
def _revoked(kind: Kind) -> frozenset[int]:
    """Every demonstration person has one certificate of each kind."""
    return frozenset(revoked_serial(one, kind, algorithm) for one in everybody() for algorithm in get_args(Algorithm))


def _create(folder: Path) -> None:
    """Make everything aside and put it in place by one rename; what was there, of an older make, goes."""
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
    fresh.mkdir(mode=0o700)
    made = [_create_branch(fresh, algorithm) for algorithm in get_args(Algorithm)]
    (fresh / "crl.pem").write_bytes(b"".join(lists for _authorities, lists in made))
    (fresh / "roots.pem").write_bytes(b"".join(authorities for authorities, _lists in made))
    if folder.exists():
        old = folder.with_name(f"{folder.name}.{os.getpid()}.old")
        folder.rename(old)
        shutil.rmtree(old)
    fresh.rename(folder)


def _create_branch(folder: Path, algorithm: Algorithm) -> tuple[bytes, bytes]:
    """Keys, certificates and the list of a branch; returns its authorities and its lists, PEM."""
    root_key, ca_key, responder_key = (made_once(algorithm, which) for which in ("root", "ca", "responder"))
    root_name, ca_name = (_authority_name(text) for text in NAMES[algorithm])
    root, ca = Issuer(root_name, root_key), Issuer(ca_name, ca_key)
    responder_name = _authority_name(f"OCSP {algorithm.upper()} {MARK}")
    responding = [
        writing.usage(writing.SIGNING),
        writing.purposes([writing.OCSP_SIGNING]),
        writing.no_check(empty=algorithm == "gost"),
    ]
    written = {
        "root": writing.issue(root, _lasting(root_name, root_key, _issuing(depth=1))),
        "ca": writing.issue(root, _lasting(ca_name, ca_key, _issuing(depth=0))),
        "responder": writing.issue(ca, _lasting(responder_name, responder_key, responding)),
    }
    for which, der in written.items():
        (folder / f"{algorithm}-{which}.pem").write_bytes(_pem(x509.load_der_x509_certificate(der)))
    pool = {f"citizen{number}": made_once(algorithm, f"citizen{number}") for number in range(POOL)}
    for who, key in {"ca": ca_key, "responder": responder_key, **pool}.items():
        key.store(folder / f"{algorithm}-{who}.key")
    on_the_list = {revoked_serial(person, "revoked", algorithm): REVOKED_ON for person in everybody()}
    ours = writing.revocation_list(ca, on_the_list, BEGINS, ENDS)
    (folder / f"{algorithm}-ca.crl").write_bytes(ours)
    lists = (ours, writing.revocation_list(root, {}, BEGINS, ENDS))
    authorities = (folder / f"{algorithm}-{which}.pem" for which in ("root", "ca"))
    return b"".join(each.read_bytes() for each in authorities), b"".join(
        x509.load_der_x509_crl(der).public_bytes(serialization.Encoding.PEM) for der in lists
    )


def _lasting(name: bytes, key: SigningKey, extensions: list[bytes]) -> Wanted:
    serial = _serial(name.hex(), key.public_info.hex())
    return Wanted(name, key.public_info, serial, BEGINS, ENDS, extensions)


def _issuing(*, depth: int) -> list[bytes]:
    return [writing.authority(depth), writing.usage(writing.ISSUING)]


def _authority_name(text: str) -> bytes:
    return writing.name((writing.COUNTRY, "KZ"), (writing.COMMON_NAME, text))


def _subject_of(certificate: x509.Certificate) -> bytes:
    return reading.subject_name(certificate.tbs_certificate_bytes)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
