"""The page on which a newcomer decides what the simulated authority says, and the services that obey it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import requests

from petitions import clock
from petitions.identity.eds import TrustStore, lists, ocsp, signer_chain
from petitions.identity.eds.ocsp_answer import Answer, NotAnswered
from petitions.identity.eds.revoked import read_lists
from petitions.identity.simulators.authority import open_authority
from petitions.identity.simulators.people import person
from tests.identity.conftest import LiveServer


def choose(live: LiveServer, **form: str) -> str:
    answer = requests.post(f"{live.url}/simulators/authority?lang=en", data=form, timeout=10)
    assert answer.status_code == 200
    return requests.get(f"{live.url}/simulators/authority?lang=en", timeout=10).text


def ask(live: LiveServer, key: str = "olga") -> Answer:
    """About a certificate that this person signs with today, over the wire."""
    instance: Path = live.app.extensions["config"].instance_path
    authority = open_authority(instance)
    cms = authority.sign_detached(person(key), b"text", at=clock.now())
    trust = TrustStore(instance / "simulator-pki" / "roots.pem", None)
    return ocsp.ask(f"{live.url}/simulators/ocsp", *signer_chain(cms, trust), now=clock.real_now())


def test_it_answers_until_it_is_told_not_to(live: LiveServer) -> None:
    assert ask(live).status == "good"
    assert "It answers everybody: try later." in choose(live, behaviour="try-later")
    with pytest.raises(NotAnswered, match="try later"):
        ask(live)
    choose(live, behaviour="out")
    with pytest.raises(ocsp.Unreachable):
        ask(live)
    choose(live, behaviour="answers")
    assert ask(live).status == "good"


def test_a_chosen_persons_certificates_are_revoked_and_made_valid_again(live: LiveServer) -> None:
    page = choose(live, revoke="olga")
    assert person("olga").surname in page and "Make valid again" in page
    said = ask(live)
    assert said.status == "revoked"
    assert said.revoked_at is not None and said.revoked_at.date() < date(2022, 1, 1)
    assert ask(live, "daniyar").status == "good"
    choose(live, restore="olga")
    assert ask(live).status == "good"


def test_what_is_not_offered_is_not_chosen(live: LiveServer) -> None:
    page = choose(live, behaviour="explode", revoke="../../secret_key", restore="nobody")
    assert "It answers." in page
    assert "Revoked now" not in page


@pytest.mark.parametrize("body", [b"", b"\x30\x00", b"not DER at all"])
def test_a_request_that_cannot_be_read_is_malformed(live: LiveServer, body: bytes) -> None:
    answer = requests.post(f"{live.url}/simulators/ocsp", data=body, timeout=10)
    assert (answer.status_code, answer.content) == (200, b"\x30\x03\x0a\x01\x01")


def test_its_lists_are_fetched_like_the_national_ones(live: LiveServer, tmp_path: Path) -> None:
    ask(live)
    roots = live.app.extensions["config"].instance_path / "simulator-pki" / "roots.pem"
    urls = [f"{live.url}/simulators/crl/{algorithm}.crl" for algorithm in ("gost", "rsa")]
    place = tmp_path / "lists"
    assert lists.fetch(urls, place, TrustStore(roots, place), clock.real_now()) == 2
    assert all(len(read_lists(file.read_bytes())) == 1 for file in place.iterdir())
    assert requests.get(f"{live.url}/simulators/crl/other.crl", timeout=10).status_code == 404
    choose(live, behaviour="out")
    assert requests.get(urls[0], timeout=10).status_code == 503
