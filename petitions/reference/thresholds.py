"""What a petition needs by today's figures of its unit."""

from __future__ import annotations

from petitions.law.editions import Edition
from petitions.law.levels import Addressee, NoSuchAddressee, PopulationUnknown, Threshold, threshold
from petitions.reference.records import TerritoryView


def threshold_today(law: Edition, addressee: str | None, unit: TerritoryView | None) -> Threshold | None:
    """The number of citizens who must join (90-3(4)); ``unit`` None for the Government.

    None where it cannot be told: no addressee yet, none of that kind in the unit, or a population that nobody knows.
    """
    if addressee is None:
        return None
    facts, population = (unit.facts, unit.population) if unit else (None, None)
    try:
        return threshold(law, Addressee(addressee), facts, population)
    except (NoSuchAddressee, PopulationUnknown):
        return None
