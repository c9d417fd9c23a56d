"""The eyes that read logs and addresses after the stories see what they are there for."""

from __future__ import annotations

import ast
import base64
from datetime import date

import pytest
from flask.testing import FlaskClient

from petitions.config import ROOT
from petitions.identity.iin import make_iin
from petitions.identity.simulators.people import person
from tests.journeys.secrecy import Secrets, said_in_cookie, told_by_address, told_by_log

AIGUL = person("aigul")
SOMEBODY = make_iin(date(1971, 2, 3), male=True, serial=4321)
TOKEN = "kq3Zr0aW9vT1xY7bN5mC2dE8"
SITE = "http://127.0.0.1:8000"
CERTIFICATE = base64.b64encode(b"\x30\x82\x03\x1c" + bytes(range(100))).decode()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (f"INFO joined: {AIGUL.iin}", "a personal number"),
        (f"INFO joined: {SOMEBODY}", "a personal number"),
        (f"INFO {AIGUL.given_name} {AIGUL.surname}", "a surname"),
        ("WARNING no letter to somebody@example.kz", "an address for mail"),
        (f"ERROR unreadable {CERTIFICATE}", "a certificate or signature"),
        (f"GET /en/staff/invitation/{TOKEN}", "a token or cookie"),
    ],
)
def test_a_log_that_tells_of_somebody_is_seen(line: str, kind: str) -> None:
    log = f"2026-06-10 10:00:00 INFO started\n  officer@demo.invalid\n  Ctrl-C stops it\n{line}\nINFO fine\n"
    assert told_by_log(log, [TOKEN]) == [f"line 4: {kind}"]


def test_numbers_places_and_ids_of_rows_are_nobodys_data() -> None:
    log = f"INFO petition 12 of 750000000, 0198f00c12ab{'0' * 20}, at 2026-06-10 10:00:00,123 in 123456789012345 ns\n"
    assert told_by_log(log) == []


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"/en/joiners/{AIGUL.iin}", "a personal number"),
        (f"/en/signers?name={AIGUL.surname}", "a surname"),
        ("/en/account?email=somebody%40example.kz", "an address for mail"),
        (f"/en/account?session={TOKEN}", "a token as session"),
        (f"/en/sign-in?code=x&next=/en/{TOKEN}", "a token as next"),
        (f"/en/{TOKEN}", "a token in the path"),
    ],
)
def test_an_address_that_tells_of_somebody_is_seen(path: str, kind: str) -> None:
    assert told_by_address(SITE + path) == [kind]


@pytest.mark.parametrize(
    "path",
    [
        f"/en/petitions/{TOKEN}/joining",
        f"/en/sign-in?next=/en/petitions/{TOKEN}/joining",
        f"/en/sign-in/egov?code={TOKEN}&state={TOKEN}",
        f"/en/account/email/confirmation/{TOKEN}",
        "/en/bodies/akimat-of-the-village-392433000",
        "/en/petitions?place=392433000&page=2",
    ],
)
def test_addresses_by_design_are_let_pass(path: str) -> None:
    assert told_by_address(SITE + path) == []


def test_tokens_of_addresses_by_design_are_looked_for_in_the_log() -> None:
    secrets = Secrets()
    secrets.keep_letters([f"Confirm: {SITE}/kk/account/email/confirmation/{TOKEN}\nThank you"])
    assert secrets.values == {TOKEN}


def test_what_a_cookie_holds_is_looked_for_too(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["token"] = TOKEN
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert [*said_in_cookie(cookie.value)] == [TOKEN]


def test_no_log_call_writes_a_traceback_with_an_errors_own_words() -> None:
    """They quote what somebody typed or sent; `web.py` logs the places in the code and the error's name."""
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in sorted((ROOT / "petitions").rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in ("exception", "print_exc", "format_exc") or any(k.arg == "exc_info" for k in call.keywords)
    ]
    assert not found, f"log type(error).__name__ and the place instead: {found}"
