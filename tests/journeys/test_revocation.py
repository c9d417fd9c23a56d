"""The authority is asked after the joining: what its signer reads when it confirms, is silent, or has revoked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation

CONFIRMED = "Certificate confirmed"
ASKED = "is still being asked whether it was valid"
REMOVED = "This joining does not count."
EMAIL = "revoked@example.kz"


@pytest.fixture
def authority(reader: Page) -> Iterator[Callable[[str], None]]:
    """Press a button of the simulated authority's page; in the end it answers, as others expect."""

    def pressed(name: str) -> None:
        reader.goto("/simulators/authority?lang=en")
        steps.press(reader, name)

    yield pressed
    reader.goto("/simulators/authority?lang=en")
    if reader.locator('button[value="answers"]').count():
        reader.locator('button[value="answers"]').click()


def test_a_certificate_is_confirmed_within_seconds(citizen: OpenPage, installation: Installation) -> None:
    page, petition = citizen("person-135"), installation.seeded("stepped-back")
    steps.join(page, petition.id)
    page.goto(f"/en/my-joinings/{petition.id}")
    steps.reload_until(page, steps.says(CONFIRMED), "confirmed")


def test_who_joined_with_a_revoked_certificate_is_counted_out_and_told(
    citizen: OpenPage, installation: Installation, reader: Page
) -> None:
    page, petition = citizen("person-136"), installation.seeded("stepped-back")
    steps.give_email(page, installation, EMAIL)
    reader.goto("/simulators/authority?lang=en")
    reader.locator("#revoke").select_option("person-136")
    steps.press(reader, "Revoke")
    before = steps.joined(page, petition.id)

    steps.join(page, petition.id)
    page.goto(f"/en/my-joinings/{petition.id}")
    steps.reload_until(page, steps.says(REMOVED), "counted out")
    expect(page.locator("main")).to_contain_text("Removed on")
    page.goto(f"/en/petitions/{petition.id}")
    steps.reload_until(page, lambda shown: steps.count(shown) == before, "the number without it")
    page.goto("/en/inbox")
    expect(page.locator("main article, main li").first).to_contain_text("Your joining does not count")
    steps.letter_to(installation, EMAIL, f"/my-joinings/{petition.id}")

    steps.press(reader, "Make valid again")
    page.goto(f"/en/my-joinings/{petition.id}")
    steps.follow(page, "Join again")
    steps.join(page, petition.id)
    page.goto(f"/en/my-joinings/{petition.id}")
    steps.reload_until(page, steps.says(CONFIRMED), "joined again and confirmed")


@pytest.mark.parametrize("silence", ["It answers everybody: try later.", "It is down: nobody gets an answer."])
def test_an_authority_that_is_silent_costs_nobody_a_signature(
    citizen: OpenPage,
    installation: Installation,
    authority: Callable[[str], None],
    law_clock: Callable[..., None],
    silence: str,
) -> None:
    page = citizen("person-137" if "later" in silence else "person-101")
    petition = installation.seeded("stepped-back")
    authority(silence)
    steps.join(page, petition.id)
    page.goto(f"/en/my-joinings/{petition.id}")
    steps.reload_until(page, steps.says("Counted"), "counted")
    expect(page.locator("main")).to_contain_text(ASKED)

    authority("It answers.")
    law_clock("day")
    page.goto(f"/en/my-joinings/{petition.id}")
    steps.reload_until(page, steps.says(CONFIRMED), "asked again and confirmed")
