"""Passing a petition on: by its short link, by copying, by a badge on a newspaper's page."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenContext
from tests.journeys.installation import Installation

AN_OPEN_ONE = "/en/petitions?group=open"


def an_open_petition(page: Page) -> str:
    """Its number."""
    page.goto(AN_OPEN_ONE)
    link = page.locator("main .card-title a").first.get_attribute("href") or ""
    return link.rpartition("/")[2]


def test_a_reader_copies_the_short_link_and_a_friend_opens_the_same_or_types_it_off_a_poster(
    open_context: OpenContext, installation: Installation
) -> None:
    context = open_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    number = an_open_petition(page)
    page.goto(f"/en/petitions/{number}")
    page.get_by_role("button", name="Copy the link").press("Enter")
    expect(page.locator(".share [role=status]")).to_have_text("The link is copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{installation.address}/en/p/{number}"

    friend = open_context(locale="ru-RU").new_page()
    friend.goto(copied)
    expect(friend).to_have_url(re.compile(rf"/en/petitions/{number}$"))
    friend.goto(f"/p/{number}")  # as a poster has it
    expect(friend).to_have_url(re.compile(rf"/ru/petitions/{number}$"))
    expect(friend.locator("h1")).to_be_visible()


def test_without_a_script_the_link_stands_in_its_field_and_the_ways_are_links(open_context: OpenContext) -> None:
    page = open_context(java_script_enabled=False).new_page()
    number = an_open_petition(page)
    page.goto(f"/en/petitions/{number}")
    expect(page.get_by_label("Short link")).to_have_value(re.compile(rf"/p/{number}$"))
    expect(page.get_by_role("button", name="Copy the link")).to_have_count(0)
    for name, place in (("Telegram", "t.me"), ("WhatsApp", "wa.me"), ("VK", "vk.com")):
        expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute("href", re.compile(rf"//{place}/"))
    steps.follow(page, "Card, poster and badge")
    expect(page.get_by_label("Put these lines into your page")).to_have_value(re.compile(r"^<iframe .*sandbox="))


def test_a_newsroom_takes_the_badge_and_its_readers_come_by_it(reader: Page) -> None:
    newsroom = reader
    number = an_open_petition(newsroom)
    newsroom.goto(f"/en/petitions/{number}/share")
    newsroom.get_by_label("Language of the badge").select_option("kk")
    newsroom.get_by_label("Colours of the badge").select_option("dark")
    steps.press(newsroom, "Show this badge")
    expect(newsroom.get_by_label("Put these lines into your page")).to_have_value(re.compile("lang=kk&amp;theme=dark"))
    badge = newsroom.frame_locator("iframe.share-badge")
    expect(badge.locator("html")).to_have_attribute("lang", "kk")
    assert badge.locator("form, input, button, script").count() == 0
    with newsroom.context.expect_page() as opened:
        badge.locator("h1 a").click()
    expect(opened.value).to_have_url(re.compile(rf"/petitions/{number}$"))


def test_the_card_and_the_badge_fit_a_narrow_phone(open_context: OpenContext) -> None:
    page = open_context(viewport={"width": 320, "height": 640}).new_page()
    number = an_open_petition(page)
    for address in (f"/en/petitions/{number}", f"/en/petitions/{number}/share", f"/embed/{number}?lang=kk"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    page.goto(f"/en/petitions/{number}/share")
    card = page.locator("img.share-card")
    card.scroll_into_view_if_needed()
    expect(card).to_have_js_property("naturalWidth", 1200)
