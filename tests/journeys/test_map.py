"""The map in a browser: by keyboard, on a phone, without a script, in the reader's own colours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenContext

TOP_UNITS = 20
KOSTANAY = "390000000"


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the focus stands on the element."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector}: not reached by {most} presses of Tab")


def test_a_region_is_chosen_by_keyboard_and_the_focus_is_seen(reader: Page) -> None:
    reader.goto("/en/territories")
    tab_to(reader, ".map-place")
    shape = reader.locator(".map-place:focus .map-shape")
    seen = shape.evaluate("shape => [getComputedStyle(shape).strokeWidth, getComputedStyle(shape).stroke]")
    quiet = reader.locator(".map-place:not(:focus) .map-shape").first
    assert seen[0] == "6px"
    assert seen[1] != quiet.evaluate("shape => getComputedStyle(shape).stroke")
    name = reader.locator(".map-place:focus").get_attribute("aria-label") or ""
    reader.keyboard.press("Enter")
    expect(reader.locator("h1")).to_have_text(name.rpartition(":")[0])


def test_whoever_does_not_want_the_map_goes_past_it(reader: Page) -> None:
    reader.goto("/en/territories")
    tab_to(reader, ".skip-map")
    expect(reader.locator(".skip-map")).to_be_in_viewport()
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")
    assert reader.evaluate("document.activeElement.closest('#places') !== null")


def test_the_map_the_key_and_the_table_say_the_same_numbers(reader: Page) -> None:
    steps.goto_until(
        reader, "/en/territories?show=petitions", lambda page: page.locator(".map-place").count() == 20, "map"
    )
    named = {}
    for label in reader.locator(".map-place").evaluate_all("all => all.map(each => each.getAttribute('aria-label'))"):
        place, _colon, number = label.rpartition(": ")
        named[place] = number
    rows = reader.locator("#places tbody tr")
    listed = {
        rows.nth(number).locator("th").inner_text(): rows.nth(number).locator("td").nth(1).inner_text()
        for number in range(rows.count())
    }
    assert len(named) == TOP_UNITS
    assert named == listed
    assert int(named["Kostanay Region"]) > 0


def test_without_a_script_the_number_is_changed_the_table_ordered_and_a_district_reached(
    open_context: OpenContext,
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/en/territories")
    page.get_by_role("navigation", name="Number shown on the map").get_by_role("link", name="Joinings").click()
    expect(page).to_have_url(re.compile(r"show=joined"))
    page.locator(".orders").get_by_role("link", name="All petitions").click()
    expect(page).to_have_url(re.compile(r"show=joined&order=petitions#places"))
    expect(page.locator("#places tbody th").first).to_have_text("Kostanay Region")
    page.locator(f'.map-place[href$="/{KOSTANAY}"]').click()
    expect(page.locator("h1")).to_have_text("Kostanay Region")
    assert page.locator(".map-place").count() == 20
    page.locator("#places").get_by_role("link", name="Rudny", exact=True).click()
    page.locator("#places").get_by_role("link", name="Gornyak Settlement").click()
    expect(page.locator("main")).to_contain_text("Office of the Akim of Gornyak Settlement")


@pytest.mark.parametrize("path", ["territories", f"territories/{KOSTANAY}", "bodies?level=oblast", "bodies/mod"])
def test_a_narrow_screen_and_large_letters_need_no_sideways_scrolling(open_context: OpenContext, path: str) -> None:
    page = open_context(viewport={"width": 320, "height": 700}).new_page()
    page.goto(f"/kk/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto("/kk/appearance?size=200&next=/kk/" + path.replace("?", "%3F"))
    page.goto(f"/kk/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_number_stands_in_its_own_shape_at_every_width(open_context: OpenContext) -> None:
    for width in (320, 768, 1280):
        page = open_context(viewport={"width": width, "height": 900}).new_page()
        page.goto(f"/en/territories/{KOSTANAY}")
        outside = page.evaluate(
            """() => {
              const picture = document.querySelector(".map-picture").getBoundingClientRect();
              return [...document.querySelectorAll(".map-number")]
                .map(text => text.getBoundingClientRect())
                .filter(box => box.width && (box.left < picture.left - 2 || box.right > picture.right + 2
                                             || box.top < picture.top - 2 || box.bottom > picture.bottom + 2)).length;
            }"""
        )
        assert outside == 0, width


@pytest.mark.parametrize("kato", ["610000000", "350000000", ""])
def test_no_name_on_the_map_covers_another_or_a_number(open_context: OpenContext, kato: str) -> None:
    for width in (900, 1280):
        page = open_context(viewport={"width": width, "height": 900}).new_page()
        page.goto(f"/ru/territories/{kato}".rstrip("/"))
        covered = page.evaluate(
            """() => {
              const texts = [...document.querySelectorAll(".map-label text")]
                .map(text => ({text, box: text.getBoundingClientRect(), named: text.matches(".map-name")}))
                .filter(each => each.box.width);
              const meet = (a, b) => a.left < b.right - 2 && b.left < a.right - 2
                                  && a.top + 3 < b.bottom - 3 && b.top + 3 < a.bottom - 3;
              return texts.flatMap(a => texts
                .filter(b => a.named && a.text.parentNode !== b.text.parentNode && meet(a.box, b.box))
                .map(b => `${a.text.textContent} / ${b.text.textContent}`));
            }"""
        )
        assert covered == [], width


def test_in_the_readers_own_colours_the_map_keeps_borders_and_numbers(open_context: OpenContext) -> None:
    page = open_context(forced_colors="active").new_page()
    page.goto("/en/territories?show=petitions")
    shape = page.locator(".map-tone-1 > .map-shape, .map-tone-0 > .map-shape").first
    fill, stroke = shape.evaluate("shape => [getComputedStyle(shape).fill, getComputedStyle(shape).stroke]")
    assert fill != stroke
    text = page.locator(".map-label.map-tone-0 .map-number").first
    colour, ground = text.evaluate(
        "text => [getComputedStyle(text).fill, getComputedStyle(document.body).backgroundColor]"
    )
    assert colour != ground


def test_a_body_is_found_by_the_name_of_its_place(reader: Page) -> None:
    reader.goto("/en/bodies")
    reader.get_by_role("searchbox").fill("горняк")
    steps.press(reader, "Find")
    steps.follow(reader, "Office of the Akim of Gornyak Settlement")
    expect(reader.get_by_role("heading", name="What it must answer next")).to_be_visible()
    expect(reader.get_by_role("heading", name="What it promised")).to_be_visible()
