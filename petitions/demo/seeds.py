"""What the demonstration is made of: petitions.toml and the words of its invented staff, replies.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
UNKNOWN_POPULATION = "UNKNOWN"


@dataclass(frozen=True)
class Seed:
    """One invented petition. ``walk`` is how far it goes, ``days`` how long before now it was filed.

    ``filed_on`` stands instead of ``days`` for a petition of an earlier edition. ``check_days`` are working days,
    the other two calendar days; ``supporters`` are at least as many as the walk needs.
    """

    key: str
    walk: str
    title: str
    content: str
    language: str
    addressee: str
    arguments: tuple[str, ...]
    proposals: tuple[str, ...]
    days: int | None = None
    filed_on: date | None = None
    kato: str | None = None
    body: str | None = None
    author: str = "aigul"
    head: str = "akimat-head"
    supporters: int = 0
    check_days: int = 5
    support_days: int = 5
    collect_days: int = 14
    outcome: str = "full"
    ground: str = "subject"
    code: str | None = None
    refusal: str = ""
    theme: str | None = None


@cache
def seeds() -> tuple[Seed, ...]:
    """Every petition of the demonstration, in the order of the file."""
    rows = tomllib.loads((HERE / "petitions.toml").read_text(encoding="utf-8"))["petition"]
    return tuple(_seed(row) for row in rows)


@cache
def replies(language: str) -> dict[str, Any]:
    """What staff write, in the language of the petition."""
    words: dict[str, Any] = tomllib.loads((HERE / "replies.toml").read_text(encoding="utf-8"))[language]
    return words


def _seed(row: dict[str, Any]) -> Seed:
    filed_on = row.get("filed_on")
    changed = {
        "arguments": tuple(row["arguments"]),
        "proposals": tuple(row["proposals"]),
        "filed_on": date.fromisoformat(filed_on) if filed_on else None,
    }
    return Seed(**(row | changed))
