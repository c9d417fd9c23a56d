from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petitions.db import Base, UtcDateTime


class Tally(Base):
    """What is sealed of one petition: its size is joinings + removals, its count joinings - removals."""

    __tablename__ = "tally"
    __table_args__ = (sa.CheckConstraint("joinings >= removals AND removals >= 0", name="count_is_not_negative"),)

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), primary_key=True)
    joinings: Mapped[int] = mapped_column(default=0)
    removals: Mapped[int] = mapped_column(default=0)
    residents: Mapped[int] = mapped_column(default=0)  # in force, registered in the petition's own unit
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))  # in force, joined on paper


class TerritoryTally(Base):
    """The same by registered residence, kept by top unit ('' where the residence is not known)."""

    __tablename__ = "territory_tally"

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), primary_key=True)
    territory_kato: Mapped[str] = mapped_column(sa.String(9), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class HourlyTally(Base):
    """What was joined and taken back within one hour (UTC), by the minutes that stand in the log."""

    __tablename__ = "hourly_tally"

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    joinings: Mapped[int] = mapped_column(default=0)
    removals: Mapped[int] = mapped_column(default=0)
