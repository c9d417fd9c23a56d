"""Staff accounts: invited, given roles and a body, closed; by an administrator, never by oneself.

Whoever gives access proves to be there first: an open session that somebody found must not make an account.
"""

from __future__ import annotations

from flask import current_app, flash, g, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions import clock
from petitions.console import queries
from petitions.console.blueprint import bp
from petitions.console.forms import AppointmentForm, InvitationForm, RolesForm
from petitions.db import reading
from petitions.errors import DomainError
from petitions.forms import answered, done
from petitions.identity import proof_views, staff_queries
from petitions.identity import queries as people
from petitions.identity import staff as accounts
from petitions.identity.roles import ROLE_NAMES, Role
from petitions.law.working_days import local_date
from petitions.lifecycle.visibility import MAX_ID
from petitions.permissions import Permission, requires
from petitions.reference import queries as reference

Answer = Response | tuple[str, int] | str

LINK = "invitation-link"
MEMBER = f"/console/staff/<int(max={MAX_ID}):staff_id>"


@bp.get("/console/staff")
@requires(Permission.MANAGE_STAFF)
def staff() -> str:
    with reading() as db_session:
        rows = people.all_staff(db_session)
        bodies = reference.bodies(db_session, [row.body_id for row in rows if row.body_id])
        settled = staff_queries.who_can_sign_in(db_session, [row.id for row in rows])
    return render_template(
        "console/staff.html",
        rows=rows,
        bodies=bodies,
        roles=ROLE_NAMES,
        today=local_date(clock.now()),
        settled=settled,
        link=session.pop(LINK, None),
    )


@bp.get("/console/staff/invitation")
@requires(Permission.MANAGE_STAFF)
def staff_invitation() -> str:
    return render_template("console/staff_invitation.html", form=InvitationForm(formdata=None))


@bp.post("/console/staff")
@requires(Permission.MANAGE_STAFF)
def staff_invite() -> Answer:
    form = InvitationForm()
    path = None if proof_views.is_turned_back() else answered(form, lambda: _created(form))
    if path is None:
        return render_template("console/staff_invitation.html", form=form), 422 if form.errors else 200
    _tell_of_link(path)
    return redirect(url_for("console.staff"), 303)


@bp.get(MEMBER)
@requires(Permission.MANAGE_STAFF)
def staff_member(staff_id: int) -> str:
    return _page(staff_id)


@bp.post(f"{MEMBER}/roles")
@requires(Permission.MANAGE_STAFF)
def staff_roles(staff_id: int) -> Answer:
    form = RolesForm()

    def change() -> None:
        body_id = _body(form)
        proof_views.demand()
        by = current_user.actor(Role.ADMINISTRATOR)
        accounts.set_roles(staff_id, form.chosen_roles, body_id, by, clock.now())

    if proof_views.is_turned_back() or not done(form, change):
        return _page(staff_id, roles_form=form), 422 if form.errors else 200
    flash(_("Roles and body are changed."), "success")
    return redirect(url_for("console.staff_member", staff_id=staff_id), 303)


@bp.post(f"{MEMBER}/appointment")
@requires(Permission.MANAGE_STAFF)
def staff_appointment(staff_id: int) -> Answer:
    form = AppointmentForm()

    def appoint() -> None:
        proof_views.demand()
        first, last = form.first_day.data, form.last_day.data
        by = current_user.actor(Role.ADMINISTRATOR)
        accounts.appoint_acting_head(staff_id, first, last, form.act.data, by, clock.now())

    if proof_views.is_turned_back() or not done(form, appoint):
        return _page(staff_id, appointment_form=form), 422 if form.errors else 200
    flash(_("The appointment is kept."), "success")
    return redirect(url_for("console.staff_member", staff_id=staff_id), 303)


@bp.post(f"{MEMBER}/appointment/removal")
@requires(Permission.MANAGE_STAFF)
def staff_appointment_removal(staff_id: int) -> Answer:
    by = current_user.actor(Role.ADMINISTRATOR)
    accounts.appoint_acting_head(staff_id, None, None, None, by, clock.now())
    flash(_("The appointment is ended."), "success")
    return redirect(url_for("console.staff_member", staff_id=staff_id), 303)


@bp.post(f"{MEMBER}/disabling")
@requires(Permission.MANAGE_STAFF)
def staff_disabling(staff_id: int) -> Answer:
    accounts.disable_staff(staff_id, current_user.actor(Role.ADMINISTRATOR), clock.now())
    flash(_("The account is closed and signed out everywhere."), "success")
    return redirect(url_for("console.staff_member", staff_id=staff_id), 303)


@bp.post(f"{MEMBER}/enabling")
@requires(Permission.MANAGE_STAFF)
def staff_enabling(staff_id: int) -> Answer:
    if proof_views.is_turned_back():
        return redirect(url_for("console.staff_member", staff_id=staff_id), 303)
    proof_views.demand()
    accounts.enable_staff(staff_id, current_user.actor(Role.ADMINISTRATOR), clock.now())
    flash(_("The account is open again."), "success")
    return redirect(url_for("console.staff_member", staff_id=staff_id), 303)


@bp.post(f"{MEMBER}/invitation")
@requires(Permission.MANAGE_STAFF)
def staff_invitation_again(staff_id: int) -> Answer:
    if staff_id == current_user.staff_id:
        raise accounts.NotOneself
    if proof_views.is_turned_back():
        return redirect(url_for("console.staff_member", staff_id=staff_id), 303)
    proof_views.demand()
    by = current_user.actor(Role.ADMINISTRATOR)
    _tell_of_link(accounts.invite_again(staff_id, by, clock.now(), letter_language=g.lang))
    return redirect(url_for("console.staff"), 303)


def _created(form: InvitationForm) -> str:
    body_id = _body(form)
    proof_views.demand()
    return accounts.create_staff(
        form.email.data or "",
        form.display_name.data or "",
        form.chosen_roles,
        body_id,
        current_user.actor(Role.ADMINISTRATOR),
        clock.now(),
        letter_language=g.lang,
    )


def _body(form: RolesForm) -> int | None:
    """The body that the form names, if any. Raises DomainError when its words name no body, or several."""
    if not form.body.data:
        return None
    with reading() as db_session:
        found = queries.find_bodies(db_session, form.body.data)
        chosen = [body for body in found if body.slug == form.body_choice.data] or found
        if len(chosen) == 1:
            return chosen[0].id
        form.offer([(body, queries.body_label(db_session, body)) for body in found])
    many = _("Several bodies are called so. Choose one, or write more of the name.")
    raise DomainError(many if found else _("No body is called so."), field="body")


def _tell_of_link(path: str) -> None:
    """The link goes by mail; where no mail server is named it is shown once to whoever invited."""
    config = current_app.extensions["config"]
    if config.demo or config.smtp_url is None:
        session[LINK] = f"{config.base_url}{path}"
    flash(_("The invitation is on its way by e-mail. It works once, for three days."), "success")


def _page(
    staff_id: int,
    roles_form: RolesForm | None = None,
    appointment_form: AppointmentForm | None = None,
) -> str:
    with reading() as db_session:
        row = people.staff_row(db_session, staff_id)
        body = reference.body(db_session, row.body_id) if row.body_id else None
        body_name = queries.body_label(db_session, body) if body else ""
        ways = staff_queries.ways(db_session, staff_id)
    known = {"roles": [str(role) for role in row.roles], "body": body.slug if body else ""}
    acting = {"first_day": row.acting_from, "last_day": row.acting_to, "act": row.acting_act}
    return render_template(
        "console/staff_member.html",
        row=row,
        ways=ways,
        body_name=body_name,
        is_oneself=staff_id == current_user.staff_id,
        is_acting=row.is_acting_on(local_date(clock.now())),
        roles=ROLE_NAMES,
        form=roles_form or appointment_form,
        roles_form=roles_form or RolesForm(formdata=None, data=known),
        appointment_form=appointment_form or AppointmentForm(formdata=None, data=acting),
    )
