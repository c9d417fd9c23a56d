"""The version for people with low vision in a real browser: one click, kept everywhere, with and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenContext

SMALL = {"width": 320, "height": 640}
COVERED = """() => {
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 20) / 2);
  return !at || !(focused.contains(at) || at.contains(focused));
}"""


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def text_size(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)"))


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("scripts", [True, False])
def test_one_click_holds_on_every_page_until_it_is_taken_back(open_context: OpenContext, scripts: bool) -> None:
    page = open_context(java_script_enabled=scripts).new_page()
    page.goto("/en/petitions?group=open")
    page.get_by_role("link", name="Low vision version").first.click()
    expect(page).to_have_url(re.compile(r"/en/petitions\?group=open$"))
    for path in ("/en/petitions?group=open", "/kk/", "/ru/law", "/en/nowhere"):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("data-colours", "bw")
        expect(page.locator("html")).to_have_attribute("data-size", "150")
    page.goto("/en/law")
    page.get_by_role("navigation", name="Low vision version").get_by_role("link", name="Yellow on black").click()
    expect(page.locator("html")).to_have_attribute("data-colours", "yb")
    expect(page).to_have_url(re.compile(r"/en/law$"))
    page.get_by_role("link", name="Ordinary version").first.click()
    expect(page.locator("html")).not_to_have_attribute("data-colours", "yb")
    expect(page).to_have_url(re.compile(r"/en/law$"))


def test_what_is_chosen_is_what_is_drawn(reader: Page) -> None:
    reader.goto("/en/law")
    ordinary = text_size(reader)
    reader.goto("/en/appearance?next=/en/law")
    for name, value in (("size", "200"), ("colours", "wb"), ("spacing", "widest"), ("pictures", "plain")):
        reader.locator(f'input[name="{name}"][value="{value}"]').check()
    reader.get_by_role("button", name="Keep this choice").click()
    expect(reader).to_have_url(re.compile(r"/en/law$"))
    assert text_size(reader) == 2 * ordinary
    assert ground(reader) == "rgb(0, 0, 0)"
    assert reader.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).letterSpacing)") > 5
    expect(reader.locator(".kerege").first).to_be_hidden()


def test_a_crowd_of_other_readers_keeps_the_ordinary_pages(open_context: OpenContext) -> None:
    one, other = open_context().new_page(), open_context().new_page()
    one.goto("/en/appearance?choice=low-vision&next=/en/archive")
    other.goto("/en/archive")
    one.reload()
    expect(one.locator("html")).to_have_attribute("data-size", "150")
    assert other.locator("html").get_attribute("data-size") is None


@pytest.mark.parametrize("view", ["", "200-yb-widest-plain"])
@pytest.mark.parametrize("path", ["/kk/", "/ru/petitions", "/en/design", "/kk/rules", "/ru/appearance", "/kk/sign-in"])
def test_nothing_scrolls_sideways_at_320_pixels(open_context: OpenContext, view: str, path: str) -> None:
    context = open_context(viewport=SMALL)
    page = context.new_page()
    if view:
        names = ("size", "colours", "spacing", "pictures")
        asked = "&".join(f"{name}={value}" for name, value in zip(names, view.split("-"), strict=True))
        page.goto(f"/en/appearance?{asked}&next=/en/law")
    page.goto(path)
    assert sideways(page) <= 0


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_of_a_small_screen_opens_by_keyboard(open_context: OpenContext, scripts: bool) -> None:
    page = open_context(viewport=SMALL, java_script_enabled=scripts).new_page()
    page.goto("/en/law")
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Statistics")
    expect(link).to_be_hidden()
    page.locator(".menu > summary").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    assert page.locator(".masthead").evaluate("it => it.offsetHeight") < 420
    link.click()
    expect(page).to_have_url(re.compile(r"/en/statistics$"))
    assert page.locator(".masthead").evaluate("it => it.offsetHeight") <= 120, (
        "closed it takes little of a small screen"
    )


def test_on_a_wide_screen_the_menu_is_laid_out(reader: Page) -> None:
    reader.goto("/en/")
    expect(reader.get_by_role("navigation", name="Main").get_by_role("link", name="Statistics")).to_be_visible()
    expect(reader.locator(".menu > summary")).to_be_hidden()


def test_the_focus_is_never_hidden_on_the_way_through_a_page(open_context: OpenContext) -> None:
    page = open_context(viewport=SMALL).new_page()
    page.goto("/en/design")
    for _step in range(60):
        page.keyboard.press("Tab")
        assert not page.evaluate(COVERED), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_a_question_over_the_page_keeps_the_focus_and_gives_it_back(reader: Page) -> None:
    reader.goto("/en/design")
    asks = reader.get_by_role("button", name="Discard the draft")
    asks.focus()
    reader.keyboard.press("Space")
    question = reader.get_by_role("dialog", name="Discard the draft?")
    expect(question).to_be_visible()
    assert reader.evaluate("document.activeElement.closest('dialog') !== null")
    reader.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(asks).to_be_focused()


def test_without_script_the_question_stands_in_the_page(open_context: OpenContext) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/en/design")
    page.get_by_role("link", name="Discard the draft").click()
    expect(page.locator("#sample-dialog")).to_be_visible()
    page.locator("#sample-dialog").get_by_role("link", name="Back to the page").click()
    expect(page.locator("#sample-dialog")).to_be_hidden()


def test_printed_pages_have_no_menus_and_open_what_is_folded(reader: Page) -> None:
    reader.goto("/en/design")
    reader.emulate_media(media="print")
    for gone in (".menu", ".languages", ".low-vision", ".foot-groups", ".button"):
        expect(reader.locator(gone).first).to_be_hidden()
    expect(reader.locator("#details ~ .specimen .details-body").first).to_be_visible()
