"""The shipped files of `data/` as rows of the tables. Pure reading; loading.py decides what to keep."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from petitions.law.levels import TerritoryFacts
from petitions.reference.kinds import CENTRAL_KINDS, BodyKind, DayKind, bodies_of_unit
from petitions.reference.names import Names, folded, local_body_names, sort_key, sort_key_ru

Row = dict[str, Any]

HEAD_TITLES = {
    BodyKind.AKIMAT: Names("Әкім", "Аким", "Akim"),
    BodyKind.AKIM_OFFICE: Names("Әкім", "Аким", "Akim"),
    BodyKind.MASLIKHAT: Names("Мәслихат төрағасы", "Председатель маслихата", "Chair of the maslikhat"),
}
DERIVED = "derived from the territory"


def territories() -> list[Row]:
    """Parents before children."""
    rows = [_territory(line) for line in _csv("territories.csv")]
    return sorted(rows, key=lambda row: row["level"])


def populations() -> list[Row]:
    return [
        {
            "kato": line["kato"],
            "population": int(line["population"]),
            "date": date.fromisoformat(line["date"]),
            "source": line["source"],
            "quality": line["precision"],
            "boundary": line["boundary"],
            "confidence": line["confidence"],
        }
        for line in _csv("population_observations.csv")
    ]


def central_bodies() -> list[Row]:
    return [
        body_row(
            slug=line["slug"],
            kind=BodyKind(line["kind"]),
            names=Names(line["name_kk"], line["name_ru"], line["name_en"]),
            head=Names(line["head_title_kk"], line["head_title_ru"], line["head_title_en"]),
            kato=None,
            source=f"{line['source']} ({line['as_of']}, {line['confidence']} confidence)",
        )
        for line in _csv("central_bodies.csv")
    ]


def local_bodies(units: list[Row]) -> list[Row]:
    """The bodies of every petition unit among territory rows."""
    return [body for unit in units for body in bodies_of_territory(unit)]


def bodies_of_territory(unit: Row) -> list[Row]:
    """Rows for the akimat or akim's office of one unit, and its maslikhat where the law knows one."""
    names = Names(unit["name_kk"], unit["name_ru"], unit["name_en"])
    facts = TerritoryFacts(unit["kato"], unit["level"], unit["kind"], unit["petition_unit"])
    return [
        body_row(
            slug=f"{kind.replace('_', '-')}-{unit['kato']}",
            kind=kind,
            names=local_body_names(kind, names),
            head=HEAD_TITLES[kind],
            kato=unit["kato"],
            source=DERIVED,
        )
        for kind in bodies_of_unit(facts)
    ]


def body_row(*, slug: str, kind: BodyKind, names: Names, head: Names, kato: str | None, source: str) -> Row:
    return {
        "slug": slug,
        "kind": str(kind),
        **names.columns(),
        **head.columns("head_title"),
        "sort_kk": sort_key(names.kk),
        "sort_ru": sort_key(names.ru),
        "territory_kato": kato,
        "is_central": kind in CENTRAL_KINDS,
        "active": True,
        "source": source,
    }


def territory_names_row(kato: str, names: Names) -> Row:
    """The columns that follow from a unit's names."""
    return {
        **names.columns(),
        "sort_kk": sort_key(names.kk),
        "sort_ru": sort_key_ru(names.ru),
        "search_text": f"{folded(f'{names.kk} | {names.ru} | {names.en}')} | {kato}",
    }


def calendar_days() -> list[Row]:
    return [
        {
            "day": date.fromisoformat(line["date"]),
            "is_working": line["kind"] == DayKind.WORKING_SATURDAY,
            "kind": line["kind"],
            "name_kk": line["name_kk"],
            "name_ru": line["name_ru"],
            "name_en": line["name_en"],
            "act": line["source"],
            "note": line["note"] or None,
            "confidence": line["confidence"],
        }
        for line in _csv("calendar.csv")
    ]


def archived_petitions() -> list[Row]:
    text = files(__package__).joinpath("data", "archived_petitions.json").read_text(encoding="utf-8")
    return [_archived(position, entry) for position, entry in enumerate(json.loads(text)["petitions"])]


def _territory(line: dict[str, str]) -> Row:
    names = Names(line["name_kk"], line["name_ru"], line["name_en"])
    known = bool(line["population"])
    return {
        "kato": line["kato"],
        "parent_kato": line["parent_kato"] or None,
        "level": int(line["level"]),
        "kind": line["kind"],
        **territory_names_row(line["kato"], names),
        "name_en_source": line["name_en_source"],
        "petition_unit": line["petition_unit"] == "1",
        "population": int(line["population"]) if known else None,
        "population_date": date.fromisoformat(line["population_date"]) if known else None,
        "population_source": line["population_source"] if known else None,
        "population_quality": line["population_quality"] or None,
        "population_note": line["population_note"] or None,
        "over_50k": line["over_50k"] or None,
    }


def _archived(position: int, entry: dict[str, Any]) -> Row:
    title, addressee, notes = entry["title"], entry["addressee"], entry["notes"] or {}
    row: Row = {
        "slug": entry["slug"],
        "position": position,
        "original_language": title["original_language"],
        "title_is_exact": title["exact"],
        "addressee_kind": addressee["kind"],
        "body_slug": addressee["body"],
        "territory_kato": addressee["territory_kato"],
        "required": entry["required"],
        "dates": entry["dates"],
        "approximate_dates": entry["approximate_dates"],
        "signatures": entry["signatures"],
        "outcome_code": entry["outcome"]["code"],
        "sources": entry["sources"],
        "confidence": entry["confidence"],
    }
    for language in ("kk", "ru", "en"):
        row |= {
            f"title_{language}": title[language],
            f"summary_{language}": entry["summary"][language],
            f"addressee_{language}": addressee[language],
            f"outcome_{language}": entry["outcome"][language],
            f"notes_{language}": notes.get(language),
        }
    return row


def _csv(name: str) -> Iterator[dict[str, str]]:
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
