"""The two engines: FTS5 of SQLite and tsvector of PostgreSQL. Nothing else in the house knows which one it is.

Both index the same stems, made in Python, and only say which petitions match; what comes first is told in
`finding`, alike for both.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

from petitions.db import is_postgresql
from petitions.search.asking import Query
from petitions.search.same_words import Reading

_COLUMNS = "title, names, numbers, text"
_VALUES = ":title, :names, :numbers, :text"
_MATCH_SQLITE = (
    "SELECT rowid AS petition_id FROM search_index WHERE search_index MATCH :asked ORDER BY rowid DESC LIMIT :most"
)
_MATCH_POSTGRESQL = (
    "SELECT petition_id FROM search_index WHERE vector @@ to_tsquery('simple', :asked)"
    " ORDER BY petition_id DESC LIMIT :most"
)
_LEARN_SQLITE = f"INSERT INTO search_index (rowid, {_COLUMNS}) VALUES (:petition_id, {_VALUES})"  # noqa: S608
_FORGET_SQLITE = (
    f"INSERT INTO search_index (search_index, rowid, {_COLUMNS}) VALUES ('delete', :petition_id, {_VALUES})"  # noqa: S608
)
_LEARN_POSTGRESQL = (
    "INSERT INTO search_index (petition_id, vector) VALUES (:petition_id,"
    # Between two columns a place stays empty, so that no words stand together across it, as on SQLite.
    " to_tsvector('simple', :title) || '|\\:1'::tsvector || to_tsvector('simple', :names) || '|\\:1'::tsvector"
    " || to_tsvector('simple', :numbers) || '|\\:1'::tsvector || to_tsvector('simple', :text))"
)


def matching(session: Session, query: Query, *, any_word: bool, most: int) -> sa.Subquery:
    """The newest ``most`` petitions with all the words, or with any of them; its one column is ``petition_id``."""
    postgresql = is_postgresql(session)
    asked = _for_postgresql(query, any_word) if postgresql else _for_sqlite(query, any_word)
    wanted = sa.text(_MATCH_POSTGRESQL if postgresql else _MATCH_SQLITE).bindparams(asked=asked, most=most)
    return wanted.columns(sa.column("petition_id", sa.Integer)).subquery("hit")


def is_one_of(session: Session, column: InstrumentedAttribute[str], values: Collection[str]) -> sa.ColumnElement[bool]:
    """Whether the column has one of many values: they go to the database as one, for the statement to stay short."""
    if is_postgresql(session):
        return column == sa.any_(sa.literal(list(values), postgresql.ARRAY(sa.Text)))
    several = sa.func.json_each(json.dumps(list(values), ensure_ascii=False)).table_valued("value")
    return column.in_(sa.select(several.c.value))


def learn(session: Session, documents: Sequence[dict[str, Any]]) -> None:
    """Index documents that are not in the index; their rows are written already."""
    if documents:
        session.execute(sa.text(_LEARN_POSTGRESQL if is_postgresql(session) else _LEARN_SQLITE), documents)


def forget(session: Session, documents: Sequence[dict[str, Any]]) -> None:
    """Take documents out of the index; their rows still hold what was indexed, and are deleted after this."""
    if documents and not is_postgresql(session):  # there the key does it
        session.execute(sa.text(_FORGET_SQLITE), documents)


def _for_sqlite(query: Query, any_word: bool) -> str:
    terms = (" OR ".join(f'"{" ".join(reading)}"' for reading in term.all_readings) for term in query.terms)
    return (" OR " if any_word else " AND ").join(f"({each})" for each in terms)


def _for_postgresql(query: Query, any_word: bool) -> str:
    terms = (" | ".join(map(_together, term.all_readings)) for term in query.terms)
    return (" | " if any_word else " & ").join(f"({each})" for each in terms)


def _together(reading: Reading) -> str:
    return "(" + " <-> ".join(f"'{stem}'" for stem in reading) + ")"
