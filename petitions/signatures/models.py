from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petitions.db import Base, UtcDateTime


class Revocation(StrEnum):
    """What the authority has said of a signer's certificate at the time of signing."""

    PENDING = "pending"
    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    UNANSWERED = "unanswered"


class Signature(Base):
    """One joining. At most one in force per petition and citizen: the database decides, no look beforehand.

    Keys begin with the petition and ids are drawn by the writer, so that the table can be spread by petition.
    """

    __tablename__ = "signature"
    __table_args__ = (
        sa.CheckConstraint("channel IN ('electronic', 'written')", name="channel_is_known"),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= signed_at", name="withdrawn_after_signing"),
        sa.Index(
            "uq_signature_one_in_force",
            "petition_id",
            "citizen_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
        sa.UniqueConstraint("petition_id", "leaf"),
        sa.Index(None, "citizen_id", "petition_id"),
        sa.Index(
            "ix_signature_unsealed",
            "signed_at",
            "id",
            sqlite_where=sa.text("leaf IS NULL"),
            postgresql_where=sa.text("leaf IS NULL"),
        ),
    )

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), primary_key=True)
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)  # time-ordered, see signatures.writer
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizen.id"))
    channel: Mapped[str] = mapped_column(sa.String(10))
    public_name: Mapped[str] = mapped_column(sa.String(140))
    territory_kato: Mapped[str | None] = mapped_column(sa.String(9))  # registered residence at the time
    consent_version: Mapped[str] = mapped_column(sa.String(20))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    evidence_sha256: Mapped[str] = mapped_column(sa.String(64))
    commitment: Mapped[str] = mapped_column(sa.String(64))  # to who joined; opened only by the salt in the evidence
    leaf: Mapped[int | None]  # place in the petition's log; empty until the tally has counted it
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Removal(Base):
    """A joining taken back: its own row in the sealed order, so that history is never rewritten."""

    __tablename__ = "removal"
    __table_args__ = (
        sa.CheckConstraint("reason IN ('withdrawn', 'invalidated')", name="reason_is_known"),
        sa.ForeignKeyConstraint(["petition_id", "signature_id"], ["signature.petition_id", "signature.id"]),
        sa.UniqueConstraint("petition_id", "leaf"),
        sa.Index(
            "ix_removal_unsealed",
            "removed_at",
            sqlite_where=sa.text("leaf IS NULL"),
            postgresql_where=sa.text("leaf IS NULL"),
        ),
    )

    petition_id: Mapped[int] = mapped_column(primary_key=True)
    signature_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    removed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(sa.String(12))
    leaf: Mapped[int | None]


class Evidence(Base):
    """The exact text and the CMS over it, sealed in the vault and erased by retention; its hash stays."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.ForeignKeyConstraint(["petition_id", "signature_id"], ["signature.petition_id", "signature.id"]),
        sa.Index(
            "ix_evidence_to_ask",
            "ask_at",
            sqlite_where=sa.text("revocation = 'pending'"),
            postgresql_where=sa.text("revocation = 'pending'"),
        ),
        sa.Index(
            "ix_evidence_unconfirmed",
            "revocation",
            sqlite_where=sa.text("revocation IN ('unanswered', 'unknown')"),
            postgresql_where=sa.text("revocation IN ('unanswered', 'unknown')"),
        ),
    )

    petition_id: Mapped[int] = mapped_column(primary_key=True)
    signature_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    revocation: Mapped[str | None] = mapped_column(sa.String(10))  # a word of Revocation; none of a paper joining
    ask_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    answer_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # the authority's own signed answer


class ActEvidence(Base):
    """The same of a filing or a withdrawal: what was signed besides joinings."""

    __tablename__ = "act_evidence"
    __table_args__ = (
        sa.CheckConstraint("act IN ('file', 'withdraw')", name="act_is_known"),
        sa.Index(
            "ix_act_evidence_to_ask",
            "ask_at",
            sqlite_where=sa.text("revocation = 'pending'"),
            postgresql_where=sa.text("revocation = 'pending'"),
        ),
    )

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), primary_key=True)
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    act: Mapped[str] = mapped_column(sa.String(8))
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizen.id"))
    signature_id: Mapped[str | None] = mapped_column(sa.String(32))  # of the joining that was withdrawn
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    evidence_sha256: Mapped[str] = mapped_column(sa.String(64))
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    revocation: Mapped[str | None] = mapped_column(sa.String(10))
    ask_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    answer_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)


class PaperSheet(Base):
    """A sheet of joinings on paper as staff received it. Another pair of eyes than who entered it confirms it."""

    __tablename__ = "paper_sheet"
    __table_args__ = (
        sa.CheckConstraint("state IN ('received', 'entered', 'confirmed', 'rejected')", name="state_is_known"),
        sa.CheckConstraint("confirmed_by <> entered_by", name="two_pairs_of_eyes"),
        sa.CheckConstraint("lines_promised > 0", name="has_lines"),
        sa.UniqueConstraint("petition_id", "reference"),
        sa.Index(None, "state", "received_on"),
    )

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), primary_key=True)
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(80))
    received_on: Mapped[date]
    lines_promised: Mapped[int]  # counted on the paper when it was received
    scan_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    scan_sha256: Mapped[str] = mapped_column(sa.String(64))
    scan_mime: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[str] = mapped_column(sa.String(10))
    received_by: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(sa.String(500))


class PaperLine(Base):
    """One line of a sheet: who joined, sealed, and what became of it."""

    __tablename__ = "paper_line"
    __table_args__ = (
        sa.ForeignKeyConstraint(["petition_id", "sheet_id"], ["paper_sheet.petition_id", "paper_sheet.id"]),
        sa.UniqueConstraint("petition_id", "sheet_id", "iin_digest"),
    )

    petition_id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    iin_digest: Mapped[str | None] = mapped_column(sa.String(64))  # none where the line cannot be read
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    outcome: Mapped[str | None] = mapped_column(sa.String(16))
    signature_id: Mapped[str | None] = mapped_column(sa.String(32))
