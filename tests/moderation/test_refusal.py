"""The check is not passed (90-2(6)): by the code of the failed condition, in the petition's own edition."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from petitions.db import reading
from petitions.law.states import ClockKind, Event, State
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.advance import NotNow
from petitions.moderation import actions, grounds
from petitions.moderation.grounds import BadGround, Ground
from petitions.moderation.wording import BadWording
from petitions.timeline.words import GROUND_NAMES
from tests import making
from tests.conftest import Database
from tests.moderation.people import MODERATOR, REASONS, acts_on

HOUR = timedelta(hours=1)
YEAR = timedelta(days=366)


def refuse(petition_id: int, *, at: datetime = making.AT + HOUR, **given: Any) -> None:
    values: dict[str, Any] = {"ground": Ground.SUBJECT, "code": "14", "duplicate_of": None, "text": REASONS}
    actions.refuse(petition_id, **{**values, **given}, by=MODERATOR, at=at)


def refused(petition_id: int) -> lifecycle.RefusalRow:
    with reading() as session:
        found = lifecycle.refusal(session, petition_id)
    assert found is not None
    return found


def test_a_barred_subject_is_refused_with_its_clause_and_the_public_reasons(database: Database) -> None:
    petition_id = making.a_filed_petition()
    refuse(petition_id)
    row = refused(petition_id)
    assert (row.ground, row.code, row.clause) == ("subject", "14", "90-2(3)(14)")
    assert row.text == REASONS
    with reading() as session:
        last = lifecycle.transitions(session, petition_id)[-1]
        clocks = {clock.kind: clock for clock in lifecycle.clocks(session, petition_id)}
    assert last.event == Event.REFUSED
    assert last.reason == REASONS
    assert last.details == {"ground": "subject", "code": "14", "clause": "90-2(3)(14)", "duplicate_of": None}
    assert clocks[ClockKind.CHECK].ending == "met"
    assert clocks[ClockKind.COURT].is_running, "a ministry's act is contested in court (136)"
    assert acts_on(petition_id) == ["refuse"]


@pytest.mark.parametrize(("code", "hidden"), [("1", True), ("2", True), ("9", True), ("10", False)])
def test_the_text_is_hidden_under_subjects_1_2_and_9_only(database: Database, code: str, hidden: bool) -> None:
    petition_id = making.a_filed_petition()
    refuse(petition_id, code=code)
    assert refused(petition_id).hides_text is hidden


def test_a_missing_field_is_refused_by_its_name(database: Database) -> None:
    petition_id = making.a_filed_petition()
    refuse(petition_id, ground=Ground.FIELD, code="subject")
    assert (refused(petition_id).code, refused(petition_id).clause) == ("subject", "90-2(2)")


@pytest.mark.parametrize(
    ("at", "ground", "code"),
    [
        (making.AT, Ground.SUBJECT, "17"),  # the 2026 edition has 16 subjects
        (making.AT, Ground.SUBJECT, "0"),
        (making.AT, Ground.SUBJECT, None),
        (making.AT_2024_EDITION, Ground.FIELD, "subject"),  # a field since 2026
        (making.AT, Ground.FIELD, "14"),
        (making.AT, Ground.FIELD, None),
    ],
)
def test_what_another_edition_names_is_no_ground(
    sqlite_database: Database, at: datetime, ground: Ground, code: str | None
) -> None:
    petition_id = making.a_petition_in(State.CHECKING, at=at)
    with pytest.raises(BadGround):
        refuse(petition_id, ground=ground, code=code, at=making.moment_of(petition_id) + HOUR)
    assert making.state_of(petition_id) == State.CHECKING


def test_the_seventeenth_subject_is_a_ground_under_the_2024_edition(database: Database) -> None:
    petition_id = making.a_petition_in(State.CHECKING, at=making.AT_2024_EDITION)
    refuse(petition_id, code="17", at=making.moment_of(petition_id) + HOUR)
    assert refused(petition_id).clause == "90-2(3)(17)"


def test_the_2026_edition_bars_a_subject_that_is_openly_published(database: Database) -> None:
    earlier = making.a_petition_in(State.OPEN)
    petition_id = making.a_filed_petition(at=making.moment_of(earlier) + HOUR)
    refuse(petition_id, ground=Ground.DUPLICATE, duplicate_of=earlier, at=making.moment_of(petition_id) + HOUR)
    row = refused(petition_id)
    assert (row.duplicate_of, row.clause, row.hides_text) == (earlier, "90-2(4)(3)", False)


@pytest.mark.parametrize(("filed_after", "bars"), [(timedelta(days=300), True), (YEAR, False)])
def test_the_2026_edition_bars_a_subject_decided_less_than_a_year_before(
    database: Database, filed_after: timedelta, bars: bool
) -> None:
    earlier = making.a_petition_in(State.PUBLISHED)
    petition_id = making.a_filed_petition(at=making.moment_of(earlier) + filed_after)
    then = making.moment_of(petition_id) + HOUR
    if bars:
        refuse(petition_id, ground=Ground.DUPLICATE, duplicate_of=earlier, at=then)
        assert refused(petition_id).duplicate_of == earlier
    else:
        with pytest.raises(BadGround) as told:
            refuse(petition_id, ground=Ground.DUPLICATE, duplicate_of=earlier, at=then)
        assert told.value.field == "duplicate_of"


def test_the_2024_edition_bars_whatever_stood_on_the_site_at_filing(database: Database) -> None:
    earlier = making.a_petition_in(State.MESSAGE_NOTED, at=datetime(2024, 9, 2, 6).astimezone())
    petition_id = making.a_petition_in(State.CHECKING, at=making.AT_2024_EDITION)
    refuse(petition_id, ground=Ground.DUPLICATE, duplicate_of=earlier, at=making.moment_of(petition_id) + HOUR)
    assert refused(petition_id).duplicate_of == earlier


def test_the_2024_edition_does_not_bar_by_what_opened_after_filing(database: Database) -> None:
    petition_id = making.a_petition_in(State.CHECKING, at=making.AT_2024_EDITION)
    later = making.a_petition_in(State.OPEN, at=making.AT_2024_EDITION + HOUR)
    with pytest.raises(BadGround):
        refuse(petition_id, ground=Ground.DUPLICATE, duplicate_of=later, at=making.moment_of(later) + HOUR)


@pytest.mark.parametrize("state", [State.DRAFT, State.CHECKING, State.SUPPORTING, State.REFUSED, State.LAPSED])
def test_a_petition_that_never_opened_bars_nothing(sqlite_database: Database, state: State) -> None:
    other = making.a_petition_in(state)
    petition_id = making.a_filed_petition(at=making.AT + 2 * HOUR)
    with pytest.raises(BadGround):
        refuse(petition_id, ground=Ground.DUPLICATE, duplicate_of=other, at=making.AT + 3 * HOUR)


@pytest.mark.parametrize("number", [None, "itself", 999_999])
def test_a_duplicate_needs_the_number_of_another_petition(sqlite_database: Database, number: Any) -> None:
    petition_id = making.a_filed_petition()
    with pytest.raises(BadGround):
        refuse(petition_id, ground=Ground.DUPLICATE, duplicate_of=petition_id if number == "itself" else number)


@pytest.mark.parametrize("text", ["", "   \n ", "Қысқа.", REASONS + " ИИН 880412400019"])
def test_reasons_are_long_enough_and_hold_no_iin(sqlite_database: Database, text: str) -> None:
    petition_id = making.a_filed_petition()
    if "ИИН" in text:
        text = REASONS + f" ИИН {making.people.person('aigul').iin}"
    with pytest.raises(BadWording):
        refuse(petition_id, text=text)
    assert making.state_of(petition_id) == State.CHECKING


def test_a_petition_that_moved_on_is_not_refused(database: Database) -> None:
    petition_id = making.a_filed_petition()
    actions.accept(petition_id, by=MODERATOR, at=making.AT + HOUR)
    with pytest.raises(NotNow):
        refuse(petition_id, at=making.AT + 2 * HOUR)


def test_the_remedy_is_the_court_within_one_month_moved_to_a_working_day(sqlite_database: Database) -> None:
    from petitions.law.editions import edition

    with reading() as session:
        found = grounds.remedy(session, edition("2026-03-02"), datetime(2026, 6, 4, 6).astimezone())
    assert (found.kind, found.due_on, found.article) == (ClockKind.COURT, date(2026, 7, 7), "136")


def test_every_ground_has_its_words() -> None:
    assert set(GROUND_NAMES) == set(Ground)
