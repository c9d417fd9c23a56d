"""The console's front page: what is due for whoever signs in, and the demonstration's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions import clock
from petitions.console import (
    actions,
    audit_views,
    calendar_views,
    queries,
    reference_views,
    settings_views,
    staff_views,
)
from petitions.console.blueprint import bp
from petitions.console.forms import LawClockForm
from petitions.db import reading
from petitions.discussion import queries as discussion
from petitions.errors import NotFound
from petitions.i18n import format_moment
from petitions.identity import services
from petitions.identity.eds import lists
from petitions.identity.sessions import Viewer
from petitions.law.working_days import local_date
from petitions.permissions import Permission, permissions_of, requires
from petitions.reference import queries as reference
from petitions.signatures import queries as signatures
from petitions.signing import sheet_queries

blueprints = (bp,)

# Their pages are added to the blueprint when they are imported.
PAGES = (audit_views, calendar_views, reference_views, settings_views, staff_views)


@bp.get("/console")
@requires(Permission.READ_CONSOLE)
def home() -> str:
    return _home(LawClockForm(formdata=None))


@bp.post("/console/law-clock")
@requires(Permission.STEP_CLOCK)
def home_law_clock() -> Response | tuple[str, int]:
    if not clock.may_step():
        raise NotFound
    form = LawClockForm()
    if not form.validate():
        return _home(form), 422
    now = clock.now()
    actions.step_law_clock(_ahead(form, now), current_user.actor(), now)
    flash(_("The law's time is now %(moment)s.", moment=format_moment(clock.now())), "success")
    return redirect(url_for("console.home"), 303)


def _ahead(form: LawClockForm, now: datetime) -> timedelta:
    if form.step.data != "working-day":
        return timedelta(days=form.days.data if form.step.data == "days" else 1)
    with reading() as session:
        return actions.to_next_working_day(now, reference.calendar(session))


def _home(form: LawClockForm) -> str:
    now, mine = clock.now(), permissions_of(current_user.kind, current_user.roles)
    edits = Permission.EDIT_REFERENCE in mine
    with reading() as session:
        checks = queries.check_queue(session, now) if Permission.CHECK in mine else None
        return render_template(
            "console/home.html",
            form=form,
            now=now,
            may_step=clock.may_step(),
            checks=checks,
            own_body=reference.body(session, current_user.body_id) if _considers(current_user) else None,
            considerations=queries.consideration_queue(session, current_user.body_id, now)
            if _considers(current_user)
            else None,
            waiting=queries.waiting_for_population(session) if edits else None,
            comments=discussion.waiting(session) if Permission.MODERATE_COMMENTS in mine else None,
            sheets=sheet_queries.waiting(session) if Permission.ENTER_SHEETS in mine else None,
            missing_year=queries.missing_year(session, local_date(now)) if edits else None,
            health=queries.health(session),
            unconfirmed=signatures.unconfirmed(session),
            stale_lists=lists.stale(services.trust(), clock.real_now()),
        )


def _considers(viewer: Viewer) -> bool:
    return viewer.body_id is not None and Permission.CONSIDER in permissions_of(viewer.kind, viewer.roles)
