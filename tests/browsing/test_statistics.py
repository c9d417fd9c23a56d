"""The statistics: public petitions only, counted by Kazakhstan's days, alike on both engines, each with its data."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from petitions import db
from petitions.browsing import answering, front, map_numbers, statistics, statistics_files
from petitions.browsing.answering import Answers, Due, Speed
from petitions.browsing.around import around
from petitions.browsing.statistics import OfBody, Standing, Statistics
from petitions.db import reading
from petitions.law.states import Event, State
from petitions.law.working_days import end_of_day, local_date, working_days_left
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.sweep import sweep
from petitions.lifecycle.themes import THEMES
from petitions.reference import queries as reference
from tests import making
from tests.conftest import Database
from tests.statements import statements_asked

NOT_PUBLIC = (State.DRAFT, State.CHECKING, State.SUPPORTING, State.LAPSED, State.WITHDRAWN, State.TAKEN_DOWN)
FILES = {
    "months": "month,filed,opened,refused,returned,answered",
    "joinings": "day,joinings,removals",
    "refusals": "edition,ground,code,clause,petitions",
    "times": "what,finished,in_time,late,overdue,median_working_days",
    "answers": "in_time,late,overdue,median_working_days,satisfied_fully,satisfied_partly,not_satisfied",
    "levels": "level,all,open,examined,answered,refused,returned",
    "themes": "theme,name_kk,name_ru,name_en,all,open,examined,answered,refused,returned",
    "places": "kato,name_kk,name_ru,name_en,all,open,examined,answered,refused,returned,in_time,late,overdue",
    "bodies": "body,name_kk,name_ru,name_en,all,open,examined,answered,refused,returned,"
    "in_time,late,overdue,median_working_days,satisfied_fully,satisfied_partly,not_satisfied,kato",
}


def counted(at: datetime) -> Statistics:
    with reading() as session:
        return statistics.statistics(session, at)


def file(client: FlaskClient, name: str) -> list[dict[str, str]]:
    answer = client.get(f"/statistics/{name}.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def due_of(petition_id: int) -> date:
    with reading() as session:
        return next(c.due_on for c in lifecycle.clocks(session, petition_id) if c.kind == "consideration")


def started_of(petition_id: int) -> date:
    with reading() as session:
        return next(c.started_on for c in lifecycle.clocks(session, petition_id) if c.kind == "consideration")


def test_what_is_not_public_is_in_no_number(database: Database) -> None:
    made = [making.a_petition_in(state) for state in NOT_PUBLIC]
    at = max(making.moment_of(petition_id) for petition_id in made[1:]) + timedelta(days=2)
    found = counted(at)
    assert all(not any((m.filed, m.opened, m.refused, m.returned, m.answered)) for m in found.months)
    assert (found.checks.ended, found.reasons, found.bodies) == (0, (), ())
    assert all(level.petitions.all == 0 for level in found.levels)
    assert all(unit.petitions.all == 0 for unit in found.units)
    assert all(area.petitions.all == 0 for area in found.themes)
    with reading() as session:
        days = statistics.joinings_by_day(session, at)
    assert not any(day.joinings or day.removals for day in days)


def test_a_month_is_one_of_kazakhstan(database: Database) -> None:
    """18:59 UTC is the last minute of the day there, 19:00 the first of the next."""
    making.a_petition_in(State.REFUSED, at=datetime(2026, 6, 30, 17, 59, tzinfo=UTC))  # refused an hour later
    making.a_petition_in(State.REFUSED, at=datetime(2026, 6, 30, 19, 0, tzinfo=UTC))
    months = counted(datetime(2026, 8, 1, tzinfo=UTC)).months
    assert [(m.first, m.filed, m.refused) for m in months] == [
        (date(2026, 6, 1), 1, 1),
        (date(2026, 7, 1), 1, 1),
        (date(2026, 8, 1), 0, 0),
    ]


def test_each_kind_of_step_stands_in_its_month(database: Database) -> None:
    answered = making.a_petition_in(State.PUBLISHED)
    returned = making.a_petition_in(State.MESSAGE)
    at = making.moment_of(returned)
    months = {m.first: m for m in counted(at).months}
    assert (months[date(2026, 6, 1)].filed, months[date(2026, 6, 1)].opened) == (2, 2)
    assert months[local_date(making.moment_of(answered)).replace(day=1)].answered == 1
    assert sum(m.returned for m in months.values()) == 1
    assert months[date(2026, 12, 1)].returned == 1  # six months after June


def test_before_the_first_petition_there_is_one_empty_month(database: Database) -> None:
    assert [m.first for m in counted(making.AT).months] == [date(2026, 6, 1)]


def test_refusals_are_counted_by_clause_and_a_lifted_one_is_none(database: Database) -> None:
    for code in ("9", "9", "2"):
        petition_id = making.a_filed_petition()
        making.refuse(petition_id, making.AT + timedelta(hours=1), code=code)
    lifted = making.a_petition_in(State.REFUSED)
    later = making.moment_of(lifted) + timedelta(hours=1)
    making.record(lifted, Event.RESTORED, later)
    found = counted(later)
    assert [(each.code, each.clause, each.number) for each in found.reasons] == [
        ("9", "90-2(3)(9)", 2),
        ("2", "90-2(3)(2)", 1),
    ]
    assert all(each.edition == "2026-03-02" for each in found.reasons)


def test_the_check_is_measured_in_working_days_and_by_its_term(database: Database) -> None:
    quick, slow = making.a_filed_petition(), making.a_filed_petition()
    making.refuse(quick, making.AT + timedelta(days=9))  # Wednesday 10 June: seven working days
    making.refuse(slow, making.AT + timedelta(days=40))
    found = counted(making.AT + timedelta(days=41)).checks
    with reading() as session:
        calendar = reference.calendar(session)
    forty = working_days_left(date(2026, 6, 1), date(2026, 7, 11), calendar)
    assert (found.ended, found.in_time) == (2, 1)
    assert found.median == round((7 + forty) / 2)
    assert found.percent_in_time == 50


def test_answers_are_measured_from_registration_to_the_first_decision(database: Database) -> None:
    in_time, late, waiting = (making.a_petition_in(State.EXAMINATION) for _ in range(3))
    started, due = started_of(in_time), due_of(in_time)
    making.decide(in_time, end_of_day(started) + timedelta(days=7), outcome="partial")
    making.publish(in_time, end_of_day(started) + timedelta(days=7, hours=1))
    after = end_of_day(due) + timedelta(days=3)
    sweep(after)
    making.decide(late, after, outcome="refused")
    making.publish(late, after + timedelta(hours=1))
    with reading() as session:
        calendar = reference.calendar(session)
        body_id = making.body_of(making.SETTLEMENT)
        found = statistics.statistics(session, after + timedelta(hours=2))
        of_body = answering.of_body(session, body_id)
    days = [
        working_days_left(started, local_date(end_of_day(started) + timedelta(days=7)), calendar),
        working_days_left(started_of(late), local_date(after), calendar),
    ]
    answers = found.answering
    assert (answers.all.speed.ended, answers.all.speed.in_time) == (2, 1)
    assert answers.all.speed.median == round(sum(days) / 2)
    assert answers.all.outcomes == {"partial": 1, "refused": 1}
    assert answers.all.satisfied_percent == 50
    assert answers.local == answers.all == of_body
    assert answers.central == answering.NO_ANSWERS
    assert (found.due.all.due, found.due.all.percent_in_time) == (3, 33)
    assert found.due.central.percent_in_time is None
    row = next(each for each in found.bodies if each.body.id == body_id)
    assert (row.due.overdue, row.petitions.examined, row.petitions.answered) == (1, 1, 2)
    assert found.figures.overdue == 1
    assert making.state_of(waiting) is State.EXAMINATION


def test_petitions_are_counted_by_level_place_and_body(database: Database) -> None:
    making.a_petition_in(State.REFUSED)
    making.a_petition_in(State.REFUSED, kato=making.DISTRICT)
    national = making.a_petition_in(State.OPEN, addressee="government")
    found = counted(making.moment_of(national))
    assert {each.level: each.petitions.all for each in found.levels} == {
        "republic": 1,
        "oblast": 0,
        "district": 1,
        "local": 1,
    }
    with reading() as session:
        tops = {reference.kato_path(session, kato)[0] for kato in (making.SETTLEMENT, making.DISTRICT)}
    assert len(found.units) == 20
    assert {each.unit.kato for each in found.units if each.petitions.all} == tops
    assert sum(each.petitions.all for each in found.units) == 2
    assert {each.body.slug: each.petitions.open for each in found.bodies}["mki"] == 1
    assert sum(each.petitions.all for each in found.bodies) == 3


def test_petitions_are_counted_by_subject_area_and_those_without_one_stand_last(client: FlaskClient) -> None:
    made = [making.a_petition_in(State.REFUSED, theme=theme) for theme in ("water", "water", "animals", None)]
    making.a_petition_in(State.CHECKING, theme="water")
    making.law_time(max(map(making.moment_of, made)))
    rows = file(client, "themes")
    assert [(row["theme"], row["refused"]) for row in (*rows[:2], rows[-1])] == [
        ("water", "2"),
        ("animals", "1"),
        ("", "1"),
    ]
    assert len(rows) == len(THEMES) + 1
    page = client.get("/en/statistics").get_data(as_text=True)
    areas = page.split('<h2 id="themes">')[1].split("</section>")[0]
    assert 'href="/en/petitions?theme=water"' in areas
    assert 'href="/en/petitions?theme=sport-tourism"' not in areas  # its list would be empty
    assert "Not chosen" in areas


def test_joinings_a_day_are_those_of_kazakhstans_full_days(database: Database) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    opened = making.moment_of(petition_id)
    midnight = end_of_day(local_date(opened))
    making.joined(petition_id, 2, midnight - timedelta(minutes=1))
    making.joined(petition_id, 3, midnight + timedelta(minutes=1))
    at = midnight + timedelta(days=1, hours=12)
    making.joined(petition_id, 1, at)  # today: it is not over
    with reading() as session:
        days = {day.day: day.joinings for day in statistics.joinings_by_day(session, at)}
    assert len(days) == statistics.DAYS
    assert days[local_date(opened)] >= 2
    assert days[local_date(opened) + timedelta(days=1)] == 3
    assert local_date(at) not in days


@pytest.mark.parametrize("name", FILES)
def test_every_picture_has_its_data_as_a_file(client: FlaskClient, name: str) -> None:
    made = making.a_petition_in(State.PUBLISHED)
    making.a_petition_in(State.REFUSED)
    making.law_time(making.moment_of(made) + timedelta(days=1))
    answer = client.get(f"/statistics/{name}.csv")
    header = answer.get_data(as_text=True).splitlines()[0]
    assert header == FILES[name]
    rows = file(client, name)
    assert rows
    assert all(None not in row and None not in row.values() for row in rows), "a row as long as its head"
    assert f"/statistics/{name}.csv" in client.get("/en/statistics").get_data(as_text=True)


def test_the_files_say_what_the_page_says(client: FlaskClient) -> None:
    made = making.a_petition_in(State.PUBLISHED)
    making.law_time(making.moment_of(made) + timedelta(days=1))
    assert file(client, "answers")[0]["in_time"] == "1"
    body = file(client, "bodies")[0]
    assert (body["all"], body["answered"], body["satisfied_fully"]) == ("1", "1", "1")
    assert body["kato"] == making.SETTLEMENT
    place = next(row for row in file(client, "places") if row["all"] != "0")
    assert place["kato"] == "390000000"


@pytest.mark.parametrize("name", ["nothing", "months%00", "..%2Fmonths", "Months", "joinings.csv"])
def test_a_file_that_there_is_not_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/statistics/{name}.csv").status_code == 404


def test_no_name_in_a_file_is_a_formula() -> None:
    assert statistics_files._text("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert statistics_files._text("Алматы") == "Алматы"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_stands_in_every_language_empty_and_full(client: FlaskClient, language: str) -> None:
    making.law_time(making.AT)
    assert client.get(f"/{language}/statistics").status_code == 200
    made = [making.a_petition_in(state) for state in (State.PUBLISHED, State.REFUSED, State.OPEN)]
    making.law_time(max(making.moment_of(petition_id) for petition_id in made) + timedelta(days=1))
    assert client.get(f"/{language}/statistics").status_code == 200


def test_every_picture_has_a_name_a_sentence_and_its_numbers_in_a_table(client: FlaskClient) -> None:
    made = making.a_petition_in(State.PUBLISHED)
    making.a_petition_in(State.REFUSED)
    making.law_time(making.moment_of(made) + timedelta(days=1))
    text = client.get("/en/statistics").get_data(as_text=True)
    pictures = text.count('<svg class="chart-plot" role="img"') + text.count('<svg class="chart-share" role="img"')
    assert pictures == 8  # five by month, joinings, punctuality, outcomes
    assert text.count("<desc id=") == pictures
    assert "100% of the petitions answered were satisfied fully or in part." in text
    assert text.count("The same in numbers") == 8
    assert "Most: " in text


def test_more_petitions_take_no_more_queries(sqlite_database: Database) -> None:
    def queries() -> int:
        with statements_asked(db.reading_engine()) as asked, reading() as session:
            statistics.statistics(session, making.AT)
            statistics.joinings_by_day(session, making.AT)
        return len(asked)

    making.a_petition_in(State.REFUSED)
    making.a_petition_in(State.PUBLISHED)
    few = queries()
    for _ in range(3):
        making.a_petition_in(State.REFUSED)
        making.a_petition_in(State.PUBLISHED)
    assert queries() <= few


def test_bodies_of_more_places_take_no_more_queries(sqlite_database: Database) -> None:
    with reading() as session:
        places = reference.children(session, reference.top_units(session)[0].kato)
        bodies = {body.id: body for place in places for body in reference.bodies_of(session, place.kato)}
        with statements_asked(db.reading_engine()) as asked:
            near = around(session, [body.territory_kato for body in bodies.values()])
            rows = [
                OfBody(body, near[body.territory_kato or ""], Standing(all=1), answering.NO_ANSWERS, Due(overdue=1))
                for body in bodies.values()
            ]
            units = statistics._units(session, rows)
    assert len(bodies) > len(asked)
    assert len(asked) <= 2
    assert units[0].petitions.all == units[0].due.overdue == len(bodies)


def test_a_hundred_per_cent_is_only_all_of_them() -> None:
    answers = Answers(Speed(200, 199, 9), {"full": 150, "partial": 49, "refused": 1})
    assert answers.satisfied_percent == answers.speed.percent_in_time == 99


def test_every_page_says_the_same_of_the_same(sqlite_database: Database) -> None:
    making.a_petition_in(State.PUBLISHED)
    silent = making.a_petition_in(State.EXAMINATION)
    with reading() as session:
        due = next(each.due_on for each in lifecycle.clocks(session, silent) if each.kind == "consideration")
    at = end_of_day(due) + timedelta(days=2)
    with reading() as session:
        found = statistics.statistics(session, at)
        first, place = front.figures(session, at), map_numbers.by_place(session, at)[making.SETTLEMENT]
        body = front.figures(session, at, making.body_of(making.SETTLEMENT))
    (row,) = found.bodies
    top = next(each.due for each in found.units if each.petitions.all)
    everywhere = (found.figures, first, body, place, row.due, top, found.due.all, found.due.local)
    told = {(each.in_time, each.late, each.overdue, each.percent_in_time) for each in everywhere}
    assert told == {(1, 0, 1, 50)}


def test_silence_is_not_in_time_on_any_page(client: FlaskClient) -> None:
    making.a_petition_in(State.PUBLISHED)
    silent = making.a_petition_in(State.EXAMINATION)
    running = making.a_petition_in(State.EXAMINATION, at=making.AT + timedelta(days=20))
    at = end_of_day(due_of(silent)) + timedelta(days=2)
    assert local_date(at) <= due_of(running)
    making.law_time(at)
    table = client.get("/en/statistics").get_data(as_text=True).split("<h3>How long an answer takes</h3>")[1]
    assert "50%" in table.split("</table>")[0]
    assert "100%" not in table.split("</table>")[0]
    with reading() as session:
        body = reference.body(session, making.body_of(making.SETTLEMENT))
    assert body is not None
    assert "1 of 2 (50%)" in client.get(f"/en/bodies/{body.slug}").get_data(as_text=True)
    assert "1 of 2" in client.get("/en/territories?show=in-time").get_data(as_text=True)
    expected = {"in_time": "1", "late": "0", "overdue": "1"}
    for name in ("answers", "bodies", "places"):
        row = next(each for each in file(client, name) if each["in_time"] == "1")
        assert expected.items() <= row.items()
    answer = next(each for each in file(client, "times") if each["what"] == "answer")
    assert {**expected, "finished": "1"}.items() <= answer.items()


def test_the_days_under_the_joinings_say_their_month_where_it_begins(client: FlaskClient) -> None:
    petition = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(petition) + timedelta(days=12))
    page = client.get("/en/statistics").get_data(as_text=True)
    marks = page.split('id="joinings-picture"')[1].split('<p class="chart-marks"')[1].split("</p>")[0]
    said = re.findall(r"<span>([^<]+)</span>", marks)
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+", said[0])
    assert [mark.split()[1] for mark in said if not mark.isdigit()] == ["May", "Jun"]
