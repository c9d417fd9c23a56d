"""Dear numbers: as new as the last change while they are cheap, else counted during a hundredth of the time."""

from __future__ import annotations

import threading

import pytest

from petitions import db, versions
from petitions.browsing.seldom import DEAR, REST, Seldom
from petitions.db import reading
from petitions.lifecycle.models import SUBJECT
from tests.conftest import Database


@pytest.fixture(autouse=True)
def nothing_is_dear() -> None:
    """Here something is."""


class Count:
    """A count that takes some seconds of its own clock."""

    def __init__(self, takes: float) -> None:
        self.takes, self.now, self.done = takes, 0.0, 0
        self.kept = Seldom[int](SUBJECT, now=lambda: self.now)

    def ask(self, of: int = 1) -> int:
        with reading() as session:
            return self.kept.get(session, of, self._count)

    def _count(self) -> int:
        self.now += self.takes
        self.done += 1
        return self.done


def change() -> None:
    with db.transaction() as session:
        versions.changed(session, SUBJECT)


def test_nothing_is_counted_twice_while_nothing_changes(database: Database) -> None:
    count = Count(takes=0.01)
    assert [count.ask(), count.ask()] == [1, 1]


def test_what_is_cheap_is_counted_after_every_change_and_every_day(database: Database) -> None:
    count = Count(takes=DEAR / 2)
    count.ask()
    change()
    assert count.ask() == 2
    assert count.ask(of=2) == 3


def test_what_is_dear_rests_before_it_is_counted_again(database: Database) -> None:
    count = Count(takes=2.0)
    count.ask()
    change()
    assert count.ask() == 1
    count.now += 2.0 * REST - 1
    assert count.ask(of=2) == 1
    count.now += 1
    assert count.ask() == 2


def test_whoever_writes_counts_for_themselves(database: Database) -> None:
    count = Count(takes=2.0)
    count.ask()
    with db.transaction() as session:
        assert count.kept.get(session, 1, lambda: 99) == 99
    assert count.ask() == 1


def test_while_one_counts_the_others_are_given_the_older_answer(sqlite_database: Database) -> None:
    count = Count(takes=0.0)
    count.ask()
    change()
    began, may_end = threading.Event(), threading.Event()

    def slow() -> int:
        began.set()
        assert may_end.wait(10)
        return 7

    def renew() -> None:
        with reading() as session:
            answers.append(count.kept.get(session, 1, slow))

    answers: list[int] = []
    renewing = threading.Thread(target=renew)
    renewing.start()
    assert began.wait(10)
    assert count.ask() == 1
    may_end.set()
    renewing.join(10)
    assert answers == [7]
    assert count.ask() == 7
