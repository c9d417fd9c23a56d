"""Who acts in the tests of the check, and what the trail says they did."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from petitions.audit import Actor, AuditEntry
from petitions.db import reading
from petitions.identity.roles import Role
from tests import making

MODERATOR = Actor("staff", None, Role.MODERATOR)
SENIOR = Actor("staff", None, Role.SENIOR_MODERATOR)
REASONS = (
    "Бұл петицияның мәселесі заңда тыйым салынған тақырыптардың біріне жатады, сондықтан ол тексеруден өте "
    "алмайды. Автор мәтінді түзетіп, қайта бере алады."
)


def acts_on(petition_id: int) -> list[str]:
    """The acts in the audit about one petition, in order."""
    with reading() as session:
        rows = sa.select(AuditEntry.act).where(AuditEntry.subject == f"petition:{petition_id}")
        return list(session.scalars(rows.order_by(AuditEntry.id)))


def staff_client(app: Flask, *roles: Role) -> FlaskClient:
    """A browser signed in as staff with these roles."""
    client = app.test_client()
    making.sign_in(client, staff_id=making.a_staff_member(roles or (Role.MODERATOR,)))
    return client


def citizen_client(app: Flask) -> FlaskClient:
    client = app.test_client()
    making.sign_in(client, citizen_id=making.a_citizen())
    return client
