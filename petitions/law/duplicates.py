"""When an earlier petition on the same subject bars a new one (90-2(4)(3)).

Whether two petitions are about the same subject is a moderator's judgement; this is only the rule after it.
"""

from __future__ import annotations

from datetime import date

from petitions.law.editions import Edition
from petitions.law.policy import DEFAULT_POLICY, Policy
from petitions.law.vocabulary import State
from petitions.law.working_days import add_months

UNDER_WAY = frozenset({State.OPEN, State.REACHED, State.SENT, State.EXAMINATION})
DECIDED = frozenset({State.DECIDED, State.PUBLISHED})
FAILED = frozenset(
    {
        State.RETURNED,
        State.FORWARDED,
        State.MESSAGE,
        State.MESSAGE_ANSWERED,
        State.MESSAGE_NOTED,
        State.MESSAGE_TERMINATED,
    }
)


def bars(
    edition: Edition,
    earlier: State,
    decided_on: date | None,
    filed_on: date,
    policy: Policy = DEFAULT_POLICY,
) -> bool:
    """Whether an `earlier` petition on the same subject bars one filed on `filed_on` under `edition`.

    2024: any such petition on the site. 2026: one openly published and not yet decided, or one decided less
    than a year before; with the setting `duplicate_rule_2026` at "both" a recent decision alone bars.
    """
    years = edition.duplicates.years
    if years is None:
        return earlier in UNDER_WAY | DECIDED | FAILED
    if earlier in UNDER_WAY:
        return policy.choice("duplicate_rule_2026") == "either"
    if earlier not in DECIDED or decided_on is None:
        return False
    return filed_on < add_months(decided_on, 12 * years)
