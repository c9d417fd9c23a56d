"""The pages of the door, in every language, without a browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.db import reading
from petitions.identity import actions, queries, sessions
from petitions.identity.simulators.people import person
from tests.identity.test_citizens import identity_of

LANGUAGES = ("kk", "ru", "en")


@pytest.fixture
def citizen(sqlite_app: Flask) -> int:
    aigul = person("aigul")
    return actions.citizen_from_identity(identity_of(aigul), actions.ask_registry(aigul.iin), clock.now())


@pytest.fixture
def signed_in(client: FlaskClient, citizen: int) -> FlaskClient:
    with client.session_transaction() as cookie:
        cookie[sessions.SESSION_KEY] = sessions.open_session(citizen_id=citizen, now=clock.real_now())
    return client


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_doors_open_in_every_language(client: FlaskClient, lang: str) -> None:
    assert client.get(f"/{lang}/sign-in").status_code == 200
    assert client.get(f"/{lang}/staff/sign-in").status_code == 200


def test_a_guest_has_no_account(client: FlaskClient) -> None:
    answer = client.get("/kk/account")
    assert answer.status_code == 302
    assert answer.location == "/kk/sign-in?next=/kk/account"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_citizen_sees_what_is_kept(signed_in: FlaskClient, lang: str) -> None:
    page = signed_in.get(f"/{lang}/account").get_data(as_text=True)
    assert "Айгүл С." in page
    assert {"kk": "Бостандық ауданы", "ru": "Бостандыкский район", "en": "Bostandyk District"}[lang] in page
    assert "Сынақова" not in page


@pytest.mark.parametrize("key", ["unknown", "down", "foreigner", "minor"])
def test_everybody_may_read_their_own_account(client: FlaskClient, key: str) -> None:
    one = person(key)
    citizen = actions.citizen_from_identity(identity_of(one), actions.ask_registry(one.iin), clock.now())
    with client.session_transaction() as cookie:
        cookie[sessions.SESSION_KEY] = sessions.open_session(citizen_id=citizen, now=clock.real_now())
    assert client.get("/kk/account").status_code == 200
    assert client.post("/kk/account/facts").status_code == 302


def test_signing_out_ends_the_session_everywhere(signed_in: FlaskClient, citizen: int) -> None:
    assert signed_in.post("/kk/sign-out").status_code == 302
    assert signed_in.get("/kk/account").status_code == 302
    with reading() as session:
        assert queries.open_sessions(session, citizen, this="", now=clock.real_now()) == []


def test_a_citizen_signs_another_browser_out(signed_in: FlaskClient, citizen: int) -> None:
    other = sessions.token_digest(sessions.open_session(citizen_id=citizen, now=clock.real_now()))
    assert other in signed_in.get("/kk/account").get_data(as_text=True)
    signed_in.post("/kk/account/sessions/revocation", data={"session": other})
    assert other not in signed_in.get("/kk/account").get_data(as_text=True)


def test_an_open_page_touches_the_session_once_a_minute(signed_in: FlaskClient, citizen: int) -> None:
    now = clock.real_now()
    with signed_in.session_transaction() as cookie:
        old = sessions.open_session(citizen_id=citizen, now=now - timedelta(hours=2))
        cookie[sessions.SESSION_KEY] = old
    signed_in.get("/kk/account")
    with reading() as session:
        rows = queries.open_sessions(session, citizen, this=sessions.token_digest(old), now=now)
    seen = next(row.last_seen_at for row in rows if row.is_this)
    assert seen >= now
    signed_in.get("/kk/account")
    with reading() as session:
        rows = queries.open_sessions(session, citizen, this=sessions.token_digest(old), now=now)
    assert next(row.last_seen_at for row in rows if row.is_this) == seen


def test_a_citizen_confirms_an_email_by_a_button(signed_in: FlaskClient, sqlite_app: Flask, citizen: int) -> None:
    answer = signed_in.post("/kk/account/email", data={"email": "aigul@example.kz"})
    assert answer.status_code == 302
    path = actions.set_email(citizen, "aigul@example.kz")
    scanner = sqlite_app.test_client()
    assert scanner.get(path).status_code == 200
    with reading() as session:
        assert not queries.contact(session, citizen).confirmed
    assert scanner.post(path).status_code == 302
    with reading() as session:
        assert queries.contact(session, citizen).confirmed
    assert "aigul@example.kz" in signed_in.get("/kk/account").get_data(as_text=True)
    signed_in.post("/kk/account/email/removal")
    assert "aigul@example.kz" not in signed_in.get("/kk/account").get_data(as_text=True)


def test_a_wrong_email_stays_in_its_field(signed_in: FlaskClient) -> None:
    answer = signed_in.post("/en/account/email", data={"email": "aigul at example"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'value="aigul at example"' in page
    assert 'id="email-error"' in page


def test_letters_are_limited(signed_in: FlaskClient) -> None:
    answers = [
        signed_in.post("/kk/account/email", data={"email": f"a{number}@example.kz"}).status_code for number in range(5)
    ]
    assert answers == [302, 302, 302, 429, 429]


def test_a_used_link_is_gone(client: FlaskClient) -> None:
    assert client.get("/kk/account/email/confirmation/invented").status_code == 410
    assert client.post("/kk/account/email/confirmation/invented").status_code == 410
    assert client.get("/kk/staff/invitation/invented").status_code == 410
    assert (
        client.post("/kk/staff/invitation/invented", data={"password": "a" * 12, "again": "a" * 12}).status_code == 410
    )


def test_a_citizen_chooses_the_language_of_letters(signed_in: FlaskClient, citizen: int) -> None:
    assert signed_in.post("/kk/account/language", data={"language": "ru"}).status_code == 302
    with reading() as session:
        assert queries.contact(session, citizen).language == "ru"
    assert signed_in.post("/kk/account/language", data={"language": "xx"}).status_code == 422
