"""What the pages of this room read: the moderators' queue, one comment before a moderator, one's own comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.comments import queries as comments
from petitions.comments.models import Comment, CommentReport, CommentRuling, Ruling, Stance, Voice
from petitions.comments.openness import is_open, was_open
from petitions.comments.queries import Status, status_of
from petitions.comments.summary import unanswered
from petitions.comments.trouble import Trouble
from petitions.discussion.actions import in_time
from petitions.errors import NotFound
from petitions.law.commenting import ANSWERED_BY_ITS_BODY, may_comment
from petitions.law.states import STATE_LABELS, Label, Order, State, is_signable
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.models import Petition
from petitions.lifecycle.queries import PetitionText, Standing
from petitions.reference import queries as reference
from petitions.reference.records import BodyView

SHOWN = 30
OWN_SHOWN = 50


class Shelf(StrEnum):
    """A part of the moderators' queue."""

    WAITING = "waiting"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Asked:
    """The petition that is commented on. ``open``: citizens may write now."""

    standing: Standing
    text: PetitionText
    open: bool


@dataclass(frozen=True)
class Reported:
    """How many people report a comment under one rule, and what they wrote."""

    rule: str
    number: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """A comment as a moderator sees it: with its words even when hidden, its hints and its reports."""

    petition_id: int
    id: str
    title: str
    title_language: str
    voice: Voice
    name: str
    body: BodyView | None
    language: str
    stance: Stance | None
    text: str
    status: Status
    written_at: datetime
    edited_at: datetime | None
    waits_since: datetime | None
    hidden_at: datetime | None
    hidden_by_rule: str | None
    hints: tuple[Trouble, ...]
    reports: tuple[Reported, ...]


@dataclass(frozen=True)
class Hidden:
    """The place of a comment on the shelf of those that are hidden."""

    at: datetime
    id: str


@dataclass(frozen=True)
class QueuePage:
    """A shelf of the queue. ``more``: it holds more than stand here. ``older``: where the hidden ones go on."""

    shelf: Shelf
    rows: tuple[Looked, ...]
    counts: dict[Shelf, int]
    more: bool
    older: Hidden | None = None


@dataclass(frozen=True)
class Sheet:
    """One comment before a moderator. ``hidden_before``: how many others of its writer are hidden."""

    comment: Looked
    parent: Looked | None
    rulings: tuple[comments.RulingView, ...]
    left_at: datetime | None
    hidden_before: int


@dataclass(frozen=True)
class ToAnswer:
    """A petition of the body with comments. ``questions``: those it has not answered yet."""

    petition_id: int
    title: str
    language: str
    state: Label
    comments: int
    questions: int


@dataclass(frozen=True)
class OwnComment:
    """A comment of one's own. ``title`` is empty where the petition was taken down by a legal order."""

    petition_id: int
    id: str
    title: str
    title_language: str
    stance: Stance | None
    language: str
    text: str
    status: Status
    written_at: datetime
    edited_at: datetime | None
    may_change: bool
    rulings: tuple[comments.RulingView, ...]


@dataclass(frozen=True)
class OwnPage:
    """A page of one's own comments. ``older``: the id to go on from, None on the last one."""

    rows: tuple[OwnComment, ...]
    older: str | None


def asked(session: Session, petition_id: int, now: datetime) -> Asked:
    """The petition and whether it may be commented on. Raises NotFound unless it was openly published."""
    standing = lifecycle.standing(session, petition_id)
    if not was_open(standing):
        raise NotFound
    may = is_open(standing, reference.policy(session), now)
    return Asked(standing, lifecycle.text(session, petition_id), may)


def to_answer(session: Session, body_id: int | None) -> tuple[ToAnswer, ...]:
    """The body's petitions on which it may answer comments now, those with the most open questions first."""
    if body_id is None:
        return ()
    rows = session.execute(
        sa.select(Petition.id, Petition.title, Petition.language, Petition.state)
        .where(Petition.body_id == body_id, Petition.state.in_(ANSWERED_BY_ITS_BODY))
        .order_by(Petition.opened_at.desc(), Petition.id.desc())
    ).all()
    numbers = unanswered(session, [row.id for row in rows])
    found = (
        ToAnswer(row.id, row.title or "", row.language, STATE_LABELS[State(row.state)], *numbers[row.id])
        for row in rows
        if row.id in numbers
    )
    return tuple(sorted(found, key=lambda each: -each.questions))


def waiting(session: Session) -> int:
    """How many comments wait for a moderator."""
    return session.scalar(sa.select(sa.func.count()).where(Comment.waits_since.is_not(None))) or 0


def queue(session: Session, shelf: Shelf, *, before: Hidden | None = None) -> QueuePage:
    """The comments that wait for a moderator, the longest waiting first; or the hidden ones, newest first.

    ``before``: where to go on from, among the hidden ones.
    """
    on_shelf = {Shelf.WAITING: Comment.waits_since.is_not(None), Shelf.HIDDEN: Comment.hidden_at.is_not(None)}
    numbers = {
        each: session.scalar(sa.select(sa.func.count()).select_from(Comment).where(which)) or 0
        for each, which in on_shelf.items()
    }
    wanted = _SEEN.where(on_shelf[shelf]).limit(SHOWN + 1)
    if shelf is Shelf.HIDDEN:
        wanted = wanted.order_by(Comment.hidden_at.desc(), Comment.id.desc())
        if before is not None:
            at_once = sa.and_(Comment.hidden_at == before.at, Comment.id < before.id)
            wanted = wanted.where(sa.or_(Comment.hidden_at < before.at, at_once))
    else:
        wanted = wanted.order_by(Comment.waits_since, Comment.id)
    found = session.execute(wanted).all()
    rows, more = found[:SHOWN], len(found) > SHOWN
    older = Hidden(rows[-1].hidden_at, rows[-1].id) if more and shelf is Shelf.HIDDEN else None
    return QueuePage(shelf, _looked(session, rows), numbers, more, older)


def sheet(session: Session, petition_id: int, comment_id: str) -> Sheet:
    """One comment with all a moderator needs to decide. Raises NotFound."""
    found = session.execute(_SEEN.where(Comment.petition_id == petition_id, Comment.id == comment_id)).one_or_none()
    if found is None:
        raise NotFound
    rows = [found]
    if found.parent_id is not None:
        of_parent = _SEEN.where(Comment.petition_id == petition_id, Comment.id == found.parent_id)
        rows.append(session.execute(of_parent).one())
    comment, *parent = _looked(session, rows)
    left = sa.select(sa.func.max(CommentRuling.at)).where(
        CommentRuling.petition_id == petition_id,
        CommentRuling.comment_id == comment_id,
        CommentRuling.ruling == Ruling.LEFT,
    )
    others = sa.select(sa.func.count()).where(
        Comment.citizen_id.is_not(None),  # bodies are no one person
        Comment.citizen_id == found.citizen_id,
        Comment.hidden_at.is_not(None),
        Comment.id != comment_id,
    )
    said = comments.rulings(session, [(petition_id, comment_id)]).get((petition_id, comment_id), ())
    return Sheet(comment, parent[0] if parent else None, said, session.scalar(left), session.scalar(others) or 0)


def own_comments(session: Session, citizen_id: int, now: datetime, *, before: str = "") -> OwnPage:
    """A citizen's comments and replies, whatever became of them, newest first. ``before``: an id to go on from."""
    mine = _OWN.where(Comment.citizen_id == citizen_id).order_by(Comment.id.desc())
    if before:
        mine = mine.where(Comment.id < before)
    rows = session.execute(mine.limit(OWN_SHOWN + 1)).all()
    made = _own(session, rows[:OWN_SHOWN], now)
    return OwnPage(made, made[-1].id if len(rows) > OWN_SHOWN else None)


def own_comment(session: Session, citizen_id: int, petition_id: int, comment_id: str, now: datetime) -> OwnComment:
    """One of a citizen's own. Raises NotFound."""
    key = (Comment.petition_id == petition_id, Comment.id == comment_id, Comment.citizen_id == citizen_id)
    found = session.execute(_OWN.where(*key)).one_or_none()
    if found is None:
        raise NotFound
    return _own(session, [found], now)[0]


def _own(session: Session, rows: Sequence[Any], now: datetime) -> tuple[OwnComment, ...]:
    policy = reference.policy(session)
    minutes = policy.integer("comment_edit_minutes")
    keys = [(row.petition_id, row.id) for row, *_petition in rows]
    said, answered = comments.rulings(session, keys), _answered(session, keys)

    def may_change(row: Comment, state: State, order: Order, opens_at: datetime, closes_at: datetime | None) -> bool:
        open_now = may_comment(state, policy, is_signable=is_signable(state, order, opens_at, closes_at, now))
        return open_now and (row.petition_id, row.id) not in answered and in_time(row, minutes, now)

    return tuple(
        OwnComment(
            petition_id=row.petition_id,
            id=row.id,
            title="" if state == State.TAKEN_DOWN else title or "",
            title_language=language,
            stance=Stance(row.stance) if row.stance else None,
            language=row.language,
            text=row.text or "",
            status=status_of(row),
            written_at=row.written_at,
            edited_at=row.edited_at,
            may_change=may_change(row, State(state), Order(order), opens_at, closes_at),
            rulings=said.get((row.petition_id, row.id), ()),
        )
        for row, title, language, state, order, opens_at, closes_at in rows
    )


def _answered(session: Session, keys: Sequence[comments.Key]) -> set[comments.Key]:
    """Which of these comments somebody has replied to."""
    if not keys:
        return set()
    of_them = sa.tuple_(Comment.petition_id, Comment.parent_id).in_(keys)
    rows = session.execute(sa.select(Comment.petition_id, Comment.parent_id).where(of_them).distinct())
    return {(row.petition_id, row.parent_id) for row in rows}


def _looked(session: Session, rows: Sequence[Any]) -> tuple[Looked, ...]:
    reports = _reports(session, [(row.petition_id, row.id) for row in rows])
    speaking = {row.body_id for row in rows if row.body_id is not None}
    bodies = reference.bodies(session, sorted(speaking)) if speaking else {}
    return tuple(
        Looked(
            petition_id=row.petition_id,
            id=row.id,
            title=row.title,
            title_language=row.title_language,
            voice=Voice(row.voice),
            name=row.public_name,
            body=bodies.get(row.body_id),
            language=row.language,
            stance=Stance(row.stance) if row.stance else None,
            text=row.text or "",
            status=status_of(row),
            written_at=row.written_at,
            edited_at=row.edited_at,
            waits_since=row.waits_since,
            hidden_at=row.hidden_at,
            hidden_by_rule=row.hidden_by_rule,
            hints=tuple(map(Trouble, row.hints)),
            reports=reports.get((row.petition_id, row.id), ()),
        )
        for row in rows
    )


def _reports(session: Session, keys: Sequence[comments.Key]) -> dict[comments.Key, tuple[Reported, ...]]:
    """The reports nobody has decided on yet, by comment and rule."""
    if not keys:
        return {}
    found = session.execute(
        sa.select(CommentReport.petition_id, CommentReport.comment_id, CommentReport.rule, CommentReport.words).where(
            sa.tuple_(CommentReport.petition_id, CommentReport.comment_id).in_(keys),
            CommentReport.settled_at.is_(None),
        )
    ).all()
    counted = Counter(((row.petition_id, row.comment_id), row.rule) for row in found)
    reports: dict[comments.Key, tuple[Reported, ...]] = {}
    for (key, rule), number in counted.most_common():
        words = tuple(
            row.words for row in found if (row.petition_id, row.comment_id) == key and row.rule == rule and row.words
        )
        reports[key] = (*reports.get(key, ()), Reported(rule, number, words))
    return reports


_OWN = sa.select(
    Comment,
    Petition.title,
    Petition.language,
    Petition.state,
    Petition.order,
    Petition.opens_at,
    Petition.closes_at,
).join(Petition, Petition.id == Comment.petition_id)
_SEEN = sa.select(
    Comment.petition_id,
    Comment.id,
    Comment.parent_id,
    Comment.voice,
    Comment.citizen_id,
    Comment.public_name,
    Comment.body_id,
    Comment.language,
    Comment.stance,
    Comment.text,
    Comment.written_at,
    Comment.edited_at,
    Comment.taken_back_at,
    Comment.hidden_at,
    Comment.hidden_by_rule,
    Comment.hints,
    Comment.waits_since,
    Petition.title.label("title"),
    Petition.language.label("title_language"),
).join(Petition, Petition.id == Comment.petition_id)
