"""Mail that waits to be sent: one row a letter, written in the transaction of what it tells of (D5).

A letter is rendered when it is sent (`notifications.sender`). Address and facts are sealed, and wiped once it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from petitions import vault
from petitions.db import Base, UtcDateTime
from petitions.sealed_columns import LETTER


class Email(Base):
    """A letter to one person. ``key`` says what it is about, so that it is never written twice."""

    __tablename__ = "email"
    __table_args__ = (
        sa.CheckConstraint("(sent_at IS NULL) OR (sealed IS NULL)", name="sent_letter_is_wiped"),
        sa.Index(None, "sent_at", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    language: Mapped[str] = mapped_column(sa.String(2))
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def queue(
    session: Session,
    *,
    key: str,
    kind: str,
    to: str,
    language: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> None:
    """Write a letter into the caller's transaction; nothing happens when this key was written before.

    ``now`` is real time: retries do not follow the law's clock.
    """
    if session.scalar(sa.select(sa.exists().where(Email.key == key))):
        return
    plain = json.dumps({"to": to, "facts": dict(facts)}, ensure_ascii=False).encode()
    session.add(
        Email(
            key=key,
            kind=kind,
            language=language,
            sealed=vault.seal(plain, LETTER.context(key=key)),
            created_at=now,
            next_try_at=now,
            attempts=0,
        )
    )


def unseal(letter: Email) -> tuple[str, dict[str, Any]]:
    """The address and the facts of a letter that was not sent yet."""
    if letter.sealed is None:
        raise ValueError("a sent letter is wiped")
    opened = json.loads(vault.open_sealed(letter.sealed, LETTER.context(key=letter.key)))
    return opened["to"], opened["facts"]
