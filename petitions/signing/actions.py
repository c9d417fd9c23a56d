"""Joining and taking it back: each one transaction, decided by the database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions import vault
from petitions.db import retried
from petitions.errors import Conflict, DomainError
from petitions.identity import services
from petitions.identity.eds import SignatureRefused, verify_detached
from petitions.identity.queries import joiners
from petitions.law.states import State
from petitions.lifecycle.queries import ClockRow, Standing, standing
from petitions.reference import queries as reference
from petitions.signatures import acts, paper, writer
from petitions.signatures.acts import Proven, Signed
from petitions.signatures.queries import before, in_force
from petitions.signatures.writer import AlreadySigned
from petitions.signing import consent, eligibility
from petitions.signing.challenge import ChallengeNotValid
from petitions.signing.document import withdrawal_of
from petitions.signing.group_commit import Attempt, GroupCommit


class NotSignable(Conflict):
    """Joining has not begun, has ended, or never was possible for this petition."""

    def __init__(self) -> None:
        super().__init__(_l("Joining this petition is closed. Nothing was stored."))


class WithdrawalClosed(Conflict):
    """What was collected stays as it is once collecting has ended (policy: withdraw_signature)."""

    def __init__(self) -> None:
        super().__init__(_l("A joining can be withdrawn only while signatures are being collected."))


def join(petition_id: int, citizen_id: int, *, document: bytes, cms: bytes, began_at: datetime, at: datetime) -> str:
    """Check a signature over the document and keep the joining (90-3); returns its id once it is on disk.

    Complete at ``at`` or not at all: signing begun before the end has no grace. Raises SignatureRefused,
    NotSignable, NotEligible, CannotTell, ChallengeNotValid, AlreadySigned, Busy, NotFound.
    """
    since = time.monotonic()
    signer = verify_detached(cms, document, trust=services.trust(), at=at)
    return _WRITER.put(Attempt(petition_id, citizen_id, signer.iin, document, cms, began_at, at, since))


@retried
def join_all(attempts: Sequence[Attempt]) -> list[str | Exception]:
    """Keep the joinings of those who wait, in one transaction: for each its id, or why it was not kept."""
    with writer.signing(min(attempt.since for attempt in attempts)) as session:
        desk = _Desk(session, attempts)
        judged = [desk.judge(attempt) for attempt in attempts]
        joinings = [each for each in judged if isinstance(each, writer.Joining)]
        ids = iter(writer.append(session, joinings))
        return [(next(ids) or AlreadySigned()) if isinstance(each, writer.Joining) else each for each in judged]


class _Desk:
    """What a transaction needs to know to judge those who wait, read once for all of them."""

    def __init__(self, session: Session, attempts: Sequence[Attempt]) -> None:
        citizens = {attempt.citizen_id for attempt in attempts}
        self.session = session
        self.policy = reference.policy(session)
        self.people = joiners(session, citizens)
        self.before = before(session, citizens)
        self.petitions = {number: standing(session, number) for number in {each.petition_id for each in attempts}}

    def judge(self, attempt: Attempt) -> writer.Joining | Exception:
        try:
            return self._joining(attempt)
        except DomainError as refusal:
            return refusal

    def _joining(self, attempt: Attempt) -> writer.Joining:
        person = self.people.get(attempt.citizen_id)
        if person is None or person.iin_digest != vault.iin_digest(attempt.iin):
            raise SignatureRefused("other-person")
        petition = self.petitions[attempt.petition_id]
        if not petition.is_signable(attempt.at):
            raise NotSignable
        eligibility.check(self.session, petition, person.facts, self.policy, attempt.at)
        earlier = self.before.get((attempt.petition_id, attempt.citizen_id))
        if earlier and earlier.in_force:
            raise AlreadySigned  # the key decides; but an insert that meets it waits while that row is being sealed
        if earlier and earlier.withdrawn_at and earlier.withdrawn_at >= attempt.began_at:
            raise ChallengeNotValid  # spent by the joining that was taken back since
        return writer.Joining(
            petition_id=attempt.petition_id,
            citizen_id=attempt.citizen_id,
            iin=attempt.iin,
            channel="electronic",
            public_name=person.public_name,
            territory_kato=person.facts.residence_kato,
            consent_version=consent.VERSION,
            signed_at=attempt.at,
            text=attempt.document,
            cms=attempt.cms,
        )


def withdraw(petition_id: int, citizen_id: int, *, signed: Signed, at: datetime) -> None:
    """Take one's joining back: counted out, never erased from history (policy: withdraw_signature).

    Raises SignatureRefused, WithdrawalClosed, NotSigned, Busy, NotFound.
    """
    since = time.monotonic()
    _withdraw(petition_id, citizen_id, acts.prove(signed, at), at, since)


@retried
def _withdraw(petition_id: int, citizen_id: int, proven: Proven, at: datetime, since: float) -> None:
    with writer.signing(since) as session:
        petition, joining = standing(session, petition_id), in_force(session, petition_id, citizen_id)
        if not may_withdraw(session, petition, at):
            raise WithdrawalClosed
        if joining is None or joining.signed_at > proven.signed.began_at:
            raise writer.NotSigned  # it was not this joining that was signed away
        document = withdrawal_of(petition, joining.consent_version, proven.signed.began_at)
        acts.check_text(proven.signed, document)
        if writer.take_back(session, petition_id, citizen_id, at) != joining.id:
            raise writer.NotSigned
        key = {"petition_id": petition_id, "citizen_id": citizen_id}
        acts.keep(session, "withdraw", proven, **key, at=at, signature_id=joining.id)


def may_withdraw(session: Session, petition: Standing, at: datetime, clocks: Sequence[ClockRow] | None = None) -> bool:
    """Whether joinings of this petition can be taken back now. ``clocks``: its terms, where they are read already."""
    if reference.policy(session).choice("withdraw_signature") != "while_collecting":
        return False
    return petition.is_signable(at) or _gathers_on_paper(session, petition, at, clocks)


def _gathers_on_paper(session: Session, petition: Standing, at: datetime, clocks: Sequence[ClockRow] | None) -> bool:
    """Edition 2024: on the site joining ends after ten working days of support, which gathers on paper for twenty."""
    if petition.state != State.SUPPORTING:
        return False
    window = paper.window(session, petition, clocks)
    return window is not None and window.opens_at <= at and (window.ends_at is None or at < window.ends_at)


_WRITER = GroupCommit(join_all)
