"""Petitions that may be on the same subject (90-2(4)(3)). A machine only proposes: a moderator decides."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.law.duplicates import DECIDED, FAILED, UNDER_WAY, bars
from petitions.law.editions import Edition
from petitions.law.policy import Policy
from petitions.law.states import STATE_LABELS, Event, Label, State
from petitions.law.working_days import local_date
from petitions.lifecycle.models import Petition, Refusal, Transition
from petitions.reference import queries as reference
from petitions.search.words import stems

LOOKED_AT = 5_000  # the newest titles; a word index replaces this when there are more
LEAST_LIKENESS = 0.3
SAME_ADDRESSEE = 0.1  # added where both ask the same body


@dataclass(frozen=True)
class Candidate:
    """A petition that looks alike. ``would_bar``: if it is on the same subject, a new one cannot pass.

    ``refused_as_duplicate_of``: it was itself refused as a duplicate of that one. ``likeness``: 0 to about 1.
    """

    petition_id: int
    title: str
    language: str
    state: State
    likeness: float
    would_bar: bool
    decided_on: date | None
    refused_as_duplicate_of: int | None

    @property
    def label(self) -> Label:
        return STATE_LABELS[self.state]


@dataclass(frozen=True)
class _Known:
    petition_id: int
    title: str
    language: str
    state: State
    body_id: int | None


def similar(
    session: Session,
    *,
    title: str,
    body_id: int | None,
    law: Edition,
    on: date,
    leave_out: int | None = None,
    limit: int = 5,
) -> list[Candidate]:
    """Petitions like this subject that bar a new one on the day ``on`` under ``law``, and refused duplicates.

    The likest first. Only subjects are compared: contents of different petitions share too many words.
    """
    wanted = stems(title)
    if not wanted:
        return []
    known = [each for each in _known(session) if each.petition_id != leave_out]
    by_stems = {each.petition_id: stems(each.title) for each in known}
    weights = _weights(by_stems)
    liked = []
    for each in known:
        likeness = _likeness(wanted, by_stems[each.petition_id], weights)
        if likeness >= LEAST_LIKENESS:
            liked.append((likeness + (SAME_ADDRESSEE if each.body_id == body_id else 0), each))
    liked.sort(key=lambda pair: (-pair[0], -pair[1].petition_id))
    return _candidates(session, liked, law, on, limit)


def _known(session: Session) -> list[_Known]:
    """Everything public that can matter here, the newest first; a hidden text proposes nothing."""
    refused_duplicate = sa.exists().where(
        Refusal.petition_id == Petition.id,
        Refusal.lifted_at.is_(None),
        Refusal.ground == "duplicate",
        Refusal.hides_text.is_(False),
    )
    rows = session.execute(
        sa.select(Petition.id, Petition.title, Petition.language, Petition.state, Petition.body_id)
        .where(
            sa.or_(
                Petition.state.in_(UNDER_WAY | DECIDED | FAILED),
                sa.and_(Petition.state == State.REFUSED, refused_duplicate),
            )
        )
        .order_by(Petition.id.desc())
        .limit(LOOKED_AT)
    )
    return [_Known(i, title or "", language, State(state), body) for i, title, language, state, body in rows]


def _weights(by_stems: Mapping[int, frozenset[str]]) -> Mapping[str, float]:
    """A word that many subjects share says little."""
    found = Counter(stem for each in by_stems.values() for stem in each)
    return {stem: 1 + math.log((1 + len(by_stems)) / (1 + count)) for stem, count in found.items()}


def _likeness(wanted: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    """How much of the two subjects is common, by weight: 1 where they have the same words."""
    rare = max(weights.values(), default=1.0)
    total = sum(weights.get(stem, rare) for stem in wanted | other)
    return sum(weights[stem] for stem in wanted & other) / total if total else 0.0


def _candidates(
    session: Session, liked: list[tuple[float, _Known]], law: Edition, on: date, limit: int
) -> list[Candidate]:
    decided = _decided_on(session, [each.petition_id for _, each in liked])
    originals = _originals(session, [each.petition_id for _, each in liked])
    policy = reference.policy(session)
    found = (_candidate(likeness, each, decided, originals, law, on, policy) for likeness, each in liked)
    return [each for each in found if each.would_bar or each.state == State.REFUSED][:limit]


def _candidate(
    likeness: float,
    known: _Known,
    decided: Mapping[int, date],
    originals: Mapping[int, int],
    law: Edition,
    on: date,
    policy: Policy,
) -> Candidate:
    day = decided.get(known.petition_id)
    return Candidate(
        petition_id=known.petition_id,
        title=known.title,
        language=known.language,
        state=known.state,
        likeness=round(likeness, 3),
        would_bar=bars(law, known.state, day, on, policy),
        decided_on=day,
        refused_as_duplicate_of=originals.get(known.petition_id),
    )


def _decided_on(session: Session, petition_ids: list[int]) -> dict[int, date]:
    rows = session.execute(
        sa.select(Transition.petition_id, sa.func.max(Transition.at))
        .where(
            Transition.petition_id.in_(petition_ids),
            Transition.event.in_([Event.DECIDED, Event.DECIDED_ANEW]),
        )
        .group_by(Transition.petition_id)
    )
    return {petition_id: local_date(moment) for petition_id, moment in rows}


def _originals(session: Session, petition_ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        sa.select(Refusal.petition_id, Refusal.duplicate_of).where(
            Refusal.petition_id.in_(petition_ids),
            Refusal.lifted_at.is_(None),
            Refusal.duplicate_of.is_not(None),
        )
    )
    return {petition_id: original for petition_id, original in rows if original is not None}
