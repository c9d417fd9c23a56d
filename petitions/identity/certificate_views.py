"""The pages of signing in with a certificate: by the app eGov Mobile, or by NCALayer on this computer."""

from __future__ import annotations

import base64
from typing import cast

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions import clock
from petitions.errors import NotFound
from petitions.identity import attempts, certificate_sign_in, sessions, signing_requests, ways
from petitions.identity.blueprint import bp
from petitions.identity.eds import SignatureRefused, decode_cms
from petitions.identity.models import AttemptKind, Proof, Purpose
from petitions.identity.redirects import own_path
from petitions.identity.sessions import Viewer
from petitions.identity.signing_requests import Asked, RequestOver
from petitions.permissions import Permission, requires

Answer = str | Response | tuple[str, int]

WANTED = "certificate-sign-in-next"
REQUEST = "/sign-in/certificate/<string(length=32):request_id>"


@bp.post("/sign-in/certificate")
@requires(Permission.SIGN_IN)
def certificate_begin() -> Answer:
    wanted, browser, now = own_path(request.args.get("next")), ways.browser(), clock.real_now()
    if cast(Viewer, current_user).kind == "citizen":
        return redirect(wanted or url_for("identity.account"), 303)
    attempts.begin(AttemptKind.SIGNING_REQUEST, account=browser, address=request.remote_addr or "", now=now)
    site, address = current_app.extensions["config"].site_name, current_app.config["BASE_URL"]
    request_id = certificate_sign_in.begin(
        browser, site=site, address=address, language=g.lang, at=clock.now(), now=now
    )
    session[WANTED] = wanted
    return redirect(url_for("identity.certificate", request_id=request_id), 303)


@bp.get(REQUEST)
@requires(Permission.SIGN_IN)
def certificate(request_id: str) -> Answer:
    try:
        return _to_sign(ways.begun_here(request_id, Purpose.SIGN_IN, clock.real_now()))
    except RequestOver as over:
        return _begin_again(over)


@bp.post(REQUEST)
@requires(Permission.SIGN_IN)
def certificate_signed(request_id: str) -> Answer:
    """A signature made on this computer. A refused one may be made anew over the same text."""
    at, now = clock.now(), clock.real_now()
    try:
        asked = ways.begun_here(request_id, Purpose.SIGN_IN, now)
        attempts.begin(AttemptKind.SIGNING_REQUEST, account=request_id, address=request.remote_addr or "", now=now)
        cms = decode_cms(request.form.get("signature", ""))
        citizen_id = certificate_sign_in.complete(asked, cms, at=at, now=now)
    except SignatureRefused as refusal:
        return _to_sign(asked, refusal), refusal.status
    except (RequestOver, NotFound):
        return _begin_again(RequestOver())
    return _signed_in(citizen_id)


@bp.get(f"{REQUEST}/result")
@requires(Permission.SIGN_IN)
def certificate_signed_in(request_id: str) -> Answer:
    """Where the browser that waited for a phone comes when it has signed: once, and no other browser."""
    try:
        citizen_id = signing_requests.take_outcome(request_id, ways.browser(), clock.real_now())
    except NotFound:
        return _begin_again(RequestOver())
    return _signed_in(citizen_id)


def _to_sign(asked: Asked, refusal: SignatureRefused | None = None) -> str:
    return render_template(
        "identity/certificate.html",
        text=asked.document.decode(),
        language=asked.language,
        document=base64.b64encode(asked.document).decode(),
        way=ways.phone_way(asked.id),
        action=url_for("identity.certificate_signed", request_id=asked.id),
        refusal=refusal,
    )


def _signed_in(citizen_id: int) -> Response:
    """A new session, with nothing of the visitor's former one."""
    wanted = own_path(session.get(WANTED))
    sessions.start_session(citizen_id=citizen_id, method=Proof.CERTIFICATE)
    return redirect(wanted or url_for("identity.account"), 303)


def _begin_again(over: RequestOver) -> Response:
    if cast(Viewer, current_user).kind == "citizen":
        return redirect(url_for("identity.account"))
    flash(str(over.message), "error")
    return redirect(url_for("identity.sign_in", next=own_path(session.get(WANTED))))
