"""The terms of a petition, with the count explained so that anyone can check it with a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from petitions.i18n import format_day, pick
from petitions.law.policy import Policy
from petitions.law.states import CLOCKS, ENDING_LABELS, ClockKind, Ending, clock_due
from petitions.law.working_days import Calendar, CalendarUnknown, Unit, is_weekend
from petitions.lifecycle.queries import ClockRow
from petitions.reference import queries as reference
from petitions.timeline.words import term_text


@dataclass(frozen=True)
class TermRow:
    """One term as the page shows it. A chance that passed is not running, and nobody's breach."""

    kind: ClockKind
    label: str
    article: str
    is_policy: bool
    started_on: date
    length: str
    due_on: date
    ended: str
    days_left: int | None
    in_working_days: bool
    overdue: bool
    running: bool
    explanation: tuple[str, ...]


@dataclass(frozen=True)
class Counting:
    """What is needed to explain a count: the calendar, the names of its days off, and the settings."""

    calendar: Calendar
    names: Mapping[date, str]
    policy: Policy
    now: datetime


def counting(session: Session, clocks: list[ClockRow], policy: Policy, now: datetime) -> Counting:
    """The calendar with the names of the days that any of these terms ran over."""
    years = {day.year for clock in clocks for day in (clock.started_on, clock.due_on)}
    days = [each for year in sorted(years) for each in reference.calendar_days(session, year)]
    return Counting(reference.calendar(session), {each.day: pick(each, "name") for each in days}, policy, now)


def term_row(clock: ClockRow, counts: Counting) -> TermRow:
    """One clock, explained."""
    overdue = clock.overdue(counts.now)
    days_left = clock.days_left(counts.now, counts.calendar)
    quiet_end = clock.is_running and not overdue and days_left is not None and days_left < 0
    info = CLOCKS[clock.kind]
    return TermRow(
        kind=clock.kind,
        label=pick(clock.label, "name"),
        article=info.article.removeprefix("policy: "),
        is_policy=clock.is_policy,
        started_on=clock.started_on,
        length=term_text(clock.term, clock.unit),
        due_on=clock.due_on,
        ended=_("The term has passed") if quiet_end else _ended(clock),
        days_left=days_left,
        in_working_days=clock.unit == Unit.WORKING_DAYS,
        overdue=overdue,
        running=clock.is_running and not quiet_end,
        explanation=_explanation(clock, counts),
    )


def _ended(clock: ClockRow) -> str:
    if clock.ended_at is None or clock.ending is None:
        return ""
    ending = pick(ENDING_LABELS[Ending(clock.ending)], "name")
    # The worker may come late; a term lapses on its own last day.
    day = clock.due_on if clock.ending == Ending.LAPSED else clock.ended_at
    return str(_("%(ending)s (%(day)s)", ending=ending, day=format_day(day)))


def _explanation(clock: ClockRow, counts: Counting) -> tuple[str, ...]:
    first = _("The count starts the day after: %(day)s is day zero.", day=format_day(clock.started_on))
    rest = _months(clock, counts) if clock.unit == Unit.MONTHS else _working_days(clock, counts)
    return (first, *rest, *_recomputed(clock, counts))


def _months(clock: ClockRow, counts: Counting) -> list[str]:
    lines = [_("Months run to the same day, or to the last day of a shorter month.")]
    if clock.kind is ClockKind.COLLECTION and not counts.policy.flag("collection_end_moves"):
        lines.append(_("The last day stays where it is even when it is not a working day (policy)."))
    else:
        lines.append(_("A last day that is not a working day moves to the next working day."))
    return lines


def _working_days(clock: ClockRow, counts: Counting) -> list[str]:
    counted = (clock.due_on - clock.started_on).days
    days = [clock.started_on + timedelta(days=offset) for offset in range(1, counted + 1)]
    off = [day for day in days if counts.calendar.exceptions.get(day) is False and not is_weekend(day)]
    worked = [day for day in days if counts.calendar.exceptions.get(day) is True and is_weekend(day)]
    weekend = sum(1 for day in days if is_weekend(day)) - len(worked)
    lines = []
    if weekend:
        lines.append(
            ngettext(
                "%(num)s Saturday or Sunday is not counted.",
                "%(num)s Saturdays and Sundays are not counted.",
                weekend,
            )
        )
    if off:
        lines.append(_("Days off that are not counted: %(days)s.", days="; ".join(_named(day, counts) for day in off)))
    if worked:
        lines.append(_("Worked weekend days that are counted: %(days)s.", days="; ".join(map(format_day, worked))))
    return lines


def _named(day: date, counts: Counting) -> str:
    name = counts.names.get(day, "")
    return _("%(day)s (%(name)s)", day=format_day(day), name=name) if name else format_day(day)


def _recomputed(clock: ClockRow, counts: Counting) -> list[str]:
    try:
        due = clock_due(clock.kind, clock.started_on, clock.term, clock.unit, counts.calendar, counts.policy)
    except CalendarUnknown:
        return []
    if due == clock.due_on:
        return []
    return [
        _(
            "The calendar or a setting has changed since: by it the last day would be %(day)s.",
            day=format_day(due),
        )
    ]
