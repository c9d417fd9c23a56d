"""Joinings on paper: two members of staff bring a sheet to the number that everybody sees."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect

from petitions.identity.simulators import people
from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation

PNG = b"\x89PNG\r\n\x1a\n"


def register(page: Page, petition_id: int, reference: str, lines: int) -> None:
    page.goto("/en/console")
    page.locator('section[aria-labelledby="sheets"]').get_by_role("link", name="Register a sheet").click()
    steps.fill(page, {"petition": str(petition_id), "reference": reference, "lines": str(lines)})
    steps.fill(page, {"received_on": "2026-06-10"})
    scan = FilePayload(name="sheet.png", mimeType="image/png", buffer=PNG + reference.encode())
    page.locator('input[type="file"]').set_input_files(scan)
    steps.press(page, "Register the sheet")


def type_in(page: Page, *keys: str) -> None:
    steps.follow(page, "Type the lines in")
    for place, key in enumerate(keys):
        one = people.person(key)
        names = {"iin": one.iin, "surname": one.surname, "given_name": one.given_name}
        steps.fill(page, {f"lines-{place}-{name}": text for name, text in names.items()})
    steps.press(page, "The sheet is typed in")


def test_two_pairs_of_eyes_bring_a_sheet_to_the_number(
    staff: OpenPage, reader: Page, installation: Installation
) -> None:
    petition = installation.seeded("open-maslikhat")
    before = steps.joined(reader, petition.id)
    moderator = staff("moderator")
    register(moderator, petition.id, "ПП-2026/1", 3)
    type_in(moderator, "daniyar", "minor", "foreigner")
    expect(moderator.locator("main")).to_contain_text("Another member of staff must confirm it.")
    expect(moderator.get_by_role("link", name="Compare and confirm")).to_have_count(0)

    senior = staff("senior")
    senior.goto("/en/console/paper-sheets")
    steps.follow(senior, "Sheet ПП-2026/1")
    steps.follow(senior, "Compare and confirm")
    expect(senior.get_by_role("img", name="The scan of the sheet")).to_be_visible()
    senior.locator('input[name="compared"]').check()
    steps.press(senior, "Confirm and count")
    expect(senior.locator(".flashes")).to_contain_text("1 joining of 3 is counted")
    outcomes = senior.locator('section[aria-labelledby="outcomes"]')
    for words in ("Counted", "not of age", "not a citizen"):
        expect(outcomes).to_contain_text(words)

    page = f"/en/petitions/{petition.id}"
    steps.goto_until(reader, page, lambda shown: steps.count(shown) == before + 1, "the sheet is counted")
    expect(reader.get_by_role("region", name="Citizens joined over time")).to_contain_text("Of these on paper: 1")


def test_a_mistyped_line_is_found_before_anything_counts(staff: OpenPage, installation: Installation) -> None:
    petition, moderator, senior = installation.seeded("open-maslikhat"), staff("moderator"), staff("senior")
    register(moderator, petition.id, "ПП-2026/2", 1)
    type_in(moderator, "unknown")
    address = moderator.url

    senior.goto(address)
    steps.follow(senior, "Compare and confirm")
    senior.locator('input[name="compared"]').check()
    steps.press(senior, "Confirm and count")
    expect(senior.locator("main")).to_contain_text("Compare these lines once more")
    steps.follow(senior, "Send it back for a correction")
    steps.fill(senior, {"note": "Line 1 differs from the paper."})
    steps.press(senior, "Send it back")

    moderator.reload()
    expect(moderator.locator("main")).to_contain_text("Line 1 differs from the paper.")
    steps.follow(moderator, "Reject the sheet")
    steps.fill(moderator, {"note": "The line cannot be told apart."})
    steps.press(moderator, "Reject the sheet")
    expect(moderator.locator("main")).to_contain_text("Why it was rejected")
