"""The texts of found petitions where the words of a search stand, with these marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.lifecycle.models import Petition, Point
from petitions.search.snippets import Piece, marked, snippet


@dataclass(frozen=True)
class Excerpt:
    """The subject and the part of the text that answers the words best; the second may be empty."""

    title: tuple[Piece, ...]
    text: tuple[Piece, ...]


def excerpts(session: Session, ids: Collection[int], stems: frozenset[str]) -> Mapping[int, Excerpt]:
    """For each of these petitions, which everybody may read; two queries."""
    if not ids:
        return {}
    points: dict[int, list[str]] = {}
    for petition_id, text in session.execute(
        sa.select(Point.petition_id, Point.text)
        .where(Point.petition_id.in_(ids))
        .order_by(Point.petition_id, Point.kind, Point.position)
    ):
        points.setdefault(petition_id, []).append(text)
    rows = session.execute(sa.select(Petition.id, Petition.title, Petition.content).where(Petition.id.in_(ids)))
    return {
        row.id: Excerpt(marked(row.title or "", stems), snippet([row.content or "", *points.get(row.id, ())], stems))
        for row in rows
    }
