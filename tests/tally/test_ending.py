"""Ends of support and of collection: nobody who joined in time is left out, nobody is let in late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from petitions.law.states import Event, State
from petitions.law.working_days import end_of_day
from petitions.signatures.writer import TIME_LIMIT
from petitions.tally.ending import end_collections
from petitions.tally.sealing import seal
from tests.making import (
    AT,
    AT_2024_EDITION,
    a_petition_in,
    accept,
    citizens,
    joined,
    moment_of,
    record,
    state_of,
)
from tests.signatures.rows import clock, happened, join_one, policy, standing, step, take_back

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)


def test_support_lapses_at_the_end_of_its_twentieth_working_day(database):
    """Link opened on Monday 1 June 2026: the last of 20 working days is Monday 29 June."""
    petition = a_petition_in(State.SUPPORTING)
    end = standing(petition).closes_at
    assert end == datetime(2026, 6, 29, 19, 0, tzinfo=UTC)
    joined(petition, 49, end - MICROSECOND)
    assert end_collections(end + TIME_LIMIT - MICROSECOND) == 0
    assert end_collections(end + TIME_LIMIT) == 1
    assert end_collections(end + TIME_LIMIT) == 0
    lapsed = step(petition, Event.LAPSED)
    assert (lapsed.at, lapsed.recorded_at) == (end, end + TIME_LIMIT)
    assert clock(petition, "support").ending == "lapsed"
    assert clock(petition, "court").is_running


def test_an_end_waits_until_everything_before_it_is_counted(database):
    petition = a_petition_in(State.SUPPORTING)
    end = standing(petition).closes_at
    joined(petition, 50, end - MICROSECOND, sealed=False)
    assert end_collections(end + HOUR) == 0
    seal(end + HOUR)
    reached = step(petition, Event.SUPPORT_REACHED)
    assert reached.at == end - MICROSECOND
    assert standing(petition).opened_at == end + HOUR
    assert clock(petition, "collection").started_on == date(2026, 6, 30)
    assert end_collections(end + HOUR) == 0


def test_a_joining_is_possible_until_the_last_microsecond_and_not_after(database):
    now = standing(a_petition_in(State.SUPPORTING))
    assert now.is_signable(now.opens_at)
    assert not now.is_signable(now.opens_at - MICROSECOND)
    assert now.is_signable(now.closes_at - MICROSECOND)
    assert not now.is_signable(now.closes_at)


def test_in_the_2024_edition_joining_ends_on_day_ten_and_support_lapses_on_day_twenty(database):
    """Filed on Monday 2 June 2025, with Kurban-ait on the 6th: the days are 17 June and 1 July."""
    petition = a_petition_in(State.SUPPORTING, at=AT_2024_EDITION)
    closes = standing(petition).closes_at
    assert closes == end_of_day(date(2025, 6, 17))
    assert end_collections(closes + HOUR) == 1  # only the clock of joining on the site
    assert (state_of(petition), clock(petition, "support_electronic").ending) == (State.SUPPORTING, "lapsed")
    assert not standing(petition).is_signable(closes)
    end = end_of_day(date(2025, 7, 1))
    assert end_collections(end) == 0
    assert end_collections(end + TIME_LIMIT) == 1
    assert step(petition, Event.LAPSED).at == end


def test_the_electronic_clock_is_met_by_a_fiftieth_joining_counted_late(database):
    petition = a_petition_in(State.SUPPORTING, at=AT_2024_EDITION)
    closes = standing(petition).closes_at
    joined(petition, 50, closes - MICROSECOND, sealed=False)
    assert end_collections(closes + HOUR) == 0
    seal(closes + HOUR)
    assert clock(petition, "support_electronic").ending == "met"
    assert state_of(petition) == State.CHECKING


def test_six_months_run_to_the_last_moment_of_the_same_day(database):
    """Opened on 21 October 2025: the last moment is that of 21 April 2026, Kazakhstan time."""
    opened = datetime(2025, 10, 21, 5, 0, tzinfo=UTC)
    petition = a_petition_in(State.CHECKING, at=datetime(2025, 10, 20, 5, 0, tzinfo=UTC))
    accept(petition, opened)
    assert clock(petition, "collection").due_on == date(2026, 4, 21)
    assert standing(petition).closes_at == datetime(2026, 4, 21, 19, 0, tzinfo=UTC)


def test_a_threshold_reached_in_time_counts_though_it_is_counted_late(database):
    petition = a_petition_in(State.OPEN)
    end = standing(petition).closes_at
    joined(petition, 10, end - MICROSECOND, sealed=False)
    assert end_collections(end + HOUR) == 0
    seal(end + HOUR)
    assert step(petition, Event.THRESHOLD_REACHED).at == end - MICROSECOND
    assert end_collections(end + HOUR) == 1
    assert Event.RETURNED not in happened(petition)
    assert state_of(petition) == State.SENT


def test_a_petition_that_missed_its_threshold_is_returned(database):
    petition = a_petition_in(State.OPEN)
    end = standing(petition).closes_at
    assert end_collections(end + TIME_LIMIT) == 1
    assert (state_of(petition), step(petition, Event.RETURNED).at) == (State.RETURNED, end)
    assert clock(petition, "collection").ending == "lapsed"


def test_sending_is_automatic_and_closes_the_collection(database):
    petition = a_petition_in(State.OPEN)
    at = moment_of(petition) + HOUR
    joined(petition, 10, at)
    assert standing(petition).closes_at == at
    assert not standing(petition).is_signable(at)
    assert end_collections(at + TIME_LIMIT - MICROSECOND) == 0
    assert end_collections(at + TIME_LIMIT) == 1
    assert end_collections(at + TIME_LIMIT) == 0
    assert happened(petition)[-2:] == [Event.SENT, Event.SENDING_NOTIFIED]
    assert clock(petition, "sending_notice").ending == "met"


def test_whoever_joined_before_the_closing_is_counted_before_the_sending(database):
    petition = a_petition_in(State.OPEN)
    at = moment_of(petition) + HOUR
    joined(petition, 10, at)
    (late,) = citizens(1)
    join_one(petition, late, at - MICROSECOND)  # its transaction ends after the tally has come by
    assert end_collections(at + TIME_LIMIT) == 0
    seal(at + TIME_LIMIT)
    assert end_collections(at + TIME_LIMIT) == 1


def test_later_withdrawals_undo_nothing(database):
    policy("sending_by_hand", "true", AT)
    petition = a_petition_in(State.OPEN)
    at = moment_of(petition) + HOUR
    signers = joined(petition, 10, at)
    for citizen in signers:
        take_back(petition, citizen, at + HOUR)
    seal(at + HOUR)
    end = standing(petition).closes_at
    end_collections(end + HOUR)
    assert state_of(petition) == State.REACHED


def test_a_petition_restored_after_its_end_is_returned_on_the_day_of_the_restore(database):
    petition = a_petition_in(State.OPEN)
    end = standing(petition).closes_at
    record(petition, Event.TAKEN_DOWN, end - 24 * HOUR, act="Court order No 1")
    assert standing(petition).closes_at == end - 24 * HOUR
    record(petition, Event.RESTORED, end + 24 * HOUR)
    assert standing(petition).closes_at == end
    assert not standing(petition).is_signable(end + 24 * HOUR)
    end_collections(end + 25 * HOUR)
    assert step(petition, Event.RETURNED).at == end + 24 * HOUR


def test_a_petition_whose_year_the_calendar_does_not_know_holds_up_no_other(database):
    stuck, free = a_petition_in(State.REACHED), a_petition_in(State.OPEN)
    beyond_the_calendar = datetime(2028, 1, 3, 6, 0, tzinfo=UTC)
    assert end_collections(beyond_the_calendar) == 1
    assert (state_of(stuck), state_of(free)) == (State.REACHED, State.RETURNED)
