"""The console of the check."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user

from petitions import clock
from petitions.audit import Actor
from petitions.db import reading
from petitions.law.editions import edition
from petitions.law.states import ORDER_LABELS, Event
from petitions.lifecycle.advance import NotNow
from petitions.moderation import (
    actions,
    grounds,
    queries,
    sheet,
    written_views,  # noqa: F401 - its pages belong to this blueprint
)
from petitions.moderation.acts import ACTS, Act
from petitions.moderation.forms import AcceptanceForm, ActForm, RefusalForm
from petitions.moderation.queries import SHELF_NAMES, Shelf
from petitions.moderation.room import Answer, bp, checker, senior
from petitions.moderation.wording import LEAST_REASONS
from petitions.permissions import Permission, permissions_of, requires
from petitions.timeline.words import GROUND_NAMES

blueprints = (bp,)


@bp.get("/console/check")
@requires(Permission.CHECK)
def queue() -> Answer:
    part = request.args.get("part", "")
    shelf = Shelf(part) if part in set(Shelf) else Shelf.CHECKING
    with reading() as session:
        page = queries.queue(session, shelf, clock.now(), request.args.get("page", 1, type=int))
        times = queries.check_times(session)
    return render_template("moderation/queue.html", page=page, times=times, names=SHELF_NAMES)


@bp.get("/console/check/<int:petition_id>")
@requires(Permission.CHECK)
def check(petition_id: int) -> Answer:
    with reading() as session:
        chosen = sheet.filed(session, petition_id).theme
    return _check_page(petition_id, AcceptanceForm(formdata=None, theme=chosen or ""))


@bp.post("/console/check/<int:petition_id>/acceptance")
@requires(Permission.CHECK)
def accept(petition_id: int) -> Answer:
    form = AcceptanceForm()
    theme = form.theme.data or ""
    if not form.does(partial(actions.accept, petition_id, theme=theme, by=checker(), at=clock.now())):
        return _check_page(petition_id, form), form.status
    flash(_("The petition passed the check."), "success")
    return redirect(url_for("moderation.check", petition_id=petition_id))


@bp.get("/console/check/<int:petition_id>/refusal")
@requires(Permission.CHECK)
def refusal(petition_id: int) -> Answer:
    return _refusal_page(petition_id, _refusal_form(petition_id), possible=(Event.REFUSED,))


@bp.post("/console/check/<int:petition_id>/refusal")
@requires(Permission.CHECK)
def refuse(petition_id: int) -> Answer:
    """Three buttons lead here: look at it, change it again, sign it."""
    form, step = _refusal_form(petition_id), request.form.get("step")
    if step == "change":
        return _refusal_page(petition_id, form)
    if step != "sign":
        return _refusal_preview(petition_id, form)
    if not form.does(lambda: actions.refuse(petition_id, **form.chosen, by=checker(), at=clock.now())):
        return _refusal_page(petition_id, form), form.status
    flash(_("The refusal is signed and published."), "success")
    return redirect(url_for("moderation.check", petition_id=petition_id))


@bp.get("/console/check/<int:petition_id>/author")
@requires(Permission.CHECK)
def author(petition_id: int) -> Answer:
    person = actions.look_at_author(petition_id, by=checker(), at=clock.now())
    return render_template("moderation/author.html", person=person, petition_id=petition_id)


@bp.get("/console/check/<int:petition_id>/files/<int:attachment_id>")
@requires(Permission.CHECK)
def file(petition_id: int, attachment_id: int) -> Answer:
    row, content = actions.open_file(petition_id, attachment_id, by=checker(), at=clock.now())
    return send_file(BytesIO(content), mimetype=row.mime, as_attachment=True, download_name=row.name)


def _act_page(act: Act, petition_id: int) -> Answer:
    with reading() as session:
        seen = sheet.sheet(session, petition_id, clock.now())
        if act.event not in seen.possible:
            raise NotNow
        return _act_form(act, seen, act.offer(session, seen))


def _act_done(act: Act, petition_id: int) -> Answer:
    with reading() as session:
        seen = sheet.sheet(session, petition_id, clock.now())
        form = act.offer(session, seen)
    if not form.does(lambda: act.carry(form, petition_id, _acting(act), clock.now())):
        return _act_form(act, seen, form), form.status
    flash(act.done, "success")
    return redirect(url_for("moderation.check", petition_id=petition_id))


def _publish(act: Act) -> None:
    """Every act has a page that asks and one that does."""
    rule, name = f"/console/check/<int:petition_id>/{act.noun}", act.noun.replace("-", "_")
    pages: tuple[tuple[str, str, Callable[[Act, int], Answer]], ...] = (
        (name, "GET", _act_page),
        (f"{name}_post", "POST", _act_done),
    )
    for endpoint, method, page in pages:
        view = requires(act.permission)(_of_petition(page, act))
        bp.add_url_rule(rule, endpoint, view, methods=[method])


def _of_petition(page: Callable[[Act, int], Answer], act: Act) -> Callable[[int], Answer]:
    return lambda petition_id: page(act, petition_id)


for _each in ACTS:
    _publish(_each)


def _check_page(petition_id: int, form: ActForm) -> str:
    with reading() as session:
        seen = sheet.sheet(session, petition_id, clock.now())
    mine = permissions_of(current_user.kind, current_user.roles)
    acts = [act for act in ACTS if act.event in seen.possible and act.permission in mine]
    return render_template("moderation/check.html", sheet=seen, form=form, acts=acts, order_labels=ORDER_LABELS)


def _refusal_form(petition_id: int) -> RefusalForm:
    with reading() as session:
        petition = sheet.filed(session, petition_id)
        return RefusalForm().offer(edition(petition.edition or ""))


def _refusal_page(petition_id: int, form: RefusalForm, possible: tuple[Event, ...] = ()) -> str:
    with reading() as session:
        seen = sheet.sheet(session, petition_id, clock.now())
    if not seen.possible.issuperset(possible):
        raise NotNow
    return render_template("moderation/refusal.html", sheet=seen, form=form, least=LEAST_REASONS)


def _refusal_preview(petition_id: int, form: RefusalForm) -> Answer:
    with reading() as session:
        petition = sheet.filed(session, petition_id)
        seen = sheet.sheet(session, petition_id, clock.now())
        shown = form.result_of(lambda: grounds.preview(session, petition, **form.chosen, at=clock.now()))
    if shown is None:
        return _refusal_page(petition_id, form), form.status
    return render_template(
        "moderation/refusal_preview.html",
        sheet=seen,
        form=form,
        shown=shown,
        ground_names=GROUND_NAMES,
        field_names=grounds.FIELD_NAMES,
    )


def _act_form(act: Act, seen: sheet.Sheet, form: ActForm) -> str:
    return render_template("moderation/act.html", act=act, sheet=seen, form=form)


def _acting(act: Act) -> Actor:
    return senior() if act.permission in (Permission.RESTORE, Permission.TAKE_DOWN) else checker()
