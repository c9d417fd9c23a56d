"""What everybody reads of the check, and what its moderators are told before they act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions.identity.roles import Role
from petitions.law.states import EVENT_LABELS, Event
from petitions.moderation import actions
from petitions.moderation.grounds import Ground
from tests import making
from tests.moderation.people import MODERATOR, REASONS, SENIOR, staff_client
from tests.moderation.test_acceptance import without_population

HOUR = timedelta(hours=1)


@pytest.fixture
def guest(sqlite_app: Flask) -> FlaskClient:
    making.law_time(making.AT + 3 * HOUR)
    return sqlite_app.test_client()


def refused_petition() -> int:
    petition_id = making.a_filed_petition()
    actions.refuse(
        petition_id,
        ground=Ground.SUBJECT,
        code="14",
        duplicate_of=None,
        text=REASONS,
        by=MODERATOR,
        at=making.AT + HOUR,
    )
    return petition_id


def test_a_refusal_names_its_subject_in_words_and_the_language_of_its_reasons(guest: FlaskClient) -> None:
    page = guest.get(f"/en/petitions/{refused_petition()}").text
    assert "14) The status of the state language" in page
    assert "/en/law?edition=" in page
    assert f'<div class="prose" lang="kk">\n  <p class="kept">{REASONS[:20]}' in page


def test_the_address_of_a_refusal_that_was_cancelled_says_so_and_shows_nothing_of_the_text(guest: FlaskClient) -> None:
    petition_id = refused_petition()
    actions.restore(petition_id, "Тақырып қате көрсетілген.", by=SENIOR, at=making.AT + 2 * HOUR)
    answer = guest.get(f"/en/petitions/{petition_id}")
    assert answer.status_code == 404
    assert "The refusal of this petition was cancelled on" in answer.text
    assert "a letter may be missing" not in answer.text
    assert "Мектеп" not in answer.text
    never_refused = making.a_filed_petition(title="Саябақтағы жарықты жөндеу қажет")
    assert "was cancelled" not in guest.get(f"/en/petitions/{never_refused}").text


def test_without_a_threshold_nothing_is_offered_that_would_be_refused(sqlite_app: Flask) -> None:
    making.law_time(making.AT + HOUR)
    moderator, petition_id = staff_client(sqlite_app), making.a_filed_petition()
    assert "Accept the petition" in moderator.get(f"/en/console/check/{petition_id}").text
    without_population(making.SETTLEMENT)
    page = moderator.get(f"/en/console/check/{petition_id}").text
    assert "Accept the petition" not in page
    assert "It cannot be accepted yet" in page
    assert "Refuse it" in page


def test_a_phone_number_in_a_refusal_is_taken_out_or_insisted_on(sqlite_app: Flask) -> None:
    making.law_time(making.AT + HOUR)
    moderator, petition_id = staff_client(sqlite_app), making.a_filed_petition()
    address = f"/en/console/check/{petition_id}/refusal"
    sent = {"ground": "subject", "topic_code": "14", "text": f"{REASONS} Тел.: +7 701 123 45 67"}
    answer = moderator.post(address, data=sent)
    assert answer.status_code == 422
    assert "Found in your text: A phone number" in answer.text
    preview = moderator.post(address, data=sent | {"may_be_published": "y"})
    assert preview.status_code == 200
    assert '<input type="hidden" name="may_be_published" value="y">' in preview.text
    signed = moderator.post(address, data=sent | {"may_be_published": "y", "step": "sign"})
    assert signed.status_code == 302


def test_the_audit_says_what_was_done_in_words(sqlite_app: Flask) -> None:
    refused_petition()
    audit = staff_client(sqlite_app, Role.SENIOR_MODERATOR).get("/en/console/audit").text
    assert "<span>refuse</span>" not in audit
    assert f"<span>{EVENT_LABELS[Event.REFUSED].name_en}</span>" in audit
