"""Did you mean: words that no petition has, with the likest that some have in their place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.reference.names import folded
from petitions.search import engines, sounds
from petitions.search.asking import Query, Term
from petitions.search.documents import written
from petitions.search.models import SearchWord
from petitions.search.places import named_exactly
from petitions.search.stemming import stem
from petitions.search.words import normalised, words

MOST_GUESSED = 3  # words of one query
FARTHEST = 2
NEWEST_READ = 5  # petitions in which the spelling of a word is looked for


@dataclass(frozen=True)
class Meant:
    """A query with ``words`` in the place of those that nobody wrote: each as a petition writes it."""

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    stem: str
    documents: int


def meant(session: Session, query: Query) -> Meant | None:
    """The query with its unknown words replaced by the likest known ones; None when none is any better.

    The name of a place is nobody's misspelling, even where no petition speaks of it.
    """
    text = normalised(query.text)
    there = list(words(text))
    readings = {word: _readings(word.plain) for word in there}
    known = _known_stems(session, {each for several in readings.values() for each in several})
    unknown = [word for word in there if known.isdisjoint(readings[word]) and not word.plain.isdecimal()]
    unknown = [word for word in unknown if not named_exactly(session, word.plain)]
    guesses: list[str] = []
    for word in reversed(unknown[:MOST_GUESSED]):  # from the end, so that places before it stand
        if guess := _likest(session, word.plain):
            text = text[: word.start] + guess + text[word.end :]
            guesses.insert(0, guess)
    return Meant(text, tuple(guesses)) if guesses else None


def _readings(plain: str) -> frozenset[str]:
    return frozenset(stem(plain, language) for language in ("kk", "ru"))


def _known_stems(session: Session, stems: Collection[str]) -> frozenset[str]:
    return frozenset(session.scalars(sa.select(SearchWord.stem).where(SearchWord.stem.in_(stems))))


def _likest(session: Session, plain: str) -> str | None:
    """The word of the index that differs least, as somebody wrote it; of equals the one that most petitions have."""
    other = sounds.on_the_other_keyboard(plain) if plain.isascii() else ""
    if other and (
        typed := _known(session, SearchWord.stem, {each for word in words(other) for each in _readings(word.plain)})
    ):
        return _as_written(session, max(typed, key=lambda each: (each.documents, each.stem)).stem)
    forms = {each for each in (*_readings(plain), folded(plain)) if sounds.SHORTEST <= len(each) <= sounds.LONGEST}
    near = _known(session, SearchWord.stem, {each for form in forms for each in sounds.neighbours(form)})
    alike = _known(session, SearchWord.sound, {sounds.sound(form) for form in forms})
    best = min(((_differs(each.stem, forms), -each.documents, each.stem) for each in (*near, *alike)), default=None)
    return _as_written(session, best[2]) if best and best[0] <= FARTHEST else None


def _as_written(session: Session, stem: str) -> str | None:
    """A word with this stem from texts that everybody may read now: what was hidden since is not proposed."""
    hit = engines.matching(session, Query(stem, (Term(stem, ((stem,),)),)), any_word=False, most=NEWEST_READ)
    return written(session, session.scalars(sa.select(hit.c.petition_id)).all(), stem)


def _known(session: Session, column: sa.orm.InstrumentedAttribute[str], values: Collection[str]) -> list[_Known]:
    wanted = engines.is_one_of(session, column, values)
    rows = session.execute(sa.select(SearchWord.stem, SearchWord.documents).where(wanted))
    return [_Known(*row) for row in rows]


def _differs(stem: str, forms: Iterable[str]) -> int:
    return min(sounds.distance(stem, form) for form in forms)
