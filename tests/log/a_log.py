"""A petition's log in memory, signed with a key of its own, that can be published as a folder of files."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from petitions.log import notes, tree
from petitions.log.entries import joining_entry, removal_entry
from petitions.log.verifier import VerifierKey, leaf_hash, root_of

AT = datetime(2026, 6, 1, 6, 59, tzinfo=UTC)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class ALog:
    """``territories`` is what the next checkpoint will say of them; it follows the count if nobody sets it."""

    def __init__(self, petition_id: int = 12, seed: bytes = b"k" * 32) -> None:
        self.petition_id = petition_id
        self.key = Ed25519PrivateKey.from_private_bytes(seed)
        self.origin = f"demo.invalid/log/{petition_id}"
        self.entries: list[bytes] = []
        self.territories: str | None = None

    @property
    def vkey(self) -> str:
        return notes.vkey(self.origin, notes.public_bytes(self.key))

    @property
    def verifier_key(self) -> VerifierKey:
        return VerifierKey.parse(self.vkey)

    @property
    def leaves(self) -> list[bytes]:
        return [leaf_hash(entry) for entry in self.entries]

    def join(self, count: int = 1) -> ALog:
        for number in range(len(self.entries), len(self.entries) + count):
            at = AT + timedelta(seconds=number)
            self.entries.append(joining_entry(self.petition_id, digest(f"who {number}"), digest(f"cms {number}"), at))
        return self

    def take_back(self, index: int, reason: str = "withdrawn") -> ALog:
        self.entries.append(removal_entry(self.petition_id, index, AT + timedelta(hours=2), reason))
        return self

    def territories_file(self) -> str:
        if self.territories is not None:
            return self.territories
        removals = sum(entry.startswith(b"removal") for entry in self.entries)
        rest = len(self.entries) - 2 * removals - 1
        return "".join(f"{code} {count}\n" for code, count in (("-", 1), ("710000000", rest)) if count > 0)

    def checkpoint(self, size: int | None = None) -> str:
        size = len(self.entries) if size is None else size
        removals = sum(entry.startswith(b"removal") for entry in self.entries[:size])
        text = notes.checkpoint_text(
            self.origin, size, root_of(self.leaves[:size]), size - removals, removals, self.territories_file()
        )
        return notes.sign_note(text, self.origin, self.key)

    def tiles(self) -> dict[tree.Tile, bytes]:
        return tree.grow(lambda level, n: b"", 0, self.leaves)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        tiles = self.tiles()
        return tree.consistency_path(lambda level, n: tiles[level, n], old, new or len(self.entries))

    def receipt(self, index: int, cosignatures: str = "") -> str:
        tiles = self.tiles()
        path = tree.inclusion_path(lambda level, n: tiles[level, n], index, len(self.entries))
        return notes.receipt(self.entries[index], index, path, self.checkpoint() + cosignatures)

    def publish(self, folder: Path) -> Path:
        """Write the files as a web server would serve them."""
        for (level, n), hashes in self.tiles().items():
            _write(folder / "tile" / str(level), n, hashes, len(hashes) // 32)
        for n in range(-(-len(self.entries) // 256)):
            bundle = self.entries[n * 256 : n * 256 + 256]
            packed = b"".join(len(entry).to_bytes(2, "big") + entry for entry in bundle)
            _write(folder / "tile" / "entries", n, packed, len(bundle))
        (folder / "territories").write_text(self.territories_file())
        (folder / "checkpoint").write_text(self.checkpoint())
        return folder


def _write(folder: Path, n: int, content: bytes, width: int) -> None:
    assert n < 1000, "the folder of a test has short names"
    file = folder / (f"{n:03}" if width == 256 else f"{n:03}.p/{width}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
