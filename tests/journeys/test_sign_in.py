"""Every way in: the state's single sign-on, a certificate in the phone, a certificate on one's own computer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from petitions.identity.simulators.ncalayer import Behaviour
from tests.journeys import ncalayer, steps
from tests.journeys.conftest import OpenContext
from tests.journeys.installation import Installation

SIGN_IN = "Sign in with a certificate"
ON_THE_PHONE = "Sign in with eGov Mobile"
ON_THE_COMPUTER = "Sign in with NCALayer"
PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
ACCOUNT = re.compile(r"/en/account$")


@pytest.fixture
def play(installation: Installation) -> Iterator[Callable[..., None]]:
    """`play("cancel")`: what the signing program's user does from now on."""

    def played(behaviour: Behaviour = "sign", person: str = "") -> None:
        ncalayer.play(installation, behaviour, person)

    yield played
    played()


def begin(page: Page) -> None:
    """From a page that only a citizen sees, to the text that signs in."""
    page.goto("/en/my-joinings")
    steps.press(page, SIGN_IN)
    expect(page.locator("main pre")).to_contain_text("Code used once")


def scan(page: Page, phone: Page, person: str) -> None:
    """Hold a phone before the page: open in it what the code opens."""
    phone.goto(page.get_by_role("link", name=ON_THE_PHONE, include_hidden=True).get_attribute("href") or "")
    phone.locator("select[name=person]").select_option(person)


def name_on(page: Page) -> str:
    return (page.locator(".account-name").text_content() or "").strip()  # on a phone it stands in the folded menu


def test_a_code_on_the_computer_and_a_certificate_in_the_phone(open_context: OpenContext) -> None:
    page, phone = open_context().new_page(), open_context(**PHONE).new_page()
    begin(page)
    expect(page.get_by_alt_text("Code for the app eGov Mobile")).to_be_visible()
    scan(page, phone, "daniyar")
    expect(phone.locator("main pre")).to_contain_text("Code used once")
    steps.press(phone, "Sign")

    expect(page).to_have_url(re.compile(r"/en/my-joinings$"))
    assert name_on(page) == "Данияр Ү."
    # The phone's own browser was let in nowhere.
    phone.goto("/en/account")
    expect(phone).to_have_url(re.compile(r"/en/sign-in"))


def test_one_phone_without_javascript(open_context: OpenContext) -> None:
    page = open_context(**PHONE, java_script_enabled=False).new_page()
    begin(page)
    page.get_by_role("link", name=ON_THE_PHONE).click()
    page.locator("select[name=person]").select_option("olga")
    steps.press(page, "Sign")
    steps.follow(page, "Return to the site")

    expect(page).to_have_url(re.compile(r"/en/my-joinings$"))
    assert name_on(page) == "Ольга О."
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


NOT_LET_IN = {
    "Refuse": "You refused to sign in the app.",
    "With a certificate for signing documents": "This certificate is for signing documents.",
}


@pytest.mark.parametrize(("button", "words"), NOT_LET_IN.items())
def test_what_the_phone_refuses_or_signs_wrongly_is_said_and_lets_nobody_in(
    open_context: OpenContext, button: str, words: str
) -> None:
    page, phone = open_context().new_page(), open_context().new_page()
    begin(page)
    scan(page, phone, "daniyar")
    if button != "Refuse":
        phone.locator("details summary").click()
    steps.press(phone, button)

    expect(page.locator("main .notice")).to_contain_text(words)
    page.goto("/en/account")
    expect(page).to_have_url(re.compile(r"/en/sign-in"))


def test_a_certificate_on_the_computer(open_context: OpenContext, play: Callable[..., None]) -> None:
    page = open_context().new_page()
    begin(page)
    play("sign", "person-131")
    page.get_by_role("button", name=ON_THE_COMPUTER, exact=True).click()

    expect(page).to_have_url(re.compile(r"/en/my-joinings$"))
    page.goto("/en/account")
    expect(page.locator("main")).to_contain_text("This browser")


WRONG: dict[Behaviour, str] = {
    "revoked": "The certificate has been revoked.",
    "organisation": "This is the certificate of an employee of an organisation.",
}


@pytest.mark.parametrize(("behaviour", "words"), WRONG.items())
def test_a_wrong_certificate_on_the_computer_may_be_changed_for_the_right_one(
    open_context: OpenContext, play: Callable[..., None], behaviour: Behaviour, words: str
) -> None:
    page = open_context().new_page()
    begin(page)
    play(behaviour, "person-132")
    page.get_by_role("button", name=ON_THE_COMPUTER, exact=True).click()
    expect(page.locator("main .notice-error")).to_contain_text(words)
    play("sign", "person-132")
    page.get_by_role("button", name=ON_THE_COMPUTER, exact=True).click()

    expect(page).to_have_url(re.compile(r"/en/my-joinings$"))


def test_who_turns_back_at_the_single_sign_on_is_told_so(open_context: OpenContext) -> None:
    page = open_context().new_page()
    page.goto("/en/account")
    page.get_by_role("link", name="Sign in with eGov").click()
    page.get_by_role("button", name="Do not sign in").click()

    assert "Signing in was not completed." in steps.told(page)
    steps.sign_in_citizen(page, "person-133")
    expect(page).to_have_url(ACCOUNT)


def test_one_browser_signs_another_out(open_context: OpenContext) -> None:
    here, there = open_context().new_page(), open_context().new_page()
    for page in (there, here):
        steps.sign_in_citizen(page, "person-134")
    steps.press(here, "Sign that browser out")

    there.goto("/en/account")
    expect(there).to_have_url(re.compile(r"/en/sign-in"))
    here.goto("/en/account")
    expect(here).to_have_url(ACCOUNT)
