"""What a reader typed into the search field: words, "words that stand together", a petition's number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from petitions.search.same_words import Reading, other_readings
from petitions.search.words import LOOKS_CYRILLIC, Word, look_alike, normalised, stem_of, words

LONGEST = 100
MOST_TERMS = 10
_PART = re.compile(r"[\"«„“”»]([^\"«„“”»]*)[\"«„“”»]|([^\"«„“”»]+)")
_NUMBER = re.compile(r"\s*(?:№|#|no\.?|n\.?)?\s*(\d{1,9})\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Term:
    """A word, or words that stand together. ``readings``: its stems as a Kazakh and as a Russian text has them;
    ``others``: those of words that mean the same (`same_words`)."""

    said: str
    readings: tuple[Reading, ...]
    others: tuple[Reading, ...] = ()

    @property
    def all_readings(self) -> tuple[Reading, ...]:
        """Everything that a petition may have in its place."""
        return tuple(dict.fromkeys((*self.readings, *self.others)))


@dataclass(frozen=True)
class Query:
    """``text`` is what is shown in the field again; ``number`` the petition's own number, where only one was typed."""

    text: str
    terms: tuple[Term, ...]
    number: int | None = None

    @property
    def stems(self) -> frozenset[str]:
        """Every stem that is looked for."""
        return frozenset(stem for term in self.terms for reading in term.all_readings for stem in reading)


def parsed(text: str) -> Query | None:
    """The query, or None when nothing in it can be looked for. Never raises."""
    text = shortened(text)
    terms = tuple(term for quoted, plain in _PART.findall(text) for term in _terms(quoted, plain))
    number = _NUMBER.fullmatch(text)
    unique = tuple(dict.fromkeys(terms))[:MOST_TERMS]
    return Query(text, unique, int(number[1]) if number else None) if unique else None


def shortened(text: str) -> str:
    """The text as it is looked for: single spaces, and whole words of no more than `LONGEST` characters in all."""
    text = " ".join(normalised(text).split())
    return text if len(text) <= LONGEST else text[: LONGEST + 1].rpartition(" ")[0] or text[:LONGEST]


def _terms(quoted: str, plain: str) -> list[Term]:
    if quoted:
        together = list(words(quoted))
        return [_term(quoted, together)] if together else []
    return list(_plain_terms(plain, list(words(plain))))


def _plain_terms(text: str, there: list[Word]) -> Iterator[Term]:
    """A term a word. Two that name one thing together ("детский сад") may stand apart in a petition, and each has
    what means the same as both in its place: so both words are asked for, or one of those."""
    while there:
        pair = there[:2]
        together = pair if len(pair) > 1 and _others(pair) else there[:1]
        others = _others(together)
        for word in together:
            yield replace(_term(text[word.start : word.end], [word]), others=others)
        there = there[len(together) :]


def _others(together: list[Word]) -> tuple[Reading, ...]:
    own = {language: _stems(together, language) for language in ("kk", "ru")}
    return tuple(each for each in other_readings(own) if each not in own.values())


def _stems(together: list[Word], language: str) -> Reading:
    return tuple(stem_of(word, language) for word in together)


def _term(said: str, together: list[Word]) -> Term:
    readings = [_stems(together, language) for language in ("kk", "ru")]
    if len(together) == 1 and LOOKS_CYRILLIC.fullmatch(said):
        meant = Word(look_alike(said), 0, len(said))
        readings += [(stem_of(meant, language),) for language in ("kk", "ru")]
    return Term(said, tuple(dict.fromkeys(readings)))
