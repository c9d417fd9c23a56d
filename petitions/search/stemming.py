"""The part of a word that its forms share: Russian by Snowball, Kazakh by its endings.

Kazakh adds ending after ending, each in two to six shapes: its vowel follows the last vowel of the word (harmony),
its first consonant the last sound (assimilation). An ending is taken off only where both fit, so that words which
only look as if they had it stay whole. Letters are folded as people type them on a Russian keyboard. No dictionary:
a stem need not be a word, only the same for all forms of one.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Any

import snowballstemmer

from petitions.i18n import KAZAKH_LETTERS
from petitions.reference.names import folded

SHORTEST_STEM = 3  # but for some words of two letters

# As typed on a Russian keyboard, but for the vowels that tell which endings fit.
_HALF_FOLDED = str.maketrans("ғқңһіё", "гкнхие")
_BACK, _FRONT = frozenset("аыұя"), frozenset("әеөүиэ")
_VOWELS = _BACK | _FRONT | frozenset("оую")  # "о" and "у" may stand for "ө" and "ү": they fit both
_VOICELESS = frozenset("пткcсшщфхцчбгдв")  # at the end of a word б, г, д, в of borrowed words sound voiceless too
_SONORANT = frozenset("мн")
_HARDENED = {"б": "п", "г": "к"}


def _both(*endings: str) -> frozenset[str]:
    """Each ending as it stands and with its vowels moved to the front."""
    front = str.maketrans("аы", "еи")
    return frozenset(shape for ending in endings for shape in (ending, ending.translate(front)))


def _longest_first(endings: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """By their last letter, so that a word is compared with few of them."""
    in_order = sorted(endings, key=lambda ending: (-len(ending), ending))
    return {last: tuple(each for each in in_order if each[-1] == last) for last in {each[-1] for each in in_order}}


# Cases, also after the possessive of the third person, possessives and the plural: they come in any number.
_POSSESSIVES = _both("ы", "сы", "ын", "сын", "ынын", "сынын", "ына", "сына", "ында", "сында", "ынан", "сынан")
_OF_PLACE = _both("дагы", "тагы", "ындагы", "сындагы", "ныкы", "дыкы", "тыкы")
_CASES = _both("нын", "дын", "тын", "га", "ка", "ны", "ды", "ты", "да", "та", "дан", "тан", "нан")
_WITH = frozenset({"мен", "бен", "пен"})  # the one case of a single shape
_OURS = _both("мыз", "ымыз", "ныз", "ыныз")
_PLURALS = _both("лар", "дар", "тар")
_ENDINGS = _longest_first(_POSSESSIVES | _OF_PLACE | _CASES | _WITH | _OURS | _PLURALS)
# What makes another word of it: taken off after all of those.
_DERIVING = _longest_first(_both("лык", "дык", "тык", "сыз", "шы") | {"у"})
_SHORT_WORDS = frozenset({"су", "үй", "уй", "ел", "ет", "ит", "ай", "ер", "ас", "от", "ат", "ой"})
# The vowel that an ending pushed out stands in the stem again.
_PUSHED_OUT = {"халк": "халык", "орн": "орын", "ауз": "ауыз", "мойн": "мойын", "ерк": "ерик"}
# Words whose own last letters look like an ending; half folded.
_WHOLE = frozenset(
    re.findall(
        r"\w+",
        """
        алматы караганды дәри дари жакын жылу алдын орын зан өзен озен аудан орман алан дүкен дукен мекен
        тургын тұргын казакстан түркистан туркистан бензин район вагон телефон жан сан кен кан тан дән ден
        мән ман айлан майдан бетон трамвай адам арман кыран хан
        """,
    )
)

# A numeral that would share its stem with "семья", and with the city of Semey as Russian writes it.
_NUMERAL = {"семи": "семь", "семь": "семь"}
_FLEETING = re.compile(r"(?<=\w\w)([^аеиоуыэюя])[ое]к$")
_of_thread = threading.local()


def stem(word: str, language: str) -> str:
    """The stem of one word in small letters; a Kazakh letter tells more than the language of the text around it."""
    if language == "kk" or not KAZAKH_LETTERS.isdisjoint(word):
        return kazakh_stem(word)
    return russian_stem(word)


@lru_cache(maxsize=20_000)
def kazakh_stem(word: str) -> str:
    """ "мектептеріміздегі" gives "мектеп", "жолдарды" "жол", "кітабы" "китап"."""
    root = word.translate(_HALF_FOLDED)
    for endings in (_ENDINGS, _DERIVING):
        while (shorter := _without(endings, root)) is not None:
            root = shorter
    root = folded(root[:-1] + _HARDENED.get(root[-1:], root[-1:]))
    return _PUSHED_OUT.get(root, root)


@lru_cache(maxsize=20_000)
def russian_stem(word: str) -> str:
    """ "дорогами" gives "дорог"; ё is е, and a fleeting vowel is none: "посёлок", "посёлка"."""
    if word in _NUMERAL:
        return _NUMERAL[word]
    return _FLEETING.sub(r"\1к", _snowball().stemWord(word.replace("ё", "е")))


def _snowball() -> Any:
    """A stemmer of this thread's own: it remembers the word that it works on."""
    if not hasattr(_of_thread, "russian"):
        _of_thread.russian = snowballstemmer.stemmer("russian")
    return _of_thread.russian


def _without(endings: dict[str, tuple[str, ...]], word: str) -> str | None:
    """The word without the longest of these that fits, or None when it has none."""
    if word in _WHOLE:
        return None
    for ending in endings.get(word[-1:], ()):
        if word.endswith(ending) and _fits(root := word[: -len(ending)], ending):
            # Between vowels п and к soften ("кітап", "кітабы"): at the end they are what they were.
            return root[:-1] + _HARDENED.get(root[-1], root[-1])
    return None


def _fits(root: str, ending: str) -> bool:
    if (len(root) < SHORTEST_STEM and root not in _SHORT_WORDS) or _VOWELS.isdisjoint(root):
        return False
    if root + ending[0] in _WHOLE:  # "өзен-і", not "өзе-ні"
        return False
    return (ending in _WITH or _in_harmony(root, ending)) and _joins(root, ending)


def _in_harmony(root: str, ending: str) -> bool:
    last = next(letter for letter in reversed(root) if letter in _VOWELS)
    first = next(letter for letter in ending if letter in _VOWELS)
    return not (last in _BACK and first in _FRONT) and not (last in _FRONT and first in _BACK)


def _joins(root: str, ending: str) -> bool:
    """Whether the ending can begin so after this sound."""
    last, first = root[-1], ending[0]
    if first in "ткп":
        return last in _VOICELESS
    if first in "дгл":
        return last not in _VOICELESS
    if first == "н":
        return last in _SONORANT or (last in _VOWELS and ending not in ("нан", "нен"))
    if first == "с" and ending in _POSSESSIVES:  # "қала-сы", "оқушы-сы", but "жұмыс-ы"
        return last in _VOWELS - {"у"} and (last not in "ыи" or root.endswith(("шы", "ши")) or root in _WHOLE)
    if first in "ыи":
        return last == "у" or (last not in _VOWELS and not _is_of_a_doer(root))
    return True


def _is_of_a_doer(root: str) -> bool:
    """Whether the vowel belongs to "-шы": "жұмыс-шы", but "ағаш-ы"."""
    return root[-1] == "ш" and root[-2:-1] not in _VOWELS
