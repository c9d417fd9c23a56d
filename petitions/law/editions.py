"""The editions of Chapter 12-1: one data file each, never edited after it was in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from petitions.law import datafile
from petitions.law.errors import LawError
from petitions.law.vocabulary import Order
from petitions.law.working_days import Unit

if TYPE_CHECKING:
    from petitions.law.policy import Policy


class NoEdition(LawError):
    """No edition of the petition law was in force on that day, or no edition has that name."""


@dataclass(frozen=True, slots=True)
class Term:
    """The length of a term, with the article that sets it."""

    length: int
    unit: Unit
    article: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A number or a choice of the statute that is no term, with its article."""

    value: int
    article: str


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """One row of the threshold table (90-3(4)); `over` splits rows that depend on the population."""

    addressee: str
    kinds: frozenset[str]
    percent: int | None
    fixed: int | None
    over: int | None
    article: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What the examining body must do (90-5)."""

    code: str
    article: str
    text_kk: str
    text_ru: str
    text_en: str


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """When an earlier petition on the same subject bars a new one (90-2(4)(3))."""

    name: str
    years: int | None
    article: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the chapter: every number a petition filed under it lives by."""

    id: str
    in_force_from: date
    in_force_to: date | None
    act: str
    changes: str
    default_order: Order
    order_article: str
    support_needed: Rule
    support_electronic: Term
    support_written: Term
    check: Term
    check_counted_from: tuple[str, ...]
    media_letters: Term
    collection: Term
    sending_notice: Term
    consideration_central: Term
    consideration_local: Term
    publication: Term
    message: Term
    discussion_notice: Term
    appeal: Term
    appeal_remedies_not_named: Term
    appeal_pass_up: Term
    appeal_review: Term
    court: Term
    fields: tuple[str, ...]
    fields_article: str
    duplicates: DuplicateRule
    thresholds: tuple[ThresholdRow, ...]
    duties_central: tuple[Duty, ...]
    duties_local: tuple[Duty, ...]

    @property
    def has_electronic_support_term(self) -> bool:
        """Whether joining on the site has a shorter support term of its own (only the 2024 edition)."""
        return self.support_electronic.length != self.support_written.length

    def consideration(self, *, central: bool) -> Term:
        """The term of examination for a central or a local body (90-5)."""
        return self.consideration_central if central else self.consideration_local

    def duties(self, *, central: bool) -> tuple[Duty, ...]:
        """The duties of a central or a local body (90-5)."""
        return self.duties_central if central else self.duties_local


def edition(edition_id: str) -> Edition:
    """The edition with this id. Raises NoEdition."""
    try:
        return EDITIONS[edition_id]
    except KeyError:
        raise NoEdition(f"no edition of the petition law is called {edition_id!r}") from None


def edition_on(day: date, policy: Policy | None = None) -> Edition:
    """The edition that governs a petition filed on `day`. Raises NoEdition before 4 April 2024.

    The first day of the 2026 edition is our count of 60 days from publication, so policy may set it.
    """
    starts = {each.id: each.in_force_from for each in EDITIONS.values()}
    if policy is not None:
        starts["2026-03-02"] = policy.day("edition_2026_in_force_from")
    in_force = [each for each in EDITIONS.values() if starts[each.id] <= day]
    if not in_force:
        first = min(starts.values())
        raise NoEdition(f"no petition law was in force on {day.isoformat()}: it applies from {first.isoformat()}")
    return max(in_force, key=lambda each: starts[each.id])


def _read(name: str) -> Edition:
    raw = datafile.load(name)
    terms = {key: Term(row["length"], Unit(row["unit"]), row["article"]) for key, row in raw["terms"].items()}
    duties = {row["code"]: _duty(row) for row in raw["duties"]["list"]}
    return Edition(
        id=raw["id"],
        in_force_from=raw["in_force_from"],
        in_force_to=raw.get("in_force_to"),
        act=raw["act"],
        changes=raw["changes"],
        default_order=Order(raw["order"]["default"]),
        order_article=raw["order"]["article"],
        support_needed=Rule(raw["support"]["needed"], raw["support"]["article"]),
        check_counted_from=tuple(raw["check"]["counted_from"]),
        fields=tuple(raw["fields"]["names"]),
        fields_article=raw["fields"]["article"],
        duplicates=DuplicateRule(
            raw["duplicates"]["rule"], raw["duplicates"].get("years"), raw["duplicates"]["article"]
        ),
        thresholds=tuple(_threshold_row(row) for row in raw["thresholds"]),
        duties_central=tuple(duties[code] for code in raw["duties"]["central"]),
        duties_local=tuple(duties[code] for code in raw["duties"]["local"]),
        **terms,
    )


def _duty(row: Mapping[str, Any]) -> Duty:
    return Duty(row["code"], row["article"], row["kk"], row["ru"], row["en"])


def _threshold_row(row: Mapping[str, Any]) -> ThresholdRow:
    return ThresholdRow(
        addressee=row["addressee"],
        kinds=frozenset(row.get("kinds", ())),
        percent=row.get("percent"),
        fixed=row.get("fixed"),
        over=row.get("over"),
        article=row["article"],
    )


EDITIONS: Mapping[str, Edition] = MappingProxyType(
    {each.id: each for each in map(_read, ("edition_2024-04-04.toml", "edition_2026-03-02.toml"))}
)
