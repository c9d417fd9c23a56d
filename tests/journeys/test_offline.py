"""Without internet: pages that were opened are read on, and every copy says that it is one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation
from tests.journeys.keeping import (
    KEPT,
    let_the_browsers_own_cache_run_out,
    opened,
    paths_kept,
    wait_until_kept,
    without_internet,
)

READER = "person-072"
PATIENCE = 20_000  # milliseconds, more than the worker waits for an answer before it shows a copy
LOOK = "async () => (await (await caches.open('look-1')).match('/'))?.json()"


def wait_until_known(page: Page, look: dict[str, str]) -> None:
    for _ in range(100):
        if (page.evaluate(LOOK) or {}).get("look") == look:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the worker does not know {look}, only {page.evaluate(LOOK)}")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_very_first_page_is_kept_and_a_copy_tells_when_it_was_made(
    phone: BrowserContext, installation: Installation, language: str
) -> None:
    page, petition = phone.new_page(), installation.seeded("open-government")
    opened(page, f"/{language}/petitions/{petition.id}")
    wait_until_kept(page, f"/{language}/petitions/{petition.id}")
    wait_until_kept(page, f"/{language}/offline", "frame-")
    with without_internet(phone):
        page.reload()
        expect(page.locator("h1")).to_contain_text(petition.title)
        ask = page.locator(".ask-button a")
        expect(ask).to_have_attribute("aria-disabled", "true")
        assert ask.get_attribute("href") is None, "nobody joins from a copy"
        expect(page.locator("#no-joining")).to_be_visible()
        expect(page.locator("[data-copy-notice]")).to_contain_text(re.compile(r"\d\d\.\d\d\.\d{4}, \d\d:\d\d"))
        assert page.evaluate("document.fonts.check('16px \"Golos Text\"', 'Әәңұө')")

        page.goto(f"/{language}/rules")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("[data-copy-notice] a")).to_have_attribute("href", re.compile(rf"/{language}/rules$"))
        page.locator("[data-kept-list] a").filter(has_text=petition.title).click()
        expect(page.locator("h1")).to_contain_text(petition.title)
    page.goto(f"/{language}/rules")
    expect(page.locator("[data-copy-notice]")).to_have_count(0)


def test_a_copy_looks_as_its_reader_wants_pages_to_look_now(phone: BrowserContext, installation: Installation) -> None:
    page, address = phone.new_page(), f"/en/petitions/{installation.seeded('open-government').id}"
    html, bar = page.locator("html"), page.get_by_role("navigation", name="Low vision version")
    opened(page, address)
    wait_until_kept(page, address)
    page.goto("/en/law")
    page.get_by_role("link", name="Low vision version").first.click()
    expect(bar).to_be_visible()
    wait_until_kept(page, "/en/law")
    wait_until_known(page, {"size": "150", "colours": "bw", "spacing": "wide", "pictures": "plain"})
    let_the_browsers_own_cache_run_out(page)
    with without_internet(phone):
        for path in (address, "/en/law", "/en/sources"):  # kept before, kept since, not kept at all
            page.goto(path)
            expect(page.locator("[data-copy-notice]")).to_contain_text("No connection to the site.")
            expect(html).to_have_attribute("data-colours", "bw")
            expect(html).to_have_attribute("data-size", "150")
            expect(page.locator("meta[name=color-scheme]")).to_have_attribute("content", "light")
    page.goto("/en/rules")
    page.get_by_role("link", name="Ordinary version").first.click()
    wait_until_known(page, {})
    let_the_browsers_own_cache_run_out(page)
    with without_internet(phone):
        page.goto("/en/law")
        expect(page.locator("[data-copy-notice]")).to_be_visible()
        expect(bar).to_have_count(0)
        assert html.evaluate("html => Object.keys(html.dataset)") == ["copy"]


def test_a_slow_line_is_not_called_no_connection(phone: BrowserContext, installation: Installation) -> None:
    page, address = phone.new_page(), f"/en/petitions/{installation.seeded('open-government').id}"
    notice = page.locator("[data-copy-notice]")
    opened(page, address)
    wait_until_kept(page, address)
    let_the_browsers_own_cache_run_out(page)
    with installation.silent():
        page.goto(address, timeout=PATIENCE)
        expect(notice).to_contain_text("The site has not answered yet")
        expect(notice).to_contain_text("This is a copy kept on this device")
        expect(notice).not_to_contain_text("No connection")
    expect(notice).to_contain_text("The site has answered now", timeout=PATIENCE)
    notice.get_by_role("link", name="Try again").click()
    expect(notice).to_have_count(0)


def test_who_tries_again_waits_for_the_page_itself(phone: BrowserContext, installation: Installation) -> None:
    page, address = phone.new_page(), f"/en/petitions/{installation.seeded('open-government').id}"
    notice = page.locator("[data-copy-notice]")
    opened(page, address)
    wait_until_kept(page, address)
    let_the_browsers_own_cache_run_out(page)
    with installation.silent():
        page.goto(address, timeout=PATIENCE)
        marked = page.evaluate("performance.timeOrigin")
        notice.get_by_role("link", name="Try again").click(no_wait_after=True)
        page.wait_for_timeout(PATIENCE / 2)  # longer than it waited before: another copy would keep the notice
    expect(notice).to_have_count(0, timeout=PATIENCE)
    assert page.evaluate("performance.timeOrigin") > marked


def test_a_file_of_another_release_is_never_kept_under_a_false_address(
    phone: BrowserContext, installation: Installation
) -> None:
    page = phone.new_page()
    opened(page, "/en/")
    page.goto("/en/rules")  # the worker stands in between now
    for address in ("/static/js/share.js?v=0123456789", "/static/js/dialog.js?v=0123456789"):
        assert page.evaluate("async (address) => (await fetch(address)).ok", address)
    page.wait_for_timeout(1_000)
    kept = page.evaluate(KEPT, "files-1")
    assert any("/static/css/base.css?v=" in url for url in kept)
    assert not [url for url in kept if url.endswith("?v=0123456789")]


def test_a_new_release_keeps_the_languages_that_were_read(phone: BrowserContext) -> None:
    page = phone.new_page()
    opened(page, "/ru/")
    wait_until_kept(page, "/ru/offline", "frame-")
    frame = page.evaluate("""async () => {
      const now = (await caches.keys()).find((name) => name.startsWith("frame-"));
      const page = await (await caches.open(now)).match("/ru/offline");
      await (await caches.open("frame-0123456789")).put("/ru/offline", page);
      await caches.delete(now);
      await (await navigator.serviceWorker.getRegistration()).unregister();
      return now;
    }""")
    page.goto("about:blank")  # now it is gone, and what it kept is of the release before
    opened(page, "/en/")
    wait_until_kept(page, "/ru/offline", frame)
    page.wait_for_function("async () => !(await caches.keys()).includes('frame-0123456789')")


def test_a_form_without_internet_stays_where_it_is(phone: BrowserContext) -> None:
    page = phone.new_page()
    opened(page, "/en/staff/sign-in")
    steps.fill(page, {"email": "nobody@demo.invalid", "password": "х" * 12, "code": "000000"})
    with without_internet(phone):
        steps.press(page, "Sign in")
        expect(page.get_by_role("alert")).to_contain_text("this was not sent")
        expect(page.locator("#email")).to_have_value("nobody@demo.invalid")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_pages_of_one_person_are_never_kept_and_signing_out_erases_the_rest(
    phone: BrowserContext, installation: Installation
) -> None:
    page, petition = phone.new_page(), installation.seeded("open-government")
    link_only = installation.seeded("supporting")
    steps.sign_in_citizen(page, READER)
    opened(page, "/en/my-joinings")
    for address in ("/en/account", "/en/inbox", "/en/my-petitions", f"/en/petitions/{link_only.ref}"):
        page.goto(address)
    page.goto(f"/en/petitions/{petition.id}")
    wait_until_kept(page, f"/en/petitions/{petition.id}")
    assert paths_kept(page) == [f"/en/petitions/{petition.id}"]
    with without_internet(phone):
        page.reload()
        expect(page.locator("[data-copy-notice]")).to_be_visible()
        expect(page.locator("header")).to_contain_text("Sign in")  # the page of everybody, not the reader's own
        page.goto("/en/account")
        expect(page.locator("h1")).to_have_text("Pages kept on this device")
    page.goto("/en/account")
    steps.sign_out(page)
    assert f"/en/petitions/{petition.id}" not in paths_kept(page)


def test_nothing_is_kept_longer_than_was_said(phone: BrowserContext) -> None:
    page = phone.new_page()
    opened(page, "/en/rules")
    wait_until_kept(page, "/en/rules")
    page.evaluate("""async () => {
      for (const [name, days] of [["pages-1", 31], ["drafts-1", 8]]) {
        const headers = { "X-Kept-At": new Date(Date.now() - days * 24 * 3600 * 1000).toISOString() };
        await (await caches.open(name)).put(`/en/of-${days}-days`, new Response("x", { headers }));
      }
    }""")
    page.goto("/en/law")
    wait_until_kept(page, "/en/law")
    assert "/en/of-31-days" not in paths_kept(page)
    assert "/en/rules" in paths_kept(page)
    assert paths_kept(page, "drafts-1") == []


def test_a_petition_that_was_taken_down_leaves_the_device_when_its_page_is_asked_for(
    phone: BrowserContext, staff: OpenPage, installation: Installation
) -> None:
    page, senior, petition = phone.new_page(), staff("senior"), installation.seeded("closing-soon")
    address = f"/en/petitions/{petition.id}"
    copies = {address, f"/kk/petitions/{petition.id}", f"{address}/share", f"{address}/comments"}
    for path in ("/en/rules", *sorted(copies)):
        opened(page, path)
        wait_until_kept(page, path)
    steps.take_down(senior, petition.id)
    steps.goto_until(page, f"{address}/share", lambda shown: not steps.says(petition.title)(shown), "taken down")
    for _ in range(50):
        if not copies & set(paths_kept(page)):
            break
        page.wait_for_timeout(100)
    assert paths_kept(page) == ["/en/rules"]
    let_the_browsers_own_cache_run_out(page)
    with without_internet(phone):
        for path in copies:
            page.goto(path)
            expect(page.locator("main")).not_to_contain_text(petition.title)
            expect(page.locator("[data-copy-notice]")).to_be_visible()
    steps.restore(senior, petition.id)


def test_what_is_kept_can_be_erased(phone: BrowserContext, installation: Installation) -> None:
    page = phone.new_page()
    opened(page, f"/en/petitions/{installation.seeded('open-government').id}")
    wait_until_kept(page, f"/en/petitions/{installation.seeded('open-government').id}")
    page.goto("/en/offline")
    page.get_by_role("button", name="Erase everything kept here").click()
    expect(page.locator("[data-kept]").get_by_role("status")).to_have_text("Everything kept here is erased.")
    expect(page.locator("[data-kept-none]")).to_be_visible()
    assert paths_kept(page) == []


def test_the_site_can_be_put_on_a_phones_screen(reader: Page) -> None:
    for language in ("kk", "ru", "en"):
        reader.goto(f"/{language}/")
        manifest = reader.request.get(reader.locator("link[rel=manifest]").get_attribute("href") or "").json()
        assert (manifest["start_url"], manifest["lang"]) == (f"/{language}/", language)
        for icon in manifest["icons"]:
            assert reader.request.get(icon["src"]).headers["content-type"] == icon["type"]
