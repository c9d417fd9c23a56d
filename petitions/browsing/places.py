"""Pages of places and of bodies: who is there to be asked, what it takes, and how they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from petitions.browsing.lines import Line
from petitions.browsing.queries import Figures, figures, of_body, of_territory, public_by_body
from petitions.errors import NotFound
from petitions.law.editions import Edition, edition_on
from petitions.law.levels import Addressee, Threshold
from petitions.reference import queries as reference
from petitions.reference.records import BodyView, PopulationView, TerritoryView
from petitions.reference.thresholds import threshold_today


@dataclass(frozen=True)
class LocalBody:
    """A body of a unit with what a petition to it would take today; None: the population is not known."""

    body: BodyView
    threshold: Threshold | None


@dataclass(frozen=True)
class TerritoryPage:
    unit: TerritoryView
    path: tuple[TerritoryView, ...]
    bodies: tuple[LocalBody, ...]
    history: tuple[PopulationView, ...]
    children: tuple[TerritoryView, ...]
    lines: tuple[Line, ...]
    edition: Edition


@dataclass(frozen=True)
class BodyPage:
    body: BodyView
    unit: TerritoryView | None
    figures: Figures
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class CentralBody:
    body: BodyView
    petitions: int


def territory_page(session: Session, kato: str, language: str, today: date) -> TerritoryPage:
    """A unit with its bodies and petitions. Raises NotFound."""
    path = reference.territory_path(session, kato)
    if not path:
        raise NotFound
    unit = path[-1]
    law = edition_on(today, reference.policy(session))
    return TerritoryPage(
        unit=unit,
        path=tuple(path),
        bodies=tuple(LocalBody(each, _today(law, unit, each)) for each in reference.bodies_of(session, kato)),
        history=tuple(reference.population_history(session, kato)),
        children=tuple(reference.children(session, kato, language)),
        lines=of_territory(session, kato),
        edition=law,
    )


def body_page(session: Session, slug: str, now: datetime) -> BodyPage:
    """A body with its petitions and its record. Raises NotFound."""
    body = reference.body_by_slug(session, slug)
    if body is None:
        raise NotFound
    unit = reference.territory(session, body.territory_kato) if body.territory_kato else None
    return BodyPage(body, unit, figures(session, now, body.id), of_body(session, body.id))


def central_page(session: Session, language: str) -> tuple[CentralBody, ...]:
    """The central bodies with the number of public petitions each has."""
    bodies = reference.central_bodies(session, language)
    numbers = public_by_body(session, [body.id for body in bodies])
    return tuple(CentralBody(body, numbers.get(body.id, 0)) for body in bodies)


def _today(law: Edition, unit: TerritoryView, body: BodyView) -> Threshold | None:
    asked = Addressee.MASLIKHAT if body.kind == "maslikhat" else Addressee.AKIMAT
    return threshold_today(law, asked, unit)
