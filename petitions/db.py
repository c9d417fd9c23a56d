"""The floor under every room: one way to change things, one way to read, each with its own connections.

`transaction()` holds the only commit of the code base. On SQLite it begins IMMEDIATE, because a deferred
transaction that reads and then writes fails under concurrency however long it may wait. `reading()` begins none:
BEGIN and ROLLBACK cost a page more than its queries, and each query still sees whole transactions only.
"""

from __future__ import annotations

import fcntl
import functools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

P = ParamSpec("P")
R = TypeVar("R")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ATTEMPTS = 4
# How long a silent network is believed: a connection that hangs would hang whoever waits for its lock or its thread.
HEARD_FROM = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
RESTED = 1.0  # seconds after which a connection is asked whether it lives
# deadlock and serialization failure: nothing was kept, even when COMMIT says so
ROLLED_BACK_SQLSTATES = ("40P01", "40001")
# the classes of a lost connection: after a COMMIT nobody knows what was kept
LOST_SQLSTATES = ("08000", "08003", "08006", "57P01", "57P02")


class Base(DeclarativeBase):
    """All tables; constraints are named by one rule so that both engines migrate alike."""

    metadata = sa.MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite keeps no zone, so it is put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """In one step: a page reads a hundred moments, and SQLAlchemy's own way takes three calls for each."""
        return _utc_of_text if dialect.name == "sqlite" else _utc


def _utc_of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class WriteOnReadSession(RuntimeError):
    """A page that reads tried to change something."""


class ReadingSession(Session):
    """The session of `reading()`; what is read through it is committed."""


_engine: Engine | None = None
_writing_engine: Engine | None = None  # the same connections, with the option that `_begin_sqlite` looks for
_reading_engine: Engine | None = None
_current: ContextVar[Session | None] = ContextVar("transaction", default=None)
_reader: ContextVar[Session | None] = ContextVar("reading", default=None)


def configure(url: str) -> Engine:
    """Open the engines for this process; a second call replaces the first (tests, forks)."""
    global _engine, _writing_engine, _reading_engine
    if _engine is not None:
        _engine.dispose()
    _engine, _reading_engine = make_engine(url), make_engine(url, reads_only=True)
    _writing_engine = _engine.execution_options(writes=True)
    event.listen(_engine, "engine_disposed", lambda _: reading_engine().dispose())
    return _engine


def engine() -> Engine:
    if _engine is None:
        raise RuntimeError("db.configure(url) was not called")
    return _engine


def _writing() -> Engine:
    if _writing_engine is None:
        raise RuntimeError("db.configure(url) was not called")
    return _writing_engine


def reading_engine() -> Engine:
    """The connections of `reading()`: no transactions, and the database itself refuses a change."""
    if _reading_engine is None:
        raise RuntimeError("db.configure(url) was not called")
    return _reading_engine


def make_engine(url: str, *, reads_only: bool = False) -> Engine:
    """An engine with this project's rules for SQLite (WAL, FULL, IMMEDIATE) and PostgreSQL (psycopg 3)."""
    shared: dict[str, Any] = {
        "json_serializer": _json,
        "hide_parameters": True,  # a failed statement is logged; its values may be somebody's
    }
    if reads_only:
        shared |= {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
    if url.startswith("sqlite"):
        made = sa.create_engine(url, connect_args={"timeout": 30}, **shared)
        event.listen(made, "connect", _prepare_sqlite)
        if reads_only:
            event.listen(made, "connect", _only_read_sqlite)
        else:
            event.listen(made, "begin", _begin_sqlite)
        return made
    # A promise is given for what is on the disk, whatever the server's own default is.
    options = "-c timezone=UTC -c synchronous_commit=on" + (
        " -c default_transaction_read_only=on" if reads_only else ""
    )
    address = sa.make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))
    prepare = None if address.query.get("prepared") == "off" else 5  # statements run as often are prepared
    made = sa.create_engine(
        address.difference_update_query(["prepared"]),
        pool_size=8,
        connect_args={"prepare_threshold": prepare, "options": options} | HEARD_FROM,
        **shared,
    )
    event.listen(made, "checkin", _note_rest)
    event.listen(made, "checkout", _ping_rested)
    return made


@contextmanager
def transaction() -> Iterator[Session]:
    """The one way to change data: everything inside is kept, or nothing is. It refuses to nest."""
    if _current.get() is not None:
        raise RuntimeError("a transaction within a transaction: pass the session instead")
    session = Session(_writing(), expire_on_commit=False)
    token = _current.set(session)
    try:
        with _turn(session):
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise
    finally:
        session.close()
        _current.reset(token)


@contextmanager
def reading(*, snapshot: bool = False) -> Iterator[Session]:
    """A session for queries. It never flushes; a page cannot change anything by accident.

    Every query sees what is committed at its own moment; with ``snapshot`` all of them see the first one's.
    Within another `reading()` it is that one's session.
    """
    if snapshot:
        with ReadingSession(_snapshots(), autoflush=False) as session:
            yield session
        return
    outer = _reader.get()
    if outer is not None:  # a second connection for who holds one: a full pool would wait for itself
        yield outer
        return
    with ReadingSession(reading_engine(), autoflush=False) as session:
        token = _reader.set(session)
        try:
            yield session
        finally:
            _reader.reset(token)


def retried(action: Callable[P, R]) -> Callable[P, R]:
    """Run an action again when the database, not the person, stood in its way.

    Only for functions that are one transaction. The whole function runs again, so it must read what it
    decides on inside its transaction. An error of COMMIT itself is not retried: it may have been kept.
    """

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(ATTEMPTS):
            try:
                return action(*args, **kwargs)
            except DBAPIError as error:
                if attempt == ATTEMPTS - 1 or not _worth_retrying(error):
                    raise
                time.sleep(0.02 * 2**attempt)
        raise AssertionError("unreachable")

    return run


def insert_new(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An insert that leaves out rows which a unique key forbids; RETURNING says which were new."""
    made = postgresql.insert(table) if is_postgresql(session) else sqlite.insert(table)
    return made.on_conflict_do_nothing()


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """SQLite writes one at a time, and who finds it taken sleeps and looks again, up to 0.1 s each time.

    A lock of the operating system wakes the next one at once; it ends with the process that holds it.
    """
    database = engine().url.database
    if is_postgresql(session) or not database:
        yield
        return
    with open(f"{database}-turn", "ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)  # closing would not do while a child forked meanwhile has it open too


def _snapshots() -> Engine:
    whole = engine()  # a transaction of SQLite is a snapshot already
    return whole if whole.dialect.name == "sqlite" else whole.execution_options(isolation_level="REPEATABLE READ")


def _worth_retrying(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    if state in ROLLED_BACK_SQLSTATES:
        return True
    return error.statement is not None and (
        state in LOST_SQLSTATES or error.connection_invalidated or "database is locked" in str(error.orig)
    )


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _note_rest(connection: Any, record: Any) -> None:
    record.info["resting since"] = time.monotonic()


def _ping_rested(connection: Any, record: Any, proxy: Any) -> None:
    """A connection that rested may be dead. To ask each time would double the round trips of every request."""
    if time.monotonic() - record.info.get("resting since", float("inf")) < RESTED:
        return
    try:
        connection.execute("SELECT 1")
        if not connection.autocommit:
            connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


def _only_read_sqlite(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@event.listens_for(ReadingSession, "before_flush")
def _refuse_flush(session: Session, context: Any, instances: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise WriteOnReadSession("this session only reads; use transaction()")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
