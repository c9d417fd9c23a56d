from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.law.states import EVENT_LABELS, Event, State
from petitions.law.vocabulary import Label
from petitions.lifecycle.models import Petition, Transition
from petitions.notifications.letters import AUTHOR_EVENTS, LETTERS, SIGNER_EVENTS, Letter
from petitions.notifications.models import InboxMark
from petitions.signatures.models import Signature


@dataclass(frozen=True)
class NoticeRow:
    """One notice of the inbox. ``title`` is empty where the petition was taken down by a legal order."""

    petition_id: int
    title: str
    language: str
    letter: Letter
    step: Label
    at: datetime
    is_new: bool
    is_author: bool


def inbox(session: Session, citizen_id: int, *, limit: int = 50) -> list[NoticeRow]:
    """The citizen's notices, newest first: of own petitions, and of those joined, from the joining on."""
    seen_at = seen(session, citizen_id)
    rows = session.execute(
        _mine(citizen_id)
        .add_columns(Petition.title, Petition.language, Petition.author_id, Petition.state)
        .order_by(Transition.id.desc())
        .limit(limit)
    )
    notices = []
    for transition, title, language, author_id, state in rows:
        letter = LETTERS[Event(transition.event)]
        if letter is not None:
            is_new = seen_at is None or transition.recorded_at > seen_at
            is_author = author_id == citizen_id
            notices.append(
                NoticeRow(
                    transition.petition_id,
                    title if is_author or state != State.TAKEN_DOWN else "",
                    language,
                    letter,
                    EVENT_LABELS[Event(transition.event)],
                    transition.at,
                    is_new,
                    is_author,
                )
            )
    return notices


def unread(session: Session, citizen_id: int) -> int:
    """How many notices came since the inbox was last marked as seen."""
    wanted = _mine(citizen_id).with_only_columns(sa.func.count())
    seen_at = seen(session, citizen_id)
    if seen_at is not None:
        wanted = wanted.where(Transition.recorded_at > seen_at)
    return session.scalar(wanted) or 0


def seen(session: Session, citizen_id: int) -> datetime | None:
    mark = session.get(InboxMark, citizen_id)
    return mark.seen_at if mark else None


def _mine(citizen_id: int) -> sa.Select[Transition]:
    joined = sa.exists().where(
        Signature.petition_id == Transition.petition_id,
        Signature.citizen_id == citizen_id,
        Signature.withdrawn_at.is_(None),
        Signature.signed_at <= Transition.recorded_at,
    )
    return (
        sa.select(Transition)
        .join(Petition, Petition.id == Transition.petition_id)
        .where(
            sa.or_(
                sa.and_(Petition.author_id == citizen_id, Transition.event.in_(AUTHOR_EVENTS)),
                sa.and_(joined, Transition.event.in_(SIGNER_EVENTS)),
            )
        )
    )
