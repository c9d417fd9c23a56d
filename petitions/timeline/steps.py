"""Every legal step done: what, when, by whom, why, its facts and the terms it set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from petitions.i18n import format_day, format_moment, pick
from petitions.identity.roles import actor_name
from petitions.law.states import CLOCK_LABELS, ClockKind, Event
from petitions.law.working_days import local_date
from petitions.lifecycle.queries import TransitionRow
from petitions.reference import queries as reference
from petitions.timeline.facts import Bodies, Fact, body_ids, facts
from petitions.timeline.words import term_text


@dataclass(frozen=True)
class Step:
    """One line of the timeline. ``reason`` and written facts are people's own words, in their language."""

    title: str
    state: str  # done, next, overdue
    when: datetime | date | None = None
    by: str = ""
    reason: str = ""
    facts: tuple[Fact, ...] = ()
    terms: tuple[str, ...] = ()
    note: str = ""


def done_steps(session: Session, rows: Sequence[TransitionRow]) -> tuple[Step, ...]:
    """What has happened, in order."""
    ids = set[int]().union(*(body_ids(row.details) for row in rows))
    bodies = reference.bodies(session, sorted(ids)) if ids else {}
    return tuple(_done(row, bodies) for row in rows)


def _done(row: TransitionRow, bodies: Bodies) -> Step:
    late_by_days = local_date(row.recorded_at) != local_date(row.at)
    note = _("Applied on %(moment)s.", moment=format_moment(row.recorded_at)) if late_by_days else ""
    return Step(
        title=pick(row.label, "name"),
        state="done",
        when=row.at,
        by=_by(row),
        reason="" if row.details.get("omitted") else row.reason or "",  # told with its duty
        facts=facts(row.event, row.details, bodies),
        terms=tuple(_term_set(clock) for clock in row.clocks),
        note=note,
    )


def _by(row: TransitionRow) -> str:
    """An appeal may come from anybody concerned: its own facts say from whom."""
    if row.event is Event.APPEAL_FILED and row.actor_kind == "citizen":
        return ""
    return actor_name(row.actor_kind, row.actor_role)


def _term_set(clock: Mapping[str, str | int]) -> str:
    return str(
        _(
            "%(term)s: %(length)s, last day %(day)s",
            term=pick(CLOCK_LABELS[ClockKind(str(clock["kind"]))], "name"),
            length=term_text(int(clock["term"]), str(clock["unit"])),
            day=format_day(date.fromisoformat(str(clock["due_on"]))),
        )
    )
