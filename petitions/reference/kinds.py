"""The kinds of units, bodies and days, and which bodies belong to which unit (90-3(4))."""

from __future__ import annotations

from enum import StrEnum

from petitions.law.levels import TerritoryFacts, addressees_of, body_kind


class UnitKind(StrEnum):
    """A unit of the administrative-territorial classifier (KATO)."""

    OBLAST = "oblast"
    REPUBLICAN_CITY = "republican_city"
    DISTRICT = "district"
    CITY = "city"
    CITY_DISTRICT = "city_district"
    TOWN = "town"
    SETTLEMENT = "settlement"
    RURAL_DISTRICT = "rural_district"


class BodyKind(StrEnum):
    """A body that a petition can be addressed to or examined by."""

    MINISTRY = "ministry"
    AGENCY = "agency"
    CENTRAL = "central"
    AKIMAT = "akimat"
    AKIM_OFFICE = "akim_office"
    MASLIKHAT = "maslikhat"


class DayKind(StrEnum):
    """Why a day departs from the five-day week. `working_saturday` also names a worked Sunday."""

    HOLIDAY = "holiday"
    OBSERVED = "observed"
    MOVED_DAY_OFF = "moved_day_off"
    WORKING_SATURDAY = "working_saturday"


CENTRAL_KINDS = frozenset({BodyKind.MINISTRY, BodyKind.AGENCY, BodyKind.CENTRAL})

LEVELS_OF_KIND: dict[UnitKind, frozenset[int]] = {
    UnitKind.OBLAST: frozenset({1}),
    UnitKind.REPUBLICAN_CITY: frozenset({1}),
    UnitKind.DISTRICT: frozenset({2}),
    UnitKind.CITY: frozenset({2, 3}),  # level 3: the city proper inside its own administration, no petition unit
    UnitKind.CITY_DISTRICT: frozenset({2, 3}),
    UnitKind.TOWN: frozenset({3}),
    UnitKind.SETTLEMENT: frozenset({3}),
    UnitKind.RURAL_DISTRICT: frozenset({3}),
}


def bodies_of_unit(unit: TerritoryFacts) -> tuple[BodyKind, ...]:
    """The local bodies of a unit, as the law names them; none for a row that is no petition unit."""
    return tuple(BodyKind(body_kind(unit, addressee)) for addressee in addressees_of(unit))
