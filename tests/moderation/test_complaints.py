"""What comes of a complaint against the refusal of the check or the lapse of support (91-92, 136)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from petitions.audit import SYSTEM
from petitions.consideration import appealing
from petitions.consideration.appeals import appeal_of
from petitions.db import reading
from petitions.i18n import LANGUAGES
from petitions.identity.roles import Role
from petitions.law.states import ClockKind, Event, State
from petitions.law.working_days import local_date
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.advance import NotNow
from petitions.moderation import actions
from petitions.moderation.actions import BadChoice
from petitions.moderation.queries import QueueRow, Shelf, queue
from petitions.moderation.wording import BadWording
from petitions.reference.actions import set_policy
from tests import making
from tests.conftest import Database
from tests.moderation.people import MODERATOR, SENIOR, acts_on, staff_client

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COURT = "Астана қаласының мамандандырылған ауданаралық әкімшілік соты"
IIN = making.people.person("aigul").iin
TEXT = "Сот шағымды қарап, тексеру актісінің күшін жойды."
ENDED = pytest.mark.parametrize("state", [State.REFUSED, State.LAPSED])


def complain(petition_id: int, to: str = "court") -> datetime:
    """The author complains an hour after the last step; returns when that was."""
    at = making.moment_of(petition_id) + HOUR
    author = making.citizen(making.a_citizen())
    appealing.file_appeal(petition_id, to=to, on=local_date(at), by=author, at=at)
    return at


def a_complaint(state: State, **given: Any) -> tuple[int, datetime]:
    petition_id = making.a_petition_in(state, **given)
    return petition_id, complain(petition_id)


def decide(petition_id: int, at: datetime, *, granted: bool = False, **changes: Any) -> None:
    words = {"on": local_date(at), "decided_by": COURT, "text": TEXT, **changes}
    actions.record_complaint_outcome(petition_id, granted=granted, by=MODERATOR, at=at, **words)


def last(petition_id: int) -> lifecycle.TransitionRow:
    with reading() as session:
        return lifecycle.transitions(session, petition_id)[-1]


def refused_shelf(at: datetime) -> tuple[QueueRow, ...]:
    with reading() as session:
        return queue(session, Shelf.REFUSED, at).rows


@ENDED
@pytest.mark.parametrize("granted", [True, False])
def test_the_outcome_of_a_complaint_is_recorded_and_makes_room_for_the_next_one(
    database: Database, state: State, granted: bool
) -> None:
    petition_id, at = a_complaint(state)
    decide(petition_id, at + 9 * DAY, granted=granted, on=local_date(at + 7 * DAY))
    step = last(petition_id)
    assert (step.event, step.to_state) == (Event.APPEAL_DECIDED, state)
    on = local_date(at + 7 * DAY)
    assert step.details == {"granted": granted, "on": on.isoformat(), "by": COURT, "text": TEXT}
    assert (local_date(step.at), step.recorded_at) == (on, at + 9 * DAY)
    assert acts_on(petition_id)[-1] == "record-complaint-outcome"
    with reading() as session:
        assert appeal_of(lifecycle.transitions(session, petition_id)).may_be_filed
    complain(petition_id)
    assert [row.id for row in refused_shelf(at + 10 * DAY) if row.complaint_open] == [petition_id]


@ENDED
def test_without_an_open_complaint_there_is_no_outcome(database: Database, state: State) -> None:
    petition_id = making.a_petition_in(state)
    with pytest.raises(NotNow):
        decide(petition_id, making.moment_of(petition_id) + HOUR)
    at = complain(petition_id)
    decide(petition_id, at + HOUR)
    with pytest.raises(NotNow):
        decide(petition_id, at + 2 * HOUR)


def test_a_complaint_against_a_body_is_no_business_of_the_check(sqlite_database: Database) -> None:
    petition_id = making.a_petition_in(State.PUBLISHED)
    at = complain(petition_id, to="superior_body")
    with pytest.raises(NotNow):
        decide(petition_id, at + HOUR)


def test_a_lifted_refusal_takes_the_complaint_against_it_along(database: Database) -> None:
    petition_id, at = a_complaint(State.REFUSED)
    actions.restore(petition_id, "Тақырып қате көрсетілген.", by=SENIOR, at=at + HOUR)
    with pytest.raises(NotNow):
        decide(petition_id, at + 2 * HOUR)
    making.refuse(petition_id, at + 3 * HOUR)
    assert [row.complaint_open for row in refused_shelf(at + 4 * HOUR)] == [False]


def test_a_complaint_outlives_a_take_down(database: Database) -> None:
    petition_id, at = a_complaint(State.REFUSED)
    making.record(petition_id, Event.TAKEN_DOWN, at + HOUR, act="Court order No 1")
    with pytest.raises(NotNow):
        decide(petition_id, at + 2 * HOUR)
    actions.restore(petition_id, "Сот актісінің күші жойылды.", by=SENIOR, at=at + 3 * HOUR)
    decide(petition_id, at + 4 * HOUR)


@pytest.mark.parametrize("days", [-1, 2])
def test_the_day_lies_between_the_complaint_and_today(sqlite_database: Database, days: int) -> None:
    petition_id, at = a_complaint(State.REFUSED)
    with pytest.raises(BadChoice):
        decide(petition_id, at + HOUR, on=local_date(at) + days * DAY)


@pytest.mark.parametrize("words", [{"decided_by": " "}, {"text": "Жоқ."}, {"text": f"Автордың ЖСН-і {IIN}."}])
def test_what_is_written_is_fit_for_everybody(sqlite_database: Database, words: dict[str, str]) -> None:
    petition_id, at = a_complaint(State.REFUSED)
    with pytest.raises(BadWording):
        decide(petition_id, at + HOUR, **words)
    assert last(petition_id).event is Event.APPEAL_FILED


@pytest.mark.parametrize(("granted", "court_is_next"), [(False, True), (True, False)])
def test_where_a_complaint_comes_first_a_dismissed_one_opens_the_way_to_court(
    database: Database, granted: bool, court_is_next: bool
) -> None:
    set_policy("ministry_appeal", "complaint", "A test of the setting", SYSTEM, making.AT)
    petition_id = making.a_petition_in(State.REFUSED)
    at = complain(petition_id, to="superior_body")
    decide(petition_id, at + HOUR, granted=granted)
    with reading() as session:
        running = {clock.kind for clock in lifecycle.clocks(session, petition_id) if clock.is_running}
    assert running == ({ClockKind.COURT} if court_is_next else set())


def test_open_complaints_stand_first_among_the_refused(database: Database) -> None:
    lapsed, lapsed_at = a_complaint(State.LAPSED)
    making.a_petition_in(State.LAPSED)
    refused = making.a_petition_in(State.REFUSED, at=making.AT + 60 * DAY)
    at = max(lapsed_at, making.moment_of(refused)) + DAY
    rows = refused_shelf(at)
    assert [(row.id, row.complaint_open, row.tone) for row in rows] == [
        (lapsed, True, "warm"),
        (refused, False, "neutral"),
    ]
    decide(lapsed, at)
    assert [row.id for row in refused_shelf(at)] == [refused]


@pytest.mark.parametrize("lang", LANGUAGES)
@ENDED
def test_the_pages_of_a_complaint_are_well_made_in_every_language(sqlite_app: Flask, lang: str, state: State) -> None:
    petition_id, at = a_complaint(state)
    making.law_time(at + DAY)
    client = staff_client(sqlite_app)
    check = f"/{lang}/console/check/{petition_id}"
    page = f"{check}/complaint-outcome"
    assert page in client.get(check).text
    assert check in client.get(f"/{lang}/console/check?part=refused").text
    assert client.get(page).status_code == 200
    assert client.post(page, data={"granted": "maybe", "text": TEXT}).status_code == 422
    assert client.post(page, data=answered("no", local_date(at))).status_code == 302
    assert page not in client.get(check).text
    assert client.get(page).status_code == 409


def answered(granted: str, on: object) -> dict[str, str]:
    return {"granted": granted, "on": str(on), "decided_by": COURT, "text": TEXT}


def test_a_granted_complaint_asks_the_senior_moderator_to_restore(sqlite_app: Flask) -> None:
    petition_id, at = a_complaint(State.REFUSED)
    making.law_time(at + DAY)
    client = staff_client(sqlite_app)
    check, shelf = f"/en/console/check/{petition_id}", "/en/console/check?part=refused"
    assert "Complaint open" in client.get(shelf).text
    assert "is open: record its outcome" in client.get(check).text
    tomorrow = client.post(f"{check}/complaint-outcome", data=answered("yes", local_date(at + 2 * DAY)))
    assert tomorrow.status_code == 422
    assert "Give a day from the complaint to today." in tomorrow.text
    assert TEXT in tomorrow.text
    client.post(f"{check}/complaint-outcome", data=answered("yes", local_date(at)))
    assert "a senior moderator now restores the petition" in client.get(check).text
    assert "Complaint open" not in client.get(shelf).text
    reason = {"reason": "Шағым қанағаттандырылды."}
    senior = staff_client(sqlite_app, Role.SENIOR_MODERATOR)
    assert senior.post(f"{check}/restoration", data=reason).status_code == 302
    assert making.state_of(petition_id) == State.CHECKING
    assert "senior moderator now restores" not in client.get(check).text


def test_a_granted_complaint_against_a_lapse_promises_no_restoring(sqlite_app: Flask) -> None:
    petition_id, at = a_complaint(State.LAPSED)
    making.law_time(at + DAY)
    decide(petition_id, at + HOUR, granted=True)
    page = staff_client(sqlite_app).get(f"/en/console/check/{petition_id}").text
    assert "The appeal was granted." in page
    assert "now restores" not in page
