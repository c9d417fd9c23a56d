"""The map and the table under it: the same numbers of the same places, coloured by one, ordered by any.

No meaning rests on colour: every place carries its number, the key says what a colour stands for, the table holds all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from babel.numbers import format_compact_decimal

from petitions.browsing.map_labels import Stands, with_room
from petitions.browsing.map_numbers import NOTHING, ByPlace, PlaceNumbers
from petitions.i18n import _l, current_language, format_number, format_percent, pick
from petitions.reference.outlines import Drawing, Outline
from petitions.reference.records import TerritoryView

Value = int | float | None
"""What is shown of a place; None where there is nothing to show."""

DEFAULT = "open"
BY_NAME = "name"
MOST_CLASSES = 5
MOST_FIGURES = 10_000
TONES: Mapping[int, Sequence[int]] = {0: (), 1: (3,), 2: (2, 4), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}
"""Which of the five colours of the scale so many classes take."""
_BRIEF_RU = {"Западно": "ЗКО", "Восточно": "ВКО", "Северо": "СКО"}
"""The three oblasts whose names a map has no room for, as everybody in the country calls them in Russian."""
_KIND_WORDS = {
    "kk": re.compile(r" (?:облысы|қаласы|ауданы)$"),
    "ru": re.compile(r"^(?:область|город|район) | (?:область|район)$"),
    "en": re.compile(r" (?:Region|City|District)$"),
}


@dataclass(frozen=True)
class Measure:
    """A number that the map can show. ``zero_apart``: none at all is no point of its scale."""

    name: str
    title: str
    of: Callable[[PlaceNumbers, TerritoryView], Value]
    percent: bool = False
    zero_apart: bool = True


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("open", _l("Petitions open for joining"), lambda numbers, unit: numbers.open),
        Measure("petitions", _l("All petitions"), lambda numbers, unit: numbers.petitions),
        Measure(
            "per-100-000",
            _l("Petitions per 100,000 people"),
            lambda numbers, unit: numbers.per_100_000(unit.population),
        ),
        Measure("joined", _l("Joinings"), lambda numbers, unit: numbers.joined),
        Measure(
            "in-time",
            _l("In time, of the answers that were due"),
            lambda numbers, unit: numbers.percent_in_time,
            percent=True,
            zero_apart=False,
        ),
    )
}


@dataclass(frozen=True)
class Place:
    """A row of the table. ``short``: the name without the word for its kind; ``shown``: the value on the map, ``said``
    in full; ``tone``: 1 to 5, 0 for none at all, None where there is nothing to show."""

    unit: TerritoryView
    name: str
    short: str
    numbers: PlaceNumbers
    value: Value
    shown: str
    said: str
    tone: int | None

    @property
    def kato(self) -> str:
        return self.unit.kato


@dataclass(frozen=True)
class Class:
    """A line of the key: what a colour stands for."""

    tone: int | None
    text: str


@dataclass(frozen=True)
class Shape:
    """A place as it is drawn; ``name``: where its name stands, None where it would cover another's."""

    place: Place
    outline: Outline
    name: Stands | None

    @property
    def named(self) -> bool:
        return self.name is not None


@dataclass(frozen=True)
class MapPage:
    """``places`` in the order asked; ``shapes`` as they are drawn: by name, circles last. None below districts."""

    measure: Measure
    order: str
    places: tuple[Place, ...]
    key: tuple[Class, ...]
    drawing: Drawing | None
    shapes: tuple[Shape, ...]

    @property
    def counted(self) -> tuple[Place, ...]:
        """The rows of the table: all places of a picture; below the districts those that have a petition."""
        return self.places if self.drawing else tuple(place for place in self.places if place.numbers.petitions)

    @property
    def quiet(self) -> tuple[Place, ...]:
        """The other places: a row of zeros each would make a page of many screens."""
        return () if self.drawing else tuple(place for place in self.places if not place.numbers.petitions)


def map_page(
    units: Sequence[TerritoryView], numbers: ByPlace, drawing: Drawing | None, *, show: str = "", order: str = ""
) -> MapPage:
    """The units, in the alphabet of the language, with their numbers. What is not understood is the default."""
    measure = MEASURES.get(show, MEASURES[DEFAULT])
    order = order if order in MEASURES or order == BY_NAME else BY_NAME
    values = {unit.kato: measure.of(numbers.get(unit.kato, NOTHING), unit) for unit in units}
    classes = _classes(measure, list(values.values()))
    places = [_place(unit, numbers.get(unit.kato, NOTHING), values[unit.kato], measure, classes) for unit in units]
    return MapPage(
        measure=measure,
        order=order,
        places=tuple(_ordered(places, order)),
        key=_key(measure, classes, values.values()),
        drawing=drawing,
        shapes=_shapes(drawing, places) if drawing else (),
    )


def text_of(measure: Measure, value: Value) -> str:
    """A value in full, as the key has it."""
    if value is None:
        return "–"
    return format_percent(value) if measure.percent else format_number(value)


def brief_text_of(measure: Measure, value: Value) -> str:
    """A value as it stands on the map, where five figures have no room: "12K", "12 тыс."."""
    if value is None or value < MOST_FIGURES:
        return text_of(measure, value)
    return str(format_compact_decimal(value, format_type="short", locale=current_language()))


def short_name(unit: TerritoryView) -> str:
    """ "Abai" of "Abai Region": a map has no room for the word that every name shares."""
    name = pick(unit, "name")
    if current_language() == "ru" and name.endswith("-Казахстанская область"):
        return _BRIEF_RU.get(name.partition("-")[0], name)
    return _KIND_WORDS[current_language()].sub("", name) or name


def _place(
    unit: TerritoryView, numbers: PlaceNumbers, value: Value, measure: Measure, classes: Sequence[tuple[float, float]]
) -> Place:
    return Place(
        unit=unit,
        name=pick(unit, "name"),
        short=short_name(unit),
        numbers=numbers,
        value=value,
        shown=brief_text_of(measure, value),
        said=text_of(measure, value),
        tone=_tone(value, classes),
    )


def _shapes(drawing: Drawing, places: Sequence[Place]) -> tuple[Shape, ...]:
    """In the order in which they are drawn: circles lie on top."""
    by_kato = {place.kato: place for place in places}
    drawn = [(outline, by_kato[outline.kato]) for outline in drawing.outlines if outline.kato in by_kato]
    ranks = {place.kato: rank for rank, place in enumerate(places)}
    drawn.sort(key=lambda pair: (pair[0].is_circle, ranks[pair[1].kato]))
    named = with_room(drawing, [(outline, place.shown, place.short) for outline, place in drawn])
    return tuple(Shape(place, outline, named.get(place.kato)) for outline, place in drawn)


def _ordered(places: Sequence[Place], order: str) -> list[Place]:
    """By name as they come; by a number the greatest first, those without one last."""
    if order == BY_NAME:
        return list(places)
    measure = MEASURES[order]

    def rank(place: Place) -> tuple[bool, float]:
        value = measure.of(place.numbers, place.unit)
        return value is None, -(value or 0)

    return sorted(places, key=rank)


def _classes(measure: Measure, values: Sequence[Value]) -> list[tuple[float, float]]:
    """From and to of at most five classes that hold about as many places each; equal values are never parted."""
    found = sorted(value for value in values if value is not None and (value or not measure.zero_apart))
    distinct = sorted(set(found))
    number = min(MOST_CLASSES, len(distinct))
    if not number:
        return []
    if len(distinct) <= MOST_CLASSES:
        return [(value, value) for value in distinct]
    begins = sorted({distinct[0], *(found[len(found) * step // number] for step in range(1, number))})
    ends = [max(value for value in distinct if value < begin) for begin in begins[1:]] + [distinct[-1]]
    return list(zip(begins, ends, strict=True))


def _tone(value: Value, classes: Sequence[tuple[float, float]]) -> int | None:
    if value is None:
        return None
    tones = TONES[len(classes)]
    return next((tones[number] for number, (low, high) in enumerate(classes) if low <= value <= high), 0)


def _key(measure: Measure, classes: Sequence[tuple[float, float]], values: Collection[Value]) -> tuple[Class, ...]:
    key = [
        Class(tone, text_of(measure, low) if low == high else f"{text_of(measure, low)} – {text_of(measure, high)}")
        for tone, (low, high) in zip(TONES[len(classes)], classes, strict=True)
    ]
    if measure.zero_apart and 0 in values:
        key.insert(0, Class(0, text_of(measure, 0)))
    if None in values:
        key.append(Class(None, ""))
    return tuple(key)
