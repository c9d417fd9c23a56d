"""Writing a petition, one function a deed; none of them needs JavaScript."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.installation import Installation

PLACE = "392433000"
"""Small enough for a threshold of sixty; the demonstration's staff of an akimat belong to it."""

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


@dataclass(frozen=True)
class Writing:
    """What an author has to say, in Kazakh."""

    title: str
    content: str
    arguments: tuple[str, str]
    proposal: str

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.title, self.content, *self.arguments, self.proposal)


def begin(page: Page) -> None:
    page.goto("/en/start")
    steps.press(page, "Start a petition")
    page.wait_for_url(re.compile(r"/en/drafts/\d+$"))  # and for its scripts


def write(page: Page, text: Writing) -> None:
    first = {"title": text.title, "content": text.content}
    steps.fill(page, first | {"arguments-0": text.arguments[0], "proposals-0": text.proposal})


def add_second_argument(page: Page, text: Writing) -> None:
    page.locator('button[name="add"][value="arguments"]').click()
    expect(page.locator('[name="arguments-0"]')).to_have_value(text.arguments[0])
    steps.fill(page, {"arguments-1": text.arguments[1]})


def choose_place_by_search(page: Page, installation: Installation) -> None:
    steps.choose(page, "addressee", "akimat")
    name = str(installation.rows("SELECT kato, name_kk FROM territory WHERE kato = ?", PLACE)[0][1])
    steps.fill(page, {"place": name.split()[0]})
    page.locator('button[name="act"][value="search"]').click()
    steps.choose(page, "found", PLACE)
    page.locator('button[name="act"][value="take"]').click()
    expect(page.locator("#territory strong")).to_be_visible()


def attach_plan(page: Page) -> None:
    page.locator('[name="attachments"]').set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.locator('button[name="act"][value="save"]').click()
    expect(page.locator('section[aria-labelledby="files"]')).to_contain_text("plan.pdf")


def check(page: Page, text: Writing) -> None:
    page.locator('button[name="act"][value="check"]').click()
    expect(page.locator("h1")).to_have_text("Check your answers")
    answers = page.locator('section[aria-labelledby="answers"]')
    for part in text.texts:
        expect(answers).to_contain_text(part)


def file(page: Page) -> None:
    page.locator('input[name="agreed"]').check()
    steps.press(page, "File the petition")
    steps.sign_by_phone(page)
    expect(page).to_have_url(re.compile(r"/en/my-petitions$"))
