"""What the pages of this room share: their address and in whose capacity a person acts here."""

from __future__ import annotations

from flask_login import current_user
from werkzeug.wrappers import Response

from petitions.audit import Actor
from petitions.identity.roles import Role
from petitions.web import room_blueprint

Answer = str | Response | tuple[str, int]

bp = room_blueprint("moderation")


def checker() -> Actor:
    """A person with several roles checks as a moderator, whatever else they are."""
    role = Role.MODERATOR if current_user.has(Role.MODERATOR) else Role.SENIOR_MODERATOR
    actor: Actor = current_user.actor(role)
    return actor


def senior() -> Actor:
    """Restoring and taking down are done as the senior moderator."""
    actor: Actor = current_user.actor(Role.SENIOR_MODERATOR)
    return actor
