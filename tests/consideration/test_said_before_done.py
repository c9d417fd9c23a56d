"""What an officer is told before and after an act, and what the public reads of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.consideration import actions, deciding
from petitions.consideration.deciding import Incomplete
from petitions.consideration.forms import AnnouncementForm
from petitions.law.states import Event
from petitions.lifecycle.sweep import sweep
from tests import making
from tests.consideration.conftest import ARRIVED, Desk, a_desk, a_draft, announce, decided, last

LATER = ARRIVED + timedelta(days=1)
HEARING = date(2026, 7, 20)


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    return a_desk()


@pytest.fixture(autouse=True)
def real_time_afterwards() -> Iterator[None]:
    yield
    clock.configure(None, may_shift=False)


def page(client: FlaskClient, desk: Desk, rest: str = "", *, at: datetime = LATER, head: bool = False) -> str:
    making.law_time(at)
    making.sign_in(client, staff_id=(desk.head if head else desk.officer).id)
    return client.get(f"/en/console/consideration/{desk.petition_id}{rest}").get_data(as_text=True)


def public_page(client: FlaskClient, desk: Desk) -> str:
    client.delete_cookie("session")
    return client.get(f"/en/petitions/{desk.petition_id}").get_data(as_text=True)


def write_draft(desk: Desk, **changes: object) -> None:
    deciding.draft_decision(desk.petition_id, a_draft(desk.petition_id, **changes), by=desk.officer, at=LATER)


def test_whoever_changes_an_announced_draft_is_told_that_it_is_public_at_once(client: FlaskClient, desk: Desk) -> None:
    told = "what you save here is public at once"
    write_draft(desk)
    assert told not in page(client, desk, "/decision")
    announce(desk, HEARING, LATER)
    assert told in page(client, desk, "/decision")
    assert "Last changed: July 1, 2026" in public_page(client, desk)


def test_an_incomplete_draft_is_not_announced_and_its_gaps_are_named(client: FlaskClient, desk: Desk) -> None:
    write_draft(desk, reasons="", answers={})
    shown = page(client, desk, "/steps/announcement")
    assert "The reasons are missing." in shown
    assert "has no answer with facts" in shown
    with pytest.raises(actions.DraftUnfinished):
        announce(desk, HEARING, LATER)


@pytest.mark.parametrize(
    ("on", "hour", "told"),
    [
        (date(2026, 7, 18), "10:00", "This is not a working day."),
        (date(2026, 7, 20), "03:00", "outside working hours"),
        (date(2026, 7, 29), "10:00", "This is the last day of the term"),
        (date(2026, 7, 30), "10:00", "The term ends before this day, on July 29, 2026"),
    ],
    ids=["Saturday", "at night", "on the last day", "after the term"],
)
def test_an_unusual_time_of_a_discussion_is_confirmed(
    client: FlaskClient, desk: Desk, on: date, hour: str, told: str
) -> None:
    write_draft(desk)
    assert 'name="insists"' not in page(client, desk, "/steps/announcement")
    address = f"/en/console/consideration/{desk.petition_id}/steps/announcement"
    sent = {"on": on.isoformat(), "hour": hour, "place": "Әкімдік", "online": ""}
    answer = client.post(address, data=sent)
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert client.post(address, data=sent | {"insists": "y"}).status_code == 302
    assert last(desk.petition_id, Event.DISCUSSION_ANNOUNCED).details["on"] == on.isoformat()


def test_a_discussion_that_the_decision_cancels_is_told_to_everybody(client: FlaskClient, desk: Desk) -> None:
    write_draft(desk)
    announce(desk, HEARING, LATER)
    decided(desk, LATER)
    cancelled = "The public discussion announced for July 20, 2026 is cancelled."
    shown = page(client, desk)
    assert cancelled in shown
    assert "It can be recorded from that day on" not in shown
    assert cancelled in public_page(client, desk)
    deciding.publish(desk.petition_id, by=desk.officer, at=LATER)
    answer = public_page(client, desk).split('id="answer"')[1].split("</section>")[0]
    assert cancelled in answer


@pytest.mark.parametrize("day", [20, 21], ids=["on its day it may have been held", "the day after"])
def test_a_discussion_whose_day_came_unrecorded_is_not_called_cancelled(desk: Desk, day: int) -> None:
    write_draft(desk)
    announce(desk, HEARING, LATER)
    decided(desk, datetime(2026, 7, day, 6, 0, tzinfo=UTC))
    details = last(desk.petition_id, Event.DECIDED).details
    assert details["discussion_unrecorded"] == "2026-07-20"
    assert "discussion_cancelled" not in details


def test_the_reason_for_a_duty_left_out_stands_with_the_answer(client: FlaskClient, desk: Desk) -> None:
    decided(desk, LATER)
    reason = "Бұл міндетті орындауға заңды негіз болмады."
    for place in ("", "/steps/publication"):
        assert reason in page(client, desk, place).split('id="duties"')[1].split("</section>")[0], place
    deciding.publish(desk.petition_id, by=desk.officer, at=LATER)
    answer = public_page(client, desk).split('id="answer"')[1].split("</section>")[0]
    assert f'<span lang="kk">{reason}</span>' in answer


def test_reasons_are_more_than_a_word(desk: Desk) -> None:
    write_draft(desk, reasons="Жоқ.")
    omitted = dict.fromkeys(("visit", "discussion", "group"), "Уақыт жоқ.")
    with pytest.raises(Incomplete) as refused:
        deciding.decide(desk.petition_id, omitted=omitted, by=desk.head, at=LATER)
    assert {one.place for one in refused.value.missing} == {"reasons", "omit_visit", "omit_discussion", "omit_group"}


def test_personal_data_in_a_public_text_are_taken_out_or_insisted_on(client: FlaskClient, desk: Desk) -> None:
    page(client, desk)
    address = f"/en/console/consideration/{desk.petition_id}/steps/visit"
    sent = {"on": "2026-07-01", "place": "Мектеп", "found": "Директор: 8 701 123 45 67"}
    answer = client.post(address, data=sent)
    assert answer.status_code == 422
    assert "Found in your text: A phone number" in answer.get_data(as_text=True)
    assert client.post(address, data=sent | {"may_be_published": "y"}).status_code == 302
    assert last(desk.petition_id, Event.VISITED).details["found"].startswith("Директор")


def test_silence_counts_as_a_refusal_from_one_day_everywhere(client: FlaskClient, desk: Desk) -> None:
    after = datetime(2026, 7, 30, 6, 0, tzinfo=UTC)
    sweep(after)
    shown = page(client, desk, at=after)
    assert "By law this is a refusal since July 30, 2026" in shown
    assert "July 30, 2026, 00:00" in shown, "the mark on the timeline"


def test_the_author_complains_to_the_body_that_was_silent(client: FlaskClient, desk: Desk) -> None:
    after = datetime(2026, 7, 30, 6, 0, tzinfo=UTC)
    sweep(after)
    making.law_time(after)
    making.sign_in(client, citizen_id=desk.author.id)
    shown = client.get(f"/en/petitions/{desk.petition_id}/appeal").get_data(as_text=True)
    assert "Give the complaint to the body that was silent" in shown and "the body that decided" not in shown


def test_every_place_where_the_term_runs_says_what_follows_when_it_passes(client: FlaskClient, desk: Desk) -> None:
    told = "If the term passes in silence, it counts as a refusal and the author may appeal"
    write_draft(desk)
    for place in ("", "/decision", "/decide"):
        assert told in page(client, desk, place, head=True), place
    assert told in client.get("/en/console/consideration").get_data(as_text=True)
    late = page(client, desk, "/decide", at=datetime(2026, 7, 30, 6, 0, tzinfo=UTC), head=True)
    assert "A decision made now is shown as late." in late


def test_what_was_entered_or_done_before_is_not_asked_as_if_it_were_new(client: FlaskClient, desk: Desk) -> None:
    assert "/steps/no-visit" in page(client, desk)
    actions.enter_number(desk.petition_id, number="12-3", on=LATER.date(), by=desk.officer, at=LATER)
    actions.record_visit(desk.petition_id, on=LATER.date(), place="Мектеп", found="Жол", by=desk.officer, at=LATER)
    shown = page(client, desk)
    assert "/steps/no-visit" not in shown
    assert 'value="12-3"' in page(client, desk, "/steps/number")


def test_the_long_number_of_an_online_meeting_is_no_telephone(sqlite_app: Flask) -> None:
    sent = {"online": "https://us02web.zoom.us/j/81234567890", "place": "8 701 123 45 67"}
    with sqlite_app.test_request_context(method="POST", data=sent):
        assert len(AnnouncementForm().personal_data) == 1
    with sqlite_app.test_request_context(method="POST", data=sent | {"place": ""}):
        assert not AnnouncementForm().personal_data
