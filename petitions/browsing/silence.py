"""A body that has not answered in its term: by law a refusal (91(2)), and how it is appealed (91-92, 99, 136)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from petitions.browsing.terms import TermRow
from petitions.law.policy import Policy
from petitions.law.states import ClockKind
from petitions.reference.records import BodyView


@dataclass(frozen=True)
class Silence:
    """``since``: the last day of the term. ``to_court``: there is no superior body to complain to, or it was asked.

    ``is_appealable``: its own term runs, or the silence is not marked yet.
    """

    since: date
    to_court: bool
    is_appealable: bool


def silence_of(
    since: date | None, remedies: Sequence[TermRow], body: BodyView | None, policy: Policy, *, is_marked: bool
) -> Silence | None:
    """The silence of an examination whose term passed then; None while there is none."""
    if since is None:
        return None
    if remedies:
        return Silence(since, remedies[0].kind is ClockKind.COURT, is_appealable=True)
    at_once = body is not None and body.is_central and policy.choice("ministry_appeal") == "court"
    return Silence(since, at_once, is_appealable=not is_marked)
