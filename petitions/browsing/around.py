"""The places that lie around a place: a name that many villages bear says nothing without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from petitions.i18n import pick
from petitions.reference import queries as reference
from petitions.reference.records import BodyView, TerritoryView

Around = tuple[TerritoryView, ...]
"""From the nearest to the top unit; empty around a top unit and around the whole country."""


def around(session: Session, katos: Iterable[str | None]) -> Mapping[str, Around]:
    """The places around each of these, by its code."""
    units = reference.every_unit(session)
    return {kato: reference.above(units, kato) for kato in katos if kato}


def named(body: BodyView, places: Around) -> str:
    """A body with the places around its own, in the language of the page."""
    return ", ".join([pick(body, "name"), *(pick(place, "name") for place in places)])
