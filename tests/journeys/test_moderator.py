"""The check: a refusal with its ground, its restoration, and a take-down by a legal order."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation

REASONS = (
    "Петицияда ұсыныс нақты жазылмаған: өткелдің қай көшеде және қай жерде салынуы керек екені айтылмаған. "
    "Түзетілген петицияны кез келген уақытта қайта беруге болады."
)


def write_refusal(page: Page, petition_id: int) -> None:
    page.goto(f"/en/console/check/{petition_id}")
    steps.follow(page, "Refuse it")
    steps.choose(page, "ground", "field")
    page.locator("#field_code").select_option("proposals")
    steps.fill(page, {"text": REASONS})
    page.locator('button[name="step"][value="look"]').click()


def test_a_refusal_is_read_before_it_is_signed_is_public_and_can_be_undone(
    staff: OpenPage, reader: Page, installation: Installation
) -> None:
    """90-2(6): the ground, the clause and the reasons; the senior moderator restores."""
    petition, moderator = installation.seeded("just-filed"), staff("moderator")
    write_refusal(moderator, petition.id)
    expect(moderator.locator("h1")).to_have_text("Before you sign the refusal")
    expect(moderator.locator("article")).to_contain_text(REASONS)
    reader.goto(f"/en/petitions/{petition.id}")
    expect(reader.locator("h1")).not_to_have_text(petition.title)

    moderator.locator('button[name="step"][value="sign"]').click()
    steps.reload_until(reader, steps.says(petition.title, "h1"), "the refusal is public")
    refusal = reader.locator('section[aria-labelledby="refusal"]')
    for words in (REASONS, "90-2", "A required field", "Proposals"):
        expect(refusal).to_contain_text(words)

    senior = staff("senior")
    senior.goto(f"/en/console/check/{petition.id}/restoration")
    steps.fill(senior, {"reason": "Ұсыныс мәтінде анық жазылған екен."})
    senior.locator("main form .actions button").click()
    senior.goto(f"/en/console/check/{petition.id}")
    expect(senior.get_by_role("button", name="Accept the petition")).to_be_visible()
    steps.reload_until(reader, lambda shown: not steps.says(petition.title, "h1")(shown), "not public any more")


def test_a_refusal_without_reasons_is_not_written(staff: OpenPage, installation: Installation) -> None:
    page, petition = staff("moderator"), installation.seeded("checking")
    page.goto(f"/en/console/check/{petition.id}/refusal")
    steps.choose(page, "ground", "subject")
    steps.fill(page, {"text": "Жоқ."})
    page.locator('button[name="step"][value="look"]').click()

    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.locator("#text")).to_have_value("Жоқ.")


def test_a_petition_is_not_accepted_before_every_condition_was_looked_at(
    staff: OpenPage, installation: Installation
) -> None:
    page, petition = staff("moderator"), installation.seeded("checking")
    page.goto(f"/en/console/check/{petition.id}")
    page.locator('main input[name="fields"]').check()
    steps.press(page, "Accept the petition")

    expect(page.locator("#error-summary li")).to_have_count(2)
    expect(page.locator('main input[name="fields"]')).to_be_checked()


def test_a_take_down_answers_gone_and_can_be_undone(staff: OpenPage, reader: Page, installation: Installation) -> None:
    petition, senior = installation.seeded("closing-soon"), staff("senior")
    address = f"/en/petitions/{petition.id}"
    steps.take_down(senior, petition.id)
    steps.goto_until(reader, address, lambda shown: not steps.says(petition.title)(shown), "taken down")
    gone = reader.goto(address)
    assert gone is not None
    assert gone.status == 410

    steps.restore(senior, petition.id)
    steps.goto_until(reader, address, steps.says(petition.title, "h1"), "restored")
    expect(reader.get_by_role("link", name="Join this petition")).to_be_visible()


def test_a_moderator_neither_restores_nor_takes_down(staff: OpenPage, installation: Installation) -> None:
    page, petition = staff("moderator"), installation.seeded("closing-soon")
    for act in ("restoration", "take-down"):
        answer = page.goto(f"/en/console/check/{petition.id}/{act}")
        assert answer is not None
        assert answer.status in (403, 404)


def test_the_queue_puts_first_what_is_due_first(staff: OpenPage, installation: Installation) -> None:
    page = staff("moderator")
    page.goto("/en/console/check")
    first = page.locator("main ol.cards > li").first
    expect(first).to_contain_text(installation.seeded("checking-overdue").title)
    expect(first).to_contain_text(re.compile("Overdue", re.I))
