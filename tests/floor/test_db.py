"""One way to change, one way to read; what stands in the way of a transaction is tried again, not shown."""

from __future__ import annotations

import os
import signal
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, StatementError

from petitions import db
from petitions.audit import SYSTEM, AuditEntry, record
from petitions.db import WriteOnReadSession, reading, retried, transaction
from tests.conftest import Database

AT = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)


def acts() -> list[str]:
    with reading() as session:
        return list(
            session.scalars(sa.select(AuditEntry.act).where(AuditEntry.act != "load-reference").order_by(AuditEntry.id))
        )


def note(act: str) -> None:
    with transaction() as session:
        record(session, actor=SYSTEM, act=act, subject="test", at=AT)


def test_what_is_done_in_a_transaction_is_kept(database: Database) -> None:
    note("kept")
    assert acts() == ["kept"]


def test_what_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), transaction() as session:
        record(session, actor=SYSTEM, act="lost", subject="test", at=AT)
        session.flush()
        raise ZeroDivisionError
    assert acts() == []


def test_a_transaction_refuses_to_nest(database: Database) -> None:
    with pytest.raises(RuntimeError, match="within a transaction"), transaction(), transaction():
        pass


def test_a_reading_session_refuses_to_write(database: Database) -> None:
    with pytest.raises(WriteOnReadSession), reading() as session:
        session.add(AuditEntry(at=AT, actor_kind="system", actor_role="x", act="x", subject="x", details={}))
        session.flush()
    assert acts() == []


def test_a_moment_comes_back_in_utc_whatever_zone_it_went_in_with(database: Database) -> None:
    almaty = timezone(timedelta(hours=5))
    with transaction() as session:
        record(session, actor=SYSTEM, act="x", subject="x", at=datetime(2026, 6, 10, 10, 0, tzinfo=almaty))
    with reading() as session:
        moment = session.scalars(sa.select(AuditEntry.at).where(AuditEntry.act == "x")).one()
    assert moment == AT and moment.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"), transaction() as session:
        record(session, actor=SYSTEM, act="x", subject="x", at=datetime(2026, 6, 10))
        session.flush()


def test_concurrent_writers_who_read_first_all_succeed(database: Database) -> None:
    """The trap of deferred transactions on SQLite: read, then write, beside others who do the same."""

    def work(number: int) -> None:
        for _turn in range(5):
            with transaction() as session:
                session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
                record(session, actor=SYSTEM, act=f"worker-{number}", subject="test", at=AT)

    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(acts()) == 40


def test_a_process_forked_in_the_middle_of_a_transaction_keeps_nobody_waiting(sqlite_database: Database) -> None:
    with transaction() as session:
        session.execute(sa.text("SELECT 1"))
        child = os.fork()
        if child == 0:
            signal.pause()
    try:
        next_one = threading.Thread(target=_change_nothing, daemon=True)
        next_one.start()
        next_one.join(5)
        assert not next_one.is_alive()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _change_nothing() -> None:
    with transaction() as session:
        session.execute(sa.text("SELECT 1"))


def test_a_deadlock_is_tried_again(postgresql_only: Database) -> None:
    note("one")
    note("two")
    meet = threading.Barrier(2, timeout=10)
    tries: list[str] = []

    @retried
    def take(first: str, second: str) -> None:
        tries.append(first)
        is_first_try = tries.count(first) == 1
        with transaction() as session:
            session.execute(sa.update(AuditEntry).where(AuditEntry.act == first).values(subject="taken"))
            if is_first_try:
                meet.wait()  # each holds one row and now wants the other's
            session.execute(sa.update(AuditEntry).where(AuditEntry.act == second).values(subject="taken"))

    threads = [threading.Thread(target=take, args=pair) for pair in (("one", "two"), ("two", "one"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(tries) == 3, "one of them was the deadlock's victim and ran again"


def test_an_error_of_the_action_itself_is_not_tried_again(database: Database) -> None:
    tries: list[int] = []

    @retried
    def act() -> None:
        tries.append(1)
        with transaction() as session:
            session.execute(sa.text("SELECT nothing FROM nowhere"))

    with pytest.raises((OperationalError, sa.exc.ProgrammingError)):
        act()
    assert len(tries) == 1


def test_an_error_that_is_logged_does_not_name_its_values(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError) as told, reading() as session:
        session.execute(sa.text("SELECT nothing FROM nowhere WHERE name = :name"), {"name": "Смағұлова"})
    assert "Смағұлова" not in str(told.value)


@pytest.mark.parametrize(("sqlstate", "tries"), [("40001", 2), ("57P01", 1)])
def test_a_commit_is_tried_again_only_when_surely_nothing_was_kept(sqlstate: str, tries: int) -> None:
    class Failure(Exception):
        pass

    Failure.sqlstate = sqlstate  # type: ignore[attr-defined]
    tried: list[int] = []

    @retried
    def act() -> None:
        tried.append(1)
        if len(tried) == 1:
            raise sa.exc.DBAPIError(None, None, Failure())

    if tries == 1:
        with pytest.raises(sa.exc.DBAPIError):
            act()
    else:
        act()
    assert len(tried) == tries


def test_a_lost_connection_is_tried_again(postgresql_only: Database) -> None:
    tries: list[int] = []

    @retried
    def act() -> None:
        tries.append(1)
        with transaction() as session:
            if len(tries) == 1:
                pid = session.scalar(sa.text("SELECT pg_backend_pid()"))
                with db.make_engine(postgresql_only.url).connect() as other:
                    other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            record(session, actor=SYSTEM, act="done", subject="test", at=AT)
            session.flush()

    act()
    assert len(tries) == 2
    assert acts() == ["done"]


def test_the_database_itself_refuses_a_change_on_a_connection_that_reads(database: Database) -> None:
    note("one")
    with pytest.raises((OperationalError, sa.exc.InternalError)), reading() as session:
        session.execute(sa.update(AuditEntry).values(act="changed"))
    assert acts() == ["one"]


def test_a_snapshot_sees_one_moment_and_an_ordinary_reader_every_commit(database: Database) -> None:
    count = sa.select(sa.func.count()).select_from(AuditEntry)
    with reading(snapshot=True) as whole, reading() as ordinary:
        before = whole.scalar(count)
        assert ordinary.scalar(count) == before
        note("meanwhile")
        assert (whole.scalar(count), ordinary.scalar(count)) == (before, (before or 0) + 1)


def test_reading_within_reading_takes_no_second_connection(database: Database) -> None:
    """Else as many requests as the pool has connections would each hold one and wait for another."""
    with db.reading() as outer, db.reading() as inner:
        assert inner is outer
    with db.reading() as after:
        assert after is not outer


def test_a_connection_that_died_at_rest_is_replaced(postgresql_only: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "RESTED", 0.0)
    with db.reading() as session:
        own = session.scalar(sa.text("SELECT pg_backend_pid()"))
    with db.transaction() as session:
        session.execute(sa.text("SELECT pg_terminate_backend(:own)"), {"own": own})
    with db.reading() as session:
        assert session.scalar(sa.text("SELECT pg_backend_pid()")) != own


def test_signing_waits_for_the_disk_whatever_the_server_says(postgresql_only: Database) -> None:
    with db.transaction() as session:
        assert session.scalar(sa.text("SHOW synchronous_commit")) == "on"
