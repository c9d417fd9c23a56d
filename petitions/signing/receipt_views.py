"""A signer's own joinings: the promise at once, the receipt a moment later, both to keep, and a letter with them."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _

from petitions import clock
from petitions.db import reading
from petitions.lifecycle.visibility import MAX_ID
from petitions.permissions import Permission, requires
from petitions.signing import queries, receipts
from petitions.signing.room import Answer, bp, citizen_id
from petitions.timeline.coming import FINISHED
from petitions.web import download

FRESH = timedelta(minutes=5)  # the page that follows joining says so; nothing is carried over by a cookie


@bp.get("/my-joinings")
@requires(Permission.JOIN)
def own() -> Answer:
    with reading() as session:
        lines = queries.own_joinings(session, citizen_id(), clock.now())
    finished = [line for line in lines if line.standing.state in FINISHED]
    under_way = [line for line in lines if line.standing.state not in FINISHED]
    shelves = (("under-way", _("Under way"), under_way), ("finished", _("Finished"), finished))
    return render_template("signing/own.html", shelves=[shelf for shelf in shelves if shelf[2]])


@bp.get("/my-joinings/<int:petition_id>")
@requires(Permission.JOIN)
def receipt(petition_id: int) -> Answer:
    now = clock.now()
    with reading() as session:
        held = receipts.held(session, citizen_id(), min(petition_id, MAX_ID), now)
    return render_template("signing/receipt.html", held=held, fresh=now - held.line.joining.signed_at < FRESH)


@bp.get("/my-joinings/<int:petition_id>/sealed.json")
@requires(Permission.JOIN)
def sealed(petition_id: int) -> Response:
    """What the page of a joining asks while it waits for the tally."""
    with reading() as session:
        joining = receipts.latest(session, citizen_id(), min(petition_id, MAX_ID))
    return jsonify(sealed=receipts.is_sealed(joining))


@bp.get("/my-joinings/<int:petition_id>/promise")
@requires(Permission.JOIN)
def promise(petition_id: int) -> Response:
    with reading() as session:
        joining = receipts.latest(session, citizen_id(), min(petition_id, MAX_ID))
    return _text(receipts.promise(joining), f"promise-{petition_id}.txt")


@bp.get("/my-joinings/<int:petition_id>/proof")
@bp.get("/my-joinings/<int:petition_id>/proof/<int:leaf>")
@requires(Permission.JOIN)
def proof(petition_id: int, leaf: int | None = None) -> Response:
    with reading() as session:
        found = receipts.proof(session, citizen_id(), min(petition_id, MAX_ID), leaf)
    return _text(found.text, found.file_name)


@bp.post("/my-joinings/<int:petition_id>/letter")
@requires(Permission.JOIN)
def mail_receipt(petition_id: int) -> Answer:
    receipts.mail(min(petition_id, MAX_ID), citizen_id(), at=clock.now(), now=clock.real_now())
    flash(_("The receipt goes to your e-mail address, in one letter."), "success")
    return redirect(url_for("signing.receipt", petition_id=petition_id), 303)


def _text(content: str, name: str) -> Response:
    return download(content.encode(), name=name, mimetype="text/plain")
