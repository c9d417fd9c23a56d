"""Signing with a phone: from a computer with the phone beside it, on the phone itself, and when it goes wrong."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation


def phone_beside(page: Page) -> Page:
    """Another device reads the code: it knows nothing of this browser's page."""
    link = page.get_by_role("link", name="Sign with eGov Mobile").get_attribute("href")
    assert link
    phone = page.context.new_page()
    phone.goto(link)
    expect(phone.locator("h1")).to_have_text("Simulated phone")
    return phone


def test_a_computer_waits_for_the_phone_and_goes_on_by_itself(citizen: OpenPage, installation: Installation) -> None:
    page, petition = citizen("person-120"), installation.seeded("stepped-back")
    steps.begin_joining(page, petition.id)
    expect(page.get_by_alt_text("Code for the app eGov Mobile")).to_be_visible()
    phone = phone_beside(page)
    page.bring_to_front()
    expect(page.locator("[data-signing-status]")).to_contain_text("Opened on the phone", timeout=15_000)
    phone.locator('button[name="act"][value="sign"]').click()
    expect(phone.locator("h1")).to_have_text("Signed")
    page.bring_to_front()
    expect(page).to_have_url(re.compile(rf"/en/my-joinings/{petition.id}$"), timeout=15_000)
    expect(page.locator("main")).to_contain_text("You have joined this petition.")


def test_a_wrong_signature_is_told_on_the_phone_and_on_the_computer(
    citizen: OpenPage, installation: Installation
) -> None:
    page, petition = citizen("person-125"), installation.seeded("stepped-back")
    steps.begin_joining(page, petition.id)
    phone = phone_beside(page)
    phone.locator("#person").select_option("daniyar")
    phone.locator('button[name="act"][value="sign"]').click()
    expect(phone.locator("main")).to_contain_text("belongs to another person")
    page.bring_to_front()
    expect(page.locator("main .notice-error")).to_contain_text("belongs to another person", timeout=15_000)
    expect(page.locator("main .notice-error")).to_contain_text("Nothing was stored.")


def test_a_phone_needs_no_javascript(citizen: OpenPage, installation: Installation) -> None:
    page = citizen("person-126", java_script_enabled=False)
    petition = installation.seeded("stepped-back")
    steps.begin_joining(page, petition.id)
    steps.follow(page, "I have signed: show what came of it")
    expect(page.locator("h1")).to_have_text("Your signature is awaited")
    steps.sign_by_phone(page)
    expect(page.locator("main")).to_contain_text("You have joined this petition.")


def test_a_signature_whose_answer_was_lost_is_sent_again_and_counts_once(
    citizen: OpenPage, installation: Installation
) -> None:
    page, petition = citizen("person-129"), installation.seeded("stepped-back")
    steps.begin_joining(page, petition.id)
    steps.open_phone(page)
    page.locator("details summary").click()
    page.locator('button[name="act"][value="lose-network"]').click()
    expect(page.locator("h1")).to_have_text("The network is lost")
    steps.press(page, "Send again")
    expect(page.locator("h1")).to_have_text("Signed")
    steps.follow(page, "Return to the site")
    expect(page.locator("main")).to_contain_text("You have joined this petition.")
    page.goto("/en/my-joinings")
    expect(page.locator("main article").filter(has_text=petition.title)).to_have_count(1)


def test_who_cancels_at_the_computer_is_told_and_the_phone_finds_it_over(
    citizen: OpenPage, installation: Installation
) -> None:
    page, petition = citizen("person-130"), installation.seeded("stepped-back")
    steps.begin_joining(page, petition.id)
    phone = phone_beside(page)
    steps.press(page, "Do not sign")
    expect(page.locator("main .notice-info")).to_contain_text("You cancelled the signing.")
    phone.locator('button[name="act"][value="sign"]').click()
    expect(phone.locator("main")).to_contain_text("begin again")
