"""What was said about a petition, put in order for its body; a central one must analyse comments (90-5).

Counted are people, not comments: one person is counted once for each point and stance, whatever they wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.comments.models import SUBJECT, Comment, Stance, Voice
from petitions.lifecycle.queries import PetitionText, PointRow
from petitions.search.words import stem_of, words
from petitions.versions import Kept

WORDS_SHOWN = 30
FEWEST_PEOPLE = 2


@dataclass(frozen=True)
class Said:
    """A comment as the body reads it."""

    id: str
    name: str
    language: str
    text: str
    written_at: datetime
    answered: bool  # by the body


@dataclass(frozen=True)
class Theme:
    """What was said about one argument or proposal; ``point`` None: about the whole petition."""

    point: PointRow | None
    people: tuple[tuple[Stance, int], ...]
    questions: tuple[Said, ...]

    @property
    def unanswered(self) -> int:
        return sum(1 for question in self.questions if not question.answered)


@dataclass(frozen=True)
class FrequentWord:
    """A word by the form that was written most, and how many people used any of its forms."""

    word: str
    language: str
    people: int


@dataclass(frozen=True)
class Summary:
    """The comments of a petition by theme. ``people``: how many citizens wrote what everybody can read."""

    people: int
    comments: int
    themes: tuple[Theme, ...]
    words: tuple[FrequentWord, ...]

    @property
    def unanswered(self) -> int:
        return sum(theme.unanswered for theme in self.themes)


def summary(session: Session, petition_id: int, text: PetitionText) -> Summary:
    """All that is shown now, by argument and proposal; a point nobody spoke of is there with zeros."""
    return _kept.get(session, petition_id, lambda: _summary(session, petition_id, text))


def unanswered(session: Session, petition_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By petition: how many comments can be read, and how many questions its body has not answered."""
    asks = sa.and_(Comment.stance == Stance.QUESTION, ~_ANSWERED)
    rows = session.execute(
        sa.select(Comment.petition_id, sa.func.count(), sa.func.sum(sa.case((asks, 1), else_=0)))
        .where(Comment.petition_id.in_(petition_ids), *_READABLE)
        .group_by(Comment.petition_id)
    )
    return {petition_id: (number, int(open_questions or 0)) for petition_id, number, open_questions in rows}


def _summary(session: Session, petition_id: int, text: PetitionText) -> Summary:
    rows = session.execute(_SAID.where(Comment.petition_id == petition_id)).all()
    themes = [_theme(None, [row for row in rows if row.point_id is None])]
    themes += [
        _theme(point, [row for row in rows if row.point_id == point.id]) for point in (*text.arguments, *text.proposals)
    ]
    people = len({row.citizen_id for row in rows})
    return Summary(people, len(rows), tuple(themes), tuple(frequent_words(rows)))


def _theme(point: PointRow | None, rows: Sequence[Any]) -> Theme:
    people = Counter(stance for _citizen, stance in {(row.citizen_id, row.stance) for row in rows})
    questions = tuple(
        Said(row.id, row.public_name, row.language, row.text, row.written_at, bool(row.answered))
        for row in rows
        if row.stance == Stance.QUESTION
    )
    return Theme(point, tuple((stance, people[stance]) for stance in Stance), questions)


def frequent_words(rows: Iterable[Any]) -> list[FrequentWord]:
    """The words that most people used, the forms of one word together. Rows: citizen_id, language, text."""
    people: dict[tuple[str, str], set[int]] = {}
    forms: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        for word in words(row.text):
            if word.plain.isdigit():
                continue
            key = row.language, stem_of(word, row.language)
            people.setdefault(key, set()).add(row.citizen_id)
            forms.setdefault(key, Counter())[row.text[word.start : word.end].lower()] += 1
    found = [
        FrequentWord(_shown(forms[key]), key[0], len(who)) for key, who in people.items() if len(who) >= FEWEST_PEOPLE
    ]
    return sorted(found, key=lambda each: (-each.people, each.word))[:WORDS_SHOWN]


def _shown(forms: Counter[str]) -> str:
    """The form that was written most; of several the shortest, which is nearest to the dictionary's."""
    return min(forms, key=lambda form: (-forms[form], len(form), form))


_kept = Kept(SUBJECT, most=100)
_REPLY = Comment.__table__.alias("reply")
_ANSWERED = sa.exists().where(
    _REPLY.c.petition_id == Comment.petition_id,
    _REPLY.c.parent_id == Comment.id,
    _REPLY.c.voice == Voice.BODY,
    _REPLY.c.hidden_at.is_(None),
)
_READABLE = (Comment.parent_id.is_(None), Comment.text.is_not(None), Comment.hidden_at.is_(None))
_SAID = (
    sa.select(
        Comment.id,
        Comment.citizen_id,
        Comment.public_name,
        Comment.language,
        Comment.stance,
        Comment.point_id,
        Comment.text,
        Comment.written_at,
        _ANSWERED.label("answered"),
    )
    .where(*_READABLE)
    .order_by(Comment.turn, Comment.place, Comment.id)
)
