"""What moderators do with comments: each act has its rule and its reasons, and everybody may read both.

Nothing is hidden by a machine. `by` is the acting moderator, `at` the law's time, `seen_at` when they read the comment
(None: just now): what was changed after that nobody has judged.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor, record
from petitions.comments.ids import new_id
from petitions.comments.models import Comment, CommentReport, CommentRuling, Rule, Ruling
from petitions.comments.trouble import personal_data
from petitions.db import retried, transaction
from petitions.discussion.actions import erase as erase_words
from petitions.errors import Conflict, DomainError, NotFound
from petitions.lifecycle.filing import cleaned

FEWEST_LETTERS, MOST_LETTERS = 20, 1_000


class RuledMeanwhile(Conflict):
    """Somebody else has decided, or the writer took the comment back."""

    def __init__(self) -> None:
        super().__init__(_l("This comment was changed or decided on meanwhile. Look at it again."))


class BadReasons(DomainError):
    """Reasons too short, too long, or with personal data in them."""


class NothingToErase(DomainError):
    """Only somebody's personal data are erased; what breaks another rule can be shown again."""

    def __init__(self) -> None:
        super().__init__(
            _l("The text is erased for good only by the rule about somebody's personal data."), field="erase"
        )


@retried
def hide(
    petition_id: int,
    comment_id: str,
    rule: Rule,
    reasons: str,
    *,
    erase: bool = False,
    by: Actor,
    at: datetime,
    seen_at: datetime | None = None,
) -> None:
    """Hide a comment: a line with the rule and the reasons stays in its place.

    ``erase``: its words and name go for good (somebody's personal data). Raises BadReasons, NothingToErase,
    RuledMeanwhile, NotFound.
    """
    reasons = _public(reasons)
    if erase and rule is not Rule.PERSONAL_DATA:
        raise NothingToErase
    with transaction() as session:
        comment = _load(session, petition_id, comment_id, seen_at or at)
        if comment.text is None or comment.hidden_at is not None:
            raise RuledMeanwhile
        comment.hidden_at, comment.hidden_by_rule = at, rule
        if erase:
            comment.erased_at = at
            erase_words(session, comment)
        _settle(session, comment, at)
        _rule(session, comment, Ruling.HIDDEN, reasons, by, at, rule=rule, erased=erase)


@retried
def restore(petition_id: int, comment_id: str, reasons: str, *, by: Actor, at: datetime) -> None:
    """Show a hidden comment again, with the reasons. Raises BadReasons, RuledMeanwhile, NotFound."""
    reasons = _public(reasons)
    with transaction() as session:
        comment = _load(session, petition_id, comment_id, at)
        if comment.text is None or comment.hidden_at is None:
            raise RuledMeanwhile
        comment.hidden_at = comment.hidden_by_rule = None
        _rule(session, comment, Ruling.RESTORED, reasons, by, at)


@retried
def leave(petition_id: int, comment_id: str, *, by: Actor, at: datetime, seen_at: datetime | None = None) -> None:
    """Looked at, and nothing is wrong with it: it leaves the queue. Raises RuledMeanwhile, NotFound.

    Not when it was reported after the look: somebody must read that report.
    """
    with transaction() as session:
        comment = _load(session, petition_id, comment_id, seen_at or at)
        if comment.text is None or comment.hidden_at is not None or _reported_since(session, comment, seen_at or at):
            raise RuledMeanwhile
        _settle(session, comment, at)
        _rule(session, comment, Ruling.LEFT, "", by, at)


def _load(session: Session, petition_id: int, comment_id: str, seen_at: datetime) -> Comment:
    """The comment, locked. Raises NotFound; RuledMeanwhile when its writer changed it after ``seen_at``."""
    comment = session.get(Comment, (petition_id, comment_id), with_for_update=True)
    if comment is None:
        raise NotFound
    if comment.edited_at is not None and comment.edited_at > seen_at:
        raise RuledMeanwhile
    return comment


def _reported_since(session: Session, comment: Comment, seen_at: datetime) -> bool:
    newer = sa.select(CommentReport.at).where(*_open_reports(comment), CommentReport.at > seen_at)
    return session.scalar(newer.limit(1)) is not None


def _settle(session: Session, comment: Comment, at: datetime) -> None:
    comment.waits_since = None
    session.execute(sa.update(CommentReport).where(*_open_reports(comment)).values(settled_at=at))


def _open_reports(comment: Comment) -> tuple[sa.ColumnElement[bool], ...]:
    """Those of this comment that nobody has decided on yet."""
    of_it = (CommentReport.petition_id == comment.petition_id, CommentReport.comment_id == comment.id)
    return *of_it, CommentReport.settled_at.is_(None)


def _rule(
    session: Session,
    comment: Comment,
    ruling: Ruling,
    reasons: str,
    by: Actor,
    at: datetime,
    *,
    rule: Rule | None = None,
    erased: bool = False,
) -> None:
    place = {"petition_id": comment.petition_id, "comment_id": comment.id}
    session.add(CommentRuling(**place, id=new_id(at), ruling=ruling, rule=rule, reasons=reasons, at=at, staff_id=by.id))
    record(
        session,
        actor=by,
        act=f"comment-{ruling}",
        subject=f"comment:{comment.petition_id}:{comment.id}",
        at=at,
        details={"petition": comment.petition_id, "rule": rule, "reasons": reasons, "erased": erased},
    )


def _public(reasons: str) -> str:
    text = cleaned(reasons)
    if len(text) < FEWEST_LETTERS:
        raise BadReasons(_l("Write at least %(count)s characters.", count=FEWEST_LETTERS), field="reasons")
    if len(text) > MOST_LETTERS:
        raise BadReasons(_l("Write at most %(count)s characters.", count=MOST_LETTERS), field="reasons")
    if personal_data(text):
        raise BadReasons(
            _l("Personal data stand in this text. Please take them out: the reasons are public."), field="reasons"
        )
    return text
