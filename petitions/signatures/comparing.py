"""Stored signatures verified once more, by another engine: what one accepted, the other should accept too."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from petitions import vault
from petitions.identity.eds import SignatureRefused, TrustStore, valid_until, verify_detached
from petitions.identity.models import Citizen
from petitions.sealed_columns import ACT_EVIDENCE, EVIDENCE
from petitions.signatures.models import ActEvidence, Evidence, Revocation, Signature

PAGE = 200


@dataclass(frozen=True)
class Compared:
    """One stored signature. ``reason``: why this engine refuses what was accepted; None when it agrees.

    ``no_verdict``: it could not judge at all, as it judges by its own present time and the certificate ran out since.
    """

    petition_id: int
    act: str
    id: str
    reason: str | None
    no_verdict: bool = False


@dataclass(frozen=True)
class _Stored:
    petition_id: int
    act: str
    id: str
    signed_at: datetime
    iin_digest: str = field(repr=False)
    known_revoked: bool
    plain: bytes = field(repr=False)


def compare(session: Session, trust: TrustStore, limit: int | None, *, now: datetime) -> Iterator[Compared]:
    """Verify stored joinings and other acts, each as of its own moment: those of the newest petitions first.

    ``limit``: so many joinings and so many other acts; all by default. ``now`` is real time, by which an engine
    elsewhere judges.
    """
    for stored in chain(_joinings(session, limit), _acts(session, limit)):
        kept = json.loads(stored.plain)
        cms, text = base64.b64decode(kept["cms"]), kept["text"].encode()
        reason = _reason(stored, cms, text, trust)
        ran_out = reason == "untrusted" and trust.judge is not None and valid_until(cms) < now
        agrees = ran_out or (reason == "revoked" and stored.known_revoked)
        yield Compared(stored.petition_id, stored.act, stored.id, None if agrees else reason, no_verdict=ran_out)


def _reason(stored: _Stored, cms: bytes, text: bytes, trust: TrustStore) -> str | None:
    try:
        said = verify_detached(cms, text, trust=trust, at=stored.signed_at)
    except SignatureRefused as refused:
        return refused.reason_code
    return None if vault.iin_digest(said.iin) == stored.iin_digest else "other-person"


def _joinings(session: Session, limit: int | None) -> Iterator[_Stored]:
    """The electronic ones: behind a joining on paper stands a scan."""
    wanted = (
        sa.select(Evidence, Signature.signed_at, Citizen.iin_digest)
        .join(Signature, sa.and_(Signature.petition_id == Evidence.petition_id, Signature.id == Evidence.signature_id))
        .join(Citizen, Citizen.id == Signature.citizen_id)
        .where(Signature.channel == "electronic")
    )
    for row, signed_at, iin_digest in _paged(session, wanted, Evidence.petition_id, Evidence.signature_id, limit):
        context = EVIDENCE.context(petition_id=row.petition_id, signature_id=row.signature_id)
        yield _Stored(
            row.petition_id,
            "join",
            row.signature_id,
            signed_at,
            iin_digest,
            row.revocation == Revocation.REVOKED,
            vault.open_sealed(row.sealed, context),
        )


def _acts(session: Session, limit: int | None) -> Iterator[_Stored]:
    wanted = sa.select(ActEvidence, Citizen.iin_digest).join(Citizen, Citizen.id == ActEvidence.citizen_id)
    for row, iin_digest in _paged(session, wanted, ActEvidence.petition_id, ActEvidence.id, limit):
        yield _Stored(
            row.petition_id,
            row.act,
            row.id,
            row.signed_at,
            iin_digest,
            row.revocation == Revocation.REVOKED,
            vault.open_sealed(row.sealed, ACT_EVIDENCE.context(petition_id=row.petition_id, id=row.id)),
        )


def _paged(
    session: Session,
    wanted: sa.Select[*tuple[Any, ...]],
    petition_id: InstrumentedAttribute[int],
    own_id: InstrumentedAttribute[str],
    limit: int | None,
) -> Iterator[Any]:
    """The rows from the last key down, in pages: verifying takes hours, and no statement may stand open so long."""
    key = sa.tuple_(petition_id, own_id)
    ordered = wanted.order_by(petition_id.desc(), own_id.desc())
    before, left = None, limit
    while left is None or left > 0:
        page = ordered if before is None else ordered.where(key < sa.tuple_(*map(sa.literal, before)))
        rows = session.execute(page.limit(PAGE if left is None else min(PAGE, left))).all()
        yield from rows
        if not rows:
            return
        last = rows[-1][0]
        before = (last.petition_id, getattr(last, own_id.key))
        left = None if left is None else left - len(rows)
        session.expunge_all()
