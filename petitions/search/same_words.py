"""Everyday nouns in the other language: who types "школа" is also shown what asks for a "мектеп".

The pairs stand in `same_words.csv`, a line a thing: its words in Kazakh and in Russian, several parted by spaces, words
that stand together joined by "_". They serve queries only; what is indexed stays as it was written.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from petitions.search.words import stems_in_order

Reading = tuple[str, ...]
"""Stems that stand side by side."""

_FILE = Path(__file__).with_name("same_words.csv")
_LANGUAGES = ("kk", "ru")


def other_readings(stems: Mapping[str, Sequence[str]]) -> Iterable[Reading]:
    """The stems of words that mean the same, in both languages. ``stems``: of what was typed, by language."""
    known = _readings()
    return dict.fromkeys(each for language in _LANGUAGES for each in known.get((language, tuple(stems[language])), ()))


@cache
def _readings() -> Mapping[tuple[str, Reading], tuple[Reading, ...]]:
    found: dict[tuple[str, Reading], dict[Reading, None]] = defaultdict(dict)
    for thing in _things():
        said = [(language, _stems(word, language)) for language, words in thing.items() for word in words]
        for one in said:
            found[one].update(dict.fromkeys(reading for _language, reading in said))
    return {key: tuple(readings) for key, readings in found.items()}


def _things() -> Iterable[Mapping[str, Sequence[str]]]:
    """Each thing with its words in each language."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            yield {language: [word.replace("_", " ") for word in line[language].split()] for language in _LANGUAGES}


def _stems(words: str, language: str) -> Reading:
    return tuple(stems_in_order(words, language))
