"""The desk in a browser: what officers, heads and authors see and send."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from petitions import clock
from petitions.consideration import actions, appealing, deciding
from petitions.consideration.readiness import answer_place, finding_place
from petitions.identity.roles import Role
from petitions.law.states import Event, State
from petitions.lifecycle.sweep import sweep
from tests import making
from tests.consideration.conftest import (
    ARRIVED,
    FACTS,
    Desk,
    a_desk,
    a_draft,
    decided,
    last,
    published,
    the_text,
    versions,
)

LATER = ARRIVED + timedelta(days=1)
LANGUAGES = ("kk", "ru", "en")


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    return a_desk()


@pytest.fixture
def ministry(client: FlaskClient) -> Desk:
    return a_desk(addressee="government")


@pytest.fixture(autouse=True)
def real_time_afterwards() -> Iterator[None]:
    yield
    clock.configure(None, may_shift=False)


def as_staff(client: FlaskClient, staff_id: int | None, at: datetime = LATER) -> None:
    making.law_time(at)
    making.sign_in(client, staff_id=staff_id)


def path(desk: Desk, rest: str = "", lang: str = "en") -> str:
    return f"/{lang}/console/consideration/{desk.petition_id}{rest}"


def draft_fields(desk: Desk, **changes: str) -> dict[str, str]:
    text = the_text(desk.petition_id)
    fields = {
        "seen": "",
        "outcome": "full",
        "language": "kk",
        "reasons": FACTS,
        "law_cited": "12",
        "appeal": "3",
    }
    for point in (*text.arguments, *text.proposals):
        fields[finding_place(point.id)] = "confirmed" if point.kind == "argument" else "accepted"
        fields[answer_place(point.id)] = FACTS
    return fields | changes


def test_an_officer_walks_a_petition_to_the_draft_and_the_head_to_publication(client: FlaskClient, desk: Desk) -> None:
    as_staff(client, desk.officer.id)
    sent = {
        "number": {"number": "12-3", "on": "2026-07-01"},
        "visit": {"on": "2026-07-01", "place": "Мектеп", "found": "Жол жоқ"},
        "group": {"members-0-role": "deputy", "members-0-name_or_body": "Мәслихат", "author_invited": "y"},
    }
    for slug, fields in sent.items():
        assert client.get(path(desk, f"/steps/{slug}")).status_code == 200
        answer = client.post(path(desk, f"/steps/{slug}"), data=fields, follow_redirects=True)
        assert answer.status_code == 200, slug
    assert client.post(path(desk, "/decision"), data=draft_fields(desk)).status_code == 302
    announced = {"on": "2026-07-08", "hour": "10:00", "place": "Әкімдік", "online": ""}
    assert client.post(path(desk, "/steps/announcement"), data=announced).status_code == 302
    as_staff(client, desk.head.id, datetime(2026, 7, 9, 6, 0, tzinfo=UTC))
    held = {"on": "2026-07-08", "participants": "17", "minutes": "Хаттама"}
    assert client.post(path(desk, "/steps/discussion"), data=held).status_code == 302
    assert client.get(path(desk, "/decide")).status_code == 200
    assert client.post(path(desk, "/decide"), data={"seen": seen(client, desk)}).status_code == 302
    assert client.post(path(desk, "/steps/publication"), data={}).status_code == 302
    stated = {"on": "2026-07-09", "text": "Мәлімдеме", "url": "https://example.kz/1"}
    assert client.post(path(desk, "/steps/statement"), data=stated).status_code == 302
    assert making.state_of(desk.petition_id) == State.PUBLISHED
    assert last(desk.petition_id, Event.STATEMENT_MADE).details["url"] == "https://example.kz/1"


def seen(client: FlaskClient, desk: Desk) -> str:
    page = client.get(path(desk, "/decide")).get_data(as_text=True)
    return page.split('name="seen"')[1].split('value="')[1].split('"')[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_the_desk_is_well_made_in_every_language(client: FlaskClient, ministry: Desk, lang: str) -> None:
    as_staff(client, ministry.head.id)
    petition_id, by = ministry.petition_id, ministry.officer
    slugs = ["number", "visit", "no-visit", "group", "analysis", "practice"]
    for rest in ["", "/decision", *[f"/steps/{slug}" for slug in slugs]]:
        assert client.get(path(ministry, rest, lang)).status_code == 200, rest
    deciding.draft_decision(petition_id, a_draft(petition_id, reasons=""), by=by, at=LATER)
    for rest in ("", "/decision", "/decide", "/steps/announcement"):
        assert client.get(path(ministry, rest, lang)).status_code == 200, rest
    published(ministry, LATER)
    actions.make_commitment(petition_id, what="Өткел", owner="Бөлім", due=LATER.date(), by=ministry.officer, at=LATER)
    for slug in ("statement", "appeal", "commitment", "commitment-state"):
        assert client.get(path(ministry, f"/steps/{slug}", lang)).status_code == 200, slug
    assert client.get(path(ministry, "", lang)).status_code == 200
    for part in ("", "?list=finished"):
        assert client.get(f"/{lang}/console/consideration{part}").status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_author_reads_where_to_complain_and_records_it(client: FlaskClient, desk: Desk, lang: str) -> None:
    making.law_time(LATER + timedelta(hours=2))
    making.sign_in(client, citizen_id=desk.author.id)
    address = f"/{lang}/petitions/{desk.petition_id}/appeal"
    assert "form" in client.get(address).get_data(as_text=True)
    published(desk, LATER, outcome="refused")
    page = client.get(address).get_data(as_text=True)
    assert 'value="superior_body"' in page
    assert 'value="court"' not in page
    sent = {"to": "superior_body", "on": "2026-07-01", "sent": "y"}
    for wrong in ({"to": "court"}, {"on": "2026-08-01"}, {"sent": ""}):
        assert client.post(address, data=sent | wrong).status_code == 422, wrong
    answer = client.post(address, data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert last(desk.petition_id, Event.APPEAL_FILED).details["by"] == "author"


def test_nobody_else_sees_the_authors_page_for_complaints(client: FlaskClient, desk: Desk) -> None:
    published(desk, LATER)
    making.law_time(LATER + timedelta(hours=2))
    address = f"/kk/petitions/{desk.petition_id}/appeal"
    assert client.get(address).status_code == 302
    making.sign_in(client, citizen_id=making.citizens(1)[0])
    assert client.get(address).status_code == 403
    making.sign_in(client, staff_id=desk.officer.id)
    assert client.get(address).status_code == 403


def test_another_bodys_officer_finds_nothing(client: FlaskClient, desk: Desk) -> None:
    as_staff(client, making.a_staff_member([Role.OFFICER, Role.HEAD], making.a_ministry()))
    deciding.draft_decision(desk.petition_id, a_draft(desk.petition_id), by=desk.officer, at=LATER)
    for rest in ("", "/decision", "/decide", "/steps/visit"):
        assert client.get(path(desk, rest)).status_code == 404, rest
    assert client.post(path(desk, "/steps/no-visit"), data={"reason": "?"}).status_code == 404
    assert the_title(desk) not in client.get("/en/console/consideration").get_data(as_text=True)


def the_title(desk: Desk) -> str:
    return the_text(desk.petition_id).title


def test_only_officers_and_heads_enter_and_only_heads_decide(client: FlaskClient, desk: Desk) -> None:
    deciding.draft_decision(desk.petition_id, a_draft(desk.petition_id), by=desk.officer, at=LATER)
    as_staff(client, making.a_staff_member([Role.MODERATOR]))
    assert client.get(path(desk)).status_code == 403
    as_staff(client, desk.officer.id)
    assert client.get(path(desk)).status_code == 200
    assert client.get(path(desk, "/decide")).status_code == 403
    assert client.post(path(desk, "/decide"), data={"seen": ""}).status_code == 403
    assert making.state_of(desk.petition_id) == State.EXAMINATION


def test_what_a_decision_lacks_is_said_beside_its_place(client: FlaskClient, desk: Desk) -> None:
    draft = a_draft(desk.petition_id, law_cited="")
    deciding.draft_decision(desk.petition_id, draft, by=desk.officer, at=LATER)
    as_staff(client, desk.head.id)
    answer = client.post(
        path(desk, "/decide"), data={"seen": seen(client, desk), "omit_visit": "Фактілер құжаттармен расталған еді."}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "The law that the decision rests on is missing." in page
    assert 'id="omit_group-error"' in page
    assert 'id="omit_visit-error"' not in page
    assert "Фактілер құжаттармен расталған еді." in page


def test_a_draft_that_changed_meanwhile_is_read_again_before_it_is_decided(client: FlaskClient, desk: Desk) -> None:
    deciding.draft_decision(desk.petition_id, a_draft(desk.petition_id), by=desk.officer, at=LATER)
    as_staff(client, desk.head.id)
    old = seen(client, desk)
    changed = a_draft(desk.petition_id, outcome="refused")
    deciding.draft_decision(desk.petition_id, changed, by=desk.officer, at=LATER)
    answer = client.post(path(desk, "/decide"), data={"seen": old})
    assert answer.status_code == 422
    assert "changed after you opened" in answer.get_data(as_text=True)
    assert seen(client, desk) != old
    assert making.state_of(desk.petition_id) == State.EXAMINATION


def test_an_unfinished_draft_is_kept_but_a_text_without_its_choice_is_asked_for(
    client: FlaskClient, desk: Desk
) -> None:
    as_staff(client, desk.officer.id)
    argument = the_text(desk.petition_id).arguments[0]
    fields = {
        "seen": "",
        "outcome": "partial",
        "language": "kk",
        "reasons": "",
        answer_place(argument.id): FACTS,
    }
    answer = client.post(path(desk, "/decision"), data=fields)
    assert answer.status_code == 422
    assert f'id="{finding_place(argument.id)}-error"' in answer.get_data(as_text=True)
    assert FACTS in answer.get_data(as_text=True)
    assert versions(desk.petition_id) == []
    fields |= {finding_place(argument.id): "refuted"}
    assert client.post(path(desk, "/decision"), data=fields).status_code == 302
    assert versions(desk.petition_id)[0].answers[0].finding == "refuted"


@pytest.mark.parametrize(
    ("slug", "fields", "wrong"),
    [
        ("number", {"number": " ", "on": "yesterday"}, ("number", "on")),
        ("number", {"number": "x" * 301, "on": "2030-01-01"}, ("number",)),
        ("visit", {"on": "2030-01-01", "place": "а", "found": "б"}, ("on",)),
        ("visit", {"on": "0001-01-01", "place": "а", "found": "б"}, ("on",)),
        ("no-visit", {"reason": "\x00\x07 "}, ("reason",)),
        (
            "group",
            {"members-0-role": "king", "members-0-name_or_body": ""},
            ("members-0-role", "members-0-name_or_body"),
        ),
        ("group", {"members-0-role": "deputy", "members-0-name_or_body": "Мәслихат"}, ("author_invited",)),
        ("group", {}, ("members-0-name_or_body",)),
    ],
)
def test_a_bad_answer_is_told_beside_its_field_and_nothing_is_stored(
    client: FlaskClient, desk: Desk, slug: str, fields: dict[str, str], wrong: tuple[str, ...]
) -> None:
    as_staff(client, desk.officer.id)
    answer = client.post(path(desk, f"/steps/{slug}"), data=fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for field in wrong:
        assert f'id="{field}-error"' in page, field
    assert last(desk.petition_id, Event.REGISTERED).seq == len(steps_of(desk))


def steps_of(desk: Desk) -> list[object]:
    from tests.consideration.conftest import steps

    return list(steps(desk.petition_id))


def test_the_earliest_day_of_a_discussion_is_in_the_message(client: FlaskClient, desk: Desk) -> None:
    deciding.draft_decision(desk.petition_id, a_draft(desk.petition_id), by=desk.officer, at=LATER)
    as_staff(client, desk.officer.id)
    fields = {"on": "2026-07-07", "hour": "25:00", "place": "Зал", "online": "javascript:alert(1)"}
    page = client.post(path(desk, "/steps/announcement"), data=fields).get_data(as_text=True)
    assert 'id="hour-error"' in page
    assert 'id="online-error"' in page
    fields |= {"hour": "10:00", "online": ""}
    answer = client.post(path(desk, "/steps/announcement"), data=fields)
    assert answer.status_code == 422
    assert "The earliest possible day is July 8, 2026." in answer.get_data(as_text=True)


def test_rows_of_the_group_come_and_go_without_javascript(client: FlaskClient, desk: Desk) -> None:
    as_staff(client, desk.officer.id)
    fields = {"members-0-role": "deputy", "members-0-name_or_body": "Мәслихат", "add": "members"}
    page = client.post(path(desk, "/steps/group"), data=fields)
    assert page.status_code == 200
    assert "members-1-role" in page.get_data(as_text=True)
    fields = {
        "members-0-name_or_body": "Бірінші",
        "members-1-name_or_body": "Екінші",
        "remove": "members-0",
    }
    text = client.post(path(desk, "/steps/group"), data=fields).get_data(as_text=True)
    assert "Екінші" in text
    assert "Бірінші" not in text


def test_the_queue_shows_first_what_is_due_first_and_says_what_is_overdue(client: FlaskClient, desk: Desk) -> None:
    at = datetime(2026, 7, 31, 6, 0, tzinfo=UTC)
    sweep(at)
    as_staff(client, desk.officer.id, at)
    page = client.get("/en/console/consideration").get_data(as_text=True)
    assert the_title(desk) in page
    assert "Overdue by 2 working days" in page
    assert "The term passed in silence" in client.get(path(desk)).get_data(as_text=True)


def test_a_petition_leaves_the_queue_when_its_statement_is_made(client: FlaskClient, desk: Desk) -> None:
    published(desk, LATER)
    as_staff(client, desk.officer.id, LATER + timedelta(hours=3))
    assert the_title(desk) in client.get("/en/console/consideration").get_data(as_text=True)
    deciding.make_statement(
        desk.petition_id,
        on=LATER.date(),
        text="Мәлімдеме",
        url="",
        by=desk.head,
        at=LATER + timedelta(hours=2),
    )
    assert the_title(desk) not in client.get("/en/console/consideration").get_data(as_text=True)
    assert the_title(desk) in client.get("/en/console/consideration?list=finished").get_data(as_text=True)


def test_a_granted_appeal_brings_a_petition_back_until_it_is_decided_anew(client: FlaskClient, desk: Desk) -> None:
    published(desk, LATER)
    on, at, by = LATER.date(), LATER + timedelta(hours=2), desk.officer
    deciding.make_statement(desk.petition_id, on=on, text="Мәлімдеме", url="", by=desk.head, at=at)
    appealing.record_appeal(desk.petition_id, to="superior_body", on=on, appellant="author", by=by, at=at)
    as_staff(client, desk.officer.id, LATER + timedelta(hours=3))
    assert "Appeal passed to the higher body" in client.get("/en/console/consideration").text
    assert "No term runs for the body now" not in client.get(path(desk)).text
    appealing.record_appeal_outcome(
        desk.petition_id, granted=True, on=on, decided_by="Облыс әкімдігі", text="Негізді.", by=by, at=at
    )
    queue = client.get("/en/console/consideration").text
    assert the_title(desk) in queue
    assert "A new decision was made after an appeal" in queue


def test_the_computation_of_the_last_day_names_the_holidays_left_out(client: FlaskClient, ministry: Desk) -> None:
    as_staff(client, ministry.officer.id)
    page = client.get(path(ministry)).get_data(as_text=True)
    assert "August 26, 2026" in page
    assert "July 6, 2026" in page


def test_a_message_is_answered_on_its_page(client: FlaskClient) -> None:
    desk = a_desk(state=State.MESSAGE)
    as_staff(client, desk.officer.id)
    assert client.get(path(desk)).status_code == 200
    assert client.get(path(desk, "/decision")).status_code == 409
    assert client.post(path(desk, "/steps/answer"), data={"text": ""}).status_code == 422
    assert client.post(path(desk, "/steps/answer"), data={"text": "Жауап"}).status_code == 302
    assert client.post(path(desk, "/steps/answer"), data={"text": "Тағы"}).status_code == 409


def test_a_petition_taken_down_is_gone_and_an_unknown_one_not_found(client: FlaskClient, desk: Desk) -> None:
    making.record(desk.petition_id, Event.TAKEN_DOWN, LATER, act="Court order No 1")
    as_staff(client, desk.officer.id)
    assert client.get(path(desk)).status_code == 410
    assert client.get("/en/console/consideration/99999999999999999999").status_code == 404
    assert client.get("/en/console/consideration/777").status_code == 404
    assert client.get(path(desk, "/steps/unheard-of")).status_code == 410


def test_a_sent_petition_says_when_it_registers_itself(client: FlaskClient) -> None:
    desk = a_desk(state=State.SENT, arrived=datetime(2026, 7, 3, 16, 0, tzinfo=UTC))
    as_staff(client, desk.officer.id, datetime(2026, 7, 4, 6, 0, tzinfo=UTC))
    page = client.get(path(desk)).get_data(as_text=True)
    assert "July 7, 2026" in page
    assert client.get(path(desk, "/steps/visit")).status_code == 409


def test_a_decision_shows_who_made_it_and_what_was_left_out(client: FlaskClient, desk: Desk) -> None:
    decided(desk, LATER)
    as_staff(client, desk.officer.id, LATER + timedelta(hours=1))
    page = client.get(path(desk)).get_data(as_text=True)
    assert versions(desk.petition_id)[0].head_title_en in page
    assert "Бұл міндетті орындауға заңды негіз болмады." in page


def test_the_desk_works_on_where_the_calendar_ends(client: FlaskClient, desk: Desk) -> None:
    """The last days of the last year known, and after: no day can be counted, all else can be done."""
    for at in (datetime(2027, 12, 30, 6, 0, tzinfo=UTC), datetime(2028, 1, 10, 6, 0, tzinfo=UTC)):
        as_staff(client, desk.officer.id, at)
        for page in (path(desk), path(desk, "/steps/visit"), "/en/console/consideration"):
            assert client.get(page).status_code == 200
