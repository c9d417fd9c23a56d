"""What a page is told about its session, and the sentence for who has no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from petitions import clock
from petitions.db import transaction
from petitions.identity.models import SignInSession
from petitions.identity.roles import Role
from petitions.identity.sessions import IDLE, LONGEST

SignIn = Callable[..., FlaskClient]


def seen_ago(ago: timedelta, **changes: timedelta) -> None:
    """Every session was used that long ago; ``expires_at``: in how long it ends anyway."""
    now = clock.real_now()
    values = {"last_seen_at": now - ago} | {name: now + later for name, later in changes.items()}
    with transaction() as session:
        session.execute(sa.update(SignInSession).values(**values))


def left(client: FlaskClient) -> dict[str, object]:
    answer = client.get("/en/session")
    assert answer.headers["Cache-Control"] == "no-store"
    told: dict[str, object] = answer.get_json()
    return told


def test_a_session_tells_what_is_left_of_it_and_is_not_used_by_that(sign_in_staff: SignIn) -> None:
    client = sign_in_staff(Role.MODERATOR)
    seen_ago(timedelta(minutes=20))
    for _ in range(2):
        assert 590 <= int(str(left(client)["seconds"])) <= 600


def test_any_other_page_and_the_button_use_it(sign_in_staff: SignIn) -> None:
    client = sign_in_staff(Role.MODERATOR)
    for use in (lambda: client.get("/en/console"), lambda: client.post("/en/session/extension")):
        seen_ago(timedelta(minutes=20))
        assert use().status_code == 200
        assert int(str(left(client)["seconds"])) > IDLE["staff"].total_seconds() - 30


def test_the_longest_time_ends_it_anyway(sign_in_citizen: SignIn) -> None:
    client = sign_in_citizen("daniyar")
    assert left(client)["longer"] is True
    seen_ago(timedelta(hours=1), expires_at=timedelta(minutes=5))
    told = client.post("/en/session/extension").get_json()
    assert told["longer"] is False
    assert 290 <= told["seconds"] <= 300


def test_who_has_no_session_has_nothing_left(client: FlaskClient) -> None:
    assert client.get("/en/session").get_json() == {"seconds": 0, "longer": False}


@pytest.mark.parametrize(("who", "sentence"), [("staff", "30 minutes after"), ("citizen", "12 hours after your last")])
def test_without_javascript_the_page_says_how_long_one_stays_signed_in(
    sign_in_staff: SignIn, sign_in_citizen: SignIn, who: str, sentence: str
) -> None:
    assert {"staff": timedelta(minutes=30), "citizen": timedelta(hours=12)} == IDLE, "the sentences say these"
    assert {"staff": timedelta(hours=12), "citizen": timedelta(hours=24)} == LONGEST
    client = sign_in_staff(Role.MODERATOR) if who == "staff" else sign_in_citizen("daniyar")
    page = client.get("/en/").text
    assert f'<noscript>\n  <p class="wrap soft small">You are signed out {sentence}' in page
    assert "data-session-warning" in page


def test_all_pages_of_a_person_bear_one_mark_and_nobody_elses_do(
    sign_in_staff: SignIn, sign_in_citizen: SignIn
) -> None:
    def mark(client: FlaskClient) -> str:
        found = re.search(r'data-sign-out="([0-9a-f]{10})"', client.get("/en/").text)
        assert found is not None
        return found.group(1)

    first, again, other = sign_in_citizen("daniyar"), sign_in_citizen("daniyar"), sign_in_citizen("aigul")
    marks = [mark(client) for client in (first, again, other, sign_in_staff(Role.MODERATOR))]
    assert marks[0] == marks[1]
    assert len(set(marks)) == 3
