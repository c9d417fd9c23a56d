"""Signing through the whole door: session, challenge, certificate chain, eligibility, sealed evidence, commit."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from petitions.bench import naive, signers
from petitions.bench.figures import Figure, Goal
from petitions.bench.pages import memory
from petitions.bench.running import Failed, Measured
from petitions.bench.stage import Stage, alone, by_clock, by_cpu, median, rates
from petitions.db import reading
from petitions.signatures.models import Signature

ACCEPTED_GOAL = {"sqlite": 0.40, "postgresql": 0.35}
UNSIGNED, SIGNED, SLOW = "sign.accepted", "sign.accepted-rsa", "sign.slow-disk"


def accepted(stage: Stage) -> Iterator[Figure]:
    """Signatures accepted, kept on the disk when answered, beside a bare POST and beside the naive application.

    A wait for the disk costs no processor time, and the loader costs some: a ratio is the lower of the two, by the
    clock and by processor time.
    """
    naive_url = _naive_url(stage)
    naive.prepare(naive_url)
    targets = {
        "limit.post": stage.post(stage.beside("constant"), repeat=True),
        "limit.naive": stage.post(stage.beside("naive", {naive.DATABASE: naive_url}), repeat=True),
        UNSIGNED: stage.post(stage.product("unsigned"), repeat=False),
        SIGNED: stage.post(stage.product("shipped"), repeat=False),
    }
    found = stage.compare(targets, before=lambda name: _fresh(stage, name))
    _check_kept(stage, found[SIGNED][-1])
    post, ours = found["limit.post"], found[UNSIGNED]
    yield alone("limit.post", post, stage.engine)
    yield alone("limit.naive", found["limit.naive"], stage.engine, "signatures/s")
    yield _beside(stage, UNSIGNED, ours, post, Goal("at least", ACCEPTED_GOAL[stage.engine]))
    p50, p99 = (median(getattr(each, name) for each in ours) for name in ("p50_ms", "p99_ms"))
    yield Figure("sign.p99", stage.engine, p99, "ms", goal=Goal("at most", 25, "value"), details={"p50_ms": p50})
    yield _beside(stage, "sign.over-naive", ours, found["limit.naive"], Goal("at least", 5))
    yield _beside(stage, SIGNED, found[SIGNED], post, None)
    yield memory(stage, "memory.signing", stage.product("shipped"))


def on_a_slow_disk(stage: Stage) -> Iterator[Figure]:
    """The same where every commit takes 2 ms longer: who commits together waits together."""
    targets = {
        UNSIGNED: stage.post(stage.product("unsigned"), repeat=False),
        SLOW: stage.post(stage.product("slow-disk"), repeat=False),
    }
    found = stage.compare(targets, before=lambda name: _fresh(stage, name))
    slow, fast = found[SLOW], found[UNSIGNED]
    yield Figure(
        SLOW,
        stage.engine,
        median(each.per_second for each in slow),
        "signatures/s",
        limit=median(each.per_second for each in fast),
        ratio=by_clock(slow, fast),
        goal=Goal("at least", 0.55),
        details=rates(slow),
    )


def rows_of(petition_id: int, *, unsealed: bool = False) -> int:
    """How many joinings of the petition's signers are stored (not yet sealed)."""
    wanted = sa.select(sa.func.count()).where(
        Signature.petition_id == petition_id,
        Signature.citizen_id.between(signers.FIRST_CITIZEN, signers.LAST_CITIZEN),
    )
    with reading() as session:
        return session.scalar(wanted.where(Signature.leaf.is_(None)) if unsealed else wanted) or 0


def _fresh(stage: Stage, name: str) -> None:
    """The same people sign again and again, as if they never had."""
    if name in (UNSIGNED, SIGNED, SLOW):
        signers.forget_joinings(stage.storm)
        signers.seen_now(stage.scale.signers)


def _check_kept(stage: Stage, last: Measured) -> None:
    kept = rows_of(stage.storm, unsealed=True)
    if kept != last.answered:
        raise Failed(f"{last.answered} signatures were accepted and {kept} are stored")


def _beside(stage: Stage, name: str, ours: list[Measured], limit: list[Measured], goal: Goal | None) -> Figure:
    return Figure(
        name,
        stage.engine,
        median(each.per_second for each in ours),
        "signatures/s",
        limit=median(each.per_second for each in limit),
        ratio=min(by_clock(ours, limit), by_cpu(ours, limit)),
        goal=goal,
        details={"by_clock": by_clock(ours, limit), "by_cpu": by_cpu(ours, limit)} | rates(ours),
    )


def _naive_url(stage: Stage) -> str:
    if stage.engine == "sqlite":
        return f"sqlite:///{stage.site.folder / 'naive.sqlite'}"
    return sa.make_url(stage.site.config.database_url).set(database="naive").render_as_string(hide_password=False)
