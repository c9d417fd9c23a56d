from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petitions.db import Base, UtcDateTime


class LogTile(Base):
    """Up to 256 hashes of one level of a petition's tree, as C2SP tlog-tiles cuts it; only ever added to."""

    __tablename__ = "log_tile"

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(sa.LargeBinary)


class LogHead(Base):
    """The newest checkpoint of a petition's log, and the newest one that witnesses have cosigned."""

    __tablename__ = "log_head"
    __table_args__ = (
        sa.CheckConstraint("size > 0", name="size_is_positive"),
        sa.CheckConstraint("(cosigned_size IS NULL) = (cosigned_note IS NULL)", name="cosigned_together"),
        sa.CheckConstraint("cosigned_size IS NULL OR cosigned_size <= size", name="cosigned_is_not_ahead"),
    )

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), primary_key=True)
    size: Mapped[int]  # leaves: joinings and removals
    note: Mapped[str] = mapped_column(sa.Text)  # the signed checkpoint
    territories: Mapped[str] = mapped_column(sa.Text)  # the file whose hash the checkpoint holds
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cosigned_size: Mapped[int | None]
    cosigned_note: Mapped[str | None] = mapped_column(sa.Text)
