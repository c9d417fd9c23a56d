"""Passkeys at the door and on one's own page: what is kept, taken and refused."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.audit import SYSTEM
from petitions.db import reading
from petitions.identity import passkeys, staff
from tests.conftest import Database, make_app, make_config
from tests.identity.soft_key import SoftKey
from tests.identity.staff_browser import ACCESS, DOOR, accept, enter, grow_old, is_in, options
from tests.identity.staff_door import acts, an_invitation


def test_an_invitation_is_accepted_by_a_passkey_which_opens_the_door_from_then_on(
    client: FlaskClient, invited: str
) -> None:
    key = SoftKey()
    assert accept(client, invited, key) == 302
    assert is_in(client)
    page = client.get(ACCESS).get_data(as_text=True)
    assert "Work laptop" in page
    assert "You have only one way to sign in" in page
    assert client.get(invited).status_code == 410
    client.post("/en/sign-out")
    assert not is_in(client)
    assert enter(client, key) == 302
    assert is_in(client)
    assert [act for act, _subject in acts()][-2:] == ["add-passkey", "sign-in"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost.evil.example"},
        {"party": "evil.example"},
        {"verified": False},
        {"id": b"another key of a device"},
    ],
    ids=["another origin", "another site", "nobody verified", "unknown key"],
)
def test_a_wrong_answer_is_refused_and_written_down(client: FlaskClient, invited: str, wrong: dict[str, Any]) -> None:
    key = SoftKey()
    accept(client, invited, key)
    client.post("/en/sign-out")
    for name, value in wrong.items():
        setattr(key, name, value)
    assert enter(client, key) == 422
    assert not is_in(client)
    assert acts()[-1][0] == "sign-in-failed"


@pytest.mark.parametrize("wrong", [{"origin": "http://evil.example"}, {"party": "evil.example"}, {"verified": False}])
def test_a_key_of_another_site_is_not_kept(client: FlaskClient, invited: str, wrong: dict[str, Any]) -> None:
    assert accept(client, invited, SoftKey(**wrong)) == 422
    assert not is_in(client)
    assert client.get(invited).status_code == 200


def test_an_answer_counts_once_even_with_an_old_cookie(client: FlaskClient, invited: str) -> None:
    key = SoftKey()
    accept(client, invited, key)
    client.post("/en/sign-out")
    answer = key.use(options(client, f"{DOOR}/passkey-options"))
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    assert client.post(f"{DOOR}/passkey", data={"credential": answer}).status_code == 302
    client.post("/en/sign-out")
    with client.session_transaction() as cookie:
        cookie.update(kept)
    assert client.post(f"{DOOR}/passkey", data={"credential": answer}).status_code == 422
    assert not is_in(client)


def test_a_key_that_counts_its_uses_must_count_on(client: FlaskClient, invited: str) -> None:
    key = SoftKey(counts=True)
    accept(client, invited, key)
    client.post("/en/sign-out")
    assert enter(client, key) == 302
    client.post("/en/sign-out")
    key.uses = 0  # a copy of the key
    assert enter(client, key) == 422


def test_an_answer_to_no_question_is_refused(client: FlaskClient, invited: str) -> None:
    key = SoftKey()
    accept(client, invited, key)
    client.post("/en/sign-out")
    assert client.post(f"{DOOR}/passkey", data={"credential": key.use({"challenge": "AAAA"})}).status_code == 422
    assert acts()[-1][0] == "sign-in-failed", "an answer sent again is an attempt like any other"
    assert client.post(f"{DOOR}/passkey", data={}).status_code == 422


def test_an_old_question_is_not_answered_any_more(client: FlaskClient, invited: str) -> None:
    key = SoftKey()
    accept(client, invited, key)
    client.post("/en/sign-out")
    answer = key.use(options(client, f"{DOOR}/passkey-options"))
    with client.session_transaction() as cookie:
        value, _made_at = cookie["passkey-to-use"]
        cookie["passkey-to-use"] = [value, (clock.real_now() - timedelta(minutes=6)).isoformat()]
    assert client.post(f"{DOOR}/passkey", data={"credential": answer}).status_code == 422


def test_who_is_disabled_opens_nothing_with_a_passkey(client: FlaskClient, invited: str) -> None:
    key = SoftKey()
    accept(client, invited, key)
    with reading() as session:
        number = session.scalar(sa.text("SELECT id FROM staff WHERE email = 'm@example.kz'"))
    staff.disable_staff(int(str(number)), SYSTEM, clock.now())
    assert not is_in(client)
    assert enter(client, key) == 422


def test_the_only_way_in_cannot_be_removed(client: FlaskClient, invited: str) -> None:
    accept(client, invited, SoftKey())
    number = re.findall(r'name="passkey" value="(\d+)"', client.get(ACCESS).get_data(as_text=True))[0]
    refused = client.post(f"{ACCESS}/passkeys/removal", data={"passkey": number})
    assert refused.status_code == 422
    assert "your only way to sign in" in refused.get_data(as_text=True)
    second = SoftKey().create(options(client, f"{ACCESS}/passkey-options"))
    assert client.post(f"{ACCESS}/passkeys", data={"name": "Phone", "credential": second}).status_code == 302
    assert client.post(f"{ACCESS}/passkeys/removal", data={"passkey": number}).status_code == 302
    page = client.get(ACCESS).get_data(as_text=True)
    assert "Phone" in page
    assert "Work laptop" not in page
    assert client.post(f"{ACCESS}/passkeys/removal", data={"passkey": "999"}).status_code == 404
    assert client.post(f"{ACCESS}/passkeys/removal", data={"passkey": "one"}).status_code == 404


def test_an_address_of_numbers_is_told_to_have_no_passkeys(sqlite_database: Database, tmp_path: Path) -> None:
    client = make_app(sqlite_database, tmp_path, base_url="http://127.0.0.1:8000").test_client()
    by_number = client.get(f"{DOOR}?next=/en/console", base_url="http://127.0.0.1:8000").get_data(as_text=True)
    assert 'href="http://localhost:8000/en/staff/sign-in?next=/en/console"' in by_number
    assert "data-passkey" not in by_number
    assert client.post(f"{DOOR}/passkey-options", base_url="http://127.0.0.1:8000").status_code == 422
    by_name = client.get(DOOR, base_url="http://localhost:8000").get_data(as_text=True)
    assert "data-passkey" in by_name


def test_a_proof_may_be_given_by_a_passkey_of_ones_own_only(
    sqlite_app: Flask, invited: str, moderator_key: SoftKey
) -> None:
    here, other = sqlite_app.test_client(), SoftKey()
    accept(sqlite_app.test_client(), invited, other)
    enter(here, moderator_key)
    fields = {"passkey": "1"}
    for key, status in ((other, 403), (moderator_key, 404)):
        grow_old()
        answer = key.use(options(here, "/en/staff/proof/passkey-options"))
        proven = here.post(f"{ACCESS}/passkeys/removal", data={"passkey": "999", "proof_credential": answer})
        assert proven.status_code == status, fields


@pytest.fixture
def moderator_key(sqlite_app: Flask) -> SoftKey:
    key, address = SoftKey(), f"/en/staff/invitation/{an_invitation('second@example.kz')}"
    assert accept(sqlite_app.test_client(), address, key) == 302
    return key


@pytest.mark.parametrize(
    ("base_url", "environment", "address", "party"),
    [
        ("https://petitions.example", "production", "https://petitions.example/", "petitions.example"),
        ("https://petitions.example", "production", "http://localhost:8000/", "petitions.example"),
        ("http://127.0.0.1:8000", "development", "http://localhost:8000/", "localhost"),
        ("http://127.0.0.1:8000", "development", "http://127.0.0.1:8000/", None),
        ("http://127.0.0.1:8000", "development", "http://evil.example/", None),
        ("http://[::1]:8000", "development", "http://[::1]:8000/", None),
    ],
)
def test_a_passkey_is_made_for_our_own_host_name_only(
    tmp_path: Path, base_url: str, environment: str, address: str, party: str | None
) -> None:
    config = make_config(tmp_path, "sqlite://", base_url=base_url, environment=environment)
    found = passkeys.relying_party(config, address)
    assert (found.id if found else None) == party
    assert found is None or found.origin == (address.rstrip("/") if party == "localhost" else base_url)
