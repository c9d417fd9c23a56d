from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from petitions import versions
from petitions.db import Base, UtcDateTime
from petitions.law.states import ClockKind, Event, State


def _one_of(column: str, values: Any) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


SUBJECT = "petitions"
BEFORE_OPENING = (State.DRAFT, State.CHECKING, State.SUPPORTING, State.REFUSED, State.LAPSED, State.WITHDRAWN)


class Petition(Base):
    """A petition from its first saved line to its last legal step. Only `lifecycle.advance` writes ``state``."""

    __tablename__ = "petition"
    __table_args__ = (
        sa.CheckConstraint(_one_of("state", State), name="state_is_known"),
        sa.CheckConstraint("language IN ('kk', 'ru')", name="language_is_kk_or_ru"),
        sa.CheckConstraint(
            "addressee IS NULL OR addressee IN ('government', 'akimat', 'maslikhat')",
            name="addressee_is_known",
        ),
        sa.CheckConstraint("channel IN ('site', 'written')", name="channel_is_known"),
        sa.CheckConstraint(
            "state = 'draft' OR (filed_at IS NOT NULL AND text_hash IS NOT NULL AND edition IS NOT NULL"
            ' AND "order" IS NOT NULL AND title IS NOT NULL AND content IS NOT NULL AND addressee IS NOT NULL'
            " AND body_id IS NOT NULL AND author_sealed IS NOT NULL)",
            name="filed_petition_is_complete",
        ),
        sa.CheckConstraint("opened_at IS NULL OR required IS NOT NULL", name="open_petition_has_a_threshold"),
        sa.CheckConstraint(
            f"opened_at IS NOT NULL OR state = 'taken_down' OR {_one_of('state', BEFORE_OPENING)}",
            name="public_petition_was_opened",
        ),
        sa.CheckConstraint(
            "(population IS NULL) = (population_on IS NULL) AND (population IS NULL) = (population_source IS NULL)",
            name="population_has_date_and_source",
        ),
        sa.CheckConstraint("closes_at IS NULL OR opens_at IS NOT NULL", name="closing_needs_opening"),
        sa.Index(None, "state", "opened_at"),
        sa.Index(None, "author_id"),
        sa.Index(None, "body_id", "state"),
        sa.Index(None, "territory_kato", "state"),
        # All that a list counts its facets by: none of the texts beside them is read for that.
        sa.Index("ix_petition_facets", "state", "theme", "language", "addressee", "body_id", "territory_kato"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(20), default=State.DRAFT)
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[str] = mapped_column(sa.String(10), default="site")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)

    author_id: Mapped[int] = mapped_column(sa.ForeignKey("citizen.id"))
    author_name: Mapped[str] = mapped_column(sa.String(140))  # given name and first letter of the surname
    author_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # 90-2(2) particulars as filed
    is_representative: Mapped[bool] = mapped_column(default=False)
    represented_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    written_reference: Mapped[str | None] = mapped_column(sa.String(80))

    language: Mapped[str] = mapped_column(sa.String(2), default="kk")
    title: Mapped[str | None] = mapped_column(sa.String(200))
    content: Mapped[str | None] = mapped_column(sa.Text)
    addressee: Mapped[str | None] = mapped_column(sa.String(20))
    territory_kato: Mapped[str | None] = mapped_column(sa.ForeignKey("territory.kato"))
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("body.id"))
    theme: Mapped[str | None] = mapped_column(sa.String(30))  # lifecycle/themes.py; no part of the text as filed

    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edition: Mapped[str | None] = mapped_column(sa.String(10))
    order: Mapped[str | None] = mapped_column(sa.String(20))
    text_hash: Mapped[str | None] = mapped_column(sa.String(64))
    link_token: Mapped[str | None] = mapped_column(sa.String(40), unique=True)

    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    required: Mapped[int | None]
    population: Mapped[int | None]
    population_on: Mapped[date | None]
    population_source: Mapped[str | None] = mapped_column(sa.Text)

    points: Mapped[list[Point]] = relationship(order_by="(Point.kind, Point.position)", cascade="all, delete-orphan")
    attachments: Mapped[list[Attachment]] = relationship(order_by="Attachment.id", cascade="all, delete-orphan")


class Point(Base):
    """One argument or one proposal: its own row from the first day, because each is answered for itself."""

    __tablename__ = "point"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('argument', 'proposal')", name="kind_is_known"),
        sa.UniqueConstraint("petition_id", "kind", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)


class Attachment(Base):
    """A file of the petition; a representative's authority and a scanned application are never public."""

    __tablename__ = "attachment"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('attachment', 'authority', 'application')", name="kind_is_known"),
        sa.UniqueConstraint("petition_id", "kind", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    name: Mapped[str] = mapped_column(sa.String(120))
    mime: Mapped[str] = mapped_column(sa.String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary))


class Transition(Base):
    """One legal step: who, when, why, under which edition, and which clocks it set. Never changed."""

    __tablename__ = "transition"
    __table_args__ = (
        sa.CheckConstraint(_one_of("event", Event), name="event_is_known"),
        sa.CheckConstraint("actor_kind IN ('citizen', 'staff', 'system')", name="actor_is_known_kind"),
        sa.UniqueConstraint("petition_id", "seq"),
        sa.Index(None, "announced_at"),
        sa.Index(None, "event", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"))
    seq: Mapped[int]
    event: Mapped[str] = mapped_column(sa.String(30))
    from_state: Mapped[str] = mapped_column(sa.String(20))
    to_state: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)  # when it happened in law
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when it was applied
    actor_kind: Mapped[str] = mapped_column(sa.String(10))
    actor_id: Mapped[int | None]
    actor_role: Mapped[str] = mapped_column(sa.String(60))
    reason: Mapped[str | None] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    edition: Mapped[str] = mapped_column(sa.String(10))
    clocks: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Clock(Base):
    """One running or ended term of one petition; the due day is written when the clock starts."""

    __tablename__ = "clock"
    __table_args__ = (
        sa.CheckConstraint(_one_of("kind", ClockKind), name="kind_is_known"),
        sa.CheckConstraint("unit IN ('working_days', 'months')", name="unit_is_known"),
        sa.CheckConstraint(
            "ending IS NULL OR ending IN ('met', 'late', 'lapsed', 'cancelled')", name="ending_is_known"
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="end_has_an_ending"),
        sa.Index(
            "uq_clock_one_running_of_a_kind",
            "petition_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(None, "kind", "due_on"),
        sa.Index(None, "petition_id", "kind", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    started_on: Mapped[date]
    term: Mapped[int]
    unit: Mapped[str] = mapped_column(sa.String(12))
    due_on: Mapped[date]
    started_by_id: Mapped[int] = mapped_column(sa.ForeignKey("transition.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ending: Mapped[str | None] = mapped_column(sa.String(10))
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("transition.id"))


class Refusal(Base):
    """The reasoned refusal of the check: the failed condition, its clause and the moderator's words (90-2(6))."""

    __tablename__ = "refusal"
    __table_args__ = (
        sa.CheckConstraint("ground IN ('field', 'subject', 'duplicate')", name="ground_is_known"),
        sa.CheckConstraint("ground <> 'duplicate' OR duplicate_of IS NOT NULL", name="duplicate_names_its_original"),
        sa.Index(None, "petition_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"))
    transition_id: Mapped[int] = mapped_column(sa.ForeignKey("transition.id"))
    ground: Mapped[str] = mapped_column(sa.String(10))
    code: Mapped[str] = mapped_column(sa.String(20))  # a field's name, a subject's number, or "duplicate"
    clause: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    duplicate_of: Mapped[int | None] = mapped_column(sa.ForeignKey("petition.id"))
    hides_text: Mapped[bool] = mapped_column(default=False)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Decision(Base):
    """A version of the decision: drafted for the public discussion, made by the head, published (90-6)."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('full', 'partial', 'refused')", name="outcome_is_known"),
        sa.CheckConstraint("language IN ('kk', 'ru')", name="language_is_kk_or_ru"),
        sa.CheckConstraint("published_at IS NULL OR decided_at IS NOT NULL", name="published_was_decided"),
        sa.CheckConstraint(
            "decided_at IS NULL OR (decided_by_id IS NOT NULL AND head_title_kk IS NOT NULL)",
            name="decision_has_its_head",
        ),
        sa.UniqueConstraint("petition_id", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"))
    version: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    language: Mapped[str] = mapped_column(sa.String(2))
    reasons: Mapped[str] = mapped_column(sa.Text)
    law_cited: Mapped[str] = mapped_column(sa.Text)
    appeal: Mapped[str] = mapped_column(sa.Text)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    head_title_kk: Mapped[str | None] = mapped_column(sa.String(200))
    head_title_ru: Mapped[str | None] = mapped_column(sa.String(200))
    head_title_en: Mapped[str | None] = mapped_column(sa.String(200))
    acting_act: Mapped[str | None] = mapped_column(sa.String(300))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    answers: Mapped[list[DecisionAnswer]] = relationship(order_by="DecisionAnswer.id", cascade="all, delete-orphan")


class DecisionAnswer(Base):
    """What the decision says to one argument (confirmed, refuted) or one proposal (accepted, declined)."""

    __tablename__ = "decision_answer"
    __table_args__ = (
        sa.CheckConstraint(
            "finding IN ('confirmed', 'partly', 'refuted', 'accepted', 'declined')", name="finding_is_known"
        ),
        sa.UniqueConstraint("decision_id", "point_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id", ondelete="CASCADE"))
    point_id: Mapped[int] = mapped_column(sa.ForeignKey("point.id"))
    finding: Mapped[str] = mapped_column(sa.String(10))
    text: Mapped[str] = mapped_column(sa.Text)


# Points and files are fixed at filing, which is a transition; a draft being written is on no page of others.
versions.watch(SUBJECT, Transition, Clock, Refusal, Decision, DecisionAnswer)
versions.watch(SUBJECT, Petition, when=lambda petition: petition.state != State.DRAFT)
