"""A changed calendar moves running clocks only, never into the past, and joining goes with its clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from petitions.audit import Actor
from petitions.audit.queries import newest
from petitions.console import actions
from petitions.console import queries as console
from petitions.db import reading, transaction
from petitions.law.states import ClockKind, Event, State
from petitions.law.working_days import end_of_day
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle import recomputing
from petitions.lifecycle.models import Clock, Petition
from petitions.reference import queries as reference
from petitions.reference.actions import set_policy
from petitions.reference.kinds import DayKind
from petitions.reference.names import Names
from tests import making

ADMIN = Actor("staff", None, "administrator")
FILED = datetime(2026, 3, 20, 6, 0, tzinfo=UTC)  # a Friday: 20 working days end on 22 April 2026
NAMES = Names("Демалыс күні", "День отдыха", "Day off")
ACT = "Government order No 17"

pytestmark = pytest.mark.usefixtures("database")


def due(petition_id: int, kind: ClockKind) -> date:
    with reading() as session:
        return next(c.due_on for c in reversed(lifecycle.clocks(session, petition_id)) if c.kind == kind)


def days_off(*days: date, at: datetime = FILED) -> int:
    return sum(actions.change_day(day, DayKind.MOVED_DAY_OFF, NAMES, ACT, ADMIN, at) for day in days)


def recomputed(petition_id: int) -> list[dict[str, str]]:
    with reading() as session:
        steps = lifecycle.transitions(session, petition_id)
    return [move for step in steps if step.event == Event.CLOCKS_RECOMPUTED for move in step.details["moved"]]


def test_a_new_day_off_moves_a_check_that_runs() -> None:
    petition_id = making.a_filed_petition(at=FILED)
    assert days_off(date(2026, 4, 22)) == 1
    assert due(petition_id, ClockKind.CHECK) == date(2026, 4, 23)
    assert recomputed(petition_id) == [{"kind": "check", "from": "2026-04-22", "to": "2026-04-23"}]
    with reading() as session:
        step = lifecycle.transitions(session, petition_id)[-1]
        (entry,) = newest(session, subject="calendar")
    assert (step.reason, step.actor_role, step.to_state) == (ACT, "administrator", State.CHECKING)
    assert (entry.act, entry.details) == ("recompute-clocks", {"reason": ACT, "petitions": 1})


def test_the_preview_shows_what_would_move_and_changes_nothing() -> None:
    petition_id = making.a_filed_petition(at=FILED)
    with reading() as session:
        would_be = reference.calendar_with(session, {date(2026, 4, 22): False})
        (move,) = recomputing.preview(session, would_be, date(2026, 3, 20))
    assert (move.petition_id, move.kind, move.is_public) == (petition_id, ClockKind.CHECK, False)
    assert (move.old, move.new) == (date(2026, 4, 22), date(2026, 4, 23))
    assert due(petition_id, ClockKind.CHECK) == date(2026, 4, 22)


def test_taking_a_day_off_out_brings_the_clock_back() -> None:
    petition_id = making.a_filed_petition(at=FILED)
    days_off(date(2026, 4, 22))
    assert actions.take_day_out(date(2026, 4, 22), ACT, ADMIN, FILED) == 1
    assert due(petition_id, ClockKind.CHECK) == date(2026, 4, 22)


def test_running_it_again_changes_nothing() -> None:
    petition_id = making.a_filed_petition(at=FILED)
    days_off(date(2026, 4, 22))
    assert recomputing.recompute_clocks(by=ADMIN, at=FILED, reason=ACT) == 0
    assert len(recomputed(petition_id)) == 1


def test_an_ended_clock_keeps_its_day() -> None:
    petition_id = making.a_petition_in(State.SUPPORTING, at=FILED)
    days_off(date(2026, 4, 22), at=FILED + timedelta(days=1))
    assert due(petition_id, ClockKind.CHECK) == date(2026, 4, 22)
    assert [move["kind"] for move in recomputed(petition_id)] == ["support"]


def test_a_clock_never_moves_into_the_past() -> None:
    """A worked Saturday shortens the term, but not to a day that is over."""
    petition_id = making.a_filed_petition(at=FILED)
    last_morning = datetime(2026, 4, 22, 5, 0, tzinfo=UTC)
    actions.change_day(date(2026, 4, 18), DayKind.WORKING_SATURDAY, NAMES, ACT, ADMIN, last_morning)
    assert due(petition_id, ClockKind.CHECK) == date(2026, 4, 22)
    actions.take_day_out(date(2026, 4, 18), ACT, ADMIN, last_morning - timedelta(days=1))
    actions.change_day(date(2026, 4, 18), DayKind.WORKING_SATURDAY, NAMES, ACT, ADMIN, last_morning - timedelta(days=1))
    assert due(petition_id, ClockKind.CHECK) == date(2026, 4, 21)


def test_a_term_whose_passing_is_final_stays_passed() -> None:
    """Support that ran out yesterday is over, though the worker has not lapsed it yet."""
    petition_id = making.a_petition_in(State.SUPPORTING, at=FILED)
    end = due(petition_id, ClockKind.SUPPORT)
    day_after = end_of_day(end) + timedelta(hours=2)
    days_off(end, at=day_after)
    assert due(petition_id, ClockKind.SUPPORT) == end
    assert recomputed(petition_id) == []


def test_a_late_check_may_turn_out_not_to_be_late() -> None:
    petition_id = making.a_filed_petition(at=FILED)
    days_off(date(2026, 4, 22), at=datetime(2026, 4, 23, 5, 0, tzinfo=UTC))
    assert due(petition_id, ClockKind.CHECK) == date(2026, 4, 23)


def test_joining_ends_with_the_clock_that_set_its_end() -> None:
    petition_id = making.a_petition_in(State.SUPPORTING, at=FILED)
    end = due(petition_id, ClockKind.SUPPORT)
    days_off(end, at=FILED + timedelta(days=1))
    moved = due(petition_id, ClockKind.SUPPORT)
    assert moved > end
    with reading() as session:
        assert lifecycle.standing(session, petition_id).closes_at == end_of_day(moved)


def test_in_the_2024_edition_joining_ends_with_its_electronic_term() -> None:
    petition_id = making.a_filed_petition(at=making.AT_2024_EDITION)
    electronic = due(petition_id, ClockKind.SUPPORT_ELECTRONIC)
    days_off(electronic, at=making.AT_2024_EDITION)
    moved = due(petition_id, ClockKind.SUPPORT_ELECTRONIC)
    assert {move["kind"] for move in recomputed(petition_id)} == {"support_electronic", "support"}
    with reading() as session:
        assert lifecycle.standing(session, petition_id).closes_at == end_of_day(moved)


def test_six_months_of_collection_do_not_ask_the_calendar() -> None:
    petition_id = making.a_petition_in(State.OPEN, at=FILED)
    end = due(petition_id, ClockKind.COLLECTION)
    days_off(end, at=FILED + timedelta(days=2))
    assert due(petition_id, ClockKind.COLLECTION) == end


def test_where_the_policy_moves_the_end_of_a_collection_joining_moves_with_it() -> None:
    set_policy("collection_end_moves", "true", "a test", ADMIN, FILED)
    petition_id = making.a_petition_in(State.OPEN, at=FILED)
    end = due(petition_id, ClockKind.COLLECTION)
    days_off(end, at=FILED + timedelta(days=2))
    moved = due(petition_id, ClockKind.COLLECTION)
    assert moved > end
    with reading() as session:
        assert lifecycle.standing(session, petition_id).closes_at == end_of_day(moved)


def test_an_end_given_by_an_act_of_its_own_is_not_counted_anew() -> None:
    set_policy("collection_end_moves", "true", "a test", ADMIN, FILED)
    petition_id = making.a_petition_in(State.OPEN, at=FILED)
    at = making.moment_of(petition_id) + timedelta(hours=1)
    extended = due(petition_id, ClockKind.COLLECTION) + timedelta(days=9)
    with transaction() as session:
        session.execute(
            sa.update(Clock)
            .where(Clock.petition_id == petition_id, Clock.kind == ClockKind.COLLECTION)
            .values(due_on=extended)
        )
        session.execute(sa.update(Petition).where(Petition.id == petition_id).values(closes_at=end_of_day(extended)))
    making.record(petition_id, Event.COLLECTION_EXTENDED, at)
    recomputing.recompute_clocks(by=ADMIN, at=at, reason=ACT)
    assert due(petition_id, ClockKind.COLLECTION) == extended


def test_a_year_that_the_calendar_does_not_know_moves_nothing() -> None:
    petition_id = making.a_filed_petition(at=FILED)
    with reading() as session:
        known = reference.calendar(session)
        shorter = type(known)(known.exceptions, known.years - {2026})
        assert recomputing.preview(session, shorter, date(2026, 3, 20)) == []
    assert due(petition_id, ClockKind.CHECK) == date(2026, 4, 22)


def test_a_consideration_that_runs_moves_and_the_body_is_held_to_the_new_day() -> None:
    petition_id = making.a_petition_in(State.EXAMINATION, kato=making.VILLAGE, at=FILED)
    end = due(petition_id, ClockKind.CONSIDERATION)
    days_off(end, at=making.moment_of(petition_id))
    assert due(petition_id, ClockKind.CONSIDERATION) > end


def test_what_is_due_is_asked_of_both_engines() -> None:
    checked = making.a_filed_petition(kato=making.NO_POPULATION, at=FILED)
    examined = making.a_petition_in(State.EXAMINATION, kato=making.VILLAGE, at=FILED)
    at = making.moment_of(examined)
    with reading() as session:
        checks = console.check_queue(session, at)
        ours = console.consideration_queue(session, making.body_of(making.VILLAGE), at)
        ((unit, count),) = console.waiting_for_population(session)
        assert console.health(session).oldest_unannounced is not None
        assert console.missing_year(session, date(2026, 4, 1)) is None
        assert [body.slug for body in console.find_bodies(session, "mki")] == ["mki"]
    assert checked in {row.petition_id for row in checks.rows}
    assert [(row.petition_id, row.kind) for row in ours.rows] == [(examined, ClockKind.CONSIDERATION)]
    assert (unit.kato, count) == (making.NO_POPULATION, 1)
