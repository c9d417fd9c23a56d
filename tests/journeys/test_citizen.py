"""Somebody who asks for something: from the door to a filed petition, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys import drafts, steps
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.drafts import Writing
from tests.journeys.installation import Installation

TITLE = "Кент орталығына екінші ауызсу колонкасын орнату"
WATER = Writing(
    title=TITLE,
    content="Кент орталығында ауызсу колонкасы жоқ, су алыстан тасылады. Ауызсу колонкасын орнатуды сұраймыз.",
    arguments=("Ең жақын колонка бір шақырым жерде.", "Қыста жол мұз болып қатады."),
    proposal="Мектептің жанына бір ауызсу колонкасын орнату.",
)


def test_a_citizen_writes_and_files_a_petition_without_javascript(
    open_context: OpenContext, installation: Installation
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    steps.sign_in_citizen(page, "person-150")
    steps.give_email(page, installation, "writer@demo.invalid")

    drafts.begin(page)
    drafts.write(page, WATER)
    drafts.add_second_argument(page, WATER)
    drafts.choose_place_by_search(page, installation)
    drafts.attach_plan(page)
    drafts.check(page, WATER)
    similar = page.locator('section[aria-labelledby="similar"]')
    expect(similar).to_contain_text(installation.seeded("minus-one").title)
    expect(page.locator('section[aria-labelledby="afterwards"]')).to_contain_text("60")
    drafts.file(page)

    expect(page).to_have_url(re.compile(r"/en/my-petitions$"))
    mine = page.locator("main article").filter(has_text=TITLE)
    expect(mine).to_contain_text("What comes next")
    expect(mine.get_by_role("link", name="Withdraw the petition")).to_be_visible()


def test_a_petition_is_not_filed_before_its_answers_are_complete(citizen: OpenPage) -> None:
    page = citizen("person-149")
    drafts.begin(page)
    steps.fill(page, {"title": TITLE})
    page.locator('button[name="act"][value="check"]').click()

    missing = page.locator('section[aria-labelledby="missing"]')
    for problem in ("E-mail", "To whom", "Content", "Argument 1", "Proposal 1"):
        expect(missing).to_contain_text(problem)
    expect(page.get_by_role("button", name="File the petition")).to_have_count(0)


def test_a_draft_saves_itself_while_it_is_written(citizen: OpenPage) -> None:
    page = citizen("person-148")
    drafts.begin(page)
    steps.fill(page, {"title": TITLE})
    page.locator('[name="content"]').focus()

    expect(page.locator("[data-autosave-status]")).to_contain_text("Saved at")
    page.reload()
    expect(page.locator('[name="title"]')).to_have_value(TITLE)


def test_what_was_typed_before_a_slow_script_came_saves_itself_too(citizen: OpenPage) -> None:
    page = citizen("person-140")
    drafts.begin(page)
    held: list[Route] = []
    page.route(re.compile(r"autosave\.js"), lambda route: held.append(route))
    with page.expect_request(re.compile(r"autosave\.js")):
        page.goto(page.url, wait_until="commit")
    steps.fill(page, {"title": TITLE})
    held[0].continue_()
    page.unroute(re.compile(r"autosave\.js"))

    expect(page.locator("[data-autosave-status]")).to_contain_text("Saved at")
    page.reload()
    expect(page.locator('[name="title"]')).to_have_value(TITLE)


def test_an_old_text_that_back_fills_in_is_offered_and_never_saved_over_the_newer_one(citizen: OpenPage) -> None:
    page = citizen("person-139")
    drafts.begin(page)
    address = page.url
    writes_title(page, "Демо: бірінші мәтін")
    page.goto("/en/my-petitions")
    page.goto(address)
    writes_title(page, "Демо: екінші мәтін")

    page.go_back()
    page.go_back()
    title, offer = page.locator('[name="title"]'), page.locator("[data-autosave-offer]")
    expect(offer).to_contain_text("differs from the one saved here")
    expect(title).to_have_value("Демо: екінші мәтін")
    writes_title(page, "Демо: үшінші мәтін")
    expect(offer).to_be_visible()
    page.reload()
    expect(title).to_have_value("Демо: үшінші мәтін")
    offer.get_by_role("button", name="Bring it back").click()
    expect(title).to_have_value("Демо: бірінші мәтін")


def writes_title(page: Page, title: str) -> None:
    """Type a title, go on to the next field and wait until it is saved."""
    with page.expect_response(re.compile(r"/autosave$")) as saved:
        steps.fill(page, {"title": title})
        page.locator('[name="content"]').focus()
    assert saved.value.ok


def test_rows_are_added_and_removed_in_place_with_javascript(citizen: OpenPage) -> None:
    page = citizen("person-147")
    drafts.begin(page)
    address = page.url
    arguments = page.locator('[data-repeat="arguments"]')
    steps.fill(page, {"arguments-0": WATER.arguments[0]})
    arguments.locator('button[name="add"]').click()
    steps.fill(page, {"arguments-1": WATER.arguments[1]})
    arguments.locator('button[name="remove"]').first.click()

    expect(arguments.locator("textarea")).to_have_count(1)
    expect(arguments.locator("textarea")).to_have_value(WATER.arguments[1])
    assert page.url == address


def test_what_was_typed_stays_when_a_field_is_wrong(citizen: OpenPage) -> None:
    page = citizen("person-146", java_script_enabled=False)
    drafts.begin(page)
    steps.fill(page, {"title": "Ә" * 2000, "content": WATER.content})
    page.locator('button[name="act"][value="save"]').click()

    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.locator("#title")).to_have_attribute("aria-invalid", "true")
    expect(page.locator('[name="content"]')).to_have_value(WATER.content)


def test_a_citizen_signs_out(open_context: OpenContext) -> None:
    page = open_context().new_page()
    steps.sign_in_citizen(page, "person-145")
    steps.sign_out(page)

    expect(page.locator(".flashes")).to_contain_text("You are signed out")
    page.goto("/en/account")
    expect(page).to_have_url(re.compile(r"/en/sign-in"))


def test_whoever_turns_back_at_the_single_sign_on_is_not_signed_in(reader: Page) -> None:
    reader.goto("/en/account")
    reader.get_by_role("link", name="Sign in with eGov").click()
    reader.locator('button[name="person"][value=""]').click()

    expect(reader).to_have_url(re.compile(r"/en/sign-in"))
    assert steps.told(reader)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_way_to_a_draft_is_there_in_both_languages(citizen: OpenPage, language: str) -> None:
    page = citizen("person-144")
    page.goto(f"/{language}/start")
    page.locator('form[action$="/drafts"] button').click()

    expect(page).to_have_url(re.compile(rf"/{language}/drafts/\d+$"))
    expect(page.locator("html")).to_have_attribute("lang", language)
