"""What people do, one function a deed; the stories are told in these words."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email import message_from_string, policy
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.installation import Installation

WITHIN_SECONDS = 40

Fields = dict[str, str]


def sign_in_citizen(page: Page, key: str, *, wanted: str = "/en/account") -> None:
    """Through the simulated single sign-on, from the page that asks for it."""
    page.goto(wanted)
    page.get_by_role("link", name="Sign in with eGov").click()
    choice = page.locator(f'button[name="person"][value="{key}"]')
    if not choice.is_visible():
        page.locator("details summary").click()
    choice.click()
    page.wait_for_url(re.compile(r"/en/"))


def sign_in_staff(page: Page, key: str, password: str) -> None:
    email = f"{key}@demo.invalid"
    shown = code_of(page, email)
    page.goto("/en/staff/sign-in")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("#code").fill(shown)
    press(page, "Sign in")
    page.wait_for_url(re.compile(r"/en/console"))


def code_of(page: Page, email: str) -> str:
    """What the authenticator app of one of the demonstration's staff shows and the site has not taken yet."""
    phone = page.context.new_page()
    phone.goto("/simulators/authenticator?lang=en")
    code = phone.locator(f'[data-code-of="{email}"]')
    reload_until(phone, lambda _page: code.count() == 1, f"a new code of {email}")
    shown = code.inner_text()
    phone.close()
    return shown


def prove_if_asked(page: Page) -> None:
    """Where the last proof of a member of staff is older than ten minutes a page asks for one; the step goes on."""
    asked = page.locator("form[data-proof-of]")
    if asked.count() == 0:
        return
    page.locator("#proof_code").fill(code_of(page, asked.get_attribute("data-proof-of") or ""))
    with page.expect_navigation():
        press(page, "Confirm with the code")


def sign_out(page: Page) -> None:
    button = page.locator("form[data-sign-out] button")
    if not button.is_visible():  # on a phone the menu is folded
        page.locator("header details > summary").click()
    with page.expect_navigation():  # whoever goes on at once would stay signed in
        button.click()


def press(page: Page, name: str) -> None:
    """A button of the page's content, by its words."""
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).click()


def fill(page: Page, fields: Fields) -> None:
    for name, text in fields.items():
        page.locator(f'main [name="{name}"]').fill(text)


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f'main input[name="{name}"][value="{value}"]').check()


def told(page: Page) -> str:
    """What the page says first after a deed."""
    return page.locator(".flashes").inner_text()


# ---- joining


def begin_joining(page: Page, ref: object) -> None:
    """Up to the text and the ways to sign it."""
    page.goto(f"/en/petitions/{ref}/joining")
    page.locator('input[name="consent"]').check()
    press(page, "Go on to the text")


def open_phone(page: Page) -> None:
    """Follow the link of a page of signing to the phone, which is simulated."""
    follow(page, "Sign with eGov Mobile")
    expect(page.locator("h1")).to_have_text("Simulated phone")


def sign_by_phone(page: Page, *, act: str = "sign", signer: str | None = None) -> None:
    """From a page of signing to the phone and back; ``act`` and ``signer`` say how it is used, or misused."""
    open_phone(page)
    if signer is not None:
        page.locator("#person").select_option(signer)
    if act not in ("sign", "refuse"):
        page.locator("details summary").click()
    page.locator(f'button[name="act"][value="{act}"]').click()
    with page.expect_navigation():  # whoever goes on at once would break the sending off
        follow(page, "Return to the site")


def join(page: Page, ref: object, *, act: str = "sign", signer: str | None = None) -> None:
    begin_joining(page, ref)
    sign_by_phone(page, act=act, signer=signer)


def joined(page: Page, ref: object) -> int:
    """How many joined, as the petition's page says."""
    page.goto(f"/en/petitions/{ref}")
    return count(page)


def count(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator(".panel progress").first.text_content() or ""))


# ---- staff


def record_step(page: Page, petition_id: int, slug: str, fields: Fields | None = None, **choices: str) -> None:
    """One record of the examination."""
    page.goto(f"/en/console/consideration/{petition_id}/steps/{slug}")
    fill(page, fields or {})
    for name, value in choices.items():
        choose(page, name, value)
    with page.expect_navigation():
        page.locator("main form .actions button[type=submit]").click()
    prove_if_asked(page)
    expect(page).to_have_url(re.compile(rf"/console/consideration/{petition_id}$"))


def accept(page: Page, petition_id: int) -> None:
    page.goto(f"/en/console/check/{petition_id}")
    for condition in ("fields", "subject", "duplicate"):
        page.locator(f'main input[name="{condition}"]').check()
    press(page, "Accept the petition")


def take_down(page: Page, petition_id: int) -> None:
    """By a legal order of the demonstration."""
    page.goto(f"/en/console/check/{petition_id}/take-down")
    fill(page, {"issuer": "Сот (демо)", "number": "7-д", "on": "2026-06-09"})
    page.locator("main form .actions button").click()


def restore(page: Page, petition_id: int) -> None:
    """What was taken down stands where it stood."""
    page.goto(f"/en/console/check/{petition_id}/restoration")
    fill(page, {"reason": "Сот өз талабын қайтарып алды."})
    page.locator("main form .actions button").click()


def step_law_clock(page: Page, step: str, days: int | None = None) -> None:
    """The console's control of the demonstration: "day", "working-day" or "days"."""
    page.goto("/en/console")
    if days is not None:
        page.locator('main [name="days"]').fill(str(days))
    page.locator(f'button[name="step"][value="{step}"]').click()
    expect(page.locator(".flashes")).to_contain_text("The law's time is now")


# ---- what happens by itself


def reload_until(page: Page, shows: Callable[[Page], bool], what: str) -> None:
    """The worker acts within seconds, and a guest's page may be some seconds old; the reader reloads."""
    until = time.monotonic() + WITHIN_SECONDS
    while not shows(page):
        assert time.monotonic() < until, f"{what}: not within {WITHIN_SECONDS} s"
        page.wait_for_timeout(300)
        page.reload()


def goto_until(page: Page, address: str, shows: Callable[[Page], bool], what: str) -> None:
    """Open a public page that somebody has just changed; `reload_until` says why once may not do."""
    page.goto(address)
    reload_until(page, shows, what)


def says(words: str, where: str = "main") -> Callable[[Page], bool]:
    """Whether that part of a page holds these words."""
    return lambda page: words in page.locator(where).first.inner_text()


def state(page: Page) -> str:
    return page.locator(".heading .tag").first.inner_text()


def letter_to(installation: Installation, email: str, holds: str) -> str:
    """Subject and text of the newest letter to somebody that holds these words, waited for."""
    until = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < until:
        for text in reversed(installation.letters()):
            words = read_letter(text)
            if words.startswith(email) and holds in words:
                return words
        time.sleep(0.2)
    raise AssertionError(f"no letter with {holds!r} within {WITHIN_SECONDS} s")


def read_letter(text: str) -> str:
    """Address, subject and plain text of a letter as it was dropped."""
    letter: Any = message_from_string(text, policy=policy.default)
    return f"{letter['To']}\n{letter['Subject']}\n{letter.get_body(('plain',)).get_content()}"


def give_email(page: Page, installation: Installation, email: str) -> None:
    """Give an address and confirm it by the link of the letter."""
    page.goto("/en/account")
    page.locator("#email").fill(email)
    press(page, "Send a confirmation letter")
    letter = letter_to(installation, email, "/account/email/confirmation/")
    link = re.search(rf"{re.escape(installation.address)}(/\S+)", letter)
    assert link, letter
    page.goto(link[1])  # in the language of the letter
    page.locator('form[action*="/confirmation/"] button').click()
    page.goto("/en/account")
    expect(page.locator("main")).to_contain_text("Confirmed")
