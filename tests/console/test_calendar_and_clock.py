"""The working calendar shows what it moves before it counts; the demonstration's clock only moves on."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.audit import SYSTEM
from petitions.audit.queries import newest
from petitions.db import reading
from petitions.identity.roles import Role
from petitions.law.states import ClockKind
from petitions.law.working_days import ZONE, local_date
from petitions.lifecycle import queries as lifecycle
from petitions.reference import queries as reference
from petitions.reference.actions import set_calendar_day
from petitions.reference.names import Names
from tests import making
from tests.console.beside import error_beside

SignIn = Callable[..., FlaskClient]

FILED = making.AT.replace(month=3, day=20)
DAY = {
    "day": "2026-04-22",
    "kind": "moved_day_off",
    "name_kk": "Демалыс күні",
    "name_ru": "День отдыха",
    "name_en": "Day off",
    "act": "Government order No 17",
}


def test_a_day_is_shown_with_the_clocks_it_moves_before_it_counts(administrator: FlaskClient) -> None:
    petition_id = making.a_filed_petition(at=FILED)
    making.law_time(FILED)
    preview = administrator.post("/en/console/calendar/preview", data=DAY)
    text = preview.get_data(as_text=True)
    assert preview.status_code == 200
    assert f"No. {petition_id}" in text and "2026-04-22" in text and "2026-04-23" in text
    assert due(petition_id) == date(2026, 4, 22)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
    assert {name: html.unescape(value) for name, value in hidden.items() if name in DAY} == DAY

    done = administrator.post("/en/console/calendar/change", data=DAY)
    assert done.status_code == 303
    assert due(petition_id) == date(2026, 4, 23)
    listed = administrator.get("/en/console/calendar?year=2026").get_data(as_text=True)
    assert "Government order No 17" in listed
    assert "differ" not in listed

    removal = {"day": "2026-04-22", "act": "Order No 18"}
    shown = administrator.post("/en/console/calendar/removal-preview", data=removal)
    assert "2026-04-23" in shown.get_data(as_text=True)
    assert administrator.post("/en/console/calendar/removal", data=removal).status_code == 303
    assert due(petition_id) == date(2026, 4, 22)


@pytest.mark.parametrize("address", ["preview", "change"])
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "tomorrow"}, "day"),
        ({"day": "2026-02-30"}, "day"),
        ({"day": "1999-01-01"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"kind": ""}, "kind"),
        ({"kind": "feast"}, "kind"),
        ({"kind": "working_saturday"}, "kind"),
        ({"act": ""}, "act"),
        ({"name_kk": ""}, "name_kk"),
    ],
)
def test_a_bad_day_is_refused_beside_the_field(
    administrator: FlaskClient, address: str, change: dict[str, str], field: str
) -> None:
    answer = administrator.post(f"/kk/console/calendar/{address}", data={**DAY, **change})
    assert answer.status_code == 422
    assert error_beside(answer.get_data(as_text=True), field)
    with reading() as session:
        assert date(2026, 4, 22) not in {each.day for each in reference.calendar_days(session, 2026)}


def test_taking_out_needs_an_entry_and_an_act(administrator: FlaskClient) -> None:
    for address in ("removal-preview", "removal"):
        nothing = administrator.post(f"/en/console/calendar/{address}", data={"day": "", "act": ""})
        assert nothing.status_code == 422 and error_beside(nothing.get_data(as_text=True), "act")
        unknown = administrator.post(f"/en/console/calendar/{address}", data={"day": "2026-04-22", "act": "Order"})
        assert unknown.status_code == 404


def test_a_change_that_broke_off_can_be_finished(administrator: FlaskClient) -> None:
    petition_id = making.a_filed_petition(at=FILED)
    making.law_time(FILED)
    set_calendar_day(date(2026, 4, 22), False, Names("К", "Д", "D"), "Order", SYSTEM, FILED)
    assert "differ" in administrator.get("/en/console/calendar").get_data(as_text=True)
    assert f"No. {petition_id}" in administrator.get("/en/console/calendar/recomputing").get_data(as_text=True)
    assert administrator.post("/en/console/calendar/recomputing", data={"act": ""}).status_code == 422
    assert administrator.post("/en/console/calendar/recomputing", data={"act": "Order"}).status_code == 303
    assert due(petition_id) == date(2026, 4, 23)


def due(petition_id: int) -> date:
    with reading() as session:
        return next(c.due_on for c in lifecycle.clocks(session, petition_id) if c.kind == ClockKind.CHECK)


@pytest.mark.parametrize(
    ("data", "day"),
    [
        ({"step": "day"}, date(2026, 6, 6)),
        ({"step": "working-day"}, date(2026, 6, 8)),
        ({"step": "days", "days": "30"}, date(2026, 7, 5)),
    ],
)
def test_the_demonstrations_clock_moves_forward(sign_in_staff: SignIn, data: dict[str, str], day: date) -> None:
    client = sign_in_staff(Role.MODERATOR)
    making.law_time(making.AT.replace(day=5))  # a Friday
    assert client.post("/en/console/law-clock", data=data).status_code == 303
    assert local_date(clock.now()) == day
    if data["step"] == "working-day":
        assert clock.now().astimezone(ZONE).strftime("%H:%M") == "09:30"
    with reading() as session:
        assert newest(session, subject="law-clock")[0].act == "step-law-clock"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"step": "back"},
        {"step": "days"},
        {"step": "days", "days": ""},
        {"step": "days", "days": "x"},
        {"step": "days", "days": "-1"},
        {"step": "days", "days": "9" * 30},
    ],
)
def test_a_step_that_is_none_is_refused(sign_in_staff: SignIn, data: dict[str, str]) -> None:
    client = sign_in_staff(Role.OFFICER)
    before = local_date(clock.now())
    assert client.post("/en/console/law-clock", data=data).status_code == 422
    assert local_date(clock.now()) == before


def test_where_the_clock_may_not_move_there_is_no_such_door(sqlite_app: Flask, sign_in_staff: SignIn) -> None:
    client = sign_in_staff(Role.ADMINISTRATOR)
    clock.configure(None, may_shift=False)
    assert client.post("/en/console/law-clock", data={"step": "day"}).status_code == 404
    assert "law-clock" not in client.get("/en/console").get_data(as_text=True)


@pytest.mark.parametrize(("language", "act"), [("en", "eGov calendar:"), ("kk", "eGov")])
def test_an_act_that_many_days_share_is_said_once(administrator: FlaskClient, language: str, act: str) -> None:
    page = administrator.get(f"/{language}/console/calendar?year=2026").get_data(as_text=True)
    assert page.count("https://www.inform.kz/ru/kak-budut-otdihat-kazahstantsi-v-2026-godu-947dd6") <= 2
    assert act in page


def test_a_setting_is_headed_by_its_words_not_by_its_code(administrator: FlaskClient) -> None:
    page = administrator.get("/en/console/settings/min_age").get_data(as_text=True)
    title, heading = page.split("<title>")[1].split("</title>")[0], page.split("<h1>")[1].split("</h1>")[0]
    assert "min_age" not in title
    assert heading in title
