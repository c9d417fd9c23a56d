"""What a body promised after its decision and how far it is: the law asks nothing, we track it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from petitions.law.states import Event
from petitions.lifecycle.queries import TransitionRow

IN_PROGRESS = "in_progress"


@dataclass(frozen=True)
class Commitment:
    key: str
    what: str
    owner: str
    due: date
    state: str
    text: str

    def is_overdue(self, today: date) -> bool:
        return self.state == IN_PROGRESS and today > self.due


def commitments(transitions: Sequence[TransitionRow]) -> tuple[Commitment, ...]:
    """Every commitment as it stands after its last update, in the order they were made."""
    standing: dict[str, Commitment] = {}
    for row in transitions:
        facts = row.details
        if row.event is Event.COMMITMENT_MADE:
            due = date.fromisoformat(facts["due"])
            standing[facts["key"]] = Commitment(facts["key"], facts["what"], facts["owner"], due, IN_PROGRESS, "")
        elif row.event is Event.COMMITMENT_UPDATED:
            standing[facts["key"]] = replace(standing[facts["key"]], state=facts["state"], text=facts["text"])
    return tuple(standing.values())
