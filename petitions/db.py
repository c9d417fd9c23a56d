"""The floor under every room: one engine, one way to change things, one way to read.

`transaction()` holds the only commit of the code base. On SQLite it begins IMMEDIATE, because a deferred
transaction that reads and then writes fails under concurrency however long it may wait.
"""

from __future__ import annotations

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
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import DBAPIError
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

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WriteOnReadSession(RuntimeError):
    """A page that reads tried to change something."""


_engine: Engine | None = None
_current: ContextVar[Session | None] = ContextVar("transaction", default=None)


def configure(url: str) -> Engine:
    """Open the engine for this process; a second call replaces the first (tests, forks)."""
    global _engine
    if _engine is not None:
        _engine.dispose()
    _engine = make_engine(url)
    return _engine


def engine() -> Engine:
    if _engine is None:
        raise RuntimeError("db.configure(url) was not called")
    return _engine


def make_engine(url: str) -> Engine:
    """An engine with this project's rules for SQLite (WAL, FULL, IMMEDIATE) and PostgreSQL (psycopg 3)."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if url.startswith("sqlite"):
        made = sa.create_engine(url, connect_args={"timeout": 30}, json_serializer=_json, hide_parameters=True)
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    # PgBouncer before 1.21 cannot carry prepared statements across its transactions.
    return sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_size=8,
        connect_args={"prepare_threshold": None, "options": "-c timezone=UTC"},
        json_serializer=_json,
        hide_parameters=True,  # a failed statement is logged; its values may be somebody's
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """The one way to change data: everything inside is kept, or nothing is. It refuses to nest."""
    if _current.get() is not None:
        raise RuntimeError("a transaction within a transaction: pass the session instead")
    session = Session(engine().execution_options(writes=True), expire_on_commit=False)
    token = _current.set(session)
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
def reading() -> Iterator[Session]:
    """A session for queries. It never flushes; a page cannot change anything by accident."""
    with Session(engine(), autoflush=False) as session:
        event.listen(session, "before_flush", _refuse_flush)
        yield session


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


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


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


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _refuse_flush(session: Session, context: Any, instances: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise WriteOnReadSession("this session only reads; use transaction()")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
