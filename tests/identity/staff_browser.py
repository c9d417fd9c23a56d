"""What a browser of a member of staff does at the door, in a test of pages; a device in software holds the passkeys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from petitions import clock
from petitions.db import transaction
from petitions.identity.models import SignInSession
from tests.identity.soft_key import SoftKey
from tests.identity.staff_door import PASSWORD, code

DOOR = "/en/staff/sign-in"
ACCESS = "/en/staff/access"


def filled(**changes: str) -> dict[str, str]:
    return {"email": "m@example.kz", "password": PASSWORD, "code": code(clock.real_now())} | changes


def options(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.post(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def accept(client: FlaskClient, invited: str, key: SoftKey) -> int:
    made = key.create(options(client, f"{invited}/passkey-options"))
    return client.post(f"{invited}/passkey", data={"name": "Work laptop", "credential": made}).status_code


def enter(client: FlaskClient, key: SoftKey) -> int:
    return client.post(
        f"{DOOR}/passkey", data={"credential": key.use(options(client, f"{DOOR}/passkey-options"))}
    ).status_code


def is_in(client: FlaskClient) -> bool:
    return client.get("/en/console").status_code == 200


def grow_old(minutes: int = 11) -> None:
    """Let the last proof of everybody be of some minutes ago."""
    with transaction() as session:
        session.execute(sa.update(SignInSession).values(proven_at=clock.real_now() - timedelta(minutes=minutes)))
