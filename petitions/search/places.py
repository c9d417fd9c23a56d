"""Places by the names that people type: a village's for its rural district's, an ending or a letter not the right one.

Of the units of the classifier only those are offered to which a petition can be addressed: the city inside a city of
the same name is none of them. Kept in memory for as long as the reference tables do not change.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.reference import queries as reference
from petitions.reference.models import SUBJECT as REFERENCE
from petitions.reference.models import Territory
from petitions.reference.names import folded
from petitions.reference.records import TerritoryView
from petitions.search.sounds import SHORTEST, neighbours, sound
from petitions.search.stemming import kazakh_stem, russian_stem
from petitions.versions import Kept

MOST = 200  # units of one search
_NAMES = (Territory.name_kk, Territory.name_ru, Territory.name_en)
_WORD = re.compile(r"[^\W\d_]+")
# What says of which kind a unit is, in full and as people shorten it; folded.
_KINDS = frozenset(
    _WORD.findall(
        """
    ауылдык округи округы ауыл ауылы село сельский округ кент кенти поселок поселковый пос аул
    аудан ауданы район кала каласы город гор облыс облысы область обл имени атындагы
    а о ао с п г р н рн rural district settlement village city town region
        """
    )
)

Index = Mapping[str, frozenset[str]]
"""Which units bear a word, by their codes."""


@dataclass(frozen=True)
class FoundPlace:
    """A unit with those around it, the nearest first: names repeat all over the country. ``is_exact``: its name,
    without the word for its kind, is what was typed."""

    unit: TerritoryView
    above: tuple[TerritoryView, ...]
    is_exact: bool


_kept = Kept(REFERENCE, most=2)


def found_places(session: Session, text: str, *, limit: int, within: str = "") -> list[FoundPlace]:
    """Units whose name this is, then those whose name sounds so, then those whose name holds it; where there is none
    of these, those that are one letter away. ``within``: the code of the unit they lie in."""
    exact, others = _units(session, text)
    inside = frozenset(reference.within(session, within)) if within else None
    units = [unit for unit in (*exact, *others) if inside is None or unit.kato in inside][:limit]
    return _with_above(session, units, exact)


def places_called(session: Session, text: str) -> list[FoundPlace]:
    """The units whose whole name this is, as `named_exactly`, with those around them."""
    exact = named_exactly(session, text)
    return _with_above(session, exact, exact)


def _with_above(session: Session, units: Sequence[TerritoryView], exact: Collection[TerritoryView]) -> list[FoundPlace]:
    known = reference.every_unit(session)
    return [FoundPlace(each, reference.above(known, each.kato), each in exact) for each in units]


def named_exactly(session: Session, text: str) -> list[TerritoryView]:
    """The units whose whole name this is, else those whose name without the word for its kind; the largest first."""
    whole, own = _whole_names(session), _own_name(text)
    return _of(session, whole.get(folded(text), frozenset())) or (
        _of(session, whole.get(own, frozenset())) if own else []
    )


def _units(session: Session, text: str) -> tuple[list[TerritoryView], list[TerritoryView]]:
    exact = named_exactly(session, text)
    said = [frozenset(_heard(word)) for word in _own_words(text)]
    likest = [
        *_of(session, _with_all(session, said, lambda heard: heard)),
        *(unit for unit in reference.search_territories(session, text, MOST) if unit.petition_unit),
    ]
    if not exact and not likest:
        likest = _of(session, _with_all(session, said, _mended))
    return exact, [unit for unit in dict.fromkeys(likest) if unit not in exact]


def _of(session: Session, katos: Collection[str]) -> list[TerritoryView]:
    """Those of these units that a petition can be addressed to, the largest first."""
    known = reference.every_unit(session)
    units = (known[kato] for kato in known.keys() & katos if known[kato].petition_unit)
    return sorted(units, key=lambda unit: (unit.level, unit.kato))[:MOST]


def _with_all(
    session: Session, said: Sequence[frozenset[str]], spelt: Callable[[frozenset[str]], Iterable[str]]
) -> frozenset[str]:
    """The units that bear every word in their own names or in those around them, and at least one in their own."""
    if not said:
        return frozenset()
    heard, known = _heard_names(session), reference.every_unit(session)
    bearing = [frozenset[str]().union(*(heard.get(each, frozenset()) for each in spelt(one))) for one in said]

    def fits(kato: str) -> bool:
        around = {kato, *(unit.kato for unit in reference.above(known, kato))}
        return all(not around.isdisjoint(katos) for katos in bearing)

    return frozenset(kato for kato in known.keys() & frozenset[str]().union(*bearing) if fits(kato))


def _mended(heard: frozenset[str]) -> Iterable[str]:
    return (near for each in heard if len(each) > SHORTEST for near in neighbours(each))


def _whole_names(session: Session) -> Index:
    """Which units bear a name, in full or without the words for their kind."""
    return _kept.get(session, "whole", lambda: _indexed(session, lambda name: (folded(name), _own_name(name))))


def _heard_names(session: Session) -> Index:
    """Which units have a word in their name that sounds so without its ending."""
    return _kept.get(session, "heard", lambda: _indexed(session, lambda name: chain(*map(_heard, _own_words(name)))))


def _indexed(session: Session, keys_of: Callable[[str], Iterable[str]]) -> Index:
    index: dict[str, set[str]] = defaultdict(set)
    for kato, *names in session.execute(sa.select(Territory.kato, *_NAMES)):
        for name in names:
            for key in keys_of(name):
                index[key].add(kato)
    return {key: frozenset(katos) for key, katos in index.items()}


def _own_words(name: str) -> list[str]:
    """The words of a name but those for its kind."""
    return [word for word in _WORD.findall(folded(name)) if word not in _KINDS]


def _own_name(name: str) -> str:
    return " ".join(_own_words(name))


def _heard(word: str) -> set[str]:
    """How a word may sound without its ending: "Приречное" as "Приречный"."""
    return {sound(each) for each in ((word,) if word.isascii() else (word, russian_stem(word), kazakh_stem(word)))}
