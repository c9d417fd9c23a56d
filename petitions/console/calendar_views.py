"""The working calendar: every change is shown with the running clocks it moves before it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions import clock
from petitions.console import actions, queries
from petitions.console.blueprint import bp
from petitions.console.forms import CalendarDayForm, CalendarRemovalForm, RecomputingForm
from petitions.db import reading
from petitions.errors import NotFound
from petitions.forms import Form, answered
from petitions.identity.roles import Role
from petitions.law.working_days import local_date
from petitions.lifecycle import recomputing
from petitions.permissions import Permission, requires
from petitions.reference import queries as reference
from petitions.reference.actions import FIRST_YEAR, LAST_YEAR
from petitions.reference.records import CalendarDayView
from petitions.reference.words import DAY_KINDS

Answer = Response | tuple[str, int] | str


@bp.get("/console/calendar")
@requires(Permission.EDIT_REFERENCE)
def calendar() -> str:
    today = local_date(clock.now())
    wanted = request.args.get("year", type=int) or today.year
    with reading() as session:
        years = reference.calendar_years(session)
        year = wanted if FIRST_YEAR <= wanted <= LAST_YEAR else today.year
        days = reference.calendar_days(session, year)
        return render_template(
            "console/calendar.html",
            year=year,
            years=sorted({*years, year}),
            is_known=year in years,
            days=days,
            shared_act=_shared_act(days),
            kinds=DAY_KINDS,
            missing_year=queries.missing_year(session, today),
            pending=len(recomputing.preview(session, reference.calendar(session), today)),
        )


def _shared_act(days: Sequence[CalendarDayView]) -> str | None:
    """The act that more than one day rests on, most of them: a page says it once."""
    ranked = Counter(day.act for day in days).most_common(1)
    return ranked[0][0] if ranked and ranked[0][1] > 1 else None


@bp.get("/console/calendar/day")
@requires(Permission.EDIT_REFERENCE)
def calendar_day() -> str:
    """A form for a day: empty, or filled from the entry that ``?day=`` names."""
    day = _day_of(request.args.get("day", ""))
    entry = _entry(day) if day else None
    form = CalendarDayForm.of_entry(entry) if entry else CalendarDayForm(formdata=None, day=day)
    return _day_page(form, is_entered=entry is not None)


@bp.post("/console/calendar/preview")
@requires(Permission.EDIT_REFERENCE)
def calendar_preview() -> Answer:
    form = CalendarDayForm()
    if not form.validate():
        return _day_page(form), 422
    return _preview(form, {form.day.data: form.is_working}, url_for("console.calendar_change"))


@bp.post("/console/calendar/change")
@requires(Permission.EDIT_REFERENCE)
def calendar_change() -> Answer:
    form, by, at = CalendarDayForm(), current_user.actor(Role.ADMINISTRATOR), clock.now()

    def change() -> int:
        return actions.change_day(form.day.data, form.day_kind, form.names, form.act.data or "", by, at)

    touched = answered(form, change)
    if touched is None:
        return _day_page(form), 422
    return _changed(form.day.data.year, touched)


@bp.get("/console/calendar/removal")
@requires(Permission.EDIT_REFERENCE)
def calendar_removal_form() -> str:
    return _removal_page(CalendarRemovalForm(formdata=None, day=_day_of(request.args.get("day", ""))))


@bp.post("/console/calendar/removal-preview")
@requires(Permission.EDIT_REFERENCE)
def calendar_removal_preview() -> Answer:
    form = CalendarRemovalForm()
    if not form.validate():
        return _removal_page(form), 422
    if _entry(form.day.data) is None:
        raise NotFound(_("The calendar has no entry for this day."))
    return _preview(form, {form.day.data: None}, url_for("console.calendar_removal"))


@bp.post("/console/calendar/removal")
@requires(Permission.EDIT_REFERENCE)
def calendar_removal() -> Answer:
    form, by, at = CalendarRemovalForm(), current_user.actor(Role.ADMINISTRATOR), clock.now()
    if not form.validate():
        return _removal_page(form), 422
    touched = actions.take_day_out(form.day.data, form.act.data or "", by, at)
    return _changed(form.day.data.year, touched)


@bp.get("/console/calendar/recomputing")
@requires(Permission.EDIT_REFERENCE)
def calendar_recomputing() -> str:
    return _recomputing_page(RecomputingForm(formdata=None))


@bp.post("/console/calendar/recomputing")
@requires(Permission.EDIT_REFERENCE)
def calendar_recompute() -> Answer:
    """Finish what a change of the calendar began: for the case that it broke off on the way."""
    form, by, at = RecomputingForm(), current_user.actor(Role.ADMINISTRATOR), clock.now()
    if not form.validate():
        return _recomputing_page(form), 422
    touched = recomputing.recompute_clocks(by=by, at=at, reason=form.act.data or "")
    return _changed(local_date(at).year, touched)


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotFound from None


def _entry(day: date) -> CalendarDayView | None:
    with reading() as session:
        return next((each for each in reference.calendar_days(session, day.year) if each.day == day), None)


def _day_page(form: CalendarDayForm, *, is_entered: bool = False) -> str:
    return render_template("console/calendar_day.html", form=form, is_entered=is_entered)


def _removal_page(form: CalendarRemovalForm) -> str:
    return render_template("console/calendar_removal.html", form=form)


def _preview(form: Form, changes: Mapping[date, bool | None], confirm_url: str) -> str:
    with reading() as session:
        as_it_would_be = reference.calendar_with(session, changes)
        return render_template(
            "console/calendar_preview.html",
            entry=form,
            kinds=DAY_KINDS,
            is_removal=isinstance(form, CalendarRemovalForm),
            moves=recomputing.preview(session, as_it_would_be, local_date(clock.now())),
            confirm_url=confirm_url,
        )


def _recomputing_page(form: RecomputingForm) -> str:
    with reading() as session:
        moves = recomputing.preview(session, reference.calendar(session), local_date(clock.now()))
    return render_template("console/calendar_recomputing.html", form=form, moves=moves)


def _changed(year: int, touched: int) -> Response:
    text = ngettext(
        "The calendar counts as shown. The clocks of %(num)s petition moved.",
        "The calendar counts as shown. The clocks of %(num)s petitions moved.",
        touched,
    )
    flash(text if touched else _("The calendar counts as shown. No running clock moved."), "success")
    return redirect(url_for("console.calendar", year=year), 303)
