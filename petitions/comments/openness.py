"""On which petitions comments are read, written and answered: the law's rule, asked of a petition as it stands."""

from __future__ import annotations

from datetime import datetime

from petitions.law.commenting import ANSWERED_BY_ITS_BODY, may_comment
from petitions.law.policy import Policy
from petitions.lifecycle.queries import Standing


def was_open(standing: Standing) -> bool:
    """Whether everybody may read what was said here: the petition was openly published and still is public."""
    return standing.opened_at is not None and standing.is_public


def is_open(standing: Standing, policy: Policy, now: datetime) -> bool:
    """Whether citizens may comment now (90-3(3))."""
    return was_open(standing) and may_comment(standing.state, policy, is_signable=standing.is_signable(now))


def body_may_answer(standing: Standing) -> bool:
    """Whether the addressee may answer comments: from open publication until its decision is public."""
    return was_open(standing) and standing.state in ANSWERED_BY_ITS_BODY
