"""A draft without internet: it is written on, sent afterwards, and stays on no device longer than its author wants."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Route, expect

from tests.journeys import drafts, steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation
from tests.journeys.keeping import opened, paths_kept, wait_until_kept, without_internet

READER, AUTHOR = "person-072", "person-071"
TEXTS = "Object.keys(localStorage).filter(key => key.startsWith('draft:'))"
TITLE, LATER_TITLE = "Демо: Ауылға аялдама керек", "Демо: Ауылға жабық аялдама керек"


def lost_on_the_way(route: Route) -> None:
    """What is sent never arrives, though the browser believes that there is a line."""
    if route.request.method == "POST":
        route.abort("internetdisconnected")
    else:
        route.continue_()


def test_a_draft_is_written_on_without_internet_and_sent_afterwards(
    phone: BrowserContext, installation: Installation
) -> None:
    page = phone.new_page()
    steps.sign_in_citizen(page, AUTHOR)
    drafts.begin(page)
    address = urlsplit(page.url).path
    opened(page, address)
    title, status = page.locator('[name="title"]'), page.locator("[data-autosave-status]")

    page.get_by_label("Keep this draft on this device").check()
    expect(page.locator("[data-keep-draft-status]")).to_have_text("The draft is kept on this device.")
    wait_until_kept(page, address, "drafts-1")
    title.fill(TITLE)
    page.locator('[name="content"]').focus()
    expect(status).to_contain_text("Saved at")

    with without_internet(phone):
        page.reload()  # as after a phone has closed the browser
        expect(page.locator("[data-copy-notice]")).to_contain_text("You can write on")
        expect(title).to_have_value(TITLE)  # saved after the page was kept
        title.fill(LATER_TITLE)
        page.locator('[name="content"]').focus()
        expect(status).to_contain_text("Your text is kept in this browser")
        page.locator('button[name="act"][value="save"]').click()
        expect(page.get_by_role("alert")).to_contain_text("this was not sent")
        page.reload()
        expect(title).to_have_value(LATER_TITLE)

    expect(status).to_contain_text("Saved at")
    expect(page.locator("[data-copy-notice]")).to_have_count(0)
    stored = installation.rows("SELECT title, id FROM petition WHERE id = ?", int(address.rpartition("/")[2]))
    assert stored[0][0] == LATER_TITLE  # type: ignore[comparison-overlap]
    page.reload()
    expect(title).to_have_value(LATER_TITLE)
    expect(page.locator("[data-autosave-offer]")).to_have_count(0)

    page.get_by_label("Keep this draft on this device").uncheck()
    expect(page.locator("[data-keep-draft-status]")).to_have_text("The draft is no longer kept on this device.")
    assert paths_kept(page, "drafts-1") == []


def test_a_text_sent_over_a_line_that_only_seems_to_be_there_is_not_lost(citizen: OpenPage) -> None:
    page = citizen(AUTHOR)
    drafts.begin(page)
    address = urlsplit(page.url).path
    page.route(re.compile(address), lost_on_the_way)
    page.locator('[name="title"]').fill(LATER_TITLE)
    page.locator('[name="content"]').focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Your text is kept in this browser")
    page.locator('button[name="act"][value="save"]').click()
    page.wait_for_url("chrome-error://**")
    page.unroute_all()
    page.goto(address)
    page.locator("[data-autosave-offer]").get_by_role("button").first.click()
    expect(page.locator('[name="title"]')).to_have_value(LATER_TITLE)


def test_where_saving_fails_it_is_said_in_sight_and_the_page_can_be_kept_at_once(phone: BrowserContext) -> None:
    page = phone.new_page()
    steps.sign_in_citizen(page, AUTHOR)
    drafts.begin(page)
    address = urlsplit(page.url).path
    opened(page, address)
    title, status = page.locator('[name="title"]'), page.locator("[data-autosave-status]")
    page.reload()  # from here the worker stands in between
    with without_internet(phone):
        title.fill(TITLE)
        title.press("Tab")
        expect(status).to_contain_text("Not saved.")
        expect(status).to_be_in_viewport()
        expect(title).to_be_in_viewport()
        page.locator("[data-keep-offer]").get_by_role("button").click()
        offer = page.locator("[data-keep-offer]")
        expect(offer).to_have_text("The draft is kept on this device.")
        expect(offer.locator("p")).to_be_focused()
        expect(offer).to_be_in_viewport()
        expect(page.get_by_label("Keep this draft on this device")).to_be_checked()
        page.reload()
        expect(page.locator("[data-copy-notice]")).to_contain_text("You can write on")
        expect(title).to_have_value(TITLE)
    expect(status).to_contain_text("Saved at")
    expect(offer).to_have_count(0)


def test_a_text_that_waits_here_is_counted_among_what_can_be_erased_and_ends_after_a_week(
    phone: BrowserContext,
) -> None:
    page = phone.new_page()
    opened(page, "/en/rules")
    page.evaluate(
        """(days) => {
      for (const [number, age] of Object.entries(days)) {
        localStorage.setItem(`draft:/en/drafts/${number}/autosave`, JSON.stringify({ at: Date.now() - age * 864e5 }));
      }
      localStorage.setItem("draft:/en/drafts/3/autosave", "of nobody");
    }""",
        {"1": 6, "2": 8},
    )
    page.goto("/en/offline")
    expect(page.locator("[data-kept-list]")).to_contain_text("A text that the site has not got yet")
    assert page.evaluate(TEXTS) == ["draft:/en/drafts/1/autosave"], "the others are forgotten by a guest's page too"
    expect(page.locator('[data-kept-list] a[href$="/en/drafts/1"]')).to_be_visible()
    page.get_by_role("button", name="Erase everything kept here").click()
    expect(page.locator("[data-kept-none]")).to_be_visible()
    assert page.evaluate(TEXTS) == []


def test_a_draft_is_not_kept_unasked_and_signing_out_forgets_it(phone: BrowserContext) -> None:
    page = phone.new_page()
    steps.sign_in_citizen(page, READER)
    drafts.begin(page)
    address = urlsplit(page.url).path
    opened(page, address)
    expect(page.get_by_label("Keep this draft on this device")).not_to_be_checked()
    assert paths_kept(page, "drafts-1") == []
    page.get_by_label("Keep this draft on this device").check()
    wait_until_kept(page, address, "drafts-1")
    steps.sign_out(page)
    assert paths_kept(page, "drafts-1") == []
    assert page.evaluate(TEXTS) == []
    with without_internet(phone):
        page.goto(address)
        expect(page.locator("h1")).to_have_text("Pages kept on this device")


def test_who_left_without_signing_out_is_forgotten_when_somebody_else_signs_in(phone: BrowserContext) -> None:
    page = phone.new_page()
    steps.sign_in_citizen(page, AUTHOR)
    drafts.begin(page)
    address = urlsplit(page.url).path
    opened(page, address)
    page.get_by_label("Keep this draft on this device").check()
    wait_until_kept(page, address, "drafts-1")
    phone.clear_cookies(name="session")
    steps.sign_in_citizen(page, AUTHOR)
    page.goto("/en/account")
    assert address in paths_kept(page, "drafts-1"), "the author came back"
    phone.clear_cookies(name="session")
    steps.sign_in_citizen(page, READER)
    page.goto("/en/account")
    assert paths_kept(page, "drafts-1") == []
    assert page.evaluate(TEXTS) == []


def test_who_was_signed_out_meanwhile_is_told_so_and_keeps_the_text(phone: BrowserContext) -> None:
    page = phone.new_page()
    steps.sign_in_citizen(page, READER)
    drafts.begin(page)
    elsewhere = phone.new_page()
    elsewhere.goto("/en/account")
    page.locator('[name="title"]').fill(TITLE)
    phone.clear_cookies(name="session")
    page.locator('[name="content"]').focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text("You are signed out. Your text is kept")
