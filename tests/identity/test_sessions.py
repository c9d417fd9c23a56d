"""Sessions on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from petitions.db import reading, transaction
from petitions.identity import actions, queries, sessions
from petitions.identity.models import RegistryStatus, SignInSession
from petitions.identity.simulators.people import person
from tests.identity.staff_door import a_member
from tests.identity.test_citizens import identity_of

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("services")


def citizen(key: str = "aigul") -> int:
    return actions.citizen_from_identity(identity_of(person(key)), RegistryStatus.DOWN, AT)


def viewer(token: str, now: datetime) -> sessions.Viewer:
    return sessions.viewer_of(sessions.token_digest(token), now=now, at=AT)[0]


def see(token: str, now: datetime) -> None:
    with transaction() as session:
        session.execute(sa.update(SignInSession).values(last_seen_at=now))


def test_a_citizen_is_seen_by_the_public_name() -> None:
    me = viewer(sessions.open_session(citizen_id=citizen(), now=AT), AT)
    assert (me.kind, me.display_name, me.roles) == ("citizen", "Айгүл С.", frozenset())
    assert me.actor().role == "citizen"


def test_the_token_itself_is_not_kept() -> None:
    token = sessions.open_session(citizen_id=citizen(), now=AT)
    with reading() as session:
        assert token not in str(session.execute(sa.select(SignInSession.token_digest)).all())


def test_a_citizens_session_rests_for_twelve_hours_and_ends_after_a_day() -> None:
    token = sessions.open_session(citizen_id=citizen(), now=AT)
    assert viewer(token, AT + timedelta(hours=12)).is_authenticated
    assert viewer(token, AT + timedelta(hours=12, seconds=1)) is sessions.GUEST
    see(token, AT + timedelta(hours=23))
    assert viewer(token, AT + timedelta(hours=23, minutes=59)).is_authenticated
    assert viewer(token, AT + timedelta(hours=24)) is sessions.GUEST


def test_a_staff_session_rests_for_half_an_hour() -> None:
    token = sessions.open_session(staff_id=a_member(), now=AT)
    assert viewer(token, AT + timedelta(minutes=30)).is_authenticated
    assert viewer(token, AT + timedelta(minutes=30, seconds=1)) is sessions.GUEST


def test_a_revoked_session_is_over_at_once() -> None:
    me = citizen()
    token = sessions.open_session(citizen_id=me, now=AT)
    digest = sessions.token_digest(token)
    assert not sessions.revoke(digest, now=AT, citizen_id=citizen("olga"))
    assert viewer(token, AT).is_authenticated
    assert sessions.revoke(digest, now=AT, citizen_id=me)
    assert viewer(token, AT) is sessions.GUEST
    assert not sessions.revoke(digest, now=AT, citizen_id=me)


def test_ones_own_sessions_are_listed_and_nobody_elses() -> None:
    me = citizen()
    first = sessions.open_session(citizen_id=me, now=AT)
    second = sessions.open_session(citizen_id=me, now=AT + timedelta(hours=1))
    sessions.open_session(citizen_id=citizen("olga"), now=AT)
    with reading() as session:
        rows = queries.open_sessions(session, me, this=sessions.token_digest(second), now=AT + timedelta(hours=2))
    assert [row.token_digest for row in rows] == [sessions.token_digest(second), sessions.token_digest(first)]
    assert [row.is_this for row in rows] == [True, False]


@pytest.mark.parametrize("both", [True, False])
def test_a_session_belongs_to_exactly_one_person(both: bool) -> None:
    people = {"citizen_id": citizen(), "staff_id": a_member()} if both else {}
    with pytest.raises(IntegrityError):
        sessions.open_session(now=AT, **people)


def test_an_unknown_token_is_a_guest() -> None:
    assert viewer("nobody's", AT) is sessions.GUEST


def test_a_guest_does_not_act() -> None:
    with pytest.raises(RuntimeError):
        sessions.GUEST.actor()


def test_sessions_long_over_are_forgotten() -> None:
    sessions.open_session(citizen_id=citizen(), now=AT)
    assert actions.forget_sessions(AT + timedelta(days=2)) == 0
    assert actions.forget_sessions(AT + timedelta(days=40)) == 1
