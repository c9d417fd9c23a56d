"""Whether this citizen may comment, by what the registry said: of age, wherever they live (90-3(3))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l

from petitions.errors import DomainError, Unavailable
from petitions.identity.actions import USABLE_FOR
from petitions.identity.queries import CitizenFacts
from petitions.law.eligibility import ASK_AGAIN, Reason, may_join
from petitions.law.policy import Policy
from petitions.law.working_days import local_date

REASONS = {
    Reason.LEGAL_ENTITY: _l("Organisations cannot comment on a petition: only citizens of Kazakhstan can."),
    Reason.REGISTRY_DOWN: _l(
        "The state person registry does not answer, so we cannot check that you may comment. "
        "Please try again in a few minutes."
    ),
    Reason.REGISTRY_UNKNOWN: _l(
        "The state person registry does not know your citizenship or birth date. Please ask a public service centre."
    ),
    Reason.NOT_A_CITIZEN: _l("Only citizens of Kazakhstan can comment on a petition."),
    Reason.TOO_YOUNG: _l("You can comment on petitions when you come of age."),
}


class MayNotComment(DomainError):
    """This person may not comment; the message is the first reason."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(REASONS[reasons[0]])
        self.reasons = tuple(reasons)


class CannotTell(Unavailable):
    """The registry does not answer: asked again later, nothing assumed, nothing stored."""

    def __init__(self) -> None:
        super().__init__(REASONS[Reason.REGISTRY_DOWN])


def reasons_against(facts: CitizenFacts, policy: Policy, at: datetime) -> list[Reason]:
    """Why the citizen may not comment at ``at``; an empty list: may."""
    if facts.checked_at is None or at - facts.checked_at >= USABLE_FOR:
        return [Reason.REGISTRY_DOWN]
    return may_join(facts.for_law, local_date(at), policy)


def check(facts: CitizenFacts, policy: Policy, at: datetime) -> None:
    """Raises MayNotComment with the reasons, or CannotTell when the registry's facts are not at hand."""
    against = reasons_against(facts, policy, at)
    if ASK_AGAIN.intersection(against):
        raise CannotTell
    if against:
        raise MayNotComment(against)
