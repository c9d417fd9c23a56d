"""Which names a map has room for: a number always stands, a name only where it covers no other number or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from petitions.reference.outlines import Drawing, Outline

# As static/css/map.css draws them where names are shown at all, in pixels of a page.
NARROWEST = 800
LETTER, LETTER_HEIGHT = 7.8, 16.0
FIGURE, FIGURE_HEIGHT = 11.5, 20.0
NUMBER_ABOVE, NAME_BELOW, NAME_BELOW_A_CIRCLE, NAME_ABOVE = 11.0, 10.0, 24.0, 31.0


@dataclass(frozen=True)
class Box:
    """A piece of the picture, by its middle and its size."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Whether the two share any point."""
        across, down = abs(self.x - other.x), abs(self.y - other.y)
        return 2 * across < self.width + other.width and 2 * down < self.height + other.height


class Stands(Enum):
    """Where a name stands: under its number, or above it where that is taken."""

    BELOW = "below"
    ABOVE = "above"


def with_room(drawing: Drawing, labels: Sequence[tuple[Outline, str, str]]) -> Mapping[str, Stands]:
    """Where the names stand that have room, by code; ``labels``: outline, number, name. Who comes first goes first."""
    numbers = {outline.kato: _number(drawing, outline, number) for outline, number, _name in labels}
    names: dict[str, Box] = {}
    stand: dict[str, Stands] = {}
    for outline, _number_text, name in labels:
        others = [number for kato, number in numbers.items() if kato != outline.kato]
        for where in (Stands.BELOW,) if outline.is_circle else Stands:
            box = _name_box(drawing, outline, name, where)
            if not any(box.meets(other) for other in (*others, *names.values())):
                names[outline.kato], stand[outline.kato] = box, where
                break
    return stand


def _number(drawing: Drawing, outline: Outline, text: str) -> Box:
    x, y = _place(drawing, outline)
    return Box(x, y if outline.is_circle else y - NUMBER_ABOVE, FIGURE * len(text), FIGURE_HEIGHT)


def _name_box(drawing: Drawing, outline: Outline, text: str, where: Stands) -> Box:
    x, y = _place(drawing, outline)
    away = -NAME_ABOVE if where is Stands.ABOVE else NAME_BELOW_A_CIRCLE if outline.is_circle else NAME_BELOW
    return Box(x, y + away, LETTER * len(text), LETTER_HEIGHT)


def _place(drawing: Drawing, outline: Outline) -> tuple[float, float]:
    """Where the label stands in the smallest picture that shows names."""
    width, height = drawing.largest
    scale = min(1.0, NARROWEST / width)
    return width * scale * outline.label[0] / 100, height * scale * outline.label[1] / 100
