from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.audit.models import AuditEntry


@dataclass(frozen=True)
class AuditRow:
    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_role: str
    act: str
    subject: str
    details: dict[str, Any]


def newest(
    session: Session, *, limit: int = 50, before: int | None = None, subject: str | None = None
) -> list[AuditRow]:
    """The newest lines first; ``before`` is the id of the last line already seen."""
    wanted = sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(AuditEntry.id < before)
    if subject:
        wanted = wanted.where(AuditEntry.subject == subject)
    return [
        AuditRow(e.id, e.at, e.actor_kind, e.actor_id, e.actor_role, e.act, e.subject, e.details)
        for e in session.scalars(wanted)
    ]
