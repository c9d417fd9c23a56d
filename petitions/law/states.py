"""The one table of transitions, and what each state permits.

Who moves a petition asks `next_state`; what is not in the table does not happen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from petitions.law.clocks import (
    CLOCKS,
    EXPIRES_QUIETLY,
    ClockInfo,
    ClockSpec,
    EndingRule,
    Facts,
    Nature,
    clock_due,
    clocks_ended,
    clocks_reopened,
    clocks_started,
    ending,
    is_overdue,
)
from petitions.law.errors import LawError
from petitions.law.policy import DEFAULT_POLICY, Policy
from petitions.law.vocabulary import (
    CLOCK_LABELS,
    ENDING_LABELS,
    EVENT_LABELS,
    ORDER_LABELS,
    STATE_LABELS,
    ActorKind,
    ClockKind,
    Ending,
    Event,
    Label,
    Order,
    State,
)

__all__ = [
    "CLOCKS",
    "CLOCK_LABELS",
    "ENDING_LABELS",
    "EVENT_LABELS",
    "EXPIRES_QUIETLY",
    "LINK_ONLY",
    "ONCE",
    "ORDER_LABELS",
    "PUBLIC",
    "RECORDS",
    "STATE_LABELS",
    "TERMINAL",
    "TRANSITIONS",
    "ActorKind",
    "ClockInfo",
    "ClockKind",
    "ClockSpec",
    "Ending",
    "EndingRule",
    "Event",
    "Facts",
    "IllegalTransition",
    "Label",
    "Nature",
    "NextStep",
    "Order",
    "State",
    "TransitionRule",
    "clock_due",
    "clocks_ended",
    "clocks_reopened",
    "clocks_started",
    "closes_signing",
    "ending",
    "is_link_only",
    "is_overdue",
    "is_public",
    "is_signable",
    "link_is_active",
    "next_state",
    "next_step",
    "permitted_events",
    "rule_for",
    "signable_states",
]


class IllegalTransition(LawError):
    """The event cannot happen to a petition in this state."""

    def __init__(self, state: State, event: Event, reason: str = "") -> None:
        self.state = state
        self.event = event
        detail = f": {reason}" if reason else ""
        super().__init__(f"{event} cannot happen to a petition that is {state}{detail}")


@dataclass(frozen=True, slots=True)
class TransitionRule:
    """A row of the table. `to_state` None: the petition stays (a record), unless `to_prior`: it returns to
    the state it was taken down from. `order` None: the same in both orders of check and support."""

    event: Event
    from_states: frozenset[State]
    to_state: State | None
    by: frozenset[ActorKind]
    article: str
    order: Order | None = None
    to_prior: bool = False

    @property
    def is_record(self) -> bool:
        """Whether the event leaves the state as it is."""
        return self.to_state is None and not self.to_prior

    @property
    def label(self) -> Label:
        return EVENT_LABELS[self.event]


@dataclass(frozen=True, slots=True)
class NextStep:
    """The legal step that comes next, and the clock whose due day is its day (None: at once or no term)."""

    event: Event
    clock: ClockKind | None


def next_state(
    state: State,
    event: Event,
    order: Order,
    prior_state: State | None = None,
    already: Collection[Event] = (),
) -> State:
    """The state after `event`. Raises IllegalTransition.

    `prior_state`: where a taken-down petition stood. `already`: events that happened before, to refuse a
    second one of those in ONCE.
    """
    rule = rule_for(state, event, order)
    if rule is None:
        raise IllegalTransition(state, event)
    if event in ONCE and event in already:
        raise IllegalTransition(state, event, "it has happened already")
    if not rule.to_prior:
        return rule.to_state or state
    if prior_state is None or prior_state not in TAKE_DOWN_STATES:
        raise IllegalTransition(state, event, "the state before the take-down is not known")
    return prior_state


def rule_for(state: State, event: Event, order: Order) -> TransitionRule | None:
    """The row of the table for this state, event and order, or None."""
    return _BY_KEY.get((state, event, order))


def permitted_events(state: State, order: Order, by: ActorKind | None = None) -> tuple[Event, ...]:
    """Every event the table permits in `state`, optionally only those that `by` may cause."""
    return tuple(
        rule.event
        for event in Event
        if (rule := rule_for(state, event, order)) is not None and (by is None or by in rule.by)
    )


def signable_states(order: Order) -> frozenset[State]:
    """The states in which citizens may join; with support first the link stays open during the check."""
    signable = {State.SUPPORTING, State.OPEN, State.REACHED}
    return frozenset(signable | {State.CHECKING}) if order is Order.SUPPORT_FIRST else frozenset(signable)


def is_signable(
    state: State, order: Order, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> bool:
    """Whether a citizen may join at `now`: a comparison of times, right even when no worker runs."""
    if state not in signable_states(order) or opens_at is None:
        return False
    return opens_at <= now and (closes_at is None or now < closes_at)


def closes_signing(event: Event, policy: Policy = DEFAULT_POLICY) -> bool:
    """Whether `event` writes `closes_at`, so that joining ends with it."""
    if event is Event.THRESHOLD_REACHED:
        return policy.choice("collection_closes") == "at_threshold"
    return event in _CLOSES_SIGNING


def is_public(state: State) -> bool:
    """Openly published: in lists, search, feeds, counts. A refused petition is public with its refusal."""
    return state in PUBLIC


def is_link_only(state: State) -> bool:
    """Reachable by its unguessable link only (90-2; practice of the state site)."""
    return state in LINK_ONLY


def link_is_active(state: State, order: Order) -> bool:
    """Whether the link opens the page for others: with the check first, only after the check is passed."""
    return state in LINK_ONLY and not (state is State.CHECKING and order is Order.CHECK_FIRST)


def next_step(state: State, *, sending_by_hand: bool = False, statement_made: bool = False) -> NextStep | None:
    """The legal step that comes next for a petition in `state`; None when the law asks nothing more."""
    if state is State.CHECKING:
        return NextStep(Event.ACCEPTED, ClockKind.CHECK)
    if state is State.REACHED:
        return NextStep(Event.SENT, ClockKind.SENDING if sending_by_hand else None)
    if state is State.PUBLISHED:
        return None if statement_made else NextStep(Event.STATEMENT_MADE, None)
    return _NEXT.get(state)


_DRAFT, _CHECKING, _SUPPORTING, _OPEN = State.DRAFT, State.CHECKING, State.SUPPORTING, State.OPEN
_AFTER_OPENING = (
    State.OPEN,
    State.REACHED,
    State.SENT,
    State.EXAMINATION,
    State.DECIDED,
    State.PUBLISHED,
)
_AFTER_FILING = tuple(state for state in State if state is not State.DRAFT)
_MESSAGE_ENDS = (State.MESSAGE_ANSWERED, State.MESSAGE_NOTED, State.MESSAGE_TERMINATED)
_RETURNED = (State.RETURNED, State.FORWARDED, State.MESSAGE, *_MESSAGE_ENDS)
_APPEALED = (State.REFUSED, State.LAPSED, State.EXAMINATION, State.DECIDED, State.PUBLISHED, *_MESSAGE_ENDS)

TAKE_DOWN_STATES = frozenset({*_AFTER_OPENING, State.REFUSED, *_RETURNED})
PUBLIC = TAKE_DOWN_STATES
LINK_ONLY = frozenset({State.CHECKING, State.SUPPORTING, State.LAPSED, State.WITHDRAWN})
TERMINAL = frozenset({State.REFUSED, State.LAPSED, State.WITHDRAWN, State.PUBLISHED, *_MESSAGE_ENDS})
"""The law asks no further step; an appeal, a new decision or a restoring may still follow."""
ONCE = frozenset({Event.DEEMED_REFUSED})

_CITIZEN = frozenset({ActorKind.CITIZEN})
_STAFF = frozenset({ActorKind.STAFF})
_SYSTEM = frozenset({ActorKind.SYSTEM})


def _moves(
    event: Event,
    from_states: Iterable[State],
    to_state: State,
    by: frozenset[ActorKind],
    article: str,
    order: Order | None = None,
) -> TransitionRule:
    return TransitionRule(event, frozenset(from_states), to_state, by, article, order)


def _record(event: Event, states: Iterable[State], by: frozenset[ActorKind], article: str) -> TransitionRule:
    return TransitionRule(event, frozenset(states), None, by, article)


_SF, _CF = Order.SUPPORT_FIRST, Order.CHECK_FIRST

TRANSITIONS: tuple[TransitionRule, ...] = (
    # Filing: the author on the site, or staff who place a written application on it.
    _moves(Event.FILED, [_DRAFT], _CHECKING, _CITIZEN | _STAFF, "90-2(1)-(2)", _CF),
    _moves(Event.FILED, [_DRAFT], _SUPPORTING, _CITIZEN | _STAFF, "90-2(1)-(2)", _SF),
    # The check and the 50 supporters, in either order.
    _moves(Event.ACCEPTED, [_CHECKING], _SUPPORTING, _STAFF, "90-2(4)-(8)", _CF),
    _moves(Event.ACCEPTED, [_CHECKING], _OPEN, _STAFF, "90-2(4)-(8)", _SF),
    _moves(Event.REFUSED, [_CHECKING], State.REFUSED, _STAFF, "90-2(6), 80(5)"),
    _moves(Event.SUPPORT_REACHED, [_SUPPORTING], _OPEN, _SYSTEM, "90-2(4)-(5)", _CF),
    _moves(Event.SUPPORT_REACHED, [_SUPPORTING], _CHECKING, _SYSTEM, "90-2(4)-(5)", _SF),
    _moves(Event.LAPSED, [_SUPPORTING], State.LAPSED, _SYSTEM, "90-2(4)-(5)"),
    _moves(Event.WITHDRAWN, [_CHECKING, _SUPPORTING], State.WITHDRAWN, _CITIZEN, "policy: author_withdraws"),
    # Collection.
    _moves(Event.THRESHOLD_REACHED, [_OPEN], State.REACHED, _SYSTEM, "90-3(4)"),
    _moves(Event.RETURNED, [_OPEN], State.RETURNED, _SYSTEM, "90-3(5)"),
    _moves(Event.FORWARDED, [State.RETURNED], State.FORWARDED, _SYSTEM, "90-3(5), 89"),
    _moves(Event.MESSAGE_REGISTERED, [State.FORWARDED], State.MESSAGE, _SYSTEM, "90-3(5), 64(3)"),
    _moves(Event.MESSAGE_ANSWERED, [State.MESSAGE], State.MESSAGE_ANSWERED, _STAFF, "89"),
    _moves(Event.MESSAGE_NOTED, [State.MESSAGE], State.MESSAGE_NOTED, _STAFF, "89"),
    _moves(Event.MESSAGE_TERMINATED, [State.MESSAGE], State.MESSAGE_TERMINATED, _STAFF, "89"),
    # Examination.
    _moves(Event.SENT, [State.REACHED], State.SENT, _SYSTEM | _STAFF, "90-4"),
    _moves(Event.REGISTERED, [State.SENT], State.EXAMINATION, _SYSTEM, "90-5, 64(3)"),
    _record(Event.DEEMED_REFUSED, [State.EXAMINATION], _SYSTEM, "91(2)"),
    _moves(Event.DECIDED, [State.EXAMINATION], State.DECIDED, _STAFF, "90-6"),
    _moves(Event.DECIDED_ANEW, [State.PUBLISHED], State.DECIDED, _STAFF, "90-6, 99"),
    _moves(Event.PUBLISHED, [State.DECIDED], State.PUBLISHED, _STAFF | _SYSTEM, "90-6"),
    # Taking down by legal order, and restoring; both by a senior moderator.
    _moves(Event.TAKEN_DOWN, TAKE_DOWN_STATES, State.TAKEN_DOWN, _STAFF, "policy: take_down"),
    _moves(Event.RESTORED, [State.REFUSED], _CHECKING, _STAFF, "policy: restore_after_refusal"),
    TransitionRule(Event.RESTORED, frozenset({State.TAKEN_DOWN}), None, _STAFF, "policy: take_down", to_prior=True),
    # Dated records: the petition stays where it is.
    _record(Event.REDIRECTED, [_CHECKING, _SUPPORTING], _STAFF, "90-2(2)"),
    _record(Event.BODY_QUERIED, [_CHECKING], _STAFF, "90-2(4)-(8)"),
    _record(Event.BODY_REPLIED, [_CHECKING, _SUPPORTING, State.REFUSED, *_AFTER_OPENING], _STAFF, "90-2(4)-(8)"),
    _record(Event.MEDIA_INFORMED, [*_AFTER_OPENING, *_RETURNED], _STAFF | _SYSTEM, "90-2(4)-(8)"),
    _record(Event.STEPPED_BACK, _AFTER_OPENING, _CITIZEN, "policy: author_withdraws"),
    _record(Event.COLLECTION_EXTENDED, [_OPEN], _STAFF, "policy: outage_extension"),
    _record(Event.SENDING_NOTIFIED, _AFTER_OPENING[2:], _SYSTEM | _STAFF, "90-4"),
    _record(
        Event.BODY_NUMBER_ENTERED,
        [State.EXAMINATION, State.DECIDED, State.PUBLISHED, State.MESSAGE, *_MESSAGE_ENDS],
        _STAFF,
        "64(3)",
    ),
    _record(Event.VISITED, [State.EXAMINATION], _STAFF, "90-5"),
    _record(Event.VISIT_WAIVED, [State.EXAMINATION], _STAFF, "90-5"),
    _record(Event.DISCUSSION_ANNOUNCED, [State.EXAMINATION], _STAFF, "90-5"),
    _record(Event.DISCUSSION_HELD, [State.EXAMINATION], _STAFF, "90-5"),
    _record(Event.GROUP_FORMED, [State.EXAMINATION], _STAFF, "90-5"),
    _record(Event.COMMENTS_ANALYSED, [State.EXAMINATION], _STAFF, "90-5"),
    _record(Event.PRACTICE_STUDIED, [State.EXAMINATION], _STAFF, "90-5"),
    _record(Event.STATEMENT_MADE, [State.PUBLISHED], _STAFF, "90-6"),
    _record(Event.APPEAL_FILED, _APPEALED, _CITIZEN | _STAFF, "91-92, 136"),
    _record(Event.APPEAL_PASSED_UP, _APPEALED, _STAFF, "91-92"),
    _record(Event.APPEAL_DECIDED, [_CHECKING, *_APPEALED], _STAFF, "99"),
    _record(Event.COMMITMENT_MADE, [State.DECIDED, State.PUBLISHED], _STAFF, "own practice"),
    _record(Event.COMMITMENT_UPDATED, [State.DECIDED, State.PUBLISHED], _STAFF, "own practice"),
    _record(
        Event.CLOCKS_RECOMPUTED,
        _AFTER_FILING,
        _STAFF,
        "policy: calendar_change",
    ),
)

RECORDS = frozenset(rule.event for rule in TRANSITIONS if rule.is_record)

_CLOSES_SIGNING = frozenset(
    {Event.REFUSED, Event.WITHDRAWN, Event.LAPSED, Event.SENT, Event.RETURNED, Event.TAKEN_DOWN}
)
_NEXT: Mapping[State, NextStep] = MappingProxyType(
    {
        State.DRAFT: NextStep(Event.FILED, None),
        State.SUPPORTING: NextStep(Event.SUPPORT_REACHED, ClockKind.SUPPORT),
        State.OPEN: NextStep(Event.THRESHOLD_REACHED, ClockKind.COLLECTION),
        State.SENT: NextStep(Event.REGISTERED, None),
        State.EXAMINATION: NextStep(Event.DECIDED, ClockKind.CONSIDERATION),
        State.DECIDED: NextStep(Event.PUBLISHED, ClockKind.PUBLICATION),
        State.RETURNED: NextStep(Event.FORWARDED, None),
        State.FORWARDED: NextStep(Event.MESSAGE_REGISTERED, None),
        State.MESSAGE: NextStep(Event.MESSAGE_ANSWERED, ClockKind.MESSAGE),
    }
)


def _index() -> Mapping[tuple[State, Event, Order], TransitionRule]:
    table: dict[tuple[State, Event, Order], TransitionRule] = {}
    for rule in TRANSITIONS:
        for state in rule.from_states:
            for order in [rule.order] if rule.order else list(Order):
                if (state, rule.event, order) in table:
                    raise AssertionError(f"two rows of the table for {state}, {rule.event}, {order}")
                table[state, rule.event, order] = rule
    return MappingProxyType(table)


_BY_KEY = _index()
