"""The console's one blueprint, and the sections that each member of staff sees."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from petitions.permissions import Permission, permissions_of
from petitions.web import room_blueprint

bp = room_blueprint("console")

# A page belongs to the section whose word its endpoint begins with.
SECTIONS = (
    ("home", "console.home", Permission.READ_CONSOLE, _l("Deadlines")),
    ("staff", "console.staff", Permission.MANAGE_STAFF, _l("Staff accounts")),
    ("setting", "console.settings", Permission.EDIT_SETTINGS, _l("Settings")),
    ("territor", "console.territories", Permission.EDIT_REFERENCE, _l("Territories")),
    ("bod", "console.bodies", Permission.EDIT_REFERENCE, _l("Bodies")),
    ("calendar", "console.calendar", Permission.EDIT_REFERENCE, _l("Calendar")),
    ("audit", "console.audit", Permission.READ_AUDIT, _l("Audit")),
)


@bp.context_processor
def _sections() -> dict[str, Any]:
    """The tabs above every page: label, address, whether the page belongs there."""
    mine = permissions_of(current_user.kind, current_user.roles)
    view = (request.endpoint or "").rpartition(".")[2]
    return {
        "sections": [
            (str(label), url_for(endpoint), view.startswith(word))
            for word, endpoint, permission, label in SECTIONS
            if permission in mine
        ]
    }
