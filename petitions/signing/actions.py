"""Joining and taking it back: each one transaction, decided by the database."""

from __future__ import annotations

import time
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.db import retried
from petitions.errors import Conflict
from petitions.identity import services
from petitions.identity.eds import SignatureRefused, verify_detached
from petitions.identity.queries import is_iin_of, person_facts, public_names
from petitions.lifecycle.queries import Standing, standing
from petitions.reference import queries as reference
from petitions.signatures import writer
from petitions.signatures.queries import last_withdrawal
from petitions.signing import consent, eligibility
from petitions.signing.challenge import ChallengeNotValid


class NotSignable(Conflict):
    """Joining has not begun, has ended, or never was possible for this petition."""

    def __init__(self) -> None:
        super().__init__(_l("Joining this petition is closed. Nothing was stored."))


class WithdrawalClosed(Conflict):
    """What was collected stays as it is once collecting has ended (policy: withdraw_signature)."""

    def __init__(self) -> None:
        super().__init__(_l("A joining can be withdrawn only while signatures are being collected."))


def join(petition_id: int, citizen_id: int, *, document: bytes, cms: bytes, began_at: datetime, at: datetime) -> str:
    """Check a signature over the document and keep the joining (90-3); returns its id.

    Complete at ``at`` or not at all: signing begun before the end has no grace. Raises SignatureRefused,
    NotSignable, NotEligible, CannotTell, ChallengeNotValid, AlreadySigned, Busy, NotFound.
    """
    since = time.monotonic()
    signer = verify_detached(cms, document, trust=services.trust(), at=at)
    return _join(petition_id, citizen_id, signer.iin, document, cms, began_at, at, since)


@retried
def _join(
    petition_id: int,
    citizen_id: int,
    iin: str,
    document: bytes,
    cms: bytes,
    began_at: datetime,
    at: datetime,
    since: float,
) -> str:
    with writer.signing(since) as session:
        if not is_iin_of(session, citizen_id, iin):
            raise SignatureRefused("other-person")
        petition = _signable(session, petition_id, at)
        eligibility.check(session, petition, citizen_id, at)
        withdrawn_at = last_withdrawal(session, petition_id, citizen_id)
        if withdrawn_at is not None and withdrawn_at >= began_at:
            raise ChallengeNotValid  # spent by the joining that was taken back since
        joining = writer.Joining(
            petition_id=petition_id,
            citizen_id=citizen_id,
            channel="electronic",
            public_name=public_names(session, [citizen_id])[citizen_id],
            territory_kato=person_facts(session, citizen_id).residence_kato,
            consent_version=consent.VERSION,
            signed_at=at,
            text=document,
            cms=cms,
        )
        return writer.append(session, joining)


def withdraw(petition_id: int, citizen_id: int, *, at: datetime) -> None:
    """Take one's joining back: counted out, never erased from history (policy: withdraw_signature).

    Raises WithdrawalClosed, NotSigned, Busy, NotFound.
    """
    _withdraw(petition_id, citizen_id, at, time.monotonic())


@retried
def _withdraw(petition_id: int, citizen_id: int, at: datetime, since: float) -> None:
    with writer.signing(since) as session:
        if not may_withdraw(session, standing(session, petition_id), at):
            raise WithdrawalClosed
        writer.take_back(session, petition_id, citizen_id, at)


def may_withdraw(session: Session, petition: Standing, at: datetime) -> bool:
    """Whether joinings of this petition can be taken back now."""
    allowed = reference.policy(session).choice("withdraw_signature") == "while_collecting"
    return allowed and petition.is_signable(at)


def _signable(session: Session, petition_id: int, at: datetime) -> Standing:
    petition = standing(session, petition_id)
    if not petition.is_signable(at):
        raise NotSignable
    return petition
