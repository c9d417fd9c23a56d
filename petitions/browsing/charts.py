"""Pictures of numbers: only geometry, no words and no colour. `templates/_macros/charts.html` draws them.

Places and sizes are per cent of the picture, so that it stretches from a phone to a page while its lettering keeps the
reader's own size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLUMN = 0.72  # of its place; the rest is the gap
MOST_MARKS = 6  # names under the columns that a narrow screen has room for


@dataclass(frozen=True)
class Point:
    """One value to draw. ``name`` in full, for the table; ``mark`` as it stands under the picture."""

    name: str
    value: int
    mark: str = ""


@dataclass(frozen=True)
class Column:
    point: Point
    x: float
    y: float
    width: float
    height: float
    is_marked: bool


@dataclass(frozen=True)
class Columns:
    """Values over time, side by side. ``top`` is what the height of the picture means, an even number."""

    columns: tuple[Column, ...]
    top: int


@dataclass(frozen=True)
class Bar:
    point: Point
    width: float


@dataclass(frozen=True)
class Slice:
    """A part of a whole: where it begins and how far it reaches, and its share in whole per cent."""

    point: Point
    x: float
    width: float
    percent: int


def columns(points: Sequence[Point]) -> Columns:
    """A column a point."""
    top = round_up(max((point.value for point in points), default=0))
    place = 100 / max(1, len(points))
    every = -(-len(points) // MOST_MARKS) or 1
    last = len(points) - 1
    return Columns(
        tuple(
            Column(
                point=point,
                x=round(place * (number + (1 - COLUMN) / 2), 2),
                y=round(100 - 100 * point.value / top, 2),
                width=round(place * COLUMN, 2),
                height=round(100 * point.value / top, 2),
                is_marked=(last - number) % every == 0,  # the newest always has its name
            )
            for number, point in enumerate(points)
        ),
        top,
    )


def bars(points: Sequence[Point]) -> tuple[Bar, ...]:
    """A bar a point, the longest as wide as the picture."""
    most = max((point.value for point in points), default=0) or 1
    return tuple(Bar(point, round(100 * point.value / most, 2)) for point in points)


def shares(points: Sequence[Point]) -> tuple[Slice, ...]:
    """The parts of a whole in order; none of nothing. Per cents add up to a hundred (largest remainder)."""
    whole = sum(point.value for point in points)
    if not whole:
        return ()
    percents = _percents([point.value for point in points], whole)
    slices, before = [], 0
    for point, percent in zip(points, percents, strict=True):
        slices.append(Slice(point, round(100 * before / whole, 2), round(100 * point.value / whole, 2), percent))
        before += point.value
    return tuple(slices)


def round_up(most: int) -> int:
    """The next number that is good to read on a scale and whose half is whole: 2, 4, 6, 8, 10, 20, 40 ..."""
    unit = 1
    while most > 10 * unit:
        unit *= 10
    return max(2, next(step * unit for step in (2, 4, 6, 8, 10) if step * unit >= most))


def _percents(values: Sequence[int], whole: int) -> list[int]:
    percents = [100 * value // whole for value in values]
    by_remainder = sorted(range(len(values)), key=lambda number: -(100 * values[number] % whole))
    for number in by_remainder[: 100 - sum(percents)]:
        percents[number] += 1
    return percents
