"""Which word was meant: one letter too many, too few, another or in another place, as a careless ear hears it,
or typed with the keyboard in the other language."""

from __future__ import annotations

from collections.abc import Iterator

LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
SHORTEST = 4  # a shorter word has too many neighbours to guess
LONGEST = 24

# Letters that are mistaken for one another sound the same; the two signs have no sound.
_ALIKE = str.maketrans("оеэыюябдгхзжвщц", "аиииуапткксшфшс", "ьъ")
_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_OTHER_KEYBOARD = str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS)


def sound(stem: str) -> str:
    """The stem as a careless ear hears it: equal for most misspellings of one word."""
    heard = stem.translate(_ALIKE)
    return "".join(letter for at, letter in enumerate(heard) if at == 0 or letter != heard[at - 1])


def neighbours(stem: str) -> Iterator[str]:
    """Every string at one letter's distance: left out, swapped with the next, another, added."""
    parts = [(stem[:at], stem[at:]) for at in range(len(stem) + 1)]
    for head, tail in parts:
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in LETTERS)


def on_the_other_keyboard(text: str) -> str:
    """ "vtrntg" as it comes out when the same keys are pressed with the Cyrillic keyboard on."""
    return text.lower().translate(_OTHER_KEYBOARD)


def distance(one: str, other: str) -> int:
    """How many letters must be left out, added, changed or swapped with their neighbour to make one of the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, its in enumerate(other, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != its))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == its:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return last[-1]
