"""Numbers that rise with every change of what pages are made of, so that what a process keeps in memory is never stale.

A subject is a set of tables that change rarely and are read at every page. The transaction that changes one of them
raises the subject's number with its own COMMIT; whoever keeps an answer (`Kept`) keeps it under the number it was read
at. So all processes agree without telling each other anything, and an answer is as new as its database, at the price
of one small query a page. Bulk statements pass the session by: whoever uses them calls `changed` himself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from petitions.db import Base, ReadingSession, reading_engine

Answer = TypeVar("Answer")

_READ, _CHANGED = "versions read", "subjects changed"
_NOTHING = object()


class Version(Base):
    """How often a subject has changed."""

    __tablename__ = "version"

    subject: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    number: Mapped[int]


_NUMBERS = sa.select(Version.__table__.c.subject, Version.__table__.c.number)
_RAISE = sa.text(
    "INSERT INTO version (subject, number) VALUES (:subject, 1)"
    " ON CONFLICT (subject) DO UPDATE SET number = version.number + 1"
)
_WATCHED: dict[type[Base], tuple[str, Callable[[Any], bool]]] = {}


def watch(subject: str, *models: type[Base], when: Callable[[Any], bool] = lambda row: True) -> None:
    """Let every row of these tables that is added, changed or deleted raise the subject's number."""
    _WATCHED.update(dict.fromkeys(models, (subject, when)))


def changed(session: Session, subject: str) -> None:
    """Raise the subject's number when this transaction is kept."""
    session.info.setdefault(_CHANGED, set()).add(subject)


def number(session: Session, subject: str) -> int:
    """The subject's number, as this session found it when it first asked."""
    numbers: dict[str, int] | None = session.info.get(_READ)
    if numbers is None:
        numbers = session.info[_READ] = {row.subject: row.number for row in session.execute(_NUMBERS).all()}
    return numbers.get(subject, 0)


def stamp(session: Session, *subjects: str) -> Hashable:
    """What tells whether anything of these subjects has changed: equal stamps, equal answers."""
    return reading_engine(), *(number(session, subject) for subject in subjects)


class Kept:
    """Answers of one process, each for as long as the numbers of its subjects stand; the oldest make room.

    ``worth`` tells which answers may be kept: not those of rows that raise no number.
    """

    def __init__(self, *subjects: str, most: int, worth: Callable[[Any], bool] = lambda answer: True) -> None:
        self._subjects, self._most, self._worth = subjects, most, worth
        self._changing = threading.Lock()
        self._stamp: Hashable = None
        self._answers: dict[Hashable, object] = {}

    def get(self, session: Session, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer kept under this key, else what ``make`` reads now. Whoever writes always reads."""
        if not isinstance(session, ReadingSession):
            return make()
        answers = self._as_of(session)
        found = answers.get(key, _NOTHING)  # one look: between two another thread may have made room
        if found is not _NOTHING:
            return cast(Answer, found)
        made = make()
        if not self._worth(made):
            return made
        with self._changing:
            while len(answers) >= self._most:
                del answers[next(iter(answers))]
            answers[key] = made
        return made

    def _as_of(self, session: Session) -> dict[Hashable, object]:
        """The answers under today's numbers. A thread that still holds older ones keeps filling those, for nobody."""
        today = stamp(session, *self._subjects)
        with self._changing:
            if today != self._stamp:
                self._stamp, self._answers = today, {}
            return self._answers


@event.listens_for(Session, "before_flush")
def _note(session: Session, context: object, instances: object) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        subject, when = _WATCHED.get(type(row), (None, None))
        if subject and when and when(row):
            changed(session, subject)


@event.listens_for(Session, "before_commit")
def _raise(session: Session) -> None:
    """Last of all: the row of a subject stays locked only while its transaction is being kept."""
    if session.in_nested_transaction():  # the end of a savepoint comes here too
        return
    if not session.info.get(_CHANGED) and not session.new and not session.dirty and not session.deleted:
        return
    session.flush()
    for subject in sorted(session.info.pop(_CHANGED, ())):
        session.execute(_RAISE, {"subject": subject})
