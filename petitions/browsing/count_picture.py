"""Pictures of a count: only shapes, in a box that stretches; every word and figure stands in the page around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

WIDTH, HEIGHT = 600, 200
HEADROOM = 1.08
STOPS = 8  # moments whose count is told beside the picture; all of them stand on the page of its history
NEARLY = 0.4  # of what is needed: from there on the picture shows how far it still is


@dataclass(frozen=True)
class Line:
    """The count over time, as SVG paths. ``needed_y`` is the height of what is needed, where it fits in.

    ``top``: the most that it ever was; ``stops``: some moments with the count at each, the last among them.
    """

    path: str
    area: str
    needed_y: float | None
    top: int
    begins: datetime
    ends: datetime
    stops: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True)
class Bars:
    """Joinings upwards and removals downwards, a bar each day, as SVG paths; ``zero_y`` parts them."""

    joined: str
    removed: str
    zero_y: float
    most_joined: int
    most_removed: int
    begins: date
    ends: date


def line(points: Sequence[tuple[datetime, int]], needed: int | None) -> Line:
    """The count at the end of each hour in which it moved; between them it stays level. Of one point at least."""
    begins, ends = points[0][0], points[-1][0]
    most = max(count for _at, count in points)
    fits = needed is not None and most >= needed * NEARLY
    top = max(most, needed if fits and needed else 0, 1) * HEADROOM
    span = (ends - begins).total_seconds()
    steps = []
    for at, count in points:
        x = WIDTH * (at - begins).total_seconds() / span if span else WIDTH
        steps.append(f"H{x:.1f}V{_height(count, top)}")
    every = -(-len(points) // STOPS)
    path = f"M0,{_height(points[0][1], top)}" + "".join(steps)
    return Line(
        path=path,
        area=f"{path}V{HEIGHT}H0Z",
        needed_y=_height(needed, top) if fits and needed else None,
        top=most,
        begins=begins,
        ends=ends,
        stops=tuple(points[::-1][::every][::-1]),
    )


def bars(days: Sequence[tuple[date, int, int]]) -> Bars:
    """What came and went each day; a day left out stays empty. Of one day at least."""
    first, last = days[0][0], days[-1][0]
    most_joined, most_removed = max(day[1] for day in days), max(day[2] for day in days)
    unit = HEIGHT / (most_joined + most_removed or 1)
    zero, step = most_joined * unit, WIDTH / ((last - first).days + 1)
    joined, removed = [], []
    for day, came, went in days:
        x = step * (day - first).days
        joined.append(_bar(x, step, zero, -came * unit))
        removed.append(_bar(x, step, zero, went * unit))
    return Bars("".join(joined), "".join(removed), round(zero, 1), most_joined, most_removed, first, last)


def _height(count: int, top: float) -> float:
    return round(HEIGHT * (1 - count / top), 1)


def _bar(x: float, step: float, zero: float, height: float) -> str:
    if not height:
        return ""
    return f"M{x + step * 0.1:.1f},{zero:.1f}h{step * 0.8:.1f}v{height:.1f}h{-step * 0.8:.1f}z"
