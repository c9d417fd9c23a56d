"""The demonstration's people: invented, the same on every machine, with numbers whose check digit is right.

Everybody ordinary is of age since before 2024, so that the law's clock may stand anywhere in both editions.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Literal

from flask_babel import lazy_gettext as _l

from petitions.identity.iin import make_iin

Answer = Literal["known", "unknown", "down"]

ORDINARY_COUNT = 152
BORN_FIRST, BORN_LAST = date(1946, 1, 5), date(2005, 6, 30)

# Surnames made of words for "sample", "trial", "pattern": nobody is called so.
SURNAMES = ("Сынақ", "Үлгі", "Мысал", "Жасанд", "Образц", "Пример", "Пробн", "Макет", "Эталон", "Шаблон")
MEN = (
    "Данияр", "Ерлан", "Нұрлан", "Асқар", "Бауыржан", "Тимур", "Арман", "Серік", "Қанат", "Мақсат", "Олжас",
    "Дәурен", "Рустам", "Айдар", "Әлихан", "Ильяс", "Марат", "Сергей", "Андрей", "Виктор", "Павел", "Дмитрий",
)  # fmt: skip
WOMEN = (
    "Айгүл", "Динара", "Гүлнар", "Сәуле", "Жанар", "Мәдина", "Ботагөз", "Әсел", "Айжан", "Лаура", "Камила",
    "Назгүл", "Раушан", "Зәуре", "Ольга", "Наталья", "Елена", "Марина", "Светлана", "Анна", "Татьяна",
)  # fmt: skip
FATHERS = ("Асан", "Болат", "Қайрат", "Марат", "Сәкен", "Талғат", "Ораз", "Мұрат")

# Where they live: districts of Almaty, oblast centres, and settlements small enough for a demonstration to
# move.
RESIDENCES = (
    "751110000", "751210000", "751310000", "751410000", "751510000", "751710000",
    "710000000", "790000000", "351000000", "551000000", "391000000", "101000000",
    "351635000", "351635000", "351635000", "104163000", "104163000", "104163000", "392433000", "154825000",
    "351645000", "155621000", "111037000", "104165000", "552257000", "111833000", "114520000", "114400000",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One invented person; ``registry`` is what the simulated person registry answers about them."""

    key: str
    iin: str = field(repr=False)
    surname: str = field(repr=False)
    given_name: str
    patronymic: str = field(repr=False)
    birth_date: date
    male: bool
    residence_kato: str
    citizenship: str = "KZ"
    registry: Answer = "known"
    note: str = field(default="", compare=False)

    @property
    def public_name(self) -> str:
        return f"{self.given_name} {self.surname[0]}."


def _special(
    key: str, given: str, surname: str, born: date, male: bool, kato: str, serial: int, note: object,
    *, citizenship: str = "KZ", registry: Answer = "known",
) -> Person:  # fmt: skip
    return Person(
        key=key, iin=make_iin(born, male=male, serial=serial), surname=surname, given_name=given,
        patronymic="Асанұлы" if male else "Асанқызы", birth_date=born, male=male, residence_kato=kato,
        citizenship=citizenship, registry=registry, note=note,  # type: ignore[arg-type]
    )  # fmt: skip


SPECIAL = (
    _special("aigul", "Айгүл", "Сынақова", date(1988, 4, 12), False, "751410000", 9001,
             _l("Author of petitions")),
    _special("daniyar", "Данияр", "Үлгіев", date(1979, 9, 3), True, "751710000", 9011,
             _l("An adult citizen")),
    _special("olga", "Ольга", "Образцова", date(1965, 1, 28), False, "351635000", 9021,
             _l("An adult citizen who lives in a small settlement")),
    _special("minor", "Әлихан", "Жасандиев", date(2009, 6, 1), True, "751110000", 9031,
             _l("Seventeen years old until 1 June 2027")),
    _special("foreigner", "Тимур", "Примеров", date(1990, 11, 17), True, "751210000", 9041,
             _l("Citizen of another state"), citizenship="KG"),
    _special("stateless", "Марина", "Макетова", date(1984, 2, 8), False, "751310000", 9051,
             _l("Without a citizenship"), citizenship="XX"),
    _special("unknown", "Ерлан", "Мысалов", date(1972, 7, 21), True, "751510000", 9061,
             _l("Not known to the person registry"), registry="unknown"),
    _special("down", "Динара", "Шаблонова", date(1995, 12, 2), False, "710000000", 9071,
             _l("The person registry never answers about this person"), registry="down"),
)  # fmt: skip


@cache
def everybody() -> tuple[Person, ...]:
    """The special people first, then the ordinary ones (``person-001`` and on)."""
    chance = random.Random(20261121)
    return (*SPECIAL, *(_ordinary(number, chance) for number in range(1, ORDINARY_COUNT + 1)))


def ordinary() -> Sequence[Person]:
    """Adult citizens known to the registry, for filling demonstrations with signers."""
    return everybody()[len(SPECIAL) :]


def person(key: str) -> Person:
    """By key. Raises KeyError."""
    return _by_key()[key]


def by_iin(iin: str) -> Person | None:
    return _by_iin().get(iin)


@cache
def _by_key() -> dict[str, Person]:
    return {one.key: one for one in everybody()}


@cache
def _by_iin() -> dict[str, Person]:
    return {one.iin: one for one in everybody()}


def _ordinary(number: int, chance: random.Random) -> Person:
    male = number % 2 == 0
    born = BORN_FIRST + timedelta(days=chance.randrange((BORN_LAST - BORN_FIRST).days))
    father = chance.choice(FATHERS)
    return Person(
        key=f"person-{number:03d}",
        iin=make_iin(born, male=male, serial=5000 + 10 * number),
        surname=chance.choice(SURNAMES) + ("ов" if male else "ова"),
        given_name=chance.choice(MEN if male else WOMEN),
        patronymic=father + ("ұлы" if male else "қызы"),
        birth_date=born,
        male=male,
        residence_kato=RESIDENCES[number % len(RESIDENCES)],
    )
