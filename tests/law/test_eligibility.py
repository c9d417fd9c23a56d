"""Commentary on 90-1 and 90-3: who may file and who may join."""

from __future__ import annotations

from datetime import date

import pytest

from petitions.law.eligibility import (
    ASK_AGAIN,
    PersonFacts,
    Reason,
    RegistryStatus,
    age,
    may_file,
    may_join,
)
from petitions.law.policy import policy_with

TODAY = date(2026, 6, 10)
FOUND = RegistryStatus.FOUND


def person(citizenship: str | None = "KZ", born: date | None = date(1990, 5, 1)) -> PersonFacts:
    return PersonFacts(FOUND, citizenship, born)


@pytest.mark.parametrize(
    ("who", "reasons", "sentence"),
    [
        (person(), [], "a citizen of age may"),
        (person("RU"), [Reason.NOT_A_CITIZEN], "a foreigner may not"),
        (person("XX"), [Reason.NOT_A_CITIZEN], "a stateless person may not"),
        (person(born=date(2008, 6, 11)), [Reason.TOO_YOUNG], "a day short of 18"),
        (person(born=date(2008, 6, 10)), [], "18 today"),
        (person("RU", date(2015, 1, 1)), [Reason.NOT_A_CITIZEN, Reason.TOO_YOUNG], "both reasons are named"),
        (PersonFacts(RegistryStatus.UNKNOWN), [Reason.REGISTRY_UNKNOWN], "unknown to the registry: refused"),
        (person(None), [Reason.REGISTRY_UNKNOWN], "citizenship not known: nothing is assumed"),
        (person(born=None), [Reason.REGISTRY_UNKNOWN], "birth date not known: nothing is assumed"),
        (PersonFacts(RegistryStatus.DOWN), [Reason.REGISTRY_DOWN], "registry down: asked again"),
        (PersonFacts(FOUND, "KZ", date(1990, 1, 1), True), [Reason.LEGAL_ENTITY], "organisations may not"),
    ],
)
def test_who_may_file_and_join(who: PersonFacts, reasons: list[Reason], sentence: str) -> None:
    assert may_file(who, TODAY) == reasons, sentence
    assert may_join(who, TODAY) == reasons, sentence


def test_only_a_registry_that_is_down_is_asked_again() -> None:
    assert frozenset({Reason.REGISTRY_DOWN}) == ASK_AGAIN


def test_the_minimum_age_is_a_setting() -> None:
    sixteen = person(born=date(2010, 6, 10))
    assert may_join(sixteen, TODAY) == [Reason.TOO_YOUNG]
    assert may_join(sixteen, TODAY, policy_with({"min_age": "16"})) == []


@pytest.mark.parametrize(
    ("on", "years"),
    [(date(2026, 2, 28), 17), (date(2026, 3, 1), 18), (date(2028, 2, 28), 19), (date(2028, 2, 29), 20)],
)
def test_born_on_29_february_turns_on_1_march_in_a_common_year(on: date, years: int) -> None:
    assert age(date(2008, 2, 29), on) == years


@pytest.mark.parametrize(
    ("is_local", "is_resident", "reasons"),
    [
        (True, True, []),
        (True, False, [Reason.NOT_A_RESIDENT]),
        (True, None, [Reason.REGISTRY_UNKNOWN]),
        (False, False, []),
    ],
)
def test_policy_may_keep_local_petitions_to_residents(
    is_local: bool, is_resident: bool | None, reasons: list[Reason]
) -> None:
    residents = policy_with({"local_joining": "residents"})
    assert may_join(person(), TODAY, residents, is_local=is_local, is_resident=is_resident) == reasons
    assert may_join(person(), TODAY, is_local=is_local, is_resident=is_resident) == []
