"""The law's tests stand on the shipped calendar: the real holidays of 2024-2027."""

from __future__ import annotations

from pathlib import Path

import pytest

import petitions
from petitions.law import shipped
from petitions.law.working_days import Calendar

SHIPPED = Path(petitions.__file__).parent / "reference" / "data"


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return shipped.working_calendar(shipped.calendar_days(SHIPPED / "calendar.csv"))
