"""How a number is proven, and the page that checks a receipt: what they carry for whoever trusts nobody."""

from __future__ import annotations

import base64
import html
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from petitions.browsing import receipt_check, receipt_words
from petitions.db import reading, transaction
from petitions.law.states import State
from petitions.log import keys, notes, queries, verifier
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
    text_of(client, f"/{language}/verify/here")


def test_the_page_that_checks_a_receipt_carries_all_it_trusts_and_works_without_javascript(client: FlaskClient) -> None:
    page = text_of(client, "/en/verify")
    assert f'data-key="{base64.b64encode(keys.public_key()).decode()}"' in page.replace("&#43;", "+")
    assert 'data-origin="demo.invalid/log"' in page
    assert "/log/verifier.py" in page
    assert re.search(r"<form data-verify hidden", page)
    form = page[page.index("<form data-verify") : page.index("</form>", page.index("<form data-verify"))]
    assert "action=" not in form and " name=" not in form, "what is checked must never be sent"
    assert 'href="/en/verify"' in text_of(client, "/en/")
    assert 'href="/en/verify/here"' in page, "without JavaScript the site checks it"


# ---- checked by the site, for browsers that cannot


def a_receipt(index: int) -> tuple[int, str]:
    """Of a petition's log whose last entry takes the one before it back."""
    petition_id = an_open_petition_with_a_withdrawal()
    with reading() as session:
        size = queries.size_of(session, petition_id)
        return petition_id, queries.receipt(session, petition_id, index % size)


def sent(client: FlaskClient, text: str, language: str = "en") -> TestResponse:
    return client.post(f"/{language}/verify/here", data={"text": text})


def said(answer: TestResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.status
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))))


def test_the_site_checks_a_receipt_that_is_pasted(client: FlaskClient) -> None:
    petition_id, receipt = a_receipt(0)
    page = said(sent(client, receipt.replace("\n", "\r\n")))
    assert "Verified: the joining is in the log" in page
    assert f"Entry 0 of the log of petition No {petition_id} is this joining" in page
    assert page.count(" Right ") == 6 and page.count(" None here ") == 1, "seven steps; no witness has signed"
    assert "Entries in the log then 53" in page


def test_the_site_checks_the_receipt_of_a_withdrawal_and_a_promise(client: FlaskClient) -> None:
    petition_id, receipt = a_receipt(-1)
    page, entry = said(sent(client, receipt)), verifier.read_receipt(receipt).entry
    removal = verifier.read_entry(entry)
    assert isinstance(removal, verifier.Removal)
    assert "Verified: the withdrawal is in the log" in page
    assert f"takes entry {removal.index} back" in page
    promise = notes.promise(keys.origin_of(petition_id), verifier.leaf_hash(entry), making.AT, keys.signing_key())
    page = said(sent(client, f"\n{promise}\n"))
    assert "Verified: the promise is the site's own" in page and page.count(" Right ") == 3
    assert "Not proven" in said(sent(client, promise.replace("promise\n", "promise\nx", 1)))


def test_the_site_checks_a_file_and_reads_no_more_than_a_receipt_can_have(client: FlaskClient) -> None:
    _petition, receipt = a_receipt(0)
    file = (io.BytesIO(b"\xef\xbb\xbf" + receipt.encode()), "receipt.tlog-proof")
    answer = client.post("/en/verify/here", data={"file": file, "text": "pasted before"})
    assert "Verified: the joining is in the log" in said(answer)
    huge = (io.BytesIO(b"\xff" * 3_000_000), "film.mp4")
    assert "This is too long for a receipt." in said(client.post("/en/verify/here", data={"file": huge}), 422)


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2", "The form"),
        ("index 0", "index 1", "The path"),
        ("count 52 1", "count 51 1", "The number"),
        ("count 52 1", "count 54 -1", "The form"),
        ("demo.invalid/log/", "else.invalid/log/", "The log"),
        ("territories ", "territories 0", "The signature"),
    ],
)
def test_the_site_names_the_step_at_which_a_changed_receipt_fails(
    client: FlaskClient, old: str, new: str, step: str
) -> None:
    _petition, receipt = a_receipt(0)
    assert old in receipt
    page = said(sent(client, receipt.replace(old, new)))
    assert f"The check stopped at this step: {step}." in page and page.count(" Wrong ") == 1
    assert "Entries in the log then" not in page, "what is not proven is not told"


def test_a_receipt_of_another_petition_s_log_is_not_proven(client: FlaskClient) -> None:
    first, receipt = a_receipt(0)
    entry = base64.b64encode(verifier.read_receipt(receipt).entry).decode()
    other = base64.b64encode(base64.b64decode(entry).replace(f"\n{first}\n".encode(), b"\n999999\n")).decode()
    assert "stopped at this step: The path." in said(sent(client, receipt.replace(entry, other)))


@pytest.mark.parametrize(
    "text", ["garbage", "promise\n", "promise\n\n\n— a b", "\x00\ud800".encode("utf-8", "replace").decode()]
)
def test_garbage_is_not_proven_and_breaks_nothing(client: FlaskClient, text: str) -> None:
    assert "The check stopped at this step: The form." in said(sent(client, text))


def test_nothing_and_far_too_much_are_said_beside_the_field(client: FlaskClient) -> None:
    for text in ("", " \n\t"):
        page = sent(client, text)
        assert "There is nothing to check" in said(page, 422)
        assert 'aria-invalid="true"' in page.get_data(as_text=True)
    assert "The longest have 10,000 characters." in said(sent(client, "x" * (receipt_check.LONGEST + 1)), 422)


def test_a_signature_that_is_repeated_is_computed_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    _petition, receipt = a_receipt(0)
    computed = list[bytes]()
    right = verifier.check_ed25519

    def counting(public: bytes, message: bytes, signature: bytes) -> None:
        computed.append(signature)
        right(public, message, signature)

    monkeypatch.setattr(verifier, "check_ed25519", counting)
    line = receipt.splitlines(keepends=True)[-1]
    assert "Verified: the joining" in said(sent(client, receipt + line * 40))
    assert len(computed) == 1


def test_the_page_where_the_site_checks_is_kept_by_nobody(sqlite_app: Flask) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = True
    guest = sqlite_app.test_client()
    answer = guest.get("/en/verify/here")
    assert 'name="csrf_token"' in answer.get_data(as_text=True)
    assert "public" not in answer.headers["Cache-Control"]
    refused = guest.post("/en/verify/here", data={"text": "x"})
    assert refused.status_code == 400
    assert refused.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("language", "word"), [("kk", 'lang="kk"'), ("ru", 'lang="ru"')])
def test_the_site_answers_in_the_language_of_the_page(client: FlaskClient, language: str, word: str) -> None:
    _petition, receipt = a_receipt(0)
    page = sent(client, receipt, language).get_data(as_text=True)
    assert word in page and "Verified: the joining" not in page


def test_every_step_of_the_check_has_its_words() -> None:
    assert {kind: tuple(receipt_words.STEPS[kind]) for kind in receipt_check.STEPS} == receipt_check.STEPS
    assert set(receipt_words.FACTS) == set(receipt_check.Facts.__dataclass_fields__) - {"removed"}
