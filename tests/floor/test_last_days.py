"""A term that ends at midnight is named by its last day."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from petitions.i18n import last_whole_day
from petitions.law.working_days import ZONE


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 10, 17, tzinfo=ZONE), date(2026, 10, 16)),
        (datetime(2027, 1, 1, tzinfo=ZONE), date(2026, 12, 31)),
        (datetime(2026, 10, 17, 0, 1, tzinfo=ZONE), None),
        (datetime(2026, 10, 17, 15, 20, tzinfo=ZONE), None),
        (None, None),
    ],
)
def test_midnight_belongs_to_the_day_before(moment: datetime | None, day: date | None) -> None:
    assert last_whole_day(moment) == day
