"""What every test of the public pages stands on."""

from __future__ import annotations

import pytest

from petitions.browsing import seldom


@pytest.fixture(autouse=True)
def nothing_is_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine of the test is, each number is that of now; `test_seldom` looks at the others."""
    monkeypatch.setattr(seldom, "DEAR", 3_600.0)
