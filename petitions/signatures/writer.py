"""The append writer: one insert a joining, decided by the database. Nothing here counts or looks first."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from petitions import vault
from petitions.db import is_postgresql, transaction
from petitions.errors import Conflict, NotFound, Unavailable
from petitions.signatures.models import Evidence, Removal, Signature

TIME_LIMIT = timedelta(seconds=10)  # no signing transaction lives longer; its row is then visible or gone
LONGEST = 8.0  # seconds from the time that is written to COMMIT; the rest is for COMMIT itself
STATEMENT_LIMIT = "2000"  # milliseconds; a signing transaction has few statements and waits for nothing outside
OUT_OF_TIME = ("57014", "25P03")  # PostgreSQL: statement cancelled, transaction idle for too long


class AlreadySigned(Conflict):
    """This citizen's joining of this petition is in force already."""

    def __init__(self) -> None:
        super().__init__(_l("You have already joined this petition. Your joining is counted once."))


class Busy(Unavailable):
    """The database could not do it in time."""

    def __init__(self) -> None:
        super().__init__(_l("Too many people are joining at this moment. Please try again."))


class NotSigned(NotFound):
    """This citizen has no joining in force here."""

    def __init__(self) -> None:
        super().__init__(_l("You have not joined this petition."))


@dataclass(frozen=True)
class Joining:
    """What is stored of one joining. ``text`` and ``cms`` go sealed into the vault, never anywhere else."""

    petition_id: int
    citizen_id: int
    channel: str
    public_name: str
    territory_kato: str | None
    consent_version: str
    signed_at: datetime
    text: bytes
    cms: bytes


def new_id(at: datetime) -> str:
    """An id that sorts by time and needs no sequence: milliseconds, then chance."""
    return f"{int(at.timestamp() * 1000):012x}{secrets.token_hex(10)}"


@contextmanager
def signing(since: float) -> Iterator[Session]:
    """A transaction that joins or takes back. Raises Busy, with nothing kept, when it takes too long.

    ``since``: `time.monotonic()` of the moment whose time is written. Waiting for a connection and trying again
    count too, as the end of a collection relies on TIME_LIMIT. SQLite's writers stand in a row: what a signing
    transaction read cannot change before it ends, so only PostgreSQL needs the limit.
    """
    try:
        with transaction() as session:
            if not is_postgresql(session):
                yield session
                return
            _limit_time(session)
            yield session
            if time.monotonic() - since > LONGEST:
                raise Busy
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in OUT_OF_TIME:
            raise Busy from error
        raise


def append(session: Session, joining: Joining) -> str:
    """Insert a joining with its evidence and return its id.

    Raises AlreadySigned when the insert, and only the insert, meets a joining in force.
    """
    signature_id = new_id(joining.signed_at)
    row = {
        "petition_id": joining.petition_id,
        "id": signature_id,
        "citizen_id": joining.citizen_id,
        "channel": joining.channel,
        "public_name": joining.public_name,
        "territory_kato": joining.territory_kato,
        "consent_version": joining.consent_version,
        "signed_at": joining.signed_at,
        "evidence_sha256": hashlib.sha256(joining.cms).hexdigest(),
    }
    try:
        session.execute(sa.insert(Signature), row)
    except IntegrityError as error:
        raise AlreadySigned from error
    sealed = vault.seal(_evidence(joining), f"evidence:{joining.petition_id}:{signature_id}")
    session.execute(
        sa.insert(Evidence),
        {"petition_id": joining.petition_id, "signature_id": signature_id, "sealed": sealed},
    )
    return signature_id


def take_back(session: Session, petition_id: int, citizen_id: int, at: datetime, reason: str = "withdrawn") -> str:
    """Mark the joining in force and add its removal; returns its id. Raises NotSigned when there is none."""
    signature = session.scalars(
        sa.select(Signature)
        .where(
            Signature.petition_id == petition_id,
            Signature.citizen_id == citizen_id,
            Signature.withdrawn_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if signature is None:
        raise NotSigned
    signature.withdrawn_at = max(at, signature.signed_at)
    session.add(
        Removal(
            petition_id=petition_id,
            signature_id=signature.id,
            removed_at=signature.withdrawn_at,
            reason=reason,
        )
    )
    return signature.id


def _limit_time(session: Session) -> None:
    session.execute(
        sa.select(
            sa.func.set_config("statement_timeout", STATEMENT_LIMIT, True),
            sa.func.set_config("idle_in_transaction_session_timeout", STATEMENT_LIMIT, True),
        )
    )


def _evidence(joining: Joining) -> bytes:
    return json.dumps({"text": joining.text.decode(), "cms": joining.cms.hex()}, ensure_ascii=False).encode()
