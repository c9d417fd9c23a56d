"""Joining: once, taken back, again; and every signature that does not count."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation


def wait_for_count(page: Page, ref: object, wanted: int) -> None:
    page.goto(f"/en/petitions/{ref}")
    steps.reload_until(page, lambda shown: steps.count(shown) == wanted, f"{wanted} joined")


def test_a_citizen_joins_once_withdraws_and_joins_again(citizen: OpenPage, installation: Installation) -> None:
    page, petition = citizen("olga"), installation.seeded("stepped-back")
    before = steps.joined(page, petition.id)

    steps.join(page, petition.id)
    expect(page).to_have_url(re.compile(rf"/en/my-joinings/{petition.id}$"))
    expect(page.locator("main")).to_contain_text("You have joined this petition.")
    wait_for_count(page, petition.id, before + 1)

    page.goto(f"/en/petitions/{petition.id}/joining")
    expect(page.locator("main")).to_contain_text("You have already joined this petition")
    expect(page.locator('input[name="consent"]')).to_have_count(0)

    page.goto(f"/en/my-joinings/{petition.id}")
    steps.follow(page, "Withdraw your joining")
    steps.press(page, "Withdraw your joining")
    steps.sign_by_phone(page)
    assert "withdrawn" in steps.told(page)
    wait_for_count(page, petition.id, before)

    steps.join(page, petition.id)
    expect(page.locator("main")).to_contain_text("You have joined this petition.")
    wait_for_count(page, petition.id, before + 1)
    page.goto("/en/my-joinings")
    expect(page.locator("main article").filter(has_text=petition.title)).to_have_count(2)


def test_two_windows_of_one_citizen_count_once(citizen: OpenPage, installation: Installation) -> None:
    first, petition = citizen("olga"), installation.seeded("open-almaty")
    second = first.context.new_page()
    before = steps.joined(first, petition.id)
    for page in (first, second):
        steps.begin_joining(page, petition.id)
    for page in (first, second):
        steps.sign_by_phone(page)

    assert "already" in steps.told(second)
    wait_for_count(first, petition.id, before + 1)


def test_who_refuses_to_sign_comes_back_with_nothing_stored(citizen: OpenPage, installation: Installation) -> None:
    page, petition = citizen("person-143"), installation.seeded("open-maslikhat")
    steps.join(page, petition.id, act="refuse")

    expect(page.locator("main .notice-info")).to_contain_text("You refused to sign in the app.")
    expect(page.locator("main .notice-info")).to_contain_text("Nothing was stored.")
    steps.follow(page, "Begin again")
    expect(page).to_have_url(re.compile(rf"/en/petitions/{petition.id}/joining$"))
    expect(page.locator('input[name="consent"]')).to_be_visible()


WRONG = {
    "expired": "expired",
    "revoked": "revoked",
    "organisation": "organisation",
    "authentication": "sign",
}


@pytest.mark.parametrize(("act", "reason"), WRONG.items())
def test_a_signature_that_does_not_count_is_refused_with_its_reason(
    citizen: OpenPage, installation: Installation, act: str, reason: str
) -> None:
    page, petition = citizen("aigul"), installation.seeded("open-almaty")
    steps.join(page, petition.id, act=act)

    notice = page.locator("main .notice-error")
    expect(notice).to_contain_text(reason)
    expect(notice).to_contain_text("Nothing was stored.")
    steps.follow(page, "Begin again")
    expect(page.locator('input[name="consent"]')).to_be_visible()


def test_another_persons_signature_is_refused(citizen: OpenPage, installation: Installation) -> None:
    page, petition = citizen("aigul"), installation.seeded("open-almaty")
    before = steps.joined(page, petition.id)
    steps.join(page, petition.id, signer="daniyar")

    expect(page.locator("main .notice-error")).to_contain_text("Nothing was stored.")
    assert steps.joined(page, petition.id) == before


def test_joining_needs_consent(citizen: OpenPage, installation: Installation) -> None:
    page = citizen("aigul")
    page.goto(f"/en/petitions/{installation.seeded('open-almaty').id}/joining")
    steps.press(page, "Go on to the text")

    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.locator("#consent")).to_have_attribute("aria-invalid", "true")


def test_the_fiftieth_supporter_opens_a_petition_and_freezes_its_threshold(
    citizen: OpenPage, installation: Installation, reader: Page
) -> None:
    """90-2(5), 90-3: within seconds of the fiftieth joining everybody finds it."""
    petition = installation.seeded("forty-nine")
    reader.goto(f"/en/petitions/{petition.id}")
    assert reader.locator("h1").inner_text() != petition.title  # only who has the link sees it
    page = citizen("aigul", java_script_enabled=False)
    assert steps.joined(page, petition.ref) == 49
    steps.join(page, petition.ref)
    steps.reload_until(reader, lambda shown: shown.locator("h1").inner_text() == petition.title, "open to everybody")

    expect(reader.locator(".panel").first).to_contain_text("50 of")
    reader.locator("details").filter(has_text="Why this number").locator("summary").click()
    expect(reader.locator(".panel").first).to_contain_text("does not change")


def test_the_last_joining_reaches_the_threshold(citizen: OpenPage, installation: Installation) -> None:
    """90-4. What follows by itself is told in the whole walk."""
    petition = installation.seeded("minus-one")
    page = citizen("daniyar")
    assert steps.joined(page, petition.id) == 59
    steps.join(page, petition.id)

    page.goto(f"/en/petitions/{petition.id}")
    steps.reload_until(page, lambda shown: steps.state(shown) == "Threshold reached", "reached")
    expect(page.locator(".panel").first).to_contain_text("60 of 60")
