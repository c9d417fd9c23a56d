"""The places that lie around a place: a name that many villages bear says nothing without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from petitions.browsing.map_numbers import parents
from petitions.i18n import pick
from petitions.reference import queries as reference
from petitions.reference.records import BodyView, TerritoryView

Around = tuple[TerritoryView, ...]
"""From the nearest to the top unit; empty around a top unit and around the whole country."""


def around(session: Session, katos: Iterable[str | None]) -> Mapping[str, Around]:
    """The places around each of these, by its code; one query however many there are."""
    above = parents(session)
    chains = {kato: _chain(above, kato) for kato in katos if kato}
    places = reference.territories(session, sorted({each for chain in chains.values() for each in chain}))
    return {kato: tuple(places[each] for each in chain if each in places) for kato, chain in chains.items()}


def named(body: BodyView, places: Around) -> str:
    """A body with the places around its own, in the language of the page."""
    return ", ".join([pick(body, "name"), *(pick(place, "name") for place in places)])


def _chain(above: Mapping[str, str | None], kato: str) -> tuple[str, ...]:
    chain: list[str] = []
    while (over := above.get(kato)) is not None:
        chain.append(over)
        kato = over
    return tuple(chain)
