"""Signing in through a standard issuer: discovery, PKCE, nonce, and a token whose every claim is checked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from petitions.config import ConfigError, load
from petitions.db import reading
from petitions.identity import queries
from petitions.identity.models import Citizen, SignInSession
from petitions.identity.oidc import OidcSignOn
from petitions.identity.simulators import oidc as simulator
from petitions.identity.simulators.people import person
from petitions.identity.views import SIGN_ON
from tests.identity.conftest import LiveServer
from tests.identity.test_single_sign_on import begin, choose

AIGUL = person("aigul")


@pytest.fixture
def issuer(live: LiveServer) -> LiveServer:
    """The application with the settings of a standard issuer, our simulated one."""
    return believing(live, f"{live.url}/simulators/oidc")


def believing(live: LiveServer, issuer: str, **change: Any) -> LiveServer:
    config = replace(live.app.extensions["config"], idp_kind="oidc", idp_url=issuer, **change)
    live.app.extensions["config"] = config
    live.app.extensions[SIGN_ON] = OidcSignOn.of(live.app, config)
    return live


def test_a_citizen_signs_in(issuer: LiveServer) -> None:
    browser = requests.Session()
    address = begin(issuer, browser, "/ru/sign-in/egov?next=/ru/account%3Fa%3D1")
    question = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert question["scope"] == "openid profile"
    assert question["code_challenge_method"] == "S256"
    assert question["ui_locales"] == "ru"
    assert len(question["nonce"]) >= 20
    back = choose(browser, address, "aigul")
    assert parse_qs(urlsplit(back).query)["iss"] == [f"{issuer.url}/simulators/oidc"]
    landed = browser.get(back)
    assert landed.url == f"{issuer.url}/ru/account?a=1"
    assert "Айгүл С." in landed.text
    assert AIGUL.iin not in back + landed.text
    with reading() as session:
        citizen = session.query(Citizen).one()
        assert queries.person_facts(session, citizen.id).citizenship == "KZ"
        assert session.query(SignInSession).one().method == "single-sign-on"


def test_both_services_know_the_same_person(issuer: LiveServer) -> None:
    browser = requests.Session()
    browser.get(choose(browser, begin(issuer, browser), "aigul"))
    with reading() as session:
        first = session.query(Citizen).one().id
        sealed = queries.sealed_person(session, first)
    assert (sealed.iin, sealed.surname, sealed.patronymic) == (AIGUL.iin, AIGUL.surname, AIGUL.patronymic)


def test_turning_back_signs_nobody_in(issuer: LiveServer) -> None:
    browser = requests.Session()
    assert refused(issuer, browser, choose(browser, begin(issuer, browser), ""))


def test_an_answer_works_once_and_in_its_own_browser(issuer: LiveServer) -> None:
    browser = requests.Session()
    back = choose(browser, begin(issuer, browser), "aigul")
    assert refused(issuer, requests.Session(), back)
    assert "/account" in browser.get(back).url
    browser.post(f"{issuer.url}/ru/sign-out")
    assert refused(issuer, browser, back)


def test_an_answer_in_another_issuers_name_is_refused(issuer: LiveServer) -> None:
    browser = requests.Session()
    back = choose(browser, begin(issuer, browser), "aigul")
    assert refused(issuer, browser, back.replace("simulators%2Foidc", "simulators%2Fevil"))


def test_a_claim_of_another_name_is_read(live: LiveServer) -> None:
    issuer = believing(live, f"{live.url}/simulators/oidc", idp_iin_claim="urn:kz:iin")
    browser = requests.Session()
    assert "/account" in browser.get(choose(browser, begin(issuer, browser), "aigul")).url


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"at_hash": "wrong"},
        {"azp": "another-client"},
        {"sub": "daniyar"},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_signs_nobody_in(
    issuer: LiveServer, change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers_with(issuer, monkeypatch, lambda nonce, key: simulator.identity_token(AIGUL, nonce, key, **change))
    browser = requests.Session()
    assert refused(issuer, browser, choose(browser, begin(issuer, browser), "aigul"))


def test_a_token_of_another_key_signs_nobody_in(issuer: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    stolen = RSAKey.generate_key(2048)

    def forged(nonce: str, key: RSAKey) -> str:
        return simulator.identity_token(AIGUL, nonce, RSAKey.import_key(stolen.as_dict() | {"kid": key.kid}))

    answers_with(issuer, monkeypatch, forged)
    browser = requests.Session()
    assert refused(issuer, browser, choose(browser, begin(issuer, browser), "aigul"))


@pytest.mark.filterwarnings("ignore:JWS algorithm")
@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_the_issuers_key_did_not_sign_is_refused(
    issuer: LiveServer, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = issuer.app.extensions["config"].idp_client_secret

    def weak(nonce: str, key: RSAKey) -> str:
        claims = jwt.decode(simulator.identity_token(AIGUL, nonce, key), key).claims
        return jwt.encode({"alg": algorithm}, claims, OctKey.import_key(secret), algorithms=[algorithm])

    answers_with(issuer, monkeypatch, weak)
    browser = requests.Session()
    assert refused(issuer, browser, choose(browser, begin(issuer, browser), "aigul"))


@pytest.mark.parametrize("proof", [None, "", "a.b.c", 17])
def test_an_answer_without_a_token_proves_nothing(
    issuer: LiveServer, proof: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers_with(issuer, monkeypatch, lambda nonce, key: proof)
    browser = requests.Session()
    assert refused(issuer, browser, choose(browser, begin(issuer, browser), "aigul"))


def test_a_new_key_of_the_issuer_is_fetched(issuer: LiveServer) -> None:
    first, second = requests.Session(), requests.Session()
    assert "/account" in first.get(choose(first, begin(issuer, first), "aigul")).url
    (issuer.app.extensions["config"].instance_path / "simulators" / "oidc" / "key.pem").unlink()
    assert "/account" in second.get(choose(second, begin(issuer, second), "aigul")).url


@pytest.mark.parametrize("issuer_url", ["http://127.0.0.1:1", "http://issuer.invalid"])
def test_an_issuer_that_is_not_there_is_no_error_page(live: LiveServer, issuer_url: str) -> None:
    assert_down(believing(live, issuer_url))


def document(address: str, **change: Any) -> dict[str, Any]:
    found = {
        "issuer": address,
        "authorization_endpoint": f"{address}/authorize",
        "token_endpoint": f"{address}/token",
        "userinfo_endpoint": f"{address}/userinfo",
        "jwks_uri": f"{address}/keys",
        "id_token_signing_alg_values_supported": ["RS256"],
    } | change
    return {name: value for name, value in found.items() if value is not None}


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"token_endpoint": None},
        {"jwks_uri": None},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
    ],
    ids=str,
)
def test_a_document_that_is_not_the_issuers_is_forgotten(
    live: LiveServer, told: list[bytes], elsewhere: str, change: dict[str, Any]
) -> None:
    believing(live, elsewhere)
    told[:] = [json.dumps(document(elsewhere, **change)).encode()]
    assert_down(live)
    told[:] = [json.dumps(document(elsewhere)).encode()]
    assert begin(live, requests.Session()).startswith(f"{elsewhere}/authorize")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"text"', b"<html>", b'{"issuer": []}'])
def test_what_is_no_document_is_no_error_page(live: LiveServer, told: list[bytes], elsewhere: str, body: bytes) -> None:
    believing(live, elsewhere)
    told[:] = [body]
    assert_down(live)


def test_the_setting_leads_to_the_simulated_issuer(tmp_path: Path) -> None:
    secrets = {
        "PETITIONS_SECRET_KEY": "s" * 40,
        "PETITIONS_INSTANCE": str(tmp_path),
        "PETITIONS_VAULT_KEYS": "1:" + KEY,
    }
    env = secrets | {"PETITIONS_IIN_KEY": KEY, "PETITIONS_LOG_KEY": KEY, "PETITIONS_IDP_KIND": "oidc"}
    assert load(env).idp_url == "http://127.0.0.1:8000/simulators/oidc"
    with pytest.raises(ConfigError, match="PETITIONS_IDP_KIND"):
        load(env | {"PETITIONS_IDP_KIND": "saml"})


KEY = "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U="


@pytest.fixture
def told() -> list[bytes]:
    """What the server elsewhere answers to everything."""
    return [b"{}"]


@pytest.fixture
def elsewhere(told: list[bytes]) -> Iterator[str]:
    """A server that is not ours."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(told[0])))
            self.end_headers()
            self.wfile.write(told[0])

        def log_message(self, *_words: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def assert_down(live: LiveServer) -> None:
    browser = requests.Session()
    landed = browser.get(f"{live.url}/ru/sign-in/egov?next=/ru/account")
    assert landed.status_code == 200
    assert urlsplit(landed.url).path == "/ru/sign-in"
    assert "next=" in landed.url
    assert 'class="notice notice-error"' in landed.text


def refused(live: LiveServer, browser: requests.Session, back: str) -> bool:
    landed = browser.get(back)
    signed_in = browser.get(f"{live.url}/ru/account", allow_redirects=False).status_code == 200
    return landed.status_code == 200 and "/sign-in" in landed.url and "notice-error" in landed.text and not signed_in


def answers_with(issuer: LiveServer, monkeypatch: pytest.MonkeyPatch, proof: Any) -> None:
    """Make the simulated issuer hand out another identity token."""
    spend = simulator.spend_code

    def token() -> simulator.Json:
        spent = spend(simulator.KIND)
        assert isinstance(spent, simulator.Spent)
        made = proof(spent.nonce, simulator.signing_key())
        answer = simulator.access_token(simulator.KIND, spent.person)
        return (answer if made is None else answer | {"id_token": made}), 200

    token.permission = issuer.app.view_functions["simulators_oidc.token"].permission  # type: ignore[attr-defined]
    monkeypatch.setitem(issuer.app.view_functions, "simulators_oidc.token", token)
