"""Filling a demonstration: every invented petition is walked through the law by real actions with past times.

A petition that is there is left alone, so that seeding again changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from petitions import db
from petitions.audit import SYSTEM, AuditEntry, record
from petitions.config import Config
from petitions.db import reading, transaction
from petitions.demo.cast import Cast, bring_citizens, bring_staff, registry_at_hand
from petitions.demo.seeds import UNKNOWN_POPULATION, Seed, seeds
from petitions.demo.walker import CannotGoOn, Setting, Walker
from petitions.demo.walks import WALKS
from petitions.errors import DomainError
from petitions.law.editions import NoEdition, edition_on
from petitions.law.errors import LawError
from petitions.law.working_days import ZONE, local_date
from petitions.lifecycle.models import Petition
from petitions.reference import queries as reference
from petitions.reference.kinds import UnitKind
from petitions.reference.models import Territory

Progress = Callable[[str, int, int], None]

A_WHILE = timedelta(hours=2)
FIRST_TERM = timedelta(days=45)  # twenty working days, whatever holidays there are

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """A petition to be made, and when it is filed."""

    seed: Seed
    filed_at: datetime


def seed_demo(config: Config, progress: Progress, now: datetime, wanted: Sequence[Seed] | None = None) -> list[str]:
    """Make the demonstration's people and petitions that are missing; returns what was left out, a line each.

    ``wanted`` are the petitions, by default all of them. Needs an application context.
    Raises RuntimeError outside a demonstration with simulators.
    """
    if config.is_production or not (config.demo and config.simulators):
        raise RuntimeError("demonstrations need PETITIONS_DEMO and PETITIONS_SIMULATORS, never production")
    missing = _missing(seeds() if wanted is None else wanted)
    due, left_out = _due(missing, now)
    first_day = min((each.filed_at for each in due), default=now) - timedelta(days=2)
    staff = bring_staff(config, first_day)
    if not due:
        return left_out
    with registry_at_hand(config), _disk_not_awaited():
        cast = bring_citizens(config, staff, first_day, now)
        return left_out + _walk_all(due, cast, progress, now)


def _missing(wanted: Sequence[Seed]) -> list[Seed]:
    """Known by a line in the audit, or by the title where a walk was cut short."""
    marks = {_mark(seed): seed for seed in wanted}
    with reading() as session:
        done = set(session.scalars(sa.select(AuditEntry.subject).where(AuditEntry.subject.in_(marks))))
        titles = [seed.title for seed in wanted]
        there = set(session.scalars(sa.select(Petition.title).where(Petition.title.in_(titles))))
    return [seed for mark, seed in marks.items() if mark not in done and seed.title not in there]


def _due(missing: Sequence[Seed], now: datetime) -> tuple[list[Due], list[str]]:
    """The oldest first, so that numbers follow the order of filing; and those that do not fit before now."""
    due, left_out = [], []
    for seed in missing:
        filed_at = _filed_at(seed, now)
        if reason := _reason_against(seed, filed_at, now):
            left_out.append(f"{seed.key}: {reason}")
        else:
            due.append(Due(seed, filed_at))
    return sorted(due, key=lambda each: each.filed_at), left_out


def _filed_at(seed: Seed, now: datetime) -> datetime:
    if seed.filed_on is not None:
        return datetime.combine(seed.filed_on, time(10, 40), ZONE)
    if not seed.days:
        return now - A_WHILE
    day = local_date(now) - timedelta(days=seed.days)
    return datetime.combine(day, time(9 + seed.days % 9, 7 * seed.days % 60), ZONE)


def _reason_against(seed: Seed, filed_at: datetime, now: datetime) -> str | None:
    """Why a history of this length cannot lie before now."""
    if filed_at + timedelta(days=WALKS[seed.walk].days) > now:
        return f"the law's clock stands before the end of its history ({local_date(now)})"
    with reading() as session:
        calendar, policy = reference.calendar(session), reference.policy(session)
    try:
        edition_on(local_date(filed_at), policy)
    except NoEdition:
        return f"the law is not in force on {local_date(filed_at)}"
    first_term = filed_at + FIRST_TERM
    unknown = {local_date(moment).year for moment in (filed_at, first_term, now)} - calendar.years
    return f"the calendar does not know {min(unknown)}" if unknown else None


def _walk_all(due: Sequence[Due], cast: Cast, progress: Progress, now: datetime) -> list[str]:
    with reading() as session:
        setting = Setting(cast, now, reference.calendar(session), reference.policy(session))
        unknown = _unit_without_population(due)
        bodies = {
            each.seed.body: body.id
            for each in due
            if each.seed.body and (body := reference.body_by_slug(session, each.seed.body))
        }
    stopped = []
    progress("demonstration", 0, len(due))
    for done, each in enumerate(due, start=1):
        seed = each.seed
        kato = unknown if seed.kato == UNKNOWN_POPULATION else seed.kato
        walker = Walker(seed, setting, kato, bodies.get(seed.body or ""), each.filed_at)
        if reason := _walk(walker):
            stopped.append(f"{seed.key}: {reason}")
        progress("demonstration", done, len(due))
    return stopped


def _walk(walker: Walker) -> str | None:
    """One history; what the law or the calendar does not let go on stays where it came to, with the reason."""
    reason = None
    try:
        WALKS[walker.seed.walk].steps(walker)
    except CannotGoOn:
        reason = "the rest of its history lies ahead"
    except (LawError, DomainError) as error:
        reason = f"stopped by {type(error).__name__}"
        log.info("demonstration %s: %s", walker.seed.key, type(error).__name__)
    walker.settle()
    with transaction() as session:
        details = {"petition": walker.petition_id}
        record(session, actor=SYSTEM, act="seed-demo", subject=_mark(walker.seed), at=walker.at, details=details)
    return reason


@contextmanager
def _disk_not_awaited() -> Iterator[None]:
    """Thousands of commits need not each wait for the disk: SQLite may write them together; a crash loses some."""
    engine = db.engine()
    if engine.dialect.name != "sqlite":
        yield
        return
    event.listen(engine.pool, "checkout", _write_together)
    try:
        yield
    finally:
        event.remove(engine.pool, "checkout", _write_together)
        engine.dispose()  # fresh connections wait for the disk again


def _write_together(connection: Any, record: Any, proxy: Any) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")


def _mark(seed: Seed) -> str:
    return f"demo-petition:{seed.key}"


def _unit_without_population(due: Sequence[Due]) -> str | None:
    """The first rural district whose population nobody has told us."""
    if all(each.seed.kato != UNKNOWN_POPULATION for each in due):
        return None
    wanted = sa.select(Territory.kato).where(
        Territory.population.is_(None), Territory.petition_unit, Territory.kind == UnitKind.RURAL_DISTRICT
    )
    with reading() as session:
        return session.scalar(wanted.order_by(Territory.kato).limit(1))
