"""People talk about a petition: one asks, one reports, a moderator decides, the body answers; and it shows at once."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation

ASKER, REPORTER, KEYBOARD = "person-081", "person-082", "person-083"
QUESTION = "Қорға балаларға арналған аудиокітаптар да кіре ме?"
RUDE = "Мұны ойлап тапқан адам ақымақ шығар, басқа сөз таба алмадым."
WHY = "Пікірде адамға тіл тигізілген. Ойыңызды сыпайы түрде қайта жаза аласыз."


def write(page: Page, ref: int, stance: str, text: str) -> None:
    page.goto(f"/en/petitions/{ref}/comments/new")
    steps.choose(page, "stance", stance)
    page.locator("#text").fill(text)
    page.locator("#language").select_option("kk")
    steps.press(page, "Publish the comment")


def test_a_question_is_asked_and_its_body_answers(
    citizen: OpenPage, staff: OpenPage, reader: Page, installation: Installation
) -> None:
    petition, page = installation.seeded("open-government"), citizen(ASKER)
    write(page, petition.id, "question", f"{QUESTION} Маған 8 701 123 45 67 нөміріне айтыңыз.")
    expect(page.locator("#error-summary")).to_contain_text("personal data stand in your text")
    page.locator("#text").fill(QUESTION)
    steps.press(page, "Publish the comment")
    assert "Your comment is published." in steps.told(page)
    comment = page.url
    expect(page.locator(".comment").first).to_contain_text(QUESTION)

    officer = staff("ministry-officer")
    officer.goto("/en/console/comments-to-answer")
    officer.get_by_role("link", name=petition.title).click()
    asked = officer.locator("article.comment", has_text=QUESTION)
    expect(asked).to_contain_text("No answer yet")
    asked.get_by_role("link", name=re.compile("Answer for the body")).click()
    officer.locator("#text").fill("Иә, аудиокітаптар да қарастырылған.")
    steps.press(officer, "Publish the answer")

    answered = "Иә, аудиокітаптар да қарастырылған."
    steps.goto_until(reader, comment, steps.says(answered), "the body's answer")
    expect(reader.locator(".comment-of-body")).to_contain_text("Answer of the body")
    page.goto("/en/inbox")
    expect(page.locator("main")).to_contain_text("The body answered your comment")


def test_a_report_without_scripts_leads_to_a_line_with_the_reasons(
    citizen: OpenPage, staff: OpenPage, reader: Page, installation: Installation
) -> None:
    petition, writer = installation.seeded("open-government"), citizen(KEYBOARD, java_script_enabled=False)
    write(writer, petition.id, "against", RUDE)
    comment = writer.url
    reporter = citizen(REPORTER, java_script_enabled=False)
    reporter.goto(comment)
    reporter.locator("article.comment", has_text=RUDE).get_by_role("link", name=re.compile("Report")).click()
    steps.choose(reporter, "rule", "insult")
    steps.press(reporter, "Send the report")
    assert "A moderator will look at this comment." in steps.told(reporter)

    moderator = staff("moderator", java_script_enabled=False)
    moderator.goto("/en/console/comments")
    moderator.locator("article.comment", has_text=RUDE).get_by_role("link", name=re.compile("Look at it")).click()
    expect(moderator.locator("main")).to_contain_text("A word that may insult")
    steps.choose(moderator, "rule", "insult")
    moderator.locator("#reasons").fill(WHY)
    steps.press(moderator, "Hide the comment")

    steps.goto_until(reader, comment, steps.says("by the rule: Insult or threat"), "the line of a hidden comment")
    assert RUDE not in reader.locator("main").inner_text()
    reader.locator("summary", has_text="What moderators decided").click()
    expect(reader.locator("main")).to_contain_text(WHY)
    writer.goto("/en/inbox")
    expect(writer.locator("main")).to_contain_text("A moderator hid your comment")
    writer.goto("/en/my-comments")
    mine = writer.locator("article.comment", has_text=RUDE)
    mine.get_by_role("link", name=re.compile("Take back")).click()
    steps.press(writer, "Take it back")
    expect(writer.locator("main")).to_contain_text("The writer took this comment back.")


def test_a_guest_who_wants_to_write_signs_in_and_comes_back(reader: Page, installation: Installation) -> None:
    petition = installation.seeded("open-government")
    reader.set_viewport_size({"width": 320, "height": 640})
    reader.goto(f"/en/petitions/{petition.id}")
    reader.locator("section.comments").get_by_role("link", name="Write a comment").click()
    expect(reader.locator("h1")).to_contain_text("Sign in")
    steps.sign_in_citizen(reader, "person-084", wanted=f"/en/petitions/{petition.id}/comments/new")
    expect(reader.locator("h1")).to_have_text("Write a comment")
    width = reader.evaluate("document.documentElement.scrollWidth")
    assert width <= 320
