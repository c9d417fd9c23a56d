from __future__ import annotations

from datetime import datetime

from petitions.db import retried, transaction
from petitions.notifications.models import InboxMark


@retried
def mark_seen(citizen_id: int, at: datetime) -> None:
    """The citizen has seen everything up to ``at`` (the law's time, like the notices)."""
    with transaction() as session:
        mark = session.get(InboxMark, citizen_id)
        if mark is None:
            session.add(InboxMark(citizen_id=citizen_id, seen_at=at))
        else:
            mark.seen_at = max(mark.seen_at, at)
