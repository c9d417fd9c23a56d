"""The page that waits for a phone: how far the signing has come, what came of it, and the way on."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from petitions import clock
from petitions.identity import signing_requests
from petitions.identity.certificate_views import WANTED
from petitions.identity.models import Purpose, RequestState
from petitions.identity.redirects import own_path
from petitions.identity.signing_requests import Asked
from petitions.identity.ways import browser, phone_way
from petitions.permissions import Permission, requires
from petitions.phone_signing import app_views
from petitions.phone_signing.words import ALREADY, DONE, ENDED, EXPIRED, WAITING, message_of
from petitions.web import room_blueprint

REQUEST = "/signing-requests/<string(length=32):request_id>"

bp = room_blueprint("phone_signing")
blueprints = (bp, app_views.bp)


@bp.get(REQUEST)
@requires(Permission.SIGN_IN)
def status(request_id: str) -> ResponseReturnValue:
    asked = signing_requests.find_own(request_id, browser())
    if asked.state == RequestState.DONE:
        return _onward(asked)
    waits = asked.is_open(clock.real_now())
    return render_template(
        "phone_signing/status.html",
        waits=waits,
        text=_said(asked),
        tone=_tone(asked),
        use="authentication" if asked.purpose == Purpose.SIGN_IN else "signing",
        way=phone_way(request_id) if waits else None,
        again=_beginning(asked),
        elsewhere=_elsewhere(asked),
    )


@bp.get(f"{REQUEST}/state.json")
@requires(Permission.SIGN_IN)
def state(request_id: str) -> Response:
    """What the waiting page asks: whether it is over, and what to say meanwhile."""
    asked = signing_requests.find_own(request_id, browser())
    return jsonify(over=not asked.is_open(clock.real_now()), text=_said(asked))


@bp.post(f"{REQUEST}/cancellation")
@requires(Permission.SIGN_IN)
def cancel(request_id: str) -> ResponseReturnValue:
    signing_requests.cancel(request_id, browser())
    return redirect(url_for("phone_signing.status", request_id=request_id), 303)


def _said(asked: Asked) -> str:
    if asked.state == RequestState.REJECTED:
        return message_of(asked.reason)
    if asked.state in ENDED:
        return str(ENDED[asked.state])
    return str(WAITING[asked.state] if asked.is_open(clock.real_now()) else EXPIRED)


def _tone(asked: Asked) -> str:
    """Who did not want to sign has made no mistake."""
    if asked.state in (RequestState.REFUSED, RequestState.CANCELLED):
        return "info"
    return "error" if asked.state == RequestState.REJECTED else "warning"


def _onward(asked: Asked) -> Response:
    """Where what was signed is shown."""
    if asked.purpose == Purpose.SIGN_IN:
        return redirect(url_for("identity.certificate_signed_in", request_id=asked.id), 303)
    if asked.reason == ALREADY:
        flash(message_of(ALREADY), "info")
    elif asked.purpose in DONE:
        flash(str(DONE[asked.purpose]), "success")
    if asked.purpose in (Purpose.JOIN, Purpose.WITHDRAW):
        return redirect(url_for("signing.receipt", petition_id=asked.petition_id), 303)
    return redirect(url_for("drafting.own"), 303)


def _beginning(asked: Asked) -> str:
    """Where this signing was begun and can be begun again."""
    if asked.purpose == Purpose.JOIN:
        return url_for("signing.join", ref=asked.ref)
    if asked.purpose == Purpose.WITHDRAW:
        return url_for("signing.withdrawal", petition_id=asked.petition_id)
    if asked.purpose == Purpose.FILE:
        return url_for("drafting.check", petition_id=asked.petition_id)
    if asked.purpose == Purpose.WITHDRAW_PETITION:
        return url_for("drafting.withdrawal", ref=asked.ref)
    return url_for("identity.sign_in", next=own_path(session.get(WANTED)))


def _elsewhere(asked: Asked) -> tuple[str, str] | None:
    """The words and the address for who does not want to begin again."""
    if asked.purpose == Purpose.JOIN:
        return gettext("Back to the petition"), url_for("browsing.petition", ref=asked.ref)
    if asked.purpose == Purpose.WITHDRAW:
        return gettext("Back to the receipt"), url_for("signing.receipt", petition_id=asked.petition_id)
    if asked.purpose in (Purpose.FILE, Purpose.WITHDRAW_PETITION):
        return gettext("My petitions"), url_for("drafting.own")
    return None
