"""The door: signing in, signing out, and one's own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Flask, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions import clock
from petitions.config import Config
from petitions.db import reading
from petitions.errors import DomainError, Forbidden
from petitions.forms import done
from petitions.i18n import LANGUAGES, speak
from petitions.identity import (
    access_views,
    actions,
    attempts,
    certificate_views,
    proof_views,
    queries,
    session_views,
    sessions,
    staff_views,
)
from petitions.identity.blueprint import bp
from petitions.identity.egov_idp import EgovSignOn
from petitions.identity.forms import EmailForm, LanguageForm
from petitions.identity.models import AttemptKind, Proof
from petitions.identity.oidc import OidcSignOn
from petitions.identity.redirects import own_path
from petitions.identity.sessions import Viewer
from petitions.identity.verified import SignInRefused, SignInServiceDown, SingleSignOn
from petitions.permissions import Permission, requires

Answer = str | Response | tuple[str, int]

# The single sign-on compares this address exactly, so it carries no language.
callback_bp = Blueprint("identity_callback", __name__)
blueprints = (bp, callback_bp)

# Their pages are added to the blueprint when they are imported.
PAGES = (access_views, certificate_views, proof_views, session_views, staff_views)

WAITING = "sign-in-waiting"
SIGN_ON = "identity.single-sign-on"
ADAPTERS: dict[str, Callable[[Flask, Config], SingleSignOn]] = {"egov": EgovSignOn.of, "oidc": OidcSignOn.of}


@bp.record_once
def _start(state: Any) -> None:
    config = state.app.extensions["config"]
    state.app.extensions[SIGN_ON] = ADAPTERS[config.idp_kind](state.app, config)


@bp.get("/sign-in")
@requires(Permission.SIGN_IN)
def sign_in() -> Answer:
    wanted = own_path(request.args.get("next"))
    if _viewer().kind == "citizen":
        return redirect(wanted or url_for("identity.account"))
    is_egov = current_app.extensions["config"].idp_kind == "egov"
    return render_template("identity/sign_in.html", next=wanted, is_egov=is_egov)


@bp.get("/sign-in/egov")
@requires(Permission.SIGN_IN)
def sign_in_egov() -> Answer:
    base_url = current_app.config["BASE_URL"]
    if request.host_url.rstrip("/") != base_url:
        # The answer will come to the configured address; the question must be kept in a cookie of the same
        # host.
        return redirect(base_url + request.full_path.rstrip("?"))
    wanted = own_path(request.args.get("next"))
    session[WAITING] = {"next": wanted, "lang": g.lang}
    try:
        return _sign_on().begin(_callback_url(), g.lang)
    except SignInServiceDown as error:
        return _back_to_the_door(error, wanted)


@callback_bp.get("/auth/egov/callback")
@requires(Permission.SIGN_IN)
def callback() -> Answer:
    waiting = session.pop(WAITING, None) or {}
    if (chosen := waiting.get("lang")) in LANGUAGES:
        speak(chosen)
    try:
        identity = _sign_on().finish()
    except (SignInRefused, SignInServiceDown) as error:
        return _back_to_the_door(error, waiting.get("next"))
    answer = actions.ask_registry(identity.iin)
    citizen_id = actions.citizen_from_identity(identity, answer, clock.now(), language=g.lang)
    sessions.start_session(citizen_id=citizen_id, method=Proof.SINGLE_SIGN_ON)
    return redirect(own_path(waiting.get("next")) or url_for("identity.account"))


@bp.post("/sign-out")
@requires(Permission.SIGN_IN)
def sign_out() -> Answer:
    sessions.end_session()
    flash(_("You are signed out."), "success")
    return redirect(f"/{g.lang}/")


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


def _sign_on() -> SingleSignOn:
    adapter: SingleSignOn = current_app.extensions[SIGN_ON]
    return adapter


def _back_to_the_door(error: DomainError, wanted: str | None) -> Response:
    flash(str(error.message), "error")
    return redirect(url_for("identity.sign_in", next=wanted))


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
