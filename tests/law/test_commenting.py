"""Comments are open until the petition is sent, or where policy says so until joining ends (90-3(3))."""

from __future__ import annotations

import pytest

from petitions.law.commenting import ANSWERED_BY_ITS_BODY, may_comment
from petitions.law.policy import DEFAULT_POLICY, policy_with
from petitions.law.states import State

UNTIL_JOINING_ENDS = policy_with({"comments_close": "when_joining_ends"})


@pytest.mark.parametrize("state", list(State))
def test_comments_are_taken_between_open_publication_and_sending(state: State) -> None:
    taken = state in (State.OPEN, State.REACHED)
    assert may_comment(state, DEFAULT_POLICY, is_signable=True) is taken
    assert may_comment(state, UNTIL_JOINING_ENDS, is_signable=True) is taken


def test_policy_says_whether_the_end_of_joining_ends_them() -> None:
    assert may_comment(State.REACHED, DEFAULT_POLICY, is_signable=False)
    assert not may_comment(State.REACHED, UNTIL_JOINING_ENDS, is_signable=False)


def test_the_addressee_may_answer_until_its_decision_is_public() -> None:
    assert {State.SENT, State.EXAMINATION, State.DECIDED} < ANSWERED_BY_ITS_BODY
    assert ANSWERED_BY_ITS_BODY.isdisjoint({State.PUBLISHED, State.CHECKING, State.SUPPORTING})
