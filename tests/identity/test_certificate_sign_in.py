"""Signing in with a certificate: by a key on this computer or by a phone, and everything that lets nobody in."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.db import reading, transaction
from petitions.identity import queries, signing_requests
from petitions.identity.models import Citizen, SigningRequest, SignInSession
from petitions.identity.simulators.authority import open_authority
from petitions.identity.simulators.people import Person, person
from petitions.identity.simulators.registry import SimulatedRegistry
from petitions.phone_signing import actions as phone

AIGUL = person("aigul")


def begin(client: FlaskClient, lang: str = "en", wanted: str = "") -> str:
    """Begin to sign in; returns the address of the page that shows the text."""
    answer = client.post(f"/{lang}/sign-in/certificate" + (f"?next={wanted}" if wanted else ""))
    assert answer.status_code == 303
    return answer.location


def id_of(address: str) -> str:
    return address.rpartition("/")[2]


def text_of(address: str) -> bytes:
    return signing_requests.find(id_of(address)).document


def signature(app: Flask, text: bytes, one: Person = AIGUL, kind: str = "authentication") -> bytes:
    authority = open_authority(app.extensions["config"].instance_path)
    return authority.sign_detached(one, text, at=clock.now(), kind=kind)  # type: ignore[arg-type]


def post(client: FlaskClient, address: str, cms: bytes) -> object:
    return client.post(address, data={"signature": base64.b64encode(cms).decode()})


def who(client: FlaskClient) -> str | None:
    """The public name on the account page; None for a guest."""
    page = client.get("/en/account")
    if page.status_code != 200:
        return None
    found = re.search(r'class="account-name">([^<]+)<', page.text)
    return found.group(1).strip() if found else ""


def test_the_page_of_signing_in_offers_the_certificate(client: FlaskClient) -> None:
    page = client.get("/en/sign-in?next=/en/my-joinings").text
    assert 'action="/en/sign-in/certificate?next=/en/my-joinings"' in page


def test_the_text_names_the_site_a_code_and_the_moment_and_is_new_each_time(client: FlaskClient) -> None:
    first, second = begin(client), begin(client)
    text = text_of(first).decode()
    assert "http://localhost" in text
    assert re.search(r"\b[a-z]{32}\b", text), "no digits: twelve in a row would look like an IIN"
    assert str(clock.now().year) in text
    assert text_of(second) != text_of(first)
    page = client.get(first).text
    assert "http://localhost" in page
    assert base64.b64encode(text_of(first)).decode() in page
    assert id_of(first) not in text, "the id stands in the address that a phone is given"


def test_the_text_speaks_the_language_of_the_page(client: FlaskClient) -> None:
    address = begin(client, "ru")
    assert signing_requests.find(id_of(address)).language == "ru"
    assert re.search(r'<pre [^>]*lang="ru">', client.get(address.replace("/ru/", "/en/")).text)


def test_a_key_on_this_computer_signs_in(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    address = begin(client, wanted="/en/my-joinings")
    answer = post(client, address, signature(sqlite_app, text_of(address)))
    assert (answer.status_code, answer.location) == (303, "/en/my-joinings")
    assert who(client) == "Айгүл С."
    with reading() as session:
        kept = session.scalars(sa.select(SignInSession)).one()
        assert (kept.method, kept.citizen_id) == ("certificate", session.scalars(sa.select(Citizen)).one().id)
        assert queries.person_facts(session, kept.citizen_id).citizenship == "KZ"
        assert queries.sealed_person(session, kept.citizen_id).iin == AIGUL.iin


def test_the_single_sign_on_and_the_certificate_know_one_person(sqlite_app: Flask, sign_in_citizen) -> None:
    assert who(sign_in_citizen("aigul")) == "Айгүл С."
    client = sqlite_app.test_client()
    address = begin(client)
    post(client, address, signature(sqlite_app, text_of(address)))
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Citizen)) == 1


def test_a_phone_signs_in_the_browser_that_began_and_no_other(sqlite_app: Flask) -> None:
    client, stranger = sqlite_app.test_client(), sqlite_app.test_client()
    address = begin(client, wanted="/en/my-joinings")
    by_phone(address, signature(sqlite_app, text_of(address)))
    begin(stranger)
    assert stranger.get(f"{address}/result").location == "/en/sign-in"
    assert stranger.get(f"/en/signing-requests/{id_of(address)}").status_code == 404
    assert who(stranger) is None
    waited = client.get(f"/en/signing-requests/{id_of(address)}")
    assert waited.location == f"{address}/result"
    assert client.get(waited.location).location == "/en/my-joinings"
    assert who(client) == "Айгүл С."


def test_what_the_phone_signed_lets_in_once(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    address = begin(client)
    by_phone(address, signature(sqlite_app, text_of(address)))
    client.get(f"{address}/result")
    client.post("/en/sign-out")
    assert client.get(f"{address}/result").location.startswith("/en/sign-in")
    assert who(client) is None


def test_what_the_phone_signed_lets_in_within_the_quarter_of_an_hour(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    address = begin(client)
    by_phone(address, signature(sqlite_app, text_of(address)))
    age(address)
    assert client.get(f"{address}/result").location.startswith("/en/sign-in")
    assert who(client) is None


def test_the_session_is_a_new_one(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    address = begin(client)
    before = client.get_cookie("session")
    post(client, address, signature(sqlite_app, text_of(address)))
    after = client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    stolen = sqlite_app.test_client()
    stolen.set_cookie("session", before.value)
    assert who(stolen) is None


REFUSED: list[tuple[str, str]] = [
    ("personal", "for signing documents"),
    ("organisation", "employee of an organisation"),
    ("expired", "expired"),
    ("revoked", "revoked"),
]


@pytest.mark.parametrize(("kind", "words"), REFUSED)
def test_another_certificate_lets_nobody_in_and_says_why(sqlite_app: Flask, kind: str, words: str) -> None:
    client = sqlite_app.test_client()
    address = begin(client)
    answer = post(client, address, signature(sqlite_app, text_of(address), kind=kind))
    assert answer.status_code == 422
    assert words in answer.text
    assert who(client) is None
    assert post(client, address, signature(sqlite_app, text_of(address))).status_code == 303


def test_a_signature_over_another_text_lets_nobody_in(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    first, second = begin(client), begin(client)
    answer = post(client, second, signature(sqlite_app, text_of(first)))
    assert answer.status_code == 422
    assert "another text" in answer.text
    assert who(client) is None


@pytest.mark.parametrize("cms", [b"", b"no signature", b"\x30\x80" * 5_000])
def test_rubbish_lets_nobody_in(sqlite_app: Flask, cms: bytes) -> None:
    client = sqlite_app.test_client()
    address = begin(client)
    assert post(client, address, cms).status_code == 422
    assert client.post(address, data={"signature": "§" * 50}).status_code == 422
    assert client.post(address).status_code == 422
    assert who(client) is None


def test_a_signature_lets_in_only_the_browser_that_was_shown_the_text(sqlite_app: Flask) -> None:
    client, attacker = sqlite_app.test_client(), sqlite_app.test_client()
    begin(attacker)
    address = begin(client)
    assert post(attacker, address, signature(sqlite_app, text_of(address))).location.startswith("/en/sign-in")
    assert attacker.get(address).location.startswith("/en/sign-in")
    assert who(attacker) is None


def test_nothing_lets_in_after_a_quarter_of_an_hour(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    address = begin(client, wanted="/en/my-joinings")
    age(address)
    for answer in (client.get(address), post(client, address, signature(sqlite_app, text_of(address)))):
        assert answer.location == "/en/sign-in?next=/en/my-joinings"
    assert "begin again" in client.get("/en/sign-in").text
    assert who(client) is None


def test_cancelling_ends_it(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    address = begin(client)
    client.post(f"/en/signing-requests/{id_of(address)}/cancellation")
    assert client.get(address).status_code == 302
    assert post(client, address, signature(sqlite_app, text_of(address))).status_code == 302
    assert who(client) is None


def test_it_works_while_the_registry_sleeps(sqlite_app: Flask) -> None:
    SimulatedRegistry(sqlite_app.extensions["config"].instance_path).set_out(True)
    client = sqlite_app.test_client()
    address = begin(client)
    assert post(client, address, signature(sqlite_app, text_of(address))).status_code == 303
    with reading() as session:
        assert session.scalars(sa.select(Citizen)).one().registry_status == "down"


def test_an_outside_address_is_not_gone_to(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    address = begin(client, wanted="https://evil.example/")
    assert post(client, address, signature(sqlite_app, text_of(address))).location == "/en/account"


def test_who_is_signed_in_need_not_begin(sign_in_citizen: Callable[[str], FlaskClient]) -> None:
    assert sign_in_citizen("daniyar").post("/en/sign-in/certificate").location == "/en/account"


def test_a_joinings_request_signs_nobody_in(sqlite_app: Flask) -> None:
    """Only what was begun as a sign-in ends as one."""
    client = sqlite_app.test_client()
    address = begin(client)
    for wrong in ("0" * 32, "x" * 32):
        assert client.get(f"/en/sign-in/certificate/{wrong}").location.startswith("/en/sign-in")
        assert client.get(f"/en/sign-in/certificate/{wrong}/result").location.startswith("/en/sign-in")
    assert client.get(f"{address}/result").location.startswith("/en/sign-in"), "nobody has signed yet"
    assert client.get("/en/sign-in/certificate/short").status_code == 404


def test_beginning_is_limited(client: FlaskClient) -> None:
    answers = [client.post("/en/sign-in/certificate").status_code for _n in range(31)]
    assert answers[-1] == 429
    assert set(answers[:30]) == {303}


def by_phone(address: str, cms: bytes) -> None:
    asked = signing_requests.find(id_of(address))
    phone.receive(asked, cms, at=clock.now(), now=clock.real_now())


def age(address: str) -> None:
    """Let the quarter of an hour pass."""
    past: datetime = clock.real_now() - timedelta(seconds=1)
    with transaction() as session:
        session.execute(sa.update(SigningRequest).where(SigningRequest.id == id_of(address)).values(expires_at=past))
