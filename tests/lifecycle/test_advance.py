"""One function moves a petition: state, transition, clocks and window, together or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event as Signal

import pytest

from petitions.audit import Actor
from petitions.db import transaction
from petitions.errors import Forbidden, NotFound
from petitions.law.states import Event, State
from petitions.lifecycle.advance import NotNow, advance, load
from petitions.lifecycle.entering import ThresholdUnknown
from tests.making import (
    AT,
    AT_2024_EDITION,
    SETTLEMENT,
    STAFF,
    a_filed_petition,
    a_petition_in,
    accept,
    citizens,
    record,
    refuse,
    state_of,
)
from tests.signatures.rows import clock, join_one, standing, steps
from tests.tally.test_sealing import _forget_population

HOUR = timedelta(hours=1)


def test_a_step_says_who_when_why_and_which_clocks(database):
    petition = a_filed_petition()
    refuse(petition, AT + HOUR)
    filed, refused = steps(petition)
    assert (filed.event, filed.from_state, filed.to_state) == (Event.FILED, State.DRAFT, State.CHECKING)
    assert (refused.seq, refused.actor_kind, refused.actor_role) == (2, "staff", "moderator")
    assert refused.edition == "2026-03-02"
    assert filed.clocks == [
        {
            "kind": "check",
            "term": 20,
            "unit": "working_days",
            "started_on": "2026-06-01",
            "due_on": clock(petition, "check").due_on.isoformat(),
        }
    ]


def test_a_step_the_state_does_not_permit_changes_nothing(database):
    petition = a_filed_petition()
    with pytest.raises(NotNow):
        record(petition, Event.DECIDED, AT + HOUR)
    assert state_of(petition) == State.CHECKING
    assert len(steps(petition)) == 1


def test_there_is_no_petition_without_a_row(database):
    with transaction() as session, pytest.raises(NotFound):
        load(session, 4711)


def test_two_moderators_at_once_make_one_decision(database):
    petition = a_filed_petition()

    def attempt(event: Event) -> bool:
        try:
            record(petition, event, AT + HOUR, by=author if event == Event.WITHDRAWN else STAFF)
        except NotNow:
            return False
        return True

    author = Actor("citizen", None, "author")
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(attempt, [Event.ACCEPTED, Event.WITHDRAWN, Event.REFUSED]))
    assert len(steps(petition)) == 1 + answers.count(True)
    assert answers[0] + answers[2] <= 1


@pytest.mark.parametrize(
    ("event", "kind"),
    [(Event.ACCEPTED, "citizen"), (Event.REFUSED, "system"), (Event.WITHDRAWN, "staff")],
)
def test_who_may_not_cause_a_step_does_not_cause_it_whatever_page_let_them_in(database, event, kind):
    petition = a_filed_petition()
    with pytest.raises(Forbidden):
        record(petition, event, AT + HOUR, by=Actor(kind, None, "somebody"))
    assert len(steps(petition)) == 1


def test_the_check_runs_from_filing_and_from_the_fiftieth_supporter(database):
    """90-2(4)-(8): 2026 from filing; 2024 from the 50th supporter."""
    assert clock(a_petition_in(State.CHECKING), "check").started_on == date(2026, 6, 1)
    later = a_petition_in(State.CHECKING, at=AT_2024_EDITION)
    assert clock(later, "check").started_on == date(2025, 6, 2)


def test_opening_freezes_the_threshold_with_population_date_and_source(database):
    petition = a_petition_in(State.OPEN)
    now = standing(petition)
    assert (now.required, now.population) == (60, 1184)
    assert now.population_on is not None and now.population_source
    _forget_population(SETTLEMENT)
    assert (standing(petition).required, standing(petition).population) == (60, 1184)


def test_nothing_opens_without_a_known_population(database):
    petition = a_petition_in(State.CHECKING, at=AT_2024_EDITION)
    _forget_population(SETTLEMENT)
    with pytest.raises(ThresholdUnknown):
        accept(petition, AT_2024_EDITION + 2 * HOUR)
    assert state_of(petition) == State.CHECKING


def test_a_link_is_made_once_and_cannot_be_guessed(database):
    petition = a_petition_in(State.SUPPORTING)
    token = standing(petition).link_token
    assert token is not None and len(token) >= 32
    assert standing(a_petition_in(State.SUPPORTING)).link_token != token
    assert standing(a_petition_in(State.CHECKING)).link_token is not None


def test_closing_is_never_in_the_past_and_never_later_than_it_was(database):
    petition = a_petition_in(State.SUPPORTING)
    at = AT + 24 * HOUR
    record(petition, Event.WITHDRAWN, at, Actor("citizen", None, "author"))
    assert standing(petition).closes_at == at
    late = a_petition_in(State.SUPPORTING)
    end = standing(late).closes_at
    record(late, Event.WITHDRAWN, end + HOUR, Actor("citizen", None, "author"))
    assert standing(late).closes_at == end


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_joining_goes_on_while_a_petition_is_held_for_a_step(database):
    """A plain row lock would make every signer wait for the moderator (SQLite has but one writer)."""
    petition, (citizen,) = a_petition_in(State.OPEN), citizens(1)
    at, held, joined = standing(petition).opened_at + HOUR, Signal(), Signal()

    def hold() -> bool:
        with transaction() as session:
            advance(session, load(session, petition), Event.MEDIA_INFORMED, by=STAFF, at=at)
            held.set()
            return joined.wait(10)

    with ThreadPoolExecutor(1) as threads:
        holding = threads.submit(hold)
        assert held.wait(10)
        join_one(petition, citizen, at)
        joined.set()
        assert holding.result()
