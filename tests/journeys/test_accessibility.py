"""axe-core finds nothing on a sample of every room, in the light and in the dark (WCAG 2.2 AA)."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.installation import Installation

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


def violations(axe: Axe, page: Page, path: str) -> list[str]:
    """What is wrong with a page, one line a rule."""
    page.goto(path)
    found: list[dict[str, Any]] = axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response[
        "violations"
    ]
    return [f"{path}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


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
        ],
        "aigul": [
            "/kk/my-petitions",
            "/ru/inbox",
            "/en/account",
            f"/kk/petitions/{number['open-almaty']}/joining",
        ],
        "moderator": [
            "/ru/console",
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", ["guest", "aigul", "moderator", "akimat-head", "administrator"])
def test_everybody_can_use_these_pages(
    open_context: OpenContext,
    citizen: OpenPage,
    staff: OpenPage,
    installation: Installation,
    axe: Axe,
    who: str,
    scheme: str,
) -> None:
    if who == "guest":
        page = open_context(color_scheme=scheme).new_page()
    else:
        page = (citizen if who == "aigul" else staff)(who, color_scheme=scheme)
    wrong = [line for path in sample(installation, who) for line in violations(axe, page, path)]
    assert not wrong, "\n".join(wrong)


def test_a_draft_with_mistakes_can_be_used_by_everybody(citizen: OpenPage, axe: Axe) -> None:
    page = citizen("person-142")
    page.goto("/en/start")
    page.locator('form[action$="/drafts"] button').click()
    page.locator('[name="title"]').fill("Ә" * 2000)
    page.locator('button[name="act"][value="save"]').click()
    found = axe.run(page, options={"runOnly": LEVELS, "resultTypes": ["violations"]}).response["violations"]
    assert not found, [one["id"] for one in found]
