"""The one way a petition moves: `advance` sets the state and adds the transition in the same breath (D5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor
from petitions.errors import Conflict, Forbidden, NotFound
from petitions.law.editions import edition
from petitions.law.levels import is_central
from petitions.law.policy import Policy
from petitions.law.states import (
    ActorKind,
    Event,
    Facts,
    IllegalTransition,
    Order,
    State,
    clocks_ended,
    clocks_reopened,
    clocks_started,
    ending,
    next_state,
    rule_for,
)
from petitions.law.working_days import local_date
from petitions.lifecycle.entering import on_entering
from petitions.lifecycle.models import Clock, Petition, Refusal, Transition
from petitions.reference import queries as reference


class NotNow(Conflict):
    """The petition's state does not allow this step any more, or not yet."""

    def __init__(self) -> None:
        super().__init__(_l("The petition has moved on: this step is not possible now. Please look at it again."))


def load(session: Session, petition_id: int) -> Petition:
    """The petition, locked for change, but not against new joinings of it. Raises NotFound."""
    # Each joining checks its foreign key under a KEY SHARE lock; a plain FOR UPDATE would stop them all.
    unlike_joining = {"key_share": True}
    petition = session.get(Petition, petition_id, with_for_update=unlike_joining, populate_existing=True)
    if petition is None:
        raise NotFound
    return petition


def advance(
    session: Session,
    petition: Petition,
    event: Event,
    *,
    by: Actor,
    at: datetime,
    recorded_at: datetime | None = None,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
    appeal_granted: bool = False,
    appeal_to_court: bool = False,
) -> Transition:
    """Apply an event of the law: state, transition row, clocks ended and started, and what entering means.

    ``at`` is when it happened in law, ``recorded_at`` (default the same) when it is applied: the fiftieth
    joining of 23:59 may be counted a second after midnight. ``reason`` and ``details`` are public.
    Raises NotNow, and Forbidden when the law's table does not let this kind of actor cause it.
    """
    recorded_at = recorded_at or at
    law = edition(petition.edition or "")
    order = Order(petition.order or "")
    from_state = State(petition.state)
    try:
        to_state = next_state(
            from_state,
            event,
            order,
            prior_state=_prior_state(session, petition),
            already=events_so_far(session, petition.id),
        )
    except IllegalTransition as error:
        raise NotNow from error
    rule = rule_for(from_state, event, order)
    if rule is None or ActorKind(by.kind) not in rule.by:
        raise Forbidden  # a second lock behind permissions: the law's table says who may cause what
    transition = Transition(
        petition_id=petition.id,
        seq=_next_seq(session, petition.id),
        event=event,
        from_state=from_state,
        to_state=to_state,
        at=at,
        recorded_at=recorded_at,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_role=by.role,
        reason=reason,
        details=dict(details or {}),
        edition=law.id,
        clocks=[],
    )
    session.add(transition)
    session.flush()
    policy = reference.policy(session)
    _end_clocks(session, transition)
    _reopen_clocks(session, transition)
    facts = Facts(
        central=is_central(petition.addressee),
        appeal_granted=appeal_granted,
        appeal_to_court=appeal_to_court,
    )
    _start_clocks(session, petition, transition, facts, policy)
    with session.no_autoflush:  # a state and its facts reach the database together, or a CHECK refuses them
        if to_state != from_state:
            petition.state = to_state
            petition.state_since = at
        on_entering(session, petition, transition, policy)
    session.flush()
    return transition


def running_clocks(session: Session, petition_id: int) -> dict[str, Clock]:
    """The running terms of a petition by kind."""
    rows = session.scalars(sa.select(Clock).where(Clock.petition_id == petition_id, Clock.ended_at.is_(None)))
    return {clock.kind: clock for clock in rows}


def events_so_far(session: Session, petition_id: int) -> frozenset[Event]:
    """Every kind of event that has happened to a petition."""
    rows = session.scalars(sa.select(Transition.event).where(Transition.petition_id == petition_id).distinct())
    return frozenset(Event(row) for row in rows)


def _next_seq(session: Session, petition_id: int) -> int:
    highest = session.scalar(sa.select(sa.func.max(Transition.seq)).where(Transition.petition_id == petition_id))
    return (highest or 0) + 1


def _prior_state(session: Session, petition: Petition) -> State | None:
    """Where a taken-down petition stood; a restore brings it back there."""
    if petition.state != State.TAKEN_DOWN:
        return None
    last = session.scalar(
        sa.select(Transition.from_state)
        .where(Transition.petition_id == petition.id, Transition.event == Event.TAKEN_DOWN)
        .order_by(Transition.seq.desc())
        .limit(1)
    )
    return State(last) if last else None


def _end_clocks(session: Session, transition: Transition) -> None:
    rules = clocks_ended(Event(transition.event), State(transition.from_state))
    running = running_clocks(session, transition.petition_id) if rules else {}
    for kind, rule in rules.items():
        if clock := running.get(kind):
            clock.ended_at = transition.recorded_at
            clock.ended_by_id = transition.id
            clock.ending = ending(rule, clock.due_on, transition.at)


def _reopen_clocks(session: Session, transition: Transition) -> None:
    """A restored petition's check runs on with its due day unchanged; the mistaken refusal is lifted."""
    kinds = clocks_reopened(Event(transition.event), State(transition.from_state))
    for kind in kinds:
        clock = session.scalars(
            sa.select(Clock)
            .where(Clock.petition_id == transition.petition_id, Clock.kind == kind)
            .order_by(Clock.id.desc())
            .limit(1)
        ).one()
        clock.ended_at = clock.ending = clock.ended_by_id = None
    if kinds:
        session.execute(
            sa.update(Refusal)
            .where(Refusal.petition_id == transition.petition_id, Refusal.lifted_at.is_(None))
            .values(lifted_at=transition.recorded_at)
        )


def _start_clocks(session: Session, petition: Petition, transition: Transition, facts: Facts, policy: Policy) -> None:
    calendar = reference.calendar(session)
    specs = clocks_started(
        Event(transition.event),
        State(transition.to_state),
        edition(transition.edition),
        policy,
        facts,
        from_state=State(transition.from_state),
    )
    for spec in specs:
        started_on = _start_day(petition, transition, spec.counted_from)
        due_on = spec.due(started_on, calendar, policy)
        session.add(
            Clock(
                petition_id=petition.id,
                kind=spec.kind,
                started_on=started_on,
                term=spec.term,
                unit=spec.unit,
                due_on=due_on,
                started_by_id=transition.id,
            )
        )
        shown = {"kind": str(spec.kind), "term": spec.term, "unit": str(spec.unit)}
        shown |= {"started_on": started_on.isoformat(), "due_on": due_on.isoformat()}
        transition.clocks = [*transition.clocks, shown]
    session.flush()


def _start_day(petition: Petition, transition: Transition, counted_from: str) -> date:
    """Opening is the day it became public; every other term runs from the day the event happened in law."""
    if counted_from == "draft":
        return local_date(petition.created_at)
    return local_date(transition.recorded_at if transition.to_state == State.OPEN else transition.at)
