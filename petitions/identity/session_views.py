"""How long one stays signed in: told to the page, which warns in time, and made longer when somebody is still there."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask_login import current_user

from petitions import clock
from petitions.identity import services
from petitions.identity.blueprint import bp
from petitions.identity.sessions import Viewer
from petitions.permissions import Permission, requires

SHORTEST_GAIN = timedelta(minutes=2)
"""A session whose longest time is this near cannot be made longer: its end is told as it is."""

MARK_LETTERS = 10  # twelve may be all digits, and look like an IIN


@bp.get("/session")
@requires(Permission.SIGN_IN)
def session_state() -> dict[str, object]:
    """Asked by the page; not a use of the session (sessions.ONLY_LOOKS)."""
    return session_left()


@bp.post("/session/extension")
@requires(Permission.SIGN_IN)
def session_extension() -> dict[str, object]:
    """Like every request of whoever is signed in this is a use of the session."""
    return session_left()


@bp.app_template_global("session_left")
def session_left() -> dict[str, object]:
    """Whole seconds until the session ends by itself, 0 without one, and whether using it makes it longer."""
    viewer = cast(Viewer, current_user)
    if viewer.ends_at is None or viewer.ends_anyway_at is None:
        return {"seconds": 0, "longer": False}
    seconds = (viewer.ends_at - clock.real_now()).total_seconds()
    return {"seconds": max(0, int(seconds)), "longer": viewer.ends_anyway_at - viewer.ends_at >= SHORTEST_GAIN}


@bp.app_template_global("person_mark")
def person_mark() -> str:
    """What all pages of one person bear and no others: by it a device forgets what somebody else left there."""
    viewer = cast(Viewer, current_user)
    return services.keyed_digest("device", f"{viewer.kind} {viewer.citizen_id or viewer.staff_id}")[:MARK_LETTERS]
