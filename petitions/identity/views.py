"""The door: signing in, signing out, and one's own account."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions import clock
from petitions.db import reading
from petitions.errors import Forbidden
from petitions.forms import answered, done
from petitions.i18n import LANGUAGES
from petitions.identity import actions, attempts, egov_idp, queries, sessions, staff
from petitions.identity.forms import EmailForm, LanguageForm, PasswordForm, StaffSignInForm
from petitions.identity.models import AttemptKind
from petitions.identity.redirects import own_path
from petitions.identity.sessions import Viewer
from petitions.permissions import Permission, requires
from petitions.web import room_blueprint

Answer = str | Response | tuple[str, int]

bp = room_blueprint("identity")
# The single sign-on compares this address exactly, so it carries no language.
callback_bp = Blueprint("identity_callback", __name__)
blueprints = (bp, callback_bp)

WAITING = "sign-in-waiting"


@bp.record_once
def _start(state: Any) -> None:
    egov_idp.init_app(state.app, state.app.extensions["config"])


@bp.get("/sign-in")
@requires(Permission.SIGN_IN)
def sign_in() -> Answer:
    wanted = own_path(request.args.get("next"))
    if _viewer().kind == "citizen":
        return redirect(wanted or url_for("identity.account"))
    return render_template("identity/sign_in.html", next=wanted)


@bp.get("/sign-in/egov")
@requires(Permission.SIGN_IN)
def sign_in_egov() -> Answer:
    base_url = current_app.config["BASE_URL"]
    if request.host_url.rstrip("/") != base_url:
        # The answer will come to the configured address; the question must be kept in a cookie of the same
        # host.
        return redirect(base_url + request.full_path.rstrip("?"))
    session[WAITING] = {"next": own_path(request.args.get("next")), "lang": g.lang}
    return egov_idp.begin(_callback_url(), g.lang)


@callback_bp.get("/auth/egov/callback")
@requires(Permission.SIGN_IN)
def callback() -> Answer:
    waiting = session.pop(WAITING, None) or {}
    g.lang = waiting.get("lang") if waiting.get("lang") in LANGUAGES else g.lang
    try:
        identity = egov_idp.finish()
    except (egov_idp.SignInRefused, egov_idp.SignInServiceDown) as error:
        flash(str(error.message), "error")
        return redirect(url_for("identity.sign_in", next=waiting.get("next")))
    answer = actions.ask_registry(identity.iin)
    citizen_id = actions.citizen_from_identity(identity, answer, clock.now(), language=g.lang)
    sessions.start_session(citizen_id=citizen_id)
    return redirect(own_path(waiting.get("next")) or url_for("identity.account"))


@bp.post("/sign-out")
@requires(Permission.SIGN_IN)
def sign_out() -> Answer:
    sessions.end_session()
    flash(_("You are signed out."), "success")
    return redirect(f"/{g.lang}/")


@bp.get("/staff/sign-in")
@requires(Permission.SIGN_IN)
def staff_sign_in() -> Answer:
    wanted = own_path(request.args.get("next"))
    if _viewer().kind == "staff":
        return redirect(wanted or _staff_home())
    return render_template("identity/staff_sign_in.html", form=StaffSignInForm(), next=wanted)


@bp.post("/staff/sign-in")
@requires(Permission.SIGN_IN)
def staff_sign_in_post() -> Answer:
    form, wanted = StaffSignInForm(), own_path(request.args.get("next"))
    staff_id = answered(form, lambda: _authenticated(form))
    if staff_id is None:
        return render_template("identity/staff_sign_in.html", form=form, next=wanted), 422
    sessions.start_session(staff_id=staff_id)
    return redirect(wanted or _staff_home())


@bp.get("/staff/invitation/<token>")
@requires(Permission.SIGN_IN)
def invitation(token: str) -> Answer:
    staff.check_invitation(token)
    return render_template("identity/invitation.html", form=PasswordForm())


@bp.post("/staff/invitation/<token>")
@requires(Permission.SIGN_IN)
def invitation_post(token: str) -> Answer:
    form = PasswordForm()
    if not done(form, lambda: staff.set_password(token, form.password.data or "", clock.now())):
        return render_template("identity/invitation.html", form=form), 422
    flash(_("Your password is set. Sign in with it."), "success")
    return redirect(url_for("identity.staff_sign_in"))


@bp.get("/account")
@requires(Permission.OWN_ACCOUNT)
def account() -> Answer:
    return _account_page(EmailForm())


@bp.post("/account/facts")
@requires(Permission.OWN_ACCOUNT)
def account_facts() -> Answer:
    actions.refresh_registry(_me(), clock.now())
    return redirect(url_for("identity.account"))


@bp.post("/account/email")
@requires(Permission.OWN_ACCOUNT)
def account_email() -> Answer:
    form = EmailForm()
    if not done(form, lambda: _new_email(form)):
        return _account_page(form), 422
    flash(_("We sent you a letter. Open the link in it to confirm the address."), "success")
    return redirect(own_path(request.args.get("next")) or url_for("identity.account"))


@bp.post("/account/email/removal")
@requires(Permission.OWN_ACCOUNT)
def account_email_removal() -> Answer:
    actions.forget_email(_me())
    flash(_("Your e-mail is erased."), "success")
    return redirect(url_for("identity.account"))


@bp.get("/account/email/confirmation/<token>")
@requires(Permission.SIGN_IN)
def email_link(token: str) -> Answer:
    """A page with a button: programs that open every link of a letter must confirm nothing."""
    actions.check_email_link(token)
    return render_template("identity/email_confirmation.html", token=token)


@bp.post("/account/email/confirmation/<token>")
@requires(Permission.SIGN_IN)
def email_link_post(token: str) -> Answer:
    actions.confirm_email(token, clock.now())
    flash(_("Your e-mail is confirmed."), "success")
    return redirect(url_for("identity.account") if _viewer().kind == "citizen" else f"/{g.lang}/")


@bp.post("/account/language")
@requires(Permission.OWN_ACCOUNT)
def account_language() -> Answer:
    form = LanguageForm()
    if not form.validate():
        return _account_page(EmailForm(), form), 422
    actions.set_language(_me(), form.language.data)
    flash(_("The language of letters is kept."), "success")
    return redirect(url_for("identity.account"))


@bp.post("/account/sessions/revocation")
@requires(Permission.OWN_ACCOUNT)
def account_session_revocation() -> Answer:
    digest = request.form.get("session", "")
    if sessions.revoke(digest, now=clock.real_now(), citizen_id=_me()):
        flash(_("That browser is signed out."), "success")
    return redirect(url_for("identity.account"))


def _viewer() -> Viewer:
    return cast(Viewer, current_user)


def _me() -> int:
    """The citizen whose account this is."""
    citizen_id = _viewer().citizen_id
    if citizen_id is None:
        raise Forbidden
    return citizen_id


def _account_page(form: EmailForm, language_form: LanguageForm | None = None) -> str:
    with reading() as db_session:
        contact = queries.contact(db_session, _me())
        return render_template(
            "identity/account.html",
            form=form,
            language_form=language_form or LanguageForm(formdata=None, language=contact.language),
            contact=contact,
            facts=queries.person_facts(db_session, _me()),
            sessions=queries.open_sessions(db_session, _me(), this=_viewer().token_digest, now=clock.real_now()),
        )


def _authenticated(form: StaffSignInForm) -> int:
    return staff.authenticate_staff(
        form.email.data or "",
        form.password.data or "",
        address=request.remote_addr or "",
        now=clock.real_now(),
        at=clock.now(),
    )


def _new_email(form: EmailForm) -> str:
    """Letters go out at our expense to whatever address is typed.

    A few in a quarter of an hour are enough.
    """
    attempts.begin(
        AttemptKind.EMAIL_CONFIRMATION,
        account=str(_me()),
        address=request.remote_addr or "",
        now=clock.real_now(),
    )
    return actions.set_email(_me(), form.email.data or "")


def _callback_url() -> str:
    return str(current_app.config["BASE_URL"] + url_for("identity_callback.callback"))


def _staff_home() -> str:
    return f"/{g.lang}/console"
