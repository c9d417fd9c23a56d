from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petitions.db import Base, UtcDateTime


class InboxMark(Base):
    """Up to when a citizen has seen the inbox. The notices themselves are the transitions, nothing is copied."""

    __tablename__ = "inbox_mark"

    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizen.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
