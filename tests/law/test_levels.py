"""Commentary on 90-3(4): who may be addressed, and how many citizens must join."""

from __future__ import annotations

import pytest

from petitions.law.editions import EDITIONS, Edition, edition
from petitions.law.levels import (
    Addressee,
    NoSuchAddressee,
    PopulationUnknown,
    TerritoryFacts,
    addressees_of,
    body_kind,
    is_central,
    threshold,
)

OBLAST = TerritoryFacts("110000000", 1, "oblast")
ALMATY = TerritoryFacts("750000000", 1, "republican_city")
DISTRICT = TerritoryFacts("113200000", 2, "district")
CITY = TerritoryFacts("111000000", 2, "city")
CITY_DISTRICT = TerritoryFacts("751110000", 2, "city_district")
DISTRICT_IN_OBLAST_CITY = TerritoryFacts("351011000", 3, "city_district")
TOWN = TerritoryFacts("113220000", 3, "town")
SETTLEMENT = TerritoryFacts("113230000", 3, "settlement")
VILLAGE = TerritoryFacts("113233000", 3, "rural_district")
CITY_PROPER = TerritoryFacts("111010000", 3, "city", petition_unit=False)

AKIMAT, MASLIKHAT, GOVERNMENT = Addressee.AKIMAT, Addressee.MASLIKHAT, Addressee.GOVERNMENT

ROWS = [
    (MASLIKHAT, OBLAST, 787_971, 15_760, "maslikhat of an oblast: 2 %, rounded up"),
    (MASLIKHAT, ALMATY, 2_347_924, 46_959, "maslikhat of a city of republican significance: 2 %"),
    (AKIMAT, OBLAST, 787_971, 7_880, "akimat of an oblast: 1 %"),
    (AKIMAT, ALMATY, 2_347_924, 23_480, "real: paid parking in Almaty needs 23 480"),
    (MASLIKHAT, DISTRICT, 50_001, 5_000, "maslikhat of a district over 50 000: 5 000"),
    (MASLIKHAT, DISTRICT, 50_000, 5_000, "at 50 000 exactly: 10 %, which is the same number"),
    (MASLIKHAT, DISTRICT, 49_991, 5_000, "10 % is rounded up"),
    (MASLIKHAT, CITY, 300_000, 5_000, "maslikhat of a city over 50 000: 5 000"),
    (MASLIKHAT, CITY, 20_001, 2_001, "maslikhat of a smaller city: 10 %"),
    (AKIMAT, DISTRICT, 50_001, 2_500, "akimat of a district over 50 000: 2 500"),
    (AKIMAT, DISTRICT, 50_000, 2_500, "at 50 000 exactly: 5 %"),
    (AKIMAT, DISTRICT, 30_001, 1_501, "akimat of a smaller district: 5 %, rounded up"),
    (AKIMAT, CITY, 300_000, 2_500, "akimat of a city of oblast significance over 50 000"),
    (AKIMAT, CITY, 40_000, 2_000, "akimat of a smaller city of oblast significance"),
    (AKIMAT, CITY_DISTRICT, 250_000, 2_500, "akim's office of a city district of Almaty"),
    (AKIMAT, DISTRICT_IN_OBLAST_CITY, 49_000, 2_450, "akim's office of a city district in an oblast city"),
    (AKIMAT, TOWN, 20_000, 1_000, "akim's office of a town of district significance"),
    (AKIMAT, SETTLEMENT, 3_333, 167, "akim's office of a settlement"),
    (AKIMAT, VILLAGE, 232, 12, "a village of 232 people needs 12"),
    (AKIMAT, VILLAGE, 240, 12, "5 % of 240 is 12 exactly"),
    (AKIMAT, VILLAGE, 241, 13, "and of 241 it is 13"),
    (AKIMAT, VILLAGE, 1, 1, "never none at all"),
]


@pytest.mark.parametrize("law", EDITIONS.values(), ids=list(EDITIONS))
@pytest.mark.parametrize(("addressee", "unit", "population", "required", "sentence"), ROWS)
def test_the_threshold_of_a_unit(
    law: Edition, addressee: Addressee, unit: TerritoryFacts, population: int, required: int, sentence: str
) -> None:
    found = threshold(law, addressee, unit, population)
    assert found.required == required, sentence
    assert found.population == population
    assert (found.percent is None) != (found.fixed is None)
    assert found.article == "90-3(4)"


@pytest.mark.parametrize("population", range(49_000, 52_000, 7))
def test_over_50_000_is_strict_and_a_share_is_never_rounded_down(population: int) -> None:
    found = threshold(edition("2026-03-02"), AKIMAT, DISTRICT, population)
    assert found.fixed == (2_500 if population > 50_000 else None)
    assert found.required * 100 >= min(population * 5, 250_000) > (found.required - 1) * 100


@pytest.mark.parametrize("law", EDITIONS.values(), ids=list(EDITIONS))
def test_the_government_needs_50_000_whatever_the_population(law: Edition) -> None:
    found = threshold(law, GOVERNMENT)
    assert (found.required, found.fixed, found.percent, found.population) == (50_000, 50_000, None, None)


@pytest.mark.parametrize("population", [None, 0])
def test_nothing_is_guessed_when_the_population_is_unknown(population: int | None) -> None:
    with pytest.raises(PopulationUnknown, match="113233000"):
        threshold(edition("2026-03-02"), AKIMAT, VILLAGE, population)


def test_even_a_city_that_is_surely_large_needs_a_known_figure() -> None:
    with pytest.raises(PopulationUnknown):
        threshold(edition("2026-03-02"), AKIMAT, CITY_DISTRICT, None)


@pytest.mark.parametrize(
    ("unit", "akimat", "has_maslikhat"),
    [
        (OBLAST, "akimat", True),
        (ALMATY, "akimat", True),
        (DISTRICT, "akimat", True),
        (CITY, "akimat", True),
        (CITY_DISTRICT, "akim_office", False),
        (DISTRICT_IN_OBLAST_CITY, "akim_office", False),
        (TOWN, "akim_office", False),
        (SETTLEMENT, "akim_office", False),
        (VILLAGE, "akim_office", False),
    ],
)
def test_which_bodies_a_unit_has(unit: TerritoryFacts, akimat: str, has_maslikhat: bool) -> None:
    assert body_kind(unit, AKIMAT) == akimat
    assert (MASLIKHAT in addressees_of(unit)) == has_maslikhat
    if has_maslikhat:
        assert body_kind(unit, MASLIKHAT) == "maslikhat"
    else:
        with pytest.raises(NoSuchAddressee, match="has no maslikhat"):
            threshold(edition("2026-03-02"), MASLIKHAT, unit, 1_000)


def test_a_city_proper_inside_its_own_administration_is_no_addressee() -> None:
    for addressee in (AKIMAT, MASLIKHAT):
        with pytest.raises(NoSuchAddressee, match="no addressee"):
            body_kind(CITY_PROPER, addressee)
    assert addressees_of(CITY_PROPER) == ()


def test_local_addressees_need_a_unit_and_the_government_has_none() -> None:
    with pytest.raises(NoSuchAddressee, match="needs a territory"):
        threshold(edition("2026-03-02"), AKIMAT)
    with pytest.raises(NoSuchAddressee, match="no territory"):
        body_kind(OBLAST, GOVERNMENT)


@pytest.mark.parametrize(
    ("addressee", "central", "days"),
    [(GOVERNMENT, True, 40), (AKIMAT, False, 20), (MASLIKHAT, False, 20)],
)
def test_the_government_is_central_and_the_rest_is_local(addressee: Addressee, central: bool, days: int) -> None:
    assert is_central(addressee) is central
    assert edition("2024-04-04").consideration(central=is_central(addressee)).length == days
