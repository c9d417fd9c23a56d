"""The pages where an author signs: the exact text and the ways to sign it, and what comes back from this computer."""

from __future__ import annotations

from flask import render_template, request

from petitions import clock
from petitions.identity import signing_requests, ways
from petitions.identity.eds import decode_cms
from petitions.identity.models import Purpose, RequestState
from petitions.identity.signing_requests import Asked, RequestOver
from petitions.identity.ways import Shown
from petitions.signatures.acts import Signed


def page(shown: Shown, action: str) -> str:
    """The page of the exact text, which a phone may fetch from now on; this computer's signature goes to ``action``."""
    made = ways.to_sign(shown, clock.real_now())
    fields = {"challenge": made["way"].request_id}
    filed = shown.purpose == Purpose.FILE
    return render_template("drafting/sign.html", **made, action=action, fields=fields, is_filing=filed)


def brought(purpose: Purpose, petition_id: int) -> tuple[Asked, Signed]:
    """The request this page began and the signature that came for it. Raises RequestOver, SignatureRefused."""
    asked = ways.begun_here(request.form.get("challenge", ""), purpose, clock.real_now())
    if asked.petition_id != petition_id:
        raise RequestOver
    return asked, Signed(asked.document, decode_cms(request.form.get("signature", "")), asked.began_at)


def done(asked: Asked, signed: Signed) -> None:
    """The act is done: a phone that comes later finds the request over."""
    signing_requests.settle(asked.id, RequestState.DONE, signature_sha256=signed.sha256)
