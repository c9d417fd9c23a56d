"""The number on an open page moves by itself, and the history tells the same."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import crowd, steps
from tests.journeys.installation import Installation

SIGNER = "person-062"  # in no other story


def test_a_reader_sees_the_number_move_without_touching_the_page(reader: Page, installation: Installation) -> None:
    petition = installation.seeded("open-government")
    before = steps.joined(reader, petition.id)
    assert "/my-joinings/" in crowd.join(installation.address, str(petition.id), SIGNER)
    number = reader.locator(".progress-number")
    expect(number).to_have_text(re.compile(rf"^{before + 1} of "), timeout=40_000)
    assert steps.count(reader) == before + 1
    assert reader.locator("progress").first.evaluate("bar => bar.value") == before + 1

    steps.follow(reader, "How this number came about")
    expect(reader.locator("main")).to_contain_text("Nothing that was counted is ever rewritten")
    expect(reader.get_by_role("img", name="Citizens joined over time")).to_be_visible()
    expect(reader.locator("table[role=table] tbody tr").first.locator("td").last).to_contain_text(str(before + 1))
