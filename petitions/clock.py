"""The two clocks. The law's clock may be shifted for trying; sessions and tokens run on real time.

Only entry points (views, jobs, the command line) read a clock; everything else takes the time as an argument.
The shift lives in the database, so that web, worker and command line agree: `PETITIONS_NOW` is anchored at the
real moment it was first seen, and a demonstration's "next day" adds to it.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from petitions.db import Base, UtcDateTime, reading, transaction

REFRESH_SECONDS = 1.0


class LawClock(Base):
    """How far the law's clock stands from real time, for one value of PETITIONS_NOW ('' when it is not set)."""

    __tablename__ = "law_clock"

    anchor: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    anchored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stepped_seconds: Mapped[int] = mapped_column(sa.BigInteger, default=0)


_anchor: datetime | None = None
_anchor_text = ""
_may_shift = False
_shift = timedelta(0)
_read_at = float("-inf")


def configure(shifted_now: str | None, *, may_shift: bool) -> None:
    """Name the shift of this process. Raises ValueError when PETITIONS_NOW is no ISO date-time."""
    global _anchor, _anchor_text, _may_shift, _shift, _read_at
    _anchor = parse_moment(shifted_now) if shifted_now else None
    _anchor_text = shifted_now or ""
    _may_shift, _shift, _read_at = may_shift, timedelta(0), float("-inf")


def parse_moment(text: str) -> datetime:
    """An ISO date-time; without a zone it is Kazakhstan time."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        from petitions.law.working_days import ZONE

        moment = moment.replace(tzinfo=ZONE)
    return moment.astimezone(UTC)


def real_now() -> datetime:
    """Real time, for sessions, tokens and retries."""
    return datetime.now(UTC)


def now() -> datetime:
    """The law's time, UTC."""
    global _shift, _read_at
    if _may_shift and time.monotonic() - _read_at > REFRESH_SECONDS:
        began = time.monotonic()
        _shift, _read_at = _stored_shift(), began
    return real_now() + _shift


def is_shifted() -> bool:
    now()
    return abs(_shift) > timedelta(minutes=1)


def may_step() -> bool:
    return _may_shift


def step(ahead: timedelta) -> None:
    """Move the law's clock forward (demonstrations only; never back, the law's days are passed once)."""
    global _read_at
    if not _may_shift or ahead <= timedelta(0):
        raise RuntimeError("the law's clock cannot be moved here")
    with transaction() as session:
        row = _anchored(session)
        row.stepped_seconds += int(ahead.total_seconds())
    _read_at = float("-inf")


def wait_for_everybody() -> None:
    """Return when every process tells the stepped time: whoever pressed the button may be answered by another one."""
    time.sleep(REFRESH_SECONDS)


def _stored_shift() -> timedelta:
    with reading() as session:
        row = session.get(LawClock, _anchor_text)
    if row is None:
        if _anchor is None:
            return timedelta(0)
        with transaction() as session:
            row = _anchored(session)
    base = _anchor - row.anchored_at if _anchor else timedelta(0)
    return base + timedelta(seconds=row.stepped_seconds)


def _anchored(session: Session) -> LawClock:
    row = session.get(LawClock, _anchor_text, with_for_update=True)
    if row is None:
        row = LawClock(anchor=_anchor_text, anchored_at=real_now(), stepped_seconds=0)
        session.add(row)
        session.flush()
    return row
