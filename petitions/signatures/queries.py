from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.signatures.models import ActEvidence, Evidence, Removal, Revocation, Signature

LAST_LEAF = 2**31 - 1  # the most that the column can hold


@dataclass(frozen=True)
class OwnJoining:
    """A joining as its own signer sees it, with its place and its removal's in the petition's log.

    ``leaf`` is None until the tally has sealed it. ``revocation``: what the authority said of the certificate, a
    word of Revocation; None of a joining on paper and where the evidence was erased.
    """

    petition_id: int
    id: str
    signed_at: datetime
    withdrawn_at: datetime | None
    consent_version: str
    evidence_sha256: str
    commitment: str
    leaf: int | None
    removal_leaf: int | None
    removal_reason: str | None
    revocation: str | None
    channel: str

    @property
    def counted(self) -> bool:
        return self.leaf is not None

    @property
    def on_paper(self) -> bool:
        """Joined by a line of a sheet that staff received; ``signed_at`` is of the day of receipt."""
        return self.channel == "written"

    @property
    def is_invalidated(self) -> bool:
        """Taken out of the count because the certificate had been revoked; not taken back by its signer."""
        return self.removal_reason == "invalidated"


@dataclass(frozen=True)
class PublicSigner:
    """A line of the public list: given name and the first letter of the surname."""

    public_name: str
    signed_at: datetime


@dataclass(frozen=True)
class CountedSigner:
    """A line of the whole public list, by its place in the petition's log: that is public, a row's id is not."""

    leaf: int
    public_name: str
    signed_at: datetime


@dataclass(frozen=True)
class SignersPage:
    """``older`` is the place from which the next page goes down; None when this is the last."""

    signers: tuple[CountedSigner, ...]
    older: int | None


def in_force(session: Session, petition_id: int, citizen_id: int) -> OwnJoining | None:
    """The citizen's joining of this petition that counts, if there is one."""
    row: Any = session.execute(
        _OWN.where(
            Signature.petition_id == petition_id,
            Signature.citizen_id == citizen_id,
            Signature.withdrawn_at.is_(None),
        )
    ).one_or_none()
    return OwnJoining(*row) if row else None


@dataclass(frozen=True, slots=True)
class Before:
    """What a citizen did with a petition before: whether a joining is in force, and when the last was taken back."""

    in_force: bool
    withdrawn_at: datetime | None


def before(session: Session, citizen_ids: Iterable[int]) -> dict[tuple[int, int], Before]:
    """The same for all joinings of these citizens, by petition and citizen."""
    rows: Iterable[Any] = session.execute(_BEFORE, {"ids": sorted(citizen_ids)})
    return {(petition_id, citizen_id): Before(made > gone, at) for petition_id, citizen_id, made, gone, at in rows}


def of_citizen(session: Session, citizen_id: int, *, petition_id: int | None = None) -> list[OwnJoining]:
    """All joinings of a citizen (of one petition), newest first, those taken back too."""
    wanted = _OWN.where(Signature.citizen_id == citizen_id)
    if petition_id is not None:
        wanted = wanted.where(Signature.petition_id == petition_id)
    rows: Iterable[Any] = session.execute(wanted.order_by(Signature.signed_at.desc(), Signature.id.desc()))
    return [OwnJoining(*row) for row in rows]


@dataclass(frozen=True)
class Unconfirmed:
    """How many signers' certificates the authority has said nothing final about, and acts signed with a revoked one.

    ``acts``: filings and withdrawals, petition and act, the newest first; nothing follows from them by itself.
    """

    pending: int
    unanswered: int
    unknown: int
    acts: tuple[tuple[int, str], ...]


def unconfirmed(session: Session, *, limit: int = 10) -> Unconfirmed:
    """What staff are told of revocation."""
    found: Counter[str] = Counter()
    for table in (Evidence, ActEvidence):
        for words in ("revocation = 'pending'", "revocation IN ('unanswered', 'unknown')"):  # as its indexes have it
            counts = sa.select(table.revocation, sa.func.count()).where(sa.text(words)).group_by(table.revocation)
            found.update({word: count for word, count in session.execute(counts) if word})
    revoked = sa.select(ActEvidence.petition_id, ActEvidence.act).where(ActEvidence.revocation == Revocation.REVOKED)
    rows = session.execute(revoked.order_by(ActEvidence.signed_at.desc()).limit(limit))
    acts = tuple((petition_id, act) for petition_id, act in rows)
    return Unconfirmed(found[Revocation.PENDING], found[Revocation.UNANSWERED], found[Revocation.UNKNOWN], acts)


def newest_signers(session: Session, petition_id: int, *, limit: int = 20) -> list[PublicSigner]:
    """The newest joinings in force, looked for among twice as many."""
    rows = session.execute(_NEWEST, {"petition": petition_id, "limit": 2 * limit}).all()
    return [PublicSigner(name, signed_at) for name, signed_at, stands in rows if stands][:limit]


def counted_signers(session: Session, petition_id: int, *, before: int | None, limit: int) -> SignersPage:
    """A page of counted joinings in force, newest first, from a place in the log down.

    As fast on the last page as on the first, and where thousands in a row were taken back: their page is shorter.
    """
    looked_at = limit + limit // 2
    values = {"petition": petition_id, "before": LAST_LEAF if before is None else before, "limit": looked_at}
    rows = session.execute(_COUNTED, values).all()
    signers = [CountedSigner(leaf or 0, name, at) for leaf, name, at, withdrawn_at in rows if withdrawn_at is None]
    if len(signers) > limit:
        return SignersPage(tuple(signers[:limit]), signers[limit - 1].leaf)
    return SignersPage(tuple(signers), rows[-1].leaf if len(rows) == looked_at else None)


def has_unsealed(session: Session, petition_id: int) -> bool:
    """Whether a joining or a removal still waits for the tally."""
    joined = sa.exists().where(Signature.petition_id == petition_id, Signature.leaf.is_(None))
    removed = sa.exists().where(Removal.petition_id == petition_id, Removal.leaf.is_(None))
    return bool(session.scalar(sa.select(sa.or_(joined, removed))))


_OWN = sa.select(
    Signature.petition_id,
    Signature.id,
    Signature.signed_at,
    Signature.withdrawn_at,
    Signature.consent_version,
    Signature.evidence_sha256,
    Signature.commitment,
    Signature.leaf,
    Removal.leaf,
    Removal.reason,
    Evidence.revocation,
    Signature.channel,
)
_OWN = _OWN.outerjoin(
    Removal, sa.and_(Removal.petition_id == Signature.petition_id, Removal.signature_id == Signature.id)
).outerjoin(Evidence, sa.and_(Evidence.petition_id == Signature.petition_id, Evidence.signature_id == Signature.id))
_SIGNATURE = Signature.__table__.c
_BEFORE = (
    sa.select(
        _SIGNATURE.petition_id,
        _SIGNATURE.citizen_id,
        sa.func.count(),
        sa.func.count(_SIGNATURE.withdrawn_at),
        sa.func.max(_SIGNATURE.withdrawn_at),
    )
    .where(_SIGNATURE.citizen_id.in_(sa.bindparam("ids", expanding=True)))
    .group_by(_SIGNATURE.petition_id, _SIGNATURE.citizen_id)
)
# Both without a condition on withdrawn_at: a planner that does not know yet how many joined this petition would
# choose the index of those in force, and sort them all.
_NEWEST = (
    sa.select(_SIGNATURE.public_name, _SIGNATURE.signed_at, _SIGNATURE.withdrawn_at.is_(None))
    .where(_SIGNATURE.petition_id == sa.bindparam("petition"))
    .order_by(_SIGNATURE.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
_COUNTED = (
    sa.select(_SIGNATURE.leaf, _SIGNATURE.public_name, _SIGNATURE.signed_at, _SIGNATURE.withdrawn_at)
    .where(_SIGNATURE.petition_id == sa.bindparam("petition"), _SIGNATURE.leaf < sa.bindparam("before"))
    .order_by(_SIGNATURE.leaf.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
