"""Staff accounts, on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from petitions.audit import SYSTEM, Actor
from petitions.audit.queries import newest
from petitions.db import reading
from petitions.errors import DomainError, TooMany
from petitions.identity import attempts, demo_staff, queries, sessions, staff
from petitions.identity.links import LinkNotValid
from petitions.identity.models import AttemptKind
from petitions.identity.roles import Role
from tests.conftest import Database, make_config

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
PASSWORD = "three unrelated words"

pytestmark = pytest.mark.usefixtures("services")


def body_id() -> int:
    with reading() as session:
        return int(session.execute(sa.text("SELECT min(id) FROM body")).scalar_one())


def make(email: str = "moderator@example.kz", *roles: Role, body: int | None = None) -> int:
    path = staff.create_staff(email, "Somebody", roles or (Role.MODERATOR,), body, SYSTEM, AT)
    return staff.set_password(path.rpartition("/")[2], PASSWORD, AT)


def enter(email: str, password: str, now: datetime = AT, address: str = "192.0.2.1") -> int:
    return staff.authenticate_staff(email, password, address=address, now=now, at=AT)


def acts() -> list[tuple[str, str]]:
    with reading() as session:
        return [(row.act, row.subject) for row in newest(session)][::-1]


def test_an_invited_person_sets_a_password_and_enters() -> None:
    staff_id = make("Moderator@Example.kz")
    assert enter(" moderator@example.KZ ", PASSWORD) == staff_id
    assert acts()[-3:] == [
        ("create-staff", f"staff:{staff_id}"),
        ("set-password", f"staff:{staff_id}"),
        ("sign-in", f"staff:{staff_id}"),
    ]


def test_an_invitation_works_once() -> None:
    token = staff.create_staff("a@example.kz", "A", [Role.MODERATOR], None, SYSTEM, AT).rpartition("/")[2]
    staff.check_invitation(token)
    staff.set_password(token, PASSWORD, AT)
    with pytest.raises(LinkNotValid):
        staff.set_password(token, "another good password", AT)
    with pytest.raises(LinkNotValid):
        staff.check_invitation(token)


def test_a_new_invitation_replaces_password_sessions_and_the_former_one() -> None:
    first = staff.create_staff("a@example.kz", "A", [Role.MODERATOR], None, SYSTEM, AT).rpartition("/")[2]
    staff_id = staff.set_password(first, PASSWORD, AT)
    token = sessions.open_session(staff_id=staff_id, now=AT)
    second = staff.invite_again(staff_id, SYSTEM, AT).rpartition("/")[2]
    with pytest.raises(LinkNotValid):
        staff.check_invitation(first)
    with pytest.raises(staff.WrongCredentials):
        enter("a@example.kz", PASSWORD)
    assert viewer(token) is sessions.GUEST
    assert staff.set_password(second, "another good password", AT) == staff_id


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "a@example.kz.", "x" * 201])
def test_a_weak_password_is_refused(password: str) -> None:
    token = staff.create_staff("a@example.kz.", "A", [Role.MODERATOR], None, SYSTEM, AT).rpartition("/")[2]
    with pytest.raises(staff.WeakPassword):
        staff.set_password(token, password, AT)


def test_an_account_needs_a_role_and_an_officer_a_body() -> None:
    with pytest.raises(staff.NoRole):
        staff.create_staff("a@example.kz", "A", [], None, SYSTEM, AT)
    with pytest.raises(staff.RoleNeedsBody):
        staff.create_staff("a@example.kz", "A", [Role.OFFICER], None, SYSTEM, AT)


def test_an_email_belongs_to_one_account() -> None:
    make("a@example.kz")
    with pytest.raises(staff.EmailTaken):
        make("A@example.kz")


def test_refusals_are_neutral_and_leave_a_line_without_email() -> None:
    staff_id = make("a@example.kz")
    messages = set()
    for email, password in (("a@example.kz", "wrong password"), ("nobody@example.kz", PASSWORD)):
        with pytest.raises(staff.WrongCredentials) as refused:
            enter(email, password)
        messages.add(str(refused.value.message))
    assert len(messages) == 1
    assert acts()[-2:] == [("sign-in-failed", f"staff:{staff_id}"), ("sign-in-failed", "staff:nobody")]
    with reading() as session:
        assert "@" not in str([row.details for row in newest(session)])


def test_a_disabled_account_is_refused_like_any_other() -> None:
    staff_id = make("a@example.kz")
    staff.disable_staff(staff_id, SYSTEM, AT)
    with pytest.raises(staff.WrongCredentials):
        enter("a@example.kz", PASSWORD)
    staff.enable_staff(staff_id, SYSTEM, AT)
    assert enter("a@example.kz", PASSWORD) == staff_id


def test_five_failures_close_an_account_for_a_quarter_of_an_hour() -> None:
    staff_id = make("a@example.kz")
    for number in range(5):
        with pytest.raises(staff.WrongCredentials):
            enter("a@example.kz", "wrong", address=f"192.0.2.{number}")
    with pytest.raises(TooMany):
        enter("a@example.kz", PASSWORD, now=AT + timedelta(minutes=14), address="192.0.2.9")
    assert acts()[-1] == ("sign-in-limited", f"staff:{staff_id}")
    assert enter("a@example.kz", PASSWORD, now=AT + timedelta(minutes=16), address="192.0.2.9") == staff_id


def test_an_account_that_does_not_exist_is_limited_the_same() -> None:
    for _number in range(5):
        with pytest.raises(staff.WrongCredentials):
            enter("nobody@example.kz", "wrong")
    with pytest.raises(TooMany):
        enter("nobody@example.kz", "wrong")


def test_twenty_failures_close_a_network_address() -> None:
    for number in range(20):
        attempts.begin(AttemptKind.STAFF_SIGN_IN, account=f"a{number}@example.kz", address="192.0.2.1", now=AT)
    make("a@example.kz")
    with pytest.raises(TooMany):
        enter("a@example.kz", PASSWORD, address="192.0.2.1")
    assert enter("a@example.kz", PASSWORD, address="192.0.2.2")


def test_right_passwords_do_not_use_the_limit_up() -> None:
    make("a@example.kz")
    assert len({enter("a@example.kz", PASSWORD) for _number in range(8)}) == 1


def test_many_attempts_at_once_do_not_slip_through() -> None:
    def attempt(number: int) -> bool:
        try:
            attempts.begin(AttemptKind.STAFF_SIGN_IN, account="a@example.kz", address=f"192.0.2.{number}", now=AT)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) <= 5


def test_old_attempts_are_forgotten() -> None:
    attempts.begin(AttemptKind.STAFF_SIGN_IN, account="a@example.kz", address="192.0.2.1", now=AT)
    assert attempts.forget_old(AT) == 0
    assert attempts.forget_old(AT + timedelta(days=2)) == 1


def viewer(token: str, now: datetime = AT, at: datetime = AT) -> sessions.Viewer:
    return sessions.viewer_of(sessions.token_digest(token), now=now, at=at)[0]


def test_roles_are_read_anew_in_an_open_session() -> None:
    staff_id = make("a@example.kz")
    token = sessions.open_session(staff_id=staff_id, now=AT)
    assert viewer(token).roles == {Role.MODERATOR}
    staff.set_roles(staff_id, [Role.OFFICER], body_id(), SYSTEM, AT)
    assert viewer(token).roles == {Role.OFFICER}
    assert viewer(token).body_id == body_id()
    staff.disable_staff(staff_id, SYSTEM, AT)
    assert viewer(token) is sessions.GUEST


def test_an_acting_head_is_one_only_on_the_days_of_the_act() -> None:
    staff_id = make("a@example.kz", Role.OFFICER, body=body_id())
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
    staff_id = make("a@example.kz", Role.OFFICER, body=body_id())
    with pytest.raises(staff.BadAppointment):
        staff.appoint_acting_head(staff_id, first, last, act, SYSTEM, AT)


def test_an_acting_head_has_a_body() -> None:
    staff_id = make("a@example.kz")
    with pytest.raises(staff.RoleNeedsBody):
        staff.appoint_acting_head(staff_id, date(2026, 1, 1), date(2026, 1, 2), "Order", SYSTEM, AT)


def test_an_appointment_does_not_move_to_another_body() -> None:
    staff_id = make("a@example.kz", Role.OFFICER, body=body_id())
    staff.appoint_acting_head(staff_id, date(2026, 11, 1), date(2026, 11, 30), "Order", SYSTEM, AT)
    staff.set_roles(staff_id, [Role.OFFICER], body_id() + 1, SYSTEM, AT)
    with reading() as session:
        assert queries.staff_row(session, staff_id).acting_act is None


def test_nobody_changes_or_disables_their_own_account() -> None:
    staff_id = make("a@example.kz", Role.ADMINISTRATOR)
    me = Actor("staff", staff_id, "administrator")
    for act in (
        lambda: staff.disable_staff(staff_id, me, AT),
        lambda: staff.set_roles(staff_id, [Role.HEAD], body_id(), me, AT),
        lambda: staff.appoint_acting_head(staff_id, AT.date(), AT.date(), "Order", me, AT),
    ):
        with pytest.raises(staff.NotOneself):
            act()


def test_an_account_that_no_database_could_hold_is_refused_like_any_other(app: Flask) -> None:
    form = {"email": "a\0@example.kz", "password": "x\0"}
    assert app.test_client().post("/en/staff/sign-in", data=form).status_code == 422


def test_demo_staff_are_made_once_and_may_enter(database: Database, tmp_path: Path) -> None:
    config = make_config(tmp_path, database.url)
    bodies = {"ministry": body_id(), "akimat": body_id() + 1, "maslikhat": body_id() + 2}
    made = demo_staff.seed_demo_staff(config, bodies, AT)
    assert demo_staff.seed_demo_staff(config, bodies, AT) == made
    password = demo_staff.demo_password(config)
    assert enter("moderator@demo.invalid", password) == made["moderator"]
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


def test_errors_of_this_room_have_words() -> None:
    for kind in (staff.WrongCredentials, staff.WeakPassword, staff.NotOneself, staff.BadAppointment):
        error: DomainError = kind()
        assert str(error.message)
