"""`flask law`: questions to the law, answered from the shipped tables; only `clocks` needs the database."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

import petitions
from petitions.cli import law_facts
from petitions.law import shipped
from petitions.law.editions import Edition, edition_on
from petitions.law.errors import LawError
from petitions.law.levels import Addressee, body_kind
from petitions.law.levels import threshold as required_threshold
from petitions.law.working_days import MAX_TERM, Calendar, CalendarUnknown, Unit, due_day, local_date

SHIPPED = Path(petitions.__file__).parent / "reference" / "data"
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WEEKEND = {"kind": "weekend", "name_kk": "Демалыс күні", "name_ru": "Выходной день", "name_en": "Weekend"}


class Refused(click.ClickException):
    """A question that cannot be answered: the message on stderr, exit code 2."""

    exit_code = 2


class IsoDate(click.ParamType[date]):
    """A date written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value if ISO_DATE.fullmatch(value) else "")
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as YYYY-MM-DD, such as 2026-03-02", param, ctx)


TERM = click.IntRange(1, MAX_TERM)
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
on_day = click.option("--on", type=IsoDate(), help="The day that decides the edition; today by default.")


@click.group("law")
def law_group() -> None:
    """Ask the law: thresholds, deadlines, barred subjects, editions, states."""


@law_group.command("threshold")
@click.option("--addressee", type=click.Choice([str(each) for each in Addressee]), required=True)
@click.option("--kato", help="The unit's KATO code; not for the Government.")
@on_day
@as_json
def threshold_command(addressee: str, kato: str | None, on: date | None, as_json: bool) -> None:
    """How many citizens must join a petition (90-3(4))."""
    with _answering():
        _print(_threshold(Addressee(addressee), kato, edition_on(on or _today())), as_json, _say_threshold)


@law_group.command("deadline")
@click.option("--from", "start", type=IsoDate(), required=True, help="Day zero: the day of the event.")
@click.option("--working-days", type=TERM)
@click.option("--months", type=TERM)
@as_json
def deadline_command(start: date, working_days: int | None, months: int | None, as_json: bool) -> None:
    """The last day of a term (76(2), 76(5); months: 90-3(2))."""
    if (working_days is None) == (months is None):
        raise click.UsageError("Give either --working-days or --months.")
    with _answering():
        answer = _working_days(start, working_days) if working_days else _months(start, months or 0)
        _print(answer, as_json, _say_deadline)


@law_group.command("topics")
@on_day
@as_json
def topics_command(on: date | None, as_json: bool) -> None:
    """The subjects a petition may not be about (90-2(3))."""
    with _answering():
        _print(law_facts.topics_of(edition_on(on or _today())), as_json, _say_topics)


@law_group.command("edition")
@on_day
@as_json
def edition_command(on: date | None, as_json: bool) -> None:
    """The edition that governs petitions filed on a day, with every number of it."""
    with _answering():
        _print(law_facts.edition_facts(edition_on(on or _today())), as_json, _say_edition)


@law_group.command("states")
@as_json
def states_command(as_json: bool) -> None:
    """Every state, event, transition and clock."""
    _print(law_facts.state_table(), as_json, _say_states)


@law_group.command("clocks")
@click.option("--petition", "petition_id", type=click.IntRange(1, 2**63 - 1), required=True)
@as_json
def clocks_command(petition_id: int, as_json: bool) -> None:
    """The clocks of one petition; needs the database."""
    from sqlalchemy.exc import SQLAlchemyError

    from petitions.errors import NotFound
    from petitions.lifecycle.queries import clock_rows

    try:
        rows = clock_rows(petition_id)
    except NotFound:
        raise Refused(f"there is no petition {petition_id}") from None
    except (SQLAlchemyError, RuntimeError):
        raise Refused("the database cannot be read; make it first with: flask prepare") from None
    _print({"petition": petition_id, "clocks": rows}, as_json, _say_clocks)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except LawError as error:
        raise Refused(str(error)) from None


def _today() -> date:
    """The law's day: of the shifted clock where there is a database to keep its shift."""
    from sqlalchemy.exc import SQLAlchemyError

    from petitions import clock

    try:
        return local_date(clock.now())
    except (SQLAlchemyError, RuntimeError):
        shifted = os.environ.get("PETITIONS_NOW")
        return local_date(clock.parse_moment(shifted) if shifted else clock.real_now())


def _threshold(addressee: Addressee, kato: str | None, edition: Edition) -> dict[str, Any]:
    unit = _unit(addressee, kato)
    facts = unit.facts if unit else None
    found = required_threshold(edition, addressee, facts, unit.population if unit else None)
    return {
        "kato": facts.kato if facts else None,
        "name_kk": unit.name_kk if unit else None,
        "name_ru": unit.name_ru if unit else None,
        "name_en": unit.name_en if unit else None,
        "addressee": str(addressee),
        "body_kind": str(body_kind(facts, addressee)) if facts else None,
        "required": found.required,
        "percent": found.percent,
        "fixed": found.fixed,
        "population": unit.population if unit else None,
        "population_date": unit.population_date if unit else None,
        "population_source": unit.population_source if unit else None,
        "edition": edition.id,
        "article": found.article,
    }


def _unit(addressee: Addressee, kato: str | None) -> shipped.ShippedTerritory | None:
    if addressee is Addressee.GOVERNMENT:
        if kato is not None:
            raise Refused("the Government has no unit: leave --kato out")
        return None
    if not kato:
        raise Refused(f"which {addressee}? Give the unit with --kato")
    return shipped.territory(SHIPPED / "territories.csv", kato.strip())


def _working_days(start: date, count: int) -> dict[str, Any]:
    days = shipped.calendar_days(SHIPPED / "calendar.csv")
    calendar = shipped.working_calendar(days)
    due = due_day(start, count, Unit.WORKING_DAYS, calendar)
    passed = [start + timedelta(days=each) for each in range(1, (due - start).days + 1)]
    skipped = [_day(each, days) for each in passed if not calendar.is_working(each)]
    worked = [_day(each, days) for each in passed if calendar.is_working(each) and each.weekday() >= 5]
    return {
        "from": start.isoformat(),
        "working_days": count,
        "due": due.isoformat(),
        "skipped": skipped,
        "worked_weekend_days": worked,
    }


def _months(start: date, count: int) -> dict[str, Any]:
    calendar = shipped.working_calendar(shipped.calendar_days(SHIPPED / "calendar.csv"))
    due = due_day(start, count, Unit.MONTHS, calendar)
    return {
        "from": start.isoformat(),
        "months": count,
        "due": due.isoformat(),
        "due_is_working_day": _is_working(due, calendar),
        "skipped": [],
        "worked_weekend_days": [],
    }


def _day(day: date, days: Mapping[date, shipped.ShippedDay]) -> dict[str, str]:
    known = days.get(day)
    if known is None:
        return {"date": day.isoformat(), **WEEKEND}
    names = {"name_kk": known.name_kk, "name_ru": known.name_ru, "name_en": known.name_en}
    return {"date": day.isoformat(), "kind": known.kind, **names}


def _is_working(day: date, calendar: Calendar) -> bool | None:
    """None: the calendar does not know. A term in months does not depend on it."""
    try:
        return calendar.is_working(day)
    except CalendarUnknown:
        return None


def _print(answer: dict[str, Any], as_json: bool, say: Any) -> None:
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str))
    else:
        click.echo("\n".join(say(answer)))


def _say_threshold(answer: dict[str, Any]) -> Iterator[str]:
    where = f"{answer['name_en']} ({answer['name_ru']}, {answer['kato']})" if answer["kato"] else "Kazakhstan"
    yield f"{answer['addressee']}, {where}"
    yield f"required: {answer['required']}"
    if answer["percent"] is not None:
        yield f"why: {answer['percent']} % of {answer['population']}, rounded up"
    elif answer["population"] is not None:
        yield f"why: fixed, the population of {answer['population']} is over 50000"
    else:
        yield "why: fixed"
    if answer["population_date"]:
        yield f"population: {answer['population_date']}, {answer['population_source']}"
    yield f"article {answer['article']}, edition {answer['edition']}"


def _say_deadline(answer: dict[str, Any]) -> Iterator[str]:
    unit = "months" if "months" in answer else "working_days"
    length = _length(answer[unit], unit)
    yield f"{answer['from']} + {length} = {answer['due']}, to the end of that day in Kazakhstan"
    for day in answer["skipped"]:
        if day["kind"] != "weekend":
            yield f"  off: {day['date']} {day['name_en']}"
    for day in answer["worked_weekend_days"]:
        yield f"  worked: {day['date']} {day['name_en']}"
    if answer.get("due_is_working_day") is False:
        yield "  not a working day: the end of a collection stays, the term of an appeal moves on"


def _say_topics(answer: dict[str, Any]) -> Iterator[str]:
    yield f"Barred subjects, article {answer['article']}, edition {answer['edition']}"
    for topic in answer["topics"]:
        mark = " (new or changed)" if topic["changed"] else ""
        yield f"{topic['code']:>3}. {topic['text_en']}{mark}"


def _say_edition(answer: dict[str, Any]) -> Iterator[str]:
    until = answer["in_force_to"] or "now"
    yield f"Edition {answer['id']}: {answer['act']}; petitions filed {answer['in_force_from']} to {until}"
    yield f"  order: {answer['default_order']} (article {answer['order_article']})"
    yield f"  support: {answer['support_needed']['value']} citizens"
    for name, term in answer["terms"].items():
        yield f"  {name}: {_length(term['length'], term['unit'])} (article {term['article']})"
    yield f"  changes: {answer['changes']}"


def _say_states(answer: dict[str, Any]) -> Iterator[str]:
    yield "States"
    for state in answer["states"]:
        yield f"  {state['state']:<20} {state['name_en']}"
    yield "Transitions"
    for row in answer["transitions"]:
        order = f" [{row['order']}]" if row["order"] else ""
        yield f"  {row['event']:<20} {', '.join(row['from'])} -> {row['to']}{order} ({row['article']})"
    yield "Clocks"
    for clock in answer["clocks"]:
        yield f"  {clock['clock']:<20} {clock['name_en']}, {clock['nature']} ({clock['article']})"


def _say_clocks(answer: dict[str, Any]) -> Iterator[str]:
    yield f"Petition {answer['petition']}"
    if not answer["clocks"]:
        yield "  no clock has started"
    for row in answer["clocks"]:
        yield "  " + ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)


def _length(count: int, unit: str) -> str:
    words = unit.replace("_", " ")
    return f"{count} {words.removesuffix('s') if count == 1 else words}"
