"""Whom the law does not let sign: the reason is said, and nothing is stored (90-1, 90-3)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.installation import Installation

# person, why they cannot join, why they cannot file
REASONS = (
    ("minor", "come of age", "not old enough"),
    ("foreigner", "citizen", "citizen"),
    ("stateless", "citizen", "citizen"),
    ("unknown", "registry", "registry"),
    ("down", "registry", "registry"),
)


@pytest.mark.parametrize(("person", "why_not_join", "why_not_file"), REASONS, ids=[row[0] for row in REASONS])
def test_the_reason_is_shown_instead_of_a_button(
    citizen: OpenPage, installation: Installation, person: str, why_not_join: str, why_not_file: str
) -> None:
    page, petition = citizen(person), installation.seeded("open-almaty")
    before = steps.joined(page, petition.id)
    page.goto(f"/en/petitions/{petition.id}/joining")
    notice = page.locator("main .notice-warning")
    expect(notice).to_contain_text(why_not_join)
    expect(notice).to_contain_text("Nothing was stored.")
    expect(page.locator('input[name="consent"]')).to_have_count(0)

    page.goto("/en/start")
    expect(page.locator("main .notice-warning").first).to_contain_text(why_not_file)
    expect(page.locator('form[action$="/drafts"]')).to_have_count(0)

    page.goto("/en/my-joinings")
    expect(page.locator("main .empty")).to_be_visible()
    assert steps.joined(page, petition.id) == before


def test_a_registry_that_is_down_is_asked_again(citizen: OpenPage, installation: Installation) -> None:
    page = citizen("down")
    page.goto(f"/en/petitions/{installation.seeded('open-almaty').id}/joining")
    again = page.locator("main").get_by_role("link", name="Try again")
    again.click()

    expect(page.locator("main .notice-warning")).to_contain_text("registry")


def take_registry_down(page: Page) -> None:
    page.goto("/simulators/registry/?lang=en")
    page.get_by_role("button", name="Switch it off").click()


def bring_registry_up(page: Page) -> None:
    page.goto("/simulators/registry/?lang=en")
    page.get_by_role("button", name="Bring it up again").click()


def test_a_newcomer_reads_while_the_registry_is_down_and_joins_when_it_is_up(
    open_context: OpenContext, installation: Installation
) -> None:
    petition = installation.seeded("open-government")
    page = open_context().new_page()
    take_registry_down(page)
    try:
        steps.sign_in_citizen(page, "daniyar")
        page.goto("/en/account")
        steps.press(page, "Ask the registry again")
    finally:
        bring_registry_up(page)
    page.goto("/en/account")
    steps.press(page, "Ask the registry again")
    expect(page.locator("main")).to_contain_text("Kazakhstan")
    page.goto(f"/en/petitions/{petition.id}/joining")
    expect(page.locator('input[name="consent"]')).to_be_visible()
