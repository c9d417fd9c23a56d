"""Whom we believe: configured roots, the authorities under them, and their lists of revoked certificates.

An authority's own certificate is verified once and remembered; a citizen's certificate is verified every
time. Keys that nobody vouched for are never used: a chain is built from the root down.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from petitions.identity.eds.engines import ENGINES, issued
from petitions.identity.eds.reasons import SignatureRefused

MAX_DEPTH = 3
REMEMBERED = 32
RELOAD_SECONDS = 30.0

Revocation = Literal["good", "unchecked"]


@dataclass(frozen=True)
class Authority:
    """A certificate that may issue others, and the one that vouches for it (None above a root)."""

    certificate: x509.Certificate
    parent: Authority | None

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1


class TrustStore:
    """Roots and intermediates from one PEM file, revocation lists from another.

    Both re-read when they change.
    """

    def __init__(self, roots_path: Path | None, crl_path: Path | None) -> None:
        self._roots_path, self._crl_path = roots_path, crl_path
        self._checked_at = float("-inf")
        self._stamp: tuple[float, float] | None = None
        self._authorities: dict[x509.Name, list[Authority]] = {}
        self._met: OrderedDict[bytes, Authority] = OrderedDict()
        self._lists: dict[x509.Name, list[_RevocationList]] = {}

    def refresh(self) -> None:
        """Read the files when they are new; a look at their times at most every half a minute.

        Raises ValueError for a file that is not PEM: that is the operator's mistake, not the signer's.
        """
        now = time.monotonic()
        if self._authorities and now - self._checked_at < RELOAD_SECONDS:
            return
        self._checked_at = now
        stamp = (_changed_at(self._roots_path), _changed_at(self._crl_path))
        if stamp == self._stamp:
            return
        self._authorities = _authorities(_certificates(self._roots_path))
        self._lists = _lists(self._crl_path)
        self._met.clear()
        self._stamp = stamp

    def chain(self, certificate: x509.Certificate, others: Sequence[bytes], at: datetime) -> list[Authority]:
        """The authorities from the issuer up to a root, each valid at that time. Raises SignatureRefused."""
        issuer = self._issuer(certificate, [x509.load_der_x509_certificate(other) for other in others], MAX_DEPTH)
        check_valid(certificate, at)
        above: list[Authority] = []
        link: Authority | None = issuer
        while link is not None:
            check_valid(link.certificate, at)
            above.append(link)
            link = link.parent
        return above

    def revocation(self, certificate: x509.Certificate, above: Sequence[Authority], at: datetime) -> Revocation:
        """Look the certificate and its intermediates up. Raises SignatureRefused when one was revoked.

        "unchecked" says that no fresh list of the issuer was at hand; the worker asks the authority later.
        """
        below = [certificate, *(authority.certificate for authority in above[:-1])]
        answers = [self._revocation_of(child, authority, at) for child, authority in zip(below, above, strict=True)]
        return answers[0]

    def _revocation_of(self, child: x509.Certificate, issuer: Authority, at: datetime) -> Revocation:
        fresh = [
            found
            for found in self._lists.get(issuer.certificate.subject, ())
            if found.is_by(issuer) and found.is_fresh(at)
        ]
        for found in fresh:
            revoked_at = found.revoked.get(child.serial_number)
            if revoked_at is not None and revoked_at <= at:
                raise SignatureRefused("revoked")
        return "good" if fresh else "unchecked"

    def _issuer(self, child: x509.Certificate, offered: list[x509.Certificate], room: int) -> Authority:
        """The believed authority that signed a certificate, at need vouched for by one sent along with it."""
        for authority in self._authorities.get(child.issuer, ()):
            if issued(child, authority.certificate):
                return authority
        if room > 1:
            for candidate in offered:
                if candidate.subject == child.issuer and candidate != child:
                    remaining = [other for other in offered if other != candidate]
                    authority = self._admit(candidate, remaining, room - 1)
                    if issued(child, authority.certificate):
                        return authority
        raise SignatureRefused("untrusted")

    def _admit(self, candidate: x509.Certificate, offered: list[x509.Certificate], room: int) -> Authority:
        fingerprint = candidate.fingerprint(SHA256())
        known = self._met.get(fingerprint)
        if known is None:
            known = Authority(candidate, self._issuer(candidate, offered, room))
            _check_may_issue(known)
            self._met[fingerprint] = known
            while len(self._met) > REMEMBERED:
                self._met.popitem(last=False)
        return known


def check_valid(certificate: x509.Certificate, at: datetime) -> None:
    """Raises SignatureRefused outside the certificate's own term."""
    if at < certificate.not_valid_before_utc:
        raise SignatureRefused("not-yet-valid")
    if at > certificate.not_valid_after_utc:
        raise SignatureRefused("expired")


@dataclass(frozen=True)
class _RevocationList:
    source: x509.CertificateRevocationList
    revoked: dict[int, datetime]
    vouched: dict[x509.Certificate, bool]

    def is_by(self, issuer: Authority) -> bool:
        """Whether this authority signed the list.

        A list of megabytes is hashed once, not at every joining.
        """
        vouched = self.vouched.get(issuer.certificate)
        if vouched is None:
            vouched = self.vouched[issuer.certificate] = self._is_signed_by(issuer)
        return vouched

    def _is_signed_by(self, issuer: Authority) -> bool:
        engine = ENGINES.get(self.source.signature_algorithm_oid.dotted_string)
        if engine is None:
            return False
        try:
            return engine.matches(issuer.certificate, self.source.signature, self.source.tbs_certlist_bytes)
        except SignatureRefused:
            return False

    def is_fresh(self, at: datetime) -> bool:
        return self.source.next_update_utc is None or at <= self.source.next_update_utc


def _check_may_issue(authority: Authority) -> None:
    """RFC 5280: a certificate issues others only when it says so, and only as deep as those above allow."""
    extensions = authority.certificate.extensions
    try:
        basic = extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as error:
        raise SignatureRefused("untrusted") from error
    if not basic.ca or not usage.key_cert_sign:
        raise SignatureRefused("untrusted")
    between, above = 0, authority.parent
    while above is not None:
        between += 1
        limit = _path_limit(above.certificate)
        if limit is not None and between > limit:
            raise SignatureRefused("untrusted")
        above = above.parent


def _path_limit(certificate: x509.Certificate) -> int | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    except x509.ExtensionNotFound:
        return None


def _authorities(certificates: Iterable[x509.Certificate]) -> dict[x509.Name, list[Authority]]:
    """Roots stand for themselves; the others are taken in once somebody above them is known."""
    found: dict[x509.Name, list[Authority]] = {}
    waiting: list[x509.Certificate] = []
    for certificate in certificates:
        if certificate.subject == certificate.issuer:
            found.setdefault(certificate.subject, []).append(Authority(certificate, None))
        else:
            waiting.append(certificate)
    for _round in range(MAX_DEPTH):
        for certificate in list(waiting):
            for parent in found.get(certificate.issuer, ()):
                if issued(certificate, parent.certificate):
                    authority = Authority(certificate, parent)
                    _check_may_issue(authority)
                    found.setdefault(certificate.subject, []).append(authority)
                    waiting.remove(certificate)
                    break
    return found


def _certificates(path: Path | None) -> list[x509.Certificate]:
    return [] if path is None or not path.is_file() else x509.load_pem_x509_certificates(path.read_bytes())


def _lists(path: Path | None) -> dict[x509.Name, list[_RevocationList]]:
    """Every list of a PEM file by its issuer, as a table of numbers: the national list has many thousands."""
    found: dict[x509.Name, list[_RevocationList]] = {}
    if path is None or not path.is_file():
        return found
    end = b"-----END X509 CRL-----"
    for block in path.read_bytes().split(end)[:-1]:
        source = x509.load_pem_x509_crl(block + end + b"\n")
        revoked = {entry.serial_number: entry.revocation_date_utc for entry in source}
        found.setdefault(source.issuer, []).append(_RevocationList(source, revoked, {}))
    return found


def _changed_at(path: Path | None) -> float:
    try:
        return path.stat().st_mtime if path is not None else 0.0
    except FileNotFoundError:
        return 0.0
