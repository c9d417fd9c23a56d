"""Working days, months and the one time zone of the law (76(2), 76(5), 64(3)).

Day zero is the event's day; counting starts the day after. A term due on day D lasts to the end of D.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from petitions.law.errors import LawError

ONE_DAY = timedelta(days=1)
SATURDAY = 5
MAX_TERM = 3660
"""No term of the law comes near; a larger number is a slip of the hand."""


class CalendarUnknown(LawError):
    """The working calendar has no entries for a year that the count runs into."""

    def __init__(self, year: int, known: Iterable[int]) -> None:
        self.year = year
        years = sorted(known)
        covers = f"it covers {years[0]}-{years[-1]}" if years else "it is empty"
        super().__init__(f"the working calendar does not cover the year {year}: {covers}")


class BadTerm(LawError):
    """A length of a term that no term can have."""


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True)
class Calendar:
    """Exceptions to "Monday to Friday is a working day", for the years it knows."""

    exceptions: Mapping[date, bool]
    years: frozenset[int]

    @classmethod
    def of(cls, rows: Iterable[tuple[date, bool]], years: Iterable[int] | None = None) -> Calendar:
        """Build a calendar from (day, is_working) rows; it covers `years`, by default those of the rows."""
        exceptions = dict(rows)
        covered = frozenset(years) if years is not None else frozenset(day.year for day in exceptions)
        return cls(MappingProxyType(exceptions), covered)

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day. Raises CalendarUnknown outside the years covered."""
        if day.year not in self.years:
            raise CalendarUnknown(day.year, self.years)
        return self.exceptions.get(day, not is_weekend(day))

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is worked, else the first working day after it (76(5))."""
        while not self.is_working(day):
            day = _day_after(day)
        return day


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The hours, local time, in which a body receives; a setting of the policy."""

    start: time
    end: time


def add_working_days(start: date, count: int, calendar: Calendar) -> date:
    """The `count`-th working day after `start`, which is day zero (76(2))."""
    _check_count(count)
    day = start
    for _ in range(count):
        day = calendar.next_working_day(_day_after(day))
    return day


def add_months(start: date, count: int) -> date:
    """The same day `count` months on, or the last day of a shorter month (90-3(2))."""
    _check_count(count)
    months = start.year * 12 + (start.month - 1) + count
    year, month = divmod(months, 12)
    if year > date.max.year:
        raise BadTerm(f"{count} months after {start.isoformat()} is beyond the last date that can be written")
    last_day = gregorian.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last_day))


def due_day(
    start: date, term: int, unit: Unit | str, calendar: Calendar, *, moves_to_working_day: bool = False
) -> date:
    """The last day of a term that started on day zero `start`.

    A term in working days always ends on one. A term in months ends on its calendar day, which moves to
    the next working day only where `moves_to_working_day` says so (76(5); not for the collection).
    """
    if Unit(unit) is Unit.WORKING_DAYS:
        return add_working_days(start, term, calendar)
    due = add_months(start, term)
    return calendar.next_working_day(due) if moves_to_working_day else due


def working_days_left(today: date, due: date, calendar: Calendar) -> int:
    """Working days after `today` up to and with `due`; 0 on the due day; negative when it has passed."""
    if due < today:
        return -working_days_left(due, today, calendar)
    days = (today + timedelta(days=offset) for offset in range(1, (due - today).days + 1))
    return sum(1 for day in days if calendar.is_working(day))


def days_left(today: date, due: date, unit: Unit | str, calendar: Calendar) -> int | None:
    """Days to a due day as its term counts them, working ones or, in a term of months, every one.

    0 on the due day; negative when it has passed; None where the calendar does not reach.
    """
    if Unit(unit) is Unit.MONTHS:
        return (due - today).days
    try:
        return working_days_left(today, due, calendar)
    except CalendarUnknown:
        return None


def is_weekend(day: date) -> bool:
    """Whether the five-day week leaves this day out; the calendar may say otherwise (76(2))."""
    return day.weekday() >= SATURDAY


def recomputed_due(old: date, new: date, today: date) -> date:
    """The due day of a running clock after a calendar change: never moved into the past (section 9)."""
    return new if new >= today else min(old, today)


def registration_day(received_at: datetime, calendar: Calendar, hours: WorkingHours) -> tuple[date, datetime]:
    """The day and the moment (UTC) at which something received becomes registered (64(3)).

    Within working hours: at once. Before them: at their start, the same day. After hours or on a day that
    is not worked: at the start of the next working day.
    """
    local = received_at.astimezone(ZONE)
    today = local.date()
    if calendar.is_working(today):
        if hours.start <= local.time() < hours.end:
            return today, received_at.astimezone(UTC)
        if local.time() < hours.start:
            return today, _local_moment(today, hours.start)
    day = calendar.next_working_day(today + ONE_DAY)
    return day, _local_moment(day, hours.start)


def local_date(moment: datetime) -> date:
    """The date in Kazakhstan at an aware moment."""
    return moment.astimezone(ZONE).date()


def start_of_day(day: date) -> datetime:
    """The first instant of `day` in Kazakhstan, in UTC."""
    return _local_moment(day, time.min)


def end_of_day(day: date) -> datetime:
    """The instant at which `day` is over in Kazakhstan, in UTC: a term due on `day` is met before it."""
    return _local_moment(day + ONE_DAY, time.min)


def _local_moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def _day_after(day: date) -> date:
    if day == date.max:
        raise BadTerm("the term runs beyond the last date that can be written")
    return day + ONE_DAY


def _check_count(count: int) -> None:
    if count < 0:
        raise BadTerm(f"a term cannot be negative: {count}")
    if count > MAX_TERM:
        raise BadTerm(f"a term of {count} is too long: at most {MAX_TERM}")


def _kazakhstan() -> tzinfo:
    """Asia/Almaty, or plain UTC+5 where the machine's zone data is older than 1 March 2024."""
    one_zone = timedelta(hours=5)
    try:
        zone = ZoneInfo("Asia/Almaty")
    except ZoneInfoNotFoundError:
        return timezone(one_zone)
    after_reform = datetime(2024, 6, 1, tzinfo=zone)
    return zone if after_reform.utcoffset() == one_zone else timezone(one_zone)


ZONE = _kazakhstan()
