"""What the queries answer: frozen rows, ready for a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from petitions.law.levels import TerritoryFacts


@dataclass(frozen=True, slots=True)
class TerritoryView:
    kato: str
    parent_kato: str | None
    level: int
    kind: str
    name_kk: str
    name_ru: str
    name_en: str
    name_en_source: str
    petition_unit: bool
    population: int | None
    population_date: date | None
    population_source: str | None
    population_quality: str | None
    population_note: str | None
    over_50k: str | None

    @property
    def facts(self) -> TerritoryFacts:
        """What the law asks about this unit."""
        return TerritoryFacts(self.kato, self.level, self.kind, self.petition_unit)


@dataclass(frozen=True, slots=True)
class BodyView:
    id: int
    slug: str
    kind: str
    name_kk: str
    name_ru: str
    name_en: str
    head_title_kk: str
    head_title_ru: str
    head_title_en: str
    territory_kato: str | None
    is_central: bool
    active: bool


@dataclass(frozen=True, slots=True)
class PopulationView:
    population: int
    date: date
    source: str
    quality: str
    boundary: str
    confidence: str
    entered_by: int | None
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class CalendarDayView:
    day: date
    is_working: bool
    kind: str
    name_kk: str
    name_ru: str
    name_en: str
    act: str
    note: str | None
    confidence: str
    edited_by: int | None
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class OverrideView:
    name: str
    value: str
    reason: str
    set_by: int | None
    set_at: datetime


@dataclass(frozen=True, slots=True)
class KnownDate:
    """A date as far as it is known: "2024-06-11", or "2024-08" where only the month is."""

    value: str
    approximate: bool

    @property
    def day(self) -> date | None:
        """The full date, or None where only the month is known."""
        return date.fromisoformat(self.value) if len(self.value) == 10 else None

    @property
    def month(self) -> date:
        """The first day of its month, for showing "August 2024"."""
        return date.fromisoformat(f"{self.value[:7]}-01")


@dataclass(frozen=True, slots=True)
class Observation:
    """A number of signatures that somebody saw on a day."""

    day: date
    count: int
    note_kk: str
    note_ru: str
    note_en: str


@dataclass(frozen=True, slots=True)
class ArchivedView:
    """A real petition of the official site. `addressee_*` and `notes_*` are None where unknown or absent."""

    slug: str
    original_language: str
    title_is_exact: bool
    title_kk: str
    title_ru: str
    title_en: str
    summary_kk: str
    summary_ru: str
    summary_en: str
    addressee_kind: str
    addressee_kk: str | None
    addressee_ru: str | None
    addressee_en: str | None
    body_slug: str | None
    territory_kato: str | None
    required: int | None
    filed: KnownDate | None
    opened: KnownDate | None
    closes: KnownDate | None
    threshold_reached: KnownDate | None
    rejected: KnownDate | None
    decided: KnownDate | None
    signatures: tuple[Observation, ...]
    outcome_code: str
    outcome_kk: str
    outcome_ru: str
    outcome_en: str
    sources: tuple[str, ...]
    confidence: str
    notes_kk: str | None
    notes_ru: str | None
    notes_en: str | None
