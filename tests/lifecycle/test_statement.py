"""The official statement belongs to one published version of the decision (90-6, 99)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from petitions.law.states import Event, State
from petitions.lifecycle.queries import TransitionRow, is_stated

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def steps(*events: Event) -> list[TransitionRow]:
    state = State.PUBLISHED
    return [
        TransitionRow(seq, seq, event, state, state, AT, AT, "staff", "officer", None, {}, "2026-03-02", [])
        for seq, event in enumerate(events, start=1)
    ]


@pytest.mark.parametrize(
    ("events", "stated"),
    [
        ([], False),
        ([Event.DECIDED, Event.PUBLISHED], False),
        ([Event.DECIDED, Event.PUBLISHED, Event.STATEMENT_MADE], True),
        ([Event.PUBLISHED, Event.STATEMENT_MADE, Event.DECIDED_ANEW, Event.PUBLISHED], False),
        ([Event.PUBLISHED, Event.STATEMENT_MADE, Event.DECIDED_ANEW, Event.PUBLISHED, Event.STATEMENT_MADE], True),
    ],
)
def test_every_published_version_needs_its_own_statement(events: list[Event], stated: bool) -> None:
    assert is_stated(steps(*events)) is stated
