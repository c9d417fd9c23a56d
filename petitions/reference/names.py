"""Names in three languages: alphabetical order, forgiving search, and the names of local bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from petitions.reference.kinds import BodyKind

KAZAKH_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
"""42 letters; the 33 of Russian stand in their own order among them, so one order serves both languages."""

# People type Kazakh names on Russian keyboards: "кокшетау" must find "Көкшетау".
_FOLDED = str.maketrans("әғқңөұүһіё", "агкноуухие")

_GENERIC_RU = re.compile(r"^(?:город|посёлок|сельский округ|село|район|область)\s+(?:имени\s+)?(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """One thing named in Kazakh, Russian and English."""

    kk: str
    ru: str
    en: str

    def columns(self, prefix: str = "name") -> dict[str, str]:
        """As column values: {"name_kk": ..., "name_ru": ..., "name_en": ...}."""
        return {f"{prefix}_kk": self.kk, f"{prefix}_ru": self.ru, f"{prefix}_en": self.en}


def sort_key(name: str) -> str:
    """A key that sorts by the Kazakh alphabet under every database collation (small Latin letters only)."""
    return "".join(_ranked(letter) for letter in name.lower())


def sort_key_ru(name: str) -> str:
    """The same for a Russian name of a unit, without the word for its kind: "село Азат" sorts under А."""
    return sort_key(_GENERIC_RU.sub("", name))


def folded(text: str) -> str:
    """Text as a search compares it: small letters, Kazakh ones as their Russian neighbours, single spaces."""
    return " ".join(text.replace("\0", " ").lower().translate(_FOLDED).split())


def local_body_names(kind: BodyKind, unit: Names) -> Names:
    """The names of a unit's akimat, akim's office or maslikhat."""
    if kind is BodyKind.AKIM_OFFICE:
        return Names(
            kk=f"{unit.kk} әкімінің аппараты",
            ru=_of_unit_ru("Аппарат акима", unit.ru),
            en=f"Office of the Akim of {unit.en}",
        )
    kk, ru, en = {
        BodyKind.AKIMAT: ("әкімдігі", "Акимат", "Akimat"),
        BodyKind.MASLIKHAT: ("мәслихаты", "Маслихат", "Maslikhat"),
    }[kind]
    return Names(
        kk=f"{genitive_kk(unit.kk)} {kk}",
        ru=_of_unit_ru(ru, unit.ru),
        en=f"{en} of {unit.en}",
    )


def genitive_kk(name: str) -> str:
    """The Kazakh genitive: "Алматы қаласы" gives "Алматы қаласының", "ауылдық округі" gives "округінің".

    The vowel of the suffix follows the last vowel of the word, its consonant the last letter.
    """
    last_vowel = next((letter for letter in reversed(name.lower()) if letter in "аоұыяёюуәеөүіиэ"), "ы")
    vowel = "і" if last_vowel in "әеөүіиэ" else "ы"
    last = name[-1].lower()
    if last in "аоұыяёюуәеөүіиэ" or last in "мнң":
        consonant = "н"
    elif last in "жзйлр":
        consonant = "д"
    else:
        consonant = "т"
    return f"{name}{consonant}{vowel}ң"


def genitive_ru(name: str) -> str | None:
    """The Russian genitive of a unit's full name, or None where no safe rule applies.

    Adjectives and the word for the kind are declined. A proper name after that word stays in the nominative,
    as in official use ("района Алтай", "села Азат"); only names of cities follow their declension.
    """
    city = re.fullmatch(r"город (\S+)", name)
    if city:
        return f"города {_city_genitive(city[1])}"
    for kind, declined in (
        ("область", "области"),
        ("район", "района"),
        ("сельский округ", "сельского округа"),
        ("село", "села"),
        ("посёлок", "посёлка"),
    ):
        if name.startswith(f"{kind} "):
            return declined + name[len(kind) :]
    adjective = re.fullmatch(r"(.*(?:ск|цк|н|в|т))(ий|ый|ой|ая) (сельский округ|район|область)", name)
    if adjective is None:
        return None
    ending, kind = ("ой", "области") if adjective[2] == "ая" else ("ого", _DECLINED_KIND.get(adjective[3], ""))
    return f"{adjective[1]}{ending} {kind}" if kind else None


_DECLINED_KIND = {"сельский округ": "сельского округа", "район": "района"}

# Namesakes of people and mountains, and soft signs, which official use leaves alone.
_UNDECLINED_CITIES = frozenset({"Абай", "Алтай", "Семей", "Қонаев", "Есиль", "Акколь"})
_CITIES = {"Рудный": "Рудного", "Сарань": "Сарани", "Арысь": "Арыси"}


def _city_genitive(city: str) -> str:
    if city in _CITIES:
        return _CITIES[city]
    if city in _UNDECLINED_CITIES or city[-1] in "еиоуыэюяь":
        return city
    if city.endswith("а"):
        return city[:-1] + ("и" if city[-2] in "гкхжшчщ" else "ы")
    return city[:-1] + "я" if city.endswith("й") else city + "а"


def _of_unit_ru(body: str, unit: str) -> str:
    declined = genitive_ru(unit)
    return f"{body} {declined}" if declined else f"{body} — {unit}"


def _ranked(letter: str) -> str:
    """Two letters for one: spaces and signs first, then figures, Latin letters, the Kazakh alphabet."""
    if letter in KAZAKH_ALPHABET:
        rank = 60 + KAZAKH_ALPHABET.index(letter)
    elif "a" <= letter <= "z":
        rank = 20 + ord(letter) - ord("a")
    elif letter.isdigit():
        rank = 2 + int(letter) if letter in "0123456789" else 12
    else:
        rank = 0 if letter.isspace() else 1
    high, low = divmod(rank, 26)
    return chr(ord("a") + high) + chr(ord("a") + low)
