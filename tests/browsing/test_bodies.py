"""State bodies: the list by level and by name, and the record of one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from petitions.browsing.body_list import PAGE, BodyList, body_list
from petitions.browsing.body_page import BodyPage, Promises, body_page, promises
from petitions.consideration.commitments import Commitment
from petitions.db import reading
from petitions.law.states import Event, State
from petitions.law.working_days import end_of_day
from petitions.lifecycle.sweep import sweep
from petitions.reference import queries as reference
from tests import making
from tests.conftest import Database


def listed(
    *, level: str = "", name: str = "", page: str = "", language: str = "en", at: datetime = making.AT
) -> BodyList:
    with reading() as session:
        return body_list(session, language, at, level=level, name=name, page=page)


def page_of_settlement(at: datetime) -> BodyPage:
    with reading() as session:
        body = reference.body(session, making.body_of(making.SETTLEMENT))
        assert body is not None
        return body_page(session, body.slug, at)


def names(found: BodyList) -> list[str]:
    return [row.body.name_en for row in found.rows]


def test_bodies_stand_by_level_in_pages(database: Database) -> None:
    central, oblasts, districts = listed(), listed(level="oblast"), listed(level="district")
    assert all(row.body.is_central for row in central.rows)
    assert oblasts.total == 40
    assert (len(districts.rows), districts.number) == (PAGE, 1)
    last = listed(level="district", page="999999")
    assert last.number == districts.pages
    assert set(names(last)).isdisjoint(names(districts))
    assert names(central) == sorted(names(central), key=str.casefold)
    assert listed(level="nonsense", page="x").level == "republic"


def test_bodies_that_have_a_petition_stand_first_and_the_others_in_the_alphabet(database: Database) -> None:
    petition = making.a_petition_in(State.OPEN)
    first, *others = listed(level="local", at=making.moment_of(petition)).rows
    assert (first.body.id, first.petitions) == (making.body_of(making.SETTLEMENT), 1)
    assert [place.level for place in first.around] == [2, 1]
    others_names = [row.body.name_en for row in others]
    assert others_names == sorted(others_names, key=str.casefold)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("мәслихат алматы қаласы", "Maslikhat of Almaty"),
        ("МАСЛИХАТ ГОРОДА АЛМАТЫ", "Maslikhat of Almaty"),
        ("maslikhat kostanay region", "Maslikhat of Kostanay Region"),
        ("костанай облысынын маслихаты", "Maslikhat of Kostanay Region"),  # typed without Kazakh letters
        ("ecology", "Ministry of Ecology and Natural Resources"),
    ],
)
def test_a_body_is_found_by_words_of_its_name_in_any_language(database: Database, words: str, expected: str) -> None:
    assert expected in names(listed(name=words))


def test_a_name_that_no_body_has_finds_none(client: FlaskClient) -> None:
    making.law_time(making.AT)
    assert listed(name="100% жоқ_").total == 0
    for language in ("kk", "ru", "en"):
        assert client.get(f"/{language}/bodies?name=zzzz").status_code == 200
    assert "No body is called so." in client.get("/en/bodies?name=zzzz").get_data(as_text=True)


def test_the_list_tells_how_each_answers(database: Database) -> None:
    making.a_petition_in(State.PUBLISHED)
    waiting = making.a_petition_in(State.EXAMINATION)
    body_id = making.body_of(making.SETTLEMENT)
    with reading() as session:
        body = reference.body(session, body_id)
        assert body is not None
    much_later = making.moment_of(waiting) + timedelta(days=200)
    rows = [row for row in listed(name=body.name_en, at=much_later).rows if row.body.id == body_id]
    assert [(row.petitions, row.answers.speed.in_time, row.overdue) for row in rows] == [(2, 1, 1)]


def test_the_pages_of_the_list_lead_to_each_other(client: FlaskClient) -> None:
    making.law_time(making.AT)
    first = client.get("/en/bodies?level=district").get_data(as_text=True)
    assert 'href="/en/bodies?level=district&amp;page=2"' in first
    second = client.get("/en/bodies?level=district&page=2").get_data(as_text=True)
    assert 'rel="prev" href="/en/bodies?level=district"' in second


def test_a_body_page_counts_down_what_it_owes_the_first_to_end_first(database: Database) -> None:
    first = making.a_petition_in(State.EXAMINATION)
    second = making.a_petition_in(State.EXAMINATION, at=making.AT + timedelta(days=7))
    making.a_petition_in(State.PUBLISHED)
    now = making.moment_of(second) + timedelta(minutes=5)
    found = page_of_settlement(now)
    assert [each.line.id for each in found.deadlines] == [first, second]
    assert not any(each.is_late for each in found.deadlines)
    assert all(each.in_working_days and each.days_left for each in found.deadlines)
    assert found.answers.outcomes == {"full": 1}
    late = page_of_settlement(end_of_day(found.deadlines[0].clock.due_on) + timedelta(hours=1))
    assert late.deadlines[0].is_late


def test_an_answer_whose_term_lapsed_is_still_owed(database: Database) -> None:
    petition = making.a_petition_in(State.EXAMINATION)
    now = making.moment_of(petition)
    due = page_of_settlement(now).deadlines[0].clock.due_on
    later = end_of_day(due) + timedelta(days=2)
    sweep(later)
    found = page_of_settlement(later)
    assert [(each.line.id, each.is_late) for each in found.deadlines] == [(petition, True)]
    assert found.figures.overdue == 1


def test_promises_are_counted_as_they_stand_on_the_day() -> None:
    due = date(2026, 6, 10)
    made = [
        Commitment("a", "жол", "әкімдік", due, "done", ""),
        Commitment("b", "жол", "әкімдік", due, "in_progress", ""),
        Commitment("c", "жол", "әкімдік", due, "dropped", ""),
    ]
    assert promises(made, due) == Promises(done=1, in_progress=1, late=0, dropped=1)
    assert promises(made, due + timedelta(days=1)) == Promises(done=1, in_progress=0, late=1, dropped=1)
    assert promises([], due).all == 0


def test_promises_of_a_published_decision_stand_on_the_bodys_page(database: Database) -> None:
    petition = making.a_petition_in(State.PUBLISHED)
    at = making.moment_of(petition) + timedelta(hours=1)
    due = (at + timedelta(days=30)).date().isoformat()
    making.record(petition, Event.COMMITMENT_MADE, at, making.OFFICER, key="1", what="Жол", owner="Бөлім", due=due)
    making.record(petition, Event.COMMITMENT_MADE, at, making.OFFICER, key="2", what="Жол", owner="Бөлім", due=due)
    making.record(petition, Event.COMMITMENT_UPDATED, at, making.OFFICER, key="2", state="done", text="Салынды.")
    assert page_of_settlement(at).promises == Promises(done=1, in_progress=1, late=0, dropped=0)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_of_a_body_with_a_full_record_stands(client: FlaskClient, language: str) -> None:
    published = making.a_petition_in(State.PUBLISHED)
    waiting = making.a_petition_in(State.EXAMINATION)
    at = making.moment_of(published) + timedelta(hours=1)
    due = (at + timedelta(days=30)).date().isoformat()
    making.record(published, Event.COMMITMENT_MADE, at, making.OFFICER, key="1", what="Жол", owner="Бөлім", due=due)
    making.law_time(max(at, making.moment_of(waiting)) + timedelta(minutes=5))
    with reading() as session:
        body = reference.body(session, making.body_of(making.SETTLEMENT))
    assert body is not None
    answer = client.get(f"/{language}/bodies/{body.slug}")
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert f'href="/{language}/petitions/{waiting}"' in text
    if language == "en":
        assert "What it must answer next" in text
        assert "What it promised" in text
        assert "In time, of the answers that were due" in text
