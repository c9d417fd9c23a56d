"""All but NCALayer works without JavaScript.

Writing and filing: test_citizen; the whole law: test_whole_walk; a receipt checked: test_receipts; an invitation
accepted: test_staff_sign_in; the administrator's tables and sheets of paper: test_without_script_staff.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import drafts, steps
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.drafts import Writing
from tests.journeys.installation import Installation

PLAIN = {"java_script_enabled": False}
WRITER, WITNESS, SIGNER = "person-072", "person-071", "person-072"
COMMENT = "Шам орнатылса, балалар мектептен жарықта қайтады. Бұл сөз скриптсіз жазылды."
REPLY = "Дұрыс айтасыз, аялдаманың жанына да керек."
ASKER, FILING, WITHDRAWING = "person-063", "person-075", "person-073"
QUESTION = "Кітап қоры шрифті үлкен кітаптарды да қамти ма?"
CLEARER = "Қорда көзі нашар көретіндерге арналған кітаптар бола ма?"
OF_BODY, OF_AUTHOR = "Иә, ірі шрифтпен оқуға болады (демо).", "Ұсыныста дәл осы айтылған, рахмет."
WORDS = "Қосылғандардың бәріне рахмет, жұмыс істеу үшін басқа қалаға көштім (скриптсіз)."
REASONS = (
    "Петицияда ұсыныс нақты жазылмаған: орындықтар саябақтың қай жерінде тұруы керек екені айтылмаған. "
    "Түзетілген петицияны кез келген уақытта қайта беруге болады."
)
LAMPS = Writing(
    title="Демо: Саябақтағы соқпаққа шам қою",
    content="Кешке саябақтың соқпағы қараңғы, адамдар айналып өтеді. Соқпақ бойына шам қоюды сұраймыз.",
    arguments=("Қыста сағат бесте қараңғы түседі.", "Соқпақпен балалар мектептен қайтады."),
    proposal="Соқпақ бойына он шам қою.",
)
SHELTER = Writing(
    title="Демо: Базар жанындағы аялдамаға күркелер салу",
    content="Базар жанындағы аялдамада жаңбырдан паналайтын жер жоқ. Күрке салуды сұраймыз.",
    arguments=("Автобус жарты сағатта бір келеді.", "Аялдамада қарт адамдар көп күтеді."),
    proposal="Аялдамаға жабық күрке салу.",
)


def test_a_citizen_joins_by_phone_and_takes_it_back(citizen: OpenPage, installation: Installation) -> None:
    page, petition = citizen(SIGNER, **PLAIN), installation.seeded("stepped-back")
    before = steps.joined(page, petition.id)
    steps.join(page, petition.id)
    expect(page.locator("main")).to_contain_text("You have joined this petition.")
    page.goto(f"/en/my-joinings/{petition.id}")
    steps.follow(page, "Withdraw your joining")
    steps.press(page, "Withdraw your joining")
    steps.sign_by_phone(page)
    assert "withdrawn" in steps.told(page)
    counted = f"/en/petitions/{petition.id}"
    steps.goto_until(page, counted, lambda shown: steps.count(shown) == before, "counted and taken out again")


def test_a_comment_is_written_answered_reported_and_moderated(
    citizen: OpenPage, staff: OpenPage, reader: Page, installation: Installation
) -> None:
    petition = installation.seeded("open-maslikhat")
    comments = f"/en/petitions/{petition.id}/comments"
    writer = citizen(WRITER, **PLAIN)
    writer.goto(comments)
    steps.follow(writer, "Write a comment")
    steps.choose(writer, "stance", "for")
    steps.fill(writer, {"text": COMMENT})
    steps.press(writer, "Publish the comment")
    expect(writer.locator("main")).to_contain_text(COMMENT)

    witness = citizen(WITNESS, **PLAIN)
    witness.goto(f"{comments}?order=newest")
    written = witness.locator("article").filter(has_text=COMMENT).first
    written.get_by_role("link", name="Reply").first.click()
    steps.fill(witness, {"text": REPLY})
    witness.locator("main form .actions button[type=submit]").first.click()
    expect(witness.locator("main")).to_contain_text(REPLY)
    witness.goto(f"{comments}?order=newest")
    witness.locator("article").filter(has_text=COMMENT).first.get_by_role("link", name="Report").first.click()
    steps.choose(witness, "rule", "off-subject")
    steps.fill(witness, {"words": "Петиция басқа туралы."})
    steps.press(witness, "Send the report")

    moderator = staff("moderator", **PLAIN)
    moderator.goto("/en/console/comments")
    moderator.locator("article").filter(has_text=COMMENT).get_by_role("link", name="Look at it").click()
    steps.choose(moderator, "rule", "off-subject")
    steps.fill(moderator, {"reasons": "Петицияның мәніне қатысы жоқ (демо)."})
    steps.press(moderator, "Hide the comment")
    steps.goto_until(reader, f"{comments}?order=newest", lambda page: not steps.says(COMMENT)(page), "hidden")
    expect(reader.locator("main")).to_contain_text("Nothing to do with the petition")


def test_the_appearance_is_chosen_by_a_link_and_stays(open_context: OpenContext) -> None:
    page = open_context(**PLAIN).new_page()
    page.goto("/en/petitions")
    page.locator("header").get_by_role("link", name="Low vision version").click()
    expect(page).to_have_url(re.compile(r"/en/petitions$"))
    expect(page.locator("html")).to_have_attribute("data-colours", "bw")
    page.goto("/kk/law")
    expect(page.locator("html")).to_have_attribute("data-colours", "bw")


def test_petitions_are_searched(open_context: OpenContext, installation: Installation) -> None:
    page = open_context(**PLAIN).new_page()
    page.goto("/en/")
    page.locator("main input[name=q]").fill("жарық")
    page.locator("main input[name=q]").press("Enter")
    expect(page).to_have_url(re.compile(r"/en/petitions\?.*q="))
    expect(page.locator("main")).to_contain_text(installation.seeded("examination-demo-body").title)


@pytest.mark.parametrize("device", [{}, {"viewport": {"width": 320, "height": 640}}])
def test_the_menu_and_every_section_are_reached(open_context: OpenContext, device: dict[str, object]) -> None:
    page = open_context(**PLAIN, **device).new_page()
    page.goto("/en/")
    for name in ("Petitions", "Map", "Statistics", "How it works"):
        link = page.locator("header").get_by_role("link", name=name, exact=True)
        if not link.is_visible():
            page.locator("header details > summary").click()
        link.click()
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("header [aria-current=page]")).to_have_count(1)


def test_nothing_that_needs_javascript_is_shown_without_it(citizen: OpenPage) -> None:
    page = citizen(WRITER, **PLAIN)
    page.goto("/en/offline")
    expect(page.locator("main noscript .notice")).to_be_visible()
    expect(page.get_by_role("button", name="Erase everything kept here")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("body > noscript p")).to_be_visible()


def files(page: Page, installation: Installation, text: Writing) -> int:
    """A citizen's whole way to a filed petition; its number."""
    steps.give_email(page, installation, f"plain-{len(text.title)}@demo.invalid")
    drafts.begin(page)
    drafts.write(page, text)
    drafts.add_second_argument(page, text)
    drafts.choose_place_by_search(page, installation)
    drafts.check(page, text)
    drafts.file(page)
    return installation.petition(text.title).id


def test_an_author_withdraws_before_publication(citizen: OpenPage, installation: Installation) -> None:
    page = citizen(WITHDRAWING, **PLAIN)
    number = files(page, installation, SHELTER)
    page.goto("/en/my-petitions")
    mine = page.locator("main article").filter(has_text=SHELTER.title)
    mine.locator(f'a[href$="/petitions/{number}/withdrawal"]').click()
    page.locator('main form[action$="/withdrawal"] button').click()
    steps.sign_by_phone(page)
    expect(page).to_have_url(re.compile("/my-petitions$"))
    expect(page.locator('section[aria-labelledby="finished"]')).to_contain_text(SHELTER.title)
    expect(mine.locator('a[href$="/withdrawal"]')).to_have_count(0)


def test_an_author_steps_back_from_an_open_petition(
    citizen: OpenPage, reader: Page, installation: Installation
) -> None:
    page, petition = citizen("olga", **PLAIN), installation.seeded("closing-soon")
    page.goto("/en/my-petitions")
    mine = page.locator("main article").filter(has_text=petition.title)
    mine.locator('a[href$="/step-back"]').click()
    steps.fill(page, {"words": WORDS})
    page.locator('main form[action$="/step-back"] button').click()
    expect(page).to_have_url(re.compile("/my-petitions$"))
    expect(mine.locator('a[href$="/step-back"]')).to_have_count(0)
    steps.goto_until(reader, f"/kk/petitions/{petition.id}", steps.says(WORDS), "told to everybody")
    expect(reader.locator('main a[href$="/joining"]').first).to_be_visible()


def test_an_author_records_a_complaint_to_the_court(
    citizen: OpenPage, reader: Page, installation: Installation
) -> None:
    """Its first complaint was dismissed by the superior body."""
    page, petition = citizen("olga", **PLAIN), installation.seeded("decided-refused")
    steps.goto_until(reader, f"/en/petitions/{petition.id}", steps.says("Appeal filed"), "the first complaint")
    page.goto("/en/my-petitions")
    page.locator(f'main a[href$="/petitions/{petition.id}/appeal"]').click()
    expect(page.locator("main")).to_contain_text("the court is next (article 136)")
    expect(page.locator("main")).not_to_contain_text("ministry")
    steps.fill(page, {"on": "2036-01-15"})
    page.locator('main input[name="sent"]').check()
    steps.press(page, "Record")
    expect(page.locator("#on-error")).to_be_visible()
    steps.choose(page, "to", "court")
    steps.fill(page, {"on": "2026-06-08"})
    steps.press(page, "Record")
    expect(page).to_have_url(re.compile(f"/petitions/{petition.id}/appeal$"))
    expect(page.locator('main form [name="to"]')).to_have_count(0)
    filed = reader.locator(".timeline li").filter(has_text="Appeal filed")
    steps.reload_until(reader, lambda _page: filed.count() == 2, "told to everybody")


def test_a_question_is_changed_and_answered_by_its_body_and_its_author_and_taken_back(
    citizen: OpenPage, staff: OpenPage, reader: Page, installation: Installation
) -> None:
    petition, writer = installation.seeded("open-government"), citizen(ASKER, **PLAIN)
    writer.goto(f"/en/petitions/{petition.id}/comments/new")
    steps.choose(writer, "stance", "question")
    steps.fill(writer, {"text": QUESTION})
    steps.press(writer, "Publish the comment")
    comment = writer.url
    writer.goto("/en/my-comments")
    mine = writer.locator("main article").filter(has_text=QUESTION)
    mine.locator('a[href$="/change"]').click()
    expect(writer.locator('[name="text"]')).to_have_value(QUESTION)
    steps.fill(writer, {"text": CLEARER})
    steps.press(writer, "Publish the change")
    steps.goto_until(reader, comment, steps.says(CLEARER), "changed")
    assert QUESTION not in reader.locator("main").inner_text()

    officer = staff("ministry-officer", **PLAIN)
    officer.goto("/en/console/comments-to-answer")
    steps.follow(officer, petition.title)
    asked = officer.locator("article.comment").filter(has_text=CLEARER)
    asked.locator('a[href$="/answer"]').click()
    steps.press(officer, "Publish the answer")
    expect(officer.locator("#text-error")).to_be_visible()
    steps.fill(officer, {"text": OF_BODY})
    steps.press(officer, "Publish the answer")

    author = citizen("aigul", **PLAIN)
    author.goto(comment)
    author.locator('main article a[href$="/reply"]').first.click()
    steps.fill(author, {"text": OF_AUTHOR})
    steps.press(author, "Publish the reply")
    steps.goto_until(reader, comment, steps.says(OF_AUTHOR), "replied")
    replies = reader.locator("ol.replies > li")
    expect(replies.filter(has_text=OF_BODY).locator(".comment-of-body")).to_be_visible()
    expect(replies.filter(has_text=OF_AUTHOR)).to_contain_text("Author of the petition")

    writer.goto("/en/my-comments")
    answered = writer.locator("main article").filter(has_text=CLEARER)
    expect(answered.locator('a[href$="/change"]')).to_have_count(0)
    answered.locator('a[href$="/withdrawal"]').click()
    steps.press(writer, "Take it back")
    steps.reload_until(reader, lambda page: not steps.says(CLEARER)(page), "taken back")
    expect(reader.locator("main .comment-gone")).to_be_visible()
    expect(replies.filter(has_text=OF_BODY)).to_be_visible()


def listed(page: Page) -> list[str]:
    """The addresses of the petitions on this page of the list, as far as their texts are shown."""
    return [link.get_attribute("href") or "" for link in page.locator("main .card-title a").all()]


def test_a_refused_petition_is_found_by_turning_the_list_over(
    citizen: OpenPage, staff: OpenPage, open_context: OpenContext, installation: Installation
) -> None:
    number = files(citizen(FILING, **PLAIN), installation, LAMPS)
    moderator = staff("moderator", **PLAIN)
    moderator.goto(f"/en/console/check/{number}")
    moderator.locator('main a[href$="/refusal"]').click()
    steps.choose(moderator, "ground", "field")
    moderator.locator("#field_code").select_option("proposals")
    steps.fill(moderator, {"text": REASONS})
    moderator.locator('button[name="step"][value="look"]').click()
    moderator.locator('button[name="step"][value="sign"]').click()

    page = open_context(**PLAIN).new_page()
    following = page.locator("main .pagination a[rel=next]")
    steps.goto_until(page, "/en/petitions", lambda _page: following.count() == 1, "more than one page holds")
    first, said = listed(page), page.locator("main h2").first.inner_text()
    assert any(address.endswith(f"/petitions/{number}") for address in first), "the newest stands first"
    following.click()
    expect(page.locator("main .pagination a[rel=prev]")).to_be_visible()
    second = listed(page)
    assert second
    assert not {*first} & {*second}
    assert len(first) + len(second) == int(re.sub(r"\D", "", said))
    page.locator("main .pagination a[rel=prev]").click()
    assert listed(page) == first

    page.locator('main select[name="language"]').select_option("ru")
    page.locator('main select[name="sort"]').select_option("joined")
    steps.press(page, "Show")
    expect(page).to_have_url(re.compile("language=ru"))
    assert {*listed(page)} < {*first, *second}
    assert not any(address.endswith(f"/petitions/{number}") for address in listed(page)), "it is in Kazakh"


def test_the_list_of_who_joined_is_turned_over(open_context: OpenContext, installation: Installation) -> None:
    page = open_context(**PLAIN).new_page()
    page.goto(f"/kk/petitions/{installation.seeded('open-almaty').id}/signers")
    people = page.locator("main li").filter(has=page.locator("span.soft"))
    newest = people.all_inner_texts()
    page.locator("main .pagination a[rel=next]").click()
    expect(page).to_have_url(re.compile("before="))
    assert people.count()
    assert people.all_inner_texts() != newest


def test_a_newsroom_chooses_its_badge(open_context: OpenContext, installation: Installation) -> None:
    page, number = open_context(**PLAIN).new_page(), installation.seeded("open-government").id
    page.goto(f"/ru/petitions/{number}")
    page.locator(f'main a[href$="/petitions/{number}/share"]').first.click()
    page.locator("#badge_lang").select_option("kk")
    page.locator("#badge_theme").select_option("dark")
    page.locator('form[action="#badge"] button').click()
    expect(page).to_have_url(re.compile("badge_lang=kk&badge_theme=dark#badge$"))
    expect(page.locator("#badge-code")).to_have_value(re.compile(r"lang=kk&amp;theme=dark"))
    badge = page.frame_locator("iframe.share-badge")
    expect(badge.locator("html")).to_have_attribute("lang", "kk")
    expect(badge.locator("body")).to_contain_text(installation.seeded("open-government").title)
