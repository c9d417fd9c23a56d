"""Sending by hand (policy): collection goes on until staff order it, and nothing is lost meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from petitions.audit import AuditEntry
from petitions.db import reading
from petitions.law.states import Event, State
from petitions.lifecycle.advance import NotNow
from petitions.lifecycle.sending import order_sending
from petitions.signatures.writer import TIME_LIMIT
from petitions.tally.ending import end_collections
from petitions.tally.sealing import seal
from tests.making import AT, STAFF, a_petition_in, citizens, joined, moment_of, record, state_of
from tests.signatures.rows import clock, join_one, policy, standing, step

HOUR = timedelta(hours=1)


@pytest.fixture
def waiting(database):
    """A petition that reached its threshold and waits for an order."""
    policy("sending_by_hand", "true", AT)
    petition = a_petition_in(State.OPEN)
    joined(petition, 10, moment_of(petition) + HOUR)
    assert state_of(petition) == State.REACHED
    return petition


def test_collection_goes_on_until_the_order(waiting):
    at = moment_of(waiting) + HOUR
    assert standing(waiting).is_signable(at)
    assert end_collections(at) == 0
    order_sending(waiting, by=STAFF, at=at)
    assert standing(waiting).closes_at == at
    assert clock(waiting, "sending").ending == "met"
    assert end_collections(at + TIME_LIMIT) == 1
    assert (state_of(waiting), step(waiting, Event.SENT).at) == (State.SENT, at + TIME_LIMIT)
    with reading() as session:
        assert "order-sending" in session.scalars(sa.select(AuditEntry.act)).all()


def test_the_order_waits_for_whoever_joined_before_it(waiting):
    at = moment_of(waiting) + HOUR
    (citizen,) = citizens(1)
    join_one(waiting, citizen, at)
    order_sending(waiting, by=STAFF, at=at + HOUR)
    assert end_collections(at + 2 * HOUR) == 0
    seal(at + 2 * HOUR)
    assert end_collections(at + 2 * HOUR) == 1


def test_the_end_of_six_months_before_the_order_is_no_return(waiting):
    end = standing(waiting).closes_at
    assert end_collections(end + HOUR) == 0
    assert not standing(waiting).is_signable(end)
    assert clock(waiting, "sending").overdue(end)
    order_sending(waiting, by=STAFF, at=end + HOUR)
    assert clock(waiting, "sending").ending == "late"
    assert standing(waiting).closes_at == end
    assert end_collections(end + HOUR) == 1


def test_an_order_is_given_once_and_only_where_one_is_waited_for(waiting):
    at = moment_of(waiting) + HOUR
    order_sending(waiting, by=STAFF, at=at)
    with pytest.raises(NotNow):
        order_sending(waiting, by=STAFF, at=at)
    with pytest.raises(NotNow):
        order_sending(a_petition_in(State.CHECKING), by=STAFF, at=at)


def test_a_take_down_between_order_and_sending_does_not_open_joining_again(waiting):
    at = moment_of(waiting) + HOUR
    order_sending(waiting, by=STAFF, at=at)
    record(waiting, Event.TAKEN_DOWN, at, act="Court order No 1")
    record(waiting, Event.RESTORED, at + HOUR)
    assert not standing(waiting).is_signable(at + HOUR)
    assert end_collections(at + 2 * HOUR) == 1


def test_a_restored_petition_that_waits_for_its_order_collects_on(waiting):
    at = moment_of(waiting) + HOUR
    end = standing(waiting).closes_at
    record(waiting, Event.TAKEN_DOWN, at, act="Court order No 1")
    assert not standing(waiting).is_signable(at)
    record(waiting, Event.RESTORED, at + HOUR)
    assert standing(waiting).closes_at == end
    assert standing(waiting).is_signable(at + HOUR)


def test_collection_may_close_at_the_threshold_by_policy(database):
    policy("sending_by_hand", "true", AT)
    policy("collection_closes", "at_threshold", AT)
    petition = a_petition_in(State.OPEN)
    at = moment_of(petition) + HOUR
    joined(petition, 10, at)
    assert standing(petition).closes_at == at
    assert end_collections(at + HOUR) == 0
    order_sending(petition, by=STAFF, at=at + HOUR)
    assert end_collections(at + HOUR) == 1
