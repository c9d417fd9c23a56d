"""All but NCALayer works without JavaScript. Writing and filing: test_citizen; the whole law: test_whole_walk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.installation import Installation

PLAIN = {"java_script_enabled": False}
WRITER, WITNESS, SIGNER = "person-072", "person-071", "person-072"
COMMENT = "Шам орнатылса, балалар мектептен жарықта қайтады. Бұл сөз скриптсіз жазылды."
REPLY = "Дұрыс айтасыз, аялдаманың жанына да керек."


def test_a_citizen_joins_by_phone_and_takes_it_back(citizen: OpenPage, installation: Installation) -> None:
    page, petition = citizen(SIGNER, **PLAIN), installation.seeded("stepped-back")
    before = steps.joined(page, petition.id)
    steps.join(page, petition.id)
    expect(page.locator("main")).to_contain_text("You have joined this petition.")
    page.goto(f"/en/my-joinings/{petition.id}")
    steps.follow(page, "Withdraw your joining")
    steps.press(page, "Withdraw your joining")
    steps.sign_by_phone(page)
    assert "withdrawn" in steps.told(page)
    counted = f"/en/petitions/{petition.id}"
    steps.goto_until(page, counted, lambda shown: steps.count(shown) == before, "counted and taken out again")


def test_a_comment_is_written_answered_reported_and_moderated(
    citizen: OpenPage, staff: OpenPage, reader: Page, installation: Installation
) -> None:
    petition = installation.seeded("open-maslikhat")
    comments = f"/en/petitions/{petition.id}/comments"
    writer = citizen(WRITER, **PLAIN)
    writer.goto(comments)
    steps.follow(writer, "Write a comment")
    steps.choose(writer, "stance", "for")
    steps.fill(writer, {"text": COMMENT})
    steps.press(writer, "Publish the comment")
    expect(writer.locator("main")).to_contain_text(COMMENT)

    witness = citizen(WITNESS, **PLAIN)
    witness.goto(f"{comments}?order=newest")
    written = witness.locator("article").filter(has_text=COMMENT).first
    written.get_by_role("link", name="Reply").first.click()
    steps.fill(witness, {"text": REPLY})
    witness.locator("main form .actions button[type=submit]").first.click()
    expect(witness.locator("main")).to_contain_text(REPLY)
    witness.goto(f"{comments}?order=newest")
    witness.locator("article").filter(has_text=COMMENT).first.get_by_role("link", name="Report").first.click()
    steps.choose(witness, "rule", "off-subject")
    steps.fill(witness, {"words": "Петиция басқа туралы."})
    steps.press(witness, "Send the report")

    moderator = staff("moderator", **PLAIN)
    moderator.goto("/en/console/comments")
    moderator.locator("article").filter(has_text=COMMENT).get_by_role("link", name="Look at it").click()
    steps.choose(moderator, "rule", "off-subject")
    steps.fill(moderator, {"reasons": "Петицияның мәніне қатысы жоқ (демо)."})
    steps.press(moderator, "Hide the comment")
    steps.goto_until(reader, f"{comments}?order=newest", lambda page: not steps.says(COMMENT)(page), "hidden")
    expect(reader.locator("main")).to_contain_text("Nothing to do with the petition")


def test_the_appearance_is_chosen_by_a_link_and_stays(open_context: OpenContext) -> None:
    page = open_context(**PLAIN).new_page()
    page.goto("/en/petitions")
    page.locator("header").get_by_role("link", name="Low vision version").click()
    expect(page).to_have_url(re.compile(r"/en/petitions$"))
    expect(page.locator("html")).to_have_attribute("data-colours", "bw")
    page.goto("/kk/law")
    expect(page.locator("html")).to_have_attribute("data-colours", "bw")


def test_petitions_are_searched_filtered_and_turned_over(open_context: OpenContext, installation: Installation) -> None:
    page = open_context(**PLAIN).new_page()
    page.goto("/en/")
    page.locator("main input[name=q]").fill("жарық")
    page.locator("main input[name=q]").press("Enter")
    expect(page).to_have_url(re.compile(r"/en/petitions\?.*q="))
    expect(page.locator("main")).to_contain_text(installation.seeded("examination-demo-body").title)


@pytest.mark.parametrize("device", [{}, {"viewport": {"width": 320, "height": 640}}])
def test_the_menu_and_every_section_are_reached(open_context: OpenContext, device: dict[str, object]) -> None:
    page = open_context(**PLAIN, **device).new_page()
    page.goto("/en/")
    for name in ("Petitions", "Map", "Statistics", "How it works"):
        link = page.locator("header").get_by_role("link", name=name, exact=True)
        if not link.is_visible():
            page.locator("header details > summary").click()
        link.click()
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("header [aria-current=page]")).to_have_count(1)


def test_nothing_that_needs_javascript_is_shown_without_it(citizen: OpenPage) -> None:
    page = citizen(WRITER, **PLAIN)
    page.goto("/en/offline")
    expect(page.locator("main noscript .notice")).to_be_visible()
    expect(page.get_by_role("button", name="Erase everything kept here")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("body > noscript p")).to_be_visible()
