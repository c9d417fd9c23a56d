"""Who may file and who may join (90-1, 90-2, 90-3), by what the state person registry says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from petitions.law.policy import DEFAULT_POLICY, Policy

KAZAKHSTAN = "KZ"


class RegistryStatus(StrEnum):
    """What the registry answered about a person."""

    FOUND = "found"
    UNKNOWN = "unknown"
    DOWN = "down"


class Reason(StrEnum):
    """Why a person may not file or join."""

    LEGAL_ENTITY = "legal_entity"
    REGISTRY_DOWN = "registry_down"
    REGISTRY_UNKNOWN = "registry_unknown"
    NOT_A_CITIZEN = "not_a_citizen"
    TOO_YOUNG = "too_young"
    NOT_A_RESIDENT = "not_a_resident"


ASK_AGAIN = frozenset({Reason.REGISTRY_DOWN})
"""Reasons that are nobody's fault and may be gone in a minute: asked again, nothing assumed."""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the law asks about a person. `citizenship` is an ISO 3166 code; None where the registry is silent.

    A certificate or a single sign-on proves an IIN and names only: these facts never come from there.
    """

    status: RegistryStatus
    citizenship: str | None = None
    birth_date: date | None = None
    is_legal_entity: bool = False


def may_file(person: PersonFacts, on: date, policy: Policy = DEFAULT_POLICY) -> list[Reason]:
    """The reasons why this person may not file on the day `on`; an empty list: may (90-1, 90-2)."""
    if person.is_legal_entity:
        return [Reason.LEGAL_ENTITY]
    if person.status is RegistryStatus.DOWN:
        return [Reason.REGISTRY_DOWN]
    if person.status is RegistryStatus.UNKNOWN or person.citizenship is None or person.birth_date is None:
        return [Reason.REGISTRY_UNKNOWN]
    reasons = []
    if person.citizenship != KAZAKHSTAN:
        reasons.append(Reason.NOT_A_CITIZEN)
    if age(person.birth_date, on) < policy.integer("min_age"):
        reasons.append(Reason.TOO_YOUNG)
    return reasons


def may_join(
    person: PersonFacts,
    on: date,
    policy: Policy = DEFAULT_POLICY,
    *,
    is_local: bool = False,
    is_resident: bool | None = None,
) -> list[Reason]:
    """The reasons why this person may not join on the day `on`; an empty list: may (90-3).

    `is_local`: the petition is addressed to a local body; `is_resident`: the person is registered in its
    unit, None when the registry does not say. They matter only where policy admits residents alone.
    """
    reasons = may_file(person, on, policy)
    if not reasons and is_local and policy.choice("local_joining") == "residents" and not is_resident:
        return [Reason.NOT_A_RESIDENT if is_resident is False else Reason.REGISTRY_UNKNOWN]
    return reasons


def age(birth_date: date, on: date) -> int:
    """Full years on the day `on`. Born on 29 February: a year older on 1 March where there is no 29th."""
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (0 if had_birthday else 1)
