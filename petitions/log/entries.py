"""The entries of a petition's log: its joinings and removals in the sealed order, without anything personal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.signatures.models import Removal, Signature

JOINING, REMOVAL = "joining", "removal"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry with what the tally counts of it."""

    index: int
    kind: str
    moment: datetime
    entry: bytes


def joining_entry(petition_id: int, commitment: str, evidence_sha256: str, signed_at: datetime) -> bytes:
    """A joining: a salted commitment to who joined, the hash of the evidence, and the minute."""
    return f"joining\n{petition_id}\n{commitment}\n{evidence_sha256}\n{_minute(signed_at)}\n".encode()


def removal_entry(petition_id: int, removed: int, removed_at: datetime, reason: str) -> bytes:
    """A removal: the index of the joining it takes back, the minute and the reason."""
    return f"removal\n{petition_id}\n{removed}\n{_minute(removed_at)}\n{reason}\n".encode()


def between(session: Session, petition_id: int, first: int, stop: int) -> list[Leaf]:
    """The leaves from index ``first`` to before ``stop``, in order."""
    bounds = {"p": petition_id, "first": first, "stop": stop}
    joined: Iterable[Any] = session.execute(_JOININGS, bounds)
    leaves = [
        Leaf(index, JOINING, moment, joining_entry(petition_id, commitment, evidence, moment))
        for index, commitment, evidence, moment in joined
    ]
    if len(leaves) < stop - first:
        removed: Iterable[Any] = session.execute(_REMOVALS, bounds)
        leaves += [
            Leaf(index, REMOVAL, moment, removal_entry(petition_id, joining, moment, reason))
            for index, joining, moment, reason in removed
        ]
        leaves.sort(key=lambda leaf: leaf.index)
    return leaves


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).isoformat()[:16]}Z"


def _within(leaf: sa.ColumnElement[int | None]) -> sa.ColumnElement[bool]:
    return sa.and_(leaf >= sa.bindparam("first"), leaf < sa.bindparam("stop"))


_JOININGS = (
    sa.select(Signature.leaf, Signature.commitment, Signature.evidence_sha256, Signature.signed_at)
    .where(Signature.petition_id == sa.bindparam("p"), _within(Signature.__table__.c.leaf))
    .order_by(Signature.leaf)
)
_REMOVALS = (
    sa.select(Removal.leaf, Signature.leaf, Removal.removed_at, Removal.reason)
    .join(Signature, sa.and_(Signature.petition_id == Removal.petition_id, Signature.id == Removal.signature_id))
    .where(Removal.petition_id == sa.bindparam("p"), _within(Removal.__table__.c.leaf))
)
