"""A journalist and a villager: the statistics with their data, the way of a petition, the front page's search."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenContext

NARROW = {"viewport": {"width": 320, "height": 640}}
PAGES = ("", "statistics", "law", "law?edition=2024-04-04", "accessibility", "privacy", "rules", "sources", "archive")


def test_a_journalist_finds_a_number_and_takes_its_data_along(reader: Page, tmp_path: Path) -> None:
    reader.goto("/en/")
    reader.get_by_role("banner").get_by_role("link", name="Statistics", exact=True).click()
    expect(reader.locator("h1")).to_have_text("Statistics")
    places = reader.locator("#places-picture tbody tr")
    expect(places).to_have_count(20)
    name = places.first.get_by_role("rowheader").inner_text()
    number = places.first.locator(".bar-number").inner_text()

    numbers = reader.locator('section[aria-labelledby="places"] details')
    numbers.locator("summary").focus()
    reader.keyboard.press("Enter")
    expect(numbers.get_by_role("row").nth(1)).to_contain_text(name)
    with reader.expect_download() as told:
        numbers.get_by_role("link", name="Download as CSV").click()
    file = tmp_path / told.value.suggested_filename
    told.value.save_as(file)
    assert file.name == "statistics-places.csv"
    with file.open(encoding="utf-8") as lines:
        rows = {row["name_en"]: row["all"] for row in csv.DictReader(lines)}
    assert rows[name] == number


def test_every_picture_is_named_and_described_for_who_cannot_see_it(reader: Page) -> None:
    reader.goto("/en/statistics")
    pictures = reader.get_by_role("img")
    expect(pictures).not_to_have_count(0)
    for number in range(pictures.count()):
        expect(pictures.nth(number)).to_have_accessible_name(re.compile(r"\w+.*\d"))


@pytest.mark.parametrize("path", PAGES)
def test_a_small_phone_needs_no_scrolling_sideways(open_context: OpenContext, path: str) -> None:
    page = open_context(**NARROW).new_page()
    for language in ("kk", "ru"):
        page.goto(f"/{language}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{language}/{path}"


def test_all_of_it_stands_without_javascript(open_context: OpenContext) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/en/statistics")
    page.locator('section[aria-labelledby="months"] summary').click()
    expect(page.locator('section[aria-labelledby="months"] tbody tr').first).to_be_visible()

    page.goto("/en/")
    page.get_by_role("searchbox", name="Find a petition").fill("мост")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page).to_have_url(re.compile(r"/en/petitions\?q="))
    expect(page.locator("h1")).to_be_visible()


def test_the_way_of_a_petition_is_shown_by_the_edition_it_lives_by(reader: Page) -> None:
    reader.goto("/en/law")
    names = reader.locator(".path-name")
    expect(names).to_have_count(7)
    assert names.all_inner_texts()[1:3] == ["The check", "The first supporters"]
    reader.get_by_role("navigation", name="Edition of the law").get_by_role("link").first.click()
    expect(reader.locator("main .notice-warning")).to_be_visible()
    assert names.all_inner_texts()[1:3] == ["The first supporters", "The check"]


def test_the_statement_on_accessibility_is_one_step_from_every_page(reader: Page) -> None:
    reader.goto("/en/archive")
    reader.get_by_role("contentinfo").get_by_role("link", name="Accessibility", exact=True).click()
    expect(reader.locator("h1")).to_have_text("Accessibility")
    expect(reader.locator("main")).to_contain_text("What is not good enough yet")


def test_with_pictures_off_the_numbers_stay(reader: Page) -> None:
    reader.goto("/en/statistics")
    reader.get_by_role("link", name="Low vision version").first.click()
    expect(reader.locator("html")).to_have_attribute("data-pictures", "plain")
    expect(reader.locator(".chart-plot").first).to_be_hidden()
    expect(reader.locator(".bar-number").first).to_be_visible()
    expect(reader.locator(".chart-legend li").first).to_be_visible()
