from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.law.states import EVENT_LABELS, Event, State
from petitions.law.vocabulary import Label
from petitions.lifecycle.models import Petition, Transition
from petitions.notifications.comment_notices import CommentNotice, of_comments, unread_of_comments
from petitions.notifications.letters import AUTHOR_EVENTS, INVALIDATED, LETTERS, SIGNER_EVENTS, Letter
from petitions.notifications.models import InboxMark
from petitions.signatures.models import Removal, Signature


@dataclass(frozen=True)
class NoticeRow:
    """One notice of the inbox. ``title`` is empty where the petition was taken down by a legal order.

    ``step`` is None when it is about the reader's own joining.
    """

    petition_id: int
    title: str
    language: str
    letter: Letter
    step: Label | None
    at: datetime
    recorded_at: datetime
    is_new: bool
    is_author: bool


def inbox(session: Session, citizen_id: int, *, limit: int = 50) -> list[NoticeRow | CommentNotice]:
    """The citizen's notices, newest first: of own petitions, of those joined from then on, of joinings removed, and
    of own comments."""
    seen_at = seen(session, citizen_id)
    notices: list[NoticeRow | CommentNotice] = [
        *_of_steps(session, citizen_id, seen_at, limit),
        *_of_removals(session, citizen_id, seen_at, limit),
        *of_comments(session, citizen_id, seen_at, limit),
    ]
    return sorted(notices, key=lambda notice: notice.recorded_at, reverse=True)[:limit]


def _of_steps(session: Session, citizen_id: int, seen_at: datetime | None, limit: int) -> list[NoticeRow]:
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
            is_author = author_id == citizen_id
            notices.append(
                NoticeRow(
                    petition_id=transition.petition_id,
                    title=title if is_author or state != State.TAKEN_DOWN else "",
                    language=language,
                    letter=letter,
                    step=EVENT_LABELS[Event(transition.event)],
                    at=transition.at,
                    recorded_at=transition.recorded_at,
                    is_new=seen_at is None or transition.recorded_at > seen_at,
                    is_author=is_author,
                )
            )
    return notices


def _of_removals(session: Session, citizen_id: int, seen_at: datetime | None, limit: int) -> list[NoticeRow]:
    """Its page is that of the joining, which says what may be read of the petition."""
    rows = session.execute(
        _invalidated(citizen_id)
        .add_columns(Removal.petition_id, Removal.removed_at, Petition.title, Petition.language, Petition.state)
        .join(Petition, Petition.id == Removal.petition_id)
        .order_by(Removal.removed_at.desc())
        .limit(limit)
    )
    return [
        NoticeRow(
            petition_id=petition_id,
            title="" if state in (State.TAKEN_DOWN, State.REFUSED) else title,
            language=language,
            letter=INVALIDATED,
            step=None,
            at=removed_at,
            recorded_at=removed_at,
            is_new=seen_at is None or removed_at > seen_at,
            is_author=False,
        )
        for _id, petition_id, removed_at, title, language, state in rows
    ]


def unread(session: Session, citizen_id: int) -> int:
    """How many notices came since the inbox was last marked as seen."""
    steps = _mine(citizen_id).with_only_columns(sa.func.count())
    removals = _invalidated(citizen_id).with_only_columns(sa.func.count())
    seen_at = seen(session, citizen_id)
    if seen_at is not None:
        steps = steps.where(Transition.recorded_at > seen_at)
        removals = removals.where(Removal.removed_at > seen_at)
    of_own_comments = unread_of_comments(session, citizen_id, seen_at)
    return (session.scalar(steps) or 0) + (session.scalar(removals) or 0) + of_own_comments


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


def _invalidated(citizen_id: int) -> sa.Select[str]:
    same = sa.and_(Signature.petition_id == Removal.petition_id, Signature.id == Removal.signature_id)
    theirs = sa.and_(Signature.citizen_id == citizen_id, Removal.reason == "invalidated")
    return sa.select(Removal.signature_id).join(Signature, same).where(theirs)
