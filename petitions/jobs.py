"""The timetable of the worker: what runs, how often, and which function. Each is idempotent and takes the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from petitions import clock
from petitions.identity.actions import forget_sessions
from petitions.identity.attempts import forget_old
from petitions.lifecycle.sweep import sweep
from petitions.log.cosigning import ask_witnesses
from petitions.notifications.fan_out import announce
from petitions.notifications.sender import send_due
from petitions.tally.ending import end_collections
from petitions.tally.sealing import grow_logs, seal


@dataclass(frozen=True)
class Job:
    """``lane``: jobs of one lane run one after another; what hangs in one lane stops no other."""

    name: str
    every_seconds: float
    run: Callable[[datetime], object]
    lane: str = "law"


def tidy(_at: datetime) -> int:
    """Forget ended sessions and old attempts; both run on real time."""
    return forget_sessions(clock.real_now()) + forget_old(clock.real_now())


TIMETABLE = (
    Job("grow-logs", 600, grow_logs, "count"),
    Job("seal", 1, seal, "count"),
    Job("end-collections", 2, end_collections),
    Job("sweep", 2, sweep),
    Job("announce", 2, announce),
    Job("send-mail", 3, send_due, "mail"),
    Job("ask-witnesses", 5, ask_witnesses, "witnesses"),
    Job("tidy", 600, tidy),
)
