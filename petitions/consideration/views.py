"""The desk of the addressee under `/console`, and the author's own page for a complaint."""

from __future__ import annotations

from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions import clock
from petitions.consideration import appealing, deciding, queries, steps, wording
from petitions.consideration.decision_form import decide_form, decision_form
from petitions.consideration.fields import ActForm
from petitions.consideration.forms import AuthorsAppealForm
from petitions.db import reading
from petitions.errors import NotFound
from petitions.forms import done
from petitions.i18n import pick
from petitions.identity import proof_views
from petitions.identity.sessions import Viewer
from petitions.law.states import EVENT_LABELS, Event
from petitions.law.working_days import local_date
from petitions.lifecycle.advance import NotNow
from petitions.permissions import Permission, requires
from petitions.timeline import words
from petitions.timeline.steps import done_steps
from petitions.web import room_blueprint

Answer = str | Response | tuple[str, int]

bp = room_blueprint("consideration")
blueprints = (bp,)


@bp.get("/console/consideration")
@requires(Permission.CONSIDER)
def queue() -> Answer:
    finished = request.args.get("list") == "finished"
    with reading() as session:
        rows = queries.queue(session, _viewer().body_id, clock.now(), finished=finished)
    return _page("queue", rows=rows, finished=finished)


@bp.get("/console/consideration/<int:petition_id>")
@requires(Permission.CONSIDER)
def petition(petition_id: int) -> Answer:
    work = _work(petition_id)
    with reading() as session:
        lines = done_steps(session, work.transitions)
    return _page("petition", work=work, lines=lines, offered=steps.offered(work), groups=steps.GROUPS)


@bp.route("/console/consideration/<int:petition_id>/steps/<slug>", methods=["GET", "POST"])
@requires(Permission.CONSIDER)
def step(petition_id: int, slug: str) -> Answer:
    work = _work(petition_id)
    asked = steps.STEPS.get(slug)
    if asked is None:
        raise NotFound
    if not steps.is_offered(asked, work):
        raise NotNow
    form = steps.form_for(asked, work, local_date(clock.now()))
    if _is_sent(form) and done(form, lambda: _made(asked, petition_id, form)):
        label = pick(EVENT_LABELS[asked.event], "name")
        return _recorded(petition_id, _("Kept and public on the petition's page: “%(step)s”.", step=label))
    return _page("step", form, work=work, step=asked)


@bp.route("/console/consideration/<int:petition_id>/decision", methods=["GET", "POST"])
@requires(Permission.CONSIDER)
def draft(petition_id: int) -> Answer:
    work = _work(petition_id)
    if not work.may_draft:
        raise NotNow
    appeal = wording.suggested_appeal(work.law, central=work.central, language=work.standing.language)
    form = decision_form(work.text, work.draft or work.made, seen=work.seen, appeal=appeal)
    save = deciding.draft_decision
    if _is_sent(form) and done(
        form, lambda: save(petition_id, form.draft(work.text), seen=form.seen.data, **_by_now())
    ):
        told = (
            _("The draft of the decision is saved and public at once: it is being discussed.")
            if work.is_draft_public
            else _("The draft of the decision is saved. Only the body sees it.")
        )
        return _recorded(petition_id, told)
    form.seen.data = work.seen
    return _page("draft", form, work=work)


@bp.route("/console/consideration/<int:petition_id>/decide", methods=["GET", "POST"])
@requires(Permission.DECIDE)
def decide(petition_id: int) -> Answer:
    work = _work(petition_id)
    if work.draft is None or not work.may_draft:
        raise NotNow
    form = decide_form([state.duty for state in work.undone], seen=work.seen)

    def make() -> None:
        proof_views.demand()
        deciding.decide(petition_id, omitted=form.omitted(), seen=form.seen.data, **_by_now())

    if _is_sent(form) and done(form, make):
        return _recorded(petition_id, _("The decision is made. It becomes public when it is published."))
    form.seen.data = work.seen
    return _page("decide", form, work=work, draft=work.draft, acting_act=_viewer().acting_act)


@bp.route("/petitions/<ref>/appeal", methods=["GET", "POST"])
@requires(Permission.WRITE_PETITION)
def appeal(ref: str) -> Answer:
    with reading() as session:
        remedies = queries.remedies(session, ref, _viewer())
    form = AuthorsAppealForm()
    form.offer_addresses(remedies.where)
    form.offer_day(local_date(clock.now()))
    file = appealing.file_appeal
    if _is_sent(form) and done(form, lambda: file(remedies.petition_id, **form.values(), **_by_now())):
        flash(_("Your complaint is recorded."), "success")
        return redirect(url_for(".appeal", ref=ref))
    return _page("appeal", form, remedies=remedies)


def _viewer() -> Viewer:
    return cast(Viewer, current_user)


def _work(petition_id: int) -> queries.Work:
    with reading() as session:
        return queries.work(session, petition_id, _viewer().body_id, clock.now())


def _made(step: steps.Step, petition_id: int, form: ActForm) -> None:
    """A decision becomes public, with its author's office, only by whoever is there now."""
    if step.event is Event.PUBLISHED:
        proof_views.demand()
    step.act(petition_id, **form.values(), **_by_now())


def _is_sent(form: ActForm) -> bool:
    return request.method == "POST" and not form.rearranged() and not proof_views.is_turned_back()


def _by_now() -> dict[str, Any]:
    return {"by": _viewer().actor(), "at": clock.now()}


def _recorded(petition_id: int, told: str) -> Response:
    flash(told, "success")
    return redirect(url_for(".petition", petition_id=petition_id))


def _page(name: str, form: ActForm | None = None, **shown: Any) -> Answer:
    """A page of this room; 422 when its form has something to correct."""
    status = 422 if form is not None and form.errors else 200
    page = render_template(
        f"consideration/{name}.html", form=form, wording=wording, words=words, today=local_date(clock.now()), **shown
    )
    return page, status
