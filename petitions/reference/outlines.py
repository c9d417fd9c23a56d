"""The outlines of the top units and of their districts, as the map draws them; licence: `data/map/README.md`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

CREDIT = "https://www.openstreetmap.org/copyright"
"""What the licence asks every picture to lead to."""
LICENCE = "https://opendatacommons.org/licenses/odbl/1-0/"

FILES = ("units", "districts")
LARGEST_WIDTH, LARGEST_HEIGHT = 1100, 660
_CIRCLE = re.compile(r"M(\d+) (\d+)a(\d+) ")


@dataclass(frozen=True)
class Outline:
    """The shape of one unit. ``path``: in pixels of its drawing; ``label``: where its number stands, in per cent.

    A city too small for a shape is a circle around ``label``.
    """

    kato: str
    path: str
    label: tuple[float, float]
    is_circle: bool


@dataclass(frozen=True)
class Drawing:
    """A picture of neighbours, ``width`` by ``height`` pixels of their paths; circles stand last."""

    width: int
    height: int
    outlines: tuple[Outline, ...]

    @property
    def largest(self) -> tuple[int, int]:
        """Width and height of the picture where there is room for it, in pixels of a page."""
        scale = min(LARGEST_WIDTH / self.width, LARGEST_HEIGHT / self.height)
        return round(self.width * scale), round(self.height * scale)


@lru_cache(maxsize=1)
def country() -> Drawing:
    """The 20 top units."""
    return _drawing(json.loads(file("units")))


def districts(kato: str) -> Drawing | None:
    """The districts and cities of a top unit; None for any other code."""
    return _districts().get(kato)


@lru_cache(maxsize=2)
def file(name: str) -> bytes:
    """One of `FILES`, as it is: the licence wants the outlines offered to whoever sees the picture."""
    return (files("petitions.reference") / "data" / "map" / f"{name}.json").read_bytes()


@lru_cache(maxsize=1)
def _districts() -> Mapping[str, Drawing]:
    return {kato: _drawing(found) for kato, found in json.loads(file("districts"))["units"].items()}


def _drawing(found: Mapping[str, Any]) -> Drawing:
    _left, _top, width, height = (int(number) for number in found["viewBox"].split())
    outlines = [_outline(kato, found["units"][kato], width, height) for kato in found["order"]]
    return Drawing(width, height, tuple(sorted(outlines, key=lambda outline: outline.is_circle)))


def _outline(kato: str, found: Mapping[str, Any], width: int, height: int) -> Outline:
    x, y = found["label"]
    circle = _CIRCLE.match(found["d"])
    if circle:
        left, middle, radius = (int(number) for number in circle.groups())
        x, y = left + radius, middle
    return Outline(kato, found["d"], (round(100 * x / width, 2), round(100 * y / height, 2)), circle is not None)
