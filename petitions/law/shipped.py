"""The shipped reference tables, read from files for the command line that works without a database."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from petitions.law.errors import LawError
from petitions.law.levels import TerritoryFacts
from petitions.law.working_days import Calendar

WORKED_KIND = "working_saturday"
"""A worked weekend day, a Sunday too; every other kind of the table is a day off."""


class UnknownUnit(LawError):
    """No unit has that KATO code."""


@dataclass(frozen=True, slots=True)
class ShippedTerritory:
    """A unit with its newest known population, which may be unknown."""

    facts: TerritoryFacts
    name_kk: str
    name_ru: str
    name_en: str
    population: int | None
    population_date: str | None
    population_source: str | None


@dataclass(frozen=True, slots=True)
class ShippedDay:
    """A day that departs from the Monday to Friday week."""

    day: date
    is_working: bool
    kind: str
    name_kk: str
    name_ru: str
    name_en: str


def territory(path: Path, kato: str) -> ShippedTerritory:
    """The unit with this KATO code in territories.csv. Raises UnknownUnit."""
    for row in _rows(path):
        if row["kato"] == kato:
            return _territory(row)
    raise UnknownUnit(f"no unit has the KATO code {kato!r}")


def calendar_days(path: Path) -> Mapping[date, ShippedDay]:
    """The departures of calendar.csv from the ordinary week, by day."""
    return {day.day: day for day in map(_day, _rows(path))}


def working_calendar(days: Mapping[date, ShippedDay]) -> Calendar:
    """The working calendar of these days; it covers their years."""
    return Calendar.of((day.day, day.is_working) for day in days.values())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _territory(row: Mapping[str, str]) -> ShippedTerritory:
    facts = TerritoryFacts(row["kato"], int(row["level"]), row["kind"], row["petition_unit"] == "1")
    known = bool(row["population"])
    return ShippedTerritory(
        facts=facts,
        name_kk=row["name_kk"],
        name_ru=row["name_ru"],
        name_en=row["name_en"],
        population=int(row["population"]) if known else None,
        population_date=row["population_date"] if known else None,
        population_source=row["population_source"] if known else None,
    )


def _day(row: Mapping[str, str]) -> ShippedDay:
    kind = row["kind"]
    return ShippedDay(
        date.fromisoformat(row["date"]),
        kind == WORKED_KIND,
        kind,
        row["name_kk"],
        row["name_ru"],
        row["name_en"],
    )
