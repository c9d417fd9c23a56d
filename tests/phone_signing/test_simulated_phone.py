"""The simulated phone goes the whole way by the pages it shows, and opens nothing but our own requests."""

from __future__ import annotations

import re

import pytest

from tests.phone_signing.phone import request_of
from tests.signatures.rows import rows_in_force
from tests.signing.conftest import hidden_of


def link_of(page) -> str:
    return re.search(r'href="(/simulators/phone\?[^"]+)"', page.text)[1].replace("&amp;", "&")


def test_a_newcomer_signs_without_javascript_by_the_forms_alone(browser):
    signer = browser()
    shown = signer.ask()
    phone = signer.client.get(link_of(shown))
    assert phone.status_code == 200
    ended = signer.client.post("/simulators/phone", data=hidden_of(phone) | {"person": "daniyar", "act": "sign"})
    assert f'href="/en/signing-requests/{request_of(shown)}"' in ended.text
    page = signer.client.get(f"/en/signing-requests/{request_of(shown)}", follow_redirects=True)
    assert "You have joined this petition." in page.text


@pytest.mark.parametrize(
    ("act", "person", "said"),
    [
        ("refuse", "daniyar", "You refused"),
        ("sign", "olga", "another person"),
        ("expired", "daniyar", "expired"),
        ("revoked", "daniyar", "revoked"),
        ("organisation", "daniyar", "organisation"),
        ("authentication", "daniyar", "for signing in"),
    ],
)
def test_every_button_that_does_not_sign_leaves_nothing_stored(browser, act, person, said):
    signer = browser()
    shown = signer.ask()
    phone = signer.client.get(link_of(shown))
    ended = signer.client.post("/simulators/phone", data=hidden_of(phone) | {"person": person, "act": act})
    assert ended.status_code == 200 and "Not signed" in ended.text
    page = signer.client.get(f"/en/signing-requests/{request_of(shown)}")
    assert said in page.text
    assert rows_in_force(signer.petition_id) == 0


def test_a_certificate_that_the_local_list_does_not_know_yet_is_taken_at_first(browser):
    signer = browser()
    phone = signer.client.get(link_of(signer.ask()))
    signer.client.post("/simulators/phone", data=hidden_of(phone) | {"person": "daniyar", "act": "revoked-later"})
    assert rows_in_force(signer.petition_id) == 1


def test_a_lost_answer_is_made_good_by_sending_again(browser):
    signer = browser()
    phone = signer.client.get(link_of(signer.ask()))
    lost = signer.client.post("/simulators/phone", data=hidden_of(phone) | {"person": "daniyar", "act": "lose-network"})
    assert "The network is lost" in lost.text
    again = signer.client.post("/simulators/phone", data=hidden_of(lost) | {"act": "send-again"})
    assert "<h1>Signed</h1>" in again.text
    assert rows_in_force(signer.petition_id) == 1


@pytest.mark.parametrize("link", ["", "https://evil.example/egov-mobile/1", "http://localhost/egov-mobile/../account"])
def test_nothing_of_another_site_is_opened(client, link):
    assert client.get("/simulators/phone", query_string={"link": link}).status_code == 400
    assert client.post("/simulators/phone", data={"link": link, "uri": link, "act": "sign"}).status_code == 400


def test_a_code_that_is_over_is_told_so(client):
    page = client.get(
        "/simulators/phone", query_string={"link": f"http://localhost/egov-mobile/{'a' * 32}", "lang": "en"}
    )
    assert page.status_code == 200 and "Not signed" in page.text
