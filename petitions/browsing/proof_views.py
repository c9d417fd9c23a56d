"""The pages that prove the number: of one petition's log, and of a receipt that somebody holds."""

from __future__ import annotations

import base64
from datetime import date

from flask import current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from petitions.browsing import proof_page, receipt_check, receipt_words
from petitions.browsing.asked import find
from petitions.browsing.blueprint import bp
from petitions.browsing.receipt_check import Checked
from petitions.browsing.receipt_form import ReceiptForm
from petitions.config import Config
from petitions.db import reading
from petitions.errors import DomainError, NotFound
from petitions.i18n import format_day
from petitions.log import cosigning, keys
from petitions.log.notes import vkey
from petitions.log.witness import every_log
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires


@bp.get("/petitions/<ref>/proof")
@cacheable()
@requires(Permission.READ_PUBLIC)
def proof(ref: str) -> str | Response:
    with reading() as session:
        found = find(session, ref)
        if not found.is_public:
            raise NotFound
        if ref != found.ref:
            return redirect(url_for("browsing.proof", ref=found.ref))
        page = proof_page.page_of(session, found)
    return render_template("browsing/proof.html", page=page)


@bp.get("/verify")
@cacheable()
@requires(Permission.READ_PUBLIC)
def verify() -> str:
    """Checks a receipt in the reader's browser; the page itself carries all that it trusts."""
    config = _config()
    return render_template(
        "browsing/verify.html",
        origin=config.log_origin,
        key=base64.b64encode(keys.public_key()).decode(),
        log_key=every_log(config.log_origin, keys.public_key()),
        days=[format_day(date(3333, month, 22)) for month in range(1, 13)],
        steps=receipt_words.STEPS,
        facts=receipt_words.FACTS,
        witnesses=[vkey(each.key.name, each.key.public, each.key.kind) for each in cosigning.parse(config.witnesses)],
    )


@bp.get("/verify/here")
@requires(Permission.READ_PUBLIC)
def verify_here() -> str:
    """The same for a browser without JavaScript: not cacheable, for its form carries a token."""
    return _here(ReceiptForm(formdata=None))


@bp.post("/verify/here")
@requires(Permission.READ_PUBLIC)
def check_here() -> str | tuple[str, int]:
    form = ReceiptForm()
    text = form.receipt()
    if text is None:
        return _here(form), DomainError.status
    witnesses = [each.key for each in cosigning.parse(_config().witnesses)]
    return _here(ReceiptForm(formdata=None), receipt_check.check(text, witnesses))


def _here(form: ReceiptForm, checked: Checked | None = None) -> str:
    return render_template(
        "browsing/verify_here.html",
        form=form,
        checked=checked,
        steps=receipt_words.STEPS,
        facts=receipt_words.FACTS,
        log_key=every_log(_config().log_origin, keys.public_key()),
    )


def _config() -> Config:
    config: Config = current_app.extensions["config"]
    return config
