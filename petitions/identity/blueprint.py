"""The one blueprint of the door and of one's own account."""

from __future__ import annotations

from petitions.web import room_blueprint

bp = room_blueprint("identity")
