"""A body that does not answer: staff move the law's clock until everybody sees it (91(2))."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation


def test_the_next_working_day_comes_when_staff_ask_for_it(
    reader: Page, installation: Installation, law_clock: Callable[..., None]
) -> None:
    reader.goto(f"/en/petitions/{installation.seeded('examination').id}")
    before = days_left(reader)
    law_clock("working-day")
    steps.reload_until(reader, lambda page: days_left(page) == before - 1, "a day less is left")


def days_left(page: Page) -> int:
    words = page.locator(".clock-left").first.inner_text()
    return int(words.split()[0])


def test_a_term_that_passes_in_silence_is_shown_to_everybody_and_told_to_the_author(
    citizen: OpenPage, reader: Page, installation: Installation, law_clock: Callable[..., None]
) -> None:
    petition = installation.seeded("examination")
    reader.goto(f"/en/petitions/{petition.id}")
    law_clock("days", 2 * days_left(reader) + 4)
    said = "The body has not answered in time"
    steps.reload_until(reader, lambda page: said in page.locator("main").inner_text(), "told on its page")
    expect(reader.locator(".timeline-overdue")).to_have_count(1)

    author = citizen("olga")
    author.goto("/en/inbox")
    expect(author.locator("main ol")).to_contain_text("The term passed without a decision")


def test_whoever_is_no_staff_cannot_move_the_clock(citizen: OpenPage, reader: Page) -> None:
    for page in (citizen("olga"), reader):
        page.goto("/en/console")
        expect(page.locator('button[name="step"]')).to_have_count(0)
