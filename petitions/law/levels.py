"""Levels, addressees and thresholds (90-3(4))."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from petitions.law.editions import Edition, ThresholdRow
from petitions.law.errors import LawError


class Addressee(StrEnum):
    """To whom a petition may be addressed."""

    GOVERNMENT = "government"
    AKIMAT = "akimat"
    MASLIKHAT = "maslikhat"


class BodyKind(StrEnum):
    """What the local body is called: an akimat, an akim's office below it, a maslikhat."""

    AKIMAT = "akimat"
    AKIM_OFFICE = "akim_office"
    MASLIKHAT = "maslikhat"


AKIMAT_KINDS = frozenset({"oblast", "republican_city", "district", "city"})
AKIM_OFFICE_KINDS = frozenset({"city_district", "town", "settlement", "rural_district"})
MASLIKHAT_KINDS = AKIMAT_KINDS


class NoSuchAddressee(LawError):
    """The unit has no such body, or is no unit that a petition can be addressed to."""


class PopulationUnknown(LawError):
    """The threshold is a share of a population for which no figure is known; nothing is guessed."""


@dataclass(frozen=True, slots=True)
class TerritoryFacts:
    """What the law asks about a territory. `level` 1-3; kinds as in the territories table."""

    kato: str
    level: int
    kind: str
    petition_unit: bool = True


@dataclass(frozen=True, slots=True)
class Threshold:
    """How many citizens must join, and why: a share of the population or a fixed number."""

    required: int
    percent: int | None
    fixed: int | None
    population: int | None
    article: str


def body_kind(territory: TerritoryFacts, addressee: Addressee) -> BodyKind:
    """The body of `territory` that answers to `addressee`. Raises NoSuchAddressee.

    Maslikhats exist for oblasts, cities of republican significance, districts and cities of oblast
    significance only.
    """
    if not territory.petition_unit or (territory.kind == "city" and territory.level != 2):
        raise NoSuchAddressee(
            f"unit {territory.kato} is no addressee of petitions: address the city that it is part of"
        )
    if addressee is Addressee.AKIMAT and territory.kind in AKIMAT_KINDS:
        return BodyKind.AKIMAT
    if addressee is Addressee.AKIMAT and territory.kind in AKIM_OFFICE_KINDS:
        return BodyKind.AKIM_OFFICE
    if addressee is Addressee.MASLIKHAT and territory.kind in MASLIKHAT_KINDS:
        return BodyKind.MASLIKHAT
    if addressee is Addressee.GOVERNMENT:
        raise NoSuchAddressee("the Government has no territory: leave the territory out")
    kind = territory.kind.replace("_", " ")
    raise NoSuchAddressee(f"unit {territory.kato} ({kind}) has no {addressee}")


def addressees_of(territory: TerritoryFacts) -> tuple[Addressee, ...]:
    """The local addressees that exist in `territory`, possibly none."""
    return tuple(each for each in (Addressee.AKIMAT, Addressee.MASLIKHAT) if _exists(territory, each))


def threshold(
    edition: Edition,
    addressee: Addressee,
    territory: TerritoryFacts | None = None,
    population: int | None = None,
) -> Threshold:
    """The number of citizens who must join (90-3(4)).

    `population` is the unit's whole population. Raises NoSuchAddressee, PopulationUnknown.
    """
    if addressee is Addressee.GOVERNMENT:
        row = _row(edition, addressee, None, None)
        return _as_threshold(row, None)
    if territory is None:
        raise NoSuchAddressee(f"a petition to an {addressee} needs a territory")
    body_kind(territory, addressee)
    if population is None or population < 1:
        raise PopulationUnknown(
            f"no population figure is known for unit {territory.kato}: the threshold cannot be computed"
        )
    return _as_threshold(_row(edition, addressee, territory.kind, population), population)


def is_central(addressee: str | None) -> bool:
    """Whether a central body examines: the term, the duties and the way of appeal depend on it (90-5, 91)."""
    return addressee == Addressee.GOVERNMENT


def _exists(territory: TerritoryFacts, addressee: Addressee) -> bool:
    try:
        body_kind(territory, addressee)
    except NoSuchAddressee:
        return False
    return True


def _row(edition: Edition, addressee: Addressee, kind: str | None, population: int | None) -> ThresholdRow:
    for row in edition.thresholds:
        if row.addressee != addressee or (row.kinds and kind not in row.kinds):
            continue
        if row.over is not None and (population is None or population <= row.over):
            continue
        return row
    raise NoSuchAddressee(f"edition {edition.id} sets no threshold for the {addressee} of a {kind}")


def _as_threshold(row: ThresholdRow, population: int | None) -> Threshold:
    if row.fixed is not None:
        return Threshold(row.fixed, None, row.fixed, population, row.article)
    if row.percent is None or population is None:
        raise PopulationUnknown("the threshold is a share of a population that is not known")
    # Ceiling in integers: "not less than" a share is never rounded down.
    required = -(-population * row.percent // 100)
    return Threshold(required, row.percent, None, population, row.article)
