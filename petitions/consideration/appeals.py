"""What can be appealed and how far an appeal has come (91-92, 99, 136): read from the transitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from petitions.law.policy import Policy
from petitions.law.states import Event, State
from petitions.lifecycle.queries import TransitionRow

APPEALABLE = frozenset(
    {
        Event.REFUSED,
        Event.LAPSED,
        Event.DEEMED_REFUSED,
        Event.PUBLISHED,
        Event.MESSAGE_ANSWERED,
        Event.MESSAGE_NOTED,
        Event.MESSAGE_TERMINATED,
    }
)
ACTS_OF_THE_CHECK = frozenset({Event.REFUSED, Event.LAPSED})

COURT = "court"
SUPERIOR_BODY = "superior_body"

AUTHOR = "author"
INTERESTED_PERSON = "interested person"


@dataclass(frozen=True)
class Appeal:
    """The newest act that can be appealed, and the newest appeal. One is handled at a time."""

    against: TransitionRow | None = None
    filed: TransitionRow | None = None
    passed_up: TransitionRow | None = None
    outcome: TransitionRow | None = None

    @property
    def is_open(self) -> bool:
        return self.filed is not None and self.outcome is None

    @property
    def may_be_filed(self) -> bool:
        return self.against is not None and not self.is_open

    @property
    def calls_for_new_decision(self) -> bool:
        """Granted, and since then no new decision was published (99)."""
        granted = self.outcome is not None and bool(self.outcome.details.get("granted"))
        return granted and self.against is not None and self.against.event is Event.PUBLISHED

    def where(self, *, central: bool, policy: Policy) -> str:
        """Where a complaint goes next: to the superior body, and once that has dismissed it to court (136).

        A ministry has no superior complaint body, its acts go to court at once (policy: ministry_appeal).
        """
        dismissed = self.outcome is not None and not self.outcome.details.get("granted")
        by_ministry = central or (self.against is not None and self.against.event in ACTS_OF_THE_CHECK)
        at_once = by_ministry and policy.choice("ministry_appeal") == "court"
        return COURT if dismissed or at_once else SUPERIOR_BODY


def appeal_of(transitions: Sequence[TransitionRow]) -> Appeal:
    """Where the appeals of a petition stand. An appeal still open outlives the act that follows it."""
    appeal = Appeal()
    for row in transitions:
        appeal = _after(appeal, row)
    return appeal


def _after(appeal: Appeal, row: TransitionRow) -> Appeal:
    if row.event in APPEALABLE:
        return replace(appeal, against=row) if appeal.is_open else Appeal(against=row)
    if row.event is Event.RESTORED and row.from_state is State.REFUSED:
        return Appeal()
    if row.event is Event.APPEAL_FILED:
        return Appeal(against=appeal.against, filed=row)
    if row.event is Event.APPEAL_PASSED_UP:
        return replace(appeal, passed_up=row)
    if row.event is Event.APPEAL_DECIDED:
        return replace(appeal, outcome=row)
    return appeal
