"""The whole sign-in over real sockets: browser, application, simulated sign-on and registry."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from petitions.db import reading
from petitions.identity import queries
from petitions.identity.egov_idp import read_person
from petitions.identity.models import Citizen
from petitions.identity.simulators.people import person
from tests.identity.conftest import LiveServer


def begin(live: LiveServer, browser: requests.Session, path: str = "/ru/sign-in/egov") -> str:
    """Go to the sign-on; returns its address with the question."""
    answer = browser.get(live.url + path, allow_redirects=False)
    assert answer.status_code == 302
    return answer.headers["Location"]


def choose(browser: requests.Session, address: str, key: str) -> str:
    """Choose a person there; returns where the browser is sent back to."""
    page = browser.get(address)
    assert page.status_code == 200
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    data = {name: html.unescape(value) for name, value in hidden.items()} | {"person": key}
    answer = browser.post(address.partition("?")[0], data=data, allow_redirects=False)
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_a_citizen_signs_in_and_lands_where_they_wanted(live: LiveServer) -> None:
    browser = requests.Session()
    address = begin(live, browser, "/ru/sign-in/egov?next=/ru/account%3Fa%3D1")
    question = parse_qs(urlsplit(address).query)
    assert question["redirect_uri"] == [f"{live.url}/auth/egov/callback"]
    assert question["scope"] == ["user:basic:read"]
    assert question["code_challenge_method"] == ["S256"]
    back = choose(browser, address, "aigul")
    landed = browser.get(back)
    assert landed.url == f"{live.url}/ru/account?a=1"
    assert "Айгүл С." in landed.text
    assert 'lang="ru"' in landed.text
    assert person("aigul").iin not in back + landed.text
    with reading() as session:
        citizen = session.query(Citizen).one()
        assert queries.person_facts(session, citizen.id).citizenship == "KZ"
        assert citizen.language == "ru"


def test_the_session_is_a_new_one_after_signing_in(live: LiveServer) -> None:
    browser = requests.Session()
    address = begin(live, browser)
    before = browser.cookies["session"]
    browser.get(choose(browser, address, "aigul"))
    assert browser.cookies["session"] != before
    stolen = requests.get(f"{live.url}/ru/account", cookies={"session": before}, allow_redirects=False)
    assert stolen.status_code == 302


def test_signing_in_works_while_the_registry_sleeps(live: LiveServer) -> None:
    browser = requests.Session()
    landed = browser.get(choose(browser, begin(live, browser, "/en/sign-in/egov"), "down"))
    assert landed.url == f"{live.url}/en/account"
    with reading() as session:
        assert session.query(Citizen).one().registry_status == "down"


def test_turning_back_signs_nobody_in(live: LiveServer) -> None:
    browser = requests.Session()
    back = choose(browser, begin(live, browser), "")
    assert "error=access_denied" in back
    landed = browser.get(back)
    assert landed.url.startswith(f"{live.url}/ru/sign-in")
    assert 'class="notice notice-error"' in landed.text


def test_an_answer_to_another_browser_is_refused(live: LiveServer) -> None:
    victim, attacker = requests.Session(), requests.Session()
    back = choose(attacker, begin(live, attacker), "daniyar")
    assert victim.get(back).url.startswith(f"{live.url}/")
    assert victim.get(f"{live.url}/ru/account", allow_redirects=False).status_code == 302
    begin(live, victim)
    assert "/sign-in" in victim.get(back).url


def test_an_answer_works_once(live: LiveServer) -> None:
    browser = requests.Session()
    back = choose(browser, begin(live, browser), "aigul")
    assert "/account" in browser.get(back).url
    browser.post(f"{live.url}/ru/sign-out")
    assert "/sign-in" in browser.get(back).url


def test_form_tokens_are_asked_of_our_pages_and_not_of_the_state(live: LiveServer) -> None:
    live.app.config["WTF_CSRF_ENABLED"] = True
    browser = requests.Session()
    assert "/account" in browser.get(choose(browser, begin(live, browser), "aigul")).url
    assert browser.post(f"{live.url}/ru/sign-out").status_code == 400


def test_an_outside_address_is_not_gone_to(live: LiveServer) -> None:
    browser = requests.Session()
    address = begin(live, browser, "/ru/sign-in/egov?next=https://evil.example/")
    assert browser.get(choose(browser, address, "aigul")).url == f"{live.url}/ru/account"


@pytest.mark.parametrize(
    "change",
    [{"redirect_uri": "https://evil.example/"}, {"client_id": "another"}, {"response_type": "token"}],
)
def test_the_sign_on_answers_its_client_only(live: LiveServer, change: dict[str, str]) -> None:
    address = urlsplit(begin(live, requests.Session()))
    question = {name: values[0] for name, values in parse_qs(address.query).items()} | change
    assert requests.get(f"{live.url}{address.path}", params=question).status_code == 400


def spend(live: LiveServer, code: str, **change: Any) -> requests.Response:
    config = live.app.extensions["config"]
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": f"{live.url}/auth/egov/callback",
        "code_verifier": change.pop("code_verifier", "v" * 43),
    }
    auth = change.pop("auth", (config.idp_client_id, config.idp_client_secret))
    return requests.post(f"{live.url}/simulators/idp/oauth/token", data=data | change, auth=auth)


def new_code(live: LiveServer, challenge: str = "") -> str:
    question = {"client_id": "petitions", "redirect_uri": f"{live.url}/auth/egov/callback", "person": "aigul"}
    if challenge:
        question |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    answer = requests.post(f"{live.url}/simulators/idp/oauth/authorize", data=question, allow_redirects=False)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def test_a_code_is_spent_once_by_who_asked_for_it(live: LiveServer) -> None:
    code = new_code(live)
    assert spend(live, code, auth=("petitions", "wrong")).status_code == 401
    assert spend(live, code, redirect_uri="https://evil.example/").status_code == 400
    assert spend(live, code, grant_type="password").status_code == 400
    assert spend(live, code).json()["token_type"] == "Bearer"
    assert spend(live, code).status_code == 400
    assert spend(live, "invented").status_code == 400


def test_a_code_asked_for_with_a_challenge_needs_its_answer(live: LiveServer) -> None:
    # RFC 7636, appendix B.
    code = new_code(live, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    assert spend(live, code).status_code == 400
    assert spend(live, code, code_verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer invented", "Basic YTpi"])
def test_a_person_is_told_only_for_a_token(live: LiveServer, header: str) -> None:
    answer = requests.get(f"{live.url}/simulators/idp/resource/user/basic", headers={"Authorization": header})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"person": None},
        {"person": {"iin": "1", "surname": "a", "name": "b"}},
        {"person": {"iin": "123456789011", "surname": "a", "name": None}},
        {"person": {"iin": "123456789011", "surname": "a" * 200, "name": "b"}},
        {"person": {"surname": "a", "name": "b"}},
        [],
    ],
)
def test_what_is_no_person_is_refused(answer: Any) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_person(answer)
