"""One person through every door that takes a certificate, and staff with a sheet: nothing of it is written down."""

from __future__ import annotations

import os
import subprocess
import sys

from playwright.sync_api import Page, expect

from petitions.config import ROOT
from petitions.identity.simulators import people
from tests.journeys import drafts, secrecy, steps
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.installation import Installation
from tests.journeys.test_paper_joinings import register, type_in
from tests.journeys.test_sign_in import begin

PERSON = "person-123"
EMAIL = "nobody-reads-this@demo.invalid"
BENCH = drafts.Writing(
    title="Аялдамаға жаңа орындық орнату",
    content="Орталық аялдамада отыратын орын жоқ, қариялар түрегеп тұрады. Жаңа орындық орнатуды сұраймыз.",
    arguments=("Аялдамада күніне жүз адам күтеді.", "Ескі орындық былтыр сынған."),
    proposal="Орталық аялдамаға екі орындық орнату.",
)


def test_a_walk_through_every_door_leaves_nothing_in_the_log(
    open_context: OpenContext, staff: OpenPage, installation: Installation
) -> None:
    joined, on_paper = installation.seeded("open-almaty"), installation.seeded("open-maslikhat")
    begun = len(installation.log().splitlines())
    page = open_context().new_page()
    steps.sign_in_citizen(page, PERSON)  # the simulated phone is this person's from now on
    steps.sign_out(page)
    signs_in_by_certificate(page)
    joins_and_takes_it_back(page, joined.id)
    files_and_withdraws(page, installation)
    moderator = staff("moderator")
    register(moderator, on_paper.id, "ПП-2026/9", 1)
    type_in(moderator, PERSON)
    moderator.goto("/en/staff/access")

    kept = kinds_of_evidence(installation, joined.id)
    assert kept == ["act file", "act withdraw", "joined", "line on paper", "signed in certificate"]
    for context in (page.context, moderator.context):
        installation.secrets.keep_cookies(context.cookies())
    installation.secrets.keep_letters(installation.letters())
    person = people.person(PERSON)
    known = {*installation.secrets.values, person.iin, person.surname, person.given_name, EMAIL, BENCH.title}
    log = installation.log()
    assert not secrecy.told_by_log(log, known)
    assert " ERROR " not in "\n".join(log.splitlines()[begun:])


def signs_in_by_certificate(page: Page) -> None:
    begin(page)
    page.get_by_role("link", name="Sign in with eGov Mobile").click()
    page.locator("select[name=person]").select_option(PERSON)
    steps.press(page, "Sign")
    with page.expect_navigation():
        steps.follow(page, "Return to the site")
    page.goto("/en/account")
    expect(page.locator(".account-name")).to_be_visible()


def joins_and_takes_it_back(page: Page, petition_id: int) -> None:
    steps.join(page, petition_id)
    expect(page.locator("main")).to_contain_text("You have joined this petition.")
    steps.follow(page, "Withdraw your joining")
    steps.press(page, "Withdraw your joining")
    steps.sign_by_phone(page)
    assert "withdrawn" in steps.told(page)


def files_and_withdraws(page: Page, installation: Installation) -> None:
    steps.give_email(page, installation, EMAIL)
    drafts.begin(page)
    drafts.write(page, BENCH)
    drafts.add_second_argument(page, BENCH)
    drafts.choose_place_by_search(page, installation)
    drafts.check(page, BENCH)
    drafts.file(page)
    steps.follow(page, "Withdraw the petition")
    steps.press(page, "Withdraw the petition")
    steps.sign_by_phone(page)
    expect(page.locator("main article").filter(has_text=BENCH.title)).to_contain_text("Withdrawn")


def kinds_of_evidence(installation: Installation, petition_id: int) -> list[object]:
    """What the walk left in the database, where it is sealed."""
    query = (
        "SELECT 'act ' || act FROM act_evidence UNION"
        " SELECT 'joined' FROM evidence WHERE petition_id = ? UNION"
        " SELECT 'line on paper' FROM paper_line WHERE sealed IS NOT NULL UNION"
        " SELECT 'signed in ' || method FROM sign_in_session WHERE method = 'certificate' ORDER BY 1"
    )
    return [row[0] for row in installation.rows(query, petition_id)]


def test_everything_sealed_by_all_stories_opens(installation: Installation, after_all_stories: None) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PETITIONS_")}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "vault", "check"],
        cwd=ROOT,
        env=environment | {"PETITIONS_INSTANCE": str(installation.instance), "FLASK_APP": "wsgi:app"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert " 0 do not open" in done.stdout
