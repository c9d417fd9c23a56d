"""What happened to a citizen's own comments, for the inbox: a moderator decided, or the body answered. No letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, aliased

from petitions.comments.models import Comment, CommentRuling, Ruling, Voice
from petitions.law.states import State
from petitions.lifecycle.models import Petition
from petitions.notifications.letters import Letter

LETTERS = {
    Ruling.HIDDEN: Letter(
        _l("A moderator hid your comment"),
        _l("Its page names the rule and the reasons. You can take the comment back, and its text is erased."),
    ),
    Ruling.RESTORED: Letter(
        _l("Your comment is shown again"),
        _l("A moderator looked at it once more. Its page gives the reasons."),
    ),
}
ANSWERED = Letter(
    _l("The body answered your comment"),
    _l("Its answer stands under your comment. It is no decision on the petition."),
)


@dataclass(frozen=True)
class CommentNotice:
    """One notice about a comment. ``title`` is empty where the petition was taken down by a legal order."""

    petition_id: int
    comment_id: str
    title: str
    language: str
    letter: Letter
    at: datetime
    is_new: bool

    @property
    def recorded_at(self) -> datetime:
        return self.at


def of_comments(session: Session, citizen_id: int, seen_at: datetime | None, limit: int) -> list[CommentNotice]:
    """The newest notices about a citizen's comments and replies."""
    notices = _all(citizen_id).subquery()
    found = session.execute(sa.select(notices).order_by(notices.c.at.desc()).limit(limit)).all()
    return [
        CommentNotice(
            petition_id=row.petition_id,
            comment_id=row.comment_id,
            title="" if row.state == State.TAKEN_DOWN else row.title,
            language=row.language,
            letter=ANSWERED if row.what == _ANSWER else LETTERS[Ruling(row.what)],
            at=row.at,
            is_new=seen_at is None or row.at > seen_at,
        )
        for row in found
    ]


def unread_of_comments(session: Session, citizen_id: int, seen_at: datetime | None) -> int:
    """How many of them came since the inbox was last marked as seen."""
    notices = _all(citizen_id).subquery()
    wanted = sa.select(sa.func.count()).select_from(notices)
    if seen_at is not None:
        wanted = wanted.where(notices.c.at > seen_at)
    return session.scalar(wanted) or 0


_ANSWER = "answer"


def _all(citizen_id: int) -> sa.CompoundSelect[int, str, str, datetime, str, str, str]:
    about = (Petition.title, Petition.language, Petition.state)
    ruled = (
        sa.select(
            Comment.petition_id,
            Comment.id.label("comment_id"),
            CommentRuling.ruling.label("what"),
            CommentRuling.at.label("at"),
            *about,
        )
        .join(
            CommentRuling,
            sa.and_(CommentRuling.petition_id == Comment.petition_id, CommentRuling.comment_id == Comment.id),
        )
        .join(Petition, Petition.id == Comment.petition_id)
        .where(Comment.citizen_id == citizen_id, CommentRuling.ruling != Ruling.LEFT)
    )
    answer = aliased(Comment)
    answered = (
        sa.select(
            Comment.petition_id,
            Comment.id.label("comment_id"),
            sa.literal(_ANSWER).label("what"),
            answer.written_at.label("at"),
            *about,
        )
        .join(answer, sa.and_(answer.petition_id == Comment.petition_id, answer.parent_id == Comment.id))
        .join(Petition, Petition.id == Comment.petition_id)
        .where(Comment.citizen_id == citizen_id, answer.voice == Voice.BODY, answer.hidden_at.is_(None))
    )
    return sa.union_all(ruled, answered)
