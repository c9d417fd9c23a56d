"""What the bench prints: figures, the limits they stand beside, and whether a goal was met."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

ANY = "any"
"""The engine of what no database takes part in."""

OPERATORS = {"at least": ">=", "at most": "<="}


@dataclass(frozen=True)
class Goal:
    """A bound from below or above on a figure's ratio to its limit, or on its value in its own unit."""

    how: Literal["at least", "at most"]
    bound: float
    of: Literal["ratio", "value"] = "ratio"

    def is_met(self, figure: Figure) -> bool:
        found = figure.ratio if self.of == "ratio" else figure.value
        if found is None:
            return False
        return found >= self.bound if self.how == "at least" else found <= self.bound

    def __str__(self) -> str:
        return f"{self.of} {OPERATORS[self.how]} {self.bound:g}"


@dataclass(frozen=True)
class Figure:
    """One result. ``limit`` is in the same unit; ``details`` are printed beside (`per_cpu_second`, `p99_ms` …)."""

    name: str
    engine: str
    value: float | None
    unit: str
    limit: float | None = None
    ratio: float | None = None
    goal: Goal | None = None
    details: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """None where there is no goal; a figure that could not be measured has met nothing."""
        if "error" in self.details:
            return False
        return self.goal.is_met(self) if self.goal else None

    def as_json(self) -> dict[str, object]:
        told = {name: _rounded(each) if isinstance(each, float) else each for name, each in self.details.items()}
        return {
            "name": self.name,
            "engine": self.engine,
            "value": _rounded(self.value),
            "unit": self.unit,
            "limit": _rounded(self.limit),
            "ratio": _rounded(self.ratio),
            "goal": str(self.goal) if self.goal else None,
            "met": self.met,
            **told,
        }


def error_figure(name: str, engine: str, error: BaseException) -> Figure:
    """The entry of a scenario that broke: no number, a goal not met, and why."""
    return Figure(name, engine, None, "", details={"error": f"{type(error).__name__}: {error}"[:1500]})


def as_json(figures: Sequence[Figure]) -> str:
    return json.dumps([figure.as_json() for figure in figures], ensure_ascii=False, indent=1)


def as_line(figure: Figure) -> str:
    """A row of the readable table."""
    marks = {None: "", True: "met", False: "NOT MET"}
    cells = (
        f"{figure.name:<26}",
        f"{figure.engine:<11}",
        f"{_short(figure.value):>11} {figure.unit:<12}",
        f"{_short(figure.limit):>11}",
        f"{_short(figure.ratio):>8}",
        f"{figure.goal or ''!s:<14}",
        f"{marks[figure.met]:<8}",
        "  ".join(f"{name}={_short(each)}" for name, each in figure.details.items()),
    )
    return " ".join(cells).rstrip()


HEADING = (
    f"{'name':<26} {'engine':<11} {'value':>11} {'unit':<12} {'limit':>11} {'ratio':>8} {'goal':<14} {'met':<8} beside"
)


def _short(value: object) -> str:
    if value is None:
        return "-"
    return f"{_rounded(value):,g}" if isinstance(value, int | float) else str(value)


def _rounded(value: float | None) -> float | None:
    """Three or four digits say all that a noisy machine knows."""
    if value is None:
        return None
    return float(round(value)) if abs(value) >= 1000 else float(f"{value:.4g}")
