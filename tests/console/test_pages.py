"""Every page of the console in three languages, and who meets a closed door."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import petitions
from petitions import clock
from petitions.audit import SYSTEM
from petitions.audit.queries import newest
from petitions.console.audit_words import act_name
from petitions.db import reading
from petitions.identity import staff
from petitions.identity.roles import Role
from petitions.law.states import State
from petitions.lifecycle.sweep import sweep
from petitions.reference.actions import set_policy
from petitions.reference.kinds import UnitKind
from tests import making

SignIn = Callable[..., FlaskClient]

PAGES = (
    "",
    "/staff",
    "/staff/1",
    "/staff/invitation",
    "/settings",
    "/settings/order_of_check_and_support",
    "/settings/sending_by_hand",
    "/settings/sending_days",
    "/settings/working_hours_start",
    "/settings/refused_text_hidden_under",
    "/settings/edition_2026_in_force_from",
    "/settings/retention_months",
    "/settings/clocks_pause",
    "/territories",
    "/territories?q=аксу",
    "/territories?q=%00",
    "/territories/750000000",
    f"/territories/{making.NO_POPULATION}",
    "/territories/750000000/new-unit",
    "/bodies",
    "/bodies?q=алматы",
    "/bodies?q=%00",
    "/bodies/mki",
    "/calendar",
    "/calendar?year=2026",
    "/calendar?year=2031",
    "/calendar?year=x",
    "/calendar/day",
    "/calendar/day?day=2026-03-08",
    "/calendar/day?day=2026-04-22",
    "/calendar/recomputing",
    "/calendar/removal?day=2026-03-08",
    "/audit",
    "/audit?subject=policy:sending_days",
    "/audit?before=99999999999999999999",
)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_administrator_reads_every_page(sign_in_staff: SignIn, language: str) -> None:
    client = sign_in_staff(Role.ADMINISTRATOR)
    set_policy("sending_days", "4", "a test", SYSTEM, clock.now())
    for page in PAGES:
        answer = client.get(f"/{language}/console{page}")
        assert answer.status_code == 200, f"{page}: {answer.status_code}"


@pytest.mark.parametrize(
    "page",
    [
        "/staff/999",
        "/settings/nothing",
        "/territories/999999999",
        "/territories/x",
        "/territories/%00",
        "/territories/351635000/new-unit",
        "/bodies/nobody",
        "/bodies/%00",
        "/calendar/day?day=tomorrow",
        "/calendar/day?day=2026-02-30",
        "/staff/99999999999999999999",
    ],
)
def test_what_is_not_there_is_not_found(sign_in_staff: SignIn, page: str) -> None:
    assert sign_in_staff(Role.ADMINISTRATOR).get(f"/en/console{page}").status_code == 404


def test_other_staff_see_their_front_page_only(sign_in_staff: SignIn) -> None:
    client = sign_in_staff(Role.MODERATOR)
    assert client.get("/kk/console").status_code == 200
    for page in PAGES[1:]:
        assert client.get(f"/kk/console{page}").status_code == 403, page


def test_a_senior_moderator_reads_the_audit_too(sign_in_staff: SignIn) -> None:
    client = sign_in_staff(Role.SENIOR_MODERATOR)
    assert client.get("/kk/console/audit").status_code == 200
    assert client.get("/kk/console/settings").status_code == 403


def test_a_citizen_and_a_guest_stay_outside(sign_in_citizen: SignIn, client: FlaskClient) -> None:
    assert client.get("/kk/console").status_code == 302
    assert client.post("/kk/console/law-clock").status_code == 403
    assert sign_in_citizen().get("/kk/console").status_code == 403


def test_a_moderator_finds_the_overdue_check_first(sign_in_staff: SignIn) -> None:
    client = sign_in_staff(Role.MODERATOR)
    later = making.a_filed_petition(at=making.AT)
    sooner = making.a_filed_petition(at=making.AT.replace(month=4))
    making.law_time(making.AT)
    text = client.get("/en/console").get_data(as_text=True)
    assert text.index(f"No. {sooner}<") < text.index(f"No. {later}<")
    assert "Overdue by" in text


def test_an_officer_sees_own_body_only_and_silence_keeps_waiting(sign_in_staff: SignIn) -> None:
    petition_id = making.a_petition_in(State.EXAMINATION, kato=making.VILLAGE)
    silent_at = making.moment_of(petition_id).replace(year=2027)
    sweep(silent_at)
    making.law_time(silent_at)
    own = sign_in_staff(Role.OFFICER, body_id=making.body_of(making.VILLAGE))
    other = sign_in_staff(Role.OFFICER, body_id=making.body_of(making.DISTRICT))
    assert f"No. {petition_id}<" in own.get("/en/console").get_data(as_text=True)
    assert f"No. {petition_id}<" not in other.get("/en/console").get_data(as_text=True)


def test_an_administrator_sees_which_units_lack_a_figure(sign_in_staff: SignIn) -> None:
    making.a_filed_petition(kato=making.NO_POPULATION)
    text = sign_in_staff(Role.ADMINISTRATOR).get("/en/console").get_data(as_text=True)
    assert f"/en/console/territories/{making.NO_POPULATION}" in text


def test_an_administrator_is_warned_that_the_calendar_ends(sign_in_staff: SignIn) -> None:
    client = sign_in_staff(Role.ADMINISTRATOR)
    making.law_time(making.AT.replace(year=2027))
    assert "no entries for 2028" in client.get("/en/console").get_data(as_text=True)
    assert "no entries for 2028" in client.get("/en/console/calendar?year=2026").get_data(as_text=True)


def test_the_front_page_stands_even_where_the_calendar_has_ended(sign_in_staff: SignIn) -> None:
    making.a_filed_petition()
    client = sign_in_staff(Role.MODERATOR)
    making.law_time(making.AT.replace(year=2029))
    assert client.get("/en/console").status_code == 200


def test_the_audit_is_paged_by_its_lines(sign_in_staff: SignIn) -> None:
    client = sign_in_staff(Role.ADMINISTRATOR)
    for number in range(60):
        set_policy("sending_days", str(1 + number % 9), f"test {number}", SYSTEM, clock.now())
    first = client.get("/en/console/audit?subject=policy:sending_days").get_data(as_text=True)
    assert "test 59" in first and "reason: test 5\n" not in first
    with reading() as session:
        oldest_shown = newest(session, limit=50)[-1].id
    assert f"before={oldest_shown}" in first
    second = client.get(f"/en/console/audit?before={oldest_shown}").get_data(as_text=True)
    assert "test 0" in second and "test 59" not in second


def test_every_kind_of_unit_has_a_word() -> None:
    from petitions.reference.kinds import BodyKind, DayKind
    from petitions.reference.words import BODY_KINDS, DAY_KINDS, UNIT_KINDS

    assert (set(UNIT_KINDS), set(BODY_KINDS), set(DAY_KINDS)) == (set(UnitKind), set(BodyKind), set(DayKind))


def test_staff_accounts_are_listed_with_their_state(sign_in_staff: SignIn) -> None:
    client = sign_in_staff(Role.ADMINISTRATOR)
    staff.create_staff("new@example.kz", "New Person", [Role.MODERATOR], None, SYSTEM, clock.now())
    text = client.get("/en/console/staff").get_data(as_text=True)
    assert "New Person" in text and "Invited" in text


def test_every_act_that_the_program_writes_has_its_words_in_the_audit() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in Path(petitions.__file__).parent.rglob("*.py"))
    written = set(re.findall(r'\bact="([a-z]+(?:-[a-z]+)*)"', source))
    written |= set(re.findall(r'(?:_audit|record_act|_note)\([^\n]*?"([a-z]+(?:-[a-z]+)*)"', source))
    written.discard("staff")  # the kind of an actor
    nameless = sorted(act for act in written if act_name(act) == act)
    assert not nameless, f"audit_words.py has no words for {nameless}"
