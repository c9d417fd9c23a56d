"""Staff accounts, on both engines."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click import ClickException
from flask import Flask

from petitions.audit import SYSTEM, Actor
from petitions.cli.serve import prepare_installation
from petitions.config import Config
from petitions.db import reading
from petitions.errors import DomainError
from petitions.identity import (
    demo_staff,
    enrolment,
    passkeys,
    passwords,
    queries,
    sessions,
    staff,
    staff_proofs,
    totp,
)
from petitions.identity.links import LinkNotValid
from petitions.identity.models import Proof
from petitions.identity.roles import Role
from tests.conftest import Database, make_config
from tests.identity.staff_door import AT, PASSWORD, a_member, acts, an_app, an_invitation, enter, viewer

pytestmark = pytest.mark.usefixtures("services")


def body_id() -> int:
    with reading() as session:
        return int(session.execute(sa.text("SELECT min(id) FROM body")).scalar_one())


def test_an_invited_person_sets_password_and_app_and_enters() -> None:
    staff_id = a_member("Moderator@Example.kz")
    assert enter(" moderator@example.KZ ") == staff_id
    assert acts()[-3:] == [
        ("create-staff", f"staff:{staff_id}"),
        ("set-password", f"staff:{staff_id}"),
        ("sign-in", f"staff:{staff_id}"),
    ]


def test_an_invitation_works_once() -> None:
    token = an_invitation()
    assert enrolment.invitation(token).email == "moderator@example.kz"
    enrolment.accept_with_password(token, PASSWORD, an_app(), AT)
    with pytest.raises(LinkNotValid):
        enrolment.accept_with_password(token, "another good password", an_app(), AT)
    with pytest.raises(LinkNotValid):
        enrolment.invitation(token)


def test_of_two_who_use_an_invitation_at_once_one_gets_in() -> None:
    token = an_invitation()
    together = threading.Barrier(4)

    def accept(number: int) -> bool:
        together.wait()
        try:
            enrolment.accept_with_password(token, f"{PASSWORD} {number}", an_app(), AT)
        except LinkNotValid:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(accept, range(4))) == 1


def test_an_invitation_of_a_closed_account_opens_nothing() -> None:
    token = an_invitation()
    staff.disable_staff(enrolment.invitation(token).staff_id, SYSTEM, AT)
    with pytest.raises(LinkNotValid):
        enrolment.accept_with_password(token, PASSWORD, an_app(), AT)


def test_a_new_invitation_replaces_every_way_sessions_and_the_former_one() -> None:
    first = an_invitation("a@example.kz")
    staff_id, codes = vars(enrolment.accept_with_password(first, PASSWORD, an_app(), AT)).values()
    token = sessions.open_session(staff_id=staff_id, now=AT)
    second = staff.invite_again(staff_id, SYSTEM, AT).rpartition("/")[2]
    with pytest.raises(LinkNotValid):
        enrolment.invitation(first)
    for typed in (None, codes[0]):
        with pytest.raises(staff_proofs.WrongCredentials):
            enter("a@example.kz", PASSWORD, typed)
    assert viewer(token) is sessions.GUEST
    assert enrolment.accept_with_password(second, "another good password", an_app(), AT).staff_id == staff_id


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "a@example.kz.", "x" * 201])
def test_a_weak_password_is_refused(password: str) -> None:
    token = an_invitation("a@example.kz.")
    with pytest.raises(passwords.WeakPassword):
        enrolment.accept_with_password(token, password, an_app(), AT)


def test_an_account_needs_a_role_and_an_officer_a_body() -> None:
    with pytest.raises(staff.NoRole):
        staff.create_staff("a@example.kz", "A", [], None, SYSTEM, AT)
    with pytest.raises(staff.RoleNeedsBody):
        staff.create_staff("a@example.kz", "A", [Role.OFFICER], None, SYSTEM, AT)


def test_an_email_belongs_to_one_account() -> None:
    a_member("a@example.kz")
    with pytest.raises(staff.EmailTaken):
        a_member("A@example.kz")


def test_who_gets_other_roles_is_signed_out_everywhere() -> None:
    staff_id = a_member("a@example.kz")
    token = sessions.open_session(staff_id=staff_id, method=Proof.PASSKEY, now=AT)
    assert viewer(token).roles == {Role.MODERATOR}
    staff.set_roles(staff_id, [Role.OFFICER], body_id(), SYSTEM, AT)
    assert viewer(token) is sessions.GUEST
    again = viewer(sessions.open_session(staff_id=staff_id, now=AT))
    assert (again.roles, again.body_id) == ({Role.OFFICER}, body_id())


def test_who_is_disabled_is_out_at_once_and_an_old_session_does_not_come_back() -> None:
    staff_id = a_member("a@example.kz")
    before = sessions.open_session(staff_id=staff_id, now=AT)
    staff.disable_staff(staff_id, SYSTEM, AT)
    meanwhile = sessions.open_session(staff_id=staff_id, now=AT)
    assert viewer(before) is viewer(meanwhile) is sessions.GUEST
    staff.enable_staff(staff_id, SYSTEM, AT)
    assert viewer(before) is viewer(meanwhile) is sessions.GUEST
    assert viewer(sessions.open_session(staff_id=staff_id, now=AT)).staff_id == staff_id


def test_an_acting_head_is_one_only_on_the_days_of_the_act() -> None:
    staff_id = a_member("a@example.kz", Role.OFFICER, body=body_id())
    staff.appoint_acting_head(staff_id, date(2026, 11, 21), date(2026, 11, 23), "Order 5", SYSTEM, AT)
    token = sessions.open_session(staff_id=staff_id, now=AT)
    assert viewer(token).roles == {Role.OFFICER, Role.HEAD}
    assert viewer(token).acting_act == "Order 5"
    assert viewer(token).actor().role == "head"
    # 23 November ends at 19:00 UTC in Kazakhstan.
    assert Role.HEAD in viewer(token, at=datetime(2026, 11, 23, 18, 59, tzinfo=UTC)).roles
    assert Role.HEAD not in viewer(token, at=datetime(2026, 11, 23, 19, 0, tzinfo=UTC)).roles
    staff.appoint_acting_head(staff_id, None, None, None, SYSTEM, AT)
    assert viewer(token).roles == {Role.OFFICER}


@pytest.mark.parametrize(
    ("first", "last", "act"),
    [
        (date(2026, 1, 2), date(2026, 1, 1), "Order"),
        (date(2026, 1, 1), None, "Order"),
        (date(2026, 1, 1), date(2026, 1, 2), "  "),
        (None, None, "Order"),
    ],
)
def test_an_appointment_needs_both_days_and_the_act(first: date | None, last: date | None, act: str) -> None:
    staff_id = a_member("a@example.kz", Role.OFFICER, body=body_id())
    with pytest.raises(staff.BadAppointment):
        staff.appoint_acting_head(staff_id, first, last, act, SYSTEM, AT)


def test_an_acting_head_has_a_body() -> None:
    staff_id = a_member("a@example.kz")
    with pytest.raises(staff.RoleNeedsBody):
        staff.appoint_acting_head(staff_id, date(2026, 1, 1), date(2026, 1, 2), "Order", SYSTEM, AT)


def test_an_appointment_does_not_move_to_another_body() -> None:
    staff_id = a_member("a@example.kz", Role.OFFICER, body=body_id())
    staff.appoint_acting_head(staff_id, date(2026, 11, 1), date(2026, 11, 30), "Order", SYSTEM, AT)
    staff.set_roles(staff_id, [Role.OFFICER], body_id() + 1, SYSTEM, AT)
    with reading() as session:
        assert queries.staff_row(session, staff_id).acting_act is None


def test_nobody_changes_or_disables_their_own_account() -> None:
    staff_id = a_member("a@example.kz", Role.ADMINISTRATOR)
    me = Actor("staff", staff_id, "administrator")
    for act in (
        lambda: staff.disable_staff(staff_id, me, AT),
        lambda: staff.set_roles(staff_id, [Role.HEAD], body_id(), me, AT),
        lambda: staff.appoint_acting_head(staff_id, AT.date(), AT.date(), "Order", me, AT),
    ):
        with pytest.raises(staff.NotOneself):
            act()


def test_demo_staff_are_made_once_and_may_enter(database: Database, tmp_path: Path) -> None:
    config = make_config(tmp_path, database.url)
    bodies = {"ministry": body_id(), "akimat": body_id() + 1, "maslikhat": body_id() + 2}
    made = demo_staff.seed_demo_staff(config, bodies, AT)
    assert demo_staff.seed_demo_staff(config, bodies, AT) == made
    password = demo_staff.demo_password(config)
    shown = totp.code_of(demo_staff.demo_secret(config, "moderator"), totp.step_at(AT))
    assert enter("moderator@demo.invalid", password, shown) == made["moderator"]
    with reading() as session:
        roles = {role for row in queries.all_staff(session) for role in row.roles}
    assert roles == set(Role)


def test_demo_staff_never_exist_in_production(database: Database, tmp_path: Path) -> None:
    for config in (
        make_config(tmp_path, database.url, environment="production"),
        make_config(tmp_path, database.url, demo=False),
    ):
        with pytest.raises(RuntimeError):
            demo_staff.seed_demo_staff(config, {}, AT)
        with pytest.raises(RuntimeError):
            demo_staff.demo_secret(config, "moderator")


def test_production_does_not_start_on_a_demonstrations_database(app: Flask, tmp_path: Path) -> None:
    config: Config = app.extensions["config"]
    bodies = {"ministry": body_id(), "akimat": body_id() + 1, "maslikhat": body_id() + 2}
    made = demo_staff.seed_demo_staff(config, bodies, AT)
    in_earnest = replace(config, environment="production", demo=False)
    with app.app_context():
        with pytest.raises(ClickException, match="demonstration"):
            prepare_installation(in_earnest)
        for staff_id in made.values():
            staff.disable_staff(staff_id, SYSTEM, AT)
        prepare_installation(in_earnest)


def test_errors_of_this_room_have_words() -> None:
    for kind in (
        staff_proofs.WrongCredentials,
        passwords.WeakPassword,
        passkeys.PasskeyRefused,
        staff.NotOneself,
        staff.BadAppointment,
    ):
        error: DomainError = kind()
        assert str(error.message)


def test_who_lost_every_way_is_let_back_in_from_the_command_line(app: Flask) -> None:
    staff_id = a_member("a@example.kz")
    token = sessions.open_session(staff_id=staff_id, now=AT)
    told = app.test_cli_runner().invoke(args=["staff", "invite-again", "A@example.kz"])
    assert told.exit_code == 0
    assert "http://localhost/kk/staff/invitation/" in told.output
    assert enrolment.invitation(told.output.strip().rpartition("/")[2]).staff_id == staff_id
    assert viewer(token) is sessions.GUEST
    assert app.test_cli_runner().invoke(args=["staff", "invite-again", "nobody@example.kz"]).exit_code == 2
