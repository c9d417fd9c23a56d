"""People as the house keeps them: digests and sealed values, never an IIN or a full name in clear."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petitions.db import Base, UtcDateTime
from petitions.identity.roles import Role

DIGEST = sa.String(64)
NO_PASSWORD = "!"  # noqa: S105 - begins what is no password hash


class RegistryStatus(StrEnum):
    """What the person registry has said so far."""

    UNASKED = "unasked"
    KNOWN = "known"
    UNKNOWN = "unknown"
    DOWN = "down"


class Proof(StrEnum):
    """How the person of a session was recognised."""

    SINGLE_SIGN_ON = "single-sign-on"
    CERTIFICATE = "certificate"
    PASSKEY = "passkey"
    TOTP = "totp"
    RECOVERY_CODE = "recovery-code"


class Purpose(StrEnum):
    """What a text is shown for signing for."""

    JOIN = "join"
    WITHDRAW = "withdraw"
    FILE = "file"
    WITHDRAW_PETITION = "withdraw-petition"
    SIGN_IN = "sign-in"


class RequestState(StrEnum):
    """How far the signing of a text on another device has come."""

    PENDING = "pending"
    SCANNED = "scanned"
    DONE = "done"
    REJECTED = "rejected"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class AttemptKind(StrEnum):
    STAFF_SIGN_IN = "staff-sign-in"
    STAFF_PROOF = "staff-proof"
    SIGNING_REQUEST = "signing-request"
    EMAIL_CONFIRMATION = "email-confirmation"


class AttemptOutcome(StrEnum):
    COUNTED = "counted"
    SUCCEEDED = "succeeded"
    LIMITED = "limited"


def _one_of(column: str, words: Iterable[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class Citizen(Base):
    """A person who proved an IIN at our door.

    ``sealed`` holds IIN, names and birth date (D9); what stays in clear is what pages and the law need at
    every turn: the public name, citizenship and residence as the registry last told them.
    """

    __tablename__ = "citizen"
    __table_args__ = (
        sa.CheckConstraint(_one_of("registry_status", RegistryStatus), name="registry_status_is_known_word"),
        sa.CheckConstraint(
            "(registry_status = 'known') = (citizenship IS NOT NULL)",
            name="citizenship_only_from_the_registry",
        ),
        sa.CheckConstraint(
            "residence_kato IS NULL OR registry_status = 'known'", name="residence_only_from_the_registry"
        ),
        sa.CheckConstraint("email_confirmed_at IS NULL OR email_sealed IS NOT NULL", name="confirmed_email_is_there"),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name="language_is_ours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    iin_digest: Mapped[str] = mapped_column(DIGEST, unique=True)
    sealed: Mapped[bytes]
    given_name: Mapped[str] = mapped_column(sa.String(120))
    surname_initial: Mapped[str] = mapped_column(sa.String(8))
    registry_status: Mapped[str] = mapped_column(sa.String(10))
    registry_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    citizenship: Mapped[str | None] = mapped_column(sa.String(2))
    residence_kato: Mapped[str | None] = mapped_column(sa.String(9))
    language: Mapped[str] = mapped_column(sa.String(2))
    email_sealed: Mapped[bytes | None]
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Staff(Base):
    """A member of staff, known by e-mail. An acting head has a dated act of appointment.

    ``password_hash`` is Argon2's, or "!" and a random text while nobody has set one: it is what an
    invitation is bound to, so that each works once.
    """

    __tablename__ = "staff"
    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        sa.CheckConstraint(
            "(acting_from IS NULL) = (acting_to IS NULL) AND (acting_from IS NULL) = (acting_act IS NULL)",
            name="acting_has_dates_and_act",
        ),
        sa.CheckConstraint("acting_from <= acting_to", name="acting_begins_before_it_ends"),
        sa.CheckConstraint("acting_from IS NULL OR body_id IS NOT NULL", name="acting_head_has_a_body"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    display_name: Mapped[str] = mapped_column(sa.String(200))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("body.id"))
    acting_from: Mapped[date | None]
    acting_to: Mapped[date | None]
    acting_act: Mapped[str | None] = mapped_column(sa.String(300))
    active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    totp_sealed: Mapped[bytes | None]
    totp_step: Mapped[int | None] = mapped_column(sa.BigInteger)  # of the last code taken: none is taken twice


class Passkey(Base):
    """A key that a member of staff's device keeps (WebAuthn); times are real."""

    __tablename__ = "passkey"
    __table_args__ = (sa.Index(None, "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    name: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A code on paper for who lost every device; each works once, and only its keyed digest is kept."""

    __tablename__ = "recovery_code"

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffRole(Base):
    __tablename__ = "staff_role"
    __table_args__ = (sa.CheckConstraint(_one_of("role", Role), name="role_is_known"),)

    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(20), primary_key=True)


class SignInSession(Base):
    """One signed-in browser. The browser holds the token, we its digest; times are real, not the law's."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        sa.CheckConstraint("(citizen_id IS NULL) <> (staff_id IS NULL)", name="belongs_to_exactly_one_person"),
        sa.Index(None, "citizen_id"),
        sa.Index(None, "staff_id"),
        sa.Index(None, "expires_at"),
    )

    token_digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    citizen_id: Mapped[int | None] = mapped_column(sa.ForeignKey("citizen.id"))
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    method: Mapped[str | None] = mapped_column(sa.String(16))  # a word of Proof
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when staff last proved to be there


class SigningRequest(Base):
    """A text shown to somebody for signing, which another device may fetch by the id and sign (eGov Mobile).

    ``browser`` is the digest of what the browser that was shown it keeps; ``began_at`` stands in the text and is the
    law's time, the others are real. ``outcome``: the citizen whom a certificate named, when it was to sign in.
    """

    __tablename__ = "signing_request"
    __table_args__ = (
        sa.CheckConstraint(_one_of("purpose", Purpose), name="purpose_is_known"),
        sa.CheckConstraint(_one_of("state", RequestState), name="state_is_known"),
        sa.CheckConstraint("(purpose = 'sign-in') = (citizen_id IS NULL)", name="acts_belong_to_a_citizen"),
        sa.CheckConstraint("(purpose = 'sign-in') = (petition_id IS NULL)", name="acts_belong_to_a_petition"),
        sa.Index(None, "expires_at"),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    petition_id: Mapped[int | None]
    ref: Mapped[str | None] = mapped_column(sa.String(64))  # the petition as this person's addresses name it
    revision: Mapped[int | None]  # of the draft that is to be filed
    citizen_id: Mapped[int | None] = mapped_column(sa.ForeignKey("citizen.id"))
    browser: Mapped[str] = mapped_column(DIGEST)
    language: Mapped[str] = mapped_column(sa.String(2))
    document: Mapped[bytes]
    token_digest: Mapped[str | None] = mapped_column(DIGEST)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str | None] = mapped_column(sa.String(40))
    outcome: Mapped[int | None]
    signature_sha256: Mapped[str | None] = mapped_column(DIGEST)  # of what ended it: the same may be sent again


class Attempt(Base):
    """One attempt that is limited in number: by account and by network address, both as keyed digests."""

    __tablename__ = "attempt"
    __table_args__ = (
        sa.CheckConstraint(_one_of("kind", AttemptKind), name="kind_is_known"),
        sa.CheckConstraint(_one_of("outcome", AttemptOutcome), name="outcome_is_known"),
        sa.Index(None, "account_digest", "at"),
        sa.Index(None, "address_digest", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    account_digest: Mapped[str] = mapped_column(DIGEST)
    address_digest: Mapped[str] = mapped_column(DIGEST)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(sa.String(10))
