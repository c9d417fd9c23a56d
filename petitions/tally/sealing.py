"""Sealing: unsealed rows, in order, in one transaction, alone. The only place that counts supporters."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from petitions.audit import Actor
from petitions.db import is_postgresql, reading, retried, transaction
from petitions.errors import DomainError, NotFound
from petitions.law.editions import EDITIONS
from petitions.law.errors import LawError
from petitions.law.states import Event, State
from petitions.lifecycle.advance import advance, load
from petitions.lifecycle.models import Petition
from petitions.log.entries import JOINING
from petitions.log.growing import LogDiffers, Totals, grow
from petitions.log.models import LogHead
from petitions.log.tree import Damaged
from petitions.reference import queries as reference
from petitions.signatures.models import Removal, Signature
from petitions.signatures.writer import number
from petitions.tally.models import HourlyTally, Tally, TerritoryTally
from petitions.tally.queries import by_territory, territories_file
from petitions.tally.reaching import Enough, enough_for, first_reached, has_enough, history, joined_so_far

TALLY = Actor("system", None, "tally")
BATCH = {"postgresql": 10_000, "sqlite": 1_000}  # SQLite's signers wait while a batch is sealed
WRITTEN = "written"  # the channel of a joining on paper
LOCK = 7_215_301  # any number, the same in every process: one tally at a time

BROKEN = (IntegrityError, LogDiffers, Damaged, NotFound)
"""How rows, counters and log that do not belong together show themselves."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One row to seal: a joining adds one, a removal takes one."""

    petition_id: int
    signature_id: str
    moment: datetime
    step: int
    territory_kato: str | None
    rank: int  # of things that happened in one moment
    is_written: bool  # joined on paper

    @property
    def place(self) -> tuple[datetime, int, str]:
        return self.moment, self.rank, self.signature_id


def seal(at: datetime) -> int:
    """Number, count and log what is not sealed yet, and apply the events the count decides. Returns rows sealed.

    Batch by batch, each one transaction. A look first, so that a quiet second takes no lock.
    """
    with reading() as session:
        if not (_something_waits(session) or _maybe_decided(session)):
            return 0
    total, stuck = 0, set[int]()
    while True:
        sealed, more = _seal(at, stuck)
        total += sealed
        if not more:
            return total


def grow_logs(at: datetime) -> int:
    """Bring logs up to counts that were made before there were logs. Returns how many were behind and grew."""
    with reading() as session:
        size = sa.func.coalesce(LogHead.size, 0)
        behind = sa.select(Tally.petition_id).outerjoin(LogHead, LogHead.petition_id == Tally.petition_id)
        ids = list(session.scalars(behind.where(Tally.joinings + Tally.removals > size)))
    return sum(_grown(petition_id, at) for petition_id in ids)


def _grown(petition_id: int, at: datetime) -> bool:
    try:
        return _grow_log(petition_id, at)
    except BROKEN as error:
        log.error("the log of petition %d cannot grow, run `flask doctor`: %s", petition_id, type(error).__name__)
        return False


@retried
def _grow_log(petition_id: int, at: datetime) -> bool:
    with transaction() as session:
        tally = session.get(Tally, petition_id) if _is_alone(session) else None
        if tally is not None:
            _log(session, tally, at)
        return tally is not None


@retried
def _seal(at: datetime, stuck: set[int]) -> tuple[int, bool]:
    """One batch: how many rows, and whether more may wait. Petitions that cannot be sealed are added to ``stuck``."""
    with transaction() as session:
        if not _is_alone(session):
            return 0, False
        most = BATCH[session.get_bind().dialect.name]
        entries = _unsealed(session, most, stuck)
        sealed: dict[int, list[Entry]] = defaultdict(list)
        for entry in entries:
            sealed[entry.petition_id].append(entry)
        done = [each for each in sorted(sealed) if _sealed(session, each, sealed[each], at)]
        stuck.update(sealed.keys() - set(done))
        for petition_id in sorted({*done, *_maybe_decided(session)}):
            _decide(session, petition_id, sealed.get(petition_id, []), at)
        return sum(len(sealed[each]) for each in done), len(entries) >= most


def _sealed(session: Session, petition_id: int, entries: Sequence[Entry], at: datetime) -> bool:
    """Seal one petition. One whose counters or tiles were tampered with waits for `flask doctor`, and alone."""
    try:
        with session.begin_nested():
            _seal_petition(session, petition_id, entries, at)
    except BROKEN as error:
        log.error("petition %d cannot be sealed, run `flask doctor`: %s", petition_id, type(error).__name__)
        return False
    return True


def _is_alone(session: Session) -> bool:
    """SQLite's immediate transaction is exclusive by itself; on PostgreSQL an advisory lock makes it so."""
    return not is_postgresql(session) or bool(session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK))))


def _something_waits(session: Session) -> bool:
    joined = sa.exists().where(Signature.leaf.is_(None))
    removed = sa.exists().where(Removal.leaf.is_(None))
    return bool(session.scalar(sa.select(sa.or_(joined, removed))))


def _unsealed(session: Session, most: int, stuck: Collection[int]) -> list[Entry]:
    """What waits, in the order in which it happened; a removal never comes before its joining.

    Without the petitions that are ``stuck``: their rows, always the oldest, would soon fill every batch.
    """
    joined = sa.select(
        Signature.petition_id, Signature.id, Signature.signed_at, Signature.territory_kato, Signature.channel
    )
    joined = joined.where(Signature.leaf.is_(None), Signature.petition_id.not_in(stuck))
    joined = joined.order_by(Signature.signed_at, Signature.id).limit(most)
    new = [
        Entry(p, i, moment, 1, kato, 1, channel == WRITTEN) for p, i, moment, kato, channel in session.execute(joined)
    ]
    waiting = {(entry.petition_id, entry.signature_id): entry.moment for entry in new}
    removed = (
        sa.select(Removal.petition_id, Removal.signature_id, Removal.removed_at)
        .add_columns(Signature.territory_kato, Signature.leaf, Signature.channel)
        .join(
            Signature,
            sa.and_(Signature.petition_id == Removal.petition_id, Signature.id == Removal.signature_id),
        )
        .where(Removal.leaf.is_(None), Removal.petition_id.not_in(stuck))
        .order_by(Removal.removed_at)
        .limit(most)
    )
    if len(new) == most:  # what was taken back after the last of them waits for its turn
        removed = removed.where(Removal.removed_at <= new[-1].moment)
    gone = []
    for petition_id, signature_id, moment, kato, leaf, channel in session.execute(removed):
        joined_at = waiting.get((petition_id, signature_id))
        if leaf is None and joined_at is None:
            continue
        # Leaving and joining again within one moment: the count must not rise above the truth in between.
        rank = 2 if joined_at == moment else 0
        gone.append(Entry(petition_id, signature_id, moment, -1, kato, rank, channel == WRITTEN))
    return sorted([*new, *gone], key=lambda entry: entry.place)


def _seal_petition(session: Session, petition_id: int, entries: Sequence[Entry], at: datetime) -> None:
    tally = _tally(session, petition_id, at)
    own_unit = session.scalar(sa.select(Petition.territory_kato).where(Petition.id == petition_id))
    paths = {kato: reference.kato_path(session, kato) for kato in {entry.territory_kato for entry in entries}}
    by_top: dict[str, int] = defaultdict(int)
    residents = written = 0
    numbered: dict[int, list[tuple[str, int]]] = {1: [], -1: []}
    for leaf, entry in enumerate(entries, start=tally.joinings + tally.removals):
        path = paths[entry.territory_kato]
        by_top[path[0] if path else ""] += entry.step
        residents += entry.step if own_unit in path else 0
        written += entry.step if entry.is_written else 0
        numbered[entry.step].append((entry.signature_id, leaf))
    number(session, Signature.id, petition_id, numbered[1])
    number(session, Removal.signature_id, petition_id, numbered[-1])
    tally.joinings += len(numbered[1])
    tally.removals += len(numbered[-1])
    tally.residents += residents
    tally.written += written
    tally.sealed_at = at
    for kato, change in by_top.items():
        row = session.get(TerritoryTally, (petition_id, kato))
        if row is None:
            session.add(TerritoryTally(petition_id=petition_id, territory_kato=kato, count=change))
        else:
            row.count += change
    session.flush()
    _log(session, tally, at)


def _log(session: Session, tally: Tally, at: datetime) -> None:
    """The log up to the count, and the hours its new leaves belong to."""
    territories = territories_file(by_territory(session, tally.petition_id))
    hours = grow(session, tally.petition_id, Totals(tally.joinings, tally.removals, territories), at)
    for (hour, kind), more in hours.items():
        row = session.get(HourlyTally, (tally.petition_id, hour))
        if row is None:
            row = HourlyTally(petition_id=tally.petition_id, hour=hour, joinings=0, removals=0)
            session.add(row)
        if kind == JOINING:
            row.joinings += more
        else:
            row.removals += more
    session.flush()


def _tally(session: Session, petition_id: int, at: datetime) -> Tally:
    tally = session.get(Tally, petition_id)
    if tally is None:
        tally = Tally(petition_id=petition_id, joinings=0, removals=0, residents=0, written=0, sealed_at=at)
        session.add(tally)
        session.flush()
    return tally


def _maybe_decided(session: Session) -> list[int]:
    """Petitions whose count was enough before they waited for it: the threshold is compared at opening."""
    joined = Tally.joinings - Tally.removals
    waiting = sa.select(Petition.id).join(Tally, Tally.petition_id == Petition.id)
    waiting = waiting.where(
        sa.or_(
            sa.and_(Petition.state == State.OPEN, joined >= Petition.required),
            sa.and_(Petition.state == State.SUPPORTING, joined >= LEAST_SUPPORT),
        )
    )
    return [petition_id for petition_id in session.scalars(waiting) if has_enough(session, petition_id)]


def _decide(session: Session, petition_id: int, entries: Sequence[Entry], at: datetime) -> None:
    """SUPPORT_REACHED and THRESHOLD_REACHED, once each. One petition that cannot move holds up no other."""
    try:
        with session.begin_nested():
            while _moved(session, petition_id, entries, at):
                pass
    except (DomainError, LawError) as error:
        log.error("petition %d has enough supporters and cannot move: %s", petition_id, type(error).__name__)


def _moved(session: Session, petition_id: int, entries: Sequence[Entry], at: datetime) -> bool:
    """Apply the event the count decides, with the time of the joining that decided; False when none does."""
    petition = load(session, petition_id)
    since = petition.opened_at if petition.state == State.OPEN else petition.opens_at
    if petition.state not in EVENTS or since is None:
        return False
    enough = enough_for(petition, reference.policy(session))
    joined = joined_so_far(session, petition_id)
    steps = [(entry.moment, entry.step) for entry in entries]
    before = joined - sum(change for _moment, change in steps)
    touched = enough(joined) or first_reached(steps, enough, since=since, before=before) is not None
    if not touched and not _paper_may_decide(session, petition_id, entries, enough):
        return False
    decided_at = first_reached(history(session, petition_id), enough, since=since)
    if decided_at is None and not touched:
        return False
    event = EVENTS[State(petition.state)]
    advance(session, petition, event, by=TALLY, at=min(decided_at or at, at), recorded_at=at)
    return True


def _paper_may_decide(session: Session, petition_id: int, entries: Sequence[Entry], enough: Enough) -> bool:
    """A sheet counts by the day it was received: it may have been enough then, though others left since.

    Whether it was, only the whole history tells; it is not read where all that ever joined are too few.
    """
    if not any(entry.is_written for entry in entries):
        return False
    return enough(session.get_one(Tally, petition_id).joinings)


LEAST_SUPPORT = min(law.support_needed.value for law in EDITIONS.values())
EVENTS = {State.SUPPORTING: Event.SUPPORT_REACHED, State.OPEN: Event.THRESHOLD_REACHED}
