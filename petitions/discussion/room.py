"""What the pages of this room share: their address, who asks, and which petition is commented on."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions.audit import Actor
from petitions.comments.ids import FORM
from petitions.db import reading
from petitions.discussion import queries
from petitions.errors import Forbidden, NotFound
from petitions.identity.roles import Role
from petitions.identity.sessions import Viewer
from petitions.lifecycle.visibility import MAX_ID, find
from petitions.web import room_blueprint

Answer = str | Response | tuple[str, int]

bp = room_blueprint("discussion")


@bp.before_request
def _only_ids() -> None:
    """What is no id of a comment never comes to the database. Raises NotFound."""
    given = (request.view_args or {}).get("comment_id")
    if given is not None and not FORM.fullmatch(given):
        raise NotFound


def viewer() -> Viewer:
    return cast(Viewer, current_user)


def citizen_id() -> int:
    """Who comments. Raises Forbidden for anybody but a citizen."""
    found = viewer().citizen_id
    if found is None:
        raise Forbidden
    return found


def moderator() -> Actor:
    """A person with several roles moderates as a moderator, whatever else they are."""
    person = viewer()
    return person.actor(Role.MODERATOR if person.has(Role.MODERATOR) else Role.SENIOR_MODERATOR)


def asked(ref: str, at: datetime) -> queries.Asked:
    """The openly published petition behind an address. Raises NotFound, Gone."""
    with reading() as session:
        return queries.asked(session, find(session, ref, viewer()).petition_id, at)


def on_desk(petition_id: int, at: datetime) -> queries.Asked:
    """A petition addressed to the officer's own body, whose comments may be read. Raises NotFound."""
    with reading() as session:
        found = queries.asked(session, _known(petition_id), at)
    if viewer().body_id is None or found.standing.body_id != viewer().body_id:
        raise NotFound
    return found


def looked_at(petition_id: int, comment_id: str) -> queries.Sheet:
    """One comment before a moderator. Raises NotFound."""
    with reading() as session:
        return queries.sheet(session, _known(petition_id), comment_id)


def _known(petition_id: int) -> int:
    if petition_id > MAX_ID:
        raise NotFound
    return petition_id
