"""The job that keeps the index: what took a legal step since is looked at again, in its order, never in a request.

Each document remembers the last transition that it was made after, so that a crash anywhere is finished by the next
run, and running twice changes nothing. Ids of transitions that are committed at the same time may come out of their
order: a run begins `LOOK_BACK` of them before the newest one that was looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import versions
from petitions.db import is_postgresql, reading, retried, transaction
from petitions.lifecycle.models import Transition
from petitions.search import engines
from petitions.search.documents import Document, documents, stems_of
from petitions.search.models import COLUMNS, SUBJECT, SearchDocument
from petitions.search.sounds import sound

LOOK_BACK = 1_000
AT_ONCE = 200  # transitions in one transaction: a joining waits no longer than for that
LOCK = 7_215_302  # any number, the same in every process
_DOCUMENTS = SearchDocument.metadata.tables[SearchDocument.__tablename__]
_COUNT = sa.text(
    "INSERT INTO search_word (stem, sound, documents) VALUES (:stem, :sound, :more)"
    " ON CONFLICT (stem) DO UPDATE SET documents = search_word.documents + excluded.documents"
)
_FORGET = sa.text("DELETE FROM search_word WHERE stem = :stem AND documents <= 0")

Row = sa.Row[Any]


def index_petitions(_at: datetime) -> int:
    """Index what became public or changed, and forget what is public no more; returns how many were looked at."""
    looked_at = 0
    while steps := _not_looked_at():
        _look_at(steps)
        looked_at += len(steps)
    return looked_at


@retried
def rebuild() -> None:
    """Let the next run look at every petition again: the texts are indexed anew one after another, in place."""
    with transaction() as session:
        session.execute(sa.update(SearchDocument).values(as_of=0))


def _not_looked_at() -> dict[int, int]:
    """Petitions with steps that their documents do not know of: the last of these, the oldest steps first."""
    with reading() as session:
        newest = session.scalar(sa.select(sa.func.max(SearchDocument.as_of))) or 0
        rows = session.execute(
            sa.select(Transition.petition_id, Transition.id)
            .outerjoin(SearchDocument, SearchDocument.petition_id == Transition.petition_id)
            .where(
                Transition.id > newest - LOOK_BACK,
                sa.or_(SearchDocument.as_of.is_(None), SearchDocument.as_of < Transition.id),
            )
            .order_by(Transition.id)
            .limit(AT_ONCE)
        )
        return dict(rows.all())


def _look_at(steps: Mapping[int, int]) -> None:
    with reading() as session:  # outside the transaction, which all who write wait for
        made = documents(session, list(steps))
    _keep(made, steps)


@retried
def _keep(made: Sequence[Document], steps: Mapping[int, int]) -> None:
    """Keep what differs from what is indexed, unless somebody has looked at a later step meanwhile."""
    with transaction() as session:
        _alone(session)
        rows = session.execute(sa.select(_DOCUMENTS).where(_DOCUMENTS.c.petition_id.in_(steps)))
        known = {row.petition_id: row for row in rows}
        made = [each for each in made if _is_new(known.get(each.petition_id), steps[each.petition_id])]
        changed = [each for each in made if not _is_same(known.get(each.petition_id), each)]
        _look_up_to(session, steps, {each.petition_id for each in made} - {each.petition_id for each in changed})
        if changed:
            old = [known[each.petition_id] for each in changed if each.petition_id in known]
            _replace(session, old, changed, steps)
            _count_words(session, old, changed)
            versions.changed(session, SUBJECT)


def _alone(session: Session) -> None:
    """One after another: the worker's job and the command would count the same words twice."""
    if is_postgresql(session):  # SQLite's immediate transaction is exclusive by itself
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def _is_new(known: Row | None, step: int) -> bool:
    return known is None or bool(known.as_of < step)


def _is_same(known: Row | None, made: Document) -> bool:
    return known is not None and all(getattr(known, name) == made.columns[name] for name in COLUMNS)


def _look_up_to(session: Session, steps: Mapping[int, int], petition_ids: Collection[int]) -> None:
    """Note that these were looked at; nothing of theirs that is found has changed."""
    if petition_ids:
        wanted = _DOCUMENTS.c.petition_id == sa.bindparam("looked_at")
        rows = [{"looked_at": petition_id, "up_to": steps[petition_id]} for petition_id in petition_ids]
        session.execute(sa.update(_DOCUMENTS).where(wanted).values(as_of=sa.bindparam("up_to")), rows)


def _replace(session: Session, old: Sequence[Row], changed: Sequence[Document], steps: Mapping[int, int]) -> None:
    if old:
        engines.forget(session, [dict(row._mapping) for row in old])
        session.execute(sa.delete(_DOCUMENTS).where(_DOCUMENTS.c.petition_id.in_([row.petition_id for row in old])))
    rows = [{"petition_id": each.petition_id, "as_of": steps[each.petition_id], **each.columns} for each in changed]
    session.execute(sa.insert(_DOCUMENTS), rows)
    engines.learn(session, rows)


def _count_words(session: Session, old: Sequence[Row], new: Sequence[Document]) -> None:
    """In how many petitions each stem stands: one more for each new document, one less for each old one."""
    more = Counter(stem for each in new for stem in each.stems)
    for row in old:
        more.subtract(stems_of(getattr(row, name) for name in COLUMNS))
    # In one order, so that who else counts waits for its turn instead of for a lock that waits for it.
    rows = [{"stem": stem, "sound": sound(stem), "more": number} for stem, number in sorted(more.items()) if number]
    if rows:
        session.execute(_COUNT, rows)
    gone = [{"stem": stem} for stem, number in more.items() if number < 0]
    if gone:
        session.execute(_FORGET, gone)
