"""What is found of a petition: the stems of its texts, of its body's and places' names, and its numbers.

Of a petition that not everybody may read nothing is found, nor of one whose refusal hides its text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.law.states import PUBLIC, State
from petitions.lifecycle.models import Petition, Point, Refusal
from petitions.reference import queries as reference
from petitions.search.words import normalised, stem_of, stems_in_order, words

NAMED = ("kk", "ru", "en")


@dataclass(frozen=True)
class Document:
    """One petition as it is indexed: stems, and numbers, side by side in each column."""

    petition_id: int
    columns: Mapping[str, str]

    @property
    def stems(self) -> frozenset[str]:
        return stems_of(self.columns.values())


@dataclass(frozen=True)
class _Source:
    """What of one petition is found, as people wrote it. ``names``: each with its language."""

    title: str
    texts: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    numbers: tuple[int, ...]
    language: str


def stems_of(columns: Iterable[str]) -> frozenset[str]:
    """The stems of an indexed document."""
    return frozenset(stem for column in columns for stem in column.split())


def is_hidden() -> sa.ColumnElement[bool]:
    """Whether a refusal hides the text of the petition of the row (90-2(6))."""
    return sa.and_(
        Petition.state == State.REFUSED,
        sa.exists().where(Refusal.petition_id == Petition.id, Refusal.hides_text, Refusal.lifted_at.is_(None)),
    )


def findable() -> sa.ColumnElement[bool]:
    """Whether the petition of the row may be found by its words now, whatever the index still holds."""
    return sa.and_(Petition.state.in_(PUBLIC), sa.not_(is_hidden()))


def documents(session: Session, petition_ids: Sequence[int]) -> list[Document]:
    """A document for each of these, empty where nothing of it may be found; a fixed number of queries."""
    sources = _sources(session, petition_ids)
    return [Document(petition_id, _columns(sources.get(petition_id))) for petition_id in petition_ids]


def written(session: Session, petition_ids: Sequence[int], stem: str) -> str | None:
    """The shortest word with this stem that stands in one of these, of those that may be found; None for none."""
    shapes = (
        shape
        for source in _sources(session, petition_ids).values()
        for text, language in (*((text, source.language) for text in (source.title, *source.texts)), *source.names)
        for shape in _with_stem(normalised(text), language, stem)
    )
    return min(shapes, key=lambda shape: (len(shape), shape), default=None)


def _with_stem(text: str, language: str, stem: str) -> Iterator[str]:
    return (text[word.start : word.end].lower() for word in words(text) if stem_of(word, language) == stem)


def _sources(session: Session, petition_ids: Collection[int]) -> dict[int, _Source]:
    columns = (
        Petition.id,
        Petition.title,
        Petition.content,
        Petition.language,
        Petition.body_id,
        Petition.territory_kato,
        Petition.required,
    )
    rows = session.execute(sa.select(*columns).where(Petition.id.in_(petition_ids), findable())).all()
    points = _points(session, [row.id for row in rows])
    bodies = reference.bodies(session, [row.body_id for row in rows if row.body_id])
    return {row.id: _source(session, row, points.get(row.id, ()), bodies.get(row.body_id)) for row in rows}


def _source(session: Session, row: Any, points: Sequence[str], body: object) -> _Source:
    named = [*([body] if body else ()), *reference.territory_path(session, row.territory_kato or "")]
    return _Source(
        title=row.title or "",
        texts=(row.content or "", *points),
        names=tuple((getattr(each, f"name_{language}"), language) for each in named for language in NAMED),
        numbers=tuple(number for number in (row.id, row.required) if number is not None),
        language=row.language,
    )


def _points(session: Session, petition_ids: Collection[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = session.execute(
        sa.select(Point.petition_id, Point.text)
        .where(Point.petition_id.in_(petition_ids))
        .order_by(Point.petition_id, Point.kind, Point.position)
    )
    for petition_id, text in rows:
        found.setdefault(petition_id, []).append(text)
    return found


def _columns(source: _Source | None) -> dict[str, str]:
    if source is None:
        return dict.fromkeys(("title", "names", "numbers", "text"), "")
    return {
        "title": " ".join(stems_in_order(source.title, source.language)),
        "names": " ".join(_name(name, language) for name, language in source.names),
        "numbers": " ".join(map(str, source.numbers)),
        "text": " ".join(stem for text in source.texts for stem in stems_in_order(text, source.language)),
    }


@lru_cache(maxsize=5_000)
def _name(name: str, language: str) -> str:
    return " ".join(stems_in_order(name, language))
