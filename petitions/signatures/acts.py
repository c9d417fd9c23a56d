"""What was signed besides joinings: a filing, a petition taken back, a joining taken back; each with its evidence.

The evidence is written in the transaction of the act itself, so that no act stands without it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import vault
from petitions.identity import services
from petitions.identity.eds import SignatureRefused, verify_detached
from petitions.identity.models import Citizen
from petitions.sealed_columns import ACT_EVIDENCE
from petitions.signatures.models import ActEvidence, Revocation
from petitions.signatures.writer import new_id

Act = Literal["file", "withdraw"]


@dataclass(frozen=True)
class Signed:
    """A text that was shown from ``began_at`` (law) on, and the CMS that came back over exactly these bytes."""

    document: bytes = field(repr=False)
    cms: bytes = field(repr=False)
    began_at: datetime

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.cms).hexdigest()


@dataclass(frozen=True)
class Proven:
    """A signature that was checked: over the text, by a person's valid certificate."""

    signed: Signed
    iin: str = field(repr=False)


def prove(signed: Signed, at: datetime) -> Proven:
    """Check the signature; whose it is, `keep` compares. Raises SignatureRefused."""
    return Proven(signed, verify_detached(signed.cms, signed.document, trust=services.trust(), at=at).iin)


def check_text(signed: Signed, document: bytes) -> None:
    """Raises SignatureRefused when another text was signed than this act needs now."""
    if not hmac.compare_digest(signed.document, document):
        raise SignatureRefused("other-text")


def keep(
    session: Session,
    act: Act,
    proven: Proven,
    *,
    petition_id: int,
    citizen_id: int,
    at: datetime,
    signature_id: str | None = None,
) -> None:
    """Store the evidence of an act, sealed. ``signature_id``: the joining that is taken back.

    Raises SignatureRefused for another person's signature.
    """
    digest = session.scalar(sa.select(Citizen.iin_digest).where(Citizen.id == citizen_id))
    if not hmac.compare_digest(digest or "", vault.iin_digest(proven.iin)):
        raise SignatureRefused("other-person")
    key = {"petition_id": petition_id, "id": new_id(at)}
    kept = {"text": proven.signed.document.decode(), "cms": base64.b64encode(proven.signed.cms).decode()}
    session.add(
        ActEvidence(
            **key,
            act=act,
            citizen_id=citizen_id,
            signature_id=signature_id,
            signed_at=at,
            evidence_sha256=proven.signed.sha256,
            sealed=vault.seal(json.dumps(kept, ensure_ascii=False).encode(), ACT_EVIDENCE.context(**key)),
            revocation=Revocation.PENDING,
            ask_at=at,
        )
    )


def was_kept(session: Session, petition_id: int, sha256: str) -> bool:
    """Whether an act of this petition was done by exactly this signature: the same may be sent twice."""
    found = sa.select(ActEvidence.id).where(
        ActEvidence.petition_id == petition_id, ActEvidence.evidence_sha256 == sha256
    )
    return session.scalar(found.limit(1)) is not None
