"""Signing on another device: a text that was shown in a browser and waits for its signature, for 15 minutes.

The id stands in the address that the phone's app is given; what the phone then may fetch and send is protected by a
token that is handed out anew at every first call. Everything here runs on real time but ``began_at``, the law's
time, which stands in the text.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from string import ascii_lowercase
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from petitions.db import reading, retried, transaction
from petitions.errors import Conflict, Forbidden, NotFound
from petitions.identity.models import Purpose, RequestState, SigningRequest

LIFE = timedelta(minutes=15)
ID_LENGTH = 32  # letters alone: it stands in pages, and those hold nothing like an IIN
KEPT_AFTER = timedelta(hours=1)  # an answer that was lost on the way may be asked for once more
OPEN = (RequestState.PENDING, RequestState.SCANNED)


class RequestOver(Conflict):
    """Signed, refused, cancelled or too old: nothing can be signed by this request any more."""

    def __init__(self) -> None:
        super().__init__(_l("This signing is over or was begun more than 15 minutes ago. Please begin again."))


class NotYours(Forbidden):
    """The token that goes with a request is missing, wrong or replaced by a newer one."""

    def __init__(self) -> None:
        super().__init__(_l("This signing was opened anew on another device. Please scan the code again."))


@dataclass(frozen=True)
class Asked:
    """A request as it stands. ``browser`` is the digest of what the browser that was shown the text keeps.

    ``outcome``: of a sign-in, the citizen whom the certificate named. ``reason``: a word of eds' reasons or of the
    error that ended it.
    """

    id: str
    purpose: Purpose
    petition_id: int | None
    ref: str | None
    revision: int | None
    citizen_id: int | None
    browser: str = field(repr=False)
    language: str
    document: bytes = field(repr=False)
    token_digest: str | None = field(repr=False)
    began_at: datetime
    expires_at: datetime
    state: RequestState
    reason: str | None
    outcome: int | None
    signature_sha256: str | None = field(repr=False)

    def is_open(self, now: datetime) -> bool:
        """Whether a signature would still be taken."""
        return self.state in OPEN and now < self.expires_at

    def check_token(self, token: str) -> None:
        """Compares in constant time. Raises NotYours."""
        if not hmac.compare_digest(self.token_digest or "", _digest(token)):
            raise NotYours


def open_request(
    purpose: Purpose,
    *,
    document: bytes,
    language: str,
    browser: str,
    citizen_id: int | None = None,
    petition_id: int | None = None,
    ref: str | None = None,
    revision: int | None = None,
    began_at: datetime,
    now: datetime,
) -> str:
    """Keep a text that is shown for signing; returns the id. ``browser``: the digest of its session or nonce.

    ``citizen_id`` and ``petition_id`` belong to acts and are left out of a sign-in. ``ref``: the petition as the
    addresses of this person name it. ``revision``: of the draft that is to be filed.
    """
    return _insert(
        {
            "id": "".join(secrets.choice(ascii_lowercase) for _ in range(ID_LENGTH)),
            "purpose": purpose,
            "petition_id": petition_id,
            "ref": ref,
            "revision": revision,
            "citizen_id": citizen_id,
            "browser": browser,
            "language": language,
            "document": document,
            "began_at": began_at,
            "created_at": now,
            "expires_at": now + LIFE,
            "state": RequestState.PENDING,
        }
    )


def find(request_id: str) -> Asked:
    """The request, open or over. Raises NotFound for one that never was or is forgotten."""
    with reading() as session:
        row = session.get(SigningRequest, request_id)
        if row is None:
            raise NotFound
        return _asked(row)


def find_own(request_id: str, browser: str) -> Asked:
    """The same for the browser that was shown the text. Raises NotFound for every other one."""
    found = find(request_id)
    if not hmac.compare_digest(found.browser, browser):
        raise NotFound
    return found


def fetch_token(request_id: str, now: datetime) -> str:
    """Let a device fetch and answer: a new token, and the former one is worth nothing. Raises RequestOver, NotFound."""
    token = secrets.token_urlsafe(32)
    wanted = sa.update(SigningRequest).where(
        SigningRequest.id == request_id, SigningRequest.state.in_(OPEN), SigningRequest.expires_at > now
    )
    if not _changes(wanted.values(token_digest=_digest(token), state=RequestState.SCANNED)):
        find(request_id)
        raise RequestOver
    return token


def settle(
    request_id: str,
    state: RequestState,
    *,
    reason: str | None = None,
    outcome: int | None = None,
    signature_sha256: str | None = None,
) -> bool:
    """Say how it ended. Returns whether this was the end: the first one counts.

    Only an act that is done is told whatever was said before: a cancelling that came meanwhile undid nothing.
    ``signature_sha256``: of the CMS that ended it, in hex.
    """
    unfinished: sa.ColumnElement[bool] = SigningRequest.state.in_(OPEN)
    if state == RequestState.DONE:
        unfinished = sa.or_(unfinished, SigningRequest.purpose != Purpose.SIGN_IN)
    wanted = sa.update(SigningRequest).where(SigningRequest.id == request_id, unfinished)
    told = {"state": state, "reason": reason, "outcome": outcome, "signature_sha256": signature_sha256}
    return _changes(wanted.values(told))


def cancel(request_id: str, browser: str) -> bool:
    """Give it up in the browser where it began. Returns whether there was anything to give up."""
    return find_own(request_id, browser).state in OPEN and settle(request_id, RequestState.CANCELLED)


@retried
def take_outcome(request_id: str, browser: str, now: datetime) -> int:
    """Who signed in: told once, to the browser that began. Raises NotFound for anybody and anything else."""
    with transaction() as session:
        row = session.get(SigningRequest, request_id, with_for_update=True)
        if row is None or row.outcome is None or now >= row.expires_at:
            raise NotFound
        if row.purpose != Purpose.SIGN_IN or not hmac.compare_digest(row.browser, browser):
            raise NotFound
        citizen_id = row.outcome
        session.delete(row)
        return citizen_id


@retried
def forget_expired(now: datetime) -> int:
    """Delete requests past all use; for the worker. Returns how many."""
    with transaction() as session:
        old = sa.delete(SigningRequest).where(SigningRequest.expires_at < now - KEPT_AFTER)
        return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


@retried
def _insert(values: dict[str, Any]) -> str:
    with transaction() as session:
        session.execute(sa.insert(SigningRequest), [values])
    return str(values["id"])


@retried
def _changes(wanted: sa.Update) -> bool:
    with transaction() as session:
        return bool(session.execute(wanted).rowcount)  # type: ignore[attr-defined]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _asked(row: SigningRequest) -> Asked:
    return Asked(
        id=row.id,
        purpose=Purpose(row.purpose),
        petition_id=row.petition_id,
        ref=row.ref,
        revision=row.revision,
        citizen_id=row.citizen_id,
        browser=row.browser,
        language=row.language,
        document=row.document,
        token_digest=row.token_digest,
        began_at=row.began_at,
        expires_at=row.expires_at,
        state=RequestState(row.state),
        reason=row.reason,
        outcome=row.outcome,
        signature_sha256=row.signature_sha256,
    )
