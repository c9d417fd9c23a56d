"""The desk of the body: its own petitions, nobody else's."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation


def test_an_officer_finds_the_petitions_of_the_own_body_only(staff: OpenPage, installation: Installation) -> None:
    page = staff("akimat-officer")
    page.goto("/en/console/consideration")
    expect(page.locator("main table")).to_contain_text(installation.seeded("examination-demo-body").title)
    expect(page.locator("main table")).not_to_contain_text(installation.seeded("examination").title)


@pytest.mark.parametrize("somebody", ["maslikhat-officer", "ministry-head", "moderator", "administrator"])
def test_another_body_cannot_open_a_petition(staff: OpenPage, installation: Installation, somebody: str) -> None:
    page, petition = staff(somebody), installation.seeded("examination-demo-body")
    for path in ("", "/decision", "/steps/visit", "/decide"):
        answer = page.goto(f"/en/console/consideration/{petition.id}{path}")
        assert answer is not None
        assert answer.status in (403, 404), path
        expect(page.locator("main")).not_to_contain_text(petition.title)


def test_an_officer_prepares_but_does_not_decide(staff: OpenPage, installation: Installation) -> None:
    page, petition = staff("akimat-officer"), installation.seeded("examination-demo-body")
    answer = page.goto(f"/en/console/consideration/{petition.id}/decide")
    assert answer is not None
    assert answer.status == 403


def test_a_silent_body_is_named_on_the_public_page(reader: Page, installation: Installation) -> None:
    """91(2): the seeded petition whose answer never came."""
    reader.goto(f"/en/petitions/{installation.seeded('overdue').id}")
    expect(reader.locator("main .notice-error")).to_contain_text("The body has not answered in time")


def test_a_record_of_the_examination_is_public_within_seconds(
    staff: OpenPage, reader: Page, installation: Installation
) -> None:
    petition = installation.seeded("overdue")
    steps.record_step(staff("akimat-officer"), petition.id, "number", {"number": "ЖТ-2026-118", "on": "2026-06-10"})
    steps.goto_until(reader, f"/en/petitions/{petition.id}", steps.says("ЖТ-2026-118", ".timeline"), "told")


def test_a_step_that_lacks_words_is_not_recorded(staff: OpenPage, installation: Installation) -> None:
    page, petition = staff("akimat-officer"), installation.seeded("overdue")
    page.goto(f"/en/console/consideration/{petition.id}/steps/visit")
    steps.fill(page, {"place": "Көпір"})
    page.locator("main form .actions button[type=submit]").click()

    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.locator('[name="place"]')).to_have_value("Көпір")
