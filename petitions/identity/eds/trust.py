"""Whom we believe: configured roots, the authorities under them, and their lists of revoked certificates.

An authority's own certificate is verified once and remembered; a citizen's certificate is verified every
time. Keys that nobody vouched for are never used: a chain is built from the root down.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from petitions.identity.eds import der
from petitions.identity.eds.engines import issued
from petitions.identity.eds.reasons import SignatureRefused
from petitions.identity.eds.revoked import RevocationFiles, RevocationList, stamp_of

if TYPE_CHECKING:
    from petitions.identity.eds.verifier import Judge

log = logging.getLogger(__name__)

COMMON_NAME = der.oid_contents("2.5.4.3")
MAX_DEPTH = 3
REMEMBERED = 32
RELOAD_SECONDS = 30.0
PEM_BEGIN = b"-----BEGIN CERTIFICATE-----"
ROOT_SUFFIXES = (".pem", ".cer", ".crt", ".der")
LIST_SUFFIXES = (".crl", ".pem")

Places = Path | Sequence[Path] | None
"""A file or a folder, several, or none."""

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
    """Roots and intermediates from PEM or DER files, revocation lists from others; a folder stands for its files.

    All are read again when they change. ``judge`` is an engine elsewhere, believed instead of our own arithmetic.
    """

    def __init__(self, roots: Places, lists: Places, judge: Judge | None = None) -> None:
        self.judge = judge
        self._roots, self._crls = _places(roots), _places(lists)
        self._checked_at = float("-inf")
        self._stamp: dict[Path, tuple[int, int]] | None = None
        self._reading = threading.Lock()
        self._files = RevocationFiles()
        self._authorities: dict[der.Name, list[Authority]] = {}
        self._met: OrderedDict[bytes, Authority] = OrderedDict()
        self._lists: dict[der.Name, list[RevocationList]] = {}

    def refresh(self) -> None:
        """Read the files when they are new; a look at their times at most every half a minute.

        Raises ValueError for a root that cannot be read, while there is none that could be read before: that is the
        operator's mistake, not the signer's.
        """
        now = time.monotonic()
        if self._authorities and now - self._checked_at < RELOAD_SECONDS:
            return
        # Who comes while another one reads goes by what was believed so far, if anything was.
        if self._reading.acquire(blocking=not self._authorities):
            try:
                self._checked_at = now
                self._read()
            finally:
                self._reading.release()

    def _read(self) -> None:
        roots, lists = _files(self._roots, ROOT_SUFFIXES), _files(self._crls, LIST_SUFFIXES)
        stamp = {path: stamp for path in (*roots, *lists) if (stamp := _stamp(path)) is not None}
        if stamp == self._stamp:
            return
        try:
            self._authorities = _authorities([one for path in roots for one in _certificates(path)])
        except (OSError, ValueError):
            if not self._authorities:
                raise
            log.error("the authorities' certificates cannot be read; those read before are still believed")
        self._lists = self._files.read(lists)
        self._met.clear()
        self._stamp = stamp

    def authorities(self) -> list[x509.Certificate]:
        """The believed authorities of the files, roots among them."""
        return [one.certificate for named in self._authorities.values() for one in named]

    def lists(self) -> list[RevocationList]:
        """Every list of revoked certificates at hand, whoever signed it."""
        return [one for of_issuer in self._lists.values() for one in of_issuer]

    def chain(self, certificate: x509.Certificate, others: Sequence[bytes], at: datetime) -> list[Authority]:
        """The authorities from the issuer up to a root, each valid at that time. Raises SignatureRefused."""
        issuer = self.issuer(certificate, others)
        check_valid(certificate, at)
        above: list[Authority] = []
        link: Authority | None = issuer
        while link is not None:
            check_valid(link.certificate, at)
            above.append(link)
            link = link.parent
        return above

    def issuer(self, certificate: x509.Certificate, others: Sequence[bytes]) -> Authority:
        """The authority that issued a certificate, whatever its term. Raises SignatureRefused for one not believed."""
        return self._issuer(certificate, [x509.load_der_x509_certificate(other) for other in others], MAX_DEPTH)

    def revocation(self, certificate: x509.Certificate, above: Sequence[Authority], at: datetime) -> Revocation:
        """Look the certificate and its intermediates up. Raises SignatureRefused when one was revoked.

        "unchecked" says that no fresh list of the issuer was at hand; the worker asks the authority later.
        """
        below = [certificate, *(authority.certificate for authority in above[:-1])]
        answers = [self._revocation_of(child, authority, at) for child, authority in zip(below, above, strict=True)]
        return answers[0]

    def _revocation_of(self, child: x509.Certificate, issuer: Authority, at: datetime) -> Revocation:
        known = self._lists.get(subject_of(issuer.certificate), ())
        lists = [found for found in known if found.is_by(issuer.certificate)]
        serial = child.serial_number
        lifted_at = [found.updated_at for found in lists if found.is_fresh(at) and serial in found.lifted]
        for found in lists:
            if found.revokes(serial, at) and not any(found.updated_at < moment for moment in lifted_at):
                raise SignatureRefused("revoked")
        return "good" if any(found.is_whole and found.is_fresh(at) for found in lists) else "unchecked"

    def _issuer(self, child: x509.Certificate, offered: list[x509.Certificate], room: int) -> Authority:
        """The believed authority that signed a certificate, at need vouched for by one sent along with it."""
        for authority in self._authorities.get(_issuer(child), ()):
            if issued(child, authority.certificate):
                return authority
        if room > 1:
            for candidate in offered:
                if subject_of(candidate) == _issuer(child) and candidate != child:
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


def _authorities(certificates: Iterable[x509.Certificate]) -> dict[der.Name, list[Authority]]:
    """Roots stand for themselves; the others are taken in once somebody above them is known."""
    found: dict[der.Name, list[Authority]] = {}
    waiting: list[x509.Certificate] = []
    for certificate in certificates:
        if subject_of(certificate) == _issuer(certificate):
            found.setdefault(subject_of(certificate), []).append(Authority(certificate, None))
        else:
            waiting.append(certificate)
    for _round in range(MAX_DEPTH):
        for certificate in list(waiting):
            for parent in found.get(_issuer(certificate), ()):
                authority = Authority(certificate, parent)
                if _is_vouched(authority, parent):
                    found.setdefault(subject_of(certificate), []).append(authority)
                    waiting.remove(certificate)
                    break
    return found


def _is_vouched(authority: Authority, parent: Authority) -> bool:
    """Whether an intermediate of the operator's files may be believed; one that may not spoils none of the others."""
    try:
        if not issued(authority.certificate, parent.certificate):
            return False
        _check_may_issue(authority)
    except SignatureRefused:
        log.warning(
            "an authority's certificate among the roots is left out: number %x", authority.certificate.serial_number
        )
        return False
    return True


def _certificates(path: Path) -> list[x509.Certificate]:
    content = path.read_bytes()
    if PEM_BEGIN in content:
        found = x509.load_pem_x509_certificates(content)
        if len(found) != content.count(PEM_BEGIN):
            raise ValueError(f"{path.name} ends in the middle of a certificate")
        return found
    return [x509.load_der_x509_certificate(content)]


def common_name(authority: x509.Certificate) -> str:
    """What an authority is called; the national one's names are longer than `x509.Name` reads without a warning."""
    named = [value for part in subject_of(authority) for kind, value in part if kind == COMMON_NAME]
    return named[0].decode("utf-8", "replace") if named else "?"


def subject_of(certificate: x509.Certificate) -> der.Name:
    """The subject of a certificate, for comparing."""
    return der.comparable_name(der.subject_name(certificate.tbs_certificate_bytes))


def _issuer(certificate: x509.Certificate) -> der.Name:
    return der.comparable_name(der.issuer_name(certificate.tbs_certificate_bytes))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        return stamp_of(path)
    except OSError:  # gone since the folder was read
        return None


def _places(given: Places) -> tuple[Path, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, Path) else tuple(given)


def _files(places: Iterable[Path], suffixes: Sequence[str]) -> list[Path]:
    """The files that are there: those named, and of the folders named those that end so."""
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            found += sorted(each for each in place.iterdir() if each.suffix in suffixes and each.is_file())
        elif place.is_file():
            found.append(place)
    return found
