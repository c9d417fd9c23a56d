"""axe-core finds nothing on a sample of every room, in the light and in the dark (WCAG 2.2 AA)."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys import drafts, steps
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.installation import Installation

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


def violations(axe: Axe, page: Page) -> list[str]:
    """What is wrong with the open page, one line a rule: everything in the light, the contrast in the dark too."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")  # no colour is caught half-way
    found = rules_broken(axe, page, LEVELS)
    page.emulate_media(color_scheme="dark")
    return found + rules_broken(axe, page, {"type": "rule", "values": ["color-contrast"]})


def rules_broken(axe: Axe, page: Page, rules: Any) -> list[str]:
    answer = axe.run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
    return [f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in answer["violations"]]


def sample(installation: Installation, who: str) -> list[str]:
    number = {key: installation.seeded(key).id for key in ("decided-partial", "open-almaty", "overdue", "checking")}
    return {
        "guest": [
            "/kk/",
            "/ru/petitions",
            f"/kk/petitions/{number['decided-partial']}",
            f"/ru/petitions/{number['overdue']}",
            "/kk/archive",
            "/ru/law",
            "/en/rules",
            "/kk/staff/sign-in",
        ],
        "aigul": [
            "/kk/my-petitions",
            "/ru/inbox",
            "/en/account",
            f"/kk/petitions/{number['open-almaty']}/joining",
        ],
        "moderator": [
            "/ru/console",
            "/ru/staff/access",
            "/kk/staff/access/password",
            "/kk/console/check",
            f"/ru/console/check/{number['checking']}",
            f"/en/console/check/{number['checking']}/refusal",
        ],
        "akimat-head": [
            f"/ru/console/consideration/{number['overdue']}",
            f"/kk/console/consideration/{number['overdue']}/decision",
        ],
        "administrator": [
            "/ru/console/settings",
            "/kk/console/calendar?year=2026",
            "/en/console/territories/392433000",
        ],
    }[who]


@pytest.mark.parametrize("who", ["guest", "aigul", "moderator", "akimat-head", "administrator"])
def test_everybody_can_use_these_pages(
    open_context: OpenContext,
    citizen: OpenPage,
    staff: OpenPage,
    installation: Installation,
    axe: Axe,
    who: str,
) -> None:
    if who == "guest":
        page = open_context().new_page()
    else:
        page = (citizen if who == "aigul" else staff)(who)
    wrong = []
    for path in sample(installation, who):
        page.goto(path)
        wrong += violations(axe, page)
    assert not wrong, "\n".join(wrong)


def test_a_draft_with_mistakes_can_be_used_by_everybody(citizen: OpenPage, axe: Axe) -> None:
    page = citizen("person-142")
    drafts.begin(page)
    steps.fill(page, {"title": "Ә" * 2000})
    page.locator('button[name="act"][value="save"]').click()
    expect(page.locator("#error-summary")).to_be_visible()
    assert not violations(axe, page)
