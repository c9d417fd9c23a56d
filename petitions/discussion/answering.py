"""The addressee answers a comment, by its officer: marked as the body's own, and first under the comment."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from petitions.audit import Actor, record
from petitions.comments.ids import new_id
from petitions.comments.models import Comment, Voice
from petitions.comments.openness import body_may_answer
from petitions.db import retried, transaction
from petitions.discussion.actions import SaidAlready, Words, checked, shown
from petitions.errors import Conflict, NotFound
from petitions.lifecycle import queries as lifecycle


class AnswersClosed(Conflict):
    """The petition is not open yet, or its decision is published: the body answers there."""

    def __init__(self) -> None:
        super().__init__(_l("Comments on this petition can no longer be answered. Nothing was stored."))


@retried
def answer(petition_id: int, parent_id: str, words: Words, *, body_id: int | None, by: Actor, at: datetime) -> str:
    """Publish the body's answer to a comment; returns its id. ``body_id``: of the officer who writes, ``by``.

    Raises AnswersClosed, SaidAlready, PersonalDataStandsThere, BadText, NotFound (another body's petition).
    """
    text = checked(words).text
    with transaction() as session:
        standing = lifecycle.standing(session, petition_id)
        if body_id is None or standing.body_id != body_id:
            raise NotFound
        parent = shown(session, petition_id, parent_id)  # two officers who press at once answer one after the other
        if parent.parent_id is not None:
            raise NotFound
        if not body_may_answer(standing):
            raise AnswersClosed
        under = (Comment.petition_id == petition_id, Comment.parent_id == parent_id, Comment.body_id == body_id)
        said = list(session.scalars(sa.select(Comment.text).where(*under)))
        if text in said:
            raise SaidAlready
        comment = Comment(
            petition_id=petition_id,
            id=new_id(at),
            parent_id=parent_id,
            voice=Voice.BODY,
            staff_id=by.id,
            body_id=body_id,
            public_name="",
            language=words.language,
            text=text,
            turn=0,
            place=len(said),
            written_at=at,
        )
        session.add(comment)
        subject = f"comment:{petition_id}:{comment.id}"
        record(session, actor=by, act="comment-answered", subject=subject, at=at, details={"petition": petition_id})
        return comment.id
