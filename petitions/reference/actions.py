"""What an administrator changes in the reference tables. Each change is audited; a load never undoes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from petitions.audit import Actor, record
from petitions.db import Base, retried, transaction
from petitions.errors import Conflict, DomainError, NotFound
from petitions.law.policy import DEFAULT_POLICY, PolicyError, Setting, SettingType, policy_with, setting
from petitions.law.working_days import local_date
from petitions.reference import shipped
from petitions.reference.kinds import LEVELS_OF_KIND, DayKind, UnitKind
from petitions.reference.loading import Loaded, Progress, load_reference
from petitions.reference.models import Body, CalendarDay, PolicyOverride, PopulationRecord, Territory
from petitions.reference.names import Names, sort_key
from petitions.reference.queries import policy_overrides

__all__ = [
    "Loaded",
    "Progress",
    "add_territory",
    "load_reference",
    "remove_calendar_day",
    "rename_territory",
    "reset_policy",
    "set_body",
    "set_calendar_day",
    "set_policy",
    "set_population",
]

MAX_POPULATION = 100_000_000
FIRST_YEAR, LAST_YEAR = 2024, 2100
_LENGTHS = {"source": 500, "act": 500, "reason": 500, "name": 200, "head_title": 120}

Entity = TypeVar("Entity", Territory, Body)


@retried
def set_population(kato: str, population: int, on_date: date, source: str, by: Actor, at: datetime) -> None:
    """Enter a population figure with its date and source; the figure of the newest date is the current one.

    Figures are kept for ever: a correction is a figure with another source. Petitions already open keep the
    figure frozen with them. Raises DomainError (population, on_date, source), NotFound.
    """
    source = _text(source, "source")
    if not 0 < population <= MAX_POPULATION:
        raise DomainError(_l("Enter a whole number above zero."), field="population")
    if on_date > local_date(at):
        raise DomainError(_l("The date cannot be in the future."), field="on_date")
    with transaction() as session:
        unit = _found(session, Territory, kato)
        if _already_recorded(session, kato, on_date, source):
            raise DomainError(
                _l("A figure of this date and this source is already there. Name the source more exactly."),
                field="source",
            )
        session.add(
            PopulationRecord(
                kato=kato,
                population=population,
                date=on_date,
                source=source,
                quality="exact",
                boundary="current",
                confidence="high",
                entered_by=by.id,
                entered_at=at,
            )
        )
        before = {"population": unit.population, "date": unit.population_date}
        becomes_current = unit.population_date is None or on_date >= unit.population_date
        if becomes_current:
            _make_current(unit, population, on_date, source, at)
        details = {
            "before": before,
            "after": {"population": population, "date": on_date, "source": source},
            "becomes_current": becomes_current,
        }
        _audit(session, by, "set-population", f"territory:{kato}", details, at)


@retried
def rename_territory(kato: str, names: Names, by: Actor, at: datetime) -> None:
    """Give a unit new names; its bodies are renamed with it. Raises DomainError (name_kk...), NotFound."""
    names = _checked(names, "name")
    with transaction() as session:
        unit = _found(session, Territory, kato)
        before = _names_of(unit)
        for column, value in shipped.territory_names_row(kato, names).items():
            setattr(unit, column, value)
        unit.name_en_source = "own"
        unit.updated_at = unit.edited_at = at
        _rename_bodies(session, unit, at)
        _audit(session, by, "rename-territory", f"territory:{kato}", _change(before, names), at)


@retried
def add_territory(kato: str, parent_kato: str, kind: UnitKind, names: Names, by: Actor, at: datetime) -> None:
    """Add a new unit below an existing one, with its bodies; its population is entered after.

    Raises DomainError (kato, kind, name_kk...), NotFound for the parent.
    """
    names = _checked(names, "name")
    if not (len(kato) == 9 and kato.isascii() and kato.isdigit()):
        raise DomainError(_l("The KATO code has nine digits."), field="kato")
    with transaction() as session:
        parent = _found(session, Territory, parent_kato)
        level = parent.level + 1
        if level not in LEVELS_OF_KIND[kind]:
            raise DomainError(_l("A unit of this kind cannot lie in that unit."), field="kind")
        if session.get(Territory, kato) is not None:
            raise DomainError(_l("This KATO code is already there."), field="kato")
        row: shipped.Row = {
            "kato": kato,
            "parent_kato": parent_kato,
            "level": level,
            "kind": str(kind),
            **shipped.territory_names_row(kato, names),
            "name_en_source": "own",
            "petition_unit": not (kind is UnitKind.CITY and level == 3),
            "updated_at": at,
            "edited_at": at,
        }
        _insert(session, Territory(**row))
        session.add_all(Body(**body, edited_at=at) for body in shipped.bodies_of_territory(row))
        details = {"parent": parent_kato, "kind": str(kind), "names": asdict(names)}
        _audit(session, by, "add-territory", f"territory:{kato}", details, at)


@retried
def set_body(body_id: int, names: Names, head_titles: Names, active: bool, by: Actor, at: datetime) -> None:
    """Change a body's names, the title of its head, and whether petitions may be addressed to it."""
    names, head_titles = _checked(names, "name"), _checked(head_titles, "head_title")
    with transaction() as session:
        body = _found(session, Body, body_id)
        before = _names_of(body) | {"active": body.active}
        _give_names(body, names, at)
        body.head_title_kk, body.head_title_ru, body.head_title_en = (
            head_titles.kk,
            head_titles.ru,
            head_titles.en,
        )
        body.active = active
        details = _change(before, names) | {"head_titles": asdict(head_titles), "active": active}
        _audit(session, by, "set-body", f"body:{body.slug}", details, at)


@retried
def set_calendar_day(
    day: date,
    is_working: bool,
    names: Names,
    act: str,
    by: Actor,
    at: datetime,
    kind: DayKind | None = None,
) -> None:
    """Enter or change a day off, or a worked weekend day, with the act that orders it.

    Running clocks are recomputed by the lifecycle, which previews with `queries.calendar_with`.
    Raises DomainError (day, name_kk..., act, kind).
    """
    names, act = _checked(names, "name"), _text(act, "act")
    kind = kind or (DayKind.WORKING_SATURDAY if is_working else DayKind.HOLIDAY)
    if is_working is not (kind is DayKind.WORKING_SATURDAY):
        raise DomainError(_l("This kind of day does not fit."), field="kind")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DomainError(_l("The calendar begins with 2024."), field="day")
    with transaction() as session:
        entry = session.get(CalendarDay, day)
        before = _day_details(entry)
        is_new = entry is None
        entry = entry or CalendarDay(day=day)
        entry.is_working, entry.kind = is_working, str(kind)
        entry.name_kk, entry.name_ru, entry.name_en = names.kk, names.ru, names.en
        entry.act, entry.note, entry.confidence = act, None, "high"
        entry.edited_by, entry.edited_at, entry.removed_at = by.id, at, None
        if is_new:
            _insert(session, entry)
        details = {"before": before, "after": _day_details(entry)}
        _audit(session, by, "set-calendar-day", f"calendar:{day}", details, at)


@retried
def remove_calendar_day(day: date, by: Actor, at: datetime) -> None:
    """Take an entry out: the day follows the five-day week again. Raises NotFound."""
    with transaction() as session:
        entry = session.get(CalendarDay, day)
        if entry is None or entry.removed_at is not None:
            raise NotFound(_l("The calendar has no entry for this day."))
        before = _day_details(entry)
        entry.edited_by, entry.edited_at, entry.removed_at = by.id, at, at
        _audit(session, by, "remove-calendar-day", f"calendar:{day}", {"before": before}, at)


@retried
def set_policy(name: str, value: str, reason: str, by: Actor, at: datetime) -> None:
    """Move a setting of law.policy from its default; `value` is its text, as `Setting.read` takes it.

    Raises DomainError (value, reason), NotFound.
    """
    reason = _text(reason, "reason")
    if name not in DEFAULT_POLICY:
        raise NotFound(_l("There is no such setting."))
    with transaction() as session:
        checked = _checked_setting(session, setting(name), value)
        override = session.get(PolicyOverride, name)
        before = override.value if override else None
        is_new = override is None
        override = override or PolicyOverride(name=name)
        override.value, override.reason = checked, reason
        override.set_by, override.set_at = by.id, at
        if is_new:
            _insert(session, override)
        details = {"before": before, "after": checked, "reason": reason}
        _audit(session, by, "set-policy", f"policy:{name}", details, at)


@retried
def reset_policy(name: str, by: Actor, at: datetime) -> None:
    """Put a setting back to its default. Raises NotFound when it stands there already."""
    with transaction() as session:
        override = session.get(PolicyOverride, name)
        if override is None:
            raise NotFound(_l("This setting has its default value."))
        _audit(session, by, "reset-policy", f"policy:{name}", {"before": override.value}, at)
        session.delete(override)


def _found(session: Session, kind: type[Entity], key: str | int) -> Entity:
    # Two administrators at once: the second waits and sees what the first did.
    entity = session.get(kind, key, with_for_update=True)
    if entity is None:
        raise NotFound()
    return entity


def _insert(session: Session, row: Base) -> None:
    """Add a row whose key another administrator may be adding at this moment."""
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_l("Somebody else changed this at the same moment. Look at it again.")) from error


def _already_recorded(session: Session, kato: str, on_date: date, source: str) -> bool:
    known = sa.select(PopulationRecord.id).where(
        PopulationRecord.kato == kato, PopulationRecord.date == on_date, PopulationRecord.source == source
    )
    return session.scalar(known) is not None


def _make_current(unit: Territory, population: int, on_date: date, source: str, at: datetime) -> None:
    unit.population, unit.population_date, unit.population_source = population, on_date, source
    unit.population_quality, unit.population_note = "exact", None
    unit.over_50k = "yes" if population > 50_000 else "no"
    unit.updated_at = at


def _rename_bodies(session: Session, unit: Territory, at: datetime) -> None:
    rows = shipped.bodies_of_territory(
        {column.name: getattr(unit, column.name) for column in Territory.__table__.columns}
    )
    renamed = {row["slug"]: Names(row["name_kk"], row["name_ru"], row["name_en"]) for row in rows}
    for body in session.scalars(sa.select(Body).where(Body.territory_kato == unit.kato)):
        if body.slug in renamed:
            _give_names(body, renamed[body.slug], at)


def _give_names(body: Body, names: Names, at: datetime) -> None:
    body.name_kk, body.name_ru, body.name_en = names.kk, names.ru, names.en
    body.sort_kk, body.sort_ru = sort_key(names.kk), sort_key(names.ru)
    body.edited_at = at


def _checked(names: Names, prefix: str) -> Names:
    return Names(*(_text(value, f"{prefix}_{language}") for language, value in asdict(names).items()))


def _text(value: str, field: str) -> str:
    value = " ".join(value.split())
    longest = _LENGTHS[field.rsplit("_", 1)[0]] if field not in _LENGTHS else _LENGTHS[field]
    if not value:
        raise DomainError(_l("Fill in this field."), field=field)
    if len(value) > longest:
        raise DomainError(_l("At most %(count)s characters.", count=longest), field=field)
    return value


def _checked_setting(session: Session, changed: Setting, text: str) -> str:
    """The text as it is stored, read beside the other settings: working hours must end after they start."""
    try:
        stored = changed.write(changed.read(text))
        policy_with({name: other.value for name, other in policy_overrides(session).items()} | {changed.name: stored})
    except PolicyError as error:
        if error.name == changed.name and not _is_readable(changed, text):
            raise DomainError(_expected(changed), field="value") from error
        raise DomainError(_l("Working hours must end after they start."), field="value") from error
    return stored


def _is_readable(changed: Setting, text: str) -> bool:
    try:
        changed.read(text)
    except PolicyError:
        return False
    return True


def _expected(changed: Setting) -> object:
    match changed.type:
        case SettingType.INTEGER:
            return _l(
                "Enter a whole number from %(low)s to %(high)s.",
                low=changed.minimum or 0,
                high=changed.maximum or "∞",
            )
        case SettingType.TIME:
            return _l("Enter a time such as 09:00.")
        case SettingType.DATE:
            return _l("Enter a date such as 2026-03-02.")
        case SettingType.CODES:
            return _l("Enter numbers with commas between them.")
        case _:
            return _l("Choose one of the values of the list.")


def _names_of(entity: Territory | Body) -> dict[str, Any]:
    return {"kk": entity.name_kk, "ru": entity.name_ru, "en": entity.name_en}


def _change(before: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {"before": dict(before), "after": asdict(names)}


def _day_details(entry: CalendarDay | None) -> dict[str, Any] | None:
    if entry is None or entry.removed_at is not None:
        return None
    return {"kind": entry.kind, "name_en": entry.name_en, "act": entry.act}


def _audit(session: Session, by: Actor, act: str, subject: str, details: Mapping[str, Any], at: datetime) -> None:
    record(session, actor=by, act=act, subject=subject, details=details, at=at)
