"""What 90-5 asks of the examining body, and what of it is done: read from the transitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from petitions.law.editions import Duty, edition
from petitions.law.states import Event
from petitions.lifecycle.queries import TransitionRow, newest


class DutyStatus(StrEnum):
    DONE = "done"
    BEGUN = "begun"
    MISSING = "missing"


@dataclass(frozen=True)
class DutyState:
    """One duty of the body. ``record`` is the newest step that did, or began, it.

    ``omitted``: the head's public reason for deciding without it, "" where there is none.
    """

    duty: Duty
    status: DutyStatus
    record: TransitionRow | None
    omitted: str = ""

    @property
    def is_done(self) -> bool:
        return self.status is DutyStatus.DONE


DONE_BY = {
    "visit": frozenset({Event.VISITED, Event.VISIT_WAIVED}),
    "discussion": frozenset({Event.DISCUSSION_HELD}),
    "group": frozenset({Event.GROUP_FORMED}),
    "analysis": frozenset({Event.COMMENTS_ANALYSED}),
    "practice": frozenset({Event.PRACTICE_STUDIED}),
}
BEGUN_BY = {"discussion": frozenset({Event.DISCUSSION_ANNOUNCED})}


def checklist(edition_id: str, *, central: bool, transitions: Sequence[TransitionRow]) -> tuple[DutyState, ...]:
    """Every duty of a central (five) or a local body (three) with its state."""
    decided = newest(transitions, Event.DECIDED)
    omitted = decided.details.get("omitted", {}) if decided else {}
    return tuple(
        _state(duty, transitions, omitted.get(duty.code, "")) for duty in edition(edition_id).duties(central=central)
    )


def _state(duty: Duty, transitions: Sequence[TransitionRow], omitted: str) -> DutyState:
    if done := newest(transitions, *DONE_BY[duty.code]):
        return DutyState(duty, DutyStatus.DONE, done)
    if omitted:
        return DutyState(duty, DutyStatus.MISSING, None, omitted)
    if begun := newest(transitions, *BEGUN_BY.get(duty.code, ())):
        return DutyState(duty, DutyStatus.BEGUN, begun)
    return DutyState(duty, DutyStatus.MISSING, None)
