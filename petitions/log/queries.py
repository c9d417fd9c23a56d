"""What is asked of a petition's log: its head, its files, and the receipt of one leaf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.errors import NotFound
from petitions.log import entries, keys, notes, tree
from petitions.log.models import LogHead, LogTile
from petitions.log.verifier import leaf_hash


@dataclass(frozen=True)
class Head:
    """The newest checkpoint, and the newest that witnesses cosigned."""

    petition_id: int
    size: int
    note: str
    territories: str
    sealed_at: datetime
    cosigned_size: int | None
    cosigned_note: str | None

    @property
    def best_note(self) -> str:
        """The newest checkpoint, with the witnesses' lines when they have seen this very one."""
        return self.cosigned_note if self.cosigned_note and self.cosigned_size == self.size else self.note


def head(session: Session, petition_id: int) -> Head | None:
    """None while nobody has joined."""
    found = session.execute(_HEAD, {"p": petition_id}).one_or_none()
    return Head(**found._mapping) if found else None


def size_of(session: Session, petition_id: int) -> int:
    """How many leaves the log has: joinings and removals."""
    return session.scalar(_SIZE, {"p": petition_id}) or 0


def tile_reader(session: Session, petition_id: int, known: Sequence[tree.Tile] = ()) -> tree.Read:
    """Reads the tiles of one petition, each once, and those that are ``known`` to be needed in one go.

    Raises NotFound for a tile that does not exist.
    """
    seen = _tiles(session, petition_id, known) if known else {}

    def read(level: int, n: int) -> bytes:
        if (level, n) not in seen:
            seen[level, n] = tile(session, petition_id, level, n)
        return seen[level, n]

    return read


def _tiles(session: Session, petition_id: int, wanted: Sequence[tree.Tile]) -> dict[tree.Tile, bytes]:
    """Those that exist, by one statement."""
    named = {f"{name}{i}": value for i, key in enumerate(wanted) for name, value in zip("ln", key, strict=True)}
    found = session.execute(_some_tiles(len(wanted)), named | {"p": petition_id})
    return {(level, n): hashes for level, n, hashes in found}


def tile(session: Session, petition_id: int, level: int, n: int) -> bytes:
    """The hashes of a tile, as many as there are now. Raises NotFound."""
    found = session.scalar(_TILE, {"p": petition_id, "l": level, "n": n})
    if found is None:
        raise NotFound
    return found


def inclusion_path(session: Session, petition_id: int, index: int, size: int) -> list[bytes]:
    """The hashes that lead from a leaf to the root of the first ``size`` leaves (RFC 9162 2.1.3)."""
    read = tile_reader(session, petition_id, tree.tiles_of_path(index, size))
    return tree.inclusion_path(read, index, size)


def promise_of(petition_id: int, commitment: str, evidence_sha256: str, signed_at: datetime) -> str:
    """The signed promise that this joining will be in the log; always the same text for the same joining."""
    entry = entries.joining_entry(petition_id, commitment, evidence_sha256, signed_at)
    return notes.promise(keys.origin_of(petition_id), leaf_hash(entry), signed_at, keys.signing_key())


def receipt(session: Session, petition_id: int, index: int) -> str:
    """The proof, as a C2SP tlog-proof file, that a leaf is in the log. Raises NotFound when it is not yet.

    Under the checkpoint that witnesses have cosigned where that one holds the leaf.
    """
    known = head(session, petition_id)
    if known is None or not 0 <= index < known.size:
        raise NotFound
    note, size = known.note, known.size
    if known.cosigned_note and known.cosigned_size and index < known.cosigned_size:
        note, size = known.cosigned_note, known.cosigned_size
    (leaf,) = entries.between(session, petition_id, index, index + 1)
    path = inclusion_path(session, petition_id, index, size)
    return notes.receipt(leaf.entry, index, path, note)


_HEAD = sa.select(
    LogHead.petition_id,
    LogHead.size,
    LogHead.note,
    LogHead.territories,
    LogHead.sealed_at,
    LogHead.cosigned_size,
    LogHead.cosigned_note,
).where(LogHead.petition_id == sa.bindparam("p"))
_SIZE = sa.select(LogHead.size).where(LogHead.petition_id == sa.bindparam("p"))
_TILE = sa.select(LogTile.hashes).where(
    LogTile.petition_id == sa.bindparam("p"), LogTile.level == sa.bindparam("l"), LogTile.n == sa.bindparam("n")
)


@cache
def _some_tiles(count: int) -> sa.Select[int, int, bytes]:
    """Each by its whole key: of a pair that stands in a list SQLite uses no index."""
    these = (
        sa.and_(
            LogTile.petition_id == sa.bindparam("p"),
            LogTile.level == sa.bindparam(f"l{i}"),
            LogTile.n == sa.bindparam(f"n{i}"),
        )
        for i in range(count)
    )
    return sa.select(LogTile.level, LogTile.n, LogTile.hashes).where(sa.or_(*these))
