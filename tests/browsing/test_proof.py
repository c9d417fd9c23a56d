"""How a number is proven, and the page that checks a receipt: what they carry for whoever trusts nobody."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from petitions.db import transaction
from petitions.law.states import State
from petitions.log import keys, verifier
from petitions.signatures import writer
from petitions.tally.sealing import seal
from tests import making


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def an_open_petition_with_a_withdrawal() -> int:
    petition_id = making.a_petition_in(State.OPEN)
    at = making.moment_of(petition_id) + timedelta(minutes=1)
    gone = making.joined(petition_id, 2, at)[0]
    with transaction() as session:
        writer.take_back(session, petition_id, gone, at + timedelta(minutes=1))
    seal(at + timedelta(minutes=1))
    return petition_id


def test_the_proof_shows_the_newest_checkpoint_and_how_to_count_again(client: FlaskClient) -> None:
    petition_id = an_open_petition_with_a_withdrawal()
    page = text_of(client, f"/en/petitions/{petition_id}/proof")
    checkpoint = verifier.read_checkpoint(text_of(client, f"/log/{petition_id}/checkpoint"))
    assert checkpoint.extensions[0] == "count 52 1"
    assert re.findall(r'stat-number">(\d+)<', page) == ["51", "52", "1"]
    for shown in (
        base64.b64encode(checkpoint.root).decode(),
        checkpoint.extensions[1].split()[1],
        keys.vkey_of(petition_id),
        f"python3 verifier.py petition http://localhost/log/{petition_id} --key {keys.vkey_of(petition_id)}",
        "None has signed yet.",
    ):
        assert shown in page.replace("&#43;", "+"), shown
    assert checkpoint.note.text.strip() in page.replace("&#43;", "+")


def test_every_file_the_proof_names_is_there(client: FlaskClient) -> None:
    petition_id = an_open_petition_with_a_withdrawal()
    page = text_of(client, f"/en/petitions/{petition_id}/proof")
    files = set(re.findall(r'href="(/log/[^"]+)"', page))
    assert len(files) == 5
    for file in files:
        assert client.get(file).status_code == 200, file


def test_a_number_that_is_not_public_has_no_page_of_its_proof(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.SUPPORTING)
    making.joined(petition_id, 1, making.moment_of(petition_id))
    assert client.get(f"/en/petitions/{petition_id}/proof").status_code == 404
    assert client.get("/en/petitions/999999/proof").status_code == 404


def test_a_refused_text_that_is_hidden_is_not_named_by_its_proof(client: FlaskClient) -> None:
    hidden = making.a_filed_petition()
    making.refuse(hidden, making.AT + timedelta(hours=1), hides_text=True)
    page = text_of(client, f"/en/petitions/{hidden}/proof")
    assert "Nobody has joined yet" in page
    assert f"Petition No {hidden}" in page
    assert "Мектеп" not in page


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_pages_of_proof_speak_three_languages(client: FlaskClient, language: str) -> None:
    petition_id = an_open_petition_with_a_withdrawal()
    text_of(client, f"/{language}/petitions/{petition_id}/proof")
    text_of(client, f"/{language}/verify")


def test_the_page_that_checks_a_receipt_carries_all_it_trusts_and_works_without_javascript(client: FlaskClient) -> None:
    page = text_of(client, "/en/verify")
    assert f'data-key="{base64.b64encode(keys.public_key()).decode()}"' in page.replace("&#43;", "+")
    assert 'data-origin="demo.invalid/log"' in page
    assert "/log/verifier.py" in page
    assert re.search(r"<form data-verify hidden", page)
    form = page[page.index("<form data-verify") : page.index("</form>", page.index("<form data-verify"))]
    assert "action=" not in form and " name=" not in form, "what is checked must never be sent"
    assert 'href="/en/verify"' in text_of(client, "/en/")
