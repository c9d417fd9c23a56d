"""Growing a petition's log to what the tally has numbered: tiles, checkpoint. Called by the tally only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.log import entries, keys, notes, tree
from petitions.log.models import LogHead, LogTile
from petitions.log.queries import size_of, tile_reader
from petitions.log.verifier import leaf_hash

CHUNK = 10_000  # leaves held in memory at once, when a log is made of rows that were counted before

Hours = Counter[tuple[datetime, str]]
"""How many leaves of a kind fell into an hour (UTC)."""


class LogDiffers(RuntimeError):
    """The log and the count do not belong together; `flask doctor` says how. Nothing is signed."""


@dataclass(frozen=True)
class Totals:
    """What a checkpoint says beside the root. ``territories`` is the whole file."""

    joinings: int
    removals: int
    territories: str

    @property
    def size(self) -> int:
        return self.joinings + self.removals


def grow(session: Session, petition_id: int, totals: Totals, at: datetime) -> Hours:
    """Add the leaves the log does not have yet and sign the new checkpoint; returns the hours they belong to.

    The rows are the entries: a leaf is made of a joining or a removal that has its place already. Raises LogDiffers.
    """
    size, hours = size_of(session, petition_id), Counter[tuple[datetime, str]]()
    if size > totals.size:
        raise LogDiffers
    while size < totals.size:
        stop = min(size + CHUNK, totals.size)
        leaves = entries.between(session, petition_id, size, stop)
        if len(leaves) != stop - size:
            raise LogDiffers
        hours.update((_hour(leaf.moment), leaf.kind) for leaf in leaves)
        hashes = [leaf_hash(leaf.entry) for leaf in leaves]
        _keep(session, petition_id, tree.grow(tile_reader(session, petition_id), size, hashes))
        size += len(hashes)
    _sign(session, petition_id, totals, at)
    return hours


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _keep(session: Session, petition_id: int, tiles: dict[tree.Tile, bytes]) -> None:
    known = sa.select(LogTile.level, LogTile.n).where(
        LogTile.petition_id == petition_id, sa.tuple_(LogTile.level, LogTile.n).in_(list(tiles))
    )
    there = {(level, n) for level, n in session.execute(known)}
    rows = [{"p": petition_id, "l": place[0], "i": place[1], "data": data} for place, data in tiles.items()]
    _run(session, _CHANGE, [row for row in rows if (row["l"], row["i"]) in there])
    _run(session, _ADD, [row for row in rows if (row["l"], row["i"]) not in there])


def _run(session: Session, statement: sa.Executable, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        session.connection().execute(statement, rows)


def _sign(session: Session, petition_id: int, totals: Totals, at: datetime) -> None:
    origin = keys.origin_of(petition_id)
    text = notes.checkpoint_text(
        origin=origin,
        size=totals.size,
        root=tree.root(tile_reader(session, petition_id), totals.size),
        joinings=totals.joinings,
        removals=totals.removals,
        territories=totals.territories,
    )
    values = {
        "size": totals.size,
        "note": notes.sign_note(text, origin, keys.signing_key()),
        "territories": totals.territories,
        "sealed_at": at,
    }
    changed = session.execute(sa.update(LogHead).where(LogHead.petition_id == petition_id).values(values))
    if not changed.rowcount:  # type: ignore[attr-defined]
        session.execute(sa.insert(LogHead).values(petition_id=petition_id, **values))


_PLACE = sa.and_(
    LogTile.petition_id == sa.bindparam("p"), LogTile.level == sa.bindparam("l"), LogTile.n == sa.bindparam("i")
)
_ADD = sa.insert(LogTile).values(
    petition_id=sa.bindparam("p"), level=sa.bindparam("l"), n=sa.bindparam("i"), hashes=sa.bindparam("data")
)
_CHANGE = sa.update(LogTile).where(_PLACE).values(hashes=sa.bindparam("data"))
