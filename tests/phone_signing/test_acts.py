"""A phone files, withdraws and takes a joining back: the whole act at once, whatever became of the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from petitions.db import reading
from petitions.drafting import actions as drafting
from petitions.law.states import State
from petitions.lifecycle.models import Petition
from petitions.signatures.models import ActEvidence
from tests import making
from tests.making import AT, citizen
from tests.phone_signing.phone import Phone
from tests.signatures.rows import rows_in_force

HOUR = timedelta(hours=1)


@pytest.fixture
def author(sqlite_app, authority):
    """An author at a browser and the phone: client, phone, the author's id."""
    making.use_demo_registry(sqlite_app)
    making.law_time(AT)
    author_id = making.a_citizen()
    client = sqlite_app.test_client()
    making.sign_in(client, citizen_id=author_id)
    return client, Phone(sqlite_app, authority, "aigul", AT), author_id


def begin_filing(client, petition_id: int):
    with reading() as session:
        version = str(session.get_one(Petition, petition_id).revision)
    return client.post(f"/en/drafts/{petition_id}/filing", data={"version": version, "agreed": "y"})


def acts() -> list[str]:
    with reading() as session:
        return list(session.scalars(sa.select(ActEvidence.act)))


def test_a_phone_files_and_the_browser_is_shown_ones_petitions(author):
    client, phone, author_id = author
    petition_id = making.a_draft(author_id)
    phone.scan(begin_filing(client, petition_id))
    signature = phone.signature(phone.text())
    assert [phone.put(signature).status_code for _ in range(2)] == [200, 200]
    assert making.state_of(petition_id) == State.CHECKING and acts() == ["file"]
    page = client.get(f"/en/signing-requests/{phone.request_id}", follow_redirects=True)
    assert "Your petition is filed." in page.text


def test_a_draft_that_changed_while_the_phone_was_asked_is_not_filed(author):
    client, phone, author_id = author
    petition_id = making.a_draft(author_id)
    phone.scan(begin_filing(client, petition_id))
    signature = phone.signature(phone.text())
    drafting.save(petition_id, making.answers(), revision=2, by=citizen(author_id), at=AT)
    answer = phone.put(signature)
    assert answer.status_code == 403 and "changed" in answer.json["message"]
    page = client.get(f"/en/signing-requests/{phone.request_id}")
    assert "Your draft was changed meanwhile." in page.text
    assert f'href="/en/drafts/{petition_id}/check"' in page.text
    assert making.state_of(petition_id) == State.DRAFT and acts() == []


def test_filing_is_not_asked_of_an_incomplete_draft(author):
    client, _phone, author_id = author
    petition_id = making.a_draft(author_id, arguments=())
    assert begin_filing(client, petition_id).status_code == 422


def test_a_phone_takes_a_petition_back(author):
    client, phone, author_id = author
    petition_id = making.a_filed_petition(author_id)
    page = client.post(f"/en/petitions/{petition_id}/withdrawal")
    assert phone.sign(page).status_code == 200
    assert making.state_of(petition_id) == State.WITHDRAWN and acts() == ["withdraw"]
    shown = client.get(f"/en/signing-requests/{phone.request_id}", follow_redirects=True)
    assert "Your petition is withdrawn." in shown.text


def test_this_computers_signature_ends_the_request_for_the_phone(author):
    client, phone, author_id = author
    petition_id = making.a_filed_petition(author_id)
    phone.scan(client.post(f"/en/petitions/{petition_id}/withdrawal"))
    signature = phone.signature(phone.text())
    data = {"challenge": phone.request_id, "signature": signature}
    answer = client.post(f"/en/petitions/{petition_id}/signed-withdrawal", data=data)
    assert answer.status_code == 302 and making.state_of(petition_id) == State.WITHDRAWN
    assert phone.put(signature).status_code == 200  # the same again
    phone.at += timedelta(seconds=1)
    assert phone.put(phone.signature(b"another text")).status_code == 403


def test_what_was_done_is_not_called_undone_when_this_computers_signature_is_sent_again(author):
    """The answer was lost and the page sent anew, or the phone was quicker."""
    client, phone, author_id = author
    petition_id = making.a_draft(author_id)
    phone.scan(begin_filing(client, petition_id))
    data = {"challenge": phone.request_id, "signature": phone.signature(phone.text())}
    answers = [client.post(f"/en/drafts/{petition_id}/signed-filing", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    phone.scan(client.post(f"/en/petitions/{petition_id}/withdrawal"))
    data = {"challenge": phone.request_id, "signature": phone.signature(phone.text())}
    answers = [client.post(f"/en/petitions/{petition_id}/signed-withdrawal", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert acts() == ["file", "withdraw"]


@pytest.mark.parametrize(("person", "kind"), [("daniyar", "personal"), ("", "revoked")])
def test_this_computers_wrong_signature_is_refused_with_the_way_to_begin_again(author, person, kind):
    client, phone, author_id = author
    petition_id = making.a_draft(author_id)
    phone.scan(begin_filing(client, petition_id))
    data = {"challenge": phone.request_id, "signature": phone.signature(phone.text(), by=person, kind=kind)}
    answer = client.post(f"/en/drafts/{petition_id}/signed-filing", data=data)
    assert answer.status_code == 422 and "Not signed" in answer.text
    assert f'href="/en/drafts/{petition_id}/check"' in answer.text
    forged = client.post(f"/en/drafts/{petition_id}/signed-filing", data=data | {"challenge": "0" * 32})
    assert forged.status_code == 409 and "Begin again" in forged.text
    assert making.state_of(petition_id) == State.DRAFT and acts() == []


def test_a_phone_takes_a_joining_back_once(browser, phone_of):
    signer = browser()
    signer.join()
    making.law_time(signer.at + HOUR)
    phone = phone_of(signer)
    phone.at = signer.at + HOUR
    phone.scan(signer.ask_to_withdraw())
    signature = phone.signature(phone.text())
    assert [phone.put(signature).status_code for _ in range(2)] == [200, 200]
    assert rows_in_force(signer.petition_id) == 0 and acts() == ["withdraw"]
    page = signer.client.get(f"/en/signing-requests/{phone.request_id}", follow_redirects=True)
    assert "Your joining is withdrawn." in page.text and "Withdrawn on" in page.text
