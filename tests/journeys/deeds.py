"""What brings a page into the state that is meant, in words of no language: the same in Kazakh, Russian and English."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.journeys import steps
from tests.journeys.installation import Installation

Deed = Callable[[Page, Installation], None]


def with_mistakes(page: Page, installation: Installation) -> None:
    """Send the page's main form as it stands."""
    buttons = page.locator('main form[method="post"] .actions button[type="submit"]')
    _press(page, buttons.first)
    proven(page, installation)  # whose last proof is ten minutes old proves again before anything is decided
    expect(page.locator("#error-summary")).to_be_visible()


def mistakes_of(form: str) -> Deed:
    """The same, for a page of several forms."""

    def sent(page: Page, installation: Installation) -> None:
        _press(page, page.locator(f'main form[action*="{form}"] button[type="submit"]').last)
        expect(page.locator("#error-summary")).to_be_visible()

    return sent


def pressing(selector: str) -> Deed:
    def pressed(page: Page, installation: Installation) -> None:
        _press(page, page.locator(f"main {selector}").first)

    return pressed


def emptied(page: Page, installation: Installation) -> None:
    """The same, with nothing in any field."""
    for control in page.locator("main form textarea, main form input.control:not([type=file])").all():
        control.fill("")
    with_mistakes(page, installation)


def telling_a_number(page: Page, installation: Installation) -> None:
    """A comment with somebody's telephone number: the writer is warned before it is published."""
    page.locator('input[name="stance"][value="question"]').check()
    page.locator('main [name="text"]').fill("Қоңырау шалыңыз: +7 701 000 00 00.")
    with_mistakes(page, installation)


def too_long_title(page: Page, installation: Installation) -> None:
    page.locator('[name="title"]').fill("Ә" * 2000)
    _press(page, page.locator('button[name="act"][value="save"]'))
    expect(page.locator("#error-summary")).to_be_visible()


def too_many_words(page: Page, installation: Installation) -> None:
    page.locator("main form textarea").first.fill("сөз " * 5000)
    with_mistakes(page, installation)


def consenting(page: Page, installation: Installation) -> None:
    page.locator('main input[name="consent"], main input[name="agreed"]').check()
    _press(page, page.locator('main form[method="post"] .actions button[type="submit"]').first)


def waiting_for_phone(page: Page, installation: Installation) -> None:
    consenting(page, installation)
    _press(page, page.locator('main .way-phone .actions a[href*="/signing-requests/"]').last)


def not_signing(page: Page, installation: Installation) -> None:
    consenting(page, installation)
    _press(page, page.locator('main form[action*="/signing-requests/"] button').first)


def false_signature(page: Page, installation: Installation) -> None:
    """What comes of a signature that is none."""
    consenting(page, installation)
    form = page.locator("form[data-ncalayer]")
    form.locator('[name="signature"]').evaluate("(field) => { field.value = 'AAAA'; }")
    with page.expect_navigation():
        form.evaluate("(form) => form.submit()")


def withdrawing_falsely(page: Page, installation: Installation) -> None:
    _press(page, page.locator("main .actions button.button-danger"))
    form = page.locator("form[data-ncalayer]")
    form.locator('[name="signature"]').evaluate("(field) => { field.value = 'AAAA'; }")
    with page.expect_navigation():
        form.evaluate("(form) => form.submit()")


def previewing_refusal(page: Page, installation: Installation) -> None:
    page.locator('input[name="ground"][value="field"]').check()
    page.locator("#field_code").select_option("proposals")
    page.locator('[name="text"]').fill(
        "Петицияда ұсыныс нақты жазылмаған: қай көшеде және қай жерде екені айтылмаған. " * 2
    )
    _press(page, page.locator('button[name="step"][value="look"]'))


def previewing_calendar(page: Page, installation: Installation) -> None:
    page.locator('main input[name="kind"]').first.check()
    names = {f"name_{language}": "Демалыс күні (демо)" for language in ("kk", "ru", "en")}
    steps.fill(page, {"day": "2026-06-15", "act": "Қаулы № 1-д (демо)"} | names)
    _press(page, page.locator("main form .actions button").first)


def proof_is_asked(page: Page, installation: Installation) -> None:
    """Eleven minutes pass for this person's session."""
    with sqlite3.connect(installation.instance / "petitions.sqlite", timeout=20) as connection:
        connection.execute("UPDATE sign_in_session SET proven_at = datetime(proven_at, '-11 minutes')")
    page.reload()
    expect(page.locator("form[data-proof-of]")).to_be_visible()


def wrong_proof(page: Page, installation: Installation) -> None:
    proof_is_asked(page, installation)
    page.locator("#proof_code").fill("000000")
    _press(page, page.locator('form[data-proof-of] .actions button[type="submit"]').first)
    expect(page.locator("#error-summary")).to_be_visible()


def proven(page: Page, installation: Installation) -> None:
    asked = page.locator("form[data-proof-of]")
    if asked.count():
        page.locator("#proof_code").fill(steps.code_of(page, asked.get_attribute("data-proof-of") or ""))
        _press(page, asked.locator('.actions button[type="submit"]').first)


def new_recovery_codes(page: Page, installation: Installation) -> None:
    _press(page, page.locator('main form[action*="recovery-codes"] button'))
    proven(page, installation)


def _press(page: Page, control: Locator) -> None:
    with page.expect_navigation():
        control.click()
