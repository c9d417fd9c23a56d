"""A decision is made and published only by who proved to be there in the last ten minutes; nothing typed is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from petitions import clock
from petitions.audit.queries import newest
from petitions.consideration import deciding
from petitions.db import reading, transaction
from petitions.identity import totp
from petitions.identity.models import SignInSession, Staff
from petitions.law.states import State
from tests import making
from tests.consideration.conftest import ARRIVED, Desk, a_desk, a_draft

SECRET = totp.new_secret()
OMITTED = "Себебі: «тікелей байланыс» & <қосымша>\r\nекінші жол"
DECIDED = ARRIVED + timedelta(days=1)


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    """A complete draft, and a head whose app is known and whose proof is of eleven minutes ago."""
    desk = a_desk()
    deciding.draft_decision(desk.petition_id, a_draft(desk.petition_id), by=desk.officer, at=DECIDED)
    with transaction() as session:
        head = session.get_one(Staff, desk.head.id)
        head.totp_sealed = totp.seal(head.id, SECRET)
    making.law_time(DECIDED)
    making.sign_in(client, staff_id=desk.head.id)
    grow_old(11)
    return desk


def grow_old(minutes: int) -> None:
    with transaction() as session:
        session.execute(sa.update(SignInSession).values(proven_at=clock.real_now() - timedelta(minutes=minutes)))


def address(desk: Desk, rest: str) -> str:
    return f"/en/console/consideration/{desk.petition_id}{rest}"


def hidden(page: str) -> dict[str, str]:
    """What the page that asks for a proof sends again."""
    part = page.split("data-proof-of")[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', part)
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def filled(client: FlaskClient, desk: Desk) -> dict[str, str]:
    page = client.get(address(desk, "/decide")).get_data(as_text=True)
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    return {"seen": seen} | dict.fromkeys(re.findall(r'<textarea[^>]* name="(omit_[^"]+)"', page), OMITTED)


def code(later: int = 0) -> str:
    return totp.code_of(SECRET, totp.step_at(clock.real_now()) + later)


def test_a_decision_waits_for_a_proof_and_goes_on_with_all_that_was_typed(client: FlaskClient, desk: Desk) -> None:
    fields = filled(client, desk)
    assert OMITTED in fields.values()
    asked = client.post(address(desk, "/decide"), data=fields)
    assert asked.status_code == 403
    assert hidden(asked.text) == fields
    assert making.state_of(desk.petition_id) == State.EXAMINATION

    wrong = client.post(address(desk, "/decide"), data=fields | {"proof_code": "000000"})
    assert wrong.status_code == 403
    assert "This code is not right" in wrong.text
    assert hidden(wrong.text) == fields

    made = client.post(address(desk, "/decide"), data=fields | {"proof_code": code()})
    assert made.status_code == 302
    assert making.state_of(desk.petition_id) == State.DECIDED
    with reading() as session:
        told = [row.act for row in newest(session)]
    assert "prove-presence" in told
    assert "prove-presence-failed" in told


def test_publication_waits_for_a_proof_too(client: FlaskClient, desk: Desk) -> None:
    grow_old(0)
    assert client.post(address(desk, "/decide"), data=filled(client, desk)).status_code == 302
    grow_old(11)
    assert client.post(address(desk, "/steps/publication")).status_code == 403
    assert making.state_of(desk.petition_id) == State.DECIDED
    assert client.post(address(desk, "/steps/publication"), data={"proof_code": code()}).status_code == 302
    assert making.state_of(desk.petition_id) == State.PUBLISHED


def test_whoever_turns_back_finds_the_form_as_it_was(client: FlaskClient, desk: Desk) -> None:
    fields = filled(client, desk)
    back = client.post(address(desk, "/decide"), data=fields | {"proof_back": "1"})
    assert back.status_code == 200
    assert "«тікелей байланыс» &amp; &lt;қосымша&gt;" in back.text
    assert making.state_of(desk.petition_id) == State.EXAMINATION


def test_what_is_wrong_with_the_form_is_said_after_the_proof_beside_its_fields(client: FlaskClient, desk: Desk) -> None:
    fields = {name: "" if name.startswith("omit_") else value for name, value in filled(client, desk).items()}
    assert client.post(address(desk, "/decide"), data=fields | {"proof_code": code()}).status_code == 422
    assert making.state_of(desk.petition_id) == State.EXAMINATION


def test_other_steps_ask_for_no_proof(client: FlaskClient, desk: Desk) -> None:
    sent = {"number": "12-3", "on": datetime(2026, 7, 1, tzinfo=UTC).date().isoformat()}
    assert client.post(address(desk, "/steps/number"), data=sent).status_code == 302


def test_too_many_wrong_codes_are_told_on_the_same_page(client: FlaskClient, desk: Desk) -> None:
    fields = filled(client, desk)
    for _number in range(5):
        client.post(address(desk, "/decide"), data=fields | {"proof_code": "000000"})
    limited = client.post(address(desk, "/decide"), data=fields | {"proof_code": code()})
    assert limited.status_code == 403
    assert "Too many attempts" in limited.text
    assert hidden(limited.text) == fields
