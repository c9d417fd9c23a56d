"""Places that bear what was typed into the search for petitions: their pages stand above what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from petitions.browsing.map_numbers import NOTHING, by_place
from petitions.search.places import FoundPlace, places_called

MOST = 5


@dataclass(frozen=True)
class NamedPlace:
    """A place with the number of public petitions to its bodies and to those of the places inside it."""

    found: FoundPlace
    petitions: int


def named_places(session: Session, words: str, at: datetime) -> tuple[NamedPlace, ...]:
    """The places whose whole name these words are, the largest first; no more than `MOST`."""
    called = places_called(session, words)[:MOST] if words else []
    if not called:
        return ()
    numbers = by_place(session, at)
    return tuple(NamedPlace(each, numbers.get(each.unit.kato, NOTHING).petitions) for each in called)
