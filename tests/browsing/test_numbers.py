"""A petition's number: live, its history, and the whole list of who joined; on both engines what the engines decide."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from petitions import db
from petitions.browsing.count_picture import HEIGHT, bars, line
from petitions.db import reading
from petitions.law.states import State
from petitions.law.working_days import ZONE
from petitions.lifecycle import queries as lifecycle
from petitions.signatures import queries as signatures
from petitions.tally.sealing import seal
from tests import making
from tests.signatures import rows
from tests.statements import statements_asked

HOUR = timedelta(hours=1)
ADDRESSES = (
    "petitions/{}/count.json",
    "petitions/{}/history.csv",
    "en/petitions/{}/history",
    "en/petitions/{}/signers",
)


@pytest.fixture
def petition_id(app: Flask) -> int:
    """Open, with the fifty first supporters; the law's clock shows some minutes later."""
    petition_id = making.a_petition_in(State.OPEN)
    making.law_time(opened(petition_id) + timedelta(minutes=5))
    return petition_id


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    return app.test_client()


def opened(petition_id: int) -> datetime:
    return making.moment_of(petition_id)


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def taken_back(petition_id: int, citizen_id: int, at: datetime) -> None:
    rows.take_back(petition_id, citizen_id, at)
    seal(at)


def test_the_number_is_told_as_the_page_shows_it(reader: FlaskClient, petition_id: int) -> None:
    at = opened(petition_id) + timedelta(minutes=1)
    signer, _other = making.joined(petition_id, 2, at)
    taken_back(petition_id, signer, at + timedelta(minutes=1))
    answer = reader.get(f"/petitions/{petition_id}/count.json")
    assert answer.mimetype == "application/json"
    assert answer.get_json() == {
        "petition": petition_id,
        "count": 51,
        "counted": 51,
        "needed": 60,
        "joinings": 52,
        "removals": 1,
        "sealed_at": (at + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "size": 53,
        "written": 0,
    }
    assert "51 of 60" in text(reader, f"/en/petitions/{petition_id}")


def test_the_number_counts_what_the_rule_counts(reader: FlaskClient, petition_id: int) -> None:
    rows.policy("first_50_count", "false", making.AT)
    making.joined(petition_id, 3, opened(petition_id) + timedelta(minutes=1))
    told = reader.get(f"/petitions/{petition_id}/count.json").get_json()
    assert (told["count"], told["counted"]) == (53, 3)
    assert "3 of 60" in text(reader, f"/en/petitions/{petition_id}")


def test_before_it_opens_the_number_is_told_to_those_who_have_the_link(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.SUPPORTING)
    making.joined(petition_id, 2, opened(petition_id) + timedelta(minutes=1))
    making.law_time(opened(petition_id) + timedelta(minutes=5))
    with reading() as session:
        token = lifecycle.standing(session, petition_id).link_token
    told = client.get(f"/petitions/{token}/count.json").get_json()
    assert (told["count"], told["needed"], told["size"]) == (2, 50, None)
    assert client.get(f"/petitions/{petition_id}/count.json").status_code == 404
    for page in ("history", "signers"):
        assert "no-store" in client.get(f"/en/petitions/{token}/{page}").headers["Cache-Control"]
        assert client.get(f"/en/petitions/{petition_id}/{page}").status_code == 404


def test_a_draft_has_no_number_yet_not_even_for_its_author(client: FlaskClient) -> None:
    author = making.a_citizen()
    petition_id = making.a_draft(author)
    making.sign_in(client, citizen_id=author)
    for path in ADDRESSES:
        assert client.get(f"/{path.format(petition_id)}").status_code == 404


def test_what_was_taken_down_tells_no_number(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.TAKEN_DOWN)
    for path in ADDRESSES:
        assert client.get(f"/{path.format(petition_id)}").status_code == 410


def test_the_number_costs_a_few_statements_however_many_joined(reader: FlaskClient, petition_id: int) -> None:
    with statements_asked(db.engine()) as asked:
        reader.get(f"/petitions/{petition_id}/count.json")
    assert len([each for each in asked if each.startswith("SELECT")]) <= 6
    assert not any("FROM signature" in each for each in asked)


def test_the_page_asks_again_only_while_somebody_may_join(client: FlaskClient) -> None:
    open_one, answered = making.a_petition_in(State.OPEN), making.a_petition_in(State.PUBLISHED)
    making.law_time(opened(open_one) + timedelta(minutes=5))
    page = text(client, f"/en/petitions/{open_one}")
    assert f'data-live-count="/petitions/{open_one}/count.json"' in page
    assert "live-count.js" in page
    assert "live-count" not in text(client, f"/en/petitions/{answered}")


def test_the_history_shows_days_hours_and_what_was_taken_back(reader: FlaskClient, petition_id: int) -> None:
    at = opened(petition_id)
    signer = making.joined(petition_id, 3, at + timedelta(days=1))[0]
    taken_back(petition_id, signer, at + timedelta(days=2))
    making.law_time(at + timedelta(days=3))
    page = text(reader, f"/en/petitions/{petition_id}/history")
    days = re.findall(r'<tr role="row">\s*<th role="rowheader".*?</tr>', page, re.S)
    figures = [re.findall(r"<span>([^<]*)</span>", day) for day in days]
    assert figures[0] == ["0", "1", "52"]
    assert figures[1] == ["3", "0", "53"]
    assert "Nothing that was counted is ever rewritten" in page
    day = (at + timedelta(days=2)).astimezone(ZONE)
    hours = text(reader, f"/en/petitions/{petition_id}/history?day={day:%Y-%m-%d}")
    assert f"{day:%H}:00 to " in hours
    assert f'href="/en/petitions/{petition_id}/history?day={day:%Y-%m-%d}#hours"' in page
    quiet = text(reader, f"/en/petitions/{petition_id}/history?day=2020-01-01")
    assert "Nobody joined on this day" in quiet
    assert reader.get(f"/en/petitions/{petition_id}/history?day=x").status_code == 404


def test_days_are_kazakhstans(reader: FlaskClient, petition_id: int) -> None:
    evening = (opened(petition_id) + timedelta(days=3)).replace(hour=18, minute=59)  # 23:59 in Kazakhstan
    making.joined(petition_id, 1, evening)
    making.joined(petition_id, 2, evening + timedelta(minutes=2))
    making.law_time(evening + HOUR)
    page = text(reader, f"/en/petitions/{petition_id}/history")
    today, tomorrow = evening.astimezone(ZONE).date(), (evening + timedelta(minutes=2)).astimezone(ZONE).date()
    assert (tomorrow - today).days == 1
    assert page.index(f"day={tomorrow}") < page.index(f"day={today}")
    hours = text(reader, f"/en/petitions/{petition_id}/history?day={tomorrow}")
    assert "00:00 to 01:00" in hours
    assert "23:00 to" not in hours


def test_the_file_adds_up_to_the_number(reader: FlaskClient, petition_id: int) -> None:
    at = opened(petition_id) + timedelta(days=1)
    signer = making.joined(petition_id, 4, at)[0]
    taken_back(petition_id, signer, at + 3 * HOUR)
    answer = reader.get(f"/petitions/{petition_id}/history.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=petition-{petition_id}-history.csv"
    told = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [int(row["count"]) for row in told][-1] == 53
    assert sum(int(row["joinings"]) for row in told) == 54
    assert sum(int(row["removals"]) for row in told) == 1
    moments = [datetime.fromisoformat(row["hour_utc"]) for row in told]
    assert moments == sorted(set(moments))
    assert all((moment.minute, moment.second) == (0, 0) for moment in moments)
    assert text(reader, f"/en/petitions/{petition_id}/history").count(f"/petitions/{petition_id}/history.csv") == 1


def test_a_petition_nobody_joined_has_an_empty_history(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.REFUSED)
    making.law_time(opened(petition_id) + HOUR)
    page = text(client, f"/en/petitions/{petition_id}/history")
    assert "Nobody has joined yet" in page
    assert "<svg viewBox" not in page.split("<main")[1]
    assert text(client, f"/petitions/{petition_id}/history.csv").strip() == "hour_utc,joinings,removals,count"


def test_where_the_text_is_hidden_the_history_has_no_title_and_nobody_is_named(client: FlaskClient) -> None:
    petition_id = making.a_filed_petition()
    making.refuse(petition_id, making.AT + HOUR, hides_text=True)
    making.law_time(making.AT + 2 * HOUR)
    with reading() as session:
        title = lifecycle.standing(session, petition_id).title
    assert title not in text(client, f"/en/petitions/{petition_id}/history")
    assert client.get(f"/en/petitions/{petition_id}/signers").status_code == 404


def test_the_pictures_keep_inside_their_box() -> None:
    start = datetime(2026, 6, 1, tzinfo=ZONE)
    shape = line([(start + n * HOUR, n * 10) for n in range(5)], 90)
    heights = [float(y) for y in re.findall(r"V([\d.]+)", shape.path)]
    assert heights == sorted(heights, reverse=True)
    assert all(0 <= y <= HEIGHT for y in heights)
    assert shape.needed_y is not None and shape.needed_y < heights[-1]
    assert line([(start, 3)], 5_000).needed_y is None
    assert line([(start, 0)], None).path
    assert shape.stops == tuple((start + n * HOUR, n * 10) for n in range(5))
    many = line([(start + n * HOUR, n) for n in range(100)], None).stops
    assert len(many) <= 8 and many[-1] == (start + 99 * HOUR, 99) and list(many) == sorted(many)
    days = bars([(start.date(), 10, 0), ((start + timedelta(days=9)).date(), 0, 5)])
    assert days.joined.count("M") == days.removed.count("M") == 1
    assert days.zero_y == pytest.approx(HEIGHT * 10 / 15, abs=0.1)


def test_everybody_who_joined_is_listed_once_page_by_page(reader: FlaskClient, petition_id: int) -> None:
    at = opened(petition_id) + timedelta(minutes=1)
    gone = making.joined(petition_id, 8, at)[0]
    taken_back(petition_id, gone, at + timedelta(minutes=1))
    path = f"/en/petitions/{petition_id}/signers"
    first = text(reader, path)
    assert "Citizens joined: 57" in first
    assert first.count("Үлгі С.") == 50
    assert "noindex" in first
    older = re.search(rf'href="({path}\?before=\d+)"', first)
    assert older
    last = text(reader, older[1])
    assert last.count("Үлгі С.") == 7
    assert 'rel="next"' not in last
    assert f'href="{path}"' in last
    assert f'href="{path}"' in text(reader, f"/en/petitions/{petition_id}")
    assert "Nobody joined before these" in text(reader, f"{path}?before=0")


@pytest.mark.parametrize("place", ["x", "-1", "1.0", "٣", "99999999999", "%00", "2147483648"])
def test_a_place_that_cannot_be_is_no_page(client: FlaskClient, place: str) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    assert client.get(f"/en/petitions/{petition_id}/signers?before={place}").status_code == 404


def test_a_page_of_signers_stays_small_where_all_took_their_joining_back(petition_id: int) -> None:
    at = opened(petition_id) + timedelta(minutes=1)
    for signer in making.joined(petition_id, 7, at):
        rows.take_back(petition_id, signer, at + timedelta(minutes=1))
    seal(at + timedelta(minutes=1))
    with reading() as session:
        first = signatures.counted_signers(session, petition_id, before=None, limit=4)
        second = signatures.counted_signers(session, petition_id, before=first.older, limit=4)
        newest = signatures.newest_signers(session, petition_id, limit=3)
    assert first.signers == ()
    assert [one.leaf for one in second.signers] == [49, 48, 47, 46]
    assert newest == []


def test_no_page_of_signers_searches_or_sorts(petition_id: int) -> None:
    """However many joined: one range of one index, in both engines."""
    with reading() as session:
        for before, expected in ((None, 50), (7, 7)):
            page = signatures.counted_signers(session, petition_id, before=before, limit=50)
            assert len(page.signers) == expected
            assert all(one.leaf > other.leaf for one, other in pairwise(page.signers))
        plans = [_plan(session, statement, petition_id) for statement in (signatures._COUNTED, signatures._NEWEST)]
    for plan in plans:
        assert "SORT" not in plan and "TEMP B-TREE" not in plan and "SCAN SIGNATURE" not in plan, plan
        assert "PETITION_ID" in plan, plan


def _plan(session: Session, statement: sa.Select[Any], petition_id: int) -> str:
    if db.is_postgresql(session):  # few rows are read whole for less than an index costs; millions never
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        session.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
    values = {"petition": petition_id, "before": 40, "limit": 100}
    named = statement.params(**{name: value for name, value in values.items() if name in statement.compile().params})
    written = named.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN" if db.is_postgresql(session) else "EXPLAIN QUERY PLAN"
    return "\n".join(str(row[-1]) for row in session.execute(sa.text(f"{explain} {written}"))).upper()
