"""Whether this citizen may join this petition now, by what the registry said, and the reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.errors import DomainError, Unavailable
from petitions.identity.actions import USABLE_FOR
from petitions.identity.queries import CitizenFacts, person_facts
from petitions.law.eligibility import ASK_AGAIN, Reason, may_join
from petitions.law.levels import Addressee
from petitions.law.policy import Policy
from petitions.law.working_days import local_date
from petitions.lifecycle.queries import Standing
from petitions.reference import queries as reference

REASONS = {
    Reason.LEGAL_ENTITY: _l("Organisations cannot join a petition: only citizens of Kazakhstan can."),
    Reason.REGISTRY_DOWN: _l(
        "The state person registry does not answer, so we cannot check that you may join. "
        "Please try again in a few minutes."
    ),
    Reason.REGISTRY_UNKNOWN: _l(
        "The state person registry does not know your citizenship, birth date or residence. "
        "Please ask a public service centre."
    ),
    Reason.NOT_A_CITIZEN: _l("Only citizens of Kazakhstan can join a petition."),
    Reason.TOO_YOUNG: _l("You can join petitions when you come of age."),
    Reason.NOT_A_RESIDENT: _l("Only people registered in the unit this petition is addressed to can join it."),
}


class NotEligible(DomainError):
    """This person may not join this petition; the message names every reason."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(REASONS[reasons[0]])
        self.reasons = tuple(reasons)


class CannotTell(Unavailable):
    """The registry does not answer: asked again later, nothing assumed, nothing stored."""

    def __init__(self) -> None:
        super().__init__(REASONS[Reason.REGISTRY_DOWN])


def reasons_against(session: Session, standing: Standing, citizen_id: int, at: datetime) -> list[Reason]:
    """Why the citizen may not join at ``at``; an empty list: may (90-3; policy: local_joining)."""
    return reasons(session, standing, person_facts(session, citizen_id), reference.policy(session), at)


def reasons(session: Session, standing: Standing, facts: CitizenFacts, policy: Policy, at: datetime) -> list[Reason]:
    """The same by facts that are at hand."""
    if facts.checked_at is None or at - facts.checked_at >= USABLE_FOR:
        return [Reason.REGISTRY_DOWN]
    residence = facts.residence_kato
    within = standing.territory_kato in reference.kato_path(session, residence) if residence else None
    return may_join(
        facts.for_law,
        local_date(at),
        policy,
        is_local=standing.addressee != Addressee.GOVERNMENT,
        is_resident=within,
    )


def check(session: Session, standing: Standing, facts: CitizenFacts, policy: Policy, at: datetime) -> None:
    """Raises NotEligible with the reasons, or CannotTell when the registry's facts are not at hand."""
    against = reasons(session, standing, facts, policy, at)
    if ASK_AGAIN.intersection(against):
        raise CannotTell
    if against:
        raise NotEligible(against)
