"""The counters against the rows they were made of, and the log against both. Repairs counters, never rows or log."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import versions
from petitions.audit import Actor, record
from petitions.db import is_postgresql, reading, retried, transaction
from petitions.errors import NotFound
from petitions.lifecycle.models import Petition
from petitions.log import entries, tree
from petitions.log.growing import Totals, grow
from petitions.log.queries import head, tile_reader
from petitions.log.verifier import leaf_hash, read_checkpoint
from petitions.reference import queries as reference
from petitions.reference.models import SUBJECT as REFERENCE
from petitions.signatures.models import Removal, Signature
from petitions.tally.models import HourlyTally, Tally, TerritoryTally
from petitions.tally.queries import territories_file
from petitions.tally.sealing import LOCK, WRITTEN

CHUNK = 10_000
DOCTOR = Actor("system", None, "doctor")

Hours = dict[datetime, tuple[int, int]]


@dataclass(frozen=True)
class Counters:
    """The numbers of one petition: as they stand, or as its sealed rows give them."""

    joinings: int
    removals: int
    residents: int
    written: int
    territories: dict[str, int]
    hours: Hours


@dataclass(frozen=True)
class Finding:
    """One thing that differs. ``counter``: a counter, which `repair` sets right."""

    petition_id: int
    what: str
    stands: object
    should_be: object
    counter: bool


def petitions_joined() -> list[int]:
    """Every petition that has a row, a counter or a log to compare."""
    with reading() as session:
        joined = sa.select(Petition.id).where(
            sa.or_(
                sa.exists().where(Tally.petition_id == Petition.id),
                sa.exists().where(Signature.petition_id == Petition.id),
            )
        )
        return list(session.scalars(joined.order_by(Petition.id)))


@retried
def examine(petition_id: int, at: datetime, *, repair: bool = False) -> list[Finding]:
    """What differs for one petition at one moment; with ``repair``, while no tally runs, its counters are set right,
    its checkpoint is signed again if they were in it, and both are audited."""
    if not repair:
        with reading(snapshot=True) as session:
            return _compared(session, petition_id)[0]
    with transaction() as session:
        if is_postgresql(session):
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        found, should_be = _compared(session, petition_id)
        if any(finding.counter for finding in found):
            _set(session, petition_id, should_be, at)
            details = {each.what: [str(each.stands), str(each.should_be)] for each in found if each.counter}
            subject = f"petition:{petition_id}"
            record(session, actor=DOCTOR, act="repair-counters", subject=subject, at=at, details=details)
            if all(finding.counter for finding in found):  # the same leaves, signed with the right numbers
                session.flush()
                grow(session, petition_id, _totals(should_be), at)
        return found


def _compared(session: Session, petition_id: int) -> tuple[list[Finding], Counters]:
    stand, should_be = _standing(session, petition_id), _recounted(session, petition_id)
    return [*_counters(petition_id, stand, should_be), *_log(session, petition_id, should_be)], should_be


def _totals(counters: Counters) -> Totals:
    return Totals(counters.joinings, counters.removals, territories_file(counters.territories))


def _standing(session: Session, petition_id: int) -> Counters:
    tally = session.get(Tally, petition_id)
    territories = sa.select(TerritoryTally.territory_kato, TerritoryTally.count)
    hours = sa.select(HourlyTally.hour, HourlyTally.joinings, HourlyTally.removals)
    by_territory: Iterable[Any] = session.execute(territories.where(TerritoryTally.petition_id == petition_id))
    by_hour: Iterable[Any] = session.execute(hours.where(HourlyTally.petition_id == petition_id))
    return Counters(
        joinings=tally.joinings if tally else 0,
        removals=tally.removals if tally else 0,
        residents=tally.residents if tally else 0,
        written=tally.written if tally else 0,
        territories={kato: count for kato, count in by_territory if count},
        hours={hour: (joined, removed) for hour, joined, removed in by_hour},
    )


def _recounted(session: Session, petition_id: int) -> Counters:
    own_unit = session.scalar(sa.select(Petition.territory_kato).where(Petition.id == petition_id))
    joined = _by_residence(session, petition_id, Signature.leaf, removed=False)
    removed = _by_residence(session, petition_id, Removal.leaf, removed=True)
    territories: dict[str, int] = defaultdict(int)
    residents = 0
    for kato in {*joined, *removed}:
        path, in_force = reference.kato_path(session, kato), joined.get(kato, 0) - removed.get(kato, 0)
        territories[path[0] if path else ""] += in_force
        residents += in_force if own_unit in path else 0
    return Counters(
        joinings=sum(joined.values()),
        removals=sum(removed.values()),
        residents=residents,
        written=_written(session, petition_id),
        territories={kato: count for kato, count in territories.items() if count},
        hours=_by_hour(session, petition_id),
    )


def _by_residence(session: Session, petition_id: int, leaf: Any, *, removed: bool) -> dict[str | None, int]:
    wanted = sa.select(Signature.territory_kato, sa.func.count()).where(Signature.petition_id == petition_id)
    if removed:
        taken_back = sa.and_(Removal.petition_id == Signature.petition_id, Removal.signature_id == Signature.id)
        wanted = wanted.join(Removal, taken_back)
    rows = session.execute(wanted.where(leaf.is_not(None)).group_by(Signature.territory_kato))
    return dict(rows.all())


def _written(session: Session, petition_id: int) -> int:
    """Joinings on paper in force, as sealed."""
    taken_back = sa.and_(Removal.petition_id == Signature.petition_id, Removal.signature_id == Signature.id)
    joined, removed = session.execute(
        sa.select(sa.func.count(), sa.func.count(Removal.leaf))
        .select_from(Signature)
        .outerjoin(Removal, taken_back)
        .where(Signature.petition_id == petition_id, Signature.channel == WRITTEN, Signature.leaf.is_not(None))
    ).one()
    return joined - removed


def _by_hour(session: Session, petition_id: int) -> Hours:
    hours: dict[datetime, list[int]] = defaultdict(lambda: [0, 0])
    for place, table, moment in ((0, Signature, Signature.signed_at), (1, Removal, Removal.removed_at)):
        if is_postgresql(session):
            hour = sa.func.to_char(sa.func.timezone("UTC", moment), "YYYY-MM-DD HH24")
        else:
            hour = sa.func.strftime("%Y-%m-%d %H", moment)
        wanted = sa.select(hour, sa.func.count()).where(table.petition_id == petition_id, table.leaf.is_not(None))
        for text, number in session.execute(wanted.group_by(sa.text("1"))):
            hours[datetime.strptime(text, "%Y-%m-%d %H").replace(tzinfo=UTC)][place] = number
    return {hour: (joined, removed) for hour, (joined, removed) in hours.items()}


def _counters(petition_id: int, stand: Counters, should_be: Counters) -> list[Finding]:
    found = []
    for name in ("joinings", "removals", "residents", "written"):
        one, other = getattr(stand, name), getattr(should_be, name)
        if one != other:
            found.append(Finding(petition_id, name, one, other, True))
    for name, parts in (("territory", "territories"), ("hour", "hours")):
        many, others = getattr(stand, parts), getattr(should_be, parts)
        differ = sorted(key for key in {*many, *others} if many.get(key) != others.get(key))
        found += [Finding(petition_id, f"{name} {key}", many.get(key), others.get(key), True) for key in differ]
    return found


def _log(session: Session, petition_id: int, should_be: Counters) -> list[Finding]:
    """The tree's size is joinings + removals, its leaves are the rows, its root and the numbers are what was signed."""
    known, totals = head(session, petition_id), _totals(should_be)
    if (known.size if known else 0) != totals.size:
        return [Finding(petition_id, "log size", known.size if known else 0, totals.size, False)]
    if known is None:
        return []
    try:
        changed = _first_changed(session, petition_id, totals.size)
        root = tree.root(tile_reader(session, petition_id), totals.size)
    except (NotFound, tree.Damaged):
        return [Finding(petition_id, "log tiles", "a tile is missing or too short", "all tiles", False)]
    if changed is not None:
        return [Finding(petition_id, f"log entry {changed}", "not what the row gives", "the row's entry", False)]
    signed = read_checkpoint(known.note)
    if signed.root != root:
        return [Finding(petition_id, "log root", signed.root.hex(), root.hex(), False)]
    file = known.territories
    digest = hashlib.sha256(totals.territories.encode()).hexdigest()
    numbers = (f"count {totals.joinings} {totals.removals}", f"territories {digest}")
    if tuple(signed.extensions) != numbers or file != totals.territories:
        return [Finding(petition_id, "signed numbers", " ".join(signed.extensions), " ".join(numbers), True)]
    return []


def _first_changed(session: Session, petition_id: int, size: int) -> int | None:
    """The first place whose row is missing or gives another entry than the log holds."""
    for start in range(0, size, CHUNK):
        read = tile_reader(session, petition_id)  # it keeps what it has read: no more than a chunk's
        stop = min(start + CHUNK, size)
        leaves = {leaf.index: leaf for leaf in entries.between(session, petition_id, start, stop)}
        for index in range(start, stop):
            n, place = divmod(index, tree.WIDTH)
            held = read(0, n)[place * tree.HASH_BYTES : (place + 1) * tree.HASH_BYTES]
            if index not in leaves or leaf_hash(leaves[index].entry) != held:
                return index
    return None


def _set(session: Session, petition_id: int, counters: Counters, at: datetime) -> None:
    versions.changed(session, REFERENCE)  # what pages keep of shares is kept under the numbers alone
    for table in (TerritoryTally, HourlyTally):
        session.execute(sa.delete(table).where(table.petition_id == petition_id))
    tally = session.get(Tally, petition_id) or Tally(petition_id=petition_id, sealed_at=at)
    tally.joinings, tally.removals, tally.residents = counters.joinings, counters.removals, counters.residents
    tally.written = counters.written
    session.add(tally)
    session.add_all(
        TerritoryTally(petition_id=petition_id, territory_kato=kato, count=count)
        for kato, count in counters.territories.items()
    )
    session.add_all(
        HourlyTally(petition_id=petition_id, hour=hour, joinings=joined, removals=removed)
        for hour, (joined, removed) in counters.hours.items()
    )
