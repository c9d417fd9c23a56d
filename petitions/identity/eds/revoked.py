"""Lists of revoked certificates as files: whole ones and the deltas between them (RFC 5280, 5)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from petitions.identity.eds import der
from petitions.identity.eds.engines import ENGINES
from petitions.identity.eds.reasons import SignatureRefused

log = logging.getLogger(__name__)

PEM_END = b"-----END X509 CRL-----"
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class RevocationList:
    """One list as a table of numbers: the national one has many thousands. A delta adds to a whole list."""

    source: x509.CertificateRevocationList = field(repr=False)
    issuer: der.Name
    revoked: dict[int, datetime] = field(repr=False)
    lifted: frozenset[int]
    is_delta: bool
    is_whole: bool
    updated_at: datetime
    next_at: datetime
    vouched: dict[x509.Certificate, bool] = field(default_factory=dict, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def is_by(self, issuer: x509.Certificate) -> bool:
        """Whether this authority signed the list. A list of megabytes is hashed once, not at every joining."""
        with self.lock:
            vouched = self.vouched.get(issuer)
            if vouched is None:
                vouched = self.vouched[issuer] = self._is_signed_by(issuer)
            return vouched

    def is_fresh(self, at: datetime) -> bool:
        return at <= self.next_at

    def revokes(self, serial: int, at: datetime) -> bool:
        """Whether the certificate was revoked by then. Revoked stays revoked, even where the list is an old one.

        Only a hold may have been lifted since.
        """
        revoked_at = self.revoked.get(serial)
        if revoked_at is None or revoked_at > at:
            return False
        return self.is_fresh(at) or not self._is_held(serial)

    def _is_held(self, serial: int) -> bool:
        entry = self.source.get_revoked_certificate_by_serial_number(serial)
        return entry is not None and _reason(entry) == x509.ReasonFlags.certificate_hold

    def _is_signed_by(self, issuer: x509.Certificate) -> bool:
        engine = ENGINES.get(self.source.signature_algorithm_oid.dotted_string)
        if engine is None:
            return False
        try:
            return engine.matches(issuer, self.source.signature, self.source.tbs_certlist_bytes)
        except SignatureRefused:
            return False


class RevocationFiles:
    """The lists in files and folders, by issuer; of what changed, only that is read again."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, int], list[RevocationList]]] = {}

    def read(self, files: Iterable[Path]) -> dict[der.Name, list[RevocationList]]:
        """Every list of these files. One that cannot be read is reported, and what it said before still holds."""
        kept = {path: self._of(path) for path in files}
        self._known = {path: one for path, one in kept.items() if one is not None}
        found: dict[der.Name, list[RevocationList]] = {}
        for _stamp, lists in self._known.values():
            for one in lists:
                found.setdefault(one.issuer, []).append(one)
        return found

    def _of(self, path: Path) -> tuple[tuple[int, int], list[RevocationList]] | None:
        known = self._known.get(path)
        try:
            stamp = stamp_of(path)
            if known is not None and known[0] == stamp:
                return known
            return stamp, read_lists(path.read_bytes())
        except (OSError, ValueError):
            log.warning("the list of revoked certificates %s cannot be read", path.name)
            return known


def stamp_of(path: Path) -> tuple[int, int]:
    """What tells one version of a file from another. Raises OSError."""
    said = path.stat()
    return said.st_mtime_ns, said.st_size


def read_lists(content: bytes) -> list[RevocationList]:
    """The lists of a file: one in DER, or any number in PEM. Raises ValueError for anything else."""
    if b"-----BEGIN" not in content:
        return [_table(x509.load_der_x509_crl(content))]
    return [_table(x509.load_pem_x509_crl(block + PEM_END + b"\n")) for block in content.split(PEM_END)[:-1]]


def _table(source: x509.CertificateRevocationList) -> RevocationList:
    is_delta = _has(source, x509.DeltaCRLIndicator)
    lifted = (
        {entry.serial_number for entry in source if _reason(entry) == x509.ReasonFlags.remove_from_crl}
        if is_delta
        else set()
    )
    revoked = {each.serial_number: each.revocation_date_utc for each in source if each.serial_number not in lifted}
    return RevocationList(
        source=source,
        issuer=der.comparable_name(der.list_issuer_name(source.tbs_certlist_bytes)),
        revoked=revoked,
        lifted=frozenset(lifted),
        is_delta=is_delta,
        is_whole=not is_delta and _covers_everybody(source),
        updated_at=source.last_update_utc,
        next_at=source.next_update_utc or NEVER,
    )


def _covers_everybody(source: x509.CertificateRevocationList) -> bool:
    """Whether whoever is not on the list is not revoked: it is not about some certificates or some reasons only."""
    understood = (x509.IssuingDistributionPoint, x509.DeltaCRLIndicator)
    if any(each.critical and not isinstance(each.value, understood) for each in source.extensions):
        return False
    if not _has(source, x509.IssuingDistributionPoint):
        return True
    about = source.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    return not (
        about.only_contains_ca_certs
        or about.only_contains_attribute_certs
        or about.indirect_crl
        or about.only_some_reasons
    )


def _has(source: x509.CertificateRevocationList, kind: type[x509.ExtensionType]) -> bool:
    return any(isinstance(each.value, kind) for each in source.extensions)


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None
