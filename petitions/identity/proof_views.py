"""Proof that whoever is signed in is still there, before what cannot be undone.

A view asks by `demand()`. When the last proof is too old the answer is a page that asks for one and repeats what was
sent, so that nothing typed is lost.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from petitions import clock
from petitions.db import reading
from petitions.errors import DomainError, Forbidden, TooMany
from petitions.identity import ceremonies, passkeys, sessions, staff_proofs, staff_queries
from petitions.identity.blueprint import bp
from petitions.identity.forms import PASSWORDS, ProofForm
from petitions.identity.passkeys import PasskeyRefused
from petitions.identity.redirects import own_path
from petitions.identity.sessions import Viewer
from petitions.identity.totp import WrongCode
from petitions.permissions import Permission, requires

COUNTS_FOR = timedelta(minutes=10)
CODE = "proof_code"
CREDENTIAL = "proof_credential"
BACK = "proof_back"
ASKED = frozenset({CODE, CREDENTIAL, BACK})
"""Fields of the page that asks; the others are the form's that it interrupts."""


class ProofNeeded(DomainError):
    """``refusal`` says why the proof given was not taken; None when none was given."""

    status = 403

    def __init__(self, refusal: DomainError | None = None) -> None:
        super().__init__(_l("Confirm that it is you."))
        self.refusal = refusal


def demand() -> None:
    """Go on only for whoever proved to be there in the last ten minutes, or does so now. Raises ProofNeeded."""
    viewer = _viewer()
    proven_at = sessions.proven_at(viewer.token_digest)
    if proven_at is not None and clock.real_now() - proven_at <= COUNTS_FOR:
        return
    if not (request.form.get(CODE) or request.form.get(CREDENTIAL)):
        raise ProofNeeded
    _take()


def is_turned_back() -> bool:
    """Whether the person would rather look at the form again."""
    return BACK in request.form


@bp.app_errorhandler(ProofNeeded)
def proof_page(needed: ProofNeeded) -> tuple[str, int]:
    """Ask for a proof; what was sent is sent again with it. What was only to be read is opened after it."""
    form = ProofForm(formdata=None)
    if needed.refusal is not None:
        form.say(needed.refusal.message, CODE)
    is_sent = request.method == "POST" and request.endpoint != "identity.prove"
    here = request.full_path.rstrip("?")
    wanted = own_path(request.args.get("next")) if request.endpoint == "identity.prove" else here
    page = render_template(
        "identity/staff_proof.html",
        form=form,
        action=request.full_path if is_sent else url_for("identity.prove", next=wanted),
        repeated=_repeated() if is_sent else [],
        may_turn_back=is_sent,
        email=_email(),
        passkeys_possible=ceremonies.is_possible(),
        simulators=current_app.extensions["config"].simulators,
    )
    return page, ProofNeeded.status


@bp.post("/staff/proof")
@requires(Permission.READ_CONSOLE)
def prove() -> BaseResponse:
    """The proof alone, for a page that is only opened after it."""
    _take()
    return redirect(own_path(request.args.get("next")) or url_for("identity.staff_access"))


@bp.post("/staff/proof/passkey-options")
@requires(Permission.READ_CONSOLE)
def proof_passkey_options() -> Response:
    with reading() as session:
        known = passkeys.known_to(session, _staff_id())
    options = passkeys.request_options(ceremonies.party(), ceremonies.new_challenge("use"), known)
    return Response(options, mimetype="application/json")


def _take() -> None:
    try:
        _prove(_staff_id())
    except (WrongCode, PasskeyRefused, TooMany) as refusal:
        raise ProofNeeded(refusal) from None
    sessions.prove(_viewer().token_digest, now=clock.real_now())


def _repeated() -> list[tuple[str, str]]:
    """What was sent, for hidden fields. A password is never written into a page: it must be typed again."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ASKED and name not in PASSWORDS and name != "csrf_token"
    ]


def _email() -> str:
    with reading() as session:
        return staff_queries.email(session, _staff_id())


def _staff_id() -> int:
    staff_id = _viewer().staff_id
    if staff_id is None:
        raise Forbidden
    return staff_id


def _prove(staff_id: int) -> None:
    address, now, at = request.remote_addr or "", clock.real_now(), clock.now()
    answer = request.form.get(CREDENTIAL)
    if not answer:
        staff_proofs.prove_by_code(staff_id, request.form.get(CODE, ""), address=address, now=now, at=at)
        return
    challenge = ceremonies.taken_challenge("use")
    staff_proofs.prove_by_passkey(staff_id, ceremonies.party(), answer, challenge, address=address, now=now, at=at)


def _viewer() -> Viewer:
    return cast(Viewer, current_user)
