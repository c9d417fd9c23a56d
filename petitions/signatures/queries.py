from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.signatures.models import Removal, Signature


@dataclass(frozen=True)
class OwnJoining:
    """A joining as its own signer sees it. ``counted``: the tally has sealed it."""

    petition_id: int
    id: str
    signed_at: datetime
    counted: bool
    withdrawn_at: datetime | None
    consent_version: str
    evidence_sha256: str


@dataclass(frozen=True)
class PublicSigner:
    """A line of the public list: given name and the first letter of the surname."""

    public_name: str
    signed_at: datetime


def in_force(session: Session, petition_id: int, citizen_id: int) -> OwnJoining | None:
    """The citizen's joining of this petition that counts, if there is one."""
    row = session.scalars(
        sa.select(Signature).where(
            Signature.petition_id == petition_id,
            Signature.citizen_id == citizen_id,
            Signature.withdrawn_at.is_(None),
        )
    ).one_or_none()
    return _own(row) if row else None


def last_withdrawal(session: Session, petition_id: int, citizen_id: int) -> datetime | None:
    """When the citizen last took a joining of this petition back."""
    return session.scalar(
        sa.select(sa.func.max(Signature.withdrawn_at)).where(
            Signature.petition_id == petition_id, Signature.citizen_id == citizen_id
        )
    )


def of_citizen(session: Session, citizen_id: int, *, petition_id: int | None = None) -> list[OwnJoining]:
    """All joinings of a citizen (of one petition), newest first, those taken back too."""
    wanted = sa.select(Signature).where(Signature.citizen_id == citizen_id)
    if petition_id is not None:
        wanted = wanted.where(Signature.petition_id == petition_id)
    rows = session.scalars(wanted.order_by(Signature.signed_at.desc(), Signature.id.desc()))
    return [_own(row) for row in rows]


def newest_signers(session: Session, petition_id: int, *, limit: int = 20) -> list[PublicSigner]:
    """The newest joinings in force."""
    rows = session.execute(
        sa.select(Signature.public_name, Signature.signed_at)
        .where(Signature.petition_id == petition_id, Signature.withdrawn_at.is_(None))
        .order_by(Signature.id.desc())
        .limit(limit)
    )
    return [PublicSigner(name, signed_at) for name, signed_at in rows]


def has_unsealed(session: Session, petition_id: int) -> bool:
    """Whether a joining or a removal still waits for the tally."""
    joined = sa.exists().where(Signature.petition_id == petition_id, Signature.leaf.is_(None))
    removed = sa.exists().where(Removal.petition_id == petition_id, Removal.leaf.is_(None))
    return bool(session.scalar(sa.select(sa.or_(joined, removed))))


def _own(row: Signature) -> OwnJoining:
    return OwnJoining(
        petition_id=row.petition_id,
        id=row.id,
        signed_at=row.signed_at,
        counted=row.leaf is not None,
        withdrawn_at=row.withdrawn_at,
        consent_version=row.consent_version,
        evidence_sha256=row.evidence_sha256,
    )
