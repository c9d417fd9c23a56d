"""The storm, sustained: ten times the recorded peak on one petition, readers beside, and a look at what is left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import sqlalchemy as sa

from petitions.bench import signers, site
from petitions.bench.counting import wait_for_worker, watch
from petitions.bench.figures import Figure, Goal
from petitions.bench.running import Measured, Target, child, in_words, loading
from petitions.bench.signing import rows_of
from petitions.bench.stage import Stage
from petitions.db import reading
from petitions.signatures.models import Signature
from petitions.tally import queries as tally

WARMING = 5.0  # seconds
CROWD = 200
"""Connections of those who sign: when the disk is slow, more people wait at once."""
SETTLED = 0.2
"""The share of the run after which memory should not grow any more."""


def soak(stage: Stage) -> Iterator[Figure]:
    """Signatures and pages come at their own pace, whether the site keeps up or not; RSA and the worker are real."""
    scale = stage.scale
    warm = int(scale.soak_rate * WARMING)
    count = warm + int(scale.soak_rate * scale.soak_seconds)
    petition_id = stage.open_petition("Өзенге көпір салу керек")
    signers.bring(count)
    signed = signers.signed(petition_id, count, stage.shared, stage.folder / stage.engine)
    server = stage.product("shipped")
    signers.seen_now(count)
    file = stage.folder / "soak-joinings"
    warming = signers.write_joinings(stage.site.app, signed, stage.folder / "soak-warming", stop=warm)
    signers.write_joinings(stage.site.app, signed, file, rate=scale.soak_rate, first=warm)
    page, number = stage.page_of(petition_id), f"/petitions/{petition_id}/count.json"
    readers = stage.get(server, page, number, page, number, f"/ru/petitions/{petition_id}", "/kk/petitions")
    memory: list[float] = []
    with ExitStack() as stack:
        worker = stack.enter_context(child(site.worker_command(), stage.site.started_with()))
        wait_for_worker(worker, petition_id)
        target = Target(server, file, expected=303, repeat=False)
        first = _warmed(Target(server, warming, expected=303, repeat=False), scale.soak_rate)
        signing = stack.enter_context(loading(target, scale.soak_seconds, rate=scale.soak_rate, connections=CROWD))
        reading_load = stack.enter_context(loading(readers, scale.soak_seconds, rate=scale.readers_rate))
        signing.begin()
        reading_load.begin()
        began = time.monotonic()
        watched = watch(petition_id, signing, lambda: memory.append(max(each.resident for each in server.workers())))
        seconds = time.monotonic() - began
        signs, reads = signing.finish(), reading_load.finish()
    file.unlink()
    yield from _figures(stage, petition_id, first, signs, reads)
    yield Figure("soak.lag", stage.engine, watched.highest, "s", goal=Goal("at most", 5, "value"))
    settled = memory[int(len(memory) * SETTLED)]
    beside = {"settled": settled, "end": memory[-1], "peak": max(memory), "seconds": seconds}
    goal = Goal("at most", 10, "value")
    yield Figure("soak.memory-growth", stage.engine, memory[-1] - settled, "MiB", goal=goal, details=beside)


def _warmed(target: Target, rate: float) -> int:
    """Let the first ones sign before anything is measured; returns how many were accepted."""
    with loading(target, WARMING + 5, rate=rate, connections=CROWD) as signing:
        signing.begin()
        measured = signing.finish()
    return measured.answered - measured.errors


def _figures(stage: Stage, petition_id: int, first: int, signs: Measured, reads: Measured) -> Iterator[Figure]:
    engine, none = stage.engine, Goal("at most", 0, "value")
    stored, people, unsealed = rows_of(petition_id), _people(petition_id), rows_of(petition_id, unsealed=True)
    rate, goal = stage.scale.soak_rate, Goal("at least", 0.99)
    accepted = first + signs.answered - signs.errors
    beside = {"p50_ms": signs.p50_ms, "max_ms": signs.max_ms, "server_cpus": signs.cpu_seconds / signs.seconds}
    yield Figure("soak.accepted", engine, signs.per_second, "signatures/s", rate, signs.per_second / rate, goal, beside)
    wrong = {"first": in_words(signs.first_bad or reads.first_bad)} if signs.errors + reads.errors else {}
    yield Figure("soak.errors", engine, signs.errors + reads.errors, "answers", goal=none, details=wrong)
    yield Figure("soak.lost", engine, accepted - stored + unsealed + _uncounted(petition_id), "signatures", goal=none)
    yield Figure("soak.doubled", engine, stored - people, "signatures", goal=none)
    yield Figure("soak.p99", engine, signs.p99_ms, "ms", goal=Goal("at most", 250, "value"))
    rate, per_second = stage.scale.readers_rate, reads.per_second
    beside = {"p50_ms": reads.p50_ms, "p99_ms": reads.p99_ms, "max_ms": reads.max_ms}
    yield Figure("soak.readers", engine, per_second, "req/s", rate, per_second / rate, goal, beside)


def _people(petition_id: int) -> int:
    wanted = sa.select(sa.func.count(sa.distinct(Signature.citizen_id))).where(
        Signature.petition_id == petition_id, Signature.citizen_id.between(signers.FIRST_CITIZEN, signers.LAST_CITIZEN)
    )
    with reading() as session:
        return session.scalar(wanted) or 0


def _uncounted(petition_id: int) -> int:
    """How far the public number is from the rows."""
    wanted = sa.select(sa.func.count()).where(Signature.petition_id == petition_id, Signature.withdrawn_at.is_(None))
    with reading() as session:
        return abs((session.scalar(wanted) or 0) - tally.count(session, petition_id))
