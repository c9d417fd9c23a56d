"""Fetching the lists of revoked certificates: only a newer one that a believed authority signed takes a place."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from petitions.identity.eds import SignatureRefused, TrustStore, fetching, lists, verify_detached
from petitions.identity.eds.revoked import read_lists
from petitions.identity.eds.trust import common_name
from petitions.identity.simulators.authority import SimulatedAuthority
from petitions.identity.simulators.certificates import Issuer, revocation_list
from petitions.identity.simulators.keys import Algorithm
from petitions.identity.simulators.people import person
from tests.identity.answering import answering, whole

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BOTH: tuple[Algorithm, ...] = ("gost", "rsa")


def a_list(
    authority: SimulatedAuthority,
    algorithm: Algorithm = "rsa",
    *,
    at: datetime = NOW,
    revoked: dict[int, datetime] | None = None,
    issuer: Issuer | None = None,
) -> bytes:
    return revocation_list(issuer or authority.branches[algorithm].issuer, revoked or {}, at, at + DAY)


def fetch(place: Path, roots: Path, *contents: bytes, now: datetime = NOW) -> int:
    """Fetch these from a real server, one address each."""

    def write(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        whole(200, contents[int(handler.path[1:])])(handler, body)

    with answering(write) as asked:
        urls = [f"{asked.url}/{number}" for number in range(len(contents))]
        return lists.fetch(urls, place, TrustStore(roots, place), now)


@pytest.fixture(params=["folder", "lists.pem"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder of lists, or one file of them."""
    return tmp_path / str(request.param)


@pytest.fixture
def roots(pki: Path) -> Path:
    return pki / "roots.pem"


def stored(place: Path) -> list[datetime]:
    files = sorted(place.iterdir()) if place.is_dir() else [place] if place.is_file() else []
    return sorted(one.updated_at for file in files for one in read_lists(file.read_bytes()))


@pytest.mark.parametrize("algorithm", BOTH)
def test_who_is_on_a_fetched_list_is_refused_while_signing(
    authority: SimulatedAuthority, place: Path, roots: Path, algorithm: Algorithm
) -> None:
    certificate, _key = authority.certificate(person("olga"), at=NOW, algorithm=algorithm)
    cms = authority.sign_detached(person("olga"), b"text", at=NOW, algorithm=algorithm)
    assert verify_detached(cms, b"text", trust=TrustStore(roots, place), at=NOW).revocation == "unchecked"
    fresh = a_list(authority, algorithm, revoked={certificate.serial_number: NOW - DAY})
    assert fetch(place, roots, fresh) == 1
    with pytest.raises(SignatureRefused) as refused:
        verify_detached(cms, b"text", trust=TrustStore(roots, place), at=NOW)
    assert refused.value.reason_code == "revoked"


def test_lists_of_several_authorities_stand_beside_each_other(
    authority: SimulatedAuthority, place: Path, roots: Path
) -> None:
    assert fetch(place, roots, a_list(authority, "rsa"), a_list(authority, "gost")) == 2
    assert fetch(place, roots, a_list(authority, "rsa", at=NOW + DAY), now=NOW + DAY) == 1
    assert stored(place) == [NOW, NOW + DAY]
    left = [file.name for file in place.parent.iterdir() if file.name.startswith(".")]
    assert left == [], "nothing half-written stays"


def test_an_older_list_does_not_come_back(authority: SimulatedAuthority, place: Path, roots: Path) -> None:
    assert fetch(place, roots, a_list(authority)) == 1
    assert fetch(place, roots, a_list(authority, at=NOW - DAY)) == 0
    assert fetch(place, roots, a_list(authority)) == 0, "the same one is not new"
    assert stored(place) == [NOW]


def test_a_kept_file_that_is_damaged_is_replaced(authority: SimulatedAuthority, place: Path, roots: Path) -> None:
    """Else one bad write would keep every later list away."""
    fetch(place, roots, a_list(authority))
    (file,) = place.iterdir() if place.is_dir() else [place]
    file.write_bytes(file.read_bytes()[:40])
    assert fetch(place, roots, a_list(authority, at=NOW - DAY)) == 1
    assert stored(place) == [NOW - DAY]


def test_a_packed_answer_is_not_unpacked(authority: SimulatedAuthority, tmp_path: Path, roots: Path) -> None:
    """A few bytes unpack into gigabytes."""
    packed = gzip.compress(a_list(authority))
    with answering(whole(200, packed, **{"Content-Encoding": "gzip"})) as asked:
        assert fetching.fetched(asked.url, seconds=5, most=len(packed)) == packed


def test_a_list_from_the_future_is_left_aside(authority: SimulatedAuthority, place: Path, roots: Path) -> None:
    assert fetch(place, roots, a_list(authority, at=NOW + DAY)) == 0


def test_a_list_that_no_believed_authority_signed_is_left_aside(
    authority: SimulatedAuthority, place: Path, roots: Path
) -> None:
    ours, other = authority.branches["rsa"], authority.branches["gost"]
    forged = a_list(authority, issuer=Issuer(ours.issuer.name, ours.pool[0]))
    unknown = a_list(authority, issuer=Issuer(other.responder.subject.public_bytes(), other.responder_key))
    assert fetch(place, roots, forged, unknown) == 0
    assert stored(place) == []


def test_one_address_that_gives_nothing_keeps_no_other_away(
    authority: SimulatedAuthority, place: Path, roots: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert fetch(place, roots, b"no list", b"", a_list(authority)) == 1
    assert stored(place) == [NOW]
    assert caplog.text.count("no list of revoked certificates from") == 2


def test_an_authority_whose_list_ran_out_is_named(authority: SimulatedAuthority, place: Path, roots: Path) -> None:
    names = {algorithm: common_name(authority.branches[algorithm].ca) for algorithm in BOTH}
    fetch(place, roots, a_list(authority, "rsa"), a_list(authority, "gost"))
    assert not {each.authority for each in lists.stale(TrustStore(roots, place), NOW)} & set(names.values())
    fetch(place, roots, a_list(authority, "gost", at=NOW + 2 * DAY), now=NOW + 2 * DAY)
    found = {each.authority: each.ended_at for each in lists.stale(TrustStore(roots, place), NOW + 2 * DAY)}
    assert found[names["rsa"]] == NOW + DAY
    assert names["gost"] not in found


def test_an_authority_without_any_list_is_named(roots: Path) -> None:
    assert {each.ended_at for each in lists.stale(TrustStore(roots, None), NOW)} == {None}


def test_nothing_is_fetched_where_there_is_no_place_for_it(authority: SimulatedAuthority, roots: Path) -> None:
    with answering(whole(200, a_list(authority))) as asked:
        assert lists.fetch([asked.url], None, TrustStore(roots, None), NOW) == 0
    assert asked.requests == []


def test_the_simulated_authoritys_own_list_is_believed(authority: SimulatedAuthority, pki: Path) -> None:
    place = pki / "crl.pem"
    before = place.read_bytes()
    assert fetch(place, pki / "roots.pem", *(authority.crl(algorithm) for algorithm in BOTH)) == 0
    assert place.read_bytes() == before, "it is no newer than ours"
    assert lists.stale(TrustStore(pki / "roots.pem", place), NOW) == []
