"""Recovery codes: for who lost the phone. Each works once, beside the password; only keyed digests are kept."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.identity import services
from petitions.identity.models import RecoveryCode

COUNT = 10
CODE_BYTES = 10
GROUP = 4


def renew(session: Session, staff_id: int) -> list[str]:
    """Throw the old codes away and make new ones, which can be shown only now; 80 random bits each."""
    codes = [_grouped(secrets.token_bytes(CODE_BYTES)) for _number in range(COUNT)]
    forget(session, staff_id)
    session.add_all(RecoveryCode(staff_id=staff_id, digest=_digest(staff_id, code)) for code in codes)
    return codes


def forget(session: Session, staff_id: int) -> None:
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))


def find(session: Session, staff_id: int, typed: str) -> str | None:
    """The digest of an unused code; None when this is none."""
    digest = _digest(staff_id, typed)
    unused = sa.select(RecoveryCode.digest).where(*_unused(staff_id, digest))
    return session.scalar(unused)


def use(session: Session, staff_id: int, digest: str, now: datetime) -> bool:
    """Use a code up; False when somebody was quicker. ``now`` is real time."""
    taken = session.execute(sa.update(RecoveryCode).where(*_unused(staff_id, digest)).values(used_at=now))
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _unused(staff_id: int, digest: str) -> tuple[sa.ColumnElement[bool], ...]:
    return RecoveryCode.staff_id == staff_id, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None)


def _digest(staff_id: int, typed: str) -> str:
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return services.keyed_digest(f"recovery-code/{staff_id}", plain)


def _grouped(random: bytes) -> str:
    text = base64.b32encode(random).decode()
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))
