"""The pages of paper sheets, without JavaScript, and what a joiner on paper sees of their own joining."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from petitions import clock
from petitions.identity.roles import Role
from petitions.law.states import State
from petitions.law.working_days import local_date
from petitions.signing import sheets
from petitions.tally.sealing import seal
from tests import making
from tests.making_sheets import (
    PNG,
    Eyes,
    a_sheet,
    an_entered_sheet,
    crowd,
    joined_on_paper,
    line_of,
    two_pairs_of_eyes,
)
from tests.signatures.rows import rows_in_force, standing

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEW = "/en/console/paper-sheets/new"


@pytest.fixture
def eyes(sqlite_app: Flask) -> Eyes:
    making.use_demo_registry(sqlite_app)
    return two_pairs_of_eyes()


@pytest.fixture
def petition(eyes: Eyes) -> int:
    made = making.a_petition_in(State.SUPPORTING)
    making.law_time(making.moment_of(made) + DAY)
    return made


@pytest.fixture
def one(sqlite_app: Flask, eyes: Eyes) -> FlaskClient:
    return browser_of(sqlite_app, eyes.one.id)


@pytest.fixture
def other(sqlite_app: Flask, eyes: Eyes) -> FlaskClient:
    return browser_of(sqlite_app, eyes.other.id)


def browser_of(app: Flask, staff_id: int | None) -> FlaskClient:
    client = app.test_client()
    making.sign_in(client, staff_id=staff_id)
    return client


def received(petition: int, /, **changes: Any) -> dict[str, Any]:
    form = {
        "petition": str(petition),
        "reference": "ПП-2026/5",
        "received_on": local_date(clock.now()).isoformat(),
        "lines": "2",
        "scan": (BytesIO(PNG + b"scan"), "sheet.png"),
    }
    return {**form, **changes}


def typed(*people: str | None) -> dict[str, str]:
    """A form of lines; None is one that cannot be read."""
    form: dict[str, str] = {}
    for place, person in enumerate(people):
        if person is None:
            form[f"lines-{place}-unreadable"] = "y"
            continue
        line = line_of(person)
        form |= {
            f"lines-{place}-iin": line.iin,
            f"lines-{place}-surname": line.surname,
            f"lines-{place}-given_name": line.given_name,
        }
    return form


def address(petition: int, sheet_id: str, rest: str = "") -> str:
    return f"/en/console/paper-sheets/{petition}/{sheet_id}{rest}"


def halves(person: str) -> str:
    """An IIN as pages show it."""
    iin = line_of(person).iin
    return f"{iin[:6]} {iin[6:]}"


def word(client: FlaskClient, where: str, **more: str) -> dict[str, str]:
    """The second person's word on the lines that the page shows now."""
    seen = client.get(where).text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    return {"compared": "y", "seen": seen, **more}


def follow(client: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text


def test_a_sheet_walks_from_the_desk_to_the_number_on_the_page(petition: int, one: FlaskClient, other: FlaskClient):
    assert "Register a sheet" in one.get("/en/console").text
    answer = one.post(NEW, data=received(petition))
    page = follow(one, answer)
    where = answer.location
    assert "The sheet is registered" in page and "The last day to confirm it is" in page

    assert "Line 2" in one.get(f"{where}/lines").text
    page = follow(one, one.post(f"{where}/lines", data=typed("olga", "daniyar")))
    assert "Another member of staff must confirm it." in page
    assert one.get(f"{where}/confirmation").status_code == 403
    assert one.post(f"{where}/confirmation", data={"compared": "y"}).status_code == 403

    compared = other.get(f"{where}/confirmation").text
    assert halves("olga") in compared
    confirmed = other.post(f"{where}/confirmation", data=word(other, f"{where}/confirmation"))
    page = follow(other, confirmed)
    assert "2 joinings of 2 are counted" in page and "What became of each line" in page

    seal(clock.now())
    public = other.get(f"/en/petitions/{petition}").text
    assert "Of these on paper: 2" in public
    told = other.get(f"/petitions/{petition}/count.json", check=False).get_json()
    assert (told["count"], told["written"]) == (2, 2)
    assert "on paper" in other.get(f"/en/petitions/{petition}/history").text


def test_the_page_says_nothing_of_paper_where_there_is_none(petition: int, other: FlaskClient):
    making.joined(petition, 2, clock.now())
    assert "on paper:" not in other.get(f"/en/petitions/{petition}").text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"petition": "x"}, "whole number"),
        ({"petition": "999"}, "no petition with this number"),
        ({"petition": str(2**40)}, "whole number"),
        ({"received_on": "2026-13-01"}, "Enter a day"),
        ({"received_on": "2030-01-01"}, "has not come yet"),
        ({"lines": "0"}, "from 1 to"),
        ({"reference": "  "}, "incoming number"),
        ({"scan": (BytesIO(b"GIF89a"), "a.gif")}, "no PDF, JPEG or PNG"),
        ({"scan": None}, "Attach the scan"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_the_rest_stays(
    petition: int, one: FlaskClient, changes: dict[str, Any], says: str
):
    form = {name: value for name, value in received(petition, **changes).items() if value is not None}
    answer = one.post(NEW, data=form)
    assert answer.status_code == 422
    assert says in answer.text
    if "reference" not in changes:
        assert "ПП-2026/5" in answer.text


def test_a_wrong_line_is_told_and_every_line_stays_typed(petition: int, one: FlaskClient, eyes: Eyes):
    sheet_id = a_sheet(petition, 3, eyes, at=clock.now())
    form = typed("olga", "daniyar", None) | {"lines-1-surname": " ", "lines-0-iin": "123"}
    answer = one.post(address(petition, sheet_id, "/lines"), data=form)
    assert answer.status_code == 422
    assert "This is no IIN" in answer.text and "as it stands on the paper" in answer.text
    assert f'value="{halves("daniyar")}"' in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    empty = one.post(address(petition, sheet_id, "/lines"), data={})
    assert empty.status_code == 422
    assert empty.text.count("This is no IIN") == 6  # beside the field and in the summary
    assert "Line 3, IIN: This is no IIN" in empty.text


def test_the_list_says_of_what_waits_until_when_and_for_whom(
    petition: int, one: FlaskClient, other: FlaskClient, eyes: Eyes
):
    an_entered_sheet(petition, ["olga"], eyes, at=clock.now())
    waits = "Last day to confirm"
    own = "Another member of staff must confirm it."
    page = one.get("/en/console/paper-sheets").text
    assert waits in page and own in page
    page = other.get("/en/console/paper-sheets").text
    assert waits in page and own not in page


def test_a_step_that_is_over_leads_back_to_the_sheet(petition: int, other: FlaskClient, eyes: Eyes):
    sheet_id = an_entered_sheet(petition, ["olga"], eyes, at=clock.now())
    answer = other.get(address(petition, sheet_id, "/lines"))
    assert answer.status_code == 409
    assert f'href="{address(petition, sheet_id)}"' in answer.text


def test_more_lines_than_were_counted_are_not_taken(petition: int, one: FlaskClient, other: FlaskClient, eyes: Eyes):
    sheet_id = a_sheet(petition, 1, eyes, at=clock.now())
    assert one.post(address(petition, sheet_id, "/lines"), data=typed("olga", "daniyar")).status_code == 303
    where = address(petition, sheet_id, "/confirmation")
    other.post(where, data=word(other, where))
    assert rows_in_force(petition) == 1


def test_doubtful_lines_are_named_before_anything_is_counted(petition: int, other: FlaskClient, eyes: Eyes):
    sheet_id = an_entered_sheet(petition, ["olga", "unknown"], eyes, at=clock.now())
    where = address(petition, sheet_id, "/confirmation")
    assert other.post(where, data={}).status_code == 422
    answer = other.post(where, data=word(other, where))
    assert answer.status_code == 422
    assert "Line 2: Not counted: the person registry knows nobody" in answer.text
    assert rows_in_force(petition) == 0
    page = follow(other, other.post(where, data=word(other, where, despite_doubts="y")))
    assert "1 joining of 2 is counted" in page


def test_only_the_lines_that_were_on_the_page_are_confirmed(
    petition: int, one: FlaskClient, other: FlaskClient, eyes: Eyes
):
    sheet_id = an_entered_sheet(petition, ["olga"], eyes, at=clock.now())
    where = address(petition, sheet_id, "/confirmation")
    on_the_page = word(other, where)
    making.law_time(clock.now() + HOUR)
    one.post(address(petition, sheet_id, "/correction"), data={"note": "Басқа адам."})
    one.post(address(petition, sheet_id, "/lines"), data=typed("daniyar"))
    for sent in (on_the_page, {"compared": "y"}, {"compared": "y", "seen": "made up"}):
        assert other.post(where, data=sent).status_code == 409
    assert rows_in_force(petition) == 0
    assert other.post(where, data=word(other, where)).status_code == 303


def test_a_silent_registry_leaves_the_sheet_for_later(petition: int, other: FlaskClient, eyes: Eyes):
    sheet_id = an_entered_sheet(petition, ["olga", "down"], eyes, at=clock.now())
    where = address(petition, sheet_id, "/confirmation")
    answer = other.post(where, data=word(other, where))
    assert answer.status_code == 503
    assert "Nothing was counted" in answer.text
    assert "To be confirmed" in other.get(address(petition, sheet_id)).text


def test_a_sheet_goes_back_for_a_correction_or_is_rejected_with_a_reason(
    petition: int, one: FlaskClient, other: FlaskClient, eyes: Eyes
):
    sheet_id = an_entered_sheet(petition, ["olga", "daniyar"], eyes, at=clock.now())
    back = address(petition, sheet_id, "/correction")
    assert other.get(back).status_code == 200
    assert other.post(back, data={"note": ""}).status_code == 422
    assert "Бірінші жол" in follow(other, other.post(back, data={"note": "Бірінші жол басқаша."}))
    lines = one.get(address(petition, sheet_id, "/lines")).text
    assert "Бірінші жол" in lines and f'value="{halves("olga")}"' in lines

    reject = address(petition, sheet_id, "/rejection")
    assert one.get(reject).status_code == 200
    assert one.post(reject, data={"note": " "}).status_code == 422
    assert "Why it was rejected" in follow(one, one.post(reject, data={"note": "Қолдар жоқ."}))
    for step in ("/lines", "/confirmation", "/correction", "/rejection"):
        assert one.get(address(petition, sheet_id, step)).status_code == 409, step
    assert one.post(reject, data={"note": "Тағы"}).status_code == 409


def test_the_scan_is_given_as_a_file_to_those_who_enter_sheets(petition: int, one: FlaskClient, eyes: Eyes):
    sheet_id = a_sheet(petition, 1, eyes, at=clock.now())
    answer = one.get(address(petition, sheet_id, "/scan"))
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("roles", [(Role.OFFICER,), (Role.HEAD,), (Role.ADMINISTRATOR,), ()])
def test_only_who_checks_petitions_enters_sheets(sqlite_app: Flask, petition: int, eyes: Eyes, roles: tuple[Role, ...]):
    sheet_id = an_entered_sheet(petition, ["olga"], eyes, at=clock.now())
    client = sqlite_app.test_client()
    if roles:
        making.sign_in(client, staff_id=making.a_staff_member(roles))
    else:
        making.sign_in(client, citizen_id=making.a_citizen())
    pages = ["/en/console/paper-sheets", NEW]
    pages += [address(petition, sheet_id, step) for step in ("", "/scan", "/lines", "/confirmation", "/rejection")]
    assert {client.get(page).status_code for page in pages} == {403}
    assert client.post(address(petition, sheet_id, "/confirmation"), data={"compared": "y"}).status_code == 403
    assert rows_in_force(petition) == 0


@pytest.mark.parametrize("sheet_id", ["x", "0", "7", "%00", "1" * 500])
def test_a_sheet_that_is_not_there_is_not_found(petition: int, one: FlaskClient, sheet_id: str):
    for number in (petition, 10**12):
        for step in ("", "/scan", "/lines", "/confirmation", "/correction", "/rejection"):
            assert one.get(address(number, sheet_id, step)).status_code == 404, step


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_the_pages_are_well_made_in_every_language(
    petition: int, one: FlaskClient, other: FlaskClient, eyes: Eyes, lang: str
):
    at = clock.now()
    waiting, entered = a_sheet(petition, 2, eyes, at=at), an_entered_sheet(petition, ["olga", None], eyes, at=at)
    confirmed = an_entered_sheet(petition, [*crowd(3), "minor", None], eyes, at=at)
    sheets.confirm(petition, confirmed, by=eyes.other, at=at)
    pages = ["", "/new", *(f"/{petition}/{each}" for each in (waiting, entered, confirmed))]
    pages += [
        f"/{petition}/{waiting}/lines",
        f"/{petition}/{entered}/confirmation",
        f"/{petition}/{entered}/correction",
    ]
    for page in pages:
        assert other.get(f"/{lang}/console/paper-sheets{page}").status_code == 200, page
    assert other.get(f"/{lang}/console").status_code == 200


def test_who_joined_on_paper_finds_the_joining_among_their_own_and_may_withdraw_it(
    sqlite_app: Flask, petition: int, eyes: Eyes
):
    joined_on_paper(petition, ["olga"], eyes, at=clock.now())
    client = sqlite_app.test_client()
    making.sign_in(client, citizen_id=making.a_citizen("olga"))
    listed = client.get("/en/my-joinings").text
    assert "Joined on paper" in listed
    assert f"/en/my-joinings/{petition}/withdrawal" in listed
    own = client.get(f"/en/my-joinings/{petition}").text
    assert "On paper, received on" in own
    assert client.get(f"/en/my-joinings/{petition}/proof").mimetype == "text/plain"
    assert client.get(f"/en/my-joinings/{petition}/withdrawal").status_code == 200
    page = client.get(f"/en/petitions/{standing(petition).link_token}").text
    assert "You joined on" in page


def test_between_the_two_terms_of_the_2024_edition_the_page_says_that_paper_is_still_taken(sqlite_app: Flask):
    petition = making.a_petition_in(State.SUPPORTING, at=making.AT_2024_EDITION)
    now = standing(petition)
    assert now.closes_at is not None
    making.law_time(now.closes_at + DAY)
    page = sqlite_app.test_client().get(f"/en/petitions/{now.link_token}").text
    assert "Sheets of paper are taken until" in page
    making.law_time(now.closes_at + 20 * DAY)
    assert "Sheets of paper" not in sqlite_app.test_client().get(f"/en/petitions/{now.link_token}").text
