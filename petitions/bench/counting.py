"""Counting what was joined: how far the number lags, how fast rows are sealed, what the tree and a proof cost."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import clock, db
from petitions.bench import crowd, signers, site
from petitions.bench.figures import Figure, Goal
from petitions.bench.running import Child, Failed, Loading, checked, child, loading
from petitions.bench.signing import rows_of
from petitions.bench.stage import Stage, median_of, short, timed
from petitions.db import reading
from petitions.log import queries as log
from petitions.log import tree
from petitions.log.entries import between
from petitions.log.verifier import check_inclusion, leaf_hash
from petitions.signatures.models import Signature
from petitions.tally.sealing import seal

POLL_SECONDS = 0.25
PATIENCE = 60.0
PROVEN = 200
LEAVES_AT_ONCE = 10_000


def lag(stage: Stage) -> Iterator[Figure]:
    """At a steady rate with the real worker beside: the age of the oldest joining that is not counted yet."""
    scale = stage.scale
    signers.forget_joinings(stage.storm)
    signers.seen_now(scale.signers)
    target = stage.post(stage.product("shipped"), repeat=False)
    already = rows_of(stage.storm)
    with child(site.worker_command(), stage.site.started_with()) as worker:
        wait_for_worker(worker, stage.storm)
        with loading(target, scale.lag_seconds, rate=scale.lag_rate) as load:
            load.begin()
            began = time.monotonic()
            watched = watch(stage.storm, load)
            measured = checked(load.finish(), target.server)
        seconds = time.monotonic() - began
    kept = rows_of(stage.storm) - already
    if kept != measured.answered:
        raise Failed(f"{measured.answered} signatures were accepted and {kept} are stored")
    details = {"accepted_per_second": measured.per_second, "p99_ms": measured.p99_ms}
    yield Figure("count.lag", stage.engine, watched.highest, "s", goal=Goal("at most", 2, "value"), details=details)
    kept_pace = measured.per_second / scale.lag_rate
    per_second = measured.answered / seconds
    pace = Goal("at least", 0.95)
    yield Figure("count.counted", stage.engine, per_second, "signatures/s", scale.lag_rate, kept_pace, pace)


def sealing(stage: Stage) -> Iterator[Figure]:
    """`seal.durable`: joinings numbered, counted and logged with their tiles, each batch kept on the disk."""
    petition_id = stage.open_petition("Саябаққа ағаш отырғызу керек")
    with reading() as session:
        already = session.scalar(sa.select(sa.func.count()).where(Signature.petition_id == petition_id)) or 0
    joined = [already]

    def rate() -> float:
        since = site.OPENED + timedelta(hours=joined[0])
        crowd.join(petition_id, stage.scale.sealed, since=since, until=since + timedelta(minutes=10), already=joined[0])
        joined[0] += stage.scale.sealed
        return stage.scale.sealed / timed(lambda: seal(site.AT))

    value = median_of(stage.scale.rounds, rate)
    yield Figure("seal.durable", stage.engine, value, "joinings/s", goal=Goal("at least", 10_000, "value"))


def appending(stage: Stage) -> Iterator[Figure]:
    """`log.append`: entries hashed and the tree grown in memory, by the hundred tiles."""
    entries = [f"joining\n1\n{n:064x}\n{n:064x}\n2026-06-01T06:00Z\n".encode() for n in range(stage.scale.leaves)]

    def rate() -> float:
        return len(entries) / timed(lambda: _grown(entries))

    value = median_of(stage.scale.rounds, rate)
    yield Figure("log.append", stage.engine, value, "leaves/s", goal=Goal("at least", 300_000, "value"))


def proofs(stage: Stage) -> Iterator[Figure]:
    """`log.proof`: the path of a random leaf read out of the database, and checked against the root."""
    for size in stage.scale.sizes[1:]:
        petition_id = stage.petitions[size]
        with reading() as session:
            spent = _proven(session, petition_id, size)
        goal = Goal("at most", 1, "value")
        value = spent["proof_ms"] + spent["check_ms"]
        yield Figure(f"log.proof-{short(size)}", stage.engine, value, "ms", goal=goal, details=spent)


def _proven(session: Session, petition_id: int, size: int) -> dict[str, float]:
    """Milliseconds that a proof, its check and a whole receipt take, by the median of many leaves."""
    chance = random.Random(size)
    root = tree.root(log.tile_reader(session, petition_id), size)
    spent: dict[str, list[float]] = {"proof_ms": [], "check_ms": [], "receipt_ms": []}
    for _number in range(PROVEN):
        index = chance.randrange(size)
        (entry,) = between(session, petition_id, index, index + 1)
        leaf = leaf_hash(entry.entry)
        began = time.perf_counter()
        path = log.inclusion_path(session, petition_id, index, size)
        proven = time.perf_counter()
        check_inclusion(leaf, index, size, path, root)
        checked_at = time.perf_counter()
        log.receipt(session, petition_id, index)
        moments = (began, proven, checked_at, time.perf_counter())
        for name, (before, after) in zip(spent, itertools.pairwise(moments), strict=True):
            spent[name].append(1000 * (after - before))
    return {name: statistics.median(values) for name, values in spent.items()}


@dataclass
class Watched:
    """What was seen of the count while it was watched. ``highest`` is the longest lag in seconds."""

    highest: float = 0.0
    lags: list[float] = field(default_factory=list)


def watch(petition_id: int, load: Loading, *others: Callable[[], object]) -> Watched:
    """Look at the count until the load is over and everything is counted; ``others`` are called at every look.

    Raises Failed when what was joined is not counted within a minute.
    """
    found = Watched()
    over: float | None = None
    while True:
        oldest = oldest_unsealed(petition_id)
        if over is None and not load.is_running():
            over = time.monotonic()
        if oldest is None and over is not None:
            return found
        if oldest is not None:
            found.lags.append(oldest)
            found.highest = max(found.highest, oldest)
        if over is not None and time.monotonic() - over > PATIENCE:
            raise Failed("what was joined is not counted")
        for other in others:
            other()
        time.sleep(POLL_SECONDS)


def oldest_unsealed(petition_id: int) -> float | None:
    """The age in seconds of the oldest joining that the tally has not counted; None when there is none."""
    wanted = sa.select(sa.func.min(Signature.signed_at)).where(
        Signature.petition_id == petition_id, Signature.leaf.is_(None)
    )
    with reading() as session:
        oldest = session.scalar(wanted)
    return None if oldest is None else max(0.0, (clock.now() - oldest).total_seconds())


def wait_for_worker(worker: Child, petition_id: int) -> None:
    """Let one of the crowd join and wait until the worker has counted it. Raises Failed after a minute."""
    crowd.join(petition_id, 1, since=clock.now(), until=clock.now(), already=_crowd_in(petition_id))
    until = time.monotonic() + PATIENCE
    while oldest_unsealed(petition_id) is not None:
        if time.monotonic() > until:
            raise Failed(f"the worker does not count: {worker.complaint()}")
        time.sleep(0.1)


def _crowd_in(petition_id: int) -> int:
    wanted = sa.select(sa.func.count()).where(
        Signature.petition_id == petition_id, Signature.citizen_id >= crowd.FIRST_CITIZEN
    )
    with db.engine().connect() as connection:
        return connection.scalar(wanted) or 0


def _grown(entries: list[bytes]) -> bytes:
    tiles: dict[tree.Tile, bytes] = {}

    def read(level: int, n: int) -> bytes:
        return tiles[level, n]

    for size in range(0, len(entries), LEAVES_AT_ONCE):
        hashes = [leaf_hash(entry) for entry in entries[size : size + LEAVES_AT_ONCE]]
        tiles |= tree.grow(read, size, hashes)
    return tree.root(read, len(entries))
