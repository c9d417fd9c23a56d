"""Lists, the front page and the figures: public petitions only, filters that never break, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from petitions import db
from petitions.browsing import facets, filters, front, queries
from petitions.browsing.filters import Filters
from petitions.db import reading
from petitions.law.states import State
from petitions.law.working_days import end_of_day
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.models import Petition
from petitions.lifecycle.sweep import sweep
from petitions.lifecycle.themes import THEMES
from petitions.reference import queries as reference
from petitions.search import indexing
from tests import making
from tests.conftest import Database
from tests.statements import statements_asked

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
        assert queries.counts_of(session, Filters(), making.AT).total == 0


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
        "page=48",
        "territory=390000000",
        "state=open",
    ],
)
def test_a_filter_that_is_not_understood_is_left_out_with_a_notice(client: FlaskClient, query: str) -> None:
    page = client.get(f"/en/petitions?{query}")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "was not understood" in text
    assert 'rel="canonical" href="http://localhost/en/petitions"' in text


def test_what_a_sharing_site_appends_is_let_be(client: FlaskClient) -> None:
    assert "was not understood" not in client.get("/en/petitions?utm_source=x&fbclid=1").get_data(as_text=True)


def test_a_choice_of_places_stands_before_the_form_and_tells_them_apart(client: FlaskClient) -> None:
    making.law_time(making.AT)
    page = client.get("/en/petitions?place=Қарауылтөбе").get_data(as_text=True)
    choice, form = page.index("Several places have this name"), page.index('<form class="list-search"')
    assert choice < form
    assert "Kyzylorda Region" in page[choice:form] and "West Kazakhstan Region" in page[choice:form]
    one = client.get("/en/petitions?place=Семей").get_data(as_text=True)
    assert "Several places" not in one and "Place: Semey" in one


def test_every_subject_area_that_is_used_is_offered(client: FlaskClient) -> None:
    for theme in THEMES:
        making.a_petition_in(State.REFUSED, theme=theme)
    making.law_time(making.AT)
    page = client.get("/en/petitions").get_data(as_text=True)
    links = page.split('<details class="details list-areas">')[1].split("</details>")[0]
    assert links.count("<li>") == len(THEMES)


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
        with statements_asked(db.reading_engine()) as asked, reading() as session:
            queries.listed(session, Filters(), making.AT)
            front.front(session, making.AT)
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


def test_the_list_filters_by_subject_area_and_language(client: FlaskClient) -> None:
    roads = making.a_petition_in(State.OPEN, theme="roads-transport")
    water = making.a_petition_in(State.OPEN, theme="water", language="ru")
    making.law_time(making.moment_of(water))
    with reading() as session:
        asked = ({"theme": "water"}, {"language": "kk"}, {"theme": "water", "language": "kk"})
        wanted = [filters.parse(session, query).filters for query in asked]
        lists = [[line.id for line in queries.listed(session, each, making.AT).lines] for each in wanted]
    assert lists == [[water], [roads], []]
    page = client.get("/en/petitions?theme=water&language=kk").get_data(as_text=True)
    assert "None under these filters. Without them there are 2 petitions." in page
    for odd in ("theme=moon", "language=en", "sort=match"):
        assert "was not understood" in client.get(f"/en/petitions?{odd}").get_data(as_text=True)


def test_every_choice_says_how_many_petitions_stand_behind_it_under_the_other_filters(database: Database) -> None:
    local = making.a_petition_in(State.OPEN, theme="water")
    making.a_petition_in(State.OPEN, theme="water", addressee="government", language="ru")
    making.a_petition_in(State.REFUSED, theme="roads-transport")
    making.a_petition_in(State.REFUSED)
    with reading() as session:
        everything = queries.counts_of(session, Filters(), making.AT)
        water = queries.counts_of(session, Filters(theme="water"), making.AT)
        refused = queries.counts_of(session, Filters(group="refused"), making.AT)
        place = reference.territory(session, making.SETTLEMENT)
        here = queries.counts_of(session, Filters(place=place, level="local"), making.AT)
    assert (everything.total, everything.groups["all"], everything.groups["open"]) == (4, 4, 2)
    assert everything.levels == {"local": 3, "republic": 1}
    assert everything.tops == {"390000000": 3, "": 1}
    assert everything.themes == {"water": 2, "roads-transport": 1, "": 1}
    assert everything.languages == {"kk": 3, "ru": 1}
    assert (water.total, water.themes, water.groups["refused"]) == (2, everything.themes, 0)
    assert (refused.total, refused.themes) == (2, {"roads-transport": 1, "": 1})
    assert (here.total, here.themes["water"], here.found) == (3, 1, 3)
    assert local


def test_overdue_answers_are_a_group_of_their_own_within_those_being_answered(database: Database) -> None:
    late = making.a_petition_in(State.EXAMINATION, theme="water")
    running = making.a_petition_in(State.EXAMINATION, at=making.AT + timedelta(days=20))
    with reading() as session:
        due = next(each.due_on for each in lifecycle.clocks(session, late) if each.kind == "consideration")
    before, after = end_of_day(due) - timedelta(minutes=1), end_of_day(due)
    for marked in (False, True):
        if marked:
            sweep(after)
        with reading() as session:
            early = queries.counts_of(session, Filters(group="overdue"), before)
            found = queries.listed(session, Filters(group="overdue"), after)
            examined = queries.listed(session, Filters(group="examined"), after)
            elsewhere = queries.counts_of(session, Filters(theme="animals"), after)
        assert marked or early.total == 0
        assert [line.id for line in found.lines] == [late]
        assert (found.total, found.counts.groups["overdue"], found.counts.groups["examined"]) == (1, 1, 2)
        assert found.counts.groups["all"] == 2
        assert found.counts.themes == {"water": 1}
        assert {line.id for line in examined.lines} == {late, running}
        assert examined.total == 2
        assert elsewhere.groups["overdue"] == 0


def test_whether_an_answer_is_overdue_is_looked_up_by_the_petition(sqlite_database: Database) -> None:
    wanted = sa.select(Petition.id).where(facets.is_overdue(making.AT))
    with reading() as session:
        text = str(wanted.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        plan = " ".join(row.detail for row in session.execute(sa.text(f"EXPLAIN QUERY PLAN {text}")))
    assert "ix_clock_petition_id_kind_due_on (petition_id=?" in plan


def test_the_front_leads_to_all_overdue_answers_and_their_cards_say_how_late_they_are(client: FlaskClient) -> None:
    late = making.a_petition_in(State.EXAMINATION)
    with reading() as session:
        due = next(each.due_on for each in lifecycle.clocks(session, late) if each.kind == "consideration")
    making.law_time(end_of_day(due) + timedelta(days=1))
    assert 'href="/en/petitions?group=overdue"' in client.get("/en/").get_data(as_text=True)
    for path in ("/en/", "/en/petitions?group=overdue", "/en/petitions?group=examined"):
        card = client.get(path).get_data(as_text=True).split('<article class="card">')[1].split("</article>")[0]
        assert f'/en/petitions/{late}"' in card
        assert '<span class="tag tag-bad">Overdue</span>' in card
        assert "Overdue by 2 working days" in card


def test_another_filter_of_the_same_list_asks_the_database_only_for_its_lines(sqlite_database: Database) -> None:
    for theme in ("water", "roads-transport"):
        making.a_petition_in(State.OPEN, theme=theme)
    with statements_asked(db.reading_engine()) as asked, reading() as session:
        queries.counts_of(session, Filters(), making.AT)
        first = len(asked)
        queries.counts_of(session, Filters(theme="water"), making.AT)
        queries.counts_of(session, Filters(language="kk", group="open"), making.AT)
    assert len(asked) == first


def test_words_find_petitions_and_show_where_they_stand(client: FlaskClient) -> None:
    found = making.a_petition_in(State.OPEN, title="Мектептердегі асхананы жөндеу <b>керек</b>")
    other = making.a_petition_in(
        State.OPEN, title="Саябаққа шамдар орнату керек", content=f"Саябақта шам жоқ. {'Түн. ' * 20}"
    )
    indexing.index_petitions(making.AT)
    making.law_time(making.moment_of(other))
    page = client.get("/en/petitions?q=асхана").get_data(as_text=True)
    assert f'/en/petitions/{found}"' in page and f'/en/petitions/{other}"' not in page
    assert "<mark>асхананы</mark>" in page
    assert "<b>керек" not in page
    assert "Did you mean “саябақ" in client.get("/en/petitions?q=сябақта").get_data(as_text=True)
    assert "have some of them" in client.get("/en/petitions?q=асхана+саябақ").get_data(as_text=True)
    small = client.get("/en/petitions?q=петиция").get_data(as_text=True)
    assert "no word in this to look for" in small and "2 petitions" in small
    assert f'/en/petitions/{found}"' in small and f'/en/petitions/{other}"' in small
    nothing = client.get("/en/petitions?q=%3Cscript%3Eqwzx%00").get_data(as_text=True)
    assert "There is no such petition." in nothing and "<script>qwzx" not in nothing


def test_the_page_of_a_place_stands_above_what_its_name_finds(client: FlaskClient) -> None:
    making.law_time(making.AT)
    for words in ("Семей", "Семей+қаласы", "Semey"):
        page = client.get(f"/en/petitions?q={words}").get_data(as_text=True)
        places = page.split("Places with this name")[1].split("</ul>")[0]
        assert 'href="/en/territories/101000000"' in places and "0 petitions" in places
        assert "Did you mean" not in page
    assert "Places with this name" not in client.get("/en/petitions?q=мектеп").get_data(as_text=True)


@pytest.mark.parametrize("sort", ["match", "newest", "closing", "joined"])
def test_found_petitions_take_every_filter_and_order(database: Database, sort: str) -> None:
    wanted = making.a_petition_in(State.OPEN, title="Көпір салу керек деген өтініш", theme="roads-transport")
    for theme in ("water", None):
        making.a_petition_in(State.OPEN, title="Көпір астындағы өзенді тазалау", theme=theme)
    indexing.index_petitions(making.AT)
    with reading() as session:
        everything = queries.listed(session, Filters(words="көпірлер", sort=sort), making.AT)
        narrowed = queries.listed(session, Filters(words="көпірлер", sort=sort, theme="roads-transport"), making.AT)
    assert (everything.total, len(everything.lines)) == (3, 3)
    assert [line.id for line in narrowed.lines] == [wanted]
    assert narrowed.counts.themes == everything.counts.themes


@pytest.mark.parametrize("state", PRIVATE)
def test_what_is_not_public_is_not_found_by_its_words(client: FlaskClient, state: State) -> None:
    petition_id = making.a_petition_in(state, title="Құпия сөздері бар петиция мәтіні")
    making.law_time(making.moment_of(petition_id) if state is not State.DRAFT else making.AT)
    indexing.index_petitions(making.AT)
    page = client.get("/en/petitions?q=құпия").get_data(as_text=True)
    assert "Құпия сөздері" not in page and "0 petitions" in page
