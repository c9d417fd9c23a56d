"""The inbox of a citizen."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from petitions import clock
from petitions.db import reading
from petitions.notifications import actions, queries
from petitions.permissions import Permission, requires
from petitions.web import room_blueprint

bp = room_blueprint("notifications")
blueprints = (bp,)


@bp.get("/inbox")
@requires(Permission.OWN_ACCOUNT)
def inbox() -> str:
    with reading() as session:
        notices = queries.inbox(session, current_user.citizen_id)
    return render_template("notifications/inbox.html", notices=notices)


@bp.post("/inbox/seen")
@requires(Permission.OWN_ACCOUNT)
def mark_seen() -> Response:
    actions.mark_seen(current_user.citizen_id, clock.now())
    return redirect(url_for("notifications.inbox"), 303)
