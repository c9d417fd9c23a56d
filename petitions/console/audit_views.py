"""The trail of what staff and the system did, newest first."""

from __future__ import annotations

from flask import render_template, request, url_for

from petitions.audit.queries import newest
from petitions.console.audit_words import act_name
from petitions.console.blueprint import bp
from petitions.db import reading
from petitions.identity import queries as people
from petitions.identity.roles import ROLE_NAMES
from petitions.lifecycle.filing import one_line
from petitions.lifecycle.visibility import MAX_ID
from petitions.permissions import Permission, requires

PAGE = 50


@bp.get("/console/audit")
@requires(Permission.READ_AUDIT)
def audit() -> str:
    subject = one_line(request.args.get("subject")) or None
    before = request.args.get("before", type=int)
    before = before if before and 0 < before <= MAX_ID else None
    with reading() as session:
        found = newest(session, limit=PAGE + 1, before=before, subject=subject)
        names = {one.id: one.display_name for one in people.all_staff(session)}
    rows = found[:PAGE]
    older = url_for("console.audit", subject=subject, before=rows[-1].id) if len(found) > PAGE else None
    roles = {str(role): str(name) for role, name in ROLE_NAMES.items()}
    return render_template(
        "console/audit.html",
        rows=rows,
        names=names,
        roles=roles,
        act_name=act_name,
        subject=subject,
        older=older,
        is_first=before is None,
    )
