"""Staff are invited, given roles and a body, appointed, shut out; what is wrong is said beside the field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from petitions import clock
from petitions.audit import SYSTEM
from petitions.db import reading, transaction
from petitions.identity import queries as people
from petitions.identity import staff as accounts
from petitions.identity import totp
from petitions.identity.models import SignInSession
from petitions.identity.roles import Role
from petitions.reference import queries as reference
from tests import making
from tests.conftest import Database, make_app
from tests.console.beside import error_beside

SignIn = Callable[..., FlaskClient]

PASSWORD = "correct horse battery staple"
APPOINTMENT = {"first_day": "2026-06-01", "last_day": "2026-06-10", "act": "Order No 3"}
INVITED = {"email": "Officer@Example.kz", "display_name": "An Officer", "roles": ["officer"], "body": "mki"}


def test_an_invited_person_sets_a_password_signs_in_and_is_shut_out_at_once(
    administrator: FlaskClient, client: FlaskClient
) -> None:
    answer = administrator.post("/en/console/staff", data=INVITED)
    assert answer.status_code == 303
    page = administrator.get("/en/console/staff").get_data(as_text=True)
    link = re.search(r"http://localhost(/en/staff/invitation/[^\"<]+)", page)
    assert link, "the link is shown once"
    assert "/staff/invitation/" not in administrator.get("/en/console/staff").get_data(as_text=True)

    key = re.search(r"<code>([A-Z2-7]{32})</code>", client.get(link.group(1)).get_data(as_text=True))
    assert key
    shown = totp.code_of(key[1], totp.step_at(clock.real_now()))
    assert "Invited" in administrator.get("/en/console/staff").get_data(as_text=True)
    client.post(link.group(1), data={"password": PASSWORD, "again": PASSWORD, "code": shown})
    assert client.get("/en/console").status_code == 200
    assert "Account</dt>\n    <dd>Active" in administrator.get(
        f"/en/console/staff/{account('officer@example.kz').id}"
    ).get_data(as_text=True)

    row = account("officer@example.kz")
    assert (row.roles, row.body_id) == ((Role.OFFICER,), making.a_ministry())
    administrator.post(f"/en/console/staff/{row.id}/disabling")
    assert client.get("/en/console").status_code == 302
    administrator.post(f"/en/console/staff/{row.id}/enabling")
    assert account("officer@example.kz").active


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"email": ""}, "email"),
        ({"display_name": "  "}, "display_name"),
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles"),
        ({"body": ""}, "body"),
        ({"body": "ministry of silly walks"}, "body"),
        ({"body": "әкімдігі"}, "body"),
    ],
)
def test_an_invitation_says_what_is_wrong_beside_the_field_and_keeps_the_rest(
    administrator: FlaskClient, change: dict[str, object], field: str
) -> None:
    answer = administrator.post("/kk/console/staff", data={**INVITED, **change})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert error_beside(text, field)
    assert "An Officer" in text or field == "display_name"


def test_a_body_is_found_by_its_name_and_chosen_among_those_called_so(administrator: FlaskClient) -> None:
    refused = administrator.post("/en/console/staff", data={**INVITED, "body": "Akimat of Al"})
    choices = re.findall(r'name="body_choice" type="radio" value="([^"]+)"', refused.get_data(as_text=True))
    assert len(choices) > 1
    data = {**INVITED, "body": "Akimat of Al", "body_choice": choices[1]}
    assert administrator.post("/en/console/staff", data=data).status_code == 303
    with reading() as session:
        chosen = reference.body_by_slug(session, choices[1])
        assert chosen is not None and account("officer@example.kz").body_id == chosen.id


def test_an_e_mail_has_one_account(administrator: FlaskClient) -> None:
    administrator.post("/en/console/staff", data=INVITED)
    again = administrator.post("/en/console/staff", data=INVITED)
    assert again.status_code == 422
    assert error_beside(again.get_data(as_text=True), "email")


def test_an_acting_head_is_appointed_by_an_act_for_named_days(
    sign_in_staff: SignIn, administrator: FlaskClient
) -> None:
    staff_id = making.a_staff_member([Role.OFFICER], making.a_ministry())
    address = f"/en/console/staff/{staff_id}"
    backwards = {"first_day": "2026-06-10", "last_day": "2026-06-01", "act": "Order No 3"}
    refused = administrator.post(f"{address}/appointment", data=backwards)
    assert refused.status_code == 422 and error_beside(refused.get_data(as_text=True), "last_day")
    missing = administrator.post(f"{address}/appointment", data={"first_day": "soon", "last_day": ""})
    for field in ("first_day", "last_day", "act"):
        assert error_beside(missing.get_data(as_text=True), field)
    assert administrator.post(f"{address}/appointment", data=APPOINTMENT).status_code == 303
    with reading() as session:
        assert people.staff_row(session, staff_id).is_acting_on(date(2026, 6, 5))
    administrator.post(f"{address}/appointment/removal")
    with reading() as session:
        assert people.staff_row(session, staff_id).acting_act is None


def test_roles_and_body_change_together_but_not_ones_own(administrator: FlaskClient) -> None:
    staff_id = making.a_staff_member([Role.MODERATOR])
    address = f"/en/console/staff/{staff_id}"
    assert administrator.post(f"{address}/roles", data={"roles": ["head"], "body": ""}).status_code == 422
    done = administrator.post(f"{address}/roles", data={"roles": ["head", "officer"], "body": "mki"})
    assert done.status_code == 303
    assert "Head of a body" in administrator.get(address).get_data(as_text=True)
    own = next(row.id for row in all_staff() if Role.ADMINISTRATOR in row.roles)
    answer = administrator.post(f"/en/console/staff/{own}/roles", data={"roles": ["moderator"], "body": ""})
    assert answer.status_code == 422
    assert administrator.post(f"/en/console/staff/{own}/disabling").status_code == 422
    assert administrator.post(f"/en/console/staff/{own}/invitation").status_code == 422


def test_a_person_may_be_invited_again(administrator: FlaskClient) -> None:
    staff_id = making.a_staff_member([Role.MODERATOR])
    assert administrator.post(f"/en/console/staff/{staff_id}/invitation").status_code == 303
    assert "/staff/invitation/" in administrator.get("/en/console/staff").get_data(as_text=True)


def test_whoever_gives_access_proves_to_be_there_first(administrator: FlaskClient) -> None:
    staff_id, closed = (making.a_staff_member([Role.MODERATOR]) for _each in range(2))
    officer = making.a_staff_member([Role.OFFICER], making.a_ministry())
    accounts.disable_staff(closed, SYSTEM, clock.now())
    with transaction() as session:
        session.execute(sa.update(SignInSession).values(proven_at=clock.real_now() - timedelta(minutes=11)))
    given = [
        ("/en/console/staff", INVITED),
        (f"/en/console/staff/{staff_id}/roles", {"roles": ["moderator", "administrator"], "body": ""}),
        (f"/en/console/staff/{officer}/appointment", APPOINTMENT),
        (f"/en/console/staff/{closed}/enabling", {}),
        (f"/en/console/staff/{staff_id}/invitation", {}),
    ]
    for address, fields in given:
        asked = administrator.post(address, data=fields)
        assert asked.status_code == 403
        for role in fields.get("roles", []):
            assert f'name="roles" value="{role}"' in asked.text
        assert administrator.post(address, data={**fields, "proof_back": "1"}).status_code in (200, 303)
    assert account_of(staff_id).roles == (Role.MODERATOR,)
    assert account_of(officer).acting_act is None
    assert not account_of(closed).active
    assert administrator.post(f"/en/console/staff/{staff_id}/disabling").status_code == 303, "to shut out is quick"


def account_of(staff_id: int) -> people.StaffRow:
    with reading() as session:
        return people.staff_row(session, staff_id)


def test_where_mail_is_configured_no_link_is_shown(sqlite_database: Database, tmp_path: Path) -> None:
    app = make_app(sqlite_database, tmp_path, demo=False, smtp_url="smtp://localhost:1")
    admin = app.test_client()
    making.sign_in(admin, staff_id=making.a_staff_member([Role.ADMINISTRATOR]))
    assert admin.post("/en/console/staff", data=INVITED).status_code == 303
    assert "/staff/invitation/" not in admin.get("/en/console/staff").get_data(as_text=True)


def all_staff() -> list[people.StaffRow]:
    with reading() as session:
        return people.all_staff(session)


def account(email: str) -> people.StaffRow:
    with reading() as session:
        found = people.staff_by_email(session, email)
        assert found is not None
        return found
