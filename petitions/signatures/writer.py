"""The append writer: one insert a joining, decided by the database. Nothing here counts or looks first."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session

from petitions import vault
from petitions.db import insert_new, is_postgresql, transaction
from petitions.errors import Conflict, NotFound, Unavailable
from petitions.sealed_columns import EVIDENCE
from petitions.signatures.models import Evidence, Removal, Revocation, Signature

TIME_LIMIT = timedelta(seconds=10)  # no signing transaction lives longer; its row is then visible or gone
LONGEST = 8.0  # seconds from the time that is written to COMMIT; the rest is for COMMIT itself
STATEMENT_LIMIT = "2000"  # milliseconds; a signing transaction has few statements and waits for nothing outside
SALT_BYTES = 32
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
    """What is stored of one joining. ``iin``, ``text`` and ``cms`` go sealed into the vault, never anywhere else."""

    petition_id: int
    citizen_id: int
    iin: str = field(repr=False)
    channel: str
    public_name: str
    territory_kato: str | None
    consent_version: str
    signed_at: datetime
    text: bytes = field(repr=False)
    cms: bytes = field(repr=False)


def commitment(salt: bytes, petition_id: int, iin: str) -> str:
    """What the public log holds of who joined: nothing to anybody without the salt, proof to a court with it."""
    return hmac.new(salt, f"{petition_id}\n{iin}".encode(), hashlib.sha256).hexdigest()


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


def append(session: Session, joinings: Sequence[Joining]) -> list[str | None]:
    """Insert joinings with their evidence; returns their ids, None where that citizen's joining is in force already.

    One statement for all of them, in the order of citizens, so that two writers cannot wait for each other.
    """
    if not joinings:
        return []
    made = {new_id(joining.signed_at): joining for joining in sorted(joinings, key=_turn)}
    salts = {signature_id: secrets.token_bytes(SALT_BYTES) for signature_id in made}
    rows = [_row(signature_id, joining, salts[signature_id]) for signature_id, joining in made.items()]
    kept = set(session.connection().execute(insert_new(session, Signature).returning(Signature.id), rows).scalars())
    evidence = [_evidence(each, made[each], salts[each]) for each in made if each in kept]
    if evidence:
        session.connection().execute(sa.insert(Evidence), evidence)
    ids = {id(joining): each for each, joining in made.items() if each in kept}
    return [ids.get(id(joining)) for joining in joinings]


def take_back(session: Session, petition_id: int, citizen_id: int, at: datetime) -> str:
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
    remove(session, signature, at, "withdrawn")
    return signature.id


def remove(session: Session, signature: Signature, at: datetime, reason: Literal["withdrawn", "invalidated"]) -> None:
    """Count a joining out, whose row the caller has locked and found in force."""
    signature.withdrawn_at = max(at, signature.signed_at)
    session.add(
        Removal(
            petition_id=signature.petition_id,
            signature_id=signature.id,
            removed_at=signature.withdrawn_at,
            reason=reason,
        )
    )


def number(
    session: Session, key: InstrumentedAttribute[str], petition_id: int, places: Sequence[tuple[str, int]]
) -> None:
    """Write the places in the sealed order to joinings (``Signature.id``) or removals (``Removal.signature_id``)."""
    if not places:
        return
    table = key.class_
    of_petition = sa.update(table).where(table.petition_id == petition_id)
    if is_postgresql(session):  # one statement: its round trips cost more than its rows
        given = (
            sa.func.unnest(
                sa.cast([one for one, _place in places], postgresql.ARRAY(sa.String)),
                sa.cast([place for _one, place in places], postgresql.ARRAY(sa.Integer)),
            )
            .table_valued("id", "place", name="given")
            .render_derived()
        )
        session.connection().execute(of_petition.where(key == given.c.id).values(leaf=given.c.place))
    else:  # by the driver itself: a named parameter costs twice what the row does
        one_row = f"UPDATE {table.__tablename__} SET leaf = ? WHERE petition_id = ? AND {key.key} = ?"  # noqa: S608
        session.connection().exec_driver_sql(one_row, [(place, petition_id, one) for one, place in places])


def _limit_time(session: Session) -> None:
    session.execute(
        sa.select(
            sa.func.set_config("statement_timeout", STATEMENT_LIMIT, True),
            sa.func.set_config("idle_in_transaction_session_timeout", STATEMENT_LIMIT, True),
        )
    )


def _turn(joining: Joining) -> tuple[int, int]:
    return joining.petition_id, joining.citizen_id


def _row(signature_id: str, joining: Joining, salt: bytes) -> dict[str, object]:
    return {
        "petition_id": joining.petition_id,
        "id": signature_id,
        "citizen_id": joining.citizen_id,
        "channel": joining.channel,
        "public_name": joining.public_name,
        "territory_kato": joining.territory_kato,
        "consent_version": joining.consent_version,
        "signed_at": joining.signed_at,
        "evidence_sha256": hashlib.sha256(joining.cms).hexdigest(),
        "commitment": commitment(salt, joining.petition_id, joining.iin),
    }


def _evidence(signature_id: str, joining: Joining, salt: bytes) -> dict[str, object]:
    kept = {"text": joining.text.decode(), "cms": base64.b64encode(joining.cms).decode(), "salt": salt.hex()}
    plain = json.dumps(kept, ensure_ascii=False).encode()
    key = {"petition_id": joining.petition_id, "signature_id": signature_id}
    asks = joining.channel == "electronic"  # paper has no certificate that could be revoked
    return key | {
        "sealed": vault.seal(plain, EVIDENCE.context(**key)),
        "revocation": Revocation.PENDING if asks else None,
        "ask_at": joining.signed_at if asks else None,
    }
