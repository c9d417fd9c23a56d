"""Pages of places: who is there to be asked, what it takes, and how they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from petitions.browsing.lines import Line
from petitions.browsing.map_numbers import NOTHING, PlaceNumbers, by_place, joined_by_residents
from petitions.browsing.map_page import MapPage, map_page
from petitions.browsing.queries import of_territory
from petitions.errors import NotFound
from petitions.law.editions import Edition, edition_on
from petitions.law.levels import Addressee, Threshold
from petitions.law.working_days import local_date
from petitions.reference import outlines
from petitions.reference import queries as reference
from petitions.reference.records import BodyView, PopulationView, TerritoryView
from petitions.reference.thresholds import threshold_today
from petitions.search.places import FoundPlace, found_places

LINES = 10
FOUND = 50


@dataclass(frozen=True)
class LocalBody:
    """A body of a unit with what a petition to it would take today; None: the population is not known."""

    body: BodyView
    threshold: Threshold | None


@dataclass(frozen=True)
class CountryPage:
    """The map of the top units, and the places that a name was looked for and found."""

    map: MapPage
    name: str
    found: tuple[FoundPlace, ...]


@dataclass(frozen=True)
class TerritoryPage:
    """``residents_joined``: joinings by those registered here, to any petition; only of a top unit. ``map``: of the
    places inside, without a drawing below the districts."""

    unit: TerritoryView
    path: tuple[TerritoryView, ...]
    bodies: tuple[LocalBody, ...]
    history: tuple[PopulationView, ...]
    numbers: PlaceNumbers
    residents_joined: int | None
    map: MapPage
    lines: tuple[Line, ...]
    edition: Edition


def country_page(session: Session, language: str, at: datetime, *, name: str, show: str, order: str) -> CountryPage:
    """The whole country. ``show``: the number on the map; ``order``: of the table."""
    units = reference.top_units(session, language)
    found = found_places(session, name, limit=FOUND) if name else []
    shown = map_page(units, by_place(session, at), outlines.country(), show=show, order=order)
    return CountryPage(shown, name, tuple(found))


def territory_page(
    session: Session, kato: str, language: str, at: datetime, *, show: str = "", order: str = ""
) -> TerritoryPage:
    """A unit with its bodies, its petitions, their record and the places inside. Raises NotFound."""
    path = reference.territory_path(session, kato)
    if not path:
        raise NotFound
    unit, numbers = path[-1], by_place(session, at)
    law = edition_on(local_date(at), reference.policy(session))
    children = reference.children(session, kato, language)
    return TerritoryPage(
        unit=unit,
        path=tuple(path),
        bodies=tuple(LocalBody(each, _today(law, unit, each)) for each in reference.bodies_of(session, kato)),
        history=tuple(reference.population_history(session, kato)),
        numbers=numbers.get(kato, NOTHING),
        residents_joined=joined_by_residents(session, at).get(kato, 0) if unit.level == 1 else None,
        map=map_page(children, numbers, outlines.districts(kato), show=show, order=order),
        lines=of_territory(session, kato, LINES),
        edition=law,
    )


def _today(law: Edition, unit: TerritoryView, body: BodyView) -> Threshold | None:
    asked = Addressee.MASLIKHAT if body.kind == "maslikhat" else Addressee.AKIMAT
    return threshold_today(law, asked, unit)
