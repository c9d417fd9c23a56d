"""What pages read of comments. Nothing here tells more of a citizen than a given name and an initial."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import versions
from petitions.comments.models import SUBJECT, Comment, CommentRuling, Ruling, Stance, Voice
from petitions.comments.openness import is_open, was_open
from petitions.errors import NotFound
from petitions.law.policy import Policy
from petitions.lifecycle.models import Point
from petitions.lifecycle.queries import Standing
from petitions.reference import queries as reference
from petitions.reference.records import BodyView
from petitions.versions import Kept

PAGE = 20
REPLIES_SHOWN = 4
SHOWN_ON_THE_PETITION = 3
Key = tuple[int, str]
"""The number of a petition and the id of a comment on it."""


class Order(StrEnum):
    """How a list of comments is ordered."""

    IN_TURN = "in-turn"
    NEWEST = "newest"


class Status(StrEnum):
    """What is left to read of a comment."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    TAKEN_BACK = "taken-back"
    ERASED = "erased"


@dataclass(frozen=True)
class RulingView:
    """An act of moderation as everybody may read it."""

    ruling: Ruling
    rule: str | None
    reasons: str
    at: datetime


@dataclass(frozen=True)
class About:
    """The argument or the proposal that a comment is about, by its number in the petition."""

    kind: str
    number: int


@dataclass(frozen=True)
class CommentView:
    """One comment or reply. ``text`` and ``name`` are empty unless it is shown; ``body`` speaks for itself."""

    petition_id: int
    id: str
    parent_id: str | None
    voice: Voice
    name: str
    body: BodyView | None
    language: str
    stance: Stance | None
    about: About | None
    text: str
    status: Status
    written_at: datetime
    edited_at: datetime | None
    rulings: tuple[RulingView, ...]
    replies: tuple[CommentView, ...] = ()
    further_replies: int = 0


@dataclass(frozen=True)
class Counts:
    """How many comments are shown, by what their writers called them, and how many replies there are."""

    by_stance: tuple[tuple[Stance, int], ...]
    replies: int

    @property
    def total(self) -> int:
        return sum(number for _stance, number in self.by_stance)


@dataclass(frozen=True)
class CommentPage:
    """A page of comments. ``after``: the cursor of the next page, None on the last one."""

    comments: tuple[CommentView, ...]
    after: str | None


@dataclass(frozen=True)
class CommentBlock:
    """The first comments of a petition for its own page. Equal ``key``, equal block."""

    counts: Counts
    comments: tuple[CommentView, ...]
    is_open: bool
    key: Hashable


def block(session: Session, standing: Standing, policy: Policy, now: datetime) -> CommentBlock | None:
    """What a petition's page shows of its comments; None for a petition that is not openly published."""
    if not was_open(standing):
        return None
    stamp = versions.stamp(session, SUBJECT, "reference")
    open_now = is_open(standing, policy, now)
    counts, comments = _kept.get(session, standing.id, lambda: _first(session, standing.id))
    return CommentBlock(counts, comments, open_now, (stamp, open_now))


def counts(session: Session, petition_id: int) -> Counts:
    """How many comments and replies everybody can read."""
    return _kept_counts.get(session, petition_id, lambda: _counts(session, petition_id))


def page(
    session: Session,
    petition_id: int,
    *,
    order: Order = Order.IN_TURN,
    stance: Stance | None = None,
    after: str = "",
    size: int = PAGE,
) -> CommentPage:
    """The comments after a cursor, each with its first replies. A cursor nobody gave starts at the beginning."""
    wanted = _COMMENTS.where(Comment.petition_id == petition_id, Comment.parent_id.is_(None), _TELLS)
    if stance is not None:
        wanted = wanted.where(Comment.stance == stance)
    if order is Order.NEWEST:
        wanted = wanted.order_by(Comment.id.desc())
        if after:
            wanted = wanted.where(Comment.id < after)
    else:
        key = sa.tuple_(Comment.turn, Comment.place, Comment.id)
        wanted = wanted.order_by(Comment.turn, Comment.place, Comment.id)
        if (since := _cursor(after)) is not None:
            wanted = wanted.where(key > sa.tuple_(*(sa.literal(part) for part in since)))
    rows = session.execute(wanted.limit(size + 1)).all()
    shown = rows[:size]
    cursor = _cursor_of(shown[-1], order) if len(rows) > size else None
    return CommentPage(_with_replies(session, petition_id, shown), cursor)


def thread(session: Session, petition_id: int, comment_id: str, *, after: str = "") -> tuple[CommentView, str | None]:
    """One comment with a page of its replies, and the cursor of the next page. Raises NotFound.

    The id of a reply gives the thread it stands in.
    """
    found = session.execute(_COMMENTS.where(Comment.petition_id == petition_id, Comment.id == comment_id)).one_or_none()
    if found is None:
        raise NotFound
    if found.parent_id is not None:
        return thread(session, petition_id, found.parent_id, after=after)
    wanted = _REPLIES.where(Comment.petition_id == petition_id, Comment.parent_id == comment_id)
    if (since := _cursor(after)) is not None:
        wanted = wanted.where(sa.tuple_(Comment.turn, Comment.place, Comment.id) > sa.tuple_(*map(sa.literal, since)))
    replies = session.execute(wanted.limit(PAGE + 1)).all()
    shown = replies[:PAGE]
    views = _views(session, [found, *shown])
    cursor = _cursor_of(shown[-1], Order.IN_TURN) if len(replies) > PAGE else None
    return replace(views[0], replies=views[1:]), cursor


def one(session: Session, petition_id: int, comment_id: str) -> CommentView:
    """One comment or reply by itself. Raises NotFound."""
    found = session.execute(_COMMENTS.where(Comment.petition_id == petition_id, Comment.id == comment_id)).one_or_none()
    if found is None:
        raise NotFound
    return _views(session, [found])[0]


def rulings(session: Session, keys: Collection[Key]) -> dict[Key, tuple[RulingView, ...]]:
    """What moderators decided about these comments and everybody may read, the oldest first."""
    found: dict[Key, tuple[RulingView, ...]] = {}
    if not keys:
        return found
    of_them = sa.tuple_(CommentRuling.petition_id, CommentRuling.comment_id).in_(keys)
    wanted = sa.select(CommentRuling).where(of_them, CommentRuling.ruling != Ruling.LEFT)
    for row in session.scalars(wanted.order_by(CommentRuling.id)):
        key = row.petition_id, row.comment_id
        found[key] = (*found.get(key, ()), RulingView(Ruling(row.ruling), row.rule, row.reasons, row.at))
    return found


def status_of(row: Any) -> Status:
    """What is left to read of a row of ``comment``."""
    if row.taken_back_at is not None:
        return Status.TAKEN_BACK
    if row.hidden_at is not None:
        return Status.HIDDEN
    return Status.ERASED if row.text is None else Status.SHOWN


def _first(session: Session, petition_id: int) -> tuple[Counts, tuple[CommentView, ...]]:
    found = page(session, petition_id, size=SHOWN_ON_THE_PETITION)
    return _counts(session, petition_id), found.comments


def _counts(session: Session, petition_id: int) -> Counts:
    readable = sa.and_(Comment.petition_id == petition_id, Comment.text.is_not(None), Comment.hidden_at.is_(None))
    rows = session.execute(sa.select(Comment.stance, sa.func.count()).where(readable).group_by(Comment.stance))
    numbers = {row[0]: row[1] for row in rows}
    return Counts(tuple((stance, numbers.get(stance, 0)) for stance in Stance), numbers.get(None, 0))


def _with_replies(session: Session, petition_id: int, rows: Sequence[Any]) -> tuple[CommentView, ...]:
    ids = [row.id for row in rows]
    numbered = (
        _REPLIES.where(Comment.petition_id == petition_id, Comment.parent_id.in_(ids))
        .add_columns(
            sa.func.row_number()
            .over(partition_by=Comment.parent_id, order_by=(Comment.turn, Comment.place, Comment.id))
            .label("nth"),
            sa.func.count().over(partition_by=Comment.parent_id).label("siblings"),
        )
        .order_by(None)
        .subquery()
    )
    first = sa.select(numbered).where(numbered.c.nth <= REPLIES_SHOWN).order_by(numbered.c.parent_id, numbered.c.nth)
    replies = session.execute(first).all() if ids else []
    views = {view.id: view for view in _views(session, [*rows, *replies])}
    siblings = {row.parent_id: row.siblings for row in replies}
    made = []
    for row in rows:
        own = tuple(views[reply.id] for reply in replies if reply.parent_id == row.id)
        made.append(replace(views[row.id], replies=own, further_replies=siblings.get(row.id, 0) - len(own)))
    return tuple(made)


def _views(session: Session, rows: Sequence[Any]) -> tuple[CommentView, ...]:
    said = rulings(session, [(row.petition_id, row.id) for row in rows])
    speaking = {row.body_id for row in rows if row.body_id is not None}
    bodies = reference.bodies(session, sorted(speaking)) if speaking else {}
    return tuple(_view(row, bodies.get(row.body_id), said.get((row.petition_id, row.id), ())) for row in rows)


def _view(row: Any, body: BodyView | None, said: tuple[RulingView, ...]) -> CommentView:
    status = status_of(row)
    shown = status is Status.SHOWN
    return CommentView(
        petition_id=row.petition_id,
        id=row.id,
        parent_id=row.parent_id,
        voice=Voice(row.voice),
        name=row.public_name if shown else "",
        body=body,
        language=row.language,
        stance=Stance(row.stance) if row.stance else None,
        about=About(row.point_kind, row.point_position) if row.point_kind else None,
        text=row.text if shown else "",
        status=status,
        written_at=row.written_at,
        edited_at=row.edited_at if shown else None,
        rulings=said,
    )


def _cursor_of(row: Any, order: Order) -> str:
    return str(row.id) if order is Order.NEWEST else f"{row.turn}.{row.place}.{row.id}"


def _cursor(text: str) -> tuple[int, int, str] | None:
    turn, _dot, rest = text.partition(".")
    place, _dot, comment_id = rest.partition(".")
    numbers = (turn, place)
    if not comment_id or not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in numbers):
        return None
    return int(turn), int(place), comment_id


_kept = Kept(SUBJECT, "reference", most=2_000)
_kept_counts = Kept(SUBJECT, most=5_000)
_ANSWER = Comment.__table__.alias("answer")
# What was taken back leaves a line only where somebody had replied to it, or a moderator had hidden it: whoever hides
# answers for it, whatever the writer does then.
_LEAVES_A_LINE = sa.or_(Comment.taken_back_at.is_(None), Comment.hidden_at.is_not(None))
_TELLS = sa.or_(
    _LEAVES_A_LINE,
    sa.exists().where(_ANSWER.c.petition_id == Comment.petition_id, _ANSWER.c.parent_id == Comment.id),
)
_COMMENTS = sa.select(
    Comment.petition_id,
    Comment.id,
    Comment.parent_id,
    Comment.voice,
    Comment.public_name,
    Comment.body_id,
    Comment.language,
    Comment.stance,
    Comment.text,
    Comment.turn,
    Comment.place,
    Comment.written_at,
    Comment.edited_at,
    Comment.taken_back_at,
    Comment.hidden_at,
    Point.kind.label("point_kind"),
    Point.position.label("point_position"),
).outerjoin(Point, Point.id == Comment.point_id)
_REPLIES = _COMMENTS.where(_LEAVES_A_LINE).order_by(Comment.turn, Comment.place, Comment.id)
