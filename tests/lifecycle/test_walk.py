"""A petition walks by itself: every state the law knows is reached by its own steps, on both engines."""

from __future__ import annotations

import pytest

from petitions.law.states import State
from tests.making import AT_2024_EDITION, a_petition_in, state_of

REACHABLE = [state for state in State if state not in (State.DRAFT, State.REACHED, State.FORWARDED, State.RETURNED)]


@pytest.mark.parametrize("state", REACHABLE)
def test_every_state_is_reached(database, state):
    assert state_of(a_petition_in(state)) == state


@pytest.mark.parametrize("state", [State.SUPPORTING, State.CHECKING, State.OPEN, State.LAPSED, State.MESSAGE])
def test_support_first_walks_in_its_own_order(database, state):
    assert state_of(a_petition_in(state, at=AT_2024_EDITION)) == state
