"""Reading the reference tables. Every function joins the caller's session, so writers may use it too.

What every page asks is kept in memory for as long as no reference table has changed (see `versions`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.db import Base
from petitions.law.levels import TerritoryFacts
from petitions.law.policy import DEFAULT_POLICY, Policy, policy_with
from petitions.law.working_days import Calendar
from petitions.reference.models import (
    SUBJECT,
    ArchivedPetition,
    Body,
    CalendarDay,
    PolicyOverride,
    PopulationRecord,
    Territory,
)
from petitions.reference.names import folded
from petitions.reference.records import (
    ArchivedView,
    BodyView,
    CalendarDayView,
    KnownDate,
    Observation,
    OverrideView,
    PopulationView,
    TerritoryView,
)
from petitions.versions import Kept

_kept = Kept(SUBJECT, most=5_000)

# How many rows a search looks at before it ranks them: more than any sensible word matches.
_SEARCHED = 400

# Who lies in whom never changes while the house runs: the tally asks for every signer.
_PATHS: dict[str, tuple[str, ...]] = {}

View = TypeVar("View")

__all__ = [
    "ArchivedView",
    "BodyView",
    "CalendarDayView",
    "KnownDate",
    "Observation",
    "OverrideView",
    "PopulationView",
    "TerritoryView",
    "above",
    "archived",
    "archived_list",
    "bodies",
    "bodies_of",
    "body",
    "body_by_slug",
    "calendar",
    "calendar_days",
    "calendar_with",
    "calendar_years",
    "central_bodies",
    "children",
    "every_unit",
    "kato_path",
    "policy",
    "policy_overrides",
    "population_history",
    "search_territories",
    "territories",
    "territory",
    "territory_facts",
    "territory_path",
    "top_units",
    "within",
]


def territory(session: Session, kato: str) -> TerritoryView | None:
    """One unit, or None."""
    return _kept.get(session, ("territory", kato), lambda: _one(session, TerritoryView, _TERRITORY, kato))


def territory_facts(session: Session, kato: str) -> TerritoryFacts | None:
    """What the law asks about a unit, or None when there is no such unit."""
    found = territory(session, kato)
    return found.facts if found else None


def territories(session: Session, katos: Sequence[str]) -> dict[str, TerritoryView]:
    """Several units at once, by code; unknown codes are left out."""
    wanted = frozenset(katos)
    units = _kept.get(session, ("territories", wanted), lambda: _several(session, TerritoryView, _TERRITORIES, wanted))
    return {unit.kato: unit for unit in units}


def every_unit(session: Session) -> Mapping[str, TerritoryView]:
    """All units by their codes: one answer in memory for whoever looks at many of them."""
    return _kept.get(session, "every unit", lambda: {row.kato: TerritoryView(*row) for row in session.execute(_UNITS)})


def above(units: Mapping[str, TerritoryView], kato: str) -> tuple[TerritoryView, ...]:
    """The units around this one, from the nearest to the top unit; empty around a top unit and an unknown one."""
    chain: list[TerritoryView] = []
    unit = units.get(kato)
    while unit is not None and unit.parent_kato is not None:
        unit = units[unit.parent_kato]
        chain.append(unit)
    return tuple(chain)


def top_units(session: Session, language: str = "kk") -> list[TerritoryView]:
    """The 20 oblasts and cities of republican significance, in the alphabet of the language."""
    found = _kept.get(session, ("top", language), lambda: _sorted_units(session, Territory.level == 1, language))
    return list(found)


def children(session: Session, kato: str, language: str = "kk") -> list[TerritoryView]:
    """The units directly below, in the alphabet of the language."""
    return list(_sorted_units(session, Territory.parent_kato == kato, language))


def territory_path(session: Session, kato: str) -> list[TerritoryView]:
    """From the oblast down to the unit itself; empty when there is no such unit."""
    path: list[TerritoryView] = []
    found = territory(session, kato)
    while found is not None:
        path.insert(0, found)
        found = territory(session, found.parent_kato) if found.parent_kato else None
    return path


def kato_path(session: Session, kato: str | None) -> tuple[str, ...]:
    """The codes from the oblast down to the unit itself; empty for None and for unknown codes."""
    if kato is None:
        return ()
    path = _PATHS.get(kato)
    if path is None:
        path = tuple(unit.kato for unit in territory_path(session, kato))
        if path:
            _PATHS[kato] = path
    return path


def within(session: Session, kato: str) -> list[str]:
    """The code of a unit and of everything under it, for "all petitions of this oblast"."""
    direct = set(session.scalars(sa.select(Territory.kato).where(Territory.parent_kato == kato)))
    deeper = session.scalars(sa.select(Territory.kato).where(Territory.parent_kato.in_(direct))) if direct else ()
    return [kato, *sorted(direct.union(deeper))]


def search_territories(session: Session, text: str, limit: int = 20) -> list[TerritoryView]:
    """Units whose name in any language, or code, contains the text; names that begin with it come first.

    Case and the letters of Kazakh that a Russian keyboard lacks make no difference.
    """
    wanted = folded(text)
    if not wanted:
        return []
    matching = (
        sa.select(Territory)
        .where(Territory.search_text.contains(wanted, autoescape=True))
        .order_by(Territory.level, Territory.sort_kk)
        .limit(_SEARCHED)
    )
    found = [(_rank(unit.search_text, wanted), _as(TerritoryView, unit)) for unit in session.scalars(matching)]
    return [unit for _, unit in sorted(found, key=lambda pair: pair[0])[:limit]]


def population_history(session: Session, kato: str) -> list[PopulationView]:
    """Every figure of a unit, the newest date first."""
    of_unit = (
        sa.select(PopulationRecord)
        .where(PopulationRecord.kato == kato)
        .order_by(PopulationRecord.date.desc(), PopulationRecord.id.desc())
    )
    return [_as(PopulationView, found) for found in session.scalars(of_unit)]


def body(session: Session, body_id: int) -> BodyView | None:
    return _kept.get(session, ("body", body_id), lambda: _one(session, BodyView, _BODY, body_id))


def body_by_slug(session: Session, slug: str) -> BodyView | None:
    return _kept.get(session, ("body", slug), lambda: _one(session, BodyView, _BODY_OF_SLUG, slug))


def bodies(session: Session, body_ids: Sequence[int]) -> dict[int, BodyView]:
    """Several bodies at once, by id."""
    wanted = frozenset(body_ids)
    found = _kept.get(session, ("bodies", wanted), lambda: _several(session, BodyView, _BODIES, wanted))
    return {each.id: each for each in found}


def bodies_of(session: Session, kato: str) -> list[BodyView]:
    """The active local bodies of one unit: akimat or akim's office, then the maslikhat."""
    of_unit = sa.select(Body).where(Body.territory_kato == kato, Body.active).order_by(Body.kind)
    return [_as(BodyView, found) for found in session.scalars(of_unit)]


def central_bodies(session: Session, language: str = "kk", *, with_inactive: bool = False) -> list[BodyView]:
    """Ministries, agencies and other central bodies, in the alphabet of the language."""
    kind = ("central", language, with_inactive)
    return list(_kept.get(session, kind, lambda: _central(session, language, with_inactive=with_inactive)))


def calendar(session: Session) -> Calendar:
    """The working calendar as it stands now."""
    return _kept.get(session, "calendar", lambda: calendar_with(session, {}))


def calendar_with(session: Session, changes: Mapping[date, bool | None]) -> Calendar:
    """The calendar as it would be: True a worked day, False a day off, None an entry removed."""
    rows = session.execute(sa.select(CalendarDay.day, CalendarDay.is_working, CalendarDay.removed_at.is_(None)))
    days: dict[date, bool] = {}
    years = {day.year for day in changes}
    for day, is_working, stands in rows:
        years.add(day.year)
        if stands:
            days[day] = is_working
    for day, changed in changes.items():
        days.pop(day, None)
        if changed is not None:
            days[day] = changed
    return Calendar.of(days.items(), years)


def calendar_days(session: Session, year: int) -> list[CalendarDayView]:
    """The entries of one year, in order."""
    return list(_kept.get(session, ("calendar", year), lambda: _days(session, year)))


def calendar_years(session: Session) -> list[int]:
    """The years the calendar covers."""
    return sorted({day.year for day in session.scalars(sa.select(CalendarDay.day))})


def policy(session: Session) -> Policy:
    """The settings in force: the defaults of law.policy with the administrator's changes."""
    return _kept.get(session, "policy", lambda: _policy(session))


def policy_overrides(session: Session) -> dict[str, OverrideView]:
    """The settings that depart from their default, by name."""
    return {each.name: _as(OverrideView, each) for each in session.scalars(sa.select(PolicyOverride))}


def archived_list(session: Session) -> list[ArchivedView]:
    """The archive, in the order of its file."""
    return [
        _archived(each) for each in session.scalars(sa.select(ArchivedPetition).order_by(ArchivedPetition.position))
    ]


def archived(session: Session, slug: str) -> ArchivedView | None:
    found = session.get(ArchivedPetition, slug)
    return _archived(found) if found else None


def _one(session: Session, view: type[View], wanted: sa.Select[Any], key: object) -> View | None:
    found = session.execute(wanted, {"key": key}).one_or_none()
    return view(*found) if found else None


def _several(session: Session, view: type[View], wanted: sa.Select[Any], keys: Collection[object]) -> tuple[View, ...]:
    return tuple(view(*found) for found in session.execute(wanted, {"keys": list(keys)})) if keys else ()


def _columns(view: type[View], model: type[Base]) -> sa.Select[Any]:
    """The columns that a view is made of, in its order."""
    return sa.select(*(getattr(model, each.name) for each in fields(cast(Any, view))))


def _as(view: type[View], found: Any) -> View:
    """A view filled from the columns of the same names."""
    # Through Any: mypy knows no bound for "some dataclass".
    names: tuple[Any, ...] = fields(cast(Any, view))
    return view(**{each.name: getattr(found, each.name) for each in names})


def _sorted_units(session: Session, which: sa.ColumnElement[bool], language: str) -> tuple[TerritoryView, ...]:
    wanted = _UNITS.where(which)
    if language != "en":
        wanted = wanted.order_by(Territory.sort_ru if language == "ru" else Territory.sort_kk, Territory.kato)
    units = [TerritoryView(*found) for found in session.execute(wanted)]
    return tuple(sorted(units, key=lambda unit: (unit.name_en.casefold(), unit.kato)) if language == "en" else units)


def _central(session: Session, language: str, *, with_inactive: bool) -> tuple[BodyView, ...]:
    central = _ALL_BODIES.where(Body.is_central)
    if not with_inactive:
        central = central.where(Body.active)
    if language != "en":
        central = central.order_by(Body.sort_ru if language == "ru" else Body.sort_kk)
    found = [BodyView(*each) for each in session.execute(central)]
    return tuple(sorted(found, key=lambda each: each.name_en.casefold()) if language == "en" else found)


def _days(session: Session, year: int) -> tuple[CalendarDayView, ...]:
    of_year = (
        _columns(CalendarDayView, CalendarDay)
        .where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)), CalendarDay.removed_at.is_(None))
        .order_by(CalendarDay.day)
    )
    return tuple(CalendarDayView(*found) for found in session.execute(of_year))


def _policy(session: Session) -> Policy:
    stored = session.execute(_OVERRIDES)
    # A later release may have dropped a setting; what nothing asks for must not stop the house.
    return policy_with({name: value for name, value in stored if name in DEFAULT_POLICY})


def _rank(search_text: str, wanted: str) -> int:
    """0 a name begins with the text, 1 a word of a name does, 2 it stands somewhere inside."""
    if any(name.startswith(wanted) for name in search_text.split(" | ")):
        return 0
    return 1 if f" {wanted}" in search_text else 2


def _archived(found: ArchivedPetition) -> ArchivedView:
    dates = {
        name: KnownDate(value, name in found.approximate_dates) if value else None
        for name, value in found.dates.items()
    }
    special: dict[str, Any] = {
        **dates,
        "signatures": tuple(_observation(each) for each in found.signatures),
        "sources": tuple(found.sources),
    }
    columns = {each.name for each in fields(ArchivedView)} - special.keys()
    return ArchivedView(**{name: getattr(found, name) for name in columns}, **special)


def _observation(seen: Mapping[str, Any]) -> Observation:
    note = seen["note"] or {"kk": "", "ru": "", "en": ""}
    return Observation(date.fromisoformat(seen["date"]), seen["count"], note["kk"], note["ru"], note["en"])


_KEY: sa.BindParameter[Any] = sa.bindparam("key")
_KEYS: sa.BindParameter[Any] = sa.bindparam("keys", expanding=True)
_UNITS = _columns(TerritoryView, Territory)
_TERRITORY = _UNITS.where(Territory.kato == _KEY)
_TERRITORIES = _UNITS.where(Territory.kato.in_(_KEYS))
_ALL_BODIES = _columns(BodyView, Body)
_BODY = _ALL_BODIES.where(Body.id == _KEY)
_BODY_OF_SLUG = _ALL_BODIES.where(Body.slug == _KEY)
_BODIES = _ALL_BODIES.where(Body.id.in_(_KEYS))
_OVERRIDES = sa.select(PolicyOverride.__table__.c.name, PolicyOverride.__table__.c.value)
