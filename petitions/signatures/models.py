from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petitions.db import Base, UtcDateTime


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
    )

    petition_id: Mapped[int] = mapped_column(primary_key=True)
    signature_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
