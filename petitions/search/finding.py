"""From a query to petitions: all its words, else what was probably meant, else any of its words; the best first.

What comes first is told in Python, alike on both engines: a word in the subject counts most, then one in the name of
a body or a place, then one in the text, and a rare word more than a common one; among equals the newest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.lifecycle.models import Petition
from petitions.search import engines
from petitions.search.asking import Query, parsed
from petitions.search.documents import findable
from petitions.search.models import SearchDocument, SearchWord
from petitions.search.suggesting import meant

MOST_FOUND = 5_000  # the newest that match: more nobody reads, and each costs a page its time
MOST_RANKED = 500
FEW = 20

_WORTH = (6.0, 3.0, 1.0)  # of a word in the subject, in a name, in the text


class How(StrEnum):
    """In which way petitions were found."""

    ALL_WORDS = "all-words"
    MEANT = "meant"
    ANY_WORD = "any-word"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Search:
    """A query that was answered. ``query`` is what found something: where it is MEANT, not what was ``asked``;
    ``guessed`` are then the words that stand in it for unknown ones."""

    asked: Query
    query: Query
    how: How
    guessed: tuple[str, ...] = ()

    @property
    def any_word(self) -> bool:
        return self.how is How.ANY_WORD


def search(session: Session, text: str) -> Search | None:
    """How this text is best understood; None when there is nothing in it to look for."""
    asked = parsed(text)
    if asked is None:
        return None
    if _finds(session, asked):
        return Search(asked, asked, How.ALL_WORDS)
    if likely := meant(session, asked):
        corrected = parsed(likely.text)
        if corrected is not None and _finds(session, corrected):
            return Search(asked, corrected, How.MEANT, likely.words)
    if len(asked.terms) > 1 and _finds(session, asked, any_word=True):
        return Search(asked, asked, How.ANY_WORD)
    return Search(asked, asked, How.NOTHING)


def hits(session: Session, found: Search) -> sa.Subquery:
    """The petitions that match, the newest `MOST_FOUND` of them; whoever joins them also asks for `findable`."""
    if found.query.number is not None:
        return _with_number(engines.matching(session, found.query, any_word=False, most=MOST_FOUND), found.query)
    return engines.matching(session, found.query, any_word=found.any_word, most=MOST_FOUND)


def ranked(session: Session, found: Search, among: sa.Select[int]) -> list[int]:
    """These petitions (the newest `MOST_RANKED` of them, the newest first) with the best first."""
    wanted = among.order_by(Petition.id.desc()).limit(MOST_RANKED).subquery("among")
    text = SearchDocument.text if found.any_word else sa.literal("")
    rows = session.execute(
        sa.select(SearchDocument.petition_id, SearchDocument.title, SearchDocument.names, text).join(
            wanted, wanted.c.id == SearchDocument.petition_id
        )
    )
    weights = _weights(session, found.query)
    number = found.query.number
    scored = [(number == petition_id, _score(columns, weights), petition_id) for petition_id, *columns in rows]
    return [petition_id for _its_number, _score_of_it, petition_id in sorted(scored, reverse=True)]


def _finds(session: Session, query: Query, *, any_word: bool = False) -> bool:
    """Whether anybody may find anything by it. The newest few tell, unless all of these were hidden a moment ago."""
    return any(_has(session, query, any_word, most) for most in (FEW, MOST_FOUND))


def _has(session: Session, query: Query, any_word: bool, most: int) -> bool:
    hit = engines.matching(session, query, any_word=any_word, most=most)
    if query.number is not None:
        hit = _with_number(hit, query)
    one = sa.select(Petition.id).join_from(hit, Petition, Petition.id == hit.c.petition_id).where(findable()).limit(1)
    return session.scalar(one) is not None


def _with_number(hit: sa.Subquery, query: Query) -> sa.Subquery:
    """What matches, and the petition that bears the number, however old it is."""
    itself = sa.select(Petition.id.label("petition_id")).where(Petition.id == query.number)
    return sa.union(sa.select(hit.c.petition_id), itself).subquery("numbered")


def _weights(session: Session, query: Query) -> Mapping[tuple[str, ...], float]:
    """For the readings of each term, as documents have them, how much it tells: less the more petitions have it, and
    half as much where a petition says the same in another word."""
    rows = session.execute(sa.select(SearchWord.stem, SearchWord.documents).where(SearchWord.stem.in_(query.stems)))
    number = dict(rows.all())
    weights: dict[tuple[str, ...], float] = {}
    for term in query.terms:
        for readings, share in ((term.readings, 1.0), (term.others, 0.5)):
            documents = max((min(number.get(stem, 0) for stem in reading) for reading in readings), default=0)
            key = tuple(f" {' '.join(reading)} " for reading in readings)
            weights[key] = max(weights.get(key, 0.0), share / (1 + math.log(1 + documents)))
    return weights


def _score(columns: Sequence[str], weights: Mapping[tuple[str, ...], float]) -> float:
    padded = [(worth, f" {column} ") for worth, column in zip(_WORTH, columns, strict=True) if column]
    score = 0.0
    for readings, weight in weights.items():
        for worth, column in padded:
            if any(reading in column for reading in readings):
                score += worth * weight
    return score
