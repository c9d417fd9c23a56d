"""Fetching the authority's lists of revoked certificates, so that whoever signs need not wait for the network.

A list replaces ours only when a believed authority signed it and it is newer: who stands between us and the
authority can neither bring an old list back nor make one up.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from petitions.identity.eds.der import list_issuer_name
from petitions.identity.eds.fetching import Unreachable, fetched
from petitions.identity.eds.revoked import RevocationList, read_lists
from petitions.identity.eds.trust import TrustStore, common_name, subject_of

SECONDS = 120.0
MAX_BYTES = 64 * 1024 * 1024
SKEW = timedelta(minutes=5)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stale:
    """An authority whose list of revoked certificates ran out; ``ended_at`` is None where there never was one."""

    authority: str
    ended_at: datetime | None


def fetch(urls: Iterable[str], place: Path | None, trust: TrustStore, now: datetime) -> int:
    """Fetch the lists from the operator's addresses into a folder, or into one PEM file. Returns how many were new.

    ``now`` is real time. An address that gives nothing usable is reported and keeps none of the others away.
    """
    trust.refresh()
    new = 0
    for url in urls if place is not None else ():
        try:
            (one,) = read_lists(fetched(url, seconds=SECONDS, most=MAX_BYTES))
        except (Unreachable, ValueError) as error:
            log.warning("no list of revoked certificates from %s: %s", url, error or type(error).__name__)
            continue
        if problem := _problem(one, trust, now):
            log.warning("the list of revoked certificates from %s is left aside: %s", url, problem)
        elif place is not None and _is_newer(one, _stored(place)):
            _store(one, place)
            new += 1
    return new


def stale(trust: TrustStore, now: datetime) -> list[Stale]:
    """The authorities that have no whole list in force: what their certificates are is known by asking them only."""
    trust.refresh()
    found = []
    for authority in trust.authorities():
        mine = [one for one in trust.lists() if one.is_whole and one.issuer == subject_of(authority)]
        ended_at = max((one.next_at for one in mine if one.is_by(authority)), default=None)
        if ended_at is None or ended_at < now:
            found.append(Stale(common_name(authority), ended_at))
    return found


def _problem(one: RevocationList, trust: TrustStore, now: datetime) -> str | None:
    if one.updated_at > now + SKEW:
        return "it is from the future"
    named = [authority for authority in trust.authorities() if subject_of(authority) == one.issuer]
    if not any(one.is_by(authority) for authority in named):
        return "no believed authority signed it"
    return None


def _is_newer(one: RevocationList, stored: Iterable[RevocationList]) -> bool:
    return all(one.updated_at > other.updated_at for other in stored if _is_same(one, other))


def _is_same(one: RevocationList, other: RevocationList) -> bool:
    """Whether one takes the other's place: of one issuer, and both whole, or both deltas."""
    return one.issuer == other.issuer and one.is_delta == other.is_delta


def _is_folder(place: Path) -> bool:
    return place.is_dir() or not place.suffix


def _stored(place: Path) -> list[RevocationList]:
    """What is kept there. A file that cannot be read is as good as none: a fresh list then takes its place."""
    found: list[RevocationList] = []
    for file in sorted(place.glob("*.crl")) if place.is_dir() else [place]:
        with suppress(OSError, ValueError):
            found += read_lists(file.read_bytes())
    return found


def _store(one: RevocationList, place: Path) -> None:
    """By one rename: who reads meanwhile finds the old list or the new one, whole."""
    if not _is_folder(place):
        kept = [other for other in _stored(place) if not _is_same(one, other)]
        _replace(place, b"".join(each.source.public_bytes(Encoding.PEM) for each in [*kept, one]))
        return
    place.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(list_issuer_name(one.source.tbs_certlist_bytes)).hexdigest()[:16]
    _replace(place / f"{name}{'-delta' if one.is_delta else ''}.crl", one.source.public_bytes(Encoding.DER))


def _replace(path: Path, content: bytes) -> None:
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(fresh, 0o644)  # every process of the site reads it; it is public
        os.replace(fresh, path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
