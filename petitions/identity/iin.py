"""The individual identification number: its form and check digit.

Applied to what people type and what our simulators issue. A number read from a trusted certificate is taken
as it is: the national authority's own test certificates carry numbers that fail the check.
"""

from __future__ import annotations

import re
from datetime import date

FORM = re.compile(r"[0-9]{12}")
FIRST_WEIGHTS = tuple(range(1, 12))
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def is_well_formed(text: str) -> bool:
    """Twelve digits, whatever they say."""
    return FORM.fullmatch(text) is not None


def is_valid_iin(text: str) -> bool:
    """Twelve digits with a right check digit."""
    return is_well_formed(text) and check_digit(text[:11]) == int(text[11])


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit; None when the eleven make a number that is never issued."""
    digits = [int(character) for character in first_eleven]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if remainder != 10:
            return remainder
    return None


def make_iin(born: date, *, male: bool, serial: int) -> str:
    """The number of a person born on a day, taking the next free serial where this one is never issued."""
    century = 1 + 2 * (born.year // 100 - 18) + (0 if male else 1)
    for candidate in range(serial, serial + 10):
        eleven = f"{born:%y%m%d}{century}{candidate % 10_000:04d}"
        last = check_digit(eleven)
        if last is not None:
            return f"{eleven}{last}"
    raise ValueError(f"no number can be issued from serial {serial}")
