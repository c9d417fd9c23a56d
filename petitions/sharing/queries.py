"""What may be passed on of a petition: everybody sees it, or nobody is told that it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from petitions.errors import DomainError, Gone, NotFound
from petitions.identity.sessions import GUEST
from petitions.law.editions import edition
from petitions.law.policy import count_towards_threshold
from petitions.law.states import State
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle import visibility
from petitions.lifecycle.queries import DecisionView, PetitionText, Standing
from petitions.reference import queries as reference
from petitions.reference.records import BodyView
from petitions.tally import queries as tally


@dataclass(frozen=True)
class Shown:
    """A public petition as far as it is passed on. ``counted`` of ``needed`` (None: nothing is needed) joined.

    ``silent_since``: the last day of an examination whose answer is overdue.
    """

    standing: Standing
    body: BodyView | None
    counted: int
    needed: int | None
    outcome: str | None
    silent_since: date | None

    @property
    def id(self) -> int:
        return self.standing.id


@dataclass(frozen=True)
class Badge:
    """What another site shows in a frame; the petition is None where it is not, or no longer, everybody's.

    ``hidden``: the text is hidden with its refusal, and so is the title. ``status`` is that of the answer (HTTP).
    """

    shown: Shown | None
    hidden: bool = False
    status: int = 200

    @property
    def is_taken_down(self) -> bool:
        return self.status == Gone.status


@dataclass(frozen=True)
class Answer:
    """A published decision with the petition that it answers."""

    shown: Shown
    text: PetitionText
    decision: DecisionView


def petition(session: Session, ref: str, now: datetime) -> Shown:
    """A petition that everybody may read and pass on.

    Raises Gone for one taken down, NotFound for a hidden text and for everything that is not public.
    """
    shown, hidden = _public(session, ref, now)
    if hidden:
        raise NotFound
    return shown


def public_one(session: Session, ref: str) -> Standing:
    """A public petition, its text hidden or not. Raises NotFound and Gone as `visibility.find` does."""
    found = visibility.find(session, ref, GUEST)
    if not found.is_public:
        raise NotFound
    return lifecycle.standing(session, found.petition_id)


def badge(session: Session, ref: str, now: datetime) -> Badge:
    """The petition for another site's frame: what is not public is a badge that says so, not an error's page."""
    try:
        shown, hidden = _public(session, ref, now)
    except DomainError as error:
        return Badge(None, status=error.status)
    return Badge(shown, hidden)


def answer(session: Session, ref: str, number: int, now: datetime) -> Answer:
    """A version of the published decision. Raises NotFound where there is none."""
    shown = petition(session, ref, now)
    for decision in lifecycle.decisions(session, shown.id):
        if decision.version == number:
            return Answer(shown, lifecycle.text(session, shown.id), decision)
    raise NotFound


def shown(
    standing: Standing,
    body: BodyView | None,
    counted: int,
    needed: int | None,
    decisions: Sequence[DecisionView],
    silent_since: date | None,
) -> Shown:
    """The same from what a page has read already."""
    return Shown(standing, body, counted, needed, decisions[0].outcome if decisions else None, silent_since)


def closes_on(standing: Standing, now: datetime) -> datetime | None:
    """When joining ends; None when nobody may join at this moment."""
    return standing.closes_at if standing.is_signable(now) else None


def _public(session: Session, ref: str, now: datetime) -> tuple[Shown, bool]:
    standing = public_one(session, ref)
    refusal = lifecycle.refusal(session, standing.id) if standing.state is State.REFUSED else None
    law = edition(standing.edition or "")
    joined = tally.counted(session, standing.id).count
    return (
        shown(
            standing,
            reference.body(session, standing.body_id) if standing.body_id else None,
            count_towards_threshold(joined, law, reference.policy(session)),
            standing.required if standing.opened_at else law.support_needed.value,
            lifecycle.decisions(session, standing.id),
            lifecycle.silent_since(standing, lifecycle.clocks(session, standing.id), now),
        ),
        bool(refusal and refusal.hides_text),
    )
