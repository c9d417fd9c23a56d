"""What a million signatures make of the public numbers: the product's own statements, timed in the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from petitions import db
from petitions.bench.figures import Figure, Goal
from petitions.bench.stage import Stage, median, short
from petitions.db import reading
from petitions.signatures.queries import counted_signers
from petitions.tally import queries as tally

PAGE = 50
TIMES = 100
Query = Callable[[Session, int, int], object]

QUERIES: dict[str, Query] = {
    "count": lambda session, petition_id, _size: tally.counted(session, petition_id),
    "territories": lambda session, petition_id, _size: tally.by_territory(session, petition_id),
    "history": lambda session, petition_id, _size: tally.by_hour(session, petition_id),
    "signers": lambda session, petition_id, _size: counted_signers(session, petition_id, before=None, limit=PAGE),
    "signers-half": lambda session, petition_id, size: counted_signers(
        session, petition_id, before=size // 2, limit=PAGE
    ),
}


def numbers(stage: Stage) -> Iterator[Figure]:
    """Each number at every size but the smallest. ``ratio`` is to the size before, where that is a large one too."""
    for name, query in QUERIES.items():
        before: float | None = None
        for size in stage.scale.sizes[1:]:
            spent = 1000 * seconds_in_database(query, stage.petitions[size], size)
            goal = Goal("at most", 0.5, "value")
            yield Figure(f"numbers.{name}-{short(size)}", stage.engine, spent, "ms", goal=goal)
            if before is not None:
                growth = Goal("at most", 1.3)
                ratio = spent / before
                yield Figure(f"numbers.{name}-growth", stage.engine, spent, "ms", before, ratio, growth)
            before = spent


def seconds_in_database(query: Query, petition_id: int, size: int) -> float:
    """The statements of one question, sent again by the driver alone with every row fetched; the median."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        statements.append((statement, parameters))

    engine = db.reading_engine()
    event.listen(engine, "before_cursor_execute", note)
    try:
        with reading() as session:
            query(session, petition_id, size)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        return median([_once(cursor, statements) for _ in range(TIMES)][TIMES // 10 :])
    finally:
        connection.close()


def _once(cursor: Any, statements: list[tuple[str, Any]]) -> float:
    began = time.perf_counter()
    for statement, parameters in statements:
        cursor.execute(statement, parameters)
        cursor.fetchall()
    return time.perf_counter() - began
