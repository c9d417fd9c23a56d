"""The door of staff with password and code, and their own page, without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.audit import SYSTEM
from petitions.db import reading
from petitions.identity import staff, staff_queries, totp
from petitions.identity.roles import Role
from tests.conftest import Database, make_app
from tests.identity.soft_key import SoftKey
from tests.identity.staff_browser import ACCESS, DOOR, accept, filled, grow_old, is_in
from tests.identity.staff_door import PASSWORD, SECRET, a_member, acts, an_invitation, code

LANGUAGES = ("kk", "ru", "en")


@pytest.fixture
def moderator(sqlite_app: Flask) -> int:
    return a_member("m@example.kz")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_well_made_in_every_language(client: FlaskClient, invited: str, lang: str) -> None:
    assert client.get(f"/{lang}/staff/sign-in").status_code == 200
    assert client.get(invited.replace("/en/", f"/{lang}/")).status_code == 200
    assert accept(client, invited, SoftKey()) == 302
    assert client.get(f"/{lang}/staff/access").status_code == 200
    assert client.get(f"/{lang}/staff/access/password").status_code == 200
    grow_old()
    assert client.get(f"/{lang}/staff/access/password").status_code == 403
    assert client.get(f"/simulators/authenticator?lang={lang}").status_code == 200


# ---- password and code


def test_an_invitation_is_accepted_by_password_and_app(client: FlaskClient, invited: str) -> None:
    page = client.get(invited).get_data(as_text=True)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret
    shown = totp.code_of(secret[1], totp.step_at(clock.real_now()))
    fields = {"password": PASSWORD, "again": PASSWORD, "code": shown}
    wrong = [{"password": "short", "again": "short"}, {"again": "another one"}, {"code": "000000"}, {"code": ""}]
    for change in wrong:
        refused = client.post(invited, data=fields | change)
        assert refused.status_code == 422, change
        assert secret[1] in refused.get_data(as_text=True)
        assert PASSWORD not in refused.get_data(as_text=True)
    accepted = client.post(invited, data=fields)
    assert accepted.status_code == 200
    codes = re.findall(r"<code>([A-Z2-7-]{19})</code>", accepted.get_data(as_text=True))
    assert len(codes) == 10
    assert accepted.headers["Cache-Control"] == "no-store"
    assert is_in(client)
    assert client.get(invited).status_code == 410
    client.post("/en/sign-out")
    entered = client.post(f"{DOOR}?next=/en/console", data=filled(code=codes[0]))
    assert (entered.status_code, entered.location) == (302, "/en/console")
    assert client.get(DOOR).status_code == 302


def test_no_two_accounts_are_offered_the_same_key(client: FlaskClient, invited: str) -> None:
    """Nor does a session that somebody planted give one that they know."""
    other = f"/en/staff/invitation/{an_invitation('other@example.kz')}"
    keys = [re.findall(r"<code>([A-Z2-7]{32})</code>", client.get(address).text) for address in (invited, other)]
    assert keys[0] != keys[1]
    shown = totp.code_of(keys[1][0], totp.step_at(clock.real_now()))
    fields = {"password": PASSWORD, "again": PASSWORD, "code": shown}
    assert client.post(invited, data=fields).status_code == 422


def test_what_is_wrong_is_answered_neutrally(client: FlaskClient, moderator: int) -> None:
    pages = []
    wrong = [{"password": "not this one"}, {"code": "000000"}, {"email": "n@example.kz"}]
    for change in wrong:
        answer = client.post(DOOR, data=filled(**change))
        assert answer.status_code == 422
        page = answer.get_data(as_text=True).replace(filled(**change)["email"], "...")
        pages.append(re.sub(r'name="csrf_token" value="[^"]*"', "", page))
    assert len(set(pages)) == 1
    assert "not this one" not in pages[0]


def test_too_many_attempts_are_answered_429(client: FlaskClient, moderator: int) -> None:
    answers = [client.post(DOOR, data=filled(password="wrong")).status_code for _number in range(6)]
    assert answers == [422] * 5 + [429]


def test_an_empty_form_is_answered_beside_its_fields(client: FlaskClient) -> None:
    page = client.post(DOOR, data={}).get_data(as_text=True)
    for field in ("email", "password", "code"):
        assert f'id="{field}-error"' in page


def knock(client: FlaskClient, number: int, forged: str) -> int:
    """One wrong attempt for an account of its own, with whatever header the visitor makes up."""
    fields = {"email": f"a{number}@example.kz", "password": "wrong", "code": "000000"}
    return client.post(DOOR, data=fields, headers={"X-Forwarded-For": forged}).status_code


def test_a_forged_forwarding_header_does_not_escape_the_limit(client: FlaskClient) -> None:
    answers = [knock(client, number, f"198.51.100.{number}") for number in range(21)]
    assert answers == [422] * 20 + [429]


def test_behind_a_proxy_only_what_the_proxy_adds_counts(sqlite_database: Database, tmp_path: Path) -> None:
    client = make_app(sqlite_database, tmp_path, trusted_proxies=1).test_client()
    answers = [knock(client, number, f"198.51.100.{number}, 203.0.113.9") for number in range(21)]
    assert answers == [422] * 20 + [429]
    assert knock(client, 21, "198.51.100.21, 203.0.113.10") == 422


# ---- being signed in


def test_who_is_disabled_or_gets_other_roles_is_out_at_the_next_click(client: FlaskClient, moderator: int) -> None:
    acts_on_them: list[Callable[[], None]] = [
        lambda: staff.set_roles(moderator, [Role.SENIOR_MODERATOR], None, SYSTEM, clock.now()),
        lambda: staff.disable_staff(moderator, SYSTEM, clock.now()),
    ]
    for number, act in enumerate(acts_on_them):
        shown = totp.code_of(SECRET, totp.step_at(clock.real_now()) + number)
        assert client.post(DOOR, data=filled(code=shown)).status_code == 302
        assert is_in(client)
        act()
        assert client.get("/en/console").status_code == 302


def test_signing_in_gives_a_new_session_whatever_the_browser_held(client: FlaskClient, moderator: int) -> None:
    with client.session_transaction() as cookie:
        cookie["sign-in"] = "planted by somebody else"
    client.post(DOOR, data=filled())
    with client.session_transaction() as cookie:
        assert cookie["sign-in"] != "planted by somebody else"


def test_staff_have_no_citizens_account_and_citizens_no_page_of_staff(
    client: FlaskClient, moderator: int, sign_in_citizen: Callable[[str], FlaskClient]
) -> None:
    client.post(DOOR, data=filled())
    assert client.get("/en/account").status_code == 403
    assert sign_in_citizen("aigul").get(ACCESS).status_code == 403


def test_own_browsers_are_listed_and_signed_out(sqlite_app: Flask, moderator: int) -> None:
    here, there = sqlite_app.test_client(), sqlite_app.test_client()
    for number, client in enumerate((here, there)):
        shown = totp.code_of(SECRET, totp.step_at(clock.real_now()) + number)
        client.post(DOOR, data=filled(code=shown))
    page = here.get(ACCESS).get_data(as_text=True)
    assert "Code from the app" in page
    digest = re.findall(r'name="session" value="([^"]+)"', page)
    assert len(digest) == 1
    here.post(f"{ACCESS}/sessions/revocation", data={"session": digest[0]})
    assert not is_in(there)
    assert is_in(here)
    assert acts()[-1] == ("end-own-session", f"staff:{moderator}")


def test_nobody_signs_another_person_out(sqlite_app: Flask, moderator: int) -> None:
    here, there = sqlite_app.test_client(), sqlite_app.test_client()
    here.post(DOOR, data=filled())
    other = a_member("other@example.kz")
    there.post(DOOR, data=filled(email="other@example.kz"))
    with reading() as session:
        theirs = staff_queries.open_staff_sessions(session, other, this="", now=clock.real_now())
    here.post(f"{ACCESS}/sessions/revocation", data={"session": theirs[0].token_digest})
    assert is_in(there)


# ---- proof that one is still there


def test_an_old_proof_is_asked_again_before_the_ways_in_are_changed(client: FlaskClient, moderator: int) -> None:
    client.post(DOOR, data=filled())
    grow_old()
    asked = client.post(f"{ACCESS}/recovery-codes")
    assert asked.status_code == 403
    assert "Confirm that it is you" in asked.get_data(as_text=True)
    used = client.post(f"{ACCESS}/recovery-codes", data={"proof_code": code(clock.real_now())})
    assert used.status_code == 403
    assert "each code works once" in used.get_data(as_text=True)
    shown = {"proof_code": code(clock.real_now(), later=1)}
    assert client.post(f"{ACCESS}/recovery-codes", data=shown).status_code == 200
    assert client.post(f"{ACCESS}/recovery-codes").status_code == 200, "it counts for ten minutes"
    assert client.post(f"{ACCESS}/recovery-codes", data={"proof_back": "1"}).location == ACCESS


def test_a_page_that_needs_a_proof_is_opened_after_it(client: FlaskClient, moderator: int) -> None:
    client.post(DOOR, data=filled())
    grow_old()
    asked = client.get(f"{ACCESS}/password").get_data(as_text=True)
    address = unescape(asked.split('method="post" action="/en/staff/proof')[1].split('"')[0])
    address = f"/en/staff/proof{address}"
    assert client.post(address, data={"proof_code": "000000"}).status_code == 403
    proven = client.post(address, data={"proof_code": code(clock.real_now(), later=1)})
    assert proven.location == f"{ACCESS}/password"
    assert client.get(proven.location).status_code == 200


def test_a_new_password_and_app_replace_the_old_and_sign_other_browsers_out(sqlite_app: Flask, moderator: int) -> None:
    here, there = sqlite_app.test_client(), sqlite_app.test_client()
    for number, client in enumerate((here, there)):
        client.post(DOOR, data=filled(code=totp.code_of(SECRET, totp.step_at(clock.real_now()) + number)))
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", here.get(f"{ACCESS}/password").get_data(as_text=True))
    assert secret
    shown = totp.code_of(secret[1], totp.step_at(clock.real_now()))
    fields = {"password": "four other unrelated words", "again": "four other unrelated words", "code": shown}
    grow_old()
    asked = here.post(f"{ACCESS}/password", data=fields).get_data(as_text=True)
    assert "unrelated" not in asked, "a password is never written into a page"
    grow_old(0)
    assert here.post(f"{ACCESS}/password", data=fields).status_code == 200
    assert is_in(here)
    assert not is_in(there)
    assert there.post(DOOR, data=filled(code=code(clock.real_now(), later=1))).status_code == 422


# ---- the demonstration


def test_simulators_without_a_demonstration_show_codes_of_typed_keys_only(
    sqlite_database: Database, tmp_path: Path
) -> None:
    page = make_app(sqlite_database, tmp_path, demo=False).test_client().get("/simulators/authenticator?lang=en")
    assert page.status_code == 200
    assert "@demo.invalid" not in page.text


def test_a_newcomer_finds_the_code_of_any_key(client: FlaskClient) -> None:
    shown = client.post("/simulators/authenticator", data={"key": f"{SECRET[:16]} {SECRET[16:]}".lower(), "lang": "en"})
    assert code(clock.real_now()) in shown.get_data(as_text=True)
    for key in ("", "1", "no key", "0189"):
        assert "This is no key" in client.post("/simulators/authenticator", data={"key": key, "lang": "en"}).text
