"""When citizens may comment and the addressee may answer them (90-3(3); policy: comments_close)."""

from __future__ import annotations

from petitions.law.policy import Policy
from petitions.law.states import State

OPEN_FOR_COMMENTS = frozenset({State.OPEN, State.REACHED})
"""Openly published, and not sent to the addressee yet."""
ANSWERED_BY_ITS_BODY = OPEN_FOR_COMMENTS | {State.SENT, State.EXAMINATION, State.DECIDED}
"""Until the decision is public: that is the answer then."""


def may_comment(state: State, policy: Policy, *, is_signable: bool) -> bool:
    """Whether comments are taken in this state of an openly published petition: until it is sent, or joining ends."""
    return state in OPEN_FOR_COMMENTS and (policy.choice("comments_close") == "when_sent" or is_signable)
