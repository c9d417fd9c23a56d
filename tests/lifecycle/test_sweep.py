"""What happens by itself: registration, forwarding, silence. Each once, however often the worker comes by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from petitions import versions
from petitions.db import reading, transaction
from petitions.law.states import Event, State
from petitions.law.working_days import ZONE, end_of_day, local_date
from petitions.lifecycle.models import Petition
from petitions.lifecycle.sweep import sweep
from petitions.signatures.writer import TIME_LIMIT
from petitions.tally.ending import end_collections
from petitions.tally.models import Tally
from petitions.tally.sealing import seal
from tests.making import (
    AT,
    a_petition_in,
    accept,
    decide,
    joined,
    moment_of,
    publish,
    record,
    refuse,
    state_of,
)
from tests.signatures.rows import clock, happened, policy, standing, step

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("sent", "registered"),
    [
        (local(2026, 6, 3, 15), local(2026, 6, 3, 15)),  # within working hours: at once
        (local(2026, 6, 3, 7), local(2026, 6, 3, 9)),  # before them: the same day
        (local(2026, 6, 3, 18, 30), local(2026, 6, 4, 9)),  # after them: the next working day
        (local(2026, 6, 5, 20), local(2026, 6, 8, 9)),  # Friday evening: Monday
        (local(2026, 6, 6, 12), local(2026, 6, 8, 9)),  # Saturday: Monday
        (local(2026, 7, 3, 20), local(2026, 7, 7, 9)),  # Monday 6 July is a holiday: Tuesday
    ],
)
def test_registration_follows_from_the_time_of_sending(sqlite_database, sent, registered):
    """64(3): on the day of receipt; after hours and on days off, on the next working day."""
    petition = a_petition_in(State.REACHED)
    record(petition, Event.SENT, sent)
    assert sweep(registered - MICROSECOND) == 0
    assert sweep(registered + HOUR) == 1
    assert sweep(registered + HOUR) == 0
    found = step(petition, Event.REGISTERED)
    assert (found.at, found.recorded_at) == (registered, registered + HOUR)
    assert clock(petition, "consideration").started_on == local_date(registered)


def test_the_real_petition_of_june_2024(database):
    """50 000 on Sunday 9 June 2024, registered on Monday, examined until 6 August, as the press named it."""
    petition = a_petition_in(State.CHECKING, at=local(2024, 5, 6, 10), addressee="government")
    accept(petition, local(2024, 5, 29, 10))
    assert standing(petition).required == 50_000
    with transaction() as session:  # 50 000 rows would take the test a minute: the next joining is the last one needed
        session.get_one(Petition, petition).required = session.get_one(Tally, petition).joinings + 1
    sunday = local(2024, 6, 9, 17)
    joined(petition, 1, sunday)
    assert step(petition, Event.THRESHOLD_REACHED).at == sunday
    end_collections(sunday + TIME_LIMIT)
    assert sweep(sunday + HOUR) == 0
    assert sweep(local(2024, 6, 10, 9)) == 1
    assert step(petition, Event.REGISTERED).at == local(2024, 6, 10, 9)
    consideration = clock(petition, "consideration")
    assert (consideration.started_on, consideration.due_on) == (date(2024, 6, 10), date(2024, 8, 6))


def test_a_missed_threshold_becomes_a_message_with_its_own_term(database):
    petition = a_petition_in(State.RETURNED)
    at = local(2026, 12, 5, 12)  # Saturday
    assert sweep(at) == 1
    assert state_of(petition) == State.FORWARDED
    assert sweep(at) == 0
    monday = local(2026, 12, 7, 9)
    assert sweep(monday) == 1
    message = clock(petition, "message")
    assert (message.started_on, message.term) == (date(2026, 12, 7), 15)
    assert state_of(petition) == State.MESSAGE


def test_silence_is_marked_once_and_a_late_decision_can_still_be_published(database):
    petition = a_petition_in(State.EXAMINATION)
    end = end_of_day(clock(petition, "consideration").due_on)
    assert sweep(end - MICROSECOND) == 0
    assert sweep(end) == 1
    assert sweep(end + 48 * HOUR) == 0
    assert step(petition, Event.DEEMED_REFUSED).at == end
    assert state_of(petition) == State.EXAMINATION
    assert clock(petition, "consideration").ending == "lapsed"
    assert clock(petition, "appeal").started_on == local_date(end)
    decide(petition, end + 72 * HOUR)
    publish(petition, end + 73 * HOUR)
    assert happened(petition).count(Event.DEEMED_REFUSED) == 1
    assert sweep(end + 80 * HOUR) == 0


def test_a_term_of_appeal_passes_without_an_event(database):
    petition = a_petition_in(State.REFUSED)
    due = clock(petition, "court").due_on
    assert sweep(end_of_day(due) - MICROSECOND) == 0
    with reading() as session:
        before = versions.number(session, "petitions")
    assert sweep(end_of_day(due)) == 1
    assert sweep(end_of_day(due)) == 0
    with reading() as session:
        assert versions.number(session, "petitions") == before + 1  # pages that were kept show the end
    assert clock(petition, "court").ending == "lapsed"
    assert state_of(petition) == State.REFUSED


def test_a_refusal_undone_returns_to_the_check_with_the_same_due_day(database):
    petition = a_petition_in(State.CHECKING)
    before = clock(petition, "check")
    refuse(petition, AT + 48 * HOUR)
    assert clock(petition, "check").ending == "met"
    record(petition, Event.RESTORED, AT + 96 * HOUR)
    after = clock(petition, "check")
    assert (after.started_on, after.due_on, after.is_running) == (before.started_on, before.due_on, True)
    assert clock(petition, "court").ending == "cancelled"
    accept(petition, AT + 97 * HOUR)
    assert state_of(petition) == State.SUPPORTING


def test_an_open_petition_taken_down_and_restored_keeps_its_end(database):
    petition = a_petition_in(State.OPEN)
    at, before = moment_of(petition) + HOUR, standing(petition)
    record(petition, Event.TAKEN_DOWN, at, act="Court order No 1")
    assert standing(petition).closes_at == at
    record(petition, Event.RESTORED, at + HOUR)
    after = standing(petition)
    assert (after.state, after.closes_at) == (State.OPEN, before.closes_at)
    assert (after.opened_at, after.required) == (before.opened_at, before.required)
    assert clock(petition, "collection").is_running
    assert after.is_signable(at + HOUR)


def test_a_petition_whose_year_the_calendar_does_not_know_holds_up_no_other(sqlite_database):
    free, stuck = a_petition_in(State.RETURNED), a_petition_in(State.REACHED)
    record(stuck, Event.SENT, local(2027, 12, 20, 10))
    assert sweep(local(2027, 12, 27, 10)) == 1
    assert (state_of(stuck), state_of(free)) == (State.SENT, State.FORWARDED)


def test_working_hours_are_a_setting(sqlite_database):
    policy("working_hours_end", "17:00", AT)
    petition = a_petition_in(State.REACHED)
    record(petition, Event.SENT, local(2026, 6, 3, 17, 30))
    seal(local(2026, 6, 3, 18))
    assert sweep(local(2026, 6, 3, 18)) == 0
    assert sweep(local(2026, 6, 4, 9)) == 1
