from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from petitions.audit.actor import Actor
from petitions.audit.models import AuditEntry


def record(
    session: Session,
    *,
    actor: Actor,
    act: str,
    subject: str,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add one line to the trail, in the caller's transaction: what is undone leaves no trace of having been.

    ``act`` is a verb in kebab-case ("set-population"), ``subject`` names the thing ("territory:750000000").
    """
    session.add(
        AuditEntry(
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_role=actor.role,
            act=act,
            subject=subject,
            details=dict(details or {}),
        )
    )
