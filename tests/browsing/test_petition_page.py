"""What the page of one petition says: the ask, the threshold, refusals, silence, decisions, records."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from html import unescape

from flask.testing import FlaskClient

from petitions.db import reading, transaction
from petitions.law.states import Event, State
from petitions.law.working_days import end_of_day
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.advance import advance, load
from petitions.lifecycle.models import Attachment, Decision
from petitions.lifecycle.sweep import sweep
from petitions.reference import queries as reference
from tests import making


def page_text(client: FlaskClient, ref: object, language: str = "en") -> str:
    page = client.get(f"/{language}/petitions/{ref}")
    assert page.status_code == 200
    return page.get_data(as_text=True)


def soon(petition_id: int) -> None:
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))


def test_an_open_petition_asks_first_and_explains_its_number(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    soon(petition_id)
    text = page_text(client, petition_id)
    assert "50 of 60" in text
    assert re.search(r"Still needed: 10\.</strong>\s+Then the body must answer\.", text)
    shown = text.partition("<main")[2]
    assert shown.index("Join this petition") < shown.index(making.CONTENT)
    assert "Population: 1,184 on" in text
    assert "5% of the population" in text
    assert "is our policy" in text
    assert "Registered in this place: 50 of 50." in text
    assert "Subject area" not in text  # none was chosen
    assert "Үлгі С." in text


def test_the_subject_area_leads_to_the_petitions_of_the_same_area(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN, theme="water")
    soon(petition_id)
    link = 'Subject area: <a href="/{}/petitions?theme=water">{}</a>'
    assert link.format("en", "Drinking water, water") in page_text(client, petition_id)
    assert "Питьевая вода и водное хозяйство</a>" in page_text(client, petition_id, "ru")


def test_the_subject_area_of_a_petition_with_a_private_link_is_no_link(client: FlaskClient) -> None:
    """The list does not hold it."""
    petition_id = making.a_petition_in(State.SUPPORTING, theme="water")
    soon(petition_id)
    with reading() as session:
        ref = lifecycle.standing(session, petition_id).link_token
    assert '<p class="soft">Subject area: Drinking water, water</p>' in page_text(client, ref)


def test_staff_are_told_why_they_have_no_button(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    soon(petition_id)
    making.sign_in(client, staff_id=making.a_staff_member())
    text = page_text(client, petition_id)
    assert "Join this petition" not in text
    assert "You are signed in as staff" in text


def test_a_signer_sees_when_they_joined_instead_of_the_button(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    signer = making.joined(petition_id, 1, making.moment_of(petition_id) + timedelta(minutes=1))[0]
    soon(petition_id)
    making.sign_in(client, citizen_id=signer)
    text = page_text(client, petition_id)
    assert "You joined on" in text
    assert "Join this petition" not in text


def test_after_the_last_day_there_is_no_button_even_when_no_worker_runs(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    with reading() as session:
        closes_at = lifecycle.standing(session, petition_id).closes_at
    assert closes_at is not None
    making.law_time(closes_at + timedelta(seconds=1))
    text = page_text(client, petition_id)
    assert "Join this petition" not in text
    assert "Joining has ended" in text


def test_a_private_page_gives_the_link_to_share(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.SUPPORTING)
    soon(petition_id)
    with reading() as session:
        token = lifecycle.standing(session, petition_id).link_token
    text = page_text(client, token)
    assert f'value="http://localhost/en/petitions/{token}"' in text
    assert "0 of 50" in text
    assert "Only those who have the link see this page" in text


def test_a_refusal_names_its_clause_its_words_and_the_remedies(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.REFUSED)
    soon(petition_id)
    text = page_text(client, petition_id)
    assert "90-2(3)(9)" in text
    assert "Бұл мәселе бойынша петиция берілмейді." in text
    assert "file it again" in text
    assert "Term for going to court: until" in text


def test_a_text_refused_under_a_hiding_subject_is_nowhere_but_its_clause_is(client: FlaskClient) -> None:
    petition_id = making.a_filed_petition()
    at = making.AT + timedelta(hours=1)
    making.refuse(petition_id, at, hides_text=True)
    making.law_time(at)
    with reading() as session:
        title = lifecycle.standing(session, petition_id).title
    pages = [page_text(client, petition_id), client.get("/en/petitions").get_data(as_text=True)]
    for text in pages:
        assert f"Petition {petition_id}: its text is hidden" in text
        for hidden in (title, making.CONTENT, *making.ARGUMENTS, *making.PROPOSALS):
            assert hidden not in text
    assert "90-2(3)(9)" in pages[0]
    assert client.get(f"/en/petitions/{petition_id}/text.json").status_code == 404
    making.sign_in(client, citizen_id=making.a_citizen())
    own = client.get(f"/en/petitions/{petition_id}")
    assert making.CONTENT in own.get_data(as_text=True)
    assert "no-store" in own.headers["Cache-Control"]


def test_silence_is_shown_as_overdue_before_and_after_the_worker_marks_it(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.EXAMINATION)
    with reading() as session:
        due = next(c.due_on for c in lifecycle.clocks(session, petition_id) if c.kind == "consideration")
    late = end_of_day(due) + timedelta(days=1)
    making.law_time(late)
    before = page_text(client, petition_id)
    assert "timeline-overdue" in before
    assert "step is overdue" in before
    sweep(late)
    after = page_text(client, petition_id)
    assert "The body has not answered in time" in after
    assert "91(2)" in after
    assert "Overdue by 2 working days" in after
    assert "timeline-overdue" in after
    assert "Term for an appeal: until" in after
    for text in (before, after):
        told = text.split('<h3 id="silence">')[1].split("</section>")[0]
        assert "to the body that was silent, addressed to its superior body" in told
        assert "the court is next (article 136)" in told
        assert "If the term passes in silence" not in text
        assert "By law this is a refusal, and the author can appeal." in text
        assert '<span class="tag tag-bad">Overdue by 2 working days</span>' in text
    assert "The term has passed and there is no answer" in client.get("/en/").get_data(as_text=True)


def test_a_complaint_about_silence_may_be_sent_for_six_months_and_dismissed_leads_to_court(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.EXAMINATION)
    with reading() as session:
        due = next(c.due_on for c in lifecycle.clocks(session, petition_id) if c.kind == "consideration")
    late = end_of_day(due) + timedelta(days=1)
    sweep(late)
    with reading() as session:
        appeal = next(c for c in lifecycle.clocks(session, petition_id) if c.kind == "appeal")
    assert (appeal.term, appeal.unit) == (6, "months")  # 3 is for who was told how to complain
    for hours, event in enumerate((Event.APPEAL_FILED, Event.APPEAL_PASSED_UP, Event.APPEAL_DECIDED), start=1):
        making.record(petition_id, event, late + timedelta(hours=hours))
    making.law_time(late + timedelta(hours=5))
    told = page_text(client, petition_id).split('<h3 id="silence">')[1].split("</section>")[0]
    assert "If the complaint is dismissed, the court is next" in told
    assert "A ministry" not in told


def test_the_silence_of_a_ministry_is_appealed_in_court(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.EXAMINATION)
    with transaction() as session:
        ministry = reference.body_by_slug(session, "mki")
        assert ministry is not None
        load(session, petition_id).body_id = ministry.id
        due = next(c.due_on for c in lifecycle.clocks(session, petition_id) if c.kind == "consideration")
    making.law_time(end_of_day(due) - timedelta(minutes=1))
    assert 'id="silence"' not in page_text(client, petition_id)
    making.law_time(end_of_day(due) + timedelta(days=1))
    told = page_text(client, petition_id).split('<h3 id="silence">')[1].split("</section>")[0]
    assert "A ministry has no superior complaint body" in told
    assert "superior body reviews" not in told


def test_a_body_is_named_with_the_places_around_its_own(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    soon(petition_id)
    with reading() as session:
        district, oblast = reversed(reference.territory_path(session, making.SETTLEMENT)[:-1])
        body = reference.body(session, making.body_of(making.SETTLEMENT))
    assert body is not None
    whole = f"{body.name_en}, {district.name_en}, {oblast.name_en}"
    description = re.search(r'<meta name="description" content="([^"]+)"', page_text(client, petition_id))
    assert description and unescape(description[1]).endswith(whole)
    for path in ("/en/petitions", f"/en/bodies?name={body.name_en}"):
        text = re.sub(r"<[^>]+>|\s*\n\s*", "", unescape(client.get(path).get_data(as_text=True)))
        assert whole in text


def test_a_decision_answers_every_argument_and_proposal(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.PUBLISHED)
    soon(petition_id)
    text = page_text(client, petition_id)
    for part in ("Satisfied fully", "Argument 1", "Argument 2", "Proposal 1", "ӘРПК 90-6-бап", "Akim"):
        assert part in text
    shown = text.partition("<main")[2]
    assert shown.index('id="answer"') < shown.index(making.CONTENT)


def test_a_decision_that_is_not_published_is_not_shown(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.DECIDED)
    soon(petition_id)
    text = page_text(client, petition_id)
    assert "Комиссия орнына барып қарады" not in text
    assert "The body publishes its decision" in text  # what comes next


def test_the_draft_that_is_discussed_in_public_can_be_read_from_its_notice_on(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.EXAMINATION)
    at = making.moment_of(petition_id) + timedelta(minutes=1)
    with transaction() as session:
        session.add(
            Decision(
                petition_id=petition_id,
                outcome="partial",
                language="kk",
                reasons="Жобаның себептері",
                law_cited="ӘРПК",
                appeal="Сот",
                drafted_at=at,
            )
        )
    soon(petition_id)
    assert "Жобаның себептері" not in page_text(client, petition_id)
    making.record(petition_id, Event.DISCUSSION_ANNOUNCED, at, making.OFFICER, on="2026-06-20", place="Мектеп")
    text = page_text(client, petition_id)
    assert "Жобаның себептері" in text
    assert "Nothing is decided yet." in text


def test_dated_records_stand_on_the_timeline_with_their_facts(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.EXAMINATION)
    at = making.moment_of(petition_id) + timedelta(minutes=1)
    body_id = making.body_of(making.SETTLEMENT)
    notice = {
        "on": "2026-08-20",
        "at": "10:00",
        "place": "Мәдениет үйі",
        "online": "https://example.kz/talqylau",
    }
    with transaction() as session:
        petition = load(session, petition_id)
        advance(session, petition, Event.DISCUSSION_ANNOUNCED, by=making.OFFICER, at=at, details=notice)
    making.record(
        petition_id,
        Event.GROUP_FORMED,
        at,
        making.OFFICER,
        members=[{"role": "Төраға", "name_or_body": "Әкім аппараты"}],
        author_invited=True,
    )
    making.record(petition_id, Event.VISITED, at, making.OFFICER, on="2026-08-10", place="Мектеп", found="Расталды")
    making.record(petition_id, Event.VISIT_WAIVED, at, making.OFFICER, reason="javascript:alert(1)")
    making.record(petition_id, Event.MEDIA_INFORMED, at, media="Егемен Қазақстан", on="2026-07-01")
    making.record(petition_id, Event.BODY_REPLIED, at, body_id=body_id, answer="<script>alert(1)</script>")
    soon(petition_id)
    for language in ("kk", "ru", "en"):
        text = page_text(client, petition_id, language)
        for fact in ("10:00", "Мәдениет үйі", "Әкім аппараты", "Мектеп", "Расталды", "Егемен Қазақстан"):
            assert fact in text
        assert 'href="https://example.kz/talqylau" rel="noopener nofollow"' in text
        assert "<script>alert" not in text


def test_an_address_in_a_record_is_a_link_only_when_it_is_one_of_the_web(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.PUBLISHED)
    at = making.moment_of(petition_id) + timedelta(minutes=1)
    making.record(
        petition_id,
        Event.STATEMENT_MADE,
        at,
        making.HEAD,
        on="2026-08-20",
        text="Орындаймыз",
        url="javascript:x()",
    )
    making.record(
        petition_id,
        Event.COMMITMENT_MADE,
        at,
        making.HEAD,
        key="a",
        what="Өткел салу",
        owner="Әкімдік",
        due="2026-12-01",
    )
    making.record(petition_id, Event.COMMITMENT_UPDATED, at, making.HEAD, key="a", state="done", text="Салынды")
    soon(petition_id)
    text = page_text(client, petition_id)
    assert 'href="javascript' not in text
    assert "Official statement" in text
    for part in ("Өткел салу", "Done", "Салынды"):
        assert part in text


def test_the_text_as_filed_has_the_fingerprint_that_the_page_shows(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    soon(petition_id)
    answer = client.get(f"/en/petitions/{petition_id}/text.json")
    digest = hashlib.sha256(answer.data).hexdigest()
    with reading() as session:
        assert lifecycle.standing(session, petition_id).text_hash == digest
    assert digest in page_text(client, petition_id).replace("<wbr>", "")


def test_a_public_file_can_be_fetched_and_the_authority_never(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    soon(petition_id)
    with transaction() as session:
        files = [
            Attachment(
                petition_id=petition_id,
                kind=kind,
                name=f"{kind}.pdf",
                mime="application/pdf",
                size=len(making.PDF),
                sha256=hashlib.sha256(making.PDF).hexdigest(),
                content=making.PDF,
            )
            for kind in ("attachment", "authority")
        ]
        session.add_all(files)
        session.flush()
        shown, kept = (file.id for file in files)
    answer = client.get(f"/en/petitions/{petition_id}/attachments/{shown}")
    assert answer.data == making.PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/en/petitions/{petition_id}/attachments/{kept}").status_code == 404
    text = page_text(client, petition_id)
    assert "attachment.pdf" in text
    assert "authority.pdf" not in text


def test_every_term_explains_its_count(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.EXAMINATION)
    soon(petition_id)
    text = page_text(client, petition_id)
    assert "Term of examination: 20 working days, last day" in text
    assert "is day zero" in text
    assert "Saturdays and Sundays are not counted" in text
    assert "stays where it is even when it is not a working day (policy)" in text


def test_nobody_finds_the_author_by_surname_on_the_page(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    soon(petition_id)
    with reading() as session:
        name = lifecycle.standing(session, petition_id).author_name
    assert f"Author: {name}" in page_text(client, petition_id)
    assert name.endswith(".")
