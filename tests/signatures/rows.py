"""Single joinings, by the append writer, without the pages and without the law around them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from petitions.db import reading, transaction
from petitions.law.states import Event
from petitions.lifecycle import queries
from petitions.lifecycle.queries import ClockRow, Standing, TransitionRow
from petitions.reference.actions import set_policy
from petitions.signatures import writer
from petitions.signatures.models import Signature
from tests.making import SETTLEMENT, Actor

ADMINISTRATOR = Actor("staff", None, "administrator")


def join_one(petition_id: int, citizen_id: int, at: datetime, *, kato: str | None = SETTLEMENT) -> str:
    """One joining, not yet counted. Raises AlreadySigned."""
    with transaction() as session:
        (made,) = writer.append(session, [joining(petition_id, citizen_id, at, kato=kato)])
    if made is None:
        raise writer.AlreadySigned
    return made


def joining(petition_id: int, citizen_id: int, at: datetime, *, kato: str | None = SETTLEMENT) -> writer.Joining:
    return writer.Joining(
        petition_id=petition_id,
        citizen_id=citizen_id,
        iin=f"{citizen_id:012d}",
        channel="electronic",
        public_name="Үлгі С.",
        territory_kato=kato,
        consent_version="test",
        signed_at=at,
        text="Мәтін".encode(),
        cms=f"cms {petition_id} {citizen_id} {at.isoformat()}".encode(),
    )


def take_back(petition_id: int, citizen_id: int, at: datetime) -> str:
    with transaction() as session:
        return writer.take_back(session, petition_id, citizen_id, at)


def rows_in_force(petition_id: int) -> int:
    with reading() as session:
        wanted = sa.select(sa.func.count()).where(
            Signature.petition_id == petition_id, Signature.withdrawn_at.is_(None)
        )
        return session.scalar(wanted) or 0


def standing(petition_id: int) -> Standing:
    with reading() as session:
        return queries.standing(session, petition_id)


def steps(petition_id: int) -> list[TransitionRow]:
    with reading() as session:
        return queries.transitions(session, petition_id)


def step(petition_id: int, event: Event) -> TransitionRow:
    """The one transition with this event."""
    (found,) = [one for one in steps(petition_id) if one.event == event]
    return found


def happened(petition_id: int) -> list[Event]:
    return [one.event for one in steps(petition_id)]


def clock(petition_id: int, kind: str) -> ClockRow:
    """The newest term of a kind."""
    with reading() as session:
        return [one for one in queries.clocks(session, petition_id) if one.kind == kind][-1]


def policy(name: str, value: str, at: datetime) -> None:
    set_policy(name, value, "a test of the other reading", ADMINISTRATOR, at)
