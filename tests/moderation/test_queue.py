"""What waits for a moderator, and that two of them cannot decide one petition."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

from flask import Flask

from petitions.audit import SYSTEM
from petitions.db import reading
from petitions.identity.roles import Role
from petitions.law.states import State
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.advance import NotNow
from petitions.moderation import actions
from petitions.moderation.grounds import Ground
from petitions.moderation.queries import PAGE, Shelf, check_times, place_in_queue, queue
from petitions.reference.actions import set_policy
from tests import making
from tests.conftest import Database
from tests.moderation.people import MODERATOR, REASONS, acts_on, staff_client
from tests.moderation.test_acceptance import without_population

HOUR = timedelta(hours=1)


def numbers(shelf: Shelf, at: object = making.AT) -> list[int]:
    with reading() as session:
        return [row.id for row in queue(session, shelf, at).rows]  # type: ignore[arg-type]


def test_a_petition_stands_on_the_shelf_of_its_state_by_its_due_day(database: Database) -> None:
    late, early = making.a_filed_petition(), making.a_filed_petition(at=making.AT - timedelta(days=9))
    supporting = making.a_petition_in(State.SUPPORTING)
    opened = making.a_petition_in(State.OPEN)
    assert numbers(Shelf.CHECKING) == [early, late]
    assert numbers(Shelf.SUPPORTING) == [supporting]
    assert numbers(Shelf.MEDIA) == [opened]
    assert numbers(Shelf.SENDING) == numbers(Shelf.POPULATION) == numbers(Shelf.REFUSED) == []
    with reading() as session:
        assert place_in_queue(session, late) == (2, 2)
        assert place_in_queue(session, opened) is None


def test_a_row_tells_how_many_working_days_are_left(database: Database) -> None:
    making.a_filed_petition()
    with reading() as session:
        (today,) = queue(session, Shelf.CHECKING, making.AT).rows
        (soon,) = queue(session, Shelf.CHECKING, making.AT + timedelta(days=25)).rows
        (later,) = queue(session, Shelf.CHECKING, making.AT + timedelta(days=40)).rows
        (beyond,) = queue(session, Shelf.CHECKING, making.AT + timedelta(days=4000)).rows
    assert (today.left, today.overdue, today.tone) == (20, False, "neutral")
    assert today.due_on == date(2026, 6, 29)
    assert (soon.left, soon.tone) == (1, "warm")
    assert later.left is not None
    assert later.left < 0
    assert (later.overdue, later.tone) == (True, "bad")
    assert (beyond.left, beyond.overdue) == (None, True)


def test_without_a_population_a_petition_stands_on_two_shelves(database: Database) -> None:
    petition_id = making.a_filed_petition()
    without_population(making.SETTLEMENT)
    assert numbers(Shelf.POPULATION) == numbers(Shelf.CHECKING) == [petition_id]


def test_what_is_to_be_sent_by_hand_waits_until_it_is_ordered(database: Database) -> None:
    from petitions.lifecycle.sending import order_sending

    set_policy("sending_by_hand", "true", "A test of the setting", SYSTEM, making.AT)
    petition_id = making.a_petition_in(State.REACHED)
    assert numbers(Shelf.SENDING) == [petition_id]
    order_sending(petition_id, by=MODERATOR, at=making.moment_of(petition_id) + HOUR)
    assert numbers(Shelf.SENDING) == []


def test_the_median_of_the_check_is_in_working_days(database: Database) -> None:
    with reading() as session:
        assert check_times(session).median is None
    for days in (1, 4, 30):
        actions.accept(making.a_filed_petition(), by=MODERATOR, at=making.AT + timedelta(days=days))
    with reading() as session:
        times = check_times(session)
    assert (times.measured, times.in_time, times.median) == (3, 2, 4)


def test_a_long_queue_has_pages(sqlite_database: Database) -> None:
    author = making.a_citizen()
    for _ in range(PAGE + 1):
        making.a_filed_petition(author)
    with reading() as session:
        second = queue(session, Shelf.CHECKING, making.AT, 2)
        beyond = queue(session, Shelf.CHECKING, making.AT, 99)
    assert (second.number, second.pages, len(second.rows), second.rows[0].place) == (2, 2, 1, PAGE + 1)
    assert beyond.number == 2


def test_of_two_moderators_who_decide_at_once_one_is_told_that_it_moved_on(database: Database) -> None:
    petition_id = making.a_filed_petition()
    together = Barrier(2)

    def accepted() -> None:
        together.wait()
        actions.accept(petition_id, by=MODERATOR, at=making.AT + HOUR)

    def refused() -> None:
        together.wait()
        actions.refuse(
            petition_id,
            ground=Ground.SUBJECT,
            code="14",
            duplicate_of=None,
            text=REASONS,
            by=MODERATOR,
            at=making.AT + HOUR,
        )

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(act) for act in (accepted, refused)]
    assert [type(one.exception()) for one in both if one.exception()] == [NotNow]
    assert len(acts_on(petition_id)) == 1
    with reading() as session:
        assert len(lifecycle.transitions(session, petition_id)) == 2


def test_a_taken_down_petition_answers_410_to_everybody_and_comes_back(sqlite_app: Flask) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(petition_id) + HOUR)
    senior, reader = staff_client(sqlite_app, Role.SENIOR_MODERATOR), sqlite_app.test_client()
    console, public = f"/en/console/check/{petition_id}", f"/en/petitions/{petition_id}"
    assert reader.get(public).status_code == 200
    order = {"issuer": "Алматы қаласының соты", "number": "2-17", "on": "2026-06-01"}
    assert senior.post(f"{console}/take-down", data=order).status_code == 302
    assert reader.get(public).status_code == 410
    reason = {"reason": "Сот актісінің күші жойылды."}
    assert senior.post(f"{console}/restoration", data=reason).status_code == 302
    assert reader.get(public).status_code == 200
