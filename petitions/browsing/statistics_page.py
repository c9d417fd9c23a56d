"""The statistics in words and pictures, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_date
from flask import url_for
from flask_babel import gettext as _

from petitions.browsing import charts
from petitions.browsing.around import named
from petitions.browsing.charts import Bar, Columns, Point, Slice
from petitions.browsing.filters import LEVELS
from petitions.browsing.statistics import Day, Month, OfTheme, Reason, Standing, Statistics
from petitions.browsing.words import month_name
from petitions.i18n import _l, current_language, format_article, format_day, format_number, format_percent, pick
from petitions.law.editions import edition
from petitions.law.errors import LawError
from petitions.law.topics import topic
from petitions.moderation.grounds import FIELD_NAMES, Ground
from petitions.timeline.words import GROUND_NAMES, OUTCOMES, known

MONTHS_SHOWN = 12
BODIES_SHOWN = 30
MONTHLY = {
    "filed": (_l("Petitions filed"), 4),
    "opened": (_l("Petitions opened for joining"), 1),
    "refused": (_l("Petitions refused at the check"), 3),
    "returned": (_l("Petitions returned: too few joined"), 4),
    "answered": (_l("Petitions answered"), 1),
}
STANDING = (
    ("all", _l("All")),
    ("open", _l("Open for joining")),
    ("examined", _l("Being answered")),
    ("answered", _l("Answered")),
    ("refused", _l("Refused at the check")),
    ("returned", _l("Not enough joined")),
)


@dataclass(frozen=True)
class Picture:
    """A picture over time. ``key``: the id it has on the page; ``text``: what it says, in a sentence."""

    key: str
    title: str
    text: str
    tone: int
    chart: Columns


@dataclass(frozen=True)
class Table:
    """A table's columns and rows. ``links``: an address by the name that stands first in a row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: dict[str, str]


@dataclass(frozen=True)
class StatisticsPage:
    found: Statistics
    months: tuple[Picture, ...]
    months_table: Table
    joinings: Picture
    joinings_table: Table
    punctuality: tuple[Slice, ...]
    outcomes: tuple[Slice, ...]
    reasons: tuple[Bar, ...]
    reasons_table: Table
    levels: tuple[Bar, ...]
    levels_table: Table
    themes: tuple[Bar, ...]
    themes_table: Table
    units: tuple[Bar, ...]
    units_table: Table
    speeds: tuple[tuple[str, ...], ...]
    bodies_table: Table
    bodies_left: int


def page_of(found: Statistics, days: Sequence[Day]) -> StatisticsPage:
    """The page. Its newest months and first bodies only: the files hold them all."""
    months = found.months[-MONTHS_SHOWN:]
    units = [(pick(each.unit, "name"), each.petitions) for each in found.units]
    themes = [(_area(each), each.petitions) for each in found.themes]
    levels = [(str(LEVELS[each.level]), each.petitions) for each in found.levels]
    return StatisticsPage(
        found=found,
        months=tuple(_monthly(name, months) for name in MONTHLY),
        months_table=_months_table(months),
        joinings=_joinings(days),
        joinings_table=_joinings_table(days),
        punctuality=_punctuality(found),
        outcomes=_outcomes(found),
        reasons=charts.bars([Point(_reason(each), each.number) for each in found.reasons]),
        reasons_table=_reasons_table(found),
        levels=_numbers(levels),
        levels_table=_standings(_("Level"), levels, {}),
        themes=_numbers([row for row in themes if row[1].all]),
        themes_table=_standings(_("Subject area"), themes, _areas(found)),
        units=_numbers(units),
        units_table=_standings(_("Place"), units, _places(found)),
        speeds=_speeds(found),
        bodies_table=_bodies_table(found),
        bodies_left=max(0, len(found.bodies) - BODIES_SHOWN),
    )


def _monthly(name: str, months: Sequence[Month]) -> Picture:
    title, tone = MONTHLY[name]
    points = [Point(month_name(each.first), getattr(each, name), _short(each.first)) for each in months]
    return Picture(f"month-{name}", str(title), _summary(points), tone, charts.columns(points))


def _months_table(months: Sequence[Month]) -> Table:
    columns = (_("Month"), *(str(title) for title, _tone in MONTHLY.values()))
    rows = tuple(
        (month_name(each.first), *(format_number(getattr(each, name)) for name in MONTHLY)) for each in reversed(months)
    )
    return Table(columns, rows, {})


def _joinings(days: Sequence[Day]) -> Picture:
    points = [Point(format_day(each.day), each.joinings) for each in days]
    chart = _with_day_marks(charts.columns(points), days)
    return Picture("joinings-picture", _("Joinings a day"), _summary(points), 1, chart)


def _with_day_marks(chart: charts.Columns, days: Sequence[Day]) -> charts.Columns:
    """The days under the columns; the first one shown and the first of another month say their month too."""
    columns, said = [], 0
    for column, each in zip(chart.columns, days, strict=True):
        if column.is_marked:
            mark = str(each.day.day) if each.day.month == said else _day_and_month(each.day)
            column, said = replace(column, point=replace(column.point, mark=mark)), each.day.month
        columns.append(column)
    return replace(chart, columns=tuple(columns))


def _day_and_month(day: date) -> str:
    return str(format_date(day, "d MMM", locale=current_language()))


def _joinings_table(days: Sequence[Day]) -> Table:
    rows = tuple(
        (format_day(each.day), format_number(each.joinings), format_number(each.removals)) for each in reversed(days)
    )
    return Table((_("Day"), _("Joined"), _("Taken back")), rows, {})


def _summary(points: Sequence[Point]) -> str:
    """What the columns say, for who cannot see them."""
    if not any(point.value for point in points):
        return str(_("From %(begin)s to %(end)s: none.", begin=points[0].name, end=points[-1].name))
    most = max(points, key=lambda point: point.value)
    return str(
        _(
            "From %(begin)s to %(end)s: %(total)s in all. Most: %(most)s, %(when)s.",
            begin=points[0].name,
            end=points[-1].name,
            total=format_number(sum(point.value for point in points)),
            most=format_number(most.value),
            when=most.name,
        )
    )


def _short(month: date) -> str:
    return str(format_date(month, "LLL", locale=current_language()))


def _punctuality(found: Statistics) -> tuple[Slice, ...]:
    figures = found.figures
    return charts.shares(
        [
            Point(_("Answered in time"), figures.in_time),
            Point(_("Answered late"), figures.late),
            Point(_("The term has passed and there is no answer"), figures.overdue),
        ]
    )


def _speeds(found: Statistics) -> tuple[tuple[str, ...], ...]:
    """How long an answer takes: answers given, overdue now, in time of those that were due, the median."""
    given, due = found.answering, found.due
    rows = (
        (_("All bodies"), given.all.speed, due.all),
        (_("Central bodies"), given.central.speed, due.central),
        (_("Local bodies"), given.local.speed, due.local),
    )
    return tuple(
        (
            str(name),
            format_number(speed.ended),
            format_number(owed.overdue),
            "–" if owed.percent_in_time is None else format_percent(owed.percent_in_time),
            "–" if speed.median is None else format_number(speed.median),
        )
        for name, speed, owed in rows
    )


def _outcomes(found: Statistics) -> tuple[Slice, ...]:
    said = found.answering.all.outcomes
    return charts.shares([Point(str(name), said.get(outcome, 0)) for outcome, name in OUTCOMES.items()])


def _reason(reason: Reason) -> str:
    """The condition in words, with its clause: two editions give the same number to different subjects."""
    return str(_("%(reason)s (%(article)s)", reason=_condition(reason), article=format_article(reason.clause)))


def _condition(reason: Reason) -> str:
    if reason.ground == Ground.SUBJECT:
        try:
            return pick(topic(edition(reason.edition), reason.code), "text")
        except LawError:
            return known(GROUND_NAMES, reason.ground)
    if reason.ground == Ground.FIELD:
        return f"{known(GROUND_NAMES, reason.ground)}: {known(FIELD_NAMES, reason.code)}"
    return known(GROUND_NAMES, reason.ground)


def _reasons_table(found: Statistics) -> Table:
    rows = tuple(
        (_condition(each), each.clause, _of_edition(each.edition), format_number(each.number)) for each in found.reasons
    )
    return Table((_("Reason"), _("Article"), _("Edition of the law"), _("Petitions")), rows, {})


def _of_edition(name: str) -> str:
    try:
        return format_day(edition(name).in_force_from)
    except LawError:
        return name


def _numbers(rows: Sequence[tuple[str, Standing]]) -> tuple[Bar, ...]:
    return charts.bars([Point(name, petitions.all) for name, petitions in rows])


def _standings(first: str, rows: Sequence[tuple[str, Standing]], links: dict[str, str]) -> Table:
    columns = (first, *(str(label) for _name, label in STANDING))
    cells = tuple(
        (name, *(format_number(getattr(petitions, each)) for each, _label in STANDING)) for name, petitions in rows
    )
    return Table(columns, cells, links)


def _area(row: OfTheme) -> str:
    return pick(row.theme, "name") if row.theme else str(_("Not chosen"))


def _areas(found: Statistics) -> dict[str, str]:
    """The list of each area that has a petition."""
    return {
        _area(each): url_for("browsing.petitions", theme=each.theme.code)
        for each in found.themes
        if each.theme and each.petitions.all
    }


def _places(found: Statistics) -> dict[str, str]:
    return {pick(each.unit, "name"): url_for("browsing.territory", kato=each.unit.kato) for each in found.units}


def _bodies_table(found: Statistics) -> Table:
    columns = (
        _("Body"),
        _("Petitions"),
        _("Being answered"),
        _("In time"),
        _("Late"),
        _("Overdue"),
        _("Median, working days"),
        _("Satisfied"),
    )
    shown = found.bodies[:BODIES_SHOWN]
    rows = []
    for each in shown:
        speed, satisfied, due = each.answers.speed, each.answers.satisfied_percent, each.due
        numbers = each.petitions.all, each.petitions.examined, due.in_time, due.late, due.overdue
        median = "–" if speed.median is None else format_number(speed.median)
        share = "–" if satisfied is None else format_percent(satisfied)
        rows.append((named(each.body, each.around), *map(format_number, numbers), median, share))
    links = {named(each.body, each.around): url_for("browsing.body", slug=each.body.slug) for each in shown}
    return Table(columns, tuple(rows), links)
