"""Joining, step by step: what it means, the exact text, the signature that comes back, the receipt."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from petitions import clock
from petitions.db import reading
from petitions.errors import Conflict, DomainError, Gone, NotFound
from petitions.identity.actions import ensure_facts
from petitions.identity.eds import decode_cms
from petitions.law.eligibility import ASK_AGAIN
from petitions.lifecycle.queries import Standing, standing
from petitions.lifecycle.visibility import MAX_ID, find
from petitions.permissions import Permission, requires
from petitions.signatures.queries import in_force
from petitions.signatures.writer import AlreadySigned
from petitions.signing import actions, challenge, channel, consent, queries, receipt_views
from petitions.signing.challenge import Challenge
from petitions.signing.document import document_of
from petitions.signing.eligibility import REASONS
from petitions.signing.forms import ConsentForm
from petitions.signing.group_commit import Unknown
from petitions.signing.queries import Asked
from petitions.signing.room import Answer, bp, citizen_id, viewer

blueprints = (bp,)
PAGES = (receipt_views,)  # their pages are added to the blueprint when they are imported


@bp.record_once
def _start(state: Any) -> None:
    # The signing service posts back without our form's token; the challenge takes its place.
    state.app.extensions["csrf"].exempt(receive)


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
    return render_template(
        "signing/document.html",
        asked=asked,
        text=document.decode(),
        document=base64.b64encode(document).decode(),
        challenge=made.token(),
        service=channel.signing_page(),
        return_url=url_for("signing.receive", ref=ref),
    )


@bp.post("/petitions/<ref>/joinings")
@requires(Permission.JOIN)
def receive(ref: str) -> Answer:
    """The hot path (D7): the challenge says what was shown to whom, so that nothing is looked up again here."""
    if request.form.get("refused"):
        flash(_("You did not sign. Nothing was stored."), "info")
        return redirect(url_for("signing.join", ref=ref), 303)
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
    line = _receipt(petition_id)
    if line.joining.withdrawn_at is None:
        actions.withdraw(line.standing.id, citizen_id(), at=clock.now())
    flash(_("Your joining is withdrawn. The number goes down within a second or two."), "success")
    return redirect(url_for("signing.receipt", petition_id=line.standing.id), 303)


@bp.errorhandler(DomainError)
def _not_done(error: DomainError) -> Answer:
    """A step of joining that failed: what happened, that nothing was stored, and the way to begin again."""
    ref = (request.view_args or {}).get("ref")
    if isinstance(error, NotFound | Gone) or ref is None:
        return render_template("errors/error.html", status=error.status, text=error.message), error.status
    unknown = isinstance(error, Unknown)
    return render_template("signing/not_done.html", message=error.message, ref=ref, unknown=unknown), error.status


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
