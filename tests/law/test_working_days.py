"""Commentary on 76(2), 76(5), 64(3) and 90-3(2): how the law counts time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from petitions.law.working_days import (
    MAX_TERM,
    ZONE,
    BadTerm,
    Calendar,
    CalendarUnknown,
    Unit,
    WorkingHours,
    add_months,
    add_working_days,
    days_left,
    due_day,
    end_of_day,
    local_date,
    recomputed_due,
    registration_day,
    start_of_day,
    working_days_left,
)

HOURS = WorkingHours(time(9, 0), time(18, 30))


def day(text: str) -> date:
    return date.fromisoformat(text)


def kazakhstan(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("year", "days"), [(2024, 249), (2025, 246), (2026, 247), (2027, 247)], ids=lambda value: str(value)
)
def test_a_year_has_its_published_number_of_working_days(calendar: Calendar, year: int, days: int) -> None:
    every = (date(year, 1, 1) + timedelta(days=offset) for offset in range(366))
    assert sum(calendar.is_working(each) for each in every if each.year == year) == days


@pytest.mark.parametrize(
    ("start", "count", "due", "sentence"),
    [
        ("2024-06-10", 40, "2024-08-06", "real: petition No 3, registered Monday, the press named 6 August"),
        ("2026-03-02", 20, "2026-04-03", "filed on the first day of the 2026 edition: the check's end"),
        ("2026-03-20", 20, "2026-04-22", "over Nauryz, two of its days moved on"),
        ("2026-04-30", 10, "2026-05-19", "over the three holidays of May, one moved on"),
        ("2026-06-30", 40, "2026-08-26", "over Capital Day"),
        ("2026-03-06", 1, "2026-03-10", "Women's Day fell on Sunday: Monday is off in its stead"),
        ("2024-05-03", 1, "2024-05-04", "Saturday 4 May 2024 was worked"),
        ("2025-01-04", 1, "2025-01-05", "Sunday 5 January 2025 was worked"),
        ("2025-01-02", 1, "2025-01-05", "Friday 3 January 2025 was off for it"),
        ("2024-01-05", 1, "2024-01-08", "7 January 2024 was a Sunday: Christmas is never moved"),
        ("2024-06-14", 1, "2024-06-17", "Kurban-ait 2024 was a Sunday: it is never moved"),
        ("2026-08-28", 1, "2026-08-31", "31 August 2026 is a working day: 30 August is no holiday any more"),
    ],
)
def test_the_nth_working_day_after_day_zero(
    calendar: Calendar, start: str, count: int, due: str, sentence: str
) -> None:
    assert add_working_days(day(start), count, calendar) == day(due), sentence
    assert due_day(day(start), count, Unit.WORKING_DAYS, calendar) == day(due), sentence
    if calendar.is_working(day(start)):
        assert working_days_left(day(start), day(due), calendar) == count


@pytest.mark.parametrize(
    ("start", "count", "due", "sentence"),
    [
        ("2025-10-21", 6, "2026-04-21", "real: paid parking in Almaty"),
        ("2024-08-31", 6, "2025-02-28", "a shorter month ends the term on its last day"),
        ("2023-08-31", 6, "2024-02-29", "in a leap year that is the 29th"),
        ("2024-02-29", 6, "2024-08-29", "the day is kept, not the end of the month"),
        ("2024-02-29", 12, "2025-02-28", "a year on"),
        ("2026-05-31", 1, "2026-06-30", "31 becomes 30"),
        ("2026-12-31", 1, "2027-01-31", "over the new year"),
        ("2026-06-09", 6, "2026-12-09", "an ordinary day"),
    ],
)
def test_months_keep_the_day_or_take_the_last(start: str, count: int, due: str, sentence: str) -> None:
    assert add_months(day(start), count) == day(due), sentence


def test_the_end_of_a_collection_is_not_moved_but_that_of_an_appeal_is(calendar: Calendar) -> None:
    # 9 August 2026 is a Sunday.
    assert due_day(day("2026-02-09"), 6, Unit.MONTHS, calendar) == day("2026-08-09")
    moved = due_day(day("2026-02-09"), 6, Unit.MONTHS, calendar, moves_to_working_day=True)
    assert moved == day("2026-08-10")


@pytest.mark.parametrize("start", ["2027-12-30", "2023-12-01", "2031-05-05"])
def test_a_year_the_calendar_does_not_know_is_said_not_guessed(calendar: Calendar, start: str) -> None:
    with pytest.raises(CalendarUnknown, match="does not cover the year"):
        add_working_days(day(start), 5, calendar)


def test_an_empty_calendar_says_so() -> None:
    with pytest.raises(CalendarUnknown, match="it is empty"):
        Calendar.of([]).is_working(day("2026-01-05"))


@pytest.mark.parametrize("count", [-1, MAX_TERM + 1])
def test_no_term_is_negative_or_endless(calendar: Calendar, count: int) -> None:
    with pytest.raises(BadTerm):
        add_working_days(day("2026-03-02"), count, calendar)
    with pytest.raises(BadTerm):
        add_months(day("2026-03-02"), count)


def test_no_term_runs_beyond_the_last_date(calendar: Calendar) -> None:
    with pytest.raises(BadTerm):
        add_months(date.max, 1)
    with pytest.raises(BadTerm):
        add_working_days(date.max, 1, calendar)


@pytest.mark.parametrize(
    ("today", "left"),
    [("2026-04-01", 2), ("2026-04-03", 0), ("2026-04-05", 0), ("2026-04-06", -1), ("2026-04-10", -5)],
)
def test_working_days_left_count_down_to_the_due_day_and_below(calendar: Calendar, today: str, left: int) -> None:
    assert working_days_left(day(today), day("2026-04-03"), calendar) == left
    assert days_left(day(today), day("2026-04-03"), Unit.WORKING_DAYS, calendar) == left


def test_a_term_of_months_is_counted_down_in_every_day(calendar: Calendar) -> None:
    assert days_left(day("2026-04-01"), day("2026-04-12"), Unit.MONTHS, calendar) == 11


def test_what_is_left_is_not_told_where_the_calendar_ends(calendar: Calendar) -> None:
    assert days_left(day("2026-12-01"), day("2099-01-05"), Unit.WORKING_DAYS, calendar) is None


@pytest.mark.parametrize(
    ("received", "registered", "sentence"),
    [
        ("2024-06-10T10:00", "2024-06-10T10:00", "within hours: at once"),
        ("2024-06-10T07:15", "2024-06-10T09:00", "before hours: the same day, when they begin"),
        ("2024-06-10T09:00", "2024-06-10T09:00", "the first minute of the hours counts"),
        ("2024-06-10T18:29", "2024-06-10T18:29", "the last minute too"),
        ("2024-06-10T18:30", "2024-06-11T09:00", "after hours: the next working day"),
        ("2024-06-09T23:10", "2024-06-10T09:00", "real: 50 000 reached on Sunday 9 June, registered Monday"),
        ("2024-05-04T12:00", "2024-05-04T12:00", "a worked Saturday is a working day"),
        ("2026-03-20T19:00", "2026-03-26T09:00", "after hours before Nauryz and its moved days"),
    ],
)
def test_registration_follows_from_the_moment_of_receipt(
    calendar: Calendar, received: str, registered: str, sentence: str
) -> None:
    at = kazakhstan(registered)
    found = registration_day(kazakhstan(received).astimezone(UTC), calendar, HOURS)
    assert found == (at.date(), at.astimezone(UTC)), sentence
    assert found[1].tzinfo is UTC


def test_kazakhstan_is_five_hours_ahead_and_a_day_ends_there() -> None:
    assert local_date(datetime(2026, 4, 21, 18, 59, 59, tzinfo=UTC)) == day("2026-04-21")
    assert local_date(datetime(2026, 4, 21, 19, 0, tzinfo=UTC)) == day("2026-04-22")
    assert start_of_day(day("2026-04-21")) == datetime(2026, 4, 20, 19, 0, tzinfo=UTC)
    assert end_of_day(day("2026-04-21")) == datetime(2026, 4, 21, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "today", "due", "sentence"),
    [
        ("2026-05-19", "2026-05-20", "2026-05-10", "2026-05-20", "a new holiday moves the day on"),
        ("2026-05-19", "2026-05-18", "2026-05-10", "2026-05-18", "a new worked day moves it forward"),
        ("2026-05-19", "2026-05-18", "2026-05-19", "2026-05-19", "but not into the past: today is left"),
        ("2026-05-19", "2026-05-18", "2026-05-25", "2026-05-19", "an overdue term is not made more overdue"),
        ("2026-05-19", "2026-05-27", "2026-05-25", "2026-05-27", "an overdue term may gain days"),
    ],
)
def test_a_calendar_change_never_moves_a_term_into_the_past(
    old: str, new: str, today: str, due: str, sentence: str
) -> None:
    assert recomputed_due(day(old), day(new), day(today)) == day(due), sentence
