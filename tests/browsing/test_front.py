"""The front page: what happens now, and the state's listening figures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions.browsing import front, words
from petitions.browsing.words import share_text
from petitions.db import reading
from petitions.law.states import State
from petitions.law.working_days import end_of_day
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.sweep import sweep
from tests import making
from tests.conftest import Database


def test_the_front_page_counts_answers_in_time_late_and_overdue(database: Database) -> None:
    in_time = making.a_petition_in(State.PUBLISHED)
    waiting = making.a_petition_in(State.EXAMINATION)
    silent = making.a_petition_in(State.EXAMINATION)
    with reading() as session:
        due = next(c.due_on for c in lifecycle.clocks(session, silent) if c.kind == "consideration")
    before = making.moment_of(silent)
    with reading() as session:
        figures = front.front(session, before).figures
    assert (figures.examined, figures.in_time, figures.late, figures.overdue) == (2, 1, 0, 0)
    after = end_of_day(due) + timedelta(days=2)
    with reading() as session:
        unmarked = front.front(session, after)
    sweep(after)
    making.decide(silent, after)
    making.publish(silent, after)
    with reading() as session:
        marked = front.front(session, after)
        of_body = front.figures(session, after, making.body_of(making.SETTLEMENT))
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
        rising = front.rising(session, now, 5)
    assert [(line.id, line.recent) for line in rising] == [(new, 50), (old, 2)]


def test_a_village_rises_by_its_share_before_a_larger_crowd_of_the_whole_country(database: Database) -> None:
    village = making.a_petition_in(State.OPEN)
    country = making.a_petition_in(State.OPEN, addressee="government")
    now = making.moment_of(country) + timedelta(days=front.RISING_DAYS + 1)  # the first fifty are not of this week
    making.joined(village, 3, now)
    making.joined(country, 4, now)
    with reading() as session:
        first, second = front.rising(session, now, 5)
    assert [(line.id, line.recent) for line in (first, second)] == [(village, 3), (country, 4)]
    assert first.required is not None and first.recent_percent == round(300 / first.required, 1)
    assert second.required == 50_000
    assert second.recent_percent is None  # less than a tenth of a per cent is not written as nothing


def test_what_one_can_do_stands_before_the_petitions_and_the_order_of_the_week_is_explained(
    client: FlaskClient,
) -> None:
    made = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(made))
    text = client.get("/en/").get_data(as_text=True)
    places = [text.index(f'<h2 id="{name}">') for name in ("listening", "what", "rising")]
    assert places == sorted(places)
    rising = text.split('<h2 id="rising">')[1].split("</section>")[0]
    assert "In order of the share of the number needed" in rising
    assert "% of the number needed" in rising


@pytest.mark.parametrize(
    ("language", "written"),
    [("kk", "100\N{NO-BREAK SPACE}%"), ("ru", "100\N{NO-BREAK SPACE}%"), ("en", "100%")],
)
def test_a_share_of_many_is_a_per_cent_and_a_share_of_few_its_numbers(
    sqlite_app: Flask, language: str, written: str
) -> None:
    with sqlite_app.test_request_context(f"/{language}/"):
        sqlite_app.preprocess_request()
        assert share_text(words.FEW, words.FEW) == written
        few = share_text(3, 4)
        assert "3" in few and "4" in few and "%" not in few


def test_the_tiles_count_the_overdue_among_those_due_and_lead_to_them(client: FlaskClient) -> None:
    making.a_petition_in(State.PUBLISHED)
    silent = making.a_petition_in(State.EXAMINATION)
    with reading() as session:
        due = next(c.due_on for c in lifecycle.clocks(session, silent) if c.kind == "consideration")
    making.law_time(end_of_day(due) + timedelta(days=1))
    listening = client.get("/en/").get_data(as_text=True).split('id="listening"')[1].split("</section>")[0]
    assert '<strong class="stat-number">1 of 2</strong>' in listening
    assert "in time, of the answers that were due" in listening
    assert '<a href="/en/petitions?group=overdue">answers overdue now</a>' in listening
    assert "Being answered: 1, of these overdue: 1" in listening


def test_closing_soon_is_within_a_month_and_else_those_stand_that_lack_least(database: Database) -> None:
    village = making.a_petition_in(State.OPEN)  # 50 of 60
    country = making.a_petition_in(State.OPEN, addressee="government")
    with reading() as session:
        closes_at = lifecycle.standing(session, village).closes_at
        assert closes_at is not None
        early, late = making.moment_of(country), closes_at - timedelta(days=10)
        first, last = front.front(session, early), front.front(session, late)
    assert [line.id for line in first.closing] == []
    assert [line.id for line in first.nearly] == [village, country]
    assert [line.id for line in last.closing] == [village, country]
    assert last.nearly == ()


def test_the_front_page_stands_in_three_languages_and_the_root_leads_to_one(client: FlaskClient) -> None:
    making.a_petition_in(State.OPEN)
    for language in ("kk", "ru", "en"):
        assert client.get(f"/{language}/").status_code == 200
    assert client.get("/").headers["Location"] == "/kk/"
    russian = client.get("/", headers={"Accept-Language": "ru-RU,ru;q=0.9"})
    assert (russian.status_code, russian.headers["Location"]) == (302, "/ru/")
    assert client.get("/", headers={"Accept-Language": "de"}).headers["Location"] == "/kk/"


def test_the_front_page_says_how_the_state_listens_and_lets_one_search(client: FlaskClient) -> None:
    made = making.a_petition_in(State.PUBLISHED)
    making.law_time(making.moment_of(made) + timedelta(days=1))
    text = client.get("/en/").get_data(as_text=True)
    listening = text.split('id="listening"')[1].split("</section>")[0]
    assert "1 of 1" in listening
    assert "working days to an answer, the median" in listening
    assert 'href="/en/statistics"' in listening
    search = text.split('role="search"')[1].split("</form>")[0]
    assert 'name="q"' in search
    assert "csrf" not in search


def test_shares_and_medians_of_nothing_are_not_shown(client: FlaskClient) -> None:
    making.law_time(making.AT)
    listening = client.get("/en/").get_data(as_text=True).split('id="listening"')[1].split("</section>")[0]
    assert "%" not in listening
    assert "median" not in listening
    assert "in time" not in listening
    assert "answers overdue now" in listening
