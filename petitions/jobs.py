"""The timetable of the worker: what runs, how often, and which function. Each is idempotent and takes the time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from petitions import clock
from petitions.config import Config
from petitions.identity import services
from petitions.identity.actions import forget_sessions
from petitions.identity.attempts import forget_old
from petitions.identity.eds import lists, ocsp, signer_chain
from petitions.identity.signing_requests import forget_expired
from petitions.lifecycle.sweep import sweep
from petitions.log.cosigning import ask_witnesses
from petitions.notifications.fan_out import announce
from petitions.notifications.sender import send_due
from petitions.search.indexing import index_petitions
from petitions.signatures import revocation
from petitions.tally.ending import end_collections
from petitions.tally.sealing import grow_logs, seal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """``lane``: jobs of one lane run one after another; what hangs in one lane stops no other."""

    name: str
    every_seconds: float
    run: Callable[[datetime], object]
    lane: str = "law"


def tidy(_at: datetime) -> int:
    """Forget ended sessions, old attempts and what nobody signed in time; all run on real time."""
    now = clock.real_now()
    return forget_sessions(now) + forget_old(now) + forget_expired(now)


def ask_revocation(at: datetime) -> int:
    """Ask the authority about signers' certificates; its answers are dated in real time, joinings in the law's."""
    url = _config().ocsp_url

    def ask(cms: bytes) -> ocsp.Answer:
        return ocsp.ask(url, *signer_chain(cms, services.trust()), now=clock.real_now())

    return revocation.ask_authority(ask, at, now=clock.real_now())


def fetch_lists(_at: datetime) -> int:
    """Fetch the authority's lists of revoked certificates, and say in the log which of ours ran out."""
    config, now = _config(), clock.real_now()
    new = lists.fetch(config.crl_urls, config.eds_crl_path, services.trust(), now)
    for each in lists.stale(services.trust(), now):
        log.warning("no list of revoked certificates is in force for %s (ended: %s)", each.authority, each.ended_at)
    return new


def _config() -> Config:
    config: Config = current_app.extensions["config"]
    return config


TIMETABLE = (
    Job("grow-logs", 600, grow_logs, "count"),
    Job("seal", 1, seal, "count"),
    Job("end-collections", 2, end_collections),
    Job("sweep", 2, sweep),
    Job("announce", 2, announce),
    Job("index-petitions", 2, index_petitions, "search"),
    Job("send-mail", 3, send_due, "mail"),
    Job("ask-witnesses", 5, ask_witnesses, "witnesses"),
    Job("ask-revocation", 2, ask_revocation, "revocation"),
    Job("fetch-lists", 900, fetch_lists, "lists"),
    Job("tidy", 600, tidy),
)
