"""The data behind each picture of the statistics, as CSV: codes and plain numbers, the same in every language."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, fields

from petitions.browsing.answering import Answers, Due
from petitions.browsing.statistics import Day, Month, Standing, Statistics

Rows = Iterable[Sequence[object]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run
STANDING = tuple(each.name for each in fields(Standing))
DUE = tuple(each.name for each in fields(Due))
ANSWERS = (
    *DUE,
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
    """Checks that are overdue are in no number: their petitions are not public yet."""
    checks, given, due = found.checks, found.answering, found.due
    yield "check", checks.ended, checks.in_time, checks.late, "", checks.median
    yield "answer", given.all.speed.ended, *astuple(due.all), given.all.speed.median
    yield "answer_of_a_central_body", given.central.speed.ended, *astuple(due.central), given.central.speed.median
    yield "answer_of_a_local_body", given.local.speed.ended, *astuple(due.local), given.local.speed.median


def _answers(found: Statistics) -> Rows:
    yield _answers_of(found.answering.all, found.due.all)


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
        yield (
            unit.kato,
            _text(unit.name_kk),
            _text(unit.name_ru),
            _text(unit.name_en),
            *astuple(each.petitions),
            *astuple(each.due),
        )


def _bodies(found: Statistics) -> Rows:
    for each in found.bodies:
        body = each.body
        names = body.slug, _text(body.name_kk), _text(body.name_ru), _text(body.name_en)
        counted = *astuple(each.petitions), *_answers_of(each.answers, each.due)
        yield *names, *counted, body.territory_kato or ""


def _answers_of(answers: Answers, due: Due) -> tuple[object, ...]:
    said = (answers.outcomes.get(outcome, 0) for outcome in ("full", "partial", "refused"))
    return *astuple(due), answers.speed.median, *said


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
    "times": (("what", "finished", *DUE, "median_working_days"), _times),
    "answers": (ANSWERS, _answers),
    "levels": (("level", *STANDING), _levels),
    "themes": (("theme", "name_kk", "name_ru", "name_en", *STANDING), _themes),
    "places": (("kato", "name_kk", "name_ru", "name_en", *STANDING, *DUE), _places),
    "bodies": (("body", "name_kk", "name_ru", "name_en", *STANDING, *ANSWERS, "kato"), _bodies),
}
