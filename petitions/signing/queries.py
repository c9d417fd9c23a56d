"""What the pages of joining show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from petitions.errors import NotFound
from petitions.law.editions import edition
from petitions.law.eligibility import Reason
from petitions.law.states import State, link_is_active
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import Standing
from petitions.signatures import queries as signatures
from petitions.signatures.queries import OwnJoining
from petitions.signing.actions import may_withdraw
from petitions.signing.eligibility import reasons_against
from petitions.tally.queries import counts
from petitions.timeline.coming import what_comes

UNTITLED = frozenset({State.TAKEN_DOWN})


@dataclass(frozen=True)
class Asked:
    """A petition somebody wants to join. ``reasons``: why they may not; ``own``: their joining in force.

    ``title`` is None where nobody may read it.
    """

    ref: str
    standing: Standing
    title: str | None
    is_signable: bool
    own: OwnJoining | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class OwnLine:
    """One joining of one's own. ``title`` is None where nobody may read it, ``ref`` without a page.

    ``comes``: what comes next for the petition, as a sentence.
    """

    joining: OwnJoining
    standing: Standing
    ref: str | None
    title: str | None
    count: int
    can_join: bool
    may_withdraw: bool
    is_latest: bool
    comes: str


def asked(session: Session, petition_id: int, ref: str, citizen_id: int, at: datetime) -> Asked:
    """What the page before joining shows; the registry's facts are read as they are stored."""
    standing = lifecycle.standing(session, petition_id)
    return Asked(
        ref=ref,
        standing=standing,
        title=_title(standing, lifecycle.hidden_texts(session, (petition_id,))),
        is_signable=standing.is_signable(at),
        own=signatures.in_force(session, petition_id, citizen_id),
        reasons=tuple(reasons_against(session, standing, citizen_id, at)),
    )


def own_joinings(session: Session, citizen_id: int, at: datetime) -> list[OwnLine]:
    """Every joining of a citizen, newest first, those taken back too; as many queries however many they are."""
    return _lines(session, signatures.of_citizen(session, citizen_id), at)


def receipt(session: Session, citizen_id: int, petition_id: int, at: datetime) -> OwnLine:
    """The citizen's latest joining of one petition. Raises NotFound when there never was one."""
    joinings = signatures.of_citizen(session, citizen_id, petition_id=petition_id)
    if not joinings:
        raise NotFound
    return _lines(session, joinings[:1], at)[0]


def _lines(session: Session, joinings: Sequence[OwnJoining], at: datetime) -> list[OwnLine]:
    ids = {joining.petition_id for joining in joinings}
    numbers = counts(session, ids)
    standings, clocks = lifecycle.standings(session, ids), lifecycle.clocks_of(session, ids)
    hidden = lifecycle.hidden_texts(session, ids)
    lines = []
    met: set[int] = set()
    for joining in joinings:
        standing = standings[joining.petition_id]
        terms = clocks[standing.id]
        in_force = joining.withdrawn_at is None
        lines.append(
            OwnLine(
                joining=joining,
                standing=standing,
                ref=_ref(standing),
                title=_title(standing, hidden),
                count=numbers.get(standing.id, 0),
                can_join=standing.is_signable(at),
                may_withdraw=in_force and may_withdraw(session, standing, at, terms),
                is_latest=standing.id not in met,
                comes=_comes(standing, numbers.get(standing.id, 0), is_late=lifecycle.is_late(standing, terms, at)),
            )
        )
        met.add(standing.id)
    return lines


def _comes(standing: Standing, count: int, *, is_late: bool) -> str:
    needed = standing.required or (edition(standing.edition).support_needed.value if standing.edition else 0)
    return what_comes(standing.state, missing=max(needed - count, 0), overdue=is_late)


def _ref(standing: Standing) -> str | None:
    """How a signer reaches the petition's page: by its number when public, else by the link they came by."""
    if standing.is_public:
        return str(standing.id)
    if standing.order is not None and link_is_active(standing.state, standing.order):
        return standing.link_token
    return None


def _title(standing: Standing, hidden: Collection[int]) -> str | None:
    if standing.state in UNTITLED or (standing.state is State.REFUSED and standing.id in hidden):
        return None
    return standing.title
