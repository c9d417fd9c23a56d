"""What must have happened before every page of the site can be seen: a draft, a joining, sheets, letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Page, expect

from petitions.identity.simulators import people
from tests.journeys import drafts, steps
from tests.journeys.conftest import OpenPage
from tests.journeys.drafts import Writing
from tests.journeys.installation import Installation

JOINER, AUTHOR = "person-076", "person-077"
EMAIL, CONFIRMED = "joiner@demo.invalid", "author-077@demo.invalid"
BODY_PETITIONS = (
    "examination-demo-body",
    "overdue",
    "decided-full",
    "decided-partial",
    "returned",
    "support-first-2024",
)
CHECKED = (
    "checking",
    "checking-overdue",
    "open-almaty",
    "minus-one",
    "refused-subject",
    "taken-down",
    "decided-refused",
)
LANGUAGE = re.compile(r"^/(kk|ru|en)(?=/)")
BENCH = Writing(
    title="Демо: Саябаққа орындықтар қою",
    content="Саябақта отыратын орын жоқ, қарт адамдар демала алмайды. Бес орындық қоюды сұраймыз.",
    arguments=("Қарттар ұзақ жүре алмайды.", "Балалы аналар да демалғысы келеді."),
    proposal="Саябаққа бес орындық қою.",
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f030005fe02fea7"
    "35818e0000000049454e44ae426082"
)
"""One dot: pictures of the pages show a scan, not a broken one."""


@dataclass(frozen=True)
class Prepared:
    """Addresses, each without its language, that come of what was done; ``steps``, ``acts`` and
    ``comments`` by their name; ``answers``: where a body answers a question.
    """

    installation: Installation
    draft: str
    ready_draft: str
    invitation: str
    confirmation: str
    sheets: dict[str, str]
    steps: dict[str, str]
    acts: dict[str, str]
    comments: dict[str, str]
    answers: list[str]

    def number(self, key: str) -> int:
        """Of a seeded petition."""
        return self.installation.seeded(key).id

    def ref(self, key: str) -> str:
        return self.installation.seeded(key).ref


_MADE: dict[str, Prepared] = {}


def prepared_once(installation: Installation, citizen: OpenPage, staff: OpenPage) -> Prepared:
    """For every test of one installation the same."""
    if installation.address not in _MADE:
        _MADE[installation.address] = prepare(installation, citizen, staff)
    return _MADE[installation.address]


def prepare(installation: Installation, citizen: OpenPage, staff: OpenPage) -> Prepared:
    """Walk every story up to the page where it is looked at; half a minute."""
    joiner, author, moderator, senior = citizen(JOINER), citizen(AUTHOR), staff("moderator"), staff("senior")
    taken_back = installation.seeded("stepped-back").id
    steps.join(joiner, taken_back)
    joiner.goto(f"/en/my-joinings/{taken_back}/withdrawal")
    steps.press(joiner, "Withdraw your joining")
    steps.sign_by_phone(joiner)
    drafts.begin(joiner)
    draft = path_of(joiner)
    confirmation = asked_to_confirm(joiner, installation)
    drafts.begin(author)
    ready_draft = path_of(author)
    steps.give_email(author, installation, CONFIRMED)
    author.goto(f"/en{ready_draft}")
    drafts.write(author, BENCH)
    drafts.add_second_argument(author, BENCH)
    drafts.choose_place_by_search(author, installation)
    drafts.check(author, BENCH)
    sheet_for = installation.seeded("open-maslikhat").id
    return Prepared(
        installation=installation,
        draft=draft,
        ready_draft=ready_draft,
        invitation=invited(staff("administrator")),
        confirmation=confirmation,
        sheets={
            "received": registered(moderator, sheet_for, "М-1"),
            "entered": typed_in(moderator, registered(moderator, sheet_for, "М-2")),
        },
        steps=offered(staff("akimat-officer"), [installation.seeded(key).id for key in BODY_PETITIONS], "/steps/"),
        acts=offered(senior, [installation.seeded(key).id for key in CHECKED], "/console/check/"),
        answers=asked_of_the_body(staff("akimat-officer"), installation),
        comments={"own": written(joiner, installation), **seeded_comments(installation)},
    )


def path_of(page: Page) -> str:
    """The open page's address without its language."""
    return without_language(page.url)


def without_language(address: str) -> str:
    return LANGUAGE.sub("", urlsplit(address).path)


def asked_to_confirm(page: Page, installation: Installation) -> str:
    """The path of the letter's link, which nobody opens."""
    page.goto("/en/account")
    page.locator("#email").fill(EMAIL)
    steps.press(page, "Send a confirmation letter")
    letter = steps.letter_to(installation, EMAIL, "/account/email/confirmation/")
    link = re.search(rf"{re.escape(installation.address)}(/\S+)", letter)
    assert link, letter
    return without_language(link[1])


def invited(administrator: Page) -> str:
    administrator.goto("/en/console/staff/invitation")
    steps.fill(administrator, {"email": "matrix@demo.invalid", "display_name": "Шақырылған (демо)"})
    steps.choose(administrator, "roles", "moderator")
    with administrator.expect_navigation():
        administrator.locator("main form .actions button[type=submit]").click()
    steps.prove_if_asked(administrator)
    link = administrator.locator('main a[href*="/staff/invitation/"]').first.get_attribute("href")
    return without_language(link or "")


def registered(page: Page, petition_id: int, reference: str) -> str:
    page.goto("/en/console/paper-sheets/new")
    steps.fill(page, {"petition": str(petition_id), "reference": reference, "lines": "2", "received_on": "2026-06-10"})
    scan = FilePayload(name="sheet.png", mimeType="image/png", buffer=PNG + reference.encode())
    page.locator('input[type="file"]').set_input_files(scan)
    steps.press(page, "Register the sheet")
    expect(page.locator("h1")).to_contain_text(reference)
    return path_of(page)


def typed_in(page: Page, sheet: str) -> str:
    page.goto(f"/en{sheet}/lines")
    for place, key in enumerate(("person-078", "minor")):
        one = people.person(key)
        names = {"iin": one.iin, "surname": one.surname, "given_name": one.given_name}
        steps.fill(page, {f"lines-{place}-{name}": text for name, text in names.items()})
    steps.press(page, "The sheet is typed in")
    return sheet


def written(page: Page, installation: Installation) -> str:
    """A comment of the joiner's own."""
    petition = installation.seeded("open-almaty")
    page.goto(f"/en/petitions/{petition.id}/comments/new")
    steps.choose(page, "stance", "for")
    steps.fill(page, {"text": "Осы жолмен күн сайын жүремін, велосипедке орын керек."})
    page.locator("main form .actions button[type=submit]").click()
    expect(page.locator("#error-summary")).to_have_count(0)
    row = installation.rows(
        "SELECT petition_id, id FROM comment WHERE petition_id = ? ORDER BY written_at DESC", petition.id
    )[0]
    return f"/petitions/{row[0]}/comments/{row[1]}"


def asked_of_the_body(officer: Page, installation: Installation) -> list[str]:
    """Where the body answers the first question that the summary of one of its petitions lists."""
    for key in BODY_PETITIONS:
        officer.goto(f"/en/console/consideration/{installation.seeded(key).id}/comments")
        links = officer.locator('main a[href$="/answer"]')
        if links.count():
            return [without_language(links.first.get_attribute("href") or "")]
    return []


def seeded_comments(installation: Installation) -> dict[str, str]:
    """Somebody's comment, one that a moderator hid, one that waits for a moderator, a question to the body."""
    top = "SELECT petition_id, id FROM comment WHERE parent_id IS NULL AND "
    wanted = {
        "shown": "hidden_at IS NULL AND taken_back_at IS NULL AND petition_id = ? ORDER BY written_at",
        "hidden": "hidden_at IS NOT NULL AND petition_id >= ? ORDER BY petition_id",
        "waiting": "waits_since IS NOT NULL AND petition_id >= ? ORDER BY petition_id",
    }
    number = {"shown": installation.seeded("open-almaty").id, "hidden": 0, "waiting": 0}
    found = {name: installation.rows(top + which, number[name]) for name, which in wanted.items()}
    return {name: f"/petitions/{rows[0][0]}/comments/{rows[0][1]}" for name, rows in found.items() if rows}


def offered(page: Page, petition_ids: list[int], kind: str) -> dict[str, str]:
    """One address of each deed that the pages of these petitions offer."""
    found: dict[str, str] = {}
    section = "consideration" if kind == "/steps/" else "check"
    for petition_id in petition_ids:
        page.goto(f"/en/console/{section}/{petition_id}")
        for link in page.locator(f'main a[href*="{kind}"]').all():
            path = without_language(link.get_attribute("href") or "")
            name = path.rpartition("/")[2]
            if not name.isdigit() and "/files/" not in path:
                found.setdefault(name, path)
    return found
