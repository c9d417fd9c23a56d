"""A member of staff's own page: the ways to sign in, and the browsers that are signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from petitions import clock
from petitions.db import reading
from petitions.errors import DomainError, Forbidden
from petitions.forms import answered, done
from petitions.identity import (
    ceremonies,
    enrolment,
    new_app,
    passkeys,
    proof_views,
    queries,
    sessions,
    staff,
    staff_queries,
)
from petitions.identity.blueprint import bp
from petitions.identity.forms import PasskeyForm, PasswordForm
from petitions.identity.models import Proof
from petitions.identity.sessions import Viewer
from petitions.permissions import Permission, requires

Answer = str | BaseResponse | tuple[str, int]

PROOF_NAMES = {
    Proof.PASSKEY: _l("Passkey"),
    Proof.TOTP: _l("Code from the app"),
    Proof.RECOVERY_CODE: _l("Recovery code"),
}


@bp.get("/staff/access")
@requires(Permission.READ_CONSOLE)
def staff_access() -> str:
    return _page(PasskeyForm(formdata=None))


@bp.post("/staff/access/passkey-options")
@requires(Permission.READ_CONSOLE)
def staff_access_passkey_options() -> Response:
    with reading() as session:
        row = queries.staff_row(session, _me())
        known = passkeys.known_to(session, row.id)
    options = passkeys.creation_options(
        ceremonies.party(),
        staff_id=row.id,
        email=row.email,
        display_name=row.display_name,
        challenge=ceremonies.new_challenge("create"),
        known=known,
    )
    return Response(options, mimetype="application/json")


@bp.post("/staff/access/passkeys")
@requires(Permission.READ_CONSOLE)
def staff_access_passkey() -> Answer:
    form = PasskeyForm()

    def add() -> None:
        proof_views.demand()
        key = ceremonies.made_passkey(form.credential.data or "", form.name.data or "")
        enrolment.add_passkey(_me(), key, clock.now(), now=clock.real_now())

    if not _turned_back() and done(form, add):
        return _kept(_("The passkey is kept."))
    return _page(form), 422 if form.errors else 200


@bp.post("/staff/access/passkeys/removal")
@requires(Permission.READ_CONSOLE)
def staff_access_passkey_removal() -> Answer:
    number = request.form.get("passkey", "")
    return _changed(
        lambda: enrolment.remove_passkey(_me(), int(number) if number.isdecimal() else 0, clock.now()),
        _("The passkey is removed. It opens nothing here any more."),
    )


@bp.get("/staff/access/password")
@requires(Permission.READ_CONSOLE)
def staff_access_password() -> str:
    proof_views.demand()
    return _password_page(PasswordForm(formdata=None))


@bp.post("/staff/access/password")
@requires(Permission.READ_CONSOLE)
def staff_access_password_post() -> Answer:
    form = PasswordForm()

    def change() -> list[str]:
        proof_views.demand()
        app = new_app.confirmed(_email(), form.code.data or "", clock.real_now())
        this = _viewer().token_digest
        password = form.password.data or ""
        return enrolment.change_password(_me(), password, app, clock.now(), now=clock.real_now(), this=this)

    codes = None if _turned_back() else answered(form, change)
    if codes is None:
        return _password_page(form), 422 if form.errors else 200
    new_app.forget()
    return render_template("identity/staff_recovery_codes.html", codes=codes, is_new=False)


@bp.post("/staff/access/recovery-codes")
@requires(Permission.READ_CONSOLE)
def staff_access_recovery_codes() -> Answer:
    if _turned_back():
        return redirect(url_for("identity.staff_access"))
    proof_views.demand()
    codes = enrolment.renew_recovery_codes(_me(), clock.now())
    return render_template("identity/staff_recovery_codes.html", codes=codes, is_new=False)


@bp.post("/staff/access/sessions/revocation")
@requires(Permission.READ_CONSOLE)
def staff_access_session_revocation() -> Answer:
    """Without a proof: to shut somebody out must be quick."""
    if staff.revoke_own_session(_me(), request.form.get("session", ""), clock.now(), now=clock.real_now()):
        flash(_("That browser is signed out."), "success")
    return redirect(url_for("identity.staff_access"))


def _changed(act: Callable[[], None], told: str) -> Answer:
    """An act of a button: a proof first, a refusal over the page."""
    if _turned_back():
        return redirect(url_for("identity.staff_access"))
    proof_views.demand()
    try:
        act()
    except DomainError as refusal:
        if refusal.status != DomainError.status:
            raise
        form = PasskeyForm(formdata=None)
        form.take(refusal)
        return _page(form), 422
    return _kept(told)


def _kept(told: str) -> BaseResponse:
    flash(told, "success")
    return redirect(url_for("identity.staff_access"))


def _page(form: PasskeyForm) -> str:
    with reading() as session:
        ways = staff_queries.ways(session, _me())
        opened = staff_queries.open_staff_sessions(session, _me(), this=_viewer().token_digest, now=clock.real_now())
    return render_template(
        "identity/staff_access.html",
        form=form,
        ways=ways,
        sessions=opened,
        proof_names=PROOF_NAMES,
        idle_minutes=int(sessions.IDLE["staff"].total_seconds() // 60),
        passkeys_possible=ceremonies.is_possible(),
        address_with_name=ceremonies.address_with_name() if request.method == "GET" else None,
    )


def _password_page(form: PasswordForm) -> str:
    email = _email()
    return render_template(
        "identity/staff_password.html",
        form=form,
        app=new_app.offered(email),
        email=email,
        simulators=current_app.extensions["config"].simulators,
    )


def _email() -> str:
    with reading() as session:
        return staff_queries.email(session, _me())


def _turned_back() -> bool:
    return proof_views.is_turned_back()


def _me() -> int:
    staff_id = _viewer().staff_id
    if staff_id is None:
        raise Forbidden
    return staff_id


def _viewer() -> Viewer:
    return cast(Viewer, current_user)
