"""Whoever keeps the tables and the settings: every change has a reason and is told to everybody."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation

REASON = "Басшының 2026 жылғы 9 маусымдағы № 3-д бұйрығы (демо)"


def test_a_setting_is_changed_with_a_reason_and_the_public_page_tells_it(staff: OpenPage, reader: Page) -> None:
    page = staff("administrator")
    page.goto("/en/console/settings/duplicate_rule_2026")
    steps.press(page, "Change the setting")
    expect(page.locator("#error-summary")).to_be_visible()

    steps.choose(page, "value", "both")
    steps.fill(page, {"reason": REASON})
    steps.press(page, "Change the setting")
    steps.goto_until(reader, "/en/rules", steps.says(REASON), "told with its reason")

    page.goto("/en/console/settings/duplicate_rule_2026")
    steps.press(page, "Back to the default")
    steps.reload_until(reader, lambda shown: not steps.says(REASON)(shown), "back to the default")


def test_a_petition_opens_its_way_when_its_place_has_a_population(staff: OpenPage, installation: Installation) -> None:
    petition, moderator, administrator = (
        installation.seeded("no-population"),
        staff("moderator"),
        staff("administrator"),
    )
    moderator.goto(f"/en/console/check/{petition.id}")
    expect(moderator.locator("main")).to_contain_text("The population of this unit is not known")

    administrator.goto("/en/console")
    administrator.locator('section[aria-labelledby="waiting"] a').first.click()
    steps.fill(
        administrator,
        {"population": "2140", "on_date": "2026-01-01", "source": "Статистика бюросы, 2026 (демо)"},
    )
    steps.press(administrator, "Keep the figure")
    expect(administrator.locator("main .summary").first).to_contain_text(re.compile(r"2\D?140"))

    steps.accept(moderator, petition.id)
    moderator.goto(f"/en/console/check/{petition.id}")
    expect(moderator.get_by_role("button", name="Accept the petition")).to_have_count(0)
    expect(moderator.locator(".timeline")).to_contain_text(re.compile("accepted|passed", re.I))


def test_a_calendar_change_shows_first_which_terms_it_moves(staff: OpenPage, installation: Installation) -> None:
    page = staff("administrator")
    page.goto("/en/console/calendar/day")
    page.locator('main input[name="kind"]').first.check()
    names = {f"name_{language}": "Демалыс күні (демо)" for language in ("kk", "ru", "en")}
    steps.fill(page, {"day": "2026-06-15", "act": "Қаулы № 1-д (демо)"} | names)
    page.locator("main form .actions button").first.click()

    expect(page).to_have_url(re.compile("preview"))
    number = installation.seeded("checking-overdue").id
    expect(page.locator("main")).to_contain_text(re.compile(r"No\. \d+"))
    expect(page.locator("main")).not_to_contain_text(re.compile(rf"No\. {number}\b"))  # its term has passed
    page.goto("/en/console/calendar?year=2026")
    expect(page.locator("main")).not_to_contain_text("Қаулы № 1-д")  # only shown, nothing kept


def test_who_looked_at_an_authors_particulars_stands_in_the_audit(staff: OpenPage, installation: Installation) -> None:
    petition, moderator = installation.seeded("checking"), staff("moderator")
    moderator.goto(f"/en/console/check/{petition.id}")
    steps.follow(moderator, "Show the particulars Author")
    expect(moderator.locator("main")).to_contain_text("It is recorded that you opened this page")

    page = staff("administrator")
    page.goto(f"/en/console/audit?subject=petition:{petition.id}")
    newest = page.locator("main tbody tr").first
    expect(newest).to_contain_text("Модератор (демо)")
