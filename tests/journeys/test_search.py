"""Somebody looks for a petition: by words, by filters, by keyboard, without scripts."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenContext
from tests.journeys.installation import Installation


def search(page: Page, words: str) -> None:
    page.get_by_label("Words or a number").fill(words)
    page.get_by_role("button", name="Search").press("Enter")


def test_a_word_in_another_form_finds_and_the_word_is_marked(reader: Page, installation: Installation) -> None:
    sought = installation.seeded("open-almaty")
    steps.goto_until(reader, "/en/petitions?q=велодорожками", steps.says("1 petition"), "the worker indexes")
    search(reader, "непрерывных велодорожек")
    expect(reader.locator("mark").first).to_have_text("Непрерывная")
    reader.get_by_role("link", name="Непрерывная велодорожка").click()
    expect(reader).to_have_url(f"{installation.address}/en/petitions/{sought.id}")


def test_a_misspelt_word_is_understood_and_said_so(reader: Page, installation: Installation) -> None:
    steps.goto_until(reader, "/en/petitions?q=велодорожка", steps.says("1 petition"), "the worker indexes")
    search(reader, "виладорожка")
    expect(reader.locator("main")).to_contain_text("Did you mean")
    expect(reader.locator(".card")).to_have_count(1)


def test_filters_are_chosen_and_taken_away_without_scripts(
    open_context: OpenContext, installation: Installation
) -> None:
    page = open_context(java_script_enabled=False, viewport={"width": 320, "height": 800}).new_page()
    page.goto("/en/petitions")
    page.get_by_text("Filter and sort").click()
    page.get_by_role("combobox", name="Subject area").select_option("water")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".list-taken")).to_contain_text("Drinking water")
    few = page.locator(".card").count()
    page.get_by_role("link", name="Take away").click()
    expect(page.locator(".list-taken")).to_have_count(0)
    assert few < page.locator(".card").count()


def test_a_hidden_text_is_not_found(reader: Page, installation: Installation) -> None:
    steps.goto_until(reader, "/en/petitions?q=велодорожка", steps.says("1 petition"), "the worker indexes")
    search(reader, "жасырылған")
    expect(reader.locator(".card")).to_have_count(0)
