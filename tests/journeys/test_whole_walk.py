"""One petition from its first word to the official statement, each step by the person whose step it is.

Nobody who acts has JavaScript: what it adds is told in other stories.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from tests.journeys import crowd, drafts, steps
from tests.journeys.conftest import OpenPage
from tests.journeys.drafts import Writing
from tests.journeys.installation import Installation

AUTHOR, EMAIL = "person-141", "author@demo.invalid"
PLAIN = {"java_script_enabled": False}
STADIUM = Writing(
    title="Демо: Стадион айналасына жүгіру жолын салу",
    content="Стадион айналасында жүгіретін жол жоқ, адамдар көлік жолының шетімен жүгіреді. Жол салуды сұраймыз.",
    arguments=("Кешке көлік жолында жарық аз.", "Мектепте спорт сабағы далада өтеді."),
    proposal="Стадион айналасына төрт жүз метрлік жүгіру жолын салу.",
)
REASONS = "Тексеру барысында екі дәлел де расталды, қаражат биылғы бюджетте қарастырылған."
STATEMENT = "Әкім жүгіру жолының келесі жылдың маусымына дейін салынатынын мәлімдеді."
PROMISE = "Жүгіру жолын салу"


def test_one_petition_walks_the_whole_law(
    citizen: OpenPage,
    staff: OpenPage,
    reader: Page,
    installation: Installation,
    law_clock: Callable[..., None],
) -> None:
    law_clock("working-day")  # whichever day the other stories left, it is ten in the morning of a working day
    author = citizen(AUTHOR, **PLAIN)
    petition_id = is_filed(author, installation)
    link = passes_the_check(staff("moderator", **PLAIN), author, petition_id)
    is_opened_by_fifty(citizen("daniyar", **PLAIN), reader, installation, petition_id, link)
    reaches_its_threshold(citizen("olga", **PLAIN), reader, installation, petition_id)
    officer = staff("akimat-officer", **PLAIN)
    is_prepared(officer, petition_id)
    is_discussed(officer, petition_id, law_clock)
    is_decided(staff("akimat-head", **PLAIN), petition_id)
    is_answered_in_public(officer, petition_id)
    everybody_reads_the_answer(reader, petition_id)
    the_author_was_told_of_each_step(author, installation)


def is_filed(author: Page, installation: Installation) -> int:
    """90-2(1)-(3). Letters come in English from here."""
    author.goto("/en/account")
    steps.choose(author, "language", "en")
    steps.press(author, "Keep this language")
    steps.give_email(author, installation, EMAIL)
    drafts.begin(author)
    drafts.write(author, STADIUM)
    drafts.add_second_argument(author, STADIUM)
    drafts.choose_place_by_search(author, installation)
    drafts.check(author, STADIUM)
    drafts.file(author)
    return installation.petition(STADIUM.title).id


def passes_the_check(moderator: Page, author: Page, petition_id: int) -> str:
    """90-2(4)-(6): accepted, and the author has a link to share. Returns its last part."""
    steps.accept(moderator, petition_id)
    author.goto("/en/my-petitions")
    link = author.locator(f"#link-{petition_id}").input_value()
    return link.rpartition("/")[2]


def is_opened_by_fifty(citizen: Page, reader: Page, installation: Installation, petition_id: int, link: str) -> None:
    """90-2: nobody finds it before the fiftieth, everybody after."""
    crowd.join_all(installation.address, link, people(range(1, 50)))
    citizen.goto(f"/en/petitions/{link}")
    steps.reload_until(citizen, lambda page: steps.count(page) == 49, "49 of 50")
    gone = reader.goto(f"/en/petitions/{petition_id}")
    assert gone is not None
    assert gone.status == 404
    steps.join(citizen, link)
    steps.reload_until(reader, lambda page: page.locator(".panel progress").count() == 1, "opened")
    expect(reader.locator("h1")).to_have_text(STADIUM.title)
    assert "50 of 60" in reader.locator(".panel").first.inner_text()


def reaches_its_threshold(citizen: Page, reader: Page, installation: Installation, petition_id: int) -> None:
    """90-3, 90-4, 64(3): joined by enough, sent and registered by itself."""
    crowd.join_all(installation.address, str(petition_id), people(range(51, 60)))
    steps.join(citizen, petition_id)
    reader.goto(f"/en/petitions/{petition_id}")
    steps.reload_until(reader, lambda page: "examin" in steps.state(page).lower(), "in examination")
    expect(reader.locator(".panel").first).to_contain_text("60 of 60")


def people(numbers: range) -> list[str]:
    return [f"person-{number:03d}" for number in numbers]


def is_prepared(officer: Page, petition_id: int) -> None:
    """90-5: the body's number, a visit, a group with the author, a draft that answers every point."""
    today = today_of(officer, petition_id)
    steps.record_step(officer, petition_id, "number", {"number": "ЖТ-2026-204"})
    visit = {"on": today, "place": "Стадион", "found": "Жол жоқ, шам екеу ғана."}
    steps.record_step(officer, petition_id, "visit", visit)
    form_group(officer, petition_id)
    write_decision(officer, petition_id)


def today_of(officer: Page, petition_id: int) -> str:
    """The law's day, as a record of today offers it."""
    officer.goto(f"/en/console/consideration/{petition_id}/steps/number")
    return officer.locator('[name="on"]').input_value()


def form_group(officer: Page, petition_id: int) -> None:
    officer.goto(f"/en/console/consideration/{petition_id}/steps/group")
    officer.locator('button[name="add"][value="members"]').click()
    expect(officer.locator('[name="members-1-role"]')).to_be_visible()
    officer.locator('[name="members-0-role"]').select_option("state_body")
    officer.locator('[name="members-1-role"]').select_option("association")
    steps.fill(
        officer,
        {
            "members-0-name_or_body": "Кент әкімінің аппараты",
            "members-1-name_or_body": "Спорт клубы (демо)",
        },
    )
    officer.locator('[name="author_invited"]').check()
    officer.locator("main form .actions button[type=submit]").click()
    expect(officer).to_have_url(re.compile(rf"/consideration/{petition_id}$"))


def write_decision(officer: Page, petition_id: int) -> None:
    officer.goto(f"/en/console/consideration/{petition_id}/decision")
    steps.choose(officer, "outcome", "full")
    steps.fill(officer, {"reasons": REASONS, "law_cited": "Бюджет кодексі, 90-6-бап"})
    for finding in ("confirmed", "accepted"):
        for choice in officer.locator(f'[name^="finding_"][value="{finding}"]').all():
            choice.check()
    for answer in officer.locator('[name^="answer_"]').all():
        answer.fill("Деректер тексерілді: бұл рас, жол салу жоспарға енгізілді.")
    officer.locator("main form .actions button[type=submit]").click()
    expect(officer).to_have_url(re.compile(rf"/consideration/{petition_id}$"))
    expect(officer.locator('section[aria-labelledby="actions"]')).to_contain_text("The draft is complete")


def is_discussed(officer: Page, petition_id: int, law_clock: Callable[..., None]) -> None:
    """90-5: announced three working days before, and held on its day."""
    today = date.fromisoformat(today_of(officer, petition_id))
    officer.goto(f"/en/console/consideration/{petition_id}/steps/announcement")
    day = date.fromisoformat(officer.locator('[name="on"]').input_value())
    steps.record_step(officer, petition_id, "announcement", {"hour": "15:00", "place": "Мәдениет үйі"})
    law_clock("days", (day - today).days)
    held = {"on": day.isoformat(), "participants": "34", "minutes": "Жобаны барлығы қолдады."}
    steps.record_step(officer, petition_id, "discussion", held)


def is_decided(head: Page, petition_id: int) -> None:
    """90-6: the head decides; the wording is fixed from here."""
    head.goto(f"/en/console/consideration/{petition_id}/decide")
    with head.expect_navigation():
        steps.press(head, "Make this decision")
    steps.prove_if_asked(head)
    expect(head).to_have_url(re.compile(rf"/consideration/{petition_id}$"))


def is_answered_in_public(officer: Page, petition_id: int) -> None:
    """90-6: published, stated, and what was promised is kept track of."""
    steps.record_step(officer, petition_id, "publication")
    steps.record_step(officer, petition_id, "statement", {"text": STATEMENT})
    promise = {"what": PROMISE, "owner": "Құрылыс бөлімі", "due": "2027-06-01"}
    steps.record_step(officer, petition_id, "commitment", promise)


def everybody_reads_the_answer(reader: Page, petition_id: int) -> None:
    steps.goto_until(reader, f"/en/petitions/{petition_id}", steps.says(PROMISE), "promised")
    answer = reader.locator('section[aria-labelledby="answer"]')
    for words in ("Satisfied fully", REASONS, STATEMENT, PROMISE, *STADIUM.arguments, STADIUM.proposal):
        expect(answer).to_contain_text(words)
    timeline = reader.locator("ol.timeline")
    for words in ("ЖТ-2026-204", "Жол жоқ", "Мәдениет үйі", "34"):
        expect(timeline).to_contain_text(words)
    assert reader.locator(".timeline-done").count() >= 14


def the_author_was_told_of_each_step(author: Page, installation: Installation) -> None:
    """In the inbox on the site, and by letters."""
    author.goto("/en/inbox")
    subjects = (
        "Your petition is filed",
        "Your petition passed the check",
        "Your petition has its first supporters",
        "The required number of citizens has joined",
        "Your petition was sent to the body it is addressed to",
        "Your petition is registered and examined",
        "A working group was formed on your petition",
        "Public discussion of the draft decision",
        "The decision on your petition is published",
        "The head of the body made an official statement",
    )
    for subject in subjects:
        expect(author.locator("main ol")).to_contain_text(subject)
        steps.letter_to(installation, EMAIL, subject)
    steps.press(author, "Mark all as read")
    expect(author.get_by_role("button", name="Mark all as read")).to_have_count(0)
