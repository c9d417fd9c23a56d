"""The moment a number is reached is that of the joining that decided, and it is final."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from petitions.tally.reaching import first_reached

START = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def three(joined: int) -> bool:
    return joined >= 3


def test_the_deciding_joining_gives_the_moment():
    assert first_reached([(at(n), 1) for n in range(5)], three, since=START) == at(2)


def test_a_number_that_was_touched_and_lost_again_was_reached():
    steps = [(at(0), 1), (at(1), 1), (at(2), 1), (at(3), -1), (at(4), -1)]
    assert first_reached(steps, three, since=START) == at(2)


def test_two_of_three_is_not_enough():
    steps = [(at(0), 1), (at(1), 1), (at(2), -1), (at(3), 1)]
    assert first_reached(steps, three, since=START) is None


def test_enough_before_the_opening_is_reached_at_the_opening():
    assert first_reached([(at(n), 1) for n in range(5)], three, since=at(10)) == at(10)


def test_what_was_touched_and_lost_before_the_opening_does_not_matter():
    steps = [(at(0), 1), (at(1), 1), (at(2), 1), (at(3), -1), (at(12), 1)]
    assert first_reached(steps, three, since=at(10)) == at(12)


def test_earlier_counts_carry_over():
    assert first_reached([(at(1), 1)], three, since=START, before=2) == at(1)
