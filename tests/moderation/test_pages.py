"""The console of the check, page by page, without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions.identity.roles import Role
from petitions.law.states import State
from petitions.moderation import actions
from petitions.moderation.acts import ACTS
from tests import making
from tests.moderation.people import MODERATOR, REASONS, acts_on, citizen_client, staff_client
from tests.moderation.test_acceptance import without_population

HOUR = timedelta(hours=1)
CHECKED = {"fields": "y", "subject": "y", "duplicate": "y"}


@pytest.fixture
def moderator(sqlite_app: Flask) -> FlaskClient:
    making.law_time(making.AT + HOUR)
    return staff_client(sqlite_app)


@pytest.fixture
def senior(sqlite_app: Flask) -> FlaskClient:
    making.law_time(making.AT + timedelta(days=3))
    return staff_client(sqlite_app, Role.SENIOR_MODERATOR)


def address(petition_id: int, rest: str = "", lang: str = "en") -> str:
    return f"/{lang}/console/check/{petition_id}{'/' if rest else ''}{rest}"


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("at", [making.AT, making.AT_2024_EDITION], ids=["check first", "support first"])
def test_the_pages_are_well_made_in_every_language(sqlite_app: Flask, lang: str, at: Any) -> None:
    petition_id = making.a_petition_in(State.CHECKING, at=at)
    making.a_petition_in(State.OPEN, at=at - timedelta(days=60), title="Мектеп жанына жаяу жүргіншілер жолы")
    making.law_time(making.moment_of(petition_id) + HOUR)
    client = staff_client(sqlite_app, Role.MODERATOR, Role.SENIOR_MODERATOR)
    for part in ("", "?part=supporting", "?part=population", "?part=media-letters", "?part=nonsense&page=-4"):
        assert client.get(f"/{lang}/console/check{part}").status_code == 200
    for page in ("", "author", "refusal", "question"):
        assert client.get(address(petition_id, page, lang)).status_code == 200, page
    assert client.get(f"/{lang}/console/written-petition").status_code == 200
    preview = client.post(
        address(petition_id, "refusal", lang), data={"ground": "subject", "topic_code": "14", "text": REASONS}
    )
    assert preview.status_code == 200


def test_every_act_has_a_page_where_it_is_possible_and_a_conflict_where_it_is_not(sqlite_app: Flask) -> None:
    client = staff_client(sqlite_app, Role.SENIOR_MODERATOR)
    checking = making.a_filed_petition(addressee="government")
    opened = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(opened) + HOUR)
    possible = {
        act.noun: [client.get(address(number, act.noun)).status_code for number in (checking, opened)] for act in ACTS
    }
    assert possible == {
        "addressee": [200, 409],
        "question": [200, 409],
        "reply": [409, 409],
        "media-letters": [409, 200],
        "sending": [409, 409],
        "complaint-outcome": [409, 409],
        "restoration": [409, 409],
        "take-down": [409, 200],
    }


@pytest.mark.parametrize("roles", [(Role.OFFICER,), (Role.HEAD,), (Role.ADMINISTRATOR,), ()])
def test_only_moderators_may_open_the_check(sqlite_app: Flask, roles: tuple[Role, ...]) -> None:
    petition_id = making.a_filed_petition()
    client = staff_client(sqlite_app, *roles) if roles else citizen_client(sqlite_app)
    pages = ["/en/console/check", "/en/console/written-petition", address(petition_id)]
    pages += [address(petition_id, noun) for noun in ("author", "refusal", *(act.noun for act in ACTS))]
    assert {client.get(page).status_code for page in pages} == {403}
    assert client.post(address(petition_id, "acceptance"), data=CHECKED).status_code == 403
    assert making.state_of(petition_id) == State.CHECKING


def test_a_guest_is_asked_to_sign_in_as_staff(client: FlaskClient) -> None:
    answer = client.get("/en/console/check")
    assert answer.status_code == 302
    assert "/staff/sign-in" in answer.location


@pytest.mark.parametrize("noun", ["restoration", "take-down"])
def test_restoring_and_taking_down_are_for_the_senior_moderator(moderator: FlaskClient, noun: str) -> None:
    petition_id = making.a_petition_in(State.REFUSED)
    assert moderator.get(address(petition_id, noun)).status_code == 403
    assert moderator.post(address(petition_id, noun), data={"reason": "Қалпына келтіру керек."}).status_code == 403
    assert noun not in moderator.get(address(petition_id)).text
    assert making.state_of(petition_id) == State.REFUSED


def test_the_queue_puts_first_what_is_due_first(moderator: FlaskClient) -> None:
    later = making.a_filed_petition(at=making.AT)
    first = making.a_filed_petition(at=making.AT - timedelta(days=40))
    page = moderator.get("/en/console/check").text
    assert page.index(address(first)) < page.index(address(later))
    assert "Overdue by" in page
    assert "20 working days left" in page


def test_a_unit_without_a_population_is_told_on_the_page_and_in_the_queue(moderator: FlaskClient) -> None:
    petition_id = making.a_filed_petition()
    without_population(making.SETTLEMENT)
    page = moderator.get(address(petition_id)).text
    assert "The population of this unit is not known" in page
    assert "/console/territories/" not in page, "a page that a moderator may not open"
    assert address(petition_id) in moderator.get("/en/console/check?part=population").text
    answer = moderator.post(address(petition_id, "acceptance"), data=CHECKED)
    assert answer.status_code == 409
    assert "threshold is not known" in answer.text
    assert 'value="y" checked' in answer.text or "checked" in answer.text


def test_a_petition_is_accepted_after_the_three_conditions_were_looked_at(moderator: FlaskClient) -> None:
    petition_id = making.a_filed_petition()
    answer = moderator.post(address(petition_id, "acceptance"), data={"fields": "y"})
    assert answer.status_code == 422
    assert making.state_of(petition_id) == State.CHECKING
    assert moderator.post(address(petition_id, "acceptance"), data=CHECKED).status_code == 302
    assert making.state_of(petition_id) == State.SUPPORTING
    assert "passed the check" in moderator.get(address(petition_id)).text


def test_a_refusal_is_shown_as_it_will_be_read_and_then_signed(moderator: FlaskClient) -> None:
    petition_id = making.a_filed_petition()
    data = {"ground": "subject", "topic_code": "9", "text": REASONS}
    shown = moderator.post(address(petition_id, "refusal"), data={**data, "step": "look"})
    assert shown.status_code == 200
    assert "will be hidden" in shown.text
    assert "90-2(3)(9)" in shown.text
    assert "Term for going to court" in shown.text
    assert making.state_of(petition_id) == State.CHECKING
    again = moderator.post(address(petition_id, "refusal"), data={**data, "step": "change"})
    assert REASONS in again.text
    assert moderator.post(address(petition_id, "refusal"), data={**data, "step": "sign"}).status_code == 302
    assert making.state_of(petition_id) == State.REFUSED
    assert REASONS in moderator.get(address(petition_id)).text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Choose the condition"),
        ({"ground": "subject", "text": REASONS}, "Choose a subject"),
        ({"ground": "subject", "topic_code": "17", "text": REASONS}, "Choose a subject"),
        ({"ground": "field", "text": REASONS}, "Choose a field"),
        ({"ground": "duplicate", "text": REASONS}, "Give the number"),
        ({"ground": "duplicate", "duplicate_of": "abc", "text": REASONS}, "valid integer"),
        ({"ground": "duplicate", "duplicate_of": str(10**12), "text": REASONS}, "whole number"),
        ({"ground": "duplicate", "duplicate_of": "31337", "text": REASONS}, "no other petition"),
        ({"ground": "subject", "topic_code": "14", "text": "Жоқ."}, "at least 100"),
    ],
)
@pytest.mark.parametrize("step", ["look", "sign"])
def test_a_bad_refusal_is_told_beside_the_field_and_nothing_is_stored(
    moderator: FlaskClient, data: dict[str, str], told: str, step: str
) -> None:
    petition_id = making.a_filed_petition()
    answer = moderator.post(address(petition_id, "refusal"), data={**data, "step": step})
    assert answer.status_code == 422
    assert told in answer.text
    assert data.get("text", "") in answer.text
    assert making.state_of(petition_id) == State.CHECKING


@pytest.mark.parametrize("step", ["look", "sign"])
def test_a_petition_that_moved_on_meanwhile_is_told_and_the_input_is_kept(moderator: FlaskClient, step: str) -> None:
    petition_id = making.a_filed_petition()
    actions.accept(petition_id, by=MODERATOR, at=making.AT + HOUR)
    data = {"ground": "subject", "topic_code": "14", "text": REASONS, "step": step}
    answer = moderator.post(address(petition_id, "refusal"), data=data)
    assert answer.status_code == 409
    assert "moved on" in answer.text
    assert REASONS in answer.text
    again = moderator.post(address(petition_id, "acceptance"), data=CHECKED)
    assert again.status_code == 409
    assert "moved on" in again.text


def test_another_body_is_asked_and_its_reply_entered(moderator: FlaskClient) -> None:
    petition_id, body_id = making.a_filed_petition(), making.a_ministry()
    question = {"body_id": str(body_id), "question": "Бұл мәселе құзыретке жата ма?"}
    assert moderator.post(address(petition_id, "question"), data=question).status_code == 302
    assert question["question"] in moderator.get(address(petition_id)).text
    short = moderator.post(address(petition_id, "reply"), data={"body_id": str(body_id), "answer": "Иә"})
    assert short.status_code == 422
    reply = {"body_id": str(body_id), "answer": "Иә, құзыретке жатады."}
    assert moderator.post(address(petition_id, "reply"), data=reply).status_code == 302
    assert moderator.post(address(petition_id, "question"), data={**question, "body_id": "x"}).status_code == 422


def test_the_addressee_is_corrected(moderator: FlaskClient) -> None:
    petition_id = making.a_filed_petition(addressee="government")
    data = {"body_id": str(making.a_ministry("dsm")), "reason": "Денсаулық сақтау мәселесі."}
    assert moderator.post(address(petition_id, "addressee"), data=data).status_code == 302
    assert data["reason"] in moderator.get(address(petition_id)).text


def test_the_letters_to_the_media_are_recorded(sqlite_app: Flask) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(petition_id) + HOUR)
    client = staff_client(sqlite_app)
    assert address(petition_id) in client.get("/en/console/check?part=media-letters").text
    assert client.post(address(petition_id, "media-letters"), data={"media": "", "on": "x"}).status_code == 422
    data = {"media": "Егемен Қазақстан\nХабар", "on": making.moment_of(petition_id).date().isoformat()}
    assert client.post(address(petition_id, "media-letters"), data=data).status_code == 302
    assert address(petition_id) not in client.get("/en/console/check?part=media-letters").text


def test_a_senior_moderator_restores_and_takes_down(senior: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.REFUSED)
    assert address(petition_id) in senior.get("/en/console/check?part=refused").text
    order = {"issuer": "Алматы қаласының соты", "number": "2-17", "on": "2026-06-02"}
    assert senior.post(address(petition_id, "take-down"), data={**order, "on": ""}).status_code == 422
    assert senior.post(address(petition_id, "take-down"), data=order).status_code == 302
    assert making.state_of(petition_id) == State.TAKEN_DOWN
    assert address(petition_id) in senior.get("/en/console/check?part=taken-down").text
    reason = {"reason": "Сот актісінің күші жойылды."}
    assert senior.post(address(petition_id, "restoration"), data=reason).status_code == 302
    assert making.state_of(petition_id) == State.REFUSED
    assert senior.post(address(petition_id, "restoration"), data=reason).status_code == 302
    assert making.state_of(petition_id) == State.CHECKING


def test_looking_at_the_author_is_recorded(moderator: FlaskClient) -> None:
    petition_id = making.a_filed_petition()
    assert making.people.person("aigul").surname not in moderator.get(address(petition_id)).text
    assert acts_on(petition_id) == []
    assert making.people.person("aigul").surname in moderator.get(address(petition_id, "author")).text
    assert acts_on(petition_id) == ["look-at-author"]


@pytest.mark.parametrize("number", ["1", "999999", str(10**12)])
def test_a_draft_or_no_petition_is_not_found(moderator: FlaskClient, number: str) -> None:
    making.a_draft()
    for rest in ("", "refusal", "author", "question", "files/1"):
        assert moderator.get(address(int(number), rest)).status_code == 404
    assert moderator.post(address(int(number), "acceptance"), data=CHECKED).status_code == 404
    assert moderator.post(address(int(number), "refusal"), data={"step": "sign"}).status_code == 404


def application(person: str = "olga", **changes: Any) -> dict[str, Any]:
    who = making.people.person(person)
    return {
        "received_on": "2026-06-01",
        "reference": "ЖТ-2026/17",
        "iin": who.iin,
        "surname": who.surname,
        "given_name": who.given_name,
        "email": "olga@example.kz",
        "language": "ru",
        "addressee": "akimat",
        "territory": making.SETTLEMENT,
        "title": "Освещение улицы у школы",
        "content": "На улице у школы нет освещения, зимой дети идут домой в темноте по дороге.",
        "arguments-0": "Зимой темнеет до конца второй смены.",
        "proposals-0": "Поставить десять фонарей от школы до остановки.",
        "scan": (BytesIO(making.PDF), "заявление.pdf"),
        **changes,
    }


PAPER = "/en/console/written-petition"


def test_a_written_application_is_placed_and_its_scan_opened(moderator: FlaskClient) -> None:
    making.use_demo_registry()
    answer = moderator.post(PAPER, data=application())
    assert answer.status_code == 302, answer.text
    petition_id = int(answer.location.rsplit("/", 1)[1])
    page = moderator.get(answer.location).text
    assert "ЖТ-2026/17" in page
    assert making.state_of(petition_id) == State.CHECKING
    link = next(part for part in page.split('"') if "/files/" in part)
    opened = moderator.get(link)
    assert opened.data == making.PDF
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert acts_on(petition_id) == ["place-written-petition", "open-document"]


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({"iin": ""}, 422, "Type the twelve digits"),
        ({"iin": "1234"}, 422, "This is no IIN"),
        ({"surname": "Басқа"}, 422, "another name"),
        ({"territory": "Атлантида"}, 422, "no such place"),
        ({"territory": ""}, 422, "no such place"),
        ({"territory": "Абай"}, 422, "Choose one of them"),
        ({"addressee": "government", "territory": ""}, 422, "central body"),
        ({"title": "Мало"}, 422, "At least 10 characters"),
        ({"arguments-0": " "}, 422, "At least one is needed"),
        ({"proposals-0": "Да."}, 422, "At least 10 characters"),
        ({"scan": (BytesIO(b"MZ"), "virus.exe")}, 422, "Only PDF, JPEG and PNG"),
        ({"received_on": "2026-06-09"}, 422, "has not come yet"),
        ({"language": "fr"}, 422, "Language of the petition"),
        ({"is_representative": "y"}, 422, "Say who is represented"),
    ],
)
def test_a_bad_application_is_told_beside_its_field_and_the_input_is_kept(
    moderator: FlaskClient, changes: dict[str, Any], status: int, told: str
) -> None:
    making.use_demo_registry()
    answer = moderator.post(PAPER, data=application(**changes))
    assert answer.status_code == status
    assert told in answer.text
    assert "ЖТ-2026/17" in answer.text
    assert making.people.person("olga").iin not in answer.text


def test_a_registry_that_is_down_keeps_what_was_typed(moderator: FlaskClient) -> None:
    making.use_demo_registry()
    answer = moderator.post(PAPER, data=application("down"))
    assert answer.status_code == 503
    assert "ЖТ-2026/17" in answer.text


def test_a_place_that_several_are_called_by_is_chosen_from_a_list(moderator: FlaskClient) -> None:
    making.use_demo_registry()
    asked = moderator.post(PAPER, data=application(territory="Абай")).text
    kato = asked.split('name="kato"')[1].split('value="')[1].split('"')[0]
    answer = moderator.post(PAPER, data=application(territory="Абай", kato=kato))
    assert answer.status_code == 302


def test_arguments_are_added_and_removed_without_scripts(moderator: FlaskClient) -> None:
    added = moderator.post(PAPER, data=application(add="arguments"))
    assert added.status_code == 200
    assert 'name="arguments-1"' in added.text
    removed = moderator.post(PAPER, data=application(remove="arguments-0", **{"arguments-1": "Екінші дәлел осы."}))
    assert "Екінші дәлел осы." in removed.text
    assert 'name="arguments-1"' not in removed.text
