"""Everything sealed, walked through: which keys are in use, what opens, and the sealing anew of what an old key sealed.

Each batch is a transaction of its own and the first byte of a blob names its key, so a run that is killed anywhere is
simply started again. Batches follow the primary key and stay small in rows and bytes: nobody waits long for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

from petitions import vault
from petitions.db import Base, reading, retried, transaction
from petitions.sealed_columns import SealedColumn

MOST_BYTES = 8 * 1024 * 1024  # of one batch: a scan of paper has megabytes, a line of it a hundred bytes

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Step:
    """What one batch did. ``last`` is the primary key it ended with, None at the end; ``shut`` would not open."""

    last: Key | None
    done: int = 0
    shut: tuple[Key, ...] = ()


def in_use(column: SealedColumn) -> dict[int, int]:
    """How many blobs of the column each version of the key has sealed."""
    version = _version(column)
    query = sa.select(version.label("version"), sa.func.count()).where(_blob(column).is_not(None)).group_by("version")
    with reading() as session:
        return {blob[0] if blob else 0: count for blob, count in session.execute(query)}


def rotate(column: SealedColumn, rows: int) -> Iterator[Step]:
    """Seal with the newest key what another one sealed, a batch a step. What will not open stays as it is."""
    return _walk(lambda after: _rotate_batch(column, after, rows))


def check(column: SealedColumn, rows: int) -> Iterator[Step]:
    """Open every blob of the column, a batch a step; nothing is changed."""
    return _walk(lambda after: _check_batch(column, after, rows))


def _walk(batch: Callable[[Key | None], Step]) -> Iterator[Step]:
    step = batch(None)
    while step.last is not None:
        yield step
        step = batch(step.last)


@retried
def _rotate_batch(column: SealedColumn, after: Key | None, rows: int) -> Step:
    newest = vault.newest()
    fresh: list[tuple[Key, bytes]] = []
    shut: list[Key] = []
    with transaction() as session:
        keys = _next_keys(session, column, after, rows, but=newest)
        # Locked as an update locks it: who signs may refer to these rows meanwhile, who changes one waits.
        for key, blob, row in _blobs(session, column, keys, but=newest, lock=True):
            try:
                fresh.append((key, vault.reseal(blob, column.context(**row))))
            except (InvalidTag, vault.NoSuchKey):
                shut.append(key)
        _write(session, column, fresh)
    return Step(keys[-1] if keys else None, len(fresh), tuple(shut))


def _check_batch(column: SealedColumn, after: Key | None, rows: int) -> Step:
    with reading() as session:
        keys = _next_keys(session, column, after, rows)
        found = list(_blobs(session, column, keys))
    shut = tuple(key for key, blob, row in found if not _opens(blob, column.context(**row)))
    return Step(keys[-1] if keys else None, len(found) - len(shut), shut)


def _opens(blob: bytes, context: str) -> bool:
    try:
        vault.open_sealed(blob, context)
    except (InvalidTag, vault.NoSuchKey):
        return False
    return True


def _next_keys(session: Session, column: SealedColumn, after: Key | None, rows: int, but: int = 0) -> list[Key]:
    """The next primary keys, as many as may be held in memory together; at least one while any is left."""
    ids, blob = _ids(column), _blob(column)
    query = sa.select(*ids, sa.func.length(blob)).where(*_worth_a_look(column, but)).order_by(*ids).limit(rows)
    if after is not None:
        query = query.where(sa.tuple_(*ids) > sa.tuple_(*after))
    keys: list[Key] = []
    size = 0
    for *key, length in session.execute(query):
        size += length
        if keys and size > MOST_BYTES:
            break
        keys.append(tuple(key))
    return keys


def _blobs(
    session: Session, column: SealedColumn, keys: Sequence[Key], *, but: int = 0, lock: bool = False
) -> Iterator[tuple[Key, bytes, Mapping[str, Any]]]:
    """Of each of these rows its key, its blob, and the values it is bound to."""
    table, ids = Base.metadata.tables[column.table], _ids(column)
    bound = [table.c[name].label(f"bound_{name}") for name in column.names]
    query = sa.select(*ids, _blob(column), *bound).where(sa.tuple_(*ids).in_(keys), *_worth_a_look(column, but))
    if lock:
        query = query.with_for_update(key_share=True)
    for row in session.execute(query.order_by(*ids)).all() if keys else ():
        parts = tuple(row)
        values = dict(zip(column.names, parts[len(ids) + 1 :], strict=True))
        yield parts[: len(ids)], parts[len(ids)], values


def _write(session: Session, column: SealedColumn, fresh: Sequence[tuple[Key, bytes]]) -> None:
    if not fresh:
        return
    ids = _ids(column)
    at_row = (each == sa.bindparam(f"of_{each.name}") for each in ids)
    statement = sa.update(ids[0].table).where(*at_row).values({_blob(column): sa.bindparam("fresh")})
    rows = [
        {f"of_{each.name}": part for each, part in zip(ids, key, strict=True)} | {"fresh": blob} for key, blob in fresh
    ]
    session.connection().execute(statement, rows)


def _worth_a_look(column: SealedColumn, but: int) -> list[sa.ColumnElement[bool]]:
    """Rows that hold a blob, sealed with another version than ``but``."""
    there = _blob(column).is_not(None)
    return [there, _version(column) != bytes([but])] if but else [there]


def _version(column: SealedColumn) -> sa.ColumnElement[bytes]:
    """The blob's first byte. Both engines read no more than that of it."""
    first: sa.ColumnElement[int] = sa.literal_column("1")
    return sa.func.substr(_blob(column), first, first, type_=sa.LargeBinary)


def _blob(column: SealedColumn) -> sa.Column[Any]:
    return Base.metadata.tables[column.table].c[column.column]


def _ids(column: SealedColumn) -> list[sa.Column[Any]]:
    return list(Base.metadata.tables[column.table].primary_key.columns)
