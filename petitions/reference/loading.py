"""Bringing the shipped tables into the database: new rows come in, rows that staff edited are left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import versions
from petitions.audit import SYSTEM, record
from petitions.db import Base, retried, transaction
from petitions.reference import shipped
from petitions.reference.models import SUBJECT, ArchivedPetition, Body, CalendarDay, PopulationRecord, Territory
from petitions.reference.shipped import Row

Progress = Callable[[str, int, int], None]
"""Called with the name of a table, its rows done, its rows in all."""

_POPULATION = frozenset(
    {
        "population",
        "population_date",
        "population_source",
        "population_quality",
        "population_note",
        "over_50k",
    }
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a load added and refreshed."""

    added: int
    refreshed: int


@retried
def load_reference(progress: Progress | None, at: datetime) -> Loaded:
    """Load or refresh every shipped table, in one transaction; running it again changes nothing.

    A row without `edited_at` follows the shipped file, an edited one is staff's. Population figures are only
    ever added; a shipped figure becomes the current one where it is newer than what is there.
    """
    units = shipped.territories()
    steps: tuple[tuple[str, Callable[[Session], Loaded]], ...] = (
        ("territories", lambda session: _load_territories(session, units, at)),
        ("populations", lambda session: _load_populations(session, at)),
        ("bodies", lambda session: _bring_in(session, Body, "slug", _body_rows(units))),
        ("calendar", lambda session: _bring_in(session, CalendarDay, "day", shipped.calendar_days())),
        (
            "archive",
            lambda session: _bring_in(session, ArchivedPetition, "slug", shipped.archived_petitions()),
        ),
    )
    told = progress or _silent
    total = Loaded(0, 0)
    with transaction() as session:
        for done, (name, load) in enumerate(steps):
            told(name, done, len(steps))
            loaded = load(session)
            total = Loaded(total.added + loaded.added, total.refreshed + loaded.refreshed)
        if total != Loaded(0, 0):
            details = {"added": total.added, "refreshed": total.refreshed}
            versions.changed(session, SUBJECT)
            record(session, actor=SYSTEM, act="load-reference", subject="reference", at=at, details=details)
    told("reference", len(steps), len(steps))
    return total


def _silent(name: str, done: int, total: int) -> None:
    pass


def _body_rows(units: list[Row]) -> list[Row]:
    return shipped.central_bodies() + shipped.local_bodies(units)


def _load_territories(session: Session, units: list[Row], at: datetime) -> Loaded:
    dates = session.execute(sa.select(Territory.kato, Territory.population_date))
    stored: dict[str, date | None] = {row.kato: row.population_date for row in dates}
    rows = [row | {"updated_at": at} for row in units]
    loaded = _bring_in(session, Territory, "kato", rows, apart=_POPULATION | {"updated_at"})
    newer = [
        {column: row[column] for column in ("kato", "updated_at", *_POPULATION)}
        for row in rows
        if row["kato"] in stored and _is_newer(row, stored[row["kato"]])
    ]
    if newer:
        session.execute(sa.update(Territory), newer)
    return Loaded(loaded.added, loaded.refreshed + len(newer))


def _is_newer(row: Row, stored: date | None) -> bool:
    shipped_date: date | None = row["population_date"]
    return shipped_date is not None and (stored is None or shipped_date > stored)


def _load_populations(session: Session, at: datetime) -> Loaded:
    columns = (PopulationRecord.kato, PopulationRecord.date, PopulationRecord.source)
    stored = {tuple(found) for found in session.execute(sa.select(*columns))}
    new = [
        row | {"entered_by": None, "entered_at": at}
        for row in shipped.populations()
        if (row["kato"], row["date"], row["source"]) not in stored
    ]
    if new:
        session.execute(sa.insert(PopulationRecord), new)
    return Loaded(len(new), 0)


def _bring_in(
    session: Session, model: type[Base], key: str, rows: Sequence[Row], *, apart: Set[str] = frozenset()
) -> Loaded:
    """Insert rows that are not there; bring unedited ones in line with the file, except columns `apart`."""
    table = model.__table__
    primary = next(iter(table.primary_key)).name
    stored = {found[key]: found for found in session.execute(sa.select(*table.columns)).mappings()}
    new = [row for row in rows if row[key] not in stored]
    changed = [
        row | {primary: stored[row[key]][primary]}
        for row in rows
        if row[key] in stored and _differs(row, stored[row[key]], apart)
    ]
    if new:
        session.execute(sa.insert(model), new)
    if changed:
        kept = apart - {"updated_at"}
        session.execute(sa.update(model), [{c: v for c, v in row.items() if c not in kept} for row in changed])
    return Loaded(len(new), len(changed))


def _differs(row: Row, stored: Mapping[Any, Any], apart: Set[str]) -> bool:
    if stored.get("edited_at") is not None:
        return False
    return any(stored[column] != value for column, value in row.items() if column not in apart)
