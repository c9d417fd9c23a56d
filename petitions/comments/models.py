from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petitions import versions
from petitions.db import Base, UtcDateTime

SUBJECT = "comments"
LONGEST = 2_000  # characters of one comment


class Voice(StrEnum):
    """In whose name a comment is written."""

    CITIZEN = "citizen"
    AUTHOR = "author"
    BODY = "body"


class Stance(StrEnum):
    """What the writer says the comment is; nobody else decides it."""

    FOR = "for"
    AGAINST = "against"
    QUESTION = "question"


class Rule(StrEnum):
    """A rule of the discussion: what a report names and by which a comment may be hidden."""

    INSULT = "insult"
    HATRED = "hatred"
    PERSONAL_DATA = "personal-data"
    ADVERTISEMENT = "advertisement"
    REPEATED = "repeated"
    OFF_SUBJECT = "off-subject"
    UNLAWFUL = "unlawful"


class Ruling(StrEnum):
    """What a moderator did with a comment after looking at it."""

    HIDDEN = "hidden"
    RESTORED = "restored"
    LEFT = "left"


def _one_of(column: str, words: Iterable[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class Comment(Base):
    """One comment, or one reply to a comment (``parent_id``): threads are one level deep.

    ``turn`` 1 is this citizen's first comment on the petition (or first reply under the comment), 2 the second;
    ``place`` numbers those of one turn and stance. Pages list by them, so that nobody's second comment stands before
    anybody's first, and stances take turns. What is taken back or hidden keeps its turn. The body's replies have turn
    0, the author's place 0. ``waits_since``: a moderator should look at it, because of ``hints`` or reports.
    """

    __tablename__ = "comment"
    __table_args__ = (
        sa.ForeignKeyConstraint(["petition_id", "parent_id"], ["comment.petition_id", "comment.id"]),
        sa.CheckConstraint(_one_of("voice", Voice), name="voice_is_known"),
        sa.CheckConstraint(f"stance IS NULL OR {_one_of('stance', Stance)}", name="stance_is_known"),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name="language_is_ours"),
        sa.CheckConstraint("(parent_id IS NULL) = (stance IS NOT NULL)", name="a_reply_has_no_stance"),
        sa.CheckConstraint("point_id IS NULL OR parent_id IS NULL", name="a_reply_is_about_its_comment"),
        sa.CheckConstraint(
            "voice = 'body' OR citizen_id IS NOT NULL OR erased_at IS NOT NULL", name="a_citizen_speaks_until_erased"
        ),
        sa.CheckConstraint(
            "voice <> 'body' OR (citizen_id IS NULL AND body_id IS NOT NULL AND staff_id IS NOT NULL"
            " AND parent_id IS NOT NULL)",
            name="a_body_answers_by_its_officer",
        ),
        sa.CheckConstraint(
            "(text IS NULL) = (taken_back_at IS NOT NULL OR erased_at IS NOT NULL)", name="text_stands_until_erased"
        ),
        sa.CheckConstraint("(hidden_at IS NULL) = (hidden_by_rule IS NULL)", name="hidden_by_a_rule"),
        sa.Index(None, "petition_id", "parent_id", "turn", "place", "id"),
        sa.Index(None, "citizen_id", "written_at"),
        sa.Index(None, "fingerprint"),
        sa.Index(
            "ix_comment_waiting",
            "waits_since",
            "id",
            sqlite_where=sa.text("waits_since IS NOT NULL"),
            postgresql_where=sa.text("waits_since IS NOT NULL"),
        ),
        sa.Index(
            "ix_comment_hidden",
            "hidden_at",
            "id",
            sqlite_where=sa.text("hidden_at IS NOT NULL"),
            postgresql_where=sa.text("hidden_at IS NOT NULL"),
        ),
    )

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), primary_key=True)
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)  # time-ordered, see `ids`
    parent_id: Mapped[str | None] = mapped_column(sa.String(32))
    voice: Mapped[str] = mapped_column(sa.String(10))
    citizen_id: Mapped[int | None] = mapped_column(sa.ForeignKey("citizen.id"))
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("body.id"))
    public_name: Mapped[str] = mapped_column(sa.String(140))  # given name and initial; empty for a body and once erased
    language: Mapped[str] = mapped_column(sa.String(2))
    stance: Mapped[str | None] = mapped_column(sa.String(10))
    point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("point.id"))
    text: Mapped[str | None] = mapped_column(sa.Text)
    turn: Mapped[int] = mapped_column(default=0)
    place: Mapped[int] = mapped_column(default=0)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_by_rule: Mapped[str | None] = mapped_column(sa.String(20))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fingerprint: Mapped[str | None] = mapped_column(sa.String(64))  # keyed digest of the words, to find repetitions
    hints: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    waits_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CommentReport(Base):
    """One citizen's report of one comment: which rule it breaks. Seen by moderators only."""

    __tablename__ = "comment_report"
    __table_args__ = (
        sa.ForeignKeyConstraint(["petition_id", "comment_id"], ["comment.petition_id", "comment.id"]),
        sa.CheckConstraint(_one_of("rule", Rule), name="rule_is_known"),
        sa.Index(None, "citizen_id", "at"),
    )

    petition_id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizen.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(20))
    words: Mapped[str | None] = mapped_column(sa.String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CommentRuling(Base):
    """One act of moderation with its reasons, which everybody may read. Never changed."""

    __tablename__ = "comment_ruling"
    __table_args__ = (
        sa.ForeignKeyConstraint(["petition_id", "comment_id"], ["comment.petition_id", "comment.id"]),
        sa.CheckConstraint(_one_of("ruling", Ruling), name="ruling_is_known"),
        sa.CheckConstraint(f"rule IS NULL OR {_one_of('rule', Rule)}", name="rule_is_known"),
        sa.CheckConstraint("ruling <> 'hidden' OR rule IS NOT NULL", name="hidden_by_a_rule"),
        sa.Index(None, "petition_id", "comment_id", "id"),
    )

    petition_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    comment_id: Mapped[str] = mapped_column(sa.String(32))
    ruling: Mapped[str] = mapped_column(sa.String(10))
    rule: Mapped[str | None] = mapped_column(sa.String(20))
    reasons: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))


versions.watch(SUBJECT, Comment, CommentRuling)
