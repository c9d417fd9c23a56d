"""The list of all state bodies: by level, by name, with what each was asked and how it answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.browsing.answering import NO_ANSWERS, Answers, answering, overdue_by_body
from petitions.browsing.around import Around, around
from petitions.browsing.filters import LEVEL_NUMBERS, LEVELS
from petitions.browsing.queries import public_by_body
from petitions.lifecycle.models import SUBJECT as PETITIONS
from petitions.reference import queries as reference
from petitions.reference.models import SUBJECT as REFERENCE
from petitions.reference.models import Body, Territory
from petitions.reference.names import folded
from petitions.reference.records import BodyView
from petitions.versions import Kept

PAGE = 50
MOST_PAGES = 1_000
FIRST_LEVEL = "republic"


@dataclass(frozen=True)
class BodyRow:
    """``around``: the places around that of the body; ``petitions``: public ones; ``overdue``: answers late today."""

    body: BodyView
    around: Around
    petitions: int
    answers: Answers
    overdue: int


@dataclass(frozen=True)
class BodyList:
    """One page of the bodies of a level, or of all whose name holds every word of ``name``."""

    level: str
    name: str
    rows: tuple[BodyRow, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True)
class _Entry:
    id: int
    level: str
    words: str


def body_list(session: Session, language: str, at: datetime, *, level: str, name: str, page: str) -> BodyList:
    """Active bodies, those with a public petition first, else in the alphabet of the language.

    What is not understood is the default.
    """
    level = "" if name else level if level in LEVELS else FIRST_LEVEL
    entries = _kept.get(session, language, lambda: _entries(session, language))
    wanted = folded(name).split()
    ids = [
        entry.id
        for entry in entries
        if (not level or entry.level == level) and all(word in entry.words for word in wanted)
    ]
    petitions = _kept_petitions.get(session, "petitions", lambda: public_by_body(session))
    ids.sort(key=lambda each: each not in petitions)
    pages = max(1, -(-len(ids) // PAGE))
    number = min(_page(page), pages)
    shown = ids[(number - 1) * PAGE : number * PAGE]
    return BodyList(level, name, _rows(session, shown, petitions, at), len(ids), number, pages)


_kept = Kept(REFERENCE, most=3)
_kept_petitions = Kept(PETITIONS, most=1)


def _rows(session: Session, ids: Collection[int], petitions: Mapping[int, int], at: datetime) -> tuple[BodyRow, ...]:
    bodies = reference.bodies(session, list(ids))
    places = around(session, [body.territory_kato for body in bodies.values()])
    overdue, answers = overdue_by_body(session, at), answering(session).by_body
    return tuple(
        BodyRow(
            body=bodies[each],
            around=places.get(bodies[each].territory_kato or "", ()),
            petitions=petitions.get(each, 0),
            answers=answers.get(each, NO_ANSWERS),
            overdue=overdue.get(each, 0),
        )
        for each in ids
    )


def _entries(session: Session, language: str) -> tuple[_Entry, ...]:
    """All active bodies with their names in the three languages as a search compares them: some five thousand."""
    rows = session.execute(
        sa.select(Body.id, Territory.level, Body.name_kk, Body.name_ru, Body.name_en, Body.sort_kk, Body.sort_ru)
        .outerjoin(Territory, Territory.kato == Body.territory_kato)
        .where(Body.active)
    ).all()
    by_name = {
        "kk": lambda row: (row.sort_kk, row.id),
        "ru": lambda row: (row.sort_ru, row.id),
        "en": lambda row: (row.name_en.casefold(), row.id),
    }[language]
    levels = {number: name for name, number in LEVEL_NUMBERS.items()}
    return tuple(
        _Entry(row.id, levels.get(row.level, FIRST_LEVEL), folded(f"{row.name_kk} {row.name_ru} {row.name_en}"))
        for row in sorted(rows, key=by_name)
    )


def _page(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(number, 1), MOST_PAGES)
