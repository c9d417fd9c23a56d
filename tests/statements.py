"""What the database is asked, so that a test can say that a page of more costs no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def statements_asked(of: sa.Engine | type[sa.Engine]) -> Iterator[list[str]]:
    """The statements this engine, or every engine, is asked within the block, as they come."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(of, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(of, "before_cursor_execute", note)
