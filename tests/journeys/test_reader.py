"""Somebody who only reads: in three languages, on a phone, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.installation import Installation

LIST_HEADINGS = {"kk": "Петициялар", "ru": "Петиции", "en": "Petitions"}
LANGUAGES = tuple(LIST_HEADINGS)


def status_of(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer is not None
    return answer.status


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_public_page_speaks_the_language_of_its_address(
    reader: Page, installation: Installation, language: str
) -> None:
    petition = installation.seeded("decided-full")
    paths = ("", "petitions", f"petitions/{petition.id}", "archive", "law", "rules", "privacy", "sources")
    for path in paths:
        assert status_of(reader, f"/{language}/{path}") == 200
        expect(reader.locator("html")).to_have_attribute("lang", language)
        expect(reader.locator("h1")).to_have_count(1)
        expect(reader.locator(f'link[rel="alternate"][hreflang="{language}"]')).to_have_count(1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_law_is_told_in_plain_words(reader: Page, language: str) -> None:
    reader.goto(f"/{language}/law")
    expect(reader.locator("h1")).not_to_be_empty()
    for article in ("90-2", "90-3", "90-5", "90-6"):
        expect(reader.locator("main")).to_contain_text(article)


def test_the_front_page_leads_to_a_petition(reader: Page) -> None:
    reader.goto("/")
    expect(reader).to_have_url(re.compile(r"/(kk|ru|en)/$"))
    card = reader.locator("main .card-title a").first
    title = card.inner_text()
    card.click()
    expect(reader.locator("h1")).to_have_text(title)


def test_the_list_is_filtered_by_state_level_and_place(reader: Page, installation: Installation) -> None:
    reader.goto("/en/petitions")
    reader.locator("#filter-level").select_option(index=1)
    reader.get_by_role("button", name="Show", exact=True).click()
    expect(reader).to_have_url(re.compile("level="))

    reader.goto("/en/petitions?group=answered&kato=390000000")
    titles = reader.locator("main .card-title").all_inner_texts()
    assert installation.seeded("decided-full").title in titles
    assert installation.seeded("open-almaty").title not in titles
    reader.goto("/en/petitions?group=open&kato=750000000")
    assert reader.locator("main .card-title").all_inner_texts() == [installation.seeded("open-almaty").title]


def test_a_filter_that_nobody_understands_is_told_and_left_out(reader: Page) -> None:
    assert status_of(reader, "/en/petitions?group=nonsense&kato=abc") == 200
    expect(reader.locator("main .notice-warning")).to_be_visible()


def test_a_petition_that_was_answered_shows_every_answer(reader: Page, installation: Installation) -> None:
    """90-6: the outcome, the reasons, an answer to each argument, the law and the appeal."""
    reader.goto(f"/en/petitions/{installation.seeded('decided-partial').id}")
    answer = reader.locator('section[aria-labelledby="answer"]')
    for words in ("Reasons", "Argument 1", "Argument 2", "Proposal 1", "Proposal 2", "How to appeal"):
        expect(answer).to_contain_text(words)
    expect(reader.locator(".timeline > li")).not_to_have_count(0)


# what the page of each invented petition must say of it
ENDS = {
    "returned": "message",
    "message-answered": "answer",
    "refused-hidden": "its text is hidden",
    "refused-subject": "Why it did not pass the check",
    "stepped-back": "The author has stepped back",
    "decided-refused": "Refused",
    "support-first-2024": "Acting, by the act",
}


@pytest.mark.parametrize(("key", "words"), ENDS.items(), ids=ENDS)
def test_every_end_of_a_petition_is_told(reader: Page, installation: Installation, key: str, words: str) -> None:
    assert status_of(reader, f"/en/petitions/{installation.seeded(key).id}") == 200
    expect(reader.locator("main")).to_contain_text(words)


def test_a_hidden_text_is_nowhere_on_its_page(reader: Page, installation: Installation) -> None:
    petition = installation.seeded("refused-hidden")
    reader.goto(f"/kk/petitions/{petition.id}")
    assert petition.title not in reader.content()
    assert status_of(reader, f"/kk/petitions/{petition.id}/text.json") in (403, 404, 410)


def test_a_petition_that_was_taken_down_is_gone(reader: Page, installation: Installation) -> None:
    petition = installation.seeded("taken-down")
    assert status_of(reader, f"/en/petitions/{petition.id}") == 410
    assert petition.title not in reader.content()


@pytest.mark.parametrize("key", ["draft", "checking", "supporting", "withdrawn", "lapsed"])
def test_what_is_not_public_is_not_found_by_its_number(reader: Page, installation: Installation, key: str) -> None:
    assert status_of(reader, f"/en/petitions/{installation.seeded(key).id}") == 404


def test_a_private_link_is_kept_from_search_engines(reader: Page, installation: Installation) -> None:
    assert status_of(reader, f"/en/petitions/{installation.seeded('supporting').ref}") == 200
    expect(reader.locator('meta[name="robots"]')).to_have_attribute("content", re.compile("noindex"))
    expect(reader.locator('link[rel="canonical"]')).to_have_count(0)


def test_the_archive_tells_what_is_known_and_where_from(reader: Page) -> None:
    reader.goto("/en/archive")
    reader.locator("main .card-title a").first.click()
    expect(reader).to_have_url(re.compile(r"/en/archive/[a-z0-9-]+$"))
    expect(reader.locator('main a[href^="http"]').first).to_be_visible()


def test_another_language_shows_the_same_page(reader: Page, installation: Installation) -> None:
    reader.goto("/kk/petitions?group=open&sort=new")
    for language in ("ru", "en", "kk"):
        reader.locator(f'nav.languages a[hreflang="{language}"]').click()
        expect(reader).to_have_url(re.compile(rf"/{language}/petitions\?group=open&sort=new$"))
        expect(reader.locator("h1")).to_have_text(LIST_HEADINGS[language])


def test_a_page_that_is_not_there_says_so_in_the_readers_language(reader: Page) -> None:
    for language in LANGUAGES:
        assert status_of(reader, f"/{language}/no-such-page") == 404
        expect(reader.locator("html")).to_have_attribute("lang", language)
        expect(reader.locator("nav.languages")).to_be_visible()


# ---- by keyboard


def test_the_first_tab_offers_to_skip_to_the_content(reader: Page) -> None:
    reader.goto("/en/petitions")
    reader.keyboard.press("Tab")
    skip = reader.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    reader.keyboard.press("Enter")
    expect(reader.locator("#main")).to_be_focused()


def test_a_petition_is_opened_by_keyboard_alone(reader: Page) -> None:
    reader.goto("/en/petitions")
    wanted = reader.locator("main .card-title a").first
    for _ in range(80):
        reader.keyboard.press("Tab")
        assert focus_is_seen(reader), focused(reader)
        if wanted.evaluate("link => link === document.activeElement"):
            break
    title = wanted.inner_text()
    reader.keyboard.press("Enter")
    expect(reader.locator("h1")).to_have_text(title)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))


def focus_is_seen(page: Page) -> bool:
    """The element with the focus lies in the window and has an outline or a shadow."""
    return bool(
        page.evaluate(
            """() => {
              const element = document.activeElement, box = element.getBoundingClientRect();
              const style = getComputedStyle(element);
              const marked = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
                || style.boxShadow !== "none";
              return marked && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
            }"""
        )
    )


# ---- on a phone


def pages_of(installation: Installation) -> dict[str, list[str]]:
    """Addresses by who may see them: the widest and longest of each room."""
    number = {key: installation.seeded(key).id for key in ("decided-partial", "open-almaty", "overdue", "checking")}
    territory = "/ru/console/territories/392433000"
    return {
        "guest": [
            "/kk/",
            "/ru/petitions",
            f"/ru/petitions/{number['decided-partial']}",
            f"/kk/petitions/{number['open-almaty']}",
            "/ru/archive",
            "/kk/law",
            "/ru/rules",
            "/ru/privacy",
            "/kk/sources",
            "/ru/territories/392433000",
            "/ru/bodies",
            "/ru/sign-in",
            "/ru/staff/sign-in",
            "/ru/no-such-page",
        ],
        "aigul": ["/kk/start", "/kk/my-petitions", "/kk/my-joinings", "/kk/inbox", "/kk/account"],
        "moderator": ["/ru/console", "/ru/console/check", f"/ru/console/check/{number['checking']}"],
        "akimat-head": [
            "/ru/console/consideration",
            f"/ru/console/consideration/{number['overdue']}",
            f"/ru/console/consideration/{number['overdue']}/decision",
        ],
        "administrator": [
            "/ru/console/settings",
            "/ru/console/calendar?year=2026",
            territory,
            "/ru/console/staff",
            "/ru/console/audit",
        ],
    }


@pytest.mark.parametrize("who", ["guest", "aigul", "moderator", "akimat-head", "administrator"])
def test_no_page_is_wider_than_a_small_phone(
    open_context: OpenContext, citizen: OpenPage, staff: OpenPage, installation: Installation, who: str
) -> None:
    small = {"viewport": {"width": 320, "height": 640}}
    if who == "guest":
        page = open_context(**small).new_page()
    else:
        page = (citizen if who == "aigul" else staff)(who, **small)
    wide = []
    for path in pages_of(installation)[who]:
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide.append(f"{path}: {width}")
    assert not wide
