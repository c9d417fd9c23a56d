"""Killed workers, lost connections, clocks that jump: nothing is lost and nothing is doubled."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from petitions import db
from petitions.config import ROOT
from petitions.db import reading
from petitions.law.states import Event, State
from petitions.signatures.models import Signature
from petitions.tally.queries import count
from petitions.tally.recounting import examine
from petitions.tally.sealing import seal
from tests.conftest import Database
from tests.making import a_petition_in, citizens, joined, moment_of
from tests.signatures.rows import happened, join_one, rows_in_force, take_back

HOUR = timedelta(hours=1)

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(database: Database, tmp_path: Path) -> Start:
    """A process of this installation at work, once it is ready."""

    def run(work: str, *rest: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.tally.at_work", str(tmp_path), database.url, work, *map(str, rest)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    return run


def is_sound(petition: int, expected: int) -> bool:
    """Everything sealed, counters and log equal the rows, the number is what it must be."""
    at = moment_of(petition) + 2 * HOUR
    seal(at)
    with reading() as session:
        unsealed = sa.select(sa.func.count()).where(Signature.petition_id == petition, Signature.leaf.is_(None))
        assert session.scalar(unsealed) == 0
        assert count(session, petition) == expected == rows_in_force(petition)
    return examine(petition, at) == []


def test_a_tally_killed_at_any_point_loses_and_doubles_nothing(start: Start):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    signers = citizens(120, at=at)
    for portion in range(4):
        tally = start("tally")
        kill_after = random.uniform(0.0, 0.15)
        killer = threading.Timer(kill_after, tally.send_signal, [signal.SIGKILL])
        killer.start()
        for citizen in signers[portion * 30 : portion * 30 + 30]:
            join_one(petition, citizen, at)
        tally.wait(10)
    take_back(petition, signers[0], at)
    assert is_sound(petition, 119)
    assert happened(petition).count(Event.SUPPORT_REACHED) == 1


def test_who_was_told_that_they_joined_is_counted_though_the_process_was_killed(start: Start):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    signers = citizens(400, at=at)
    process = start("join", petition, at.isoformat(), *signers)
    time.sleep(0.1)
    process.kill()
    assert process.stdout is not None
    told = [line.strip() for line in process.stdout if len(line.strip()) == 32]
    with reading() as session:
        kept = set(session.scalars(sa.select(Signature.id).where(Signature.petition_id == petition)))
    assert set(told) <= kept
    assert len(kept) - len(told) <= 1  # the one whose answer was on its way
    assert is_sound(petition, len(kept))


def test_connections_that_are_cut_lose_and_double_nothing(postgresql_only: Database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    signers = citizens(150, at=at)
    over = threading.Event()

    def cut() -> None:
        with psycopg.connect(postgresql_only.url, autocommit=True) as connection:
            while not over.is_set():
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query <> ''"
                )
                time.sleep(random.uniform(0.01, 0.05))

    def count_on() -> None:
        while not over.is_set():
            try:
                seal(at)
            except DBAPIError:
                continue

    others = [threading.Thread(target=cut), threading.Thread(target=count_on), threading.Thread(target=count_on)]
    for thread in others:
        thread.start()
    told = [citizen for citizen in signers if _joined(petition, citizen, at)]
    over.set()
    for thread in others:
        thread.join()
    db.engine().dispose()  # what was cut a moment ago is in the pool still
    assert len(told) > 10
    assert rows_in_force(petition) >= len(told)
    assert is_sound(petition, rows_in_force(petition))


def _joined(petition: int, citizen: int, at: object) -> bool:
    """Whether the citizen was told that it is done."""
    try:
        join_one(petition, citizen, at)  # type: ignore[arg-type]
    except DBAPIError:
        return False
    return True


def test_a_clock_that_jumps_loses_and_doubles_nothing(database: Database):
    """Forward on one machine, back on another: the order of sealing is what counts, and it only grows."""
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    joined(petition, 3, at + timedelta(days=1), sealed=False)
    assert seal(at + timedelta(days=1)) == 3
    joined(petition, 4, at, sealed=False)
    assert seal(at) == 4
    assert seal(at - HOUR) == 0
    assert is_sound(petition, 7)
