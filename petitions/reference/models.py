from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petitions import versions
from petitions.db import Base, UtcDateTime
from petitions.reference.kinds import CENTRAL_KINDS, BodyKind, DayKind, UnitKind

KATO = sa.String(9)
SUBJECT = "reference"


def _one_of(column: str, words: Iterable[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class Territory(Base):
    """A unit of the classifier, to level 3. A load leaves alone what staff changed (`edited_at`)."""

    __tablename__ = "territory"
    __table_args__ = (
        sa.CheckConstraint(_one_of("kind", UnitKind), name="kind_is_known"),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="level_is_one_to_three"),
        sa.CheckConstraint("(level = 1) = (parent_kato IS NULL)", name="all_but_the_top_have_a_parent"),
        sa.CheckConstraint(
            "(population IS NULL) = (population_date IS NULL) AND (population IS NULL) = (population_source IS NULL)",
            name="population_has_date_and_source",
        ),
        sa.CheckConstraint("population > 0", name="population_is_positive"),
        sa.Index(None, "parent_kato"),
    )

    kato: Mapped[str] = mapped_column(KATO, primary_key=True)
    parent_kato: Mapped[str | None] = mapped_column(KATO, sa.ForeignKey("territory.kato"))
    level: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    name_kk: Mapped[str] = mapped_column(sa.String(200))
    name_ru: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    name_en_source: Mapped[str] = mapped_column(sa.String(20))
    sort_kk: Mapped[str] = mapped_column(sa.String(400))
    sort_ru: Mapped[str] = mapped_column(sa.String(400))
    search_text: Mapped[str] = mapped_column(sa.String(620))
    petition_unit: Mapped[bool]
    population: Mapped[int | None]
    population_date: Mapped[date | None]
    population_source: Mapped[str | None] = mapped_column(sa.String(500))
    population_quality: Mapped[str | None] = mapped_column(sa.String(60))
    population_note: Mapped[str | None] = mapped_column(sa.String(300))
    over_50k: Mapped[str | None] = mapped_column(sa.String(12))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PopulationRecord(Base):
    """Every figure ever found or entered, also of former boundaries; never changed, never deleted."""

    __tablename__ = "population_record"
    __table_args__ = (
        sa.UniqueConstraint("kato", "date", "source"),
        sa.CheckConstraint("population > 0", name="population_is_positive"),
        sa.CheckConstraint("source <> ''", name="source_is_named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kato: Mapped[str] = mapped_column(KATO, sa.ForeignKey("territory.kato"))
    population: Mapped[int]
    date: Mapped[date]
    source: Mapped[str] = mapped_column(sa.String(500))
    quality: Mapped[str] = mapped_column(sa.String(120))
    boundary: Mapped[str] = mapped_column(sa.String(120))
    confidence: Mapped[str] = mapped_column(sa.String(12))
    entered_by: Mapped[int | None]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Body(Base):
    """A body that petitions are addressed to. Only the title of its head is kept, never a name."""

    __tablename__ = "body"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint(_one_of("kind", BodyKind), name="kind_is_known"),
        sa.CheckConstraint(
            f"is_central = ({_one_of('kind', sorted(CENTRAL_KINDS))})", name="central_kinds_are_central"
        ),
        sa.CheckConstraint("is_central = (territory_kato IS NULL)", name="a_local_body_has_a_territory"),
        sa.Index(None, "territory_kato"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(20))
    name_kk: Mapped[str] = mapped_column(sa.String(250))
    name_ru: Mapped[str] = mapped_column(sa.String(250))
    name_en: Mapped[str] = mapped_column(sa.String(250))
    sort_kk: Mapped[str] = mapped_column(sa.String(500))
    sort_ru: Mapped[str] = mapped_column(sa.String(500))
    head_title_kk: Mapped[str] = mapped_column(sa.String(120))
    head_title_ru: Mapped[str] = mapped_column(sa.String(120))
    head_title_en: Mapped[str] = mapped_column(sa.String(120))
    territory_kato: Mapped[str | None] = mapped_column(KATO, sa.ForeignKey("territory.kato"))
    is_central: Mapped[bool]
    active: Mapped[bool]
    source: Mapped[str] = mapped_column(sa.String(500))
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalendarDay(Base):
    """A day that departs from Monday to Friday, with the act that says so.

    A removed entry stays as a row with `removed_at`, so that the next load does not bring it back.
    """

    __tablename__ = "calendar_day"
    __table_args__ = (
        sa.CheckConstraint(_one_of("kind", DayKind), name="kind_is_known"),
        sa.CheckConstraint("is_working = (kind = 'working_saturday')", name="kind_says_whether_it_is_worked"),
        sa.CheckConstraint("act <> ''", name="act_is_named"),
        sa.CheckConstraint("removed_at IS NULL OR edited_at IS NOT NULL", name="removing_is_an_edit"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    kind: Mapped[str] = mapped_column(sa.String(20))
    name_kk: Mapped[str] = mapped_column(sa.String(200))
    name_ru: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    act: Mapped[str] = mapped_column(sa.String(500))
    note: Mapped[str | None] = mapped_column(sa.String(300))
    confidence: Mapped[str] = mapped_column(sa.String(12))
    edited_by: Mapped[int | None]
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PolicyOverride(Base):
    """A setting of `law.policy` that an administrator moved from its default, with the reason."""

    __tablename__ = "policy_override"
    __table_args__ = (sa.CheckConstraint("reason <> ''", name="a_reason_is_given"),)

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(300))
    reason: Mapped[str] = mapped_column(sa.String(500))
    set_by: Mapped[int | None]
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ArchivedPetition(Base):
    """A real petition of the official site, retold; read only. Dates are null where nobody told them."""

    __tablename__ = "archived_petition"
    __table_args__ = (
        sa.CheckConstraint("original_language IN ('kk', 'ru')", name="language_is_kk_or_ru"),
        sa.CheckConstraint("addressee_kind IN ('government', 'akimat', 'maslikhat')", name="addressee_kind_is_known"),
        sa.CheckConstraint(
            "(addressee_kind = 'government') = (territory_kato IS NULL)",
            name="a_local_petition_has_a_territory",
        ),
        sa.CheckConstraint("required > 0", name="required_is_positive"),
    )

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    position: Mapped[int]
    original_language: Mapped[str] = mapped_column(sa.String(2))
    title_is_exact: Mapped[bool]
    title_kk: Mapped[str] = mapped_column(sa.String(300))
    title_ru: Mapped[str] = mapped_column(sa.String(300))
    title_en: Mapped[str] = mapped_column(sa.String(300))
    summary_kk: Mapped[str] = mapped_column(sa.Text)
    summary_ru: Mapped[str] = mapped_column(sa.Text)
    summary_en: Mapped[str] = mapped_column(sa.Text)
    addressee_kind: Mapped[str] = mapped_column(sa.String(20))
    addressee_kk: Mapped[str | None] = mapped_column(sa.String(250))
    addressee_ru: Mapped[str | None] = mapped_column(sa.String(250))
    addressee_en: Mapped[str | None] = mapped_column(sa.String(250))
    body_slug: Mapped[str | None] = mapped_column(sa.String(40), sa.ForeignKey("body.slug"))
    territory_kato: Mapped[str | None] = mapped_column(KATO, sa.ForeignKey("territory.kato"))
    required: Mapped[int | None]
    dates: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    approximate_dates: Mapped[list[str]] = mapped_column(sa.JSON)
    signatures: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    outcome_code: Mapped[str] = mapped_column(sa.String(30))
    outcome_kk: Mapped[str] = mapped_column(sa.Text)
    outcome_ru: Mapped[str] = mapped_column(sa.Text)
    outcome_en: Mapped[str] = mapped_column(sa.Text)
    sources: Mapped[list[str]] = mapped_column(sa.JSON)
    confidence: Mapped[str] = mapped_column(sa.String(12))
    notes_kk: Mapped[str | None] = mapped_column(sa.Text)
    notes_ru: Mapped[str | None] = mapped_column(sa.Text)
    notes_en: Mapped[str | None] = mapped_column(sa.Text)


versions.watch(SUBJECT, Territory, PopulationRecord, Body, CalendarDay, PolicyOverride, ArchivedPetition)
