from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petitions.db import Base, UtcDateTime


class AuditEntry(Base):
    """One act: who, what, on what, when. Details hold no personal data of citizens."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.CheckConstraint("actor_kind IN ('citizen', 'staff', 'system')", name="actor_is_known_kind"),
        sa.Index(None, "subject"),
        sa.Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(sa.String(10))
    actor_id: Mapped[int | None]
    actor_role: Mapped[str] = mapped_column(sa.String(60))
    act: Mapped[str] = mapped_column(sa.String(80))
    subject: Mapped[str] = mapped_column(sa.String(120))
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
