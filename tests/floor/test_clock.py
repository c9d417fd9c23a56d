"""The law's clock may be shifted for trying; it ticks on, is the same in every process, and never runs back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from petitions import clock
from tests.conftest import Database

CLOSE = timedelta(seconds=5)
ANOTHER_PROCESS = """
import sys
from petitions import clock, db
db.configure(sys.argv[1])
clock.configure(sys.argv[2], may_shift=True)
for line in sys.stdin:
    print(clock.now().isoformat(), flush=True)
"""


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    yield
    clock.configure(None, may_shift=False)


def test_without_a_shift_the_laws_time_is_real_time(database: Database) -> None:
    clock.configure(None, may_shift=True)
    assert abs(clock.now() - clock.real_now()) < CLOSE
    assert not clock.is_shifted()


def test_a_shifted_clock_stands_where_it_was_set_and_ticks_on(database: Database) -> None:
    clock.configure("2026-03-02T09:00", may_shift=True)
    begun = clock.now()
    assert abs(begun - datetime(2026, 3, 2, 4, 0, tzinfo=UTC)) < CLOSE, "without a zone it is Kazakhstan time"
    assert clock.now() > begun
    assert clock.is_shifted()


def test_another_process_with_the_same_setting_tells_the_same_time(database: Database) -> None:
    clock.configure("2026-03-02T09:00", may_shift=True)
    clock.step(timedelta(days=3))
    here = clock.now()
    clock.configure("2026-03-02T09:00", may_shift=True)  # as a new process does
    assert timedelta(0) <= clock.now() - here < CLOSE


def test_when_a_step_is_done_every_process_tells_the_new_time(database: Database) -> None:
    set_to = "2026-03-02T09:00"
    clock.configure(set_to, may_shift=True)
    command = [sys.executable, "-c", ANOTHER_PROCESS, database.url, set_to]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        before = asked(other)
        clock.step(timedelta(days=3))
        clock.wait_for_everybody()
        assert asked(other) - before >= timedelta(days=3)
        assert other.stdin is not None
        other.stdin.close()


def asked(other: subprocess.Popen[str]) -> datetime:
    assert other.stdin is not None
    assert other.stdout is not None
    print(file=other.stdin, flush=True)
    return datetime.fromisoformat(other.stdout.readline().strip())


def test_a_step_moves_the_laws_time_and_not_the_sessions(database: Database) -> None:
    clock.configure(None, may_shift=True)
    clock.step(timedelta(days=1))
    assert abs(clock.now() - clock.real_now() - timedelta(days=1)) < CLOSE


def test_the_clock_never_steps_back_and_never_in_production(database: Database) -> None:
    clock.configure(None, may_shift=True)
    with pytest.raises(RuntimeError):
        clock.step(timedelta(days=-1))
    clock.configure(None, may_shift=False)
    with pytest.raises(RuntimeError):
        clock.step(timedelta(days=1))
