"""The place of a text where the words of a query stand, with these marked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from petitions.reference.names import folded
from petitions.search.stemming import kazakh_stem, russian_stem
from petitions.search.words import Word, normalised, words

BEFORE, AROUND = 60, 220  # characters shown before the first found word, and in all
MOST_READ = 20_000  # characters of a petition
_BEGINNING = 2  # letters of a longer word that no stemming changes


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it was looked for."""

    text: str
    found: bool


def marked(text: str, stems: frozenset[str]) -> tuple[Piece, ...]:
    """The whole text in pieces, every word of the query marked."""
    text = normalised(text)
    return tuple(_pieces(text, list(_found(text, stems)), 0, len(text)))


def snippet(texts: Sequence[str], stems: frozenset[str]) -> tuple[Piece, ...]:
    """The part of these texts where most different words of the query stand close together; empty without any."""
    best: tuple[int, str, list[Word], int] = (0, "", [], 0)
    left = MOST_READ
    for text in map(normalised, texts):
        found = list(_found(text[:left], stems))
        different, at = _densest(found)
        if different > best[0]:
            best = (different, text, found, at)
        left -= len(text)
        if left <= 0:
            break
    different, text, found, at = best
    if not different:
        return ()
    start, end = _window(text, found[at].start)
    inside = [word for word in found if start <= word.start and word.end <= end]
    pieces = list(_pieces(text, inside, start, end))
    before = (Piece("… ", False),) if start else ()
    after = (Piece(" …", False),) if end < len(text) else ()
    return (*before, *pieces, *after)


def _found(text: str, stems: frozenset[str]) -> Iterator[Word]:
    """The words of the text that have one of these stems; only what begins alike is brought to its own, which costs."""
    beginnings = tuple({folded(stem)[:_BEGINNING] for stem in stems})
    for word in words(text):
        if len(word.plain) > _BEGINNING and not folded(word.plain).startswith(beginnings):
            continue
        if word.plain in stems or kazakh_stem(word.plain) in stems or russian_stem(word.plain) in stems:
            yield word


def _densest(found: Sequence[Word]) -> tuple[int, int]:
    """How many different words stand within one window, and the index of the first word of the best window."""
    stems, ends = [kazakh_stem(word.plain) for word in found], [word.end for word in found]
    best = (0, 0)
    for at, first in enumerate(found):
        beyond = bisect_right(ends, first.start + AROUND - BEFORE)
        different = len(set(stems[at:beyond]))
        if different > best[0]:
            best = (different, at)
    return best


def _window(text: str, at: int) -> tuple[int, int]:
    """From a space before the word to a space after it."""
    start = at - BEFORE
    start = text.find(" ", start, at) + 1 if start > 0 else 0
    start = start or max(0, at - BEFORE)
    end = start + AROUND
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", at, end)
    return start, space if space > at else end


def _pieces(text: str, found: Sequence[Word], start: int, end: int) -> Iterator[Piece]:
    at = start
    for word in found:
        if word.start > at:
            yield Piece(text[at : word.start], False)
        yield Piece(text[word.start : word.end], True)
        at = word.end
    if at < end:
        yield Piece(text[at:end], False)
