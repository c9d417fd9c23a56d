"""The data behind each picture of the statistics, as CSV: codes and plain numbers, the same in every language."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, fields

from petitions.browsing.answering import Answers, Speed
from petitions.browsing.statistics import Day, Month, Standing, Statistics

Rows = Iterable[Sequence[object]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run
STANDING = tuple(each.name for each in fields(Standing))
ANSWERS = (
    "in_time",
    "late",
    "overdue",
    "median_working_days",
    "satisfied_fully",
    "satisfied_partly",
    "not_satisfied",
)


def is_file(name: str) -> bool:
    return name in _FILES or name == "joinings"


def written(name: str, found: Statistics) -> bytes:
    """One of the files that depend on legal steps only."""
    header, rows = _FILES[name]
    return _csv(header, rows(found))


def joinings(days: Sequence[Day]) -> bytes:
    """Joined and taken back, day by day."""
    return _csv(("day", "joinings", "removals"), ((day.day.isoformat(), day.joinings, day.removals) for day in days))


def _months(found: Statistics) -> Rows:
    return ((f"{month.first:%Y-%m}", *astuple(month)[1:]) for month in found.months)


def _refusals(found: Statistics) -> Rows:
    return ((each.edition, each.ground, each.code, each.clause, each.number) for each in found.reasons)


def _times(found: Statistics) -> Rows:
    answering = found.answering
    yield ("check", *_speed(found.checks))
    yield ("answer", *_speed(answering.all.speed))
    yield ("answer_of_a_central_body", *_speed(answering.central.speed))
    yield ("answer_of_a_local_body", *_speed(answering.local.speed))


def _answers(found: Statistics) -> Rows:
    yield _answers_of(found.answering.all, found.figures.overdue)


def _levels(found: Statistics) -> Rows:
    return ((each.level, *astuple(each.petitions)) for each in found.levels)


def _themes(found: Statistics) -> Rows:
    """The last row, without a code, is of petitions that have no subject area."""
    for each in found.themes:
        theme = each.theme
        names = (theme.code, theme.name_kk, theme.name_ru, theme.name_en) if theme else ("", "", "", "")
        yield *names, *astuple(each.petitions)


def _places(found: Statistics) -> Rows:
    for each in found.units:
        unit = each.unit
        yield unit.kato, _text(unit.name_kk), _text(unit.name_ru), _text(unit.name_en), *astuple(each.petitions)


def _bodies(found: Statistics) -> Rows:
    for each in found.bodies:
        body = each.body
        names = body.slug, _text(body.name_kk), _text(body.name_ru), _text(body.name_en)
        yield *names, *astuple(each.petitions), *_answers_of(each.answers, each.overdue)


def _speed(speed: Speed) -> tuple[object, ...]:
    return speed.ended, speed.in_time, speed.median


def _answers_of(answers: Answers, overdue: int) -> tuple[object, ...]:
    speed, outcomes = answers.speed, answers.outcomes
    said = (outcomes.get(outcome, 0) for outcome in ("full", "partial", "refused"))
    return speed.in_time, speed.ended - speed.in_time, overdue, speed.median, *said


def _text(name: str) -> str:
    """A name that an administrator wrote, and that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(FORMULA) else name


def _csv(header: Sequence[str], rows: Rows) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


_FILES: Mapping[str, tuple[tuple[str, ...], Callable[[Statistics], Rows]]] = {
    "months": (("month", *(each.name for each in fields(Month)[1:])), _months),
    "refusals": (("edition", "ground", "code", "clause", "petitions"), _refusals),
    "times": (("what", "finished", "in_time", "median_working_days"), _times),
    "answers": (ANSWERS, _answers),
    "levels": (("level", *STANDING), _levels),
    "themes": (("theme", "name_kk", "name_ru", "name_en", *STANDING), _themes),
    "places": (("kato", "name_kk", "name_ru", "name_en", *STANDING), _places),
    "bodies": (("body", "name_kk", "name_ru", "name_en", *STANDING, *ANSWERS), _bodies),
}
