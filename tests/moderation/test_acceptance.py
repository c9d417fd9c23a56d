"""The check is passed (90-2(7)): in both orders, and never without a known threshold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from petitions.audit import SYSTEM
from petitions.db import reading, transaction
from petitions.law.states import ClockKind, State
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.advance import NotNow
from petitions.lifecycle.entering import ThresholdUnknown
from petitions.moderation import actions
from petitions.reference.actions import set_population
from petitions.reference.models import Territory
from tests import making
from tests.conftest import Database
from tests.moderation.people import MODERATOR, acts_on

HOUR = timedelta(hours=1)
SOURCE = "Bureau of National Statistics, a test"


def without_population(kato: str) -> None:
    with transaction() as session:
        unit = session.get_one(Territory, kato)
        unit.population = unit.population_date = unit.population_source = None


def test_check_first_the_link_opens_and_support_begins(database: Database) -> None:
    petition_id = making.a_filed_petition()
    actions.accept(petition_id, by=MODERATOR, at=making.AT + HOUR)
    with reading() as session:
        standing = lifecycle.standing(session, petition_id)
        running = {clock.kind for clock in lifecycle.clocks(session, petition_id) if clock.is_running}
    assert standing.state == State.SUPPORTING
    assert standing.link_token
    assert standing.required is None, "the threshold is frozen at opening, not at the check"
    assert standing.is_signable(making.AT + 2 * HOUR)
    assert running == {ClockKind.SUPPORT}


def test_support_first_the_petition_opens_with_its_threshold_frozen(database: Database) -> None:
    petition_id = making.a_petition_in(State.CHECKING, at=making.AT_2024_EDITION)
    at = making.moment_of(petition_id) + HOUR
    actions.accept(petition_id, by=MODERATOR, at=at)
    with reading() as session:
        standing = lifecycle.standing(session, petition_id)
    assert standing.state == State.OPEN
    assert standing.opened_at == at
    assert standing.required == 60
    assert standing.population == 1184
    assert standing.population_source


def test_support_first_joining_goes_on_during_the_check(database: Database) -> None:
    petition_id = making.a_petition_in(State.CHECKING, at=making.AT_2024_EDITION)
    with reading() as session:
        assert lifecycle.standing(session, petition_id).is_signable(making.moment_of(petition_id) + HOUR)


@pytest.mark.parametrize("at", [making.AT, making.AT_2024_EDITION], ids=["check first", "support first"])
def test_without_a_population_nothing_is_accepted_until_staff_enter_one(database: Database, at: object) -> None:
    petition_id = making.a_petition_in(State.CHECKING, at=at)  # type: ignore[arg-type]
    without_population(making.SETTLEMENT)
    then = making.moment_of(petition_id) + HOUR
    with pytest.raises(ThresholdUnknown):
        actions.accept(petition_id, by=MODERATOR, at=then)
    assert making.state_of(petition_id) == State.CHECKING
    set_population(making.SETTLEMENT, 1000, date(2025, 1, 1), SOURCE, SYSTEM, then)
    actions.accept(petition_id, by=MODERATOR, at=then + HOUR)
    assert making.state_of(petition_id) in (State.SUPPORTING, State.OPEN)


def test_a_petition_is_accepted_once(database: Database) -> None:
    petition_id = making.a_filed_petition()
    actions.accept(petition_id, by=MODERATOR, at=making.AT + HOUR)
    with pytest.raises(NotNow):
        actions.accept(petition_id, by=MODERATOR, at=making.AT + 2 * HOUR)
    assert acts_on(petition_id) == ["accept"]


def test_an_overdue_check_can_still_be_passed_and_its_term_ends_late(database: Database) -> None:
    petition_id = making.a_filed_petition()
    actions.accept(petition_id, by=MODERATOR, at=making.AT + timedelta(days=60))
    with reading() as session:
        check = next(c for c in lifecycle.clocks(session, petition_id) if c.kind == ClockKind.CHECK)
    assert check.ending == "late"
