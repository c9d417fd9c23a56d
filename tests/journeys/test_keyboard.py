"""Whole deeds with the keyboard alone: every stop is seen and not covered, nothing holds the focus (2.1.1-2.4.11)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import keyboard, steps
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.installation import Installation
from tests.journeys.test_matrix import GROUP as GROUP

JOINER, AUTHOR = "person-079", "person-078"
REASONS = (
    "Петицияда ұсыныс нақты жазылмаған: орындық қай көшеде және қай жерде қойылуы керек екені айтылмаған. "
    "Түзетілген петицияны кез келген уақытта қайта беруге болады."
)
TITLE = "Демо: Кітапханаға кіреберіс пандус орнату"
TEXTS = {
    "title": TITLE,
    "content": "Кітапхананың есігінде баспалдақ бар, арба мен коляска өте алмайды. Пандус орнатуды сұраймыз.",
    "arguments-0": "Арбадағы адам кітапханаға кіре алмайды.",
    "proposals-0": "Кіреберіске пандус орнату.",
}


def sign_by_phone(page: Page) -> None:
    """The simulated phone has no focus rules of ours, but keys must do there too."""
    keyboard.follow(page, '.way-link a[href*="/simulators/"]')
    keyboard.follow(page, 'button[name="act"][value="sign"]')
    keyboard.follow(page, "main .actions a")


def test_a_citizen_joins_and_corrects_a_mistake(citizen: OpenPage, installation: Installation) -> None:
    page, petition = citizen(JOINER), installation.seeded("closing-soon")
    page.goto(f"/en/petitions/{petition.id}")
    keyboard.reach(page, ".skip")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    keyboard.follow(page, 'main a[href*="/joining"]')

    keyboard.follow(page, 'main form .actions button[type="submit"]')
    expect(page.locator("#error-summary")).to_be_focused()  # thus it is read out
    keyboard.reach(page, "#error-summary a")
    page.keyboard.press("Enter")
    expect(page.locator('input[name="consent"]')).to_be_focused()
    page.keyboard.press("Space")
    keyboard.follow(page, 'main form .actions button[type="submit"]')

    sign_by_phone(page)
    expect(page).to_have_url(re.compile(rf"/en/my-joinings/{petition.id}$"))


def test_a_petition_is_written_filed_and_refused(
    citizen: OpenPage, staff: OpenPage, installation: Installation
) -> None:
    page = citizen(AUTHOR)
    steps.give_email(page, installation, "author-078@demo.invalid")
    page.goto("/en/start")
    keyboard.follow(page, 'main form[action$="/drafts"] button')
    keyboard.choose(page, "addressee", "government")
    keyboard.select(page, "body")
    for name, text in TEXTS.items():
        keyboard.write(page, name, text)
    keyboard.follow(page, 'button[name="act"][value="check"]')
    expect(page.locator("h1")).to_have_text("Check your answers")
    keyboard.tick(page, "agreed")
    keyboard.follow(page, 'form[action$="/filing"] button')
    sign_by_phone(page)
    expect(page).to_have_url(re.compile(r"/en/my-petitions$"))

    moderator = staff("moderator")
    moderator.goto(f"/en/console/check/{installation.petition(TITLE).id}")
    keyboard.follow(moderator, 'a[href$="/refusal"]')
    keyboard.choose(moderator, "ground", "field")
    keyboard.select(moderator, "field_code")
    keyboard.write(moderator, "text", REASONS)
    keyboard.follow(moderator, 'button[name="step"][value="look"]')
    expect(moderator.locator("h1")).to_have_text("Before you sign the refusal")
    keyboard.follow(moderator, 'button[name="step"][value="sign"]')
    steps.prove_if_asked(moderator)
    moderator.goto(f"/en/console/check/{installation.petition(TITLE).id}")
    expect(moderator.locator("main")).to_contain_text("Why it did not pass the check")


def test_a_petition_is_found_and_opened(reader: Page) -> None:
    reader.goto("/en/petitions")
    keyboard.write(reader, "q", "кітапхана")
    with reader.expect_navigation():
        reader.keyboard.press("Enter")
    expect(reader).to_have_url(re.compile(r"[?&]q="))
    keyboard.follow(reader, "main .card-title a")
    expect(reader.locator("h1")).to_be_visible()


def test_the_order_of_the_stops_is_that_of_the_page(reader: Page, installation: Installation) -> None:
    """Down the page, never back up within the content (2.4.3), and out at its end (2.1.2)."""
    for path in ("/kk/", "/ru/petitions", f"/kk/petitions/{installation.seeded('decided-partial').id}", "/ru/start"):
        reader.goto(path)
        met = keyboard.stops(reader)
        assert 'class="skip"' in met[0], f"{path}: the skip link comes first"
        assert len(met) > 8


@pytest.mark.parametrize("colours", ["bw", "wb", "yb", "blue"])
def test_every_stop_is_seen_in_the_colours_for_low_vision(reader: Page, colours: str) -> None:
    """With the bar of the low vision version, whose present choice is ringed as well."""
    reader.goto(f"/kk/appearance?size=150&colours={colours}&spacing=wide&pictures=shown&next=/kk/territories")
    expect(reader.locator("html")).to_have_attribute("data-colours", colours)
    for path in ("/kk/territories", "/kk/sign-in"):
        reader.goto(path)
        assert not keyboard.not_shown(reader), path


def test_every_stop_is_seen_in_forced_colours(open_context: OpenContext) -> None:
    page = open_context(forced_colors="active", color_scheme="dark").new_page()
    for path in ("/ru/", "/ru/territories", "/ru/petitions", "/ru/sign-in"):
        page.goto(path)
        assert not keyboard.not_shown(page), path


def test_the_head_decides(staff: OpenPage, installation: Installation, after_all_stories: None) -> None:
    page, petition = staff("akimat-head"), installation.seeded("examination-demo-body")
    page.goto(f"/en/console/consideration/{petition.id}")
    keyboard.follow(page, 'main a[href$="/decide"]')
    omitted = page.locator('main form textarea[name^="omit_"]').evaluate_all(
        "(fields) => fields.map((one) => one.name)"
    )
    for name in omitted:
        keyboard.write(page, name, "Себебі қызметтік хатта көрсетілген (демо).")
    keyboard.follow(page, 'main form:not([data-proof-of]) .actions button[type="submit"]')
    steps.prove_if_asked(page)
    expect(page).to_have_url(re.compile(rf"/consideration/{petition.id}$"))
    expect(page.locator(".flashes")).to_contain_text("The decision is made")
