from __future__ import annotations

from datetime import date

import pytest

from petitions.identity.iin import is_valid_iin, is_well_formed, make_iin
from petitions.identity.simulators.people import everybody


def test_every_demonstration_person_has_a_valid_number_of_their_own() -> None:
    numbers = [one.iin for one in everybody()]
    assert len(numbers) >= 150
    assert len(set(numbers)) == len(numbers)
    assert all(is_valid_iin(number) for number in numbers)


def test_a_number_says_birth_date_century_and_sex() -> None:
    assert make_iin(date(1988, 4, 12), male=False, serial=9001).startswith("8804124")
    assert make_iin(date(2009, 6, 1), male=True, serial=9001).startswith("0906015")
    assert make_iin(date(1899, 12, 31), male=True, serial=1).startswith("9912311")


# The eleventh digit weighs 11, thus nothing modulo 11: the official check does not see it change.
@pytest.mark.parametrize("changed", [*range(10), 11])
def test_a_changed_digit_is_noticed(changed: int) -> None:
    number = everybody()[0].iin
    other = number[:changed] + str((int(number[changed]) + 1) % 10) + number[changed + 1 :]
    assert not is_valid_iin(other)


@pytest.mark.parametrize("text", ["", "12345678901", "1234567890123", "12345678901a", "١٢٣٤٥٦٧٨٩٠١٢", "123456789011\n"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert not is_well_formed(text)
    assert not is_valid_iin(text)


def test_the_national_test_number_is_well_formed_and_not_valid() -> None:
    assert is_well_formed("123456789011")
    assert not is_valid_iin("123456789011")
