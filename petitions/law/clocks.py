"""Which terms each event starts and ends: data, so that the lifecycle only writes rows.

On one event the lifecycle first ends clocks (`clocks_ended`), then starts new ones (`clocks_started`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from petitions.law.editions import Edition, Term
from petitions.law.policy import DEFAULT_POLICY, Policy
from petitions.law.vocabulary import CLOCK_LABELS, ClockKind, Ending, Event, Label, State
from petitions.law.working_days import Calendar, Unit, due_day, end_of_day


class Nature(StrEnum):
    """Where a term comes from."""

    LEGAL = "legal"
    POLICY = "policy"
    INFORMATIONAL = "informational"


@dataclass(frozen=True, slots=True)
class ClockInfo:
    """What a kind of clock is: `breach` says that running past the due day is shown as overdue."""

    kind: ClockKind
    nature: Nature
    breach: bool
    article: str

    @property
    def label(self) -> Label:
        return CLOCK_LABELS[self.kind]


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """A term to start. `counted_from` is "event" or, by the policy `check_term_from`, "draft"."""

    kind: ClockKind
    term: int
    unit: Unit
    article: str
    counted_from: str = "event"

    def due(self, start: date, calendar: Calendar, policy: Policy = DEFAULT_POLICY) -> date:
        """The due day of this term when day zero is `start`."""
        return clock_due(self.kind, start, self.term, self.unit, calendar, policy)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the clocks ask about a petition besides its state.

    `central`: the body whose act is appealed or awaited is a central one. The check is made by a ministry,
    so for a refusal or a lapse the lifecycle need not say so. `remedies_named`: the decision explained the
    right of appeal; silence never does. `appeal_granted`: what came out of the complaint.
    `appeal_to_court`: where it went.
    """

    central: bool = False
    remedies_named: bool = True
    appeal_granted: bool = False
    appeal_to_court: bool = False


NO_FACTS = Facts()


class EndingRule(StrEnum):
    """How an event ends a running clock."""

    MET_OR_LATE = "met_or_late"
    MET_OR_LAPSED = "met_or_lapsed"
    MET = "met"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


def clocks_started(
    event: Event,
    to_state: State,
    edition: Edition,
    policy: Policy = DEFAULT_POLICY,
    facts: Facts = NO_FACTS,
    *,
    from_state: State | None = None,
) -> list[ClockSpec]:
    """The terms that start with `event`, which led to `to_state`; day zero is the event's day.

    A restored petition starts none: see `clocks_reopened`. `from_state` is needed only to tell apart what
    an appeal is against.
    """
    if event is Event.RESTORED or event is Event.TAKEN_DOWN:
        return []
    if to_state is State.SUPPORTING and event in (Event.FILED, Event.ACCEPTED):
        return _support(edition)
    if to_state is State.CHECKING and event in (Event.FILED, Event.SUPPORT_REACHED):
        return [_check(event, edition, policy)]
    if to_state is State.OPEN and event in (Event.ACCEPTED, Event.SUPPORT_REACHED):
        return [
            _spec(ClockKind.COLLECTION, edition.collection),
            _spec(ClockKind.MEDIA_LETTERS, edition.media_letters),
        ]
    return _of_the_body(event, edition, policy, facts) or _of_appeal(event, edition, policy, facts, from_state)


def clocks_ended(event: Event, from_state: State | None = None) -> Mapping[ClockKind, EndingRule]:
    """Which running clocks `event` ends, and how. `from_state` matters for RESTORED only."""
    if event is Event.RESTORED:
        return _RESTORED_FROM_REFUSAL if from_state is State.REFUSED else _NOTHING
    return _ENDED.get(event, _NOTHING)


def clocks_reopened(event: Event, from_state: State | None) -> frozenset[ClockKind]:
    """Ended clocks that `event` opens again, with their due day unchanged (section 9: restoring)."""
    if event is Event.RESTORED and from_state is State.REFUSED:
        return frozenset({ClockKind.CHECK})
    return frozenset()


def ending(rule: EndingRule, due: date, at: datetime) -> Ending:
    """How a clock due on `due` ended, if ended at the aware moment `at` under `rule`."""
    in_time = at < end_of_day(due)
    if rule is EndingRule.MET_OR_LATE:
        return Ending.MET if in_time else Ending.LATE
    if rule is EndingRule.MET_OR_LAPSED:
        return Ending.MET if in_time else Ending.LAPSED
    return Ending(rule.value)


def clock_due(
    kind: ClockKind,
    start: date,
    term: int,
    unit: Unit | str,
    calendar: Calendar,
    policy: Policy = DEFAULT_POLICY,
) -> date:
    """The due day of a clock. Ends in months move to a working day, but the collection's stay (policy)."""
    moves = policy.flag("collection_end_moves") if kind is ClockKind.COLLECTION else True
    return due_day(start, term, unit, calendar, moves_to_working_day=moves)


def is_overdue(kind: ClockKind, due: date, now: datetime) -> bool:
    """Whether a clock still running at `now` has passed its due day in a way that is somebody's breach."""
    return CLOCKS[kind].breach and now >= end_of_day(due)


def _support(edition: Edition) -> list[ClockSpec]:
    support = _spec(ClockKind.SUPPORT, edition.support_written)
    if not edition.has_electronic_support_term:
        return [support]
    return [_spec(ClockKind.SUPPORT_ELECTRONIC, edition.support_electronic), support]


def _check(event: Event, edition: Edition, policy: Policy) -> ClockSpec:
    term = edition.check
    by_draft = event is Event.FILED and policy.choice("check_term_from") == "draft_created"
    counted_from = "draft" if by_draft else "event"
    return ClockSpec(ClockKind.CHECK, term.length, term.unit, term.article, counted_from)


def _of_the_body(event: Event, edition: Edition, policy: Policy, facts: Facts) -> list[ClockSpec]:
    if event is Event.THRESHOLD_REACHED and policy.flag("sending_by_hand"):
        days = policy.integer("sending_days")
        return [ClockSpec(ClockKind.SENDING, days, Unit.WORKING_DAYS, "policy: sending_days")]
    if event is Event.REGISTERED:
        return [_spec(ClockKind.CONSIDERATION, edition.consideration(central=facts.central))]
    term = {
        Event.SENT: (ClockKind.SENDING_NOTICE, edition.sending_notice),
        Event.DISCUSSION_ANNOUNCED: (ClockKind.DISCUSSION_NOTICE, edition.discussion_notice),
        Event.DECIDED: (ClockKind.PUBLICATION, edition.publication),
        Event.DECIDED_ANEW: (ClockKind.PUBLICATION, edition.publication),
        Event.MESSAGE_REGISTERED: (ClockKind.MESSAGE, edition.message),
    }.get(event)
    return [_spec(*term)] if term else []


def _of_appeal(
    event: Event, edition: Edition, policy: Policy, facts: Facts, from_state: State | None
) -> list[ClockSpec]:
    by_ministry = event in _MINISTRY_ACTS or from_state in _AFTER_A_MINISTRY_ACT
    to_court = (facts.central or by_ministry) and policy.choice("ministry_appeal") == "court"
    if event in _APPEALABLE:
        return [_first_remedy(event, edition, facts, to_court=to_court)]
    if facts.appeal_to_court:
        return []  # a court's own terms are not ours to run
    if event is Event.APPEAL_FILED and not to_court:
        return [_spec(ClockKind.APPEAL_PASS_UP, edition.appeal_pass_up)]
    if event is Event.APPEAL_PASSED_UP:
        return [_spec(ClockKind.APPEAL_REVIEW, edition.appeal_review)]
    if event is Event.APPEAL_DECIDED and not to_court and not facts.appeal_granted:
        return [_spec(ClockKind.COURT, edition.court)]
    return []


def _first_remedy(event: Event, edition: Edition, facts: Facts, *, to_court: bool) -> ClockSpec:
    # 91-92, 136: a ministry has no superior complaint body, so its acts go to court at once.
    if to_court:
        return _spec(ClockKind.COURT, edition.court)
    named = facts.remedies_named and event is not Event.DEEMED_REFUSED  # who is silent names none
    term = edition.appeal if named else edition.appeal_remedies_not_named
    return _spec(ClockKind.APPEAL, term)


def _spec(kind: ClockKind, term: Term) -> ClockSpec:
    return ClockSpec(kind, term.length, term.unit, term.article)


def _info(kind: ClockKind, nature: Nature, breach: bool, article: str) -> ClockInfo:
    return ClockInfo(kind, nature, breach, article)


CLOCKS: Mapping[ClockKind, ClockInfo] = MappingProxyType(
    {
        info.kind: info
        for info in (
            _info(ClockKind.CHECK, Nature.LEGAL, True, "90-2(4)-(8)"),
            _info(ClockKind.SUPPORT_ELECTRONIC, Nature.LEGAL, False, "90-2(4)-(5)"),
            _info(ClockKind.SUPPORT, Nature.LEGAL, False, "90-2(4)-(5)"),
            _info(ClockKind.MEDIA_LETTERS, Nature.LEGAL, True, "90-2(4)-(8)"),
            _info(ClockKind.COLLECTION, Nature.LEGAL, False, "90-3(2)"),
            _info(ClockKind.SENDING, Nature.POLICY, True, "policy: sending_days"),
            _info(ClockKind.SENDING_NOTICE, Nature.LEGAL, True, "90-4"),
            _info(ClockKind.CONSIDERATION, Nature.LEGAL, True, "90-5"),
            _info(ClockKind.PUBLICATION, Nature.LEGAL, True, "90-6"),
            _info(ClockKind.MESSAGE, Nature.LEGAL, True, "90-3(5), 76(1)"),
            _info(ClockKind.DISCUSSION_NOTICE, Nature.INFORMATIONAL, False, "90-5"),
            _info(ClockKind.APPEAL, Nature.LEGAL, False, "92"),
            _info(ClockKind.APPEAL_PASS_UP, Nature.LEGAL, True, "91-92"),
            _info(ClockKind.APPEAL_REVIEW, Nature.LEGAL, True, "99"),
            _info(ClockKind.COURT, Nature.LEGAL, False, "136"),
        )
    }
)

EXPIRES_QUIETLY = frozenset(
    {ClockKind.SUPPORT_ELECTRONIC, ClockKind.DISCUSSION_NOTICE, ClockKind.APPEAL, ClockKind.COURT}
)
"""Clocks that no event ends when they pass: the sweep writes LAPSED on them, and the petition stays."""

_MINISTRY_ACTS = frozenset({Event.REFUSED, Event.LAPSED})
# Back in the check after a refusal was lifted, the appeal is still one against the ministry.
_AFTER_A_MINISTRY_ACT = frozenset({State.REFUSED, State.LAPSED, State.CHECKING})
_MESSAGE_ENDS = (Event.MESSAGE_ANSWERED, Event.MESSAGE_NOTED, Event.MESSAGE_TERMINATED)
_APPEALABLE = frozenset({Event.REFUSED, Event.LAPSED, Event.DEEMED_REFUSED, Event.PUBLISHED, *_MESSAGE_ENDS})

_NOTHING: Mapping[ClockKind, EndingRule] = MappingProxyType({})
_MET_OR_LATE = EndingRule.MET_OR_LATE
_CANCELLED = EndingRule.CANCELLED

_RESTORED_FROM_REFUSAL: Mapping[ClockKind, EndingRule] = MappingProxyType(
    dict.fromkeys((ClockKind.APPEAL, ClockKind.COURT, ClockKind.APPEAL_PASS_UP, ClockKind.APPEAL_REVIEW), _CANCELLED)
)
_ENDED: Mapping[Event, Mapping[ClockKind, EndingRule]] = MappingProxyType(
    {
        Event.ACCEPTED: {ClockKind.CHECK: _MET_OR_LATE},
        Event.REFUSED: {ClockKind.CHECK: _MET_OR_LATE},
        Event.WITHDRAWN: dict.fromkeys((ClockKind.CHECK, ClockKind.SUPPORT, ClockKind.SUPPORT_ELECTRONIC), _CANCELLED),
        # The deciding joining may be a paper one after the electronic term has run out (2024).
        Event.SUPPORT_REACHED: {
            ClockKind.SUPPORT: EndingRule.MET,
            ClockKind.SUPPORT_ELECTRONIC: EndingRule.MET_OR_LAPSED,
        },
        Event.LAPSED: dict.fromkeys((ClockKind.SUPPORT, ClockKind.SUPPORT_ELECTRONIC), EndingRule.LAPSED),
        Event.MEDIA_INFORMED: {ClockKind.MEDIA_LETTERS: _MET_OR_LATE},
        Event.THRESHOLD_REACHED: {ClockKind.COLLECTION: EndingRule.MET},
        Event.RETURNED: {ClockKind.COLLECTION: EndingRule.LAPSED},
        Event.SENT: {ClockKind.SENDING: _MET_OR_LATE},
        Event.SENDING_NOTIFIED: {ClockKind.SENDING_NOTICE: _MET_OR_LATE},
        # A postponed discussion needs a new notice: the old one is overtaken.
        Event.DISCUSSION_ANNOUNCED: {ClockKind.DISCUSSION_NOTICE: EndingRule.CANCELLED},
        Event.DISCUSSION_HELD: {ClockKind.DISCUSSION_NOTICE: EndingRule.MET},
        # 91(2): the silence is a fact once the mark stands; a decision made later does not undo it.
        Event.DEEMED_REFUSED: {ClockKind.CONSIDERATION: EndingRule.LAPSED},
        Event.DECIDED: {ClockKind.CONSIDERATION: _MET_OR_LATE, ClockKind.DISCUSSION_NOTICE: _CANCELLED},
        # A published decision is a new act with its own term; what ran from an earlier act is overtaken.
        Event.PUBLISHED: {
            ClockKind.PUBLICATION: _MET_OR_LATE,
            ClockKind.APPEAL: _CANCELLED,
            ClockKind.COURT: _CANCELLED,
        },
        Event.APPEAL_FILED: dict.fromkeys((ClockKind.APPEAL, ClockKind.COURT), _MET_OR_LATE),
        Event.APPEAL_PASSED_UP: {ClockKind.APPEAL_PASS_UP: _MET_OR_LATE},
        Event.APPEAL_DECIDED: dict.fromkeys((ClockKind.APPEAL_PASS_UP, ClockKind.APPEAL_REVIEW), _MET_OR_LATE),
        **{event: {ClockKind.MESSAGE: _MET_OR_LATE} for event in _MESSAGE_ENDS},
    }
)
