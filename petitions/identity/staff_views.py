"""The door of staff: signing in, and accepting an invitation."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from petitions import clock
from petitions.forms import answered
from petitions.identity import ceremonies, enrolment, new_app, passkeys, sessions, staff_proofs
from petitions.identity.blueprint import bp
from petitions.identity.forms import PasskeyForm, PasskeyUseForm, PasswordForm, StaffSignInForm
from petitions.identity.models import Proof
from petitions.identity.redirects import own_path
from petitions.identity.sessions import Viewer
from petitions.permissions import Permission, requires

Answer = str | BaseResponse | tuple[str, int]

INVITATION = "/staff/invitation/<token>"


@bp.get("/staff/sign-in")
@requires(Permission.SIGN_IN)
def staff_sign_in() -> Answer:
    wanted = own_path(request.args.get("next"))
    if cast(Viewer, current_user).kind == "staff":
        return redirect(wanted or _staff_home())
    return _door(StaffSignInForm(formdata=None), PasskeyUseForm(formdata=None)), 200


@bp.post("/staff/sign-in")
@requires(Permission.SIGN_IN)
def staff_sign_in_post() -> Answer:
    form = StaffSignInForm()
    return _entered(answered(form, lambda: _by_code(form))) or (_door(form, PasskeyUseForm(formdata=None)), 422)


@bp.post("/staff/sign-in/passkey-options")
@requires(Permission.SIGN_IN)
def staff_sign_in_passkey_options() -> Response:
    """Any key that the device has for us: nobody is told whose account exists."""
    options = passkeys.request_options(ceremonies.party(), ceremonies.new_challenge("use"))
    return Response(options, mimetype="application/json")


@bp.post("/staff/sign-in/passkey")
@requires(Permission.SIGN_IN)
def staff_sign_in_passkey() -> Answer:
    form = PasskeyUseForm()
    return _entered(answered(form, lambda: _by_passkey(form))) or (_door(StaffSignInForm(formdata=None), form), 422)


@bp.get(INVITATION)
@requires(Permission.SIGN_IN)
def invitation(token: str) -> Answer:
    return _invitation(token, PasskeyForm(formdata=None), PasswordForm(formdata=None))


@bp.post(INVITATION)
@requires(Permission.SIGN_IN)
def invitation_post(token: str) -> Answer:
    invited = enrolment.invitation(token)
    form = PasswordForm()

    def accept() -> enrolment.Accepted:
        app = new_app.confirmed(invited.email, form.code.data or "", clock.real_now())
        return enrolment.accept_with_password(token, form.password.data or "", app, clock.now())

    accepted = answered(form, accept)
    if accepted is None:
        return _invitation(token, PasskeyForm(formdata=None), form), 422
    sessions.start_session(staff_id=accepted.staff_id, method=Proof.TOTP)
    return render_template("identity/staff_recovery_codes.html", codes=accepted.codes, is_new=True)


@bp.post(f"{INVITATION}/passkey-options")
@requires(Permission.SIGN_IN)
def invitation_passkey_options(token: str) -> Response:
    invited = enrolment.invitation(token)
    options = passkeys.creation_options(
        ceremonies.party(),
        staff_id=invited.staff_id,
        email=invited.email,
        display_name=invited.display_name,
        challenge=ceremonies.new_challenge("create"),
        known=(),
    )
    return Response(options, mimetype="application/json")


@bp.post(f"{INVITATION}/passkey")
@requires(Permission.SIGN_IN)
def invitation_passkey(token: str) -> Answer:
    enrolment.invitation(token)
    form = PasskeyForm()

    def accept() -> int:
        key = ceremonies.made_passkey(form.credential.data or "", form.name.data or "")
        return enrolment.accept_with_passkey(token, key, clock.now(), now=clock.real_now())

    staff_id = answered(form, accept)
    if staff_id is None:
        return _invitation(token, form, PasswordForm(formdata=None)), 422
    sessions.start_session(staff_id=staff_id, method=Proof.PASSKEY)
    flash(_("Your passkey is kept and you are signed in. Here you see how you can sign in from now on."), "success")
    return redirect(url_for("identity.staff_access"))


def _by_code(form: StaffSignInForm) -> staff_proofs.SignedIn:
    return staff_proofs.authenticate_staff(
        form.email.data or "",
        form.password.data or "",
        form.code.data or "",
        address=request.remote_addr or "",
        now=clock.real_now(),
        at=clock.now(),
    )


def _by_passkey(form: PasskeyUseForm) -> staff_proofs.SignedIn:
    return staff_proofs.authenticate_by_passkey(
        ceremonies.party(),
        form.credential.data or "",
        ceremonies.taken_challenge("use"),
        address=request.remote_addr or "",
        now=clock.real_now(),
        at=clock.now(),
    )


def _entered(who: staff_proofs.SignedIn | None) -> BaseResponse | None:
    if who is None:
        return None
    sessions.start_session(staff_id=who.staff_id, method=who.method)
    if who.method is Proof.RECOVERY_CODE:
        flash(
            _(
                "You signed in with a recovery code; it does not work again. If your phone is lost, "
                'open "My access" and replace the password and app.'
            ),
            "warning",
        )
    return redirect(own_path(request.args.get("next")) or _staff_home())


def _door(form: StaffSignInForm, passkey_form: PasskeyUseForm) -> str:
    return render_template(
        "identity/staff_sign_in.html",
        form=form,
        passkey_form=passkey_form,
        next=own_path(request.args.get("next")),
        passkeys_possible=ceremonies.is_possible(),
        address_with_name=ceremonies.address_with_name(),
        simulators=current_app.extensions["config"].simulators,
    )


def _invitation(token: str, passkey_form: PasskeyForm, form: PasswordForm) -> str:
    invited = enrolment.invitation(token)
    return render_template(
        "identity/invitation.html",
        token=token,
        invited=invited,
        passkey_form=passkey_form,
        form=form,
        app=new_app.offered(invited.email),
        passkeys_possible=ceremonies.is_possible(),
        address_with_name=ceremonies.address_with_name(),
        simulators=current_app.extensions["config"].simulators,
    )


def _staff_home() -> str:
    return f"/{g.lang}/console"
