"""Staff come in by what they hold, prove it again before a decision is public, and shut their other browsers out."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import WAIT_MS, OpenContext, OpenPage
from tests.journeys.installation import Installation
from tests.journeys.watching import Watch

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """A phone or computer with passkeys, which Chromium plays; its owner may be somebody whom it does not know."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._wire: Any = page.context.new_cdp_session(page)
        self._wire.send("WebAuthn.enable")
        self._id = self._wire.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def knows_its_owner(self, knows: bool) -> None:
        self._wire.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": knows})

    def keys(self) -> int:
        return len(self._wire.send("WebAuthn.getCredentials", {"authenticatorId": self._id})["credentials"])


@pytest.fixture
def device(browser: Browser, installation: Installation) -> Iterator[Device]:
    """At the installation's address with a host name: there are no passkeys for numbers."""
    address = f"http://localhost:{urlsplit(installation.address).port}"
    watch = Watch(address, installation.secrets)
    context = watch.over(browser.new_context(base_url=address))
    context.set_default_timeout(WAIT_MS)
    yield Device(context.new_page())
    watch.close(context)
    assert not watch.troubles, watch.troubles


def is_invited(administrator: Page, email: str) -> str:
    """The path of a fresh invitation, as the console shows it once."""
    administrator.goto("/en/console/staff/invitation")
    steps.fill(administrator, {"email": email, "display_name": "Жаңа модератор (демо)"})
    steps.choose(administrator, "roles", "moderator")
    with administrator.expect_navigation():
        administrator.locator("main form .actions button[type=submit]").click()
    steps.prove_if_asked(administrator)
    link = administrator.locator('main a[href*="/staff/invitation/"]').first.get_attribute("href")
    return urlsplit(link or "").path


def makes_a_passkey(device: Device, path: str, name: str) -> None:
    page = device.page
    page.goto(path)
    steps.fill(page, {"name": name})
    steps.press(page, "Make a passkey")
    page.wait_for_url(re.compile("/staff/access$"))


def test_a_passkey_made_with_an_invitation_opens_the_door(staff: OpenPage, device: Device) -> None:
    path, page = is_invited(staff("administrator"), "passkey@demo.invalid"), device.page
    makes_a_passkey(device, path, "Жұмыс ноутбугі")
    expect(page.locator("main")).to_contain_text("Жұмыс ноутбугі")
    assert device.keys() == 1
    used = page.goto(path)
    assert used is not None
    assert used.status == 410

    page.goto("/en/console")
    steps.sign_out(page)
    page.goto("/en/staff/sign-in?next=/en/console/check")
    steps.press(page, "Sign in with a passkey")
    page.wait_for_url(re.compile("/en/console/check$"))


def test_a_device_that_does_not_know_its_owner_opens_nothing(staff: OpenPage, device: Device) -> None:
    path, page = is_invited(staff("administrator"), "stranger@demo.invalid"), device.page
    makes_a_passkey(device, path, "Телефон")
    steps.sign_out(page)
    device.knows_its_owner(False)
    page.goto("/en/staff/sign-in")
    steps.press(page, "Sign in with a passkey")
    expect(page.locator("[data-passkey-status]")).to_contain_text("Nothing was confirmed on the device")
    device.knows_its_owner(True)
    steps.press(page, "Sign in with a passkey")
    page.wait_for_url(re.compile("/en/console"))


def test_one_device_keeps_one_key_for_an_account(staff: OpenPage, device: Device) -> None:
    path, page = is_invited(staff("administrator"), "twice@demo.invalid"), device.page
    makes_a_passkey(device, path, "Планшет")
    steps.fill(page, {"name": "Планшет 2"})
    steps.press(page, "Add a passkey")
    expect(page.locator("[data-passkey-status]")).to_contain_text("has a key for your account already")
    assert device.keys() == 1


def test_who_changes_roles_shuts_a_passkeys_session_at_once(staff: OpenPage, device: Device) -> None:
    administrator, page = staff("administrator"), device.page
    makes_a_passkey(device, is_invited(administrator, "moved@demo.invalid"), "Компьютер")
    administrator.goto("/en/console/staff")
    administrator.locator(".card, .panel").filter(has_text="moved@demo.invalid").get_by_role("link").first.click()
    administrator.locator('main input[name="roles"][value="senior_moderator"]').check()
    with administrator.expect_navigation():
        steps.press(administrator, "Change")
    steps.prove_if_asked(administrator)
    expect(administrator.locator(".flashes")).to_contain_text("Roles and body are changed")
    page.goto("/en/console")
    expect(page).to_have_url(re.compile("/staff/sign-in"))


def test_without_a_script_an_invitation_is_accepted_by_an_app(staff: OpenPage, open_context: OpenContext) -> None:
    path = is_invited(staff("administrator"), "app@demo.invalid")
    page = open_context(java_script_enabled=False).new_page()
    page.goto(path)
    expect(page.get_by_role("button", name="Make a passkey")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("this page is open by a number")
    expect(page.get_by_role("link", name="Open this page as localhost")).to_be_visible()
    secret = page.locator("main code").first.inner_text()
    steps.fill(
        page, {"password": "three unrelated words", "again": "three unrelated words", "code": code(page, secret)}
    )
    steps.press(page, "Set password and app")
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    recovery = page.locator("main li code").all_inner_texts()
    assert len(recovery) == 10

    steps.sign_out(page)
    page.goto("/en/staff/sign-in")
    steps.fill(page, {"email": "app@demo.invalid", "password": "three unrelated words", "code": recovery[0]})
    steps.press(page, "Sign in")
    page.goto("/en/staff/access")
    expect(page.locator("main")).to_contain_text("9 unused codes are left")
    expect(page.locator("main")).to_contain_text("Recovery code")


def code(page: Page, secret: str) -> str:
    """By the simulated app, as a newcomer without a phone does it."""
    phone = page.context.new_page()
    phone.goto("/simulators/authenticator?lang=en")
    phone.locator("#key").fill(secret)
    phone.get_by_role("button", name="Show the code", exact=True).click()
    shown = re.search(r"\b\d{6}\b", phone.locator(".notice-success").inner_text())
    phone.close()
    assert shown
    return shown[0]


def test_a_used_code_does_not_open_the_door_again(open_context: OpenContext, installation: Installation) -> None:
    page = open_context().new_page()
    steps.sign_in_staff(page, "senior", installation.password)
    steps.sign_out(page)
    shown = steps.code_of(page, "senior@demo.invalid")
    for _time in range(2):
        page.goto("/en/staff/sign-in")
        steps.fill(page, {"email": "senior@demo.invalid", "password": installation.password, "code": shown})
        steps.press(page, "Sign in")
        if _time == 0:
            page.wait_for_url(re.compile("/en/console"))
            steps.sign_out(page)
    expect(page.locator("#error-summary")).to_contain_text("Each code works once")
    expect(page.locator("#email")).to_have_value("senior@demo.invalid")


def test_a_browser_left_open_elsewhere_is_shut_out(open_context: OpenContext, installation: Installation) -> None:
    here, there = open_context().new_page(), open_context().new_page()
    for page in (there, here):
        steps.sign_in_staff(page, "maslikhat-officer", installation.password)
    here.goto("/en/staff/access")
    while (buttons := here.get_by_role("button", name="Sign that browser out")).count():
        with here.expect_navigation():
            buttons.first.click()
    there.goto("/en/console")
    expect(there).to_have_url(re.compile("/staff/sign-in"))
    here.goto("/en/console")
    expect(here).to_have_url(re.compile("/en/console$"))


def test_a_decision_waits_for_a_fresh_proof_and_nothing_typed_is_lost(
    open_context: OpenContext, installation: Installation
) -> None:
    petition, page = installation.seeded("examination-demo-body"), open_context().new_page()
    steps.sign_in_staff(page, "akimat-head", installation.password)
    everybodys_proof_is_old(installation)
    page.goto(f"/en/console/consideration/{petition.id}/decide")
    typed = "Себебі қызметтік хатта көрсетілген (демо)"
    for field in page.locator("main textarea").all():
        field.fill(typed)
    with page.expect_navigation():
        steps.press(page, "Make this decision")
    expect(page.locator("h1")).to_have_text("Confirm that it is you")
    steps.press(page, "Back to the form")
    expect(page.locator("h1")).to_have_text("Decide")
    for field in page.locator("main textarea").all():
        expect(field).to_have_value(typed)


def everybodys_proof_is_old(installation: Installation) -> None:
    """Eleven minutes pass for every session."""
    with sqlite3.connect(installation.instance / "petitions.sqlite", timeout=20) as connection:
        connection.execute("UPDATE sign_in_session SET proven_at = datetime(proven_at, '-11 minutes')")
