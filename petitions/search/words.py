"""Word forms: Kazakh and Russian add endings to a word, so a word is compared by its beginning.

No dictionary: a machine only proposes here, a person decides.
"""

from __future__ import annotations

import re

from petitions.reference.names import folded

STEM_LENGTH = 5
SHORTEST = 3

_WORD = re.compile(r"[^\W\d_]+|\d+")
# Words that say nothing about a subject: what petitions are made of, and the small words of both languages.
_EMPTY = frozenset(
    _WORD.findall(
        folded(
            """
            және немесе үшін туралы бойынша керек қажет осы сол бар жоқ мен бен пен да де та те ма ме емес
            барлық біздің біз сіз олар ету беру алу болу болып қалай ғана тағы дейін кейін арқылы талап өтініш
            для или при что как это все всех они наш наша наши нам его без под над про если чтобы нужно надо
            быть есть нет так уже ещё еще также который которые после перед между прошу просим требуем
            петиция петицияны петиции қазақстан казахстан казахстана республикасы республики
            """
        )
    )
)


def stems(text: str) -> frozenset[str]:
    """The beginnings of a text's words, small words left out; letters folded as in a search for places."""
    return frozenset(word[:STEM_LENGTH] for word in _WORD.findall(folded(text)) if _tells(word))


def _tells(word: str) -> bool:
    return word not in _EMPTY and (len(word) >= SHORTEST or word.isdigit())
