"""The parts of a petition's page: what comes next, the count in a small picture, documents, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient

from petitions.browsing.numbers import small_picture
from petitions.db import engine, reading
from petitions.law.states import State
from petitions.lifecycle import queries as lifecycle
from tests import making
from tests.statements import statements_asked

DAY = timedelta(days=1)


def shown(client: FlaskClient, petition_id: object) -> str:
    """What stands in the page itself, without its frame."""
    return client.get(f"/en/petitions/{petition_id}").get_data(as_text=True).partition("<main")[2]


def an_open_one() -> int:
    petition_id = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    return petition_id


def test_the_rule_and_the_next_legal_step_stand_beside_the_number(client: FlaskClient) -> None:
    ask = shown(client, an_open_one()).partition('class="panel ask"')[2].partition("</aside>")[0]
    assert "article 90-" in ask.partition("<details")[0]
    assert "5% of the population" in ask.partition("<details")[0]
    assert "The next legal step" in ask
    assert "it goes back to the author" in ask


def test_the_small_picture_comes_with_the_second_day_and_ends_with_the_joining(client: FlaskClient) -> None:
    petition_id = an_open_one()
    began = making.moment_of(petition_id)
    with reading() as session:
        closes_at = lifecycle.standing(session, petition_id).closes_at
    assert closes_at is not None
    making.law_time(began + 3 * DAY)
    text = shown(client, petition_id)
    assert 'aria-labelledby="days-title"' in text
    assert re.search(r"The number from [^:<]+ until now: 50", text)
    picture = text.split('<figure class="picture picture-small">')[1].split("</figure>")[0]
    assert "at most 50" in picture and '<p class="picture-ends">' in picture
    assert "The number at the end of the day" in picture and picture.count('<th role="rowheader"') == 2
    making.law_time(closes_at + 40 * DAY)
    with reading() as session:
        last = small_picture(session, petition_id, joined=50, written=0, needed=60, until=closes_at)
    assert last is not None
    assert last.path in shown(client, petition_id)


def test_the_picture_of_one_day_is_none_and_counts_end_each_day(client: FlaskClient) -> None:
    petition_id = an_open_one()
    first = making.moment_of(petition_id)
    making.joined(petition_id, 2, first + DAY)
    with reading() as session:
        days = small_picture(session, petition_id, joined=52, written=0, needed=60, until=first + 2 * DAY)
    assert days is not None
    heights = [float(height) for height in re.findall(r"V([\d.]+)", days.path)]
    assert heights == sorted(heights, reverse=True)  # it only grew, and the picture counts from its foot
    assert days.needed_y is not None and days.needed_y < heights[-1]


def test_every_part_that_the_list_names_is_on_the_page_and_no_other(client: FlaskClient) -> None:
    for state in (State.OPEN, State.PUBLISHED, State.REFUSED, State.LAPSED):
        petition_id = making.a_petition_in(state)
        making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
        making.sign_in(client, citizen_id=making.a_citizen())
        text = shown(client, petition_id)
        contents = text.partition('class="contents"')[2].partition("</nav>")[0]
        for part in re.findall(r'href="#([a-z]+)"', contents):
            assert f'id="{part}"' in text, (state, part)


def test_an_answered_petition_says_its_outcome_at_the_top(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.PUBLISHED)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    assert "Satisfied fully" in shown(client, petition_id).partition("<h1")[0]


def test_a_page_read_again_costs_as_much_however_many_joined(client: FlaskClient) -> None:
    petition_id = an_open_one()
    few = statements(client, petition_id)
    making.joined(petition_id, 9, making.moment_of(petition_id) + timedelta(minutes=1))
    assert statements(client, petition_id) == few <= 6


def statements(client: FlaskClient, petition_id: int) -> int:
    """How many questions the second reading of a page asks the database."""
    shown(client, petition_id)
    with statements_asked(engine()) as asked:
        shown(client, petition_id)
    return len([each for each in asked if each.lstrip().upper().startswith("SELECT")])
