"""Limits on attempts, by account and by network. Refusals say the same to everybody.

An attempt is written before it is tried and counted afterwards, in two transactions: of any number that
come at the same moment no more than the limit get through, on both engines.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from petitions.db import reading, retried, transaction
from petitions.errors import TooMany
from petitions.identity import services
from petitions.identity.models import Attempt, AttemptKind, AttemptOutcome

WINDOW = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """How many counted attempts one account and one network address may make in the window."""

    account: int
    address: int


LIMITS = {
    AttemptKind.STAFF_SIGN_IN: Limit(account=5, address=20),
    AttemptKind.STAFF_PROOF: Limit(account=5, address=20),
    AttemptKind.EMAIL_CONFIRMATION: Limit(account=3, address=20),
    AttemptKind.SIGNING_REQUEST: Limit(account=30, address=600),  # villages and mobile networks share an address
}


def begin(kind: AttemptKind, *, account: str, address: str, now: datetime) -> int:
    """Count an attempt and let it pass; returns its id. Raises TooMany."""
    account_digest = services.keyed_digest(f"attempt/{kind}", account)
    address_digest = services.keyed_digest("address", network_of(address))
    attempt_id = _write(kind, account_digest, address_digest, now)
    recent = sa.select(sa.func.count()).where(
        Attempt.kind == kind, Attempt.outcome == AttemptOutcome.COUNTED, Attempt.at > now - WINDOW
    )
    with reading() as session:
        of_account = session.scalar(recent.where(Attempt.account_digest == account_digest)) or 0
        of_address = session.scalar(recent.where(Attempt.address_digest == address_digest)) or 0
    if of_account > LIMITS[kind].account or of_address > LIMITS[kind].address:
        settle(attempt_id, AttemptOutcome.LIMITED)
        raise TooMany
    return attempt_id


def network_of(address: str) -> str:
    """Whom an address belongs to as far as limits go: of IPv6 everybody has a whole network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


@retried
def settle(attempt_id: int, outcome: AttemptOutcome) -> None:
    """Say how it went; only attempts that stay COUNTED weigh."""
    with transaction() as session:
        session.execute(sa.update(Attempt).where(Attempt.id == attempt_id).values(outcome=outcome))


@retried
def forget_old(now: datetime) -> int:
    """Delete attempts past all use; for the worker. Returns how many."""
    with transaction() as session:
        old = sa.delete(Attempt).where(Attempt.at < now - FORGOTTEN_AFTER)
        return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


@retried
def _write(kind: AttemptKind, account_digest: str, address_digest: str, now: datetime) -> int:
    with transaction() as session:
        attempt = Attempt(
            kind=kind,
            account_digest=account_digest,
            address_digest=address_digest,
            at=now,
            outcome=AttemptOutcome.COUNTED,
        )
        session.add(attempt)
        session.flush()
        return attempt.id
