"""Numbers over all petitions: kept until something changes, and where they are dear to count, for a while longer.

`versions.Kept` counts anew after every legal step. Over a hundred thousand petitions that takes seconds, and steps come
one after another: so what is dear is counted during at most a hundredth of the time; the statistics say when it was.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from petitions import versions
from petitions.db import ReadingSession, reading_engine

Answer = TypeVar("Answer")

DEAR = 0.25  # seconds; what takes less is never older than the last change
REST = 100  # times as long as the counting took


@dataclass(frozen=True)
class _Counted(Generic[Answer]):
    engine: object
    as_of: Hashable
    answer: Answer
    took: float
    ended: float


class Seldom(Generic[Answer]):
    """One answer of one process, of these subjects. Times are those of ``now``, in seconds."""

    def __init__(self, *subjects: str, now: Callable[[], float] = time.monotonic) -> None:
        self._subjects = subjects
        self._now = now
        self._counting = threading.Lock()
        self._counted: _Counted[Answer] | None = None

    def get(self, session: Session, of: Hashable, count: Callable[[], Answer]) -> Answer:
        """The answer as of the last change of the subjects and of ``of`` (the law's day), or an older, dear one.

        While one counts, the others are given the older one, and wait where there is none. Whoever writes counts.
        """
        if not isinstance(session, ReadingSession):
            return count()
        as_of = versions.stamp(session, *self._subjects), of
        counted = self._usable(as_of)
        if counted is not None:
            return counted.answer
        older = self._of_this_database()
        if not self._counting.acquire(blocking=older is None) and older is not None:
            return older.answer
        try:
            counted = self._usable(as_of)
            return counted.answer if counted is not None else self._count(as_of, count)
        finally:
            self._counting.release()

    def _count(self, as_of: Hashable, count: Callable[[], Answer]) -> Answer:
        began = self._now()
        answer = count()
        ended = self._now()
        self._counted = _Counted(reading_engine(), as_of, answer, ended - began, ended)
        return answer

    def _usable(self, as_of: Hashable) -> _Counted[Answer] | None:
        counted = self._of_this_database()
        if counted is None or counted.as_of == as_of:
            return counted
        rests = counted.took >= DEAR and self._now() < counted.ended + REST * counted.took
        return counted if rests else None

    def _of_this_database(self) -> _Counted[Answer] | None:
        counted = self._counted
        return counted if counted is not None and counted.engine is reading_engine() else None
