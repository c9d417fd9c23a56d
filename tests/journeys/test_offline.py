"""Without internet: pages that were opened are read on, a draft is written on, and every copy says that it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.journeys import drafts, steps
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.installation import Installation

READER, AUTHOR = "person-072", "person-071"
TITLE, LATER_TITLE = "Демо: Ауылға аялдама керек", "Демо: Ауылға жабық аялдама керек"
PHONE = {"width": 360, "height": 740}
PATIENCE = 20_000  # milliseconds, more than the worker waits for an answer before it shows a copy
LOOK = "async () => (await (await caches.open('look-1')).match('/'))?.json()"
KEPT = """async (name) => {
  const found = (await caches.keys()).find((one) => one.startsWith(name));
  return found ? (await (await caches.open(found)).keys()).map((key) => key.url) : [];
}"""


@pytest.fixture
def phone(open_context: OpenContext) -> BrowserContext:
    """A browser that keeps pages."""
    return open_context(service_workers="allow", viewport=PHONE)


@contextmanager
def without_internet(phone: BrowserContext) -> Iterator[None]:
    phone.set_offline(True)
    yield
    phone.set_offline(False)


def lost_on_the_way(route: Route) -> None:
    """What is sent never arrives, though the browser believes that there is a line."""
    if route.request.method == "POST":
        route.abort("internetdisconnected")
    else:
        route.continue_()


def opened(page: Page, address: str) -> None:
    """Open a page, with the worker at work."""
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def paths_kept(page: Page, cache: str = "pages-1") -> list[str]:
    return [urlsplit(url).path for url in page.evaluate(KEPT, cache)]


def wait_until_known(page: Page, look: dict[str, str]) -> None:
    for _ in range(100):
        if (page.evaluate(LOOK) or {}).get("look") == look:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the worker does not know {look}, only {page.evaluate(LOOK)}")


def wait_until_kept(page: Page, path: str, cache: str = "pages-1") -> None:
    for _ in range(150):
        if path in paths_kept(page, cache):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{path} is not kept, only {paths_kept(page, cache)}")


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
        expect(page.locator("[data-copy-notice]")).to_contain_text(re.compile(r"\d\d\.\d\d\.\d{4}, \d\d:\d\d"))
        assert page.evaluate("document.fonts.check('16px \"Golos Text\"', 'Әәңұө')")

        page.goto(f"/{language}/rules")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("[data-copy-notice] a")).to_have_attribute("href", re.compile(rf"/{language}/rules$"))
        page.locator("[data-kept-list] a").filter(has_text=petition.title).click()
        expect(page.locator("h1")).to_contain_text(petition.title)
    page.goto(f"/{language}/rules")
    expect(page.locator("[data-copy-notice]")).to_have_count(0)


def let_the_browsers_own_cache_run_out(page: Page) -> None:
    """A public page is fresh for three seconds and may be shown stale for two: till then the browser asks nobody."""
    page.wait_for_timeout(6_000)


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


def test_what_is_kept_can_be_erased(phone: BrowserContext, installation: Installation) -> None:
    page = phone.new_page()
    opened(page, f"/en/petitions/{installation.seeded('open-government').id}")
    wait_until_kept(page, f"/en/petitions/{installation.seeded('open-government').id}")
    page.goto("/en/offline")
    page.get_by_role("button", name="Erase everything kept here").click()
    expect(page.locator("[data-kept]").get_by_role("status")).to_have_text("Everything kept here is erased.")
    expect(page.locator("[data-kept-none]")).to_be_visible()
    assert paths_kept(page) == []


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
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []
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
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []


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


def test_the_site_can_be_put_on_a_phones_screen(reader: Page) -> None:
    for language in ("kk", "ru", "en"):
        reader.goto(f"/{language}/")
        manifest = reader.request.get(reader.locator("link[rel=manifest]").get_attribute("href") or "").json()
        assert (manifest["start_url"], manifest["lang"]) == (f"/{language}/", language)
        for icon in manifest["icons"]:
            assert reader.request.get(icon["src"]).headers["content-type"] == icon["type"]
