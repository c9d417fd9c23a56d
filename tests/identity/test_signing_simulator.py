"""The simulated signing program gives back true signatures, and only to our own site."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.identity import services, simulators
from petitions.identity.eds import SignatureRefused, decode_cms, verify_detached
from petitions.identity.simulators.people import everybody, person

TEXT = "Мен № 7 петицияға қосыламын.\n<b>не жирный</b>\n"
ASKED = {
    "document": base64.b64encode(TEXT.encode()).decode(),
    "challenge": "challenge-1",
    "return_url": "/kk/petitions/7/signatures/answer",
    "lang": "en",
}


def sign(client: FlaskClient, **change: str) -> str:
    return client.post("/simulators/signing/signature", data=ASKED | change).get_data(as_text=True)


def signature_in(page: str) -> bytes:
    found = re.search(r'name="signature" value="([^"]+)"', page)
    assert found
    return decode_cms(found.group(1))


def test_the_exact_text_is_shown_before_it_is_signed(client: FlaskClient) -> None:
    page = client.post("/simulators/signing/", data=ASKED | {"person": "olga"}).get_data(as_text=True)
    assert "&lt;b&gt;не жирный&lt;/b&gt;" in page
    assert '<option value="olga" selected>' in page


def test_a_signature_comes_back_by_a_form(client: FlaskClient) -> None:
    page = sign(client, person="olga", act="personal")
    assert '<form method="post" action="/kk/petitions/7/signatures/answer">' in page
    assert 'name="challenge" value="challenge-1"' in page
    verified = verify_detached(signature_in(page), TEXT.encode(), trust=services.trust(), at=clock.now())
    assert verified.iin == person("olga").iin


@pytest.mark.parametrize("kind", ["expired", "revoked", "organisation", "authentication"])
def test_wrong_certificates_make_signatures_that_are_refused(client: FlaskClient, kind: str) -> None:
    signature = signature_in(sign(client, person="aigul", act=kind))
    with pytest.raises(SignatureRefused):
        verify_detached(signature, TEXT.encode(), trust=services.trust(), at=clock.now())


def test_a_refusal_comes_back_without_a_signature(client: FlaskClient) -> None:
    page = sign(client, person="aigul", act="refuse")
    assert 'name="refused" value="1"' in page
    assert 'name="signature"' not in page


@pytest.mark.parametrize(
    "change",
    [
        {"return_url": "https://evil.example/"},
        {"return_url": "//evil.example/"},
        {"return_url": ""},
        {"document": ""},
        {"document": "not base64!"},
        {"document": "A" * 400_000},
    ],
)
def test_nothing_is_signed_for_another_site_or_without_a_text(client: FlaskClient, change: dict[str, str]) -> None:
    data = ASKED | {"person": "aigul", "act": "personal"} | change
    for path in ("/simulators/signing/", "/simulators/signing/signature"):
        assert client.post(path, data=data).status_code == 400


def test_everybody_in_the_demonstration_can_sign_at_once(sqlite_app: Flask) -> None:
    from petitions.identity.simulators.authority import open_authority

    now, instance = clock.now(), sqlite_app.extensions["config"].instance_path
    for one in everybody():
        signature = open_authority(instance).sign_detached(one, TEXT.encode(), at=now)
        verified = verify_detached(signature, TEXT.encode(), trust=services.trust(), at=now)
        assert verified.iin == one.iin


def test_simulators_are_not_served_in_production(sqlite_app: Flask) -> None:
    config = sqlite_app.extensions["config"]
    for wrong in (replace(config, environment="production"), replace(config, simulators=False)):
        with pytest.raises(RuntimeError):
            simulators.init_app(Flask("other"), wrong)


def test_simulators_cannot_even_be_imported_in_production() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "import petitions.identity.simulators.people"],
        env=os.environ | {"PETITIONS_ENV": "production"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert answer.returncode != 0
    assert "never start in production" in answer.stderr
