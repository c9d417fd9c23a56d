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
REASONS_SHOWN = 10  # of one stance in one group; questions are all listed
GROUPED_FROM = 8  # comments: fewer are read at one look
FEWEST_IN_A_GROUP = 3  # people
MOST_GROUPS = 8

WordKey = tuple[str, str]  # language and stem
Forms = dict[WordKey, Counter[str]]  # the words of one comment, each with the forms in which it was written


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
class FrequentWord:
    """A word by the form that was written most, and how many people used any of its forms."""

    word: str
    language: str
    people: int


@dataclass(frozen=True)
class Voices:
    """What was said with one stance: so many people wrote so many comments, and the first of these as they stand."""

    stance: Stance
    people: int
    comments: int
    said: tuple[Said, ...]

    @property
    def left_out(self) -> int:
        return self.comments - len(self.said)


@dataclass(frozen=True)
class Group:
    """Comments of a theme that share a word; ``word`` None: those that share none, or all where there are few."""

    word: FrequentWord | None
    voices: tuple[Voices, ...]  # of the stances that were taken


@dataclass(frozen=True)
class Theme:
    """What was said about one argument or proposal; ``point`` None: about the whole petition."""

    point: PointRow | None
    people: tuple[tuple[Stance, int], ...]
    groups: tuple[Group, ...]

    @property
    def questions(self) -> tuple[Said, ...]:
        return tuple(
            said
            for group in self.groups
            for voices in group.voices
            if voices.stance == Stance.QUESTION
            for said in voices.said
        )

    @property
    def unanswered(self) -> int:
        return sum(1 for question in self.questions if not question.answered)


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
    people = tuple((stance, _people(row for row in rows if row.stance == stance)) for stance in Stance)
    groups = tuple(Group(word, _voices(some)) for word, some in _grouped(rows) if some)
    return Theme(point, people, groups)


def _people(rows: Iterable[Any]) -> int:
    return len({row.citizen_id for row in rows})


def _voices(rows: Sequence[Any]) -> tuple[Voices, ...]:
    found = []
    for stance in Stance:
        some = [row for row in rows if row.stance == stance]
        listed = some if stance == Stance.QUESTION else some[:REASONS_SHOWN]
        if some:
            found.append(Voices(stance, _people(some), len(some), tuple(_said(row) for row in listed)))
    return tuple(found)


def _said(row: Any) -> Said:
    return Said(row.id, row.public_name, row.language, row.text, row.written_at, bool(row.answered))


def _grouped(rows: Sequence[Any]) -> list[tuple[FrequentWord | None, list[Any]]]:
    """Many comments by the words that they share, the word of most people first; every comment stands once.

    A word of more than half of the people tells nothing apart: it is what the petition is about.
    """
    groups: list[tuple[FrequentWord | None, list[Any]]] = []
    left = [(row, _forms(row)) for row in rows]
    if len(rows) >= GROUPED_FROM:
        everywhere = {key for key, word in _counted(left) if word.people * 2 > _people(rows)}
        while len(groups) < MOST_GROUPS:
            key, word = next((each for each in _counted(left) if each[0] not in everywhere), (("", ""), NO_WORD))
            if word.people < FEWEST_IN_A_GROUP:
                break
            groups.append((word, [row for row, forms in left if key in forms]))
            left = [(row, forms) for row, forms in left if key not in forms]
    return [*groups, (None, [row for row, _forms_of_it in left])]


def frequent_words(rows: Iterable[Any]) -> list[FrequentWord]:
    """The words that most people used, the forms of one word together. Rows: citizen_id, language, text."""
    counted = _counted([(row, _forms(row)) for row in rows])
    return [word for _key, word in counted if word.people >= FEWEST_PEOPLE][:WORDS_SHOWN]


def _forms(row: Any) -> Forms:
    found: Forms = {}
    for word in words(row.text):
        if not word.plain.isdigit():
            key = row.language, stem_of(word, row.language)
            found.setdefault(key, Counter())[row.text[word.start : word.end].lower()] += 1
    return found


def _counted(comments: Iterable[tuple[Any, Forms]]) -> list[tuple[WordKey, FrequentWord]]:
    """Every word, that of most people first."""
    people: dict[WordKey, set[int]] = {}
    written: Forms = {}
    for row, forms in comments:
        for key, times in forms.items():
            people.setdefault(key, set()).add(row.citizen_id)
            written.setdefault(key, Counter()).update(times)
    found = [(key, FrequentWord(_shown(written[key]), key[0], len(who))) for key, who in people.items()]
    return sorted(found, key=lambda each: (-each[1].people, each[1].word, each[0]))


def _shown(forms: Counter[str]) -> str:
    """The form that was written most; of several the shortest, which is nearest to the dictionary's."""
    return min(forms, key=lambda form: (-forms[form], len(form), form))


NO_WORD = FrequentWord("", "", 0)
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
