"""Lists, the front page and the figures: public petitions only, filters that never break, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from petitions import db
from petitions.browsing import filters, queries
from petitions.browsing.filters import Filters
from petitions.db import reading
from petitions.law.states import State
from petitions.law.working_days import end_of_day
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.sweep import sweep
from petitions.reference import queries as reference
from tests import making
from tests.conftest import Database

PRIVATE = (State.DRAFT, State.CHECKING, State.SUPPORTING, State.LAPSED, State.WITHDRAWN, State.TAKEN_DOWN)


def title_of(petition_id: int) -> str:
    with reading() as session:
        return lifecycle.standing(session, petition_id).title


@pytest.mark.parametrize("state", PRIVATE)
def test_what_is_not_public_is_in_no_list(client: FlaskClient, state: State) -> None:
    petition_id = making.a_petition_in(state)
    making.law_time(making.moment_of(petition_id) if state is not State.DRAFT else making.AT)
    body = f"/en/bodies/unit-{making.SETTLEMENT}"
    for path in ("/en/", "/en/petitions", f"/en/territories/{making.SETTLEMENT}", body):
        assert title_of(petition_id) not in client.get(path).get_data(as_text=True)
    with reading() as session:
        assert queries.group_counts(session, Filters())["all"] == 0


def test_the_list_filters_by_group_level_place_and_body(client: FlaskClient) -> None:
    local = making.a_petition_in(State.OPEN)
    national = making.a_petition_in(State.OPEN, addressee="government")
    refused = making.a_petition_in(State.REFUSED)
    making.law_time(making.moment_of(national))

    def shown(query: str) -> set[int]:
        text = client.get(f"/en/petitions?{query}").get_data(as_text=True)
        return {each for each in (local, national, refused) if f'/en/petitions/{each}"' in text}

    assert shown("") == {local, national, refused}
    assert shown("group=open") == {local, national}
    assert shown("group=refused") == {refused}
    assert shown("level=republic") == {national}
    assert shown("level=local") == {local, refused}
    assert shown("kato=390000000") == {local, refused}
    assert shown("kato=750000000") == set()
    assert shown("body=mki") == {national}
    assert shown("sort=closing") == shown("sort=joined") == {local, national, refused}


@pytest.mark.parametrize(
    "query",
    [
        "group=nothing",
        "level=moon",
        "kato=1",
        "kato=999999999",
        "kato=%00",
        "body=%00",
        "body=no-such-body",
        "sort=random",
        "page=-1",
        "page=0",
        "page=abc",
        "page=99999999999999999999",
        "page=%D9%A1",
    ],
)
def test_a_filter_that_is_not_understood_is_left_out_with_a_notice(client: FlaskClient, query: str) -> None:
    page = client.get(f"/en/petitions?{query}")
    assert page.status_code == 200
    assert "was not understood" in page.get_data(as_text=True)


def test_a_place_is_found_by_its_name_and_several_are_offered(client: FlaskClient) -> None:
    making.law_time(making.AT)
    assert "Several places have this name" in client.get("/en/petitions?place=ауыл").get_data(as_text=True)
    unknown = client.get("/en/petitions?place=Жоқжер%00<b>").get_data(as_text=True)
    assert "No place is called so" in unknown
    assert "<b>" not in unknown
    with reading() as session:
        unit = reference.territory(session, making.SETTLEMENT)
        assert unit is not None
        asked = filters.parse(session, MultiDict({"place": unit.name_kk, "kato": unit.parent_kato or ""}))
    assert asked.filters.place == unit


def test_pages_of_the_list_keep_their_order_and_leave_nothing_out(database: Database) -> None:
    made = [making.a_petition_in(State.REFUSED) for _ in range(queries.PAGE + 3)]
    with reading() as session:
        for sort in filters.SORTS:
            first = queries.listed(session, Filters(sort=sort), making.AT)
            second = queries.listed(session, Filters(sort=sort, page=2), making.AT)
            beyond = queries.listed(session, Filters(sort=sort, page=99), making.AT)
            assert (first.pages, first.total, beyond.number) == (2, len(made), 2)
            ids = [line.id for line in (*first.lines, *second.lines)]
            assert sorted(ids) == sorted(made)


def test_a_longer_list_takes_no_more_queries(sqlite_database: Database) -> None:
    def queries_of_the_list() -> int:
        asked: list[str] = []
        listen = (db.reading_engine(), "before_cursor_execute", lambda *given: asked.append(given[2]))
        sa.event.listen(*listen)
        with reading() as session:
            queries.listed(session, Filters(), making.AT)
            queries.front(session, making.AT)
        sa.event.remove(*listen)
        return len(asked)

    making.a_petition_in(State.REFUSED)
    making.a_petition_in(State.PUBLISHED)
    few = queries_of_the_list()
    for _ in range(3):
        making.a_petition_in(State.REFUSED)
        making.a_petition_in(State.PUBLISHED)
    assert queries_of_the_list() <= few


def test_sorting_by_closing_and_by_number_joined(database: Database) -> None:
    early = making.a_petition_in(State.OPEN)
    late = making.a_petition_in(State.OPEN, at=making.AT + timedelta(days=7))
    now = making.moment_of(late)
    making.joined(late, 3, now)
    with reading() as session:
        for sort, expected in {
            "newest": [late, early],
            "closing": [early, late],
            "joined": [late, early],
        }.items():
            assert [line.id for line in queries.listed(session, Filters(sort=sort), now).lines] == expected


def test_the_front_page_counts_answers_in_time_late_and_overdue(database: Database) -> None:
    in_time = making.a_petition_in(State.PUBLISHED)
    waiting = making.a_petition_in(State.EXAMINATION)
    silent = making.a_petition_in(State.EXAMINATION)
    with reading() as session:
        due = next(c.due_on for c in lifecycle.clocks(session, silent) if c.kind == "consideration")
    before = making.moment_of(silent)
    with reading() as session:
        figures = queries.front(session, before).figures
    assert (figures.examined, figures.in_time, figures.late, figures.overdue) == (2, 1, 0, 0)
    after = end_of_day(due) + timedelta(days=2)
    with reading() as session:
        unmarked = queries.front(session, after)
    sweep(after)
    making.decide(silent, after)
    making.publish(silent, after)
    with reading() as session:
        marked = queries.front(session, after)
        of_body = queries.figures(session, after, making.body_of(making.SETTLEMENT))
    assert unmarked.figures.overdue == 2
    assert (marked.figures.in_time, marked.figures.late, marked.figures.overdue) == (1, 1, 1)
    assert of_body == marked.figures
    assert [line.id for line in marked.overdue] == [waiting]
    assert [line.id for line in marked.answered] == [silent, in_time]


def test_rising_petitions_are_ranked_by_the_last_week_only(database: Database) -> None:
    old = making.a_petition_in(State.OPEN)
    new = making.a_petition_in(State.OPEN, at=making.AT + timedelta(days=30))
    now = making.moment_of(new)
    making.joined(old, 2, now)
    with reading() as session:
        rising = queries.rising(session, now, 5)
    assert [(line.id, line.recent) for line in rising] == [(new, 50), (old, 2)]


def test_the_front_page_stands_in_three_languages_and_the_root_leads_to_one(client: FlaskClient) -> None:
    making.a_petition_in(State.OPEN)
    for language in ("kk", "ru", "en"):
        assert client.get(f"/{language}/").status_code == 200
    assert client.get("/").headers["Location"] == "/kk/"
    russian = client.get("/", headers={"Accept-Language": "ru-RU,ru;q=0.9"})
    assert (russian.status_code, russian.headers["Location"]) == (302, "/ru/")
    assert client.get("/", headers={"Accept-Language": "de"}).headers["Location"] == "/kk/"
