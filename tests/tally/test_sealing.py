"""The tally: every joining is counted once, in order, and the law's two numbers are reached exactly once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import sqlalchemy as sa

from petitions.db import reading, transaction
from petitions.law.states import Event, State
from petitions.law.working_days import end_of_day
from petitions.reference.models import Territory
from petitions.signatures.models import Removal, Signature
from petitions.tally import queries
from petitions.tally.ending import end_collections
from petitions.tally.models import Tally
from petitions.tally.sealing import seal
from tests.making import (
    AT,
    AT_2024_EDITION,
    SETTLEMENT,
    VILLAGE,
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
SECOND = timedelta(seconds=1)
ALMATY_DISTRICT = "751110000"


def count(petition: int) -> int:
    with reading() as session:
        return queries.count(session, petition)


def sealed_order(petition: int) -> list[int]:
    with reading() as session:
        places = list(session.scalars(sa.select(Signature.leaf).where(Signature.petition_id == petition)))
        places += session.scalars(sa.select(Removal.leaf).where(Removal.petition_id == petition))
    assert None not in places
    return sorted(places)


def test_a_second_run_counts_nothing_twice(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    joined(petition, 7, at, sealed=False)
    assert seal(at) == 7
    assert seal(at) == 0
    assert count(petition) == 7
    assert sealed_order(petition) == list(range(7))


def test_two_tallies_at_once_count_nothing_twice(database):
    petition = a_petition_in(State.OPEN)
    at = moment_of(petition) + HOUR
    before, signers = count(petition), citizens(40)
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(join_one, petition, citizen, at) for citizen in signers]
        waiting += [threads.submit(seal, at) for _ in range(40)]
        for one in waiting:
            one.result()
    seal(at)
    assert count(petition) == before + 40
    assert sealed_order(petition) == list(range(before + 40))
    assert happened(petition).count(Event.THRESHOLD_REACHED) == 1
    assert happened(petition).count(Event.SUPPORT_REACHED) == 1


def test_support_is_reached_at_the_time_of_the_fiftieth_joining(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition)
    joined(petition, 49, at + HOUR, sealed=False)
    joined(petition, 1, at + 2 * HOUR, sealed=False)
    joined(petition, 1, at + 3 * HOUR, sealed=False)
    seal(at + 4 * HOUR)
    reached = step(petition, Event.SUPPORT_REACHED)
    assert (reached.at, reached.recorded_at) == (at + 2 * HOUR, at + 4 * HOUR)
    assert (reached.actor_kind, reached.actor_role) == ("system", "tally")
    assert standing(petition).opened_at == at + 4 * HOUR
    assert clock(petition, "support").ending == "met"


def test_forty_nine_are_not_enough(database):
    petition = a_petition_in(State.SUPPORTING)
    joined(petition, 49, moment_of(petition) + HOUR)
    assert state_of(petition) == State.SUPPORTING


def test_a_village_opens_with_its_threshold_reached(database):
    """232 people: five per cent are 12, fewer than the 50 of support; compared at once, closed at once."""
    petition = a_petition_in(State.SUPPORTING, kato=VILLAGE)
    at = moment_of(petition) + HOUR
    joined(petition, 50, at, kato=VILLAGE, sealed=False)
    seal(at + SECOND)
    now = standing(petition)
    assert (now.state, now.required, now.population) == (State.REACHED, 12, 232)
    assert now.closes_at == now.opened_at == at + SECOND
    assert step(petition, Event.THRESHOLD_REACHED).at == at + SECOND


def test_the_first_fifty_may_be_left_out_by_policy(database):
    policy("first_50_count", "false", AT)
    petition = a_petition_in(State.SUPPORTING, kato=VILLAGE)
    at = moment_of(petition)
    joined(petition, 61, at + HOUR)
    assert state_of(petition) == State.OPEN
    joined(petition, 1, at + 2 * HOUR)
    assert step(petition, Event.THRESHOLD_REACHED).at == at + 2 * HOUR


def test_support_first_goes_to_the_check_and_joining_goes_on(database):
    petition = a_petition_in(State.SUPPORTING, at=AT_2024_EDITION)
    at = moment_of(petition) + HOUR
    joined(petition, 50, at)
    now = standing(petition)
    assert (now.state, now.closes_at, now.opened_at) == (State.CHECKING, None, None)
    assert now.is_signable(at + 100 * HOUR)
    assert clock(petition, "check").started_on.isoformat() == "2025-06-02"
    joined(petition, 9, at + HOUR)
    accept(petition, at + 2 * HOUR)
    assert state_of(petition) == State.OPEN
    joined(petition, 1, at + 3 * HOUR)
    assert step(petition, Event.THRESHOLD_REACHED).at == at + 3 * HOUR


def test_a_threshold_passed_during_the_check_is_reached_at_the_opening(database):
    petition = a_petition_in(State.CHECKING, at=AT_2024_EDITION)
    at = moment_of(petition) + HOUR
    joined(petition, 30, at)
    accept(petition, at + HOUR)
    assert seal(at + HOUR + SECOND) == 0
    assert step(petition, Event.THRESHOLD_REACHED).at == at + HOUR


def test_a_withdrawal_lowers_the_count_and_keeps_its_place_in_the_order(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    signers = joined(petition, 5, at)
    take_back(petition, signers[0], at + HOUR)
    seal(at + HOUR)
    assert count(petition) == 4
    join_one(petition, signers[0], at + 2 * HOUR)
    seal(at + 2 * HOUR)
    assert count(petition) == 5
    assert sealed_order(petition) == list(range(7))
    with reading() as session:
        tally = session.get_one(Tally, petition)
        assert (tally.joinings, tally.removals) == (6, 1)
        assert session.scalars(sa.select(Removal.leaf)).all() == [5]


def test_joined_and_withdrawn_before_the_tally_came_round(database):
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    at = moment_of(petition) + HOUR
    join_one(petition, citizen, at)
    take_back(petition, citizen, at)
    assert seal(at + SECOND) == 2
    assert count(petition) == 0
    with reading() as session:
        joined_at = session.scalar(sa.select(Signature.leaf))
        assert (joined_at, session.scalar(sa.select(Removal.leaf))) == (0, 1)


def test_leaving_and_joining_again_in_one_moment_never_counts_as_two(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    signers = joined(petition, 49, at)
    take_back(petition, signers[0], at + HOUR)
    join_one(petition, signers[0], at + HOUR)
    seal(at + HOUR)
    assert count(petition) == 49
    assert state_of(petition) == State.SUPPORTING


def test_what_was_reached_stays_reached(database):
    """Fifty joined and one left before the tally came round: support was reached, and is not undone."""
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    signers = joined(petition, 50, at, sealed=False)
    take_back(petition, signers[0], at + HOUR)
    seal(at + 2 * HOUR)
    assert step(petition, Event.SUPPORT_REACHED).at == at
    for citizen in signers[1:40]:
        take_back(petition, citizen, at + 3 * HOUR)
    seal(at + 3 * HOUR)
    assert (state_of(petition), count(petition)) == (State.OPEN, 10)


def test_residents_and_regions_are_counted_apart(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    at_home = joined(petition, 3, at, kato=SETTLEMENT, sealed=False)
    joined(petition, 2, at, kato=ALMATY_DISTRICT, sealed=False)
    joined(petition, 1, at, kato=None, sealed=False)
    seal(at)
    take_back(petition, at_home[0], at + HOUR)
    seal(at + HOUR)
    with reading() as session:
        assert queries.residents(session, petition) == 2
        assert queries.by_territory(session, petition) == {"390000000": 2, "750000000": 2, "": 1}
        assert queries.counts(session, [petition, petition + 1]) == {petition: 5}


def test_a_petition_that_cannot_open_holds_up_no_other_and_does_not_lapse(database):
    stuck, free = a_petition_in(State.SUPPORTING), a_petition_in(State.SUPPORTING, kato=VILLAGE)
    at = moment_of(free) + HOUR
    population = _forget_population(SETTLEMENT)
    joined(stuck, 50, at, sealed=False)
    joined(free, 50, at, sealed=False)
    seal(at)
    assert (state_of(stuck), count(stuck)) == (State.SUPPORTING, 50)
    assert state_of(free) == State.REACHED
    over = end_of_day(clock(stuck, "support").due_on) + HOUR
    end_collections(over)
    assert state_of(stuck) == State.SUPPORTING
    with transaction() as session:
        session.execute(sa.update(Territory).where(Territory.kato == SETTLEMENT).values(**population))
    seal(over)
    assert state_of(stuck) == State.OPEN
    assert step(stuck, Event.SUPPORT_REACHED).at == at


def test_a_threshold_reached_before_a_take_down_is_found_after_the_restore(database):
    petition = a_petition_in(State.OPEN)
    at = moment_of(petition) + HOUR
    joined(petition, 10, at, sealed=False)
    record(petition, Event.TAKEN_DOWN, at + SECOND, act="Court order No 1")
    seal(at + HOUR)
    assert (state_of(petition), count(petition)) == (State.TAKEN_DOWN, 60)
    record(petition, Event.RESTORED, at + 2 * HOUR)
    seal(at + 3 * HOUR)
    reached = step(petition, Event.THRESHOLD_REACHED)
    assert (reached.at, reached.recorded_at) == (at, at + 3 * HOUR)


def _forget_population(kato: str) -> dict[str, object]:
    columns = ("population", "population_date", "population_source")
    with transaction() as session:
        unit = session.get_one(Territory, kato)
        known = {name: getattr(unit, name) for name in columns}
        for name in columns:
            setattr(unit, name, None)
    return known
