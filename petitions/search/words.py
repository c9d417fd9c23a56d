"""From a text to what is compared: its words without the small ones, in one spelling, and their stems.

No dictionary: a machine only proposes here, a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from petitions.i18n import KAZAKH_LETTERS
from petitions.reference.names import folded
from petitions.search.stemming import stem

SHORTEST = 2
LONGEST = 40

_GROUPS = re.compile(r"(?<!\d)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")  # "50 000" is one number
_WORD = re.compile(rf"{_GROUPS.pattern}|\d+|[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
# Latin letters that look like Cyrillic ones, typed among these by mistake or for want of a keyboard.
_LOOK_ALIKE = str.maketrans("ABCEHIKMOPTXYaceikmoptxyh", "АВСЕНІКМОРТХУасеікмортхуһ")
LOOKS_CYRILLIC = re.compile(r"[ABCEHKMOPTXYaceiopxyk]{3,}")
# Words that say nothing about a subject: what petitions are made of, and the small words of both languages.
_EMPTY = frozenset(
    _WORD.findall(
        folded(
            """
            және немесе үшін туралы бойынша керек қажет осы сол бар жоқ мен бен пен да де та те ма ме емес
            барлық біздің біз сіз олар ету беру алу болу болып қалай ғана тағы дейін кейін арқылы талап өтініш
            деп бұл ол бірақ өте әр бір
            для или при что как это все всех они наш наша наши нам его без под над про если чтобы нужно надо
            быть есть нет так уже ещё еще также который которые после перед между прошу просим требуем
            на не по из за от до об во со ко но же бы ли мы вы он она их то
            петиция петицияны петициялар петиции петицию қазақстан казахстан казахстана республикасы республики
            the of and for to in is no
            """
        )
    )
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as it is compared (small letters, one spelling), and where it stands."""

    plain: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """The words that tell something, in their order. ``text`` is NFC, as everything that is kept."""
    for found in _WORD.finditer(text):
        plain = _plain(found[0])
        if _tells(plain):
            yield Word(plain, found.start(), found.end())


def stem_of(word: Word, language: str) -> str:
    """Its stem, short enough to be kept; a number is itself."""
    return (word.plain if word.plain.isdecimal() else stem(word.plain, language))[:LONGEST]


def stems_in_order(text: str, language: str) -> list[str]:
    """The stems of a text in a language, in the order of its words."""
    return [stem_of(word, language) for word in words(normalised(text))]


def stems(text: str) -> frozenset[str]:
    """The stems of a text whose language its letters tell; words of both languages may stand in it."""
    language = "ru" if KAZAKH_LETTERS.isdisjoint(text.lower()) else "kk"
    return frozenset(stems_in_order(text, language))


def normalised(text: str) -> str:
    """One spelling of the same characters, without what no text holds."""
    return unicodedata.normalize("NFC", text.replace("\0", " "))


def look_alike(word: str) -> str:
    """A word of Latin letters as its Cyrillic look-alike."""
    return word.translate(_LOOK_ALIKE).lower()


def _plain(word: str) -> str:
    if word[0].isdecimal():
        return "".join(str(int(digit)) for digit in word if digit.isdecimal())  # digits of every script are one
    if not word.isascii() and _CYRILLIC.search(word):
        word = word.translate(_LOOK_ALIKE)
    return word.lower().replace("ё", "е")


def _tells(plain: str) -> bool:
    return plain.isdecimal() or (len(plain) >= SHORTEST and folded(plain) not in _EMPTY)
