"""Staff prove who they are: at the door, and again before what cannot be undone. Every attempt leaves a line.

All refusals say the same, whatever was wrong. ``now`` is real time, on which limits and codes run; ``at`` is the
law's, for the audit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import SYSTEM, Actor, record
from petitions.db import reading, retried, transaction
from petitions.errors import DomainError, TooMany
from petitions.identity import attempts, passkeys, passwords, recovery, totp
from petitions.identity.models import NO_PASSWORD, AttemptKind, AttemptOutcome, Passkey, Proof, Staff
from petitions.identity.passkeys import Challenge, PasskeyRefused, RelyingParty


class WrongCredentials(DomainError):
    """Neutral: it does not say whether the account exists, is disabled, or what of the three was wrong."""

    def __init__(self) -> None:
        super().__init__(_l("The e-mail, the password or the code is not right. Each code works once."))


@dataclass(frozen=True)
class SignedIn:
    """Who came in, and how they were recognised."""

    staff_id: int
    method: Proof


@dataclass(frozen=True)
class _Code:
    """A code that is somebody's and unused: of their app by its step, or of their paper by its digest.

    ``password_hash``: what stood beside the app; with another one there the app was replaced or taken away.
    """

    step: int | None = None
    password_hash: str = field(default="", repr=False)
    digest: str = field(default="", repr=False)

    @property
    def method(self) -> Proof:
        return Proof.RECOVERY_CODE if self.step is None else Proof.TOTP


def authenticate_staff(email: str, password: str, code: str, *, address: str, now: datetime, at: datetime) -> SignedIn:
    """Who knows e-mail and password and has the app, or a recovery code. Raises WrongCredentials or TooMany."""
    email = email.strip().lower()
    attempt = _begin(AttemptKind.STAFF_SIGN_IN, email, address, now, "sign-in-limited", _id_of(email), at)
    with reading() as session:
        staff = session.scalar(sa.select(Staff).where(Staff.email == email))
        found = _find_code(session, staff, code, now)
    usable = staff is not None and staff.active and not staff.password_hash.startswith(NO_PASSWORD)
    knows = passwords.is_right(staff.password_hash if staff and usable else None, password)
    if staff is None or not knows or found is None or not _use_code(staff.id, found, now):
        _note("sign-in-failed", _id_of(email), at)
        raise WrongCredentials
    attempts.settle(attempt, AttemptOutcome.SUCCEEDED)
    _note("sign-in", staff.id, at, by_them=True, method=found.method)
    return SignedIn(staff.id, found.method)


def authenticate_by_passkey(
    party: RelyingParty, answer: str, challenge: Challenge | None, *, address: str, now: datetime, at: datetime
) -> SignedIn:
    """Whose key it is, and who opened it. Raises PasskeyRefused or TooMany."""
    key = _key_named(answer)
    owner = _owner_of(key)
    attempt = _begin(AttemptKind.STAFF_SIGN_IN, key.hex(), address, now, "sign-in-limited", owner, at)
    staff_id = _take_passkey(party, answer, challenge, now)
    if staff_id is None:
        _note("sign-in-failed", owner, at)
        raise PasskeyRefused
    attempts.settle(attempt, AttemptOutcome.SUCCEEDED)
    _note("sign-in", staff_id, at, by_them=True, method=Proof.PASSKEY)
    return SignedIn(staff_id, Proof.PASSKEY)


def prove_by_code(staff_id: int, code: str, *, address: str, now: datetime, at: datetime) -> None:
    """That a member of staff who is signed in is there, by a code. Raises WrongCode or TooMany."""
    attempt = _begin_proof(staff_id, address, now, at)
    with reading() as session:
        found = _find_code(session, session.get(Staff, staff_id), code, now)
    if found is None or not _use_code(staff_id, found, now):
        _note("prove-presence-failed", staff_id, at)
        raise totp.WrongCode
    attempts.settle(attempt, AttemptOutcome.SUCCEEDED)
    _note("prove-presence", staff_id, at, by_them=True, method=found.method)


def prove_by_passkey(
    staff_id: int,
    party: RelyingParty,
    answer: str,
    challenge: Challenge | None,
    *,
    address: str,
    now: datetime,
    at: datetime,
) -> None:
    """The same by one of their own keys. Raises PasskeyRefused or TooMany."""
    attempt = _begin_proof(staff_id, address, now, at)
    if _take_passkey(party, answer, challenge, now, only_of=staff_id) is None:
        _note("prove-presence-failed", staff_id, at)
        raise PasskeyRefused
    attempts.settle(attempt, AttemptOutcome.SUCCEEDED)
    _note("prove-presence", staff_id, at, by_them=True, method=Proof.PASSKEY)


def _begin_proof(staff_id: int, address: str, now: datetime, at: datetime) -> int:
    return _begin(AttemptKind.STAFF_PROOF, str(staff_id), address, now, "prove-presence-limited", staff_id, at)


def _begin(
    kind: AttemptKind, account: str, address: str, now: datetime, limited: str, staff_id: int | None, at: datetime
) -> int:
    try:
        return attempts.begin(kind, account=account, address=address, now=now)
    except TooMany:
        _note(limited, staff_id, at)
        raise


def _find_code(session: Session, staff: Staff | None, typed: str, now: datetime) -> _Code | None:
    """Looked for whether or not the password is right, so that the time taken does not tell."""
    if staff is None or staff.totp_sealed is None:
        return None
    step = totp.matching_step(totp.unseal(staff.id, staff.totp_sealed), typed, now, after=staff.totp_step)
    if step is not None:
        return _Code(step=step, password_hash=staff.password_hash)
    digest = recovery.find(session, staff.id, typed)
    return None if digest is None else _Code(digest=digest)


@retried
def _use_code(staff_id: int, code: _Code, now: datetime) -> bool:
    """Of two who send the same code at the same moment one gets through, and nobody whose app is gone by now."""
    with transaction() as session:
        if code.step is None:
            return recovery.use(session, staff_id, code.digest, now)
        unused = sa.or_(Staff.totp_step.is_(None), Staff.totp_step < code.step)
        same = (Staff.id == staff_id, Staff.password_hash == code.password_hash)
        taken = session.execute(sa.update(Staff).where(*same, unused).values(totp_step=code.step))
        return bool(taken.rowcount)  # type: ignore[attr-defined]


@retried
def _take_passkey(
    party: RelyingParty, answer: str, challenge: Challenge | None, now: datetime, *, only_of: int | None = None
) -> int | None:
    """Whose key answered, once; None when it did not, or may not."""
    with transaction() as session:
        try:
            used = passkeys.check_use(session, party, answer, challenge)
        except PasskeyRefused:
            return None
        owner = session.get(Staff, used.staff_id)
        if owner is None or not owner.active or only_of not in (None, owner.id):
            return None
        return owner.id if passkeys.use(session, used, now) else None


def _id_of(email: str) -> int | None:
    with reading() as session:
        return session.scalar(sa.select(Staff.id).where(Staff.email == email))


def _key_named(answer: str) -> bytes:
    """Whoever sends what cannot be read, or was not asked for, has made an attempt too."""
    try:
        return passkeys.credential_id(answer)
    except PasskeyRefused:
        return b""


def _owner_of(credential_id: bytes) -> int | None:
    with reading() as session:
        return session.scalar(sa.select(Passkey.staff_id).where(Passkey.credential_id == credential_id))


@retried
def _note(act: str, staff_id: int | None, at: datetime, *, by_them: bool = False, **details: object) -> None:
    """The trail names accounts by number; an e-mail that is nobody's is not kept."""
    actor = Actor("staff", staff_id, "staff") if by_them else SYSTEM
    with transaction() as session:
        record(session, actor=actor, act=act, subject=f"staff:{staff_id or 'nobody'}", at=at, details=details)
