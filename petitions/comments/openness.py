"""On which petitions, and until when, comments are written (90-3(3); policy: comments_close)."""

from __future__ import annotations

from datetime import datetime

from petitions.law.policy import Policy
from petitions.law.states import State
from petitions.lifecycle.queries import Standing

COLLECTING = frozenset({State.OPEN, State.REACHED})
ANSWERED_BY_ITS_BODY = COLLECTING | {State.SENT, State.EXAMINATION, State.DECIDED}


def was_open(standing: Standing) -> bool:
    """Whether everybody may read what was said here: the petition was openly published and still is public."""
    return standing.opened_at is not None and standing.is_public


def is_open(standing: Standing, policy: Policy, now: datetime) -> bool:
    """Whether citizens may comment now."""
    if not was_open(standing) or standing.state not in COLLECTING:
        return False
    return policy.choice("comments_close") == "when_sent" or standing.is_signable(now)


def body_may_answer(standing: Standing) -> bool:
    """Whether the addressee may answer comments: from open publication until its decision is public."""
    return was_open(standing) and standing.state in ANSWERED_BY_ITS_BODY
