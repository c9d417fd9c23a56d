"""Joining, step by step: what it means, the exact text, the signature that comes back, the receipt."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from petitions import clock
from petitions.db import reading
from petitions.errors import Conflict, DomainError, Gone, NotFound
from petitions.identity import signing_requests, ways
from petitions.identity.actions import ensure_facts
from petitions.identity.eds import SignatureRefused, decode_cms
from petitions.identity.models import Purpose, RequestState
from petitions.identity.signing_requests import RequestOver
from petitions.identity.ways import Shown
from petitions.law.eligibility import ASK_AGAIN
from petitions.lifecycle.queries import Standing, standing
from petitions.lifecycle.visibility import MAX_ID, find
from petitions.permissions import Permission, requires
from petitions.signatures.acts import Signed
from petitions.signatures.queries import in_force
from petitions.signatures.writer import AlreadySigned, NotSigned
from petitions.signing import actions, challenge, consent, ncalayer_views, queries, receipt_views, sheet_views
from petitions.signing.actions import WithdrawalClosed
from petitions.signing.challenge import Challenge
from petitions.signing.document import document_of, withdrawal_of
from petitions.signing.eligibility import REASONS
from petitions.signing.forms import ConsentForm
from petitions.signing.group_commit import Unknown
from petitions.signing.queries import Asked
from petitions.signing.room import Answer, bp, citizen_id, viewer

blueprints = (bp,)
PAGES = (receipt_views, ncalayer_views, sheet_views)  # their pages are added to the blueprint when they are imported


@bp.get("/petitions/<ref>/joining")
@requires(Permission.JOIN)
def join(ref: str) -> Answer:
    return _ask(_asked(ref, with_registry=True), ConsentForm())


@bp.post("/petitions/<ref>/joining")
@requires(Permission.JOIN)
def sign(ref: str) -> Answer:
    asked, form = _asked(ref), ConsentForm()
    if asked.own is not None or not asked.is_signable or asked.reasons or not form.validate_on_submit():
        return _ask(asked, form, 422)
    began_at = clock.now()
    document = document_of(asked.standing.id, began_at)
    made = Challenge(
        ref=ref,
        petition_id=asked.standing.id,
        citizen_id=citizen_id(),
        session=viewer().token_digest,
        document_sha256=challenge.sha256(document),
        began_at=began_at,
    )
    shown = _shown(Purpose.JOIN, asked.standing, ref, document, began_at)
    return _to_sign(shown, url_for("signing.receive", ref=ref), challenge=made.token())


@bp.post("/petitions/<ref>/joinings")
@requires(Permission.JOIN)
def receive(ref: str) -> Answer:
    """The hot path (D7): the challenge says what was shown to whom, so that nothing is looked up again here."""
    asked_for = challenge.read(request.form.get("challenge", ""))
    asked_for.check(ref=ref, citizen_id=citizen_id(), session=viewer().token_digest)
    document = document_of(asked_for.petition_id, asked_for.began_at)
    asked_for.check_document(document)
    _join(asked_for.petition_id, document, request.form.get("signature", ""), asked_for.began_at)
    return redirect(url_for("signing.receipt", petition_id=asked_for.petition_id), 303)


@bp.get("/my-joinings/<int:petition_id>/withdrawal")
@requires(Permission.JOIN)
def withdrawal(petition_id: int) -> Answer:
    return render_template("signing/withdrawal.html", line=_receipt(petition_id))


@bp.post("/my-joinings/<int:petition_id>/withdrawal")
@requires(Permission.JOIN)
def withdraw(petition_id: int) -> Answer:
    line, began_at = _receipt(petition_id), clock.now()
    if line.joining.withdrawn_at is not None:
        return _withdrawn(petition_id)
    if not line.may_withdraw:
        raise WithdrawalClosed
    document = withdrawal_of(line.standing, line.joining.consent_version, began_at)
    shown = _shown(Purpose.WITHDRAW, line.standing, line.ref or "", document, began_at)
    return _to_sign(shown, url_for("signing.signed_withdrawal", petition_id=petition_id))


@bp.post("/my-joinings/<int:petition_id>/signed-withdrawal")
@requires(Permission.JOIN)
def signed_withdrawal(petition_id: int) -> Answer:
    line = _receipt(petition_id)
    if line.joining.withdrawn_at is not None:
        return _withdrawn(petition_id)  # the same sent twice, or a phone was quicker
    asked = ways.begun_here(request.form.get("challenge", ""), Purpose.WITHDRAW, clock.real_now())
    if asked.petition_id != line.standing.id:
        raise RequestOver
    signed = Signed(asked.document, decode_cms(request.form.get("signature", "")), asked.began_at)
    actions.withdraw(line.standing.id, citizen_id(), signed=signed, at=clock.now())
    signing_requests.settle(asked.id, RequestState.DONE, signature_sha256=signed.sha256)
    return _withdrawn(petition_id)


@bp.errorhandler(DomainError)
def _not_done(error: DomainError) -> Answer:
    """A step that failed: what happened, that nothing was stored, and the way to begin again."""
    ref = (request.view_args or {}).get("ref")
    if isinstance(error, NotSigned | WithdrawalClosed | RequestOver | SignatureRefused) and ref is None:
        petition_id = (request.view_args or {})["petition_id"]
        return render_template("signing/not_withdrawn.html", message=error.message, number=petition_id), error.status
    if isinstance(error, NotFound | Gone) or ref is None:
        return render_template("errors/error.html", status=error.status, text=error.message), error.status
    unknown = isinstance(error, Unknown)
    return render_template("signing/not_done.html", message=error.message, ref=ref, unknown=unknown), error.status


def _to_sign(shown: Shown, action: str, *, challenge: str | None = None) -> str:
    """The page of the exact text; a phone may fetch it from now on. Without a ``challenge`` the request's id is it."""
    page = ways.to_sign(shown, clock.real_now())
    fields = {"challenge": challenge or page["way"].request_id}
    return render_template("signing/document.html", **page, action=action, fields=fields)


def _shown(purpose: Purpose, petition: Standing, ref: str, document: bytes, began_at: datetime) -> Shown:
    return Shown(purpose, document, petition.language, began_at, citizen_id(), petition.id, ref)


def _withdrawn(petition_id: int) -> Answer:
    flash(_("Your joining is withdrawn. The number goes down within a second or two."), "success")
    return redirect(url_for("signing.receipt", petition_id=petition_id), 303)


def _petition(ref: str) -> tuple[Standing, str]:
    """The petition behind an address for this citizen. Raises NotFound, Gone."""
    with reading() as session:
        found = find(session, ref, viewer())
        return standing(session, found.petition_id), found.ref


def _asked(ref: str, *, with_registry: bool = False) -> Asked:
    """``with_registry`` asks the registry again when its facts are old: on a page, never on a POST."""
    petition, own_ref = _petition(ref)
    at = clock.now()
    if with_registry and petition.is_signable(at):
        ensure_facts(citizen_id(), at)
    with reading() as session:
        return queries.asked(session, petition.id, own_ref, citizen_id(), at)


def _ask(asked: Asked, form: ConsentForm, status: int = 200) -> Answer:
    page = render_template(
        "signing/join.html",
        asked=asked,
        form=form,
        sentences=consent.sentences(),
        reasons=[REASONS[reason] for reason in asked.reasons],
        ask_again=bool(ASK_AGAIN.intersection(asked.reasons)),
    )
    return page, status


def _join(petition_id: int, document: bytes, signature: str, began_at: datetime) -> None:
    try:
        actions.join(
            petition_id,
            citizen_id(),
            document=document,
            cms=decode_cms(signature),
            began_at=began_at,
            at=clock.now(),
        )
    except Conflict:
        # A second tab, a double click, even after the end: the first one counts, and its receipt is the answer.
        if not _has_joined(petition_id):
            raise
        flash(str(AlreadySigned().message), "info")


def _has_joined(petition_id: int) -> bool:
    with reading() as session:
        return in_force(session, petition_id, citizen_id()) is not None


def _receipt(petition_id: int) -> queries.OwnLine:
    with reading() as session:
        return queries.receipt(session, citizen_id(), min(petition_id, MAX_ID), clock.now())
