"""What a signature that comes from a phone does: the whole act at once, whatever became of the browser."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from petitions.audit import Actor
from petitions.db import reading
from petitions.drafting import actions as drafting
from petitions.errors import Conflict, DomainError, NotFound, Unavailable
from petitions.identity import certificate_sign_in, signing_requests
from petitions.identity.models import Purpose, RequestState
from petitions.identity.signing_requests import Asked, RequestOver
from petitions.phone_signing.words import ALREADY, reason_of
from petitions.signatures import acts
from petitions.signatures.acts import Signed
from petitions.signatures.queries import in_force
from petitions.signing import actions as signing
from petitions.signing.document import document_of


def receive(asked: Asked, cms: bytes, *, at: datetime, now: datetime) -> None:
    """Do what the text is signed for. ``at`` is the law's time, ``now`` real time.

    The same signature sent again, because its answer was lost, is answered the same again. A refusal ends the
    request; a service that does not answer does not. Raises RequestOver, SignatureRefused and whatever refuses the act.
    """
    sha256 = hashlib.sha256(cms).hexdigest()
    if asked.state == RequestState.DONE and hmac.compare_digest(asked.signature_sha256 or "", sha256):
        return
    if not asked.is_open(now):
        raise RequestOver
    try:
        outcome = _do(asked, Signed(asked.document, cms, asked.began_at), at, now)
        reason = None
    except Unavailable:
        raise
    except DomainError as refusal:
        reason = _done_before(asked, sha256) if isinstance(refusal, Conflict | NotFound) else None
        if reason is None:
            word = reason_of(refusal)
            signing_requests.settle(asked.id, RequestState.REJECTED, reason=word, signature_sha256=sha256)
            raise
        outcome = None
    ended = signing_requests.settle(
        asked.id, RequestState.DONE, reason=reason or None, outcome=outcome, signature_sha256=sha256
    )
    if not ended:
        raise RequestOver  # signing in was cancelled meanwhile


def refuse(asked: Asked) -> None:
    """The person pressed "refuse" in the app. Raises RequestOver when the request is over otherwise."""
    if not signing_requests.settle(asked.id, RequestState.REFUSED) and asked.state != RequestState.REFUSED:
        raise RequestOver


def _do(asked: Asked, signed: Signed, at: datetime, now: datetime) -> int | None:
    """The act itself; returns the citizen who signs in, if that is what is signed for."""
    if asked.purpose == Purpose.SIGN_IN:
        return certificate_sign_in.citizen_of(signed.document, signed.cms, language=asked.language, at=at)
    petition_id, citizen_id = asked.petition_id or 0, asked.citizen_id or 0
    by = Actor("citizen", citizen_id, "citizen")
    if asked.purpose == Purpose.JOIN:
        acts.check_text(signed, document_of(petition_id, asked.began_at))
        text, cms = signed.document, signed.cms
        signing.join(petition_id, citizen_id, document=text, cms=cms, began_at=asked.began_at, at=at)
    elif asked.purpose == Purpose.WITHDRAW:
        signing.withdraw(petition_id, citizen_id, signed=signed, at=at)
    elif asked.purpose == Purpose.FILE:
        drafting.file(petition_id, signed=signed, by=by, at=at, revision=asked.revision)
    elif asked.purpose == Purpose.WITHDRAW_PETITION:
        drafting.withdraw(petition_id, signed=signed, by=by, at=at)
    return None


def _done_before(asked: Asked, sha256: str) -> str | None:
    """Whether what cannot be done was done already: "" by this signature, "already" otherwise, None if not.

    Who joined in another window meanwhile has joined: the first one counts.
    """
    petition_id = asked.petition_id or 0
    with reading() as session:
        if asked.purpose != Purpose.JOIN:
            return "" if acts.was_kept(session, petition_id, sha256) else None
        joining = in_force(session, petition_id, asked.citizen_id or 0)
    if joining is None:
        return None
    return "" if joining.evidence_sha256 == sha256 else ALREADY
