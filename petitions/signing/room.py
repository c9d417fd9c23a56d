"""What the pages of this room share: their address and who asks."""

from __future__ import annotations

from typing import cast

from flask_login import current_user
from werkzeug.wrappers import Response

from petitions.errors import Forbidden
from petitions.identity.sessions import Viewer
from petitions.web import room_blueprint

Answer = str | Response | tuple[str, int]

bp = room_blueprint("signing")


def viewer() -> Viewer:
    return cast(Viewer, current_user)


def citizen_id() -> int:
    """Whose joinings these are. Raises Forbidden for anybody but a citizen."""
    found = viewer().citizen_id
    if found is None:
        raise Forbidden
    return found
