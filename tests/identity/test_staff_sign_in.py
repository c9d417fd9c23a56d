"""Staff knock with e-mail, password and code, on both engines: what is taken, refused, limited and written down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask

from petitions.audit import SYSTEM
from petitions.audit.queries import newest
from petitions.db import reading
from petitions.errors import TooMany
from petitions.identity import attempts, enrolment, passkeys, passwords, staff, staff_proofs, totp
from petitions.identity.models import AttemptKind
from tests.identity.staff_door import AT, PASSWORD, SECRET, a_member, acts, an_app, an_invitation, code, enter

pytestmark = pytest.mark.usefixtures("services")

STEP = timedelta(seconds=totp.STEP_SECONDS)


def prove(staff_id: int, typed: str, now: datetime = AT) -> None:
    staff_proofs.prove_by_code(staff_id, typed, address="192.0.2.1", now=now, at=AT)


def test_a_code_is_taken_once() -> None:
    staff_id = a_member("a@example.kz")
    assert enter("a@example.kz") == staff_id
    with pytest.raises(staff_proofs.WrongCredentials):
        enter("a@example.kz")
    with pytest.raises(totp.WrongCode):
        prove(staff_id, code())
    assert enter("a@example.kz", now=AT + STEP) == staff_id


def test_after_a_code_no_earlier_one_is_taken() -> None:
    staff_id = a_member("a@example.kz")
    prove(staff_id, code(later=1))
    for earlier in (0, -1):
        with pytest.raises(totp.WrongCode):
            prove(staff_id, code(later=earlier))


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_clock_of_a_phone_may_differ_by_half_a_minute(steps: int, is_taken: bool) -> None:
    assert (totp.matching_step(SECRET, code(later=steps), AT) is not None) == is_taken


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000 000000"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert totp.matching_step(SECRET, typed, AT) is None


def test_a_code_may_be_typed_with_a_space() -> None:
    assert totp.matching_step(SECRET, f"{code()[:3]} {code()[3:]}", AT) == totp.step_at(AT)


def test_the_code_that_set_the_app_up_does_not_open_the_door() -> None:
    confirmed = totp.confirm(SECRET, code(), AT)
    enrolment.accept_with_password(an_invitation("a@example.kz"), PASSWORD, confirmed, AT)
    with pytest.raises(staff_proofs.WrongCredentials):
        enter("a@example.kz")


def test_of_two_who_send_a_code_at_once_one_gets_through() -> None:
    staff_id = a_member("a@example.kz")

    def attempt(_number: int) -> bool:
        try:
            prove(staff_id, code())
        except totp.WrongCode:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


def test_whoever_is_invited_again_while_signing_in_stays_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    staff_id = a_member("a@example.kz")
    compare = passwords.is_right

    def slowly(password_hash: str | None, password: str) -> bool:
        staff.invite_again(staff_id, SYSTEM, AT)
        return compare(password_hash, password)

    monkeypatch.setattr(passwords, "is_right", slowly)
    with pytest.raises(staff_proofs.WrongCredentials):
        enter("a@example.kz")


def test_a_recovery_code_takes_the_place_of_the_app_once() -> None:
    accepted = enrolment.accept_with_password(an_invitation("a@example.kz"), PASSWORD, an_app(), AT)
    assert len(set(accepted.codes)) == 10
    typed = accepted.codes[3].lower().replace("-", " ")
    assert enter("a@example.kz", PASSWORD, typed) == accepted.staff_id
    for wrong in (typed, "AAAA-AAAA-AAAA-AAAA"):
        with pytest.raises(staff_proofs.WrongCredentials):
            enter("a@example.kz", PASSWORD, wrong)
    fresh = enrolment.renew_recovery_codes(accepted.staff_id, AT)
    with pytest.raises(staff_proofs.WrongCredentials):
        enter("a@example.kz", PASSWORD, accepted.codes[4])
    assert enter("a@example.kz", PASSWORD, fresh[0]) == accepted.staff_id


def test_a_code_without_the_password_opens_nothing_and_is_not_used_up() -> None:
    a_member("a@example.kz")
    with pytest.raises(staff_proofs.WrongCredentials):
        enter("a@example.kz", "wrong password")
    assert enter("a@example.kz")


def test_a_password_without_an_app_opens_nothing() -> None:
    a_member("a@example.kz")
    for typed in ("", "000000", PASSWORD):
        with pytest.raises(staff_proofs.WrongCredentials):
            enter("a@example.kz", PASSWORD, typed)


def test_proofs_are_limited_and_written_down() -> None:
    staff_id = a_member("a@example.kz")
    for _number in range(5):
        with pytest.raises(totp.WrongCode):
            prove(staff_id, "wrong")
    with pytest.raises(TooMany):
        prove(staff_id, code())
    prove(staff_id, code(AT + attempts.WINDOW), AT + attempts.WINDOW)
    told = [act for act, _subject in acts()]
    assert told[-7:] == ["prove-presence-failed"] * 5 + ["prove-presence-limited", "prove-presence"]


def test_an_unreadable_passkey_is_refused_like_any_other() -> None:
    challenge, party = passkeys.Challenge(b"c" * 32, AT), passkeys.RelyingParty("localhost", "http://localhost", "x")
    answers = ("", "{}", "[]", '"text"', '{"rawId": 1}', '{"rawId": "AAAA"}', "[" * 100_000, "{" * 10_000)
    for number, answer in enumerate(answers):
        now = AT + number * attempts.WINDOW
        with pytest.raises(passkeys.PasskeyRefused):
            staff_proofs.authenticate_by_passkey(party, answer, challenge, address="192.0.2.1", now=now, at=AT)
    assert acts()[-len(answers) :] == [("sign-in-failed", "staff:nobody")] * len(answers)


def test_everybody_of_one_network_of_ipv6_is_one_as_far_as_limits_go() -> None:
    for number in range(20):
        address = f"2001:db8::{number:x}"
        attempts.begin(AttemptKind.STAFF_SIGN_IN, account=f"a{number}@example.kz", address=address, now=AT)
    with pytest.raises(TooMany):
        attempts.begin(AttemptKind.STAFF_SIGN_IN, account="b@example.kz", address="2001:db8:0:0:ffff::1", now=AT)
    attempts.begin(AttemptKind.STAFF_SIGN_IN, account="b@example.kz", address="2001:db8:0:1::1", now=AT)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    assert attempts.network_of(address) == network


def test_refusals_are_neutral_and_leave_a_line_without_email() -> None:
    staff_id = a_member("a@example.kz")
    messages = set()
    for email, password in (("a@example.kz", "wrong password"), ("nobody@example.kz", PASSWORD)):
        with pytest.raises(staff_proofs.WrongCredentials) as refused:
            enter(email, password)
        messages.add(str(refused.value.message))
    assert len(messages) == 1
    assert acts()[-2:] == [("sign-in-failed", f"staff:{staff_id}"), ("sign-in-failed", "staff:nobody")]
    with reading() as session:
        assert "@" not in str([row.details for row in newest(session)])


def test_a_disabled_account_is_refused_like_any_other() -> None:
    staff_id = a_member("a@example.kz")
    staff.disable_staff(staff_id, SYSTEM, AT)
    with pytest.raises(staff_proofs.WrongCredentials):
        enter("a@example.kz")
    staff.enable_staff(staff_id, SYSTEM, AT)
    assert enter("a@example.kz") == staff_id


def test_five_failures_close_an_account_for_a_quarter_of_an_hour() -> None:
    staff_id = a_member("a@example.kz")
    for number in range(5):
        with pytest.raises(staff_proofs.WrongCredentials):
            enter("a@example.kz", "wrong", address=f"192.0.2.{number}")
    with pytest.raises(TooMany):
        enter("a@example.kz", now=AT + timedelta(minutes=14), address="192.0.2.9")
    assert acts()[-1] == ("sign-in-limited", f"staff:{staff_id}")
    assert enter("a@example.kz", now=AT + timedelta(minutes=16), address="192.0.2.9") == staff_id


def test_an_account_that_does_not_exist_is_limited_the_same() -> None:
    for _number in range(5):
        with pytest.raises(staff_proofs.WrongCredentials):
            enter("nobody@example.kz", "wrong")
    with pytest.raises(TooMany):
        enter("nobody@example.kz", "wrong")


def test_twenty_failures_close_a_network_address() -> None:
    for number in range(20):
        attempts.begin(AttemptKind.STAFF_SIGN_IN, account=f"a{number}@example.kz", address="192.0.2.1", now=AT)
    a_member("a@example.kz")
    with pytest.raises(TooMany):
        enter("a@example.kz", address="192.0.2.1")
    assert enter("a@example.kz", address="192.0.2.2")


def test_right_passwords_do_not_use_the_limit_up() -> None:
    a_member("a@example.kz")
    step = timedelta(seconds=totp.STEP_SECONDS)
    assert len({enter("a@example.kz", now=AT + number * step) for number in range(8)}) == 1


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


def test_an_account_that_no_database_could_hold_is_refused_like_any_other(app: Flask) -> None:
    form = {"email": "a\0@example.kz", "password": "x\0", "code": "0\0"}
    assert app.test_client().post("/en/staff/sign-in", data=form).status_code == 422
