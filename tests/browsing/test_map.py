"""The map: what it counts, how it colours, and that its picture and its table say the same without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import html5lib
import pytest
from flask.testing import FlaskClient

from petitions import db
from petitions.browsing.body_list import body_list
from petitions.browsing.map_numbers import NOTHING, PlaceNumbers, by_place, joined_by_residents
from petitions.browsing.map_page import MEASURES, MapPage, map_page
from petitions.browsing.places import country_page, territory_page
from petitions.db import reading
from petitions.law.states import State
from petitions.law.working_days import end_of_day
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.sweep import sweep
from petitions.reference import outlines
from petitions.reference import queries as reference
from petitions.reference.records import TerritoryView
from tests import making
from tests.conftest import Database
from tests.statements import statements_asked

OTHER_TOP = "350000000"


def numbers(kato: str, at: datetime) -> PlaceNumbers:
    with reading() as session:
        return by_place(session, at).get(kato, NOTHING)


def parents_of(kato: str) -> tuple[str, ...]:
    with reading() as session:
        return tuple(unit.kato for unit in reference.territory_path(session, kato))


@contextmanager
def language(client: FlaskClient, name: str) -> Iterator[None]:
    """Within a page of this language."""
    with client.application.test_request_context(f"/{name}/territories"):
        client.application.preprocess_request()
        yield


def units() -> list[TerritoryView]:
    with reading() as session:
        return reference.top_units(session, "en")


def a_map(values: dict[str, PlaceNumbers], show: str = "open", order: str = "") -> MapPage:
    return map_page(units(), values, outlines.country(), show=show, order=order)


def test_a_petition_counts_for_its_place_and_every_place_above_it(database: Database) -> None:
    petition = making.a_petition_in(State.OPEN)
    now = making.moment_of(petition) + timedelta(minutes=5)
    path = parents_of(making.SETTLEMENT)
    assert len(path) == 3
    for kato in path:
        found = numbers(kato, now)
        assert (found.petitions, found.open, found.joined) == (1, 1, 50)
    assert numbers(OTHER_TOP, now) == NOTHING


def test_what_is_not_public_or_goes_to_the_government_is_in_no_place(database: Database) -> None:
    making.a_petition_in(State.SUPPORTING, at=making.AT_2024_EDITION)
    making.a_petition_in(State.CHECKING)
    taken_down = making.a_petition_in(State.TAKEN_DOWN)
    government = making.a_petition_in(State.OPEN, addressee="government")
    now = max(making.moment_of(government), making.moment_of(taken_down)) + timedelta(minutes=5)
    with reading() as session:
        assert by_place(session, now) == {}


def test_a_refused_petition_counts_but_is_not_open(database: Database) -> None:
    refused = making.a_petition_in(State.REFUSED)
    found = numbers(parents_of(making.SETTLEMENT)[0], making.moment_of(refused))
    assert (found.petitions, found.open) == (1, 0)


def test_answers_count_in_time_late_and_overdue(database: Database) -> None:
    making.a_petition_in(State.PUBLISHED)
    making.a_petition_in(State.EXAMINATION)
    silent = making.a_petition_in(State.EXAMINATION)
    with reading() as session:
        due = next(each.due_on for each in lifecycle.clocks(session, silent) if each.kind == "consideration")
    top = parents_of(making.SETTLEMENT)[0]
    before = numbers(top, making.moment_of(silent))
    after = end_of_day(due) + timedelta(days=2)
    sweep(after)
    making.decide(silent, after)
    making.publish(silent, after)
    found = numbers(top, after)
    assert (before.examined, before.in_time, before.late, before.overdue) == (2, 1, 0, 0)
    assert (found.examined, found.in_time, found.late, found.overdue) == (1, 1, 1, 1)
    assert (found.due, found.percent_in_time) == (3, 33)


def test_joinings_of_residents_are_counted_by_the_place_they_are_registered_in(database: Database) -> None:
    petition = making.a_petition_in(State.OPEN, addressee="government")
    now = making.moment_of(petition)
    making.joined(petition, 3, now, kato="750000000")
    making.joined(petition, 2, now, kato=None)
    with reading() as session:
        found = joined_by_residents(session, now)
    assert found["750000000"] == 3
    assert "" not in found


def test_the_rate_has_no_figure_where_the_population_has_none() -> None:
    one = PlaceNumbers(petitions=1)
    assert one.per_100_000(None) is None
    assert one.per_100_000(200_000) == 0.5
    assert one.per_100_000(2_347_924) == 0.04


@pytest.mark.parametrize("name", ["kk", "ru", "en"])
def test_at_most_five_classes_that_part_no_equals_and_name_every_value(client: FlaskClient, name: str) -> None:
    katos = [unit.kato for unit in units()]
    values = {kato: PlaceNumbers(open=number) for number, kato in enumerate(katos)}
    values[katos[1]] = values[katos[2]]
    with language(client, name):
        page = a_map(values)
    tones = {place.value: place.tone for place in page.places}
    assert tones[0] == 0
    assert {tone for value, tone in tones.items() if value} == {1, 2, 3, 4, 5}
    assert [tones[value] for value in sorted(tones)] == sorted(tones.values())
    assert [each.tone for each in page.key] == [0, 1, 2, 3, 4, 5]
    assert page.key[-1].text.endswith("19")


def test_few_values_keep_their_own_classes_and_none_is_no_zero(client: FlaskClient) -> None:
    katos = [unit.kato for unit in units()]
    values = {katos[0]: PlaceNumbers(in_time=4), katos[1]: PlaceNumbers(late=1, overdue=1)}
    with language(client, "en"):
        page = a_map(values, show="in-time")
    tones = {place.kato: place.tone for place in page.places}
    assert (tones[katos[0]], tones[katos[1]], tones[katos[2]]) == (4, 2, None)
    assert [each.text for each in page.key] == ["0%", "100%", ""]


def test_large_numbers_are_brief_on_the_map_and_full_to_a_listener(client: FlaskClient) -> None:
    katos = [unit.kato for unit in units()]
    with language(client, "en"):
        page = a_map({katos[0]: PlaceNumbers(joined=12_345)}, show="joined")
    assert (page.places[0].shown, page.places[0].said) == ("12K", "12,345")


def test_names_that_would_cover_each_other_give_way_but_numbers_never_do(client: FlaskClient) -> None:
    with language(client, "en"), reading() as session:
        children = reference.children(session, OTHER_TOP, "en")
        page = map_page(children, {}, outlines.districts(OTHER_TOP))
    assert len(page.shapes) == len(children)
    assert 0 < sum(not shape.named for shape in page.shapes) < len(children)


@pytest.mark.parametrize("name", ["kk", "ru", "en"])
def test_every_place_of_the_country_has_its_name_on_the_map(client: FlaskClient, name: str) -> None:
    with language(client, name), reading() as session:
        page = map_page(reference.top_units(session, name), {}, outlines.country())
    assert [shape.place.name for shape in page.shapes if not shape.named] == []


def test_below_the_districts_places_without_a_petition_are_a_list(client: FlaskClient) -> None:
    _top, district, place = parents_of(making.SETTLEMENT)
    petition = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(petition) + timedelta(minutes=5))
    tree = html5lib.parse(client.get(f"/en/territories/{district}").data, namespaceHTMLElements=False)
    section = next(each for each in tree.iter("section") if each.get("id") == "places")
    rows = [each.get("href") for row in section.iter("tbody") for each in row.iter("a")]
    quiet = [each.get("href") for fold in section.iter("details") for each in fold.iter("a")]
    with reading() as session:
        inside = {f"/en/territories/{unit.kato}" for unit in reference.children(session, district)}
    assert rows == [f"/en/territories/{place}"]
    assert {*rows, *quiet} == inside and len(rows) + len(quiet) == len(inside)


def test_the_table_is_ordered_by_what_is_asked_and_nonsense_is_the_default(client: FlaskClient) -> None:
    petition = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(petition) + timedelta(minutes=5))
    top = parents_of(making.SETTLEMENT)[0]

    def first_row(path: str) -> str:
        text = client.get(path).get_data(as_text=True)
        found = re.search(r'scope="row"><a href="/en/territories/(\d+)', text)
        assert found
        return found[1]

    assert first_row("/en/territories?order=petitions") == top
    assert first_row("/en/territories") == units()[0].kato
    assert first_row("/en/territories?order=nonsense&show=%00") == units()[0].kato


def test_every_shape_is_a_link_with_a_name_and_its_number_and_the_table_has_them_all(client: FlaskClient) -> None:
    petition = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(petition) + timedelta(minutes=5))
    for path, count in (("/en/territories", 20), (f"/en/territories/{OTHER_TOP}", 13)):
        for measure in MEASURES:
            tree = html5lib.parse(client.get(f"{path}?show={measure}").data, namespaceHTMLElements=False)
            links = [
                each for each in tree.iter("{http://www.w3.org/2000/svg}a") if "map-place" in each.get("class", "")
            ] or [each for each in tree.iter() if "map-place" in (each.get("class") or "")]
            names = [each.get("aria-label") or "" for each in links]
            assert len(names) == len(set(names)) == count, path
            assert all(re.fullmatch(r".+: (\S+|nothing to show)", name) for name in names), names
            listed = {
                each.get("href") for each in tree.iter("a") if each.get("href", "").startswith("/en/territories/")
            }
            assert {each.get("href") for each in links} <= listed


def test_the_credit_and_the_limits_stand_under_the_map(client: FlaskClient) -> None:
    making.law_time(making.AT)
    for path in ("/en/territories", f"/en/territories/{OTHER_TOP}"):
        text = client.get(path).get_data(as_text=True)
        assert f'<a href="{outlines.CREDIT}" rel="noopener">© OpenStreetMap contributors</a>' in text
        assert outlines.LICENCE in text
        assert "approximate" in text


@pytest.mark.parametrize("name", outlines.FILES)
def test_the_outlines_are_offered_as_files(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/map/{name}.json")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.data == outlines.file(name)
    assert client.get("/map/others.json").status_code == 404


def test_a_district_has_a_table_of_its_places_and_no_picture(client: FlaskClient) -> None:
    making.law_time(making.AT)
    _top, district, _place = parents_of(making.SETTLEMENT)
    text = client.get(f"/en/territories/{district}").get_data(as_text=True)
    assert "map-picture" not in text
    assert f"/en/territories/{making.SETTLEMENT}" in text


def test_a_place_page_says_how_its_bodies_answer(client: FlaskClient) -> None:
    petition = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(petition) + timedelta(minutes=5))
    text = client.get(f"/en/territories/{parents_of(making.SETTLEMENT)[0]}").get_data(as_text=True)
    assert "People registered here joined petitions of the whole country 50 times." in text
    assert "Here: 1% of" in text
    assert 'href="/en/petitions?kato=' in text


@pytest.mark.parametrize("name", ["kk", "ru", "en"])
def test_no_name_covers_a_number_or_another_name(client: FlaskClient, name: str) -> None:
    """In the smallest picture with names; the browser is asked in tests/journeys/test_map.py."""
    for top in (None, *(unit.kato for unit in units())):
        drawing = outlines.districts(top) if top else outlines.country()
        assert drawing is not None
        with language(client, name), reading() as session:
            children = reference.children(session, top, name) if top else reference.top_units(session, name)
            page = map_page(children, {}, drawing)
        assert [shape.outline.is_circle for shape in page.shapes] == sorted(
            shape.outline.is_circle for shape in page.shapes
        )
        assert sum(shape.named for shape in page.shapes) > len(page.shapes) / 3, top
    assert len(page.shapes) == len(children)


def test_more_petitions_take_no_more_queries(sqlite_database: Database) -> None:
    def queries() -> int:
        with statements_asked(db.reading_engine()) as asked, reading() as session:
            country_page(session, "en", making.AT, name="", show="", order="")
            territory_page(session, parents_of(making.SETTLEMENT)[0], "en", making.AT)
            body_list(session, "en", making.AT, level="district", name="", page="")
        return len(asked)

    making.a_petition_in(State.REFUSED)
    making.a_petition_in(State.PUBLISHED)
    few = queries()
    for _ in range(3):
        making.a_petition_in(State.REFUSED)
        making.a_petition_in(State.PUBLISHED)
    assert queries() <= few
