"""The app's three calls: who asks, the exact text, the signature; and everything that is refused."""

from __future__ import annotations

import base64
import html
import re
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import segno
import sqlalchemy as sa

from petitions import clock
from petitions.db import reading, transaction
from petitions.identity import services, signing_requests, ways
from petitions.identity.eds.ncanode import NcaNode
from petitions.identity.models import SigningRequest
from petitions.signatures.models import Evidence, Revocation, Signature
from tests.conftest import make_app
from tests.making import law_time
from tests.phone_signing.phone import request_of
from tests.signatures.rows import rows_in_force, standing
from tests.signing.conftest import hidden_of


def state_of(signer, phone) -> dict:
    return signer.get(f"signing-requests/{phone.request_id}/state.json").json


def grow_old(phone) -> None:
    """Let the request's time run out."""
    with transaction() as session:
        late = sa.update(SigningRequest).where(SigningRequest.id == phone.request_id)
        session.execute(late.values(expires_at=clock.real_now() - timedelta(seconds=1)))


def test_the_app_fetches_signs_and_the_citizen_has_joined(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    answer = phone.sign(signer.ask())
    assert (answer.status_code, answer.json) == (200, {"code": "200", "message": "success"})
    assert rows_in_force(signer.petition_id) == 1
    with reading() as session:
        evidence = session.scalars(sa.select(Evidence)).one()
    assert evidence.revocation == Revocation.PENDING and evidence.ask_at is not None
    shown = signer.get(f"signing-requests/{phone.request_id}")
    assert shown.location == f"/en/my-joinings/{signer.petition_id}"


def test_the_first_call_says_who_asks_until_when_and_where_the_document_is(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    told = phone.scan(signer.ask()).json
    assert "Check the text" in told["description"]
    assert set(told["organisation"]) == {"nameRu", "nameKz", "nameEn", "bin"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told["expiry_date"])
    left = datetime.fromisoformat(told["expiry_date"]) - clock.real_now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    assert told["document"]["auth_type"] == "Token"
    assert told["document"]["uri"] == f"http://localhost/egov-mobile/{phone.request_id}/document"


def test_the_page_shows_a_code_and_a_link_that_lead_to_the_first_call(browser):
    page = browser().ask()
    address = f"http://localhost/egov-mobile/{request_of(page)}"
    code = segno.make_qr(f"mobileSign:{address}", error="m").svg_data_uri(scale=5, border=4, light="#fff")
    assert code in html.unescape(page.text)
    assert f'href="/simulators/phone?{urlencode({"link": address})}' in page.text


def test_without_simulators_the_link_opens_the_app_itself(sqlite_database, tmp_path):
    app = make_app(sqlite_database, tmp_path, simulators=False)
    with app.test_request_context("/en/"):
        app.preprocess_request()
        link = ways.phone_way("a" * 32).link
    asked = dict(parse_qsl(urlsplit(link).query))
    assert link.startswith("https://m.egov.kz/mobileSign?")
    assert asked == {"link": f"http://localhost/egov-mobile/{'a' * 32}"} | ways.APP


def test_the_document_is_the_text_that_the_page_shows(browser, phone_of):
    signer = browser()
    phone, page = phone_of(signer), signer.ask()
    phone.scan(page)
    sent = phone.fetch().json
    assert (sent["signMethod"], sent["version"]) == ("CMS_SIGN_ONLY", 1)
    (paper,) = sent["documentsToSign"]
    assert paper["id"] == 1 and {"nameRu", "nameKz", "nameEn"} < set(paper)
    assert paper["document"]["file"]["mime"] == "text/plain"
    assert paper["document"]["file"]["data"] == hidden_of(page)["document"]


def test_the_page_is_told_how_far_the_phone_is(browser, phone_of):
    signer = browser()
    phone, page = phone_of(signer), signer.ask()
    phone.request_id = request_of(page)
    assert "Waiting for your phone" in state_of(signer, phone)["text"]
    phone.call_first()
    told = state_of(signer, phone)
    assert "Opened on the phone" in told["text"] and not told["over"]
    assert "Your signature is awaited" in signer.get(f"signing-requests/{phone.request_id}").text
    phone.put(phone.signature(phone.text()))
    assert state_of(signer, phone)["over"]


@pytest.mark.parametrize(
    ("by", "kind", "said"),
    [
        ("olga", "personal", "another person"),
        ("", "organisation", "organisation"),
        ("", "expired", "expired"),
        ("", "revoked", "revoked"),
        ("", "authentication", "for signing in"),
    ],
)
def test_a_signature_that_does_not_count_is_a_403_with_its_reason_on_both_screens(browser, phone_of, by, kind, said):
    signer = browser()
    phone = phone_of(signer)
    answer = phone.sign(signer.ask(), by=by, kind=kind)
    assert answer.status_code == 403 and said in answer.json["message"]
    page = signer.get(f"signing-requests/{phone.request_id}").text
    assert said in page and "Nothing was stored." in page and "Begin again" in page
    assert rows_in_force(signer.petition_id) == 0
    again = phone.put(phone.signature(signing_requests.find(phone.request_id).document))
    assert again.status_code == 403 and "begin again" in again.json["message"]
    assert rows_in_force(signer.petition_id) == 0


def test_an_engine_that_gives_no_verdict_does_not_end_the_request(browser, phone_of, monkeypatch):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    signature = phone.signature(phone.text())
    with monkeypatch.context() as patched:
        patched.setattr(services.trust(), "judge", NcaNode("http://127.0.0.1:1"))
        answer = phone.put(signature)
    assert answer.status_code == 503 and "Nothing was stored." in answer.json["message"]
    assert phone.put(signature).status_code == 200
    assert rows_in_force(signer.petition_id) == 1


def test_a_body_nested_without_end_is_not_understood(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"}
    path = f"/egov-mobile/{phone.request_id}/document"
    assert phone.app.test_client().put(path, data="[" * 200_000, headers=headers).status_code == 400
    assert phone.put(phone.signature(phone.text())).status_code == 200


def test_the_message_is_in_the_language_of_the_phone(browser, phone_of):
    signer = browser()
    said = set()
    for language in ("kk", "ru", "en"):
        phone = phone_of(signer)
        phone.language = language
        said.add(phone.sign(signer.ask(), by="olga").json["message"])
    assert len(said) == 3


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {"documentsToSign": []},
        {"documentsToSign": [{}]},
        {"documentsToSign": [{"document": {"file": {"data": 7}}}]},
        {"documentsToSign": [{"document": {"file": {"data": "no base64!"}}}]},
        {"documentsToSign": [{"document": {"file": {"data": base64.b64encode(b"no CMS").decode()}}}]},
        {"documentsToSign": [{}, {}]},
    ],
)
def test_what_is_no_signed_document_is_refused_and_never_an_error(browser, phone_of, body):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    answer = phone.send(body)
    assert answer.status_code in (400, 403) and answer.json["message"]
    assert rows_in_force(signer.petition_id) == 0


def test_a_body_larger_than_any_signature_is_not_read(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    assert phone.put("A" * 600_000).status_code == 413


def test_without_the_token_nothing_is_fetched_or_taken(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    signature = phone.signature(phone.text())
    for wrong in ("", "x", phone.token[:-1], phone.token + "x"):
        held, phone.token = phone.token, wrong
        assert phone.fetch().status_code == 403
        assert phone.put(signature).status_code == 403
        phone.token = held
    assert phone.put(signature).status_code == 200


def test_a_second_phone_puts_the_first_ones_token_out_of_force(browser, phone_of):
    signer = browser()
    first, second = phone_of(signer), phone_of(signer)
    page = signer.ask()
    first.scan(page)
    second.scan(page)
    answer = first.fetch()
    assert answer.status_code == 403 and "scan the code again" in answer.json["message"]
    assert second.fetch().status_code == 200


def test_the_same_signature_sent_again_after_a_lost_answer_is_a_success_again(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    text = phone.text()
    signature = phone.signature(text)
    assert [phone.put(signature).status_code for _ in range(3)] == [200, 200, 200]
    assert rows_in_force(signer.petition_id) == 1
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Signature)) == 1
    phone.at += timedelta(seconds=1)
    assert phone.put(phone.signature(text)).status_code == 403  # another one: a request is signed once


def test_an_act_that_was_done_before_the_site_could_note_it_is_a_success(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    signature = phone.signature(phone.text())
    phone.put(signature)
    with transaction() as session:
        session.execute(sa.update(SigningRequest).values(state="scanned", signature_sha256=None))
    assert phone.put(signature).status_code == 200
    assert rows_in_force(signer.petition_id) == 1


def test_who_refuses_in_the_app_stores_nothing(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    signature = phone.signature(phone.text())
    assert phone.refuse().status_code == 200
    page = signer.get(f"signing-requests/{phone.request_id}").text
    assert "You refused to sign in the app." in page and "Nothing was stored." in page
    assert phone.put(signature).status_code == 403
    assert rows_in_force(signer.petition_id) == 0


def test_who_cancels_at_the_browser_is_not_signed_in_by_the_phone_any_more(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    signature = phone.signature(phone.text())
    answer = signer.client.post(f"/en/signing-requests/{phone.request_id}/cancellation", follow_redirects=True)
    assert "You cancelled the signing." in answer.text
    assert phone.put(signature).status_code == 403
    assert phone.call_first().status_code == 403
    assert rows_in_force(signer.petition_id) == 0


def test_cancelling_what_is_signed_undoes_nothing(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.sign(signer.ask())
    answer = signer.client.post(f"/en/signing-requests/{phone.request_id}/cancellation", follow_redirects=True)
    assert "You have joined this petition." in answer.text
    assert rows_in_force(signer.petition_id) == 1


def test_after_fifteen_minutes_nothing_is_taken_and_the_page_says_so(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    signature = phone.signature(phone.text())
    grow_old(phone)
    for answer in (phone.call_first(), phone.fetch(), phone.put(signature)):
        assert answer.status_code == 403 and "begin again" in answer.json["message"]
    assert state_of(signer, phone) == {"over": True, "text": "The 15 minutes are over."}
    assert "Begin again" in signer.get(f"signing-requests/{phone.request_id}").text
    assert rows_in_force(signer.petition_id) == 0


def test_what_nobody_signed_is_forgotten_in_the_end(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    assert signing_requests.forget_expired(clock.real_now() + timedelta(minutes=30)) == 0
    assert signing_requests.forget_expired(clock.real_now() + timedelta(hours=2)) == 1
    assert phone.call_first().status_code == 404
    assert signer.get(f"signing-requests/{phone.request_id}").status_code == 404


def test_a_request_belongs_to_the_browser_that_began(browser, phone_of, sqlite_app):
    signer, other = browser(), browser("olga")
    phone = phone_of(signer)
    phone.scan(signer.ask())
    for client in (other.client, sqlite_app.test_client()):
        for path in ("", "/state.json"):
            assert client.get(f"/en/signing-requests/{phone.request_id}{path}").status_code == 404
        assert client.post(f"/en/signing-requests/{phone.request_id}/cancellation").status_code == 404
    assert phone.fetch().status_code == 200


def test_one_request_is_not_asked_for_without_end(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    answers = [phone.call_first().status_code for _ in range(31)]
    assert answers[0] == 200 and answers[-1] == 429
    phone.request_id = "f" * 32
    assert phone.call_first().status_code == 404


def test_signing_begun_before_the_end_of_collecting_has_no_grace(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    signature = phone.signature(phone.text())
    law_time(standing(signer.petition_id).closes_at)
    answer = phone.put(signature)
    assert answer.status_code == 403 and "closed" in answer.json["message"]
    assert "closed" in signer.get(f"signing-requests/{phone.request_id}").text


def test_when_the_registry_is_down_the_phone_may_try_again(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    signature = phone.signature(phone.text())
    law_time(signer.at + timedelta(days=3))  # the facts have grown old
    assert phone.put(signature).status_code == 503
    assert not state_of(signer, phone)["over"]
    law_time(signer.at)
    assert phone.put(signature).status_code == 200


def test_who_joined_in_another_window_meanwhile_is_told_so(browser, phone_of):
    signer = browser()
    phone = phone_of(signer)
    phone.scan(signer.ask())
    signer.join()
    assert phone.put(phone.signature(phone.text())).status_code == 200
    page = signer.client.get(f"/en/signing-requests/{phone.request_id}", follow_redirects=True)
    assert "You have already joined this petition" in page.text
    assert rows_in_force(signer.petition_id) == 1
