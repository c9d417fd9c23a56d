"""What citizens do with comments. Each is one transaction; whoever writes is locked, so that no limit is passed by two.

`at` is the law's time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.comments.ids import new_id
from petitions.comments.models import LONGEST, Comment, CommentReport, Rule, Stance, Voice
from petitions.comments.openness import is_open, was_open
from petitions.comments.trouble import PERSONAL, Trouble, fingerprint, troubles
from petitions.comments.words import PERSONAL_DATA_WARNING
from petitions.db import insert_new, reading, retried, transaction
from petitions.discussion import eligibility
from petitions.errors import Conflict, DomainError, NotFound
from petitions.i18n import format_number
from petitions.identity import queries as people
from petitions.identity.models import Citizen
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.filing import cleaned
from petitions.lifecycle.models import Point
from petitions.lifecycle.queries import Standing
from petitions.reference import queries as reference

DAY = timedelta(days=1)
SHORTEST = 2  # characters
LONGEST_REPORT = 500


class CommentsClosed(Conflict):
    """Comments on this petition have not begun or have ended (policy: comments_close)."""

    def __init__(self) -> None:
        super().__init__(_l("Comments on this petition are closed. Nothing was stored."))


class TooManyComments(DomainError):
    """The citizen has written as much as the policy lets one person write within a day."""

    def __init__(self) -> None:
        super().__init__(_l("You have written as many comments as one person may within a day. Come back tomorrow."))


class TooManyReports(DomainError):
    """The citizen has reported as many comments as the policy lets one person report within a day."""

    def __init__(self) -> None:
        super().__init__(_l("You have reported as many comments as one person may within a day. Come back tomorrow."))


class SaidAlready(DomainError):
    """The same citizen has written the same words on this petition."""

    def __init__(self) -> None:
        super().__init__(_l("You have already written exactly this here. It is published once."), field="text")


class PersonalDataStandsThere(DomainError):
    """A warning before publication: the writer corrects the text or insists."""

    WARNING = PERSONAL_DATA_WARNING

    def __init__(self, kinds: list[Trouble]) -> None:
        super().__init__(self.WARNING, field="insists")
        self.kinds = kinds


class BadText(DomainError):
    """Nothing was written, or too much."""

    def __init__(self, message: object) -> None:
        super().__init__(message, field="text")


class CannotChange(Conflict):
    """The time for changing is over, or somebody has replied, or comments are closed, or it is no longer shown."""

    def __init__(self) -> None:
        super().__init__(_l("This comment can no longer be changed. You can take it back."))


@dataclass(frozen=True)
class Words:
    """What a citizen says. ``insists``: that what looks like personal data may be published."""

    text: str
    language: str
    insists: bool = False


@dataclass(frozen=True)
class Checked:
    """A text as it is kept, fit to be published. ``hints``: what a moderator should look at in it."""

    text: str
    language: str
    fingerprint: str | None
    hints: tuple[Trouble, ...]


@retried
def write(
    petition_id: int, words: Words, stance: Stance, *, citizen_id: int, at: datetime, point_id: int | None = None
) -> str:
    """Publish a comment; returns its id. ``point_id``: the argument or proposal it is about.

    Raises CommentsClosed, MayNotComment, CannotTell, TooManyComments, SaidAlready, PersonalDataStandsThere, BadText,
    NotFound.
    """
    text = _new_text(petition_id, words, citizen_id)
    with transaction() as session:
        desk = _Desk(session, petition_id, citizen_id, at)
        desk.check(text)
        if point_id is not None:
            _check_point(session, petition_id, point_id)
        turn = 1 + desk.count(Comment.citizen_id == citizen_id, Comment.parent_id.is_(None))
        alike = (Comment.parent_id.is_(None), Comment.turn == turn, Comment.stance == stance)
        return desk.publish(text, stance=stance, point_id=point_id, turn=turn, place=1 + desk.count(*alike))


@retried
def reply(petition_id: int, parent_id: str, words: Words, *, citizen_id: int, at: datetime) -> str:
    """Publish a reply to a comment; returns its id. Raises as `write` does; NotFound for what is not shown."""
    text = _new_text(petition_id, words, citizen_id)
    with transaction() as session:
        desk = _Desk(session, petition_id, citizen_id, at)
        desk.check(text)
        parent = shown(session, petition_id, parent_id)
        if parent.parent_id is not None:
            raise NotFound  # threads are one level deep
        turn = 1 + desk.count(Comment.parent_id == parent.id, Comment.citizen_id == citizen_id)
        others = desk.count(Comment.parent_id == parent.id, Comment.turn == turn)
        place = 0 if desk.voice is Voice.AUTHOR else 1 + others
        return desk.publish(text, parent_id=parent.id, turn=turn, place=place)


@retried
def change(petition_id: int, comment_id: str, words: Words, *, citizen_id: int, at: datetime) -> None:
    """Change one's own comment shortly after writing it; the page says that it was changed.

    Raises CannotChange, PersonalDataStandsThere, BadText, NotFound.
    """
    new = checked(words)
    with transaction() as session:
        comment = own(session, petition_id, comment_id, citizen_id)
        policy = reference.policy(session)
        open_now = is_open(lifecycle.standing(session, petition_id), policy, at)
        if not open_now or not may_change(session, comment, policy.integer("comment_edit_minutes"), at):
            raise CannotChange
        if new.text == comment.text and new.language == comment.language:
            return
        comment.text, comment.language, comment.edited_at = new.text, new.language, at
        _mark(session, comment, new, at)


@retried
def take_back(petition_id: int, comment_id: str, *, citizen_id: int, at: datetime) -> None:
    """Take one's own comment back, at any time: its words and its writer's name are erased. Raises NotFound."""
    with transaction() as session:
        comment = own(session, petition_id, comment_id, citizen_id)
        if comment.taken_back_at is not None:
            return
        comment.taken_back_at, comment.waits_since = at, None
        erase(session, comment)


@retried
def report(petition_id: int, comment_id: str, rule: Rule, words: str, *, citizen_id: int, at: datetime) -> None:
    """Ask a moderator to look at a comment. A second report by the same person changes nothing.

    Raises TooManyReports, BadText, NotFound.
    """
    words = cleaned(words)
    if len(words) > LONGEST_REPORT:
        raise DomainError(_l("Write at most %(count)s characters.", count=LONGEST_REPORT), field="words")
    with transaction() as session:
        _lock(session, citizen_id)
        comment = shown(session, petition_id, comment_id)
        if comment.citizen_id == citizen_id:
            raise DomainError(_l("This is your own comment. You can take it back."))
        since = sa.select(sa.func.count()).select_from(CommentReport)
        mine = since.where(CommentReport.citizen_id == citizen_id, CommentReport.at > at - DAY)
        if (session.scalar(mine) or 0) >= reference.policy(session).integer("comment_reports_a_day"):
            raise TooManyReports
        row = {"petition_id": petition_id, "comment_id": comment_id, "citizen_id": citizen_id, "rule": rule, "at": at}
        new = session.execute(
            insert_new(session, CommentReport).values(**row, words=words or None).returning(CommentReport.comment_id)
        )
        if new.first() is not None and comment.waits_since is None:
            comment.waits_since = at


def erase(session: Session, comment: Comment) -> None:
    """Let its words go for good, with all that repeats them or says whose they are. The row keeps its place."""
    comment.text, comment.fingerprint, comment.public_name, comment.hints = None, None, "", []
    of_it = (CommentReport.petition_id == comment.petition_id, CommentReport.comment_id == comment.id)
    session.execute(sa.update(CommentReport).where(*of_it).values(words=None))


def shown(session: Session, petition_id: int, comment_id: str) -> Comment:
    """A comment that everybody can read now, locked: nobody changes, hides or takes it back meanwhile. Raises NotFound.

    Whoever locks the citizen too does that first.
    """
    comment = session.get(Comment, (petition_id, comment_id), with_for_update=True)
    if comment is None or comment.text is None or comment.hidden_at is not None:
        raise NotFound
    if not was_open(lifecycle.standing(session, petition_id)):
        raise NotFound
    return comment


def own(session: Session, petition_id: int, comment_id: str, citizen_id: int) -> Comment:
    """A citizen's own comment, locked as `shown` does. Raises NotFound."""
    comment = session.get(Comment, (petition_id, comment_id), with_for_update=True)
    if comment is None or comment.citizen_id != citizen_id:
        raise NotFound
    return comment


def may_change(session: Session, comment: Comment, minutes: int, at: datetime) -> bool:
    """Whether its writer may change the comment at ``at``: soon after writing, and while nobody has replied."""
    if not in_time(comment, minutes, at):
        return False
    answered = sa.select(Comment.id).where(Comment.petition_id == comment.petition_id, Comment.parent_id == comment.id)
    return session.scalar(answered.limit(1)) is None


def in_time(comment: Comment, minutes: int, at: datetime) -> bool:
    """Whether the comment still stands there and was written within these minutes."""
    shown_now = comment.text is not None and comment.hidden_at is None
    return shown_now and at < comment.written_at + timedelta(minutes=minutes)


def checked(words: Words) -> Checked:
    """The text, looked at before anybody waits for the database. Raises BadText, PersonalDataStandsThere."""
    text = cleaned(words.text)
    if len(text) < SHORTEST:
        raise BadText(_l("Write your comment."))
    if len(text) > LONGEST:
        raise BadText(_l("Write at most %(count)s characters.", count=format_number(LONGEST)))
    hints = troubles(text)
    kinds = [kind for kind in hints if kind in PERSONAL]
    if kinds and not words.insists:
        raise PersonalDataStandsThere(kinds)
    return Checked(text, words.language, fingerprint(text), tuple(hints))


def _new_text(petition_id: int, words: Words, citizen_id: int) -> Checked:
    """Of a comment or reply. Who pressed twice is told so before they keep other writers waiting."""
    text = checked(words)
    with reading() as session:
        if _is_said(session, petition_id, citizen_id, text):
            raise SaidAlready
    return text


def _is_said(session: Session, petition_id: int, citizen_id: int, text: Checked) -> bool:
    same = (Comment.petition_id == petition_id, Comment.citizen_id == citizen_id, Comment.text == text.text)
    return session.scalar(sa.select(Comment.id).where(*same).limit(1)) is not None


def _mark(session: Session, comment: Comment, text: Checked, at: datetime) -> None:
    """Write down what a moderator should look at; nothing is refused because of it."""
    comment.fingerprint = text.fingerprint
    found: list[str] = [*text.hints]
    if comment.fingerprint and _is_repeated(session, comment):
        found.append(Trouble.REPEATED)
    comment.hints = found
    if found and comment.waits_since is None:
        comment.waits_since = at


class _Desk:
    """One citizen who writes on one petition; locked, so that limits and turns count true."""

    def __init__(self, session: Session, petition_id: int, citizen_id: int, at: datetime) -> None:
        _lock(session, citizen_id)
        self.session, self.petition_id, self.citizen_id, self.at = session, petition_id, citizen_id, at
        self.policy = reference.policy(session)
        self.standing: Standing = lifecycle.standing(session, petition_id)
        if not was_open(self.standing):
            raise NotFound
        if not is_open(self.standing, self.policy, at):
            raise CommentsClosed
        eligibility.check(people.person_facts(session, citizen_id), self.policy, at)

    @property
    def voice(self) -> Voice:
        return Voice.AUTHOR if self.standing.author_id == self.citizen_id else Voice.CITIZEN

    def check(self, text: Checked) -> None:
        if _is_said(self.session, self.petition_id, self.citizen_id, text):
            raise SaidAlready  # before the limits: who pressed twice is not told to come back tomorrow
        self._check_limits()

    def count(self, *conditions: sa.ColumnElement[bool]) -> int:
        wanted = sa.select(sa.func.count()).select_from(Comment)
        return self.session.scalar(wanted.where(Comment.petition_id == self.petition_id, *conditions)) or 0

    def publish(self, text: Checked, **place: object) -> str:
        name = people.public_names(self.session, [self.citizen_id])[self.citizen_id]
        comment = Comment(
            petition_id=self.petition_id,
            id=new_id(self.at),
            voice=self.voice,
            citizen_id=self.citizen_id,
            public_name=name,
            language=text.language,
            text=text.text,
            written_at=self.at,
            **place,
        )
        self.session.add(comment)
        _mark(self.session, comment, text, self.at)
        return comment.id

    def _check_limits(self) -> None:
        newest = (Comment.citizen_id == self.citizen_id, Comment.written_at > self.at - DAY)
        everywhere = self.session.scalar(sa.select(sa.func.count()).select_from(Comment).where(*newest)) or 0
        if everywhere >= self.policy.integer("comments_a_day"):
            raise TooManyComments
        if self.count(*newest) >= self.policy.integer("comments_a_day_per_petition"):
            raise TooManyComments


def _lock(session: Session, citizen_id: int) -> None:
    """Two comments of one person wait for each other (on SQLite all writers do)."""
    session.execute(sa.select(Citizen.id).where(Citizen.id == citizen_id).with_for_update())


def _check_point(session: Session, petition_id: int, point_id: int) -> None:
    point = session.get(Point, point_id)
    if point is None or point.petition_id != petition_id:
        raise NotFound


def _is_repeated(session: Session, comment: Comment) -> bool:
    same = sa.select(Comment.id).where(
        Comment.fingerprint == comment.fingerprint,
        sa.or_(Comment.petition_id != comment.petition_id, Comment.id != comment.id),
    )
    with session.no_autoflush:
        return session.scalar(same.limit(1)) is not None
