"""The verifier of the petition log: one file, standard library only, Python 3.10 or newer. Run it, or read it.

Every petition has a log: a list of entries, one for each joining and one for each joining that was taken back,
under a Merkle tree (RFC 9162). This file checks what the site says about it without trusting the site:

    python3 verifier.py receipt FILE --key VKEY [--witness VKEY ...] [--quorum N]
        the entry in the receipt stands in the log whose checkpoint the receipt holds
    python3 verifier.py promise FILE --key VKEY [--from URL_OR_FOLDER]
        the log promised to take the entry in; with --from: and it kept its word
    python3 verifier.py consistency OLD NEW --from URL_OR_FOLDER --key VKEY
        the log of the saved checkpoint (or receipt) NEW is that of OLD with entries added, none changed
    python3 verifier.py petition URL_OR_FOLDER --key VKEY [--witness VKEY ...] [--quorum N] [--hours] [--territories]
        every entry is well formed and the number on the page is what the entries add up to

VKEY is the public key of the log, `<origin>+<key ID>+<base64>`; take it from somebody you trust, not only from
the site. The URL is the log's folder, such as https://site.example/log/12. One line says the verdict; the exit
code is 0 when everything is proven, 1 when it is not, 2 for wrong arguments, 3 when a file cannot be had.

It follows RFC 9162 (tree), RFC 8032 (Ed25519) and, of C2SP: signed-note, tlog-checkpoint, tlog-tiles,
tlog-proof, tlog-cosignature. Sections: tree, signatures, notes, entries, receipts, promises, whole log, commands.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import http.client
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

TILE = 256  # hashes in a full tile
ED25519, COSIGNATURE = 0x01, 0x04  # kinds of keys: a log's and a witness's
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
LONGEST_NOTE = 100_000  # characters; a checkpoint with sixteen cosignatures has 3,000
LONGEST_FILE = 20_000_000  # bytes; the longest possible bundle of entries has 16.8 million
TRIES = 5  # a busy site moves on between two of our readings


class NotProven(ValueError):
    """What was to be proven is not: a hash, a signature or a number does not fit. The message says which."""


class Malformed(NotProven):
    """The text is not what the format demands."""


class Unreachable(Exception):
    """A file could not be had, so that nothing can be said."""


# --- Tree (RFC 9162, 2.1) ---------------------------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over neighbouring hashes: pair by pair, level by level; an odd last one moves up as it is."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    level = list(hashes)
    while len(level) > 1:
        last = [level.pop()] if len(level) % 2 else []
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)] + last
    return level[0]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """The leaf hash stands at the index of the tree with this size and root (2.1.3.2). Raises NotProven."""
    if not 0 <= index < size:
        raise NotProven(f"entry {index} is outside a log of {size} entries")
    found = leaf
    for sibling, from_left in _climb(index, size - 1, path):
        found = node_hash(sibling, found) if from_left else node_hash(found, sibling)
    if found != root:
        raise NotProven("the inclusion path does not lead to the root of the checkpoint")


def check_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """The tree of the new size begins with the whole tree of the old size (2.1.4.2). Raises NotProven."""
    if old_size > new_size:
        raise NotProven(f"a log of {new_size} entries cannot begin with {old_size}")
    if old_size in (0, new_size):
        if path or old_root != (new_root if old_size else root_of([])):
            raise NotProven("two roots are given for one size, or a path where none belongs")
        return
    path = [old_root, *path] if old_size & (old_size - 1) == 0 else path
    if not path:
        raise NotProven("the consistency path is empty")
    node, last = old_size - 1, new_size - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    before = after = path[0]
    for sibling, from_left in _climb(node, last, path[1:]):
        before = node_hash(sibling, before) if from_left else before
        after = node_hash(sibling, after) if from_left else node_hash(after, sibling)
    if before != old_root or after != new_root:
        raise NotProven("the consistency path does not join the two roots: the old log is not the new one's beginning")


def _climb(node: int, last: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each sibling on the way to the root, and whether it stands to the left; ``last`` is the level's last node."""
    for sibling in path:
        if last == 0:
            raise NotProven("the path is too long")
        from_left = node % 2 == 1 or node == last
        yield sibling, from_left
        while from_left and node % 2 == 0 and node:  # a last node without a neighbour moved up as it was
            node, last = node >> 1, last >> 1
        node, last = node >> 1, last >> 1
    if last:
        raise NotProven("the path is too short")


# --- Signatures (Ed25519, RFC 8032, 5.1) ------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, x*y = T/Z
NEUTRAL: Point = (0, 1, 1, 0)


def check_ed25519(public: bytes, message: bytes, signature: bytes) -> None:
    """The holder of the public key's secret signed the message. Raises NotProven."""
    if len(signature) != 64:
        raise Malformed("an Ed25519 signature has 64 bytes")
    key, scalar = decode_point(public), int.from_bytes(signature[32:], "little")
    if scalar >= ORDER:
        raise NotProven("the signature is not in its one allowed form")
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    minus_key = (P - key[0], key[1], key[2], P - key[3])
    if _encode_point(_add(_times(scalar, BASE), _times(challenge, minus_key))) != signature[:32]:
        raise NotProven("the signature does not fit the text")


def decode_point(data: bytes) -> Point:
    """A public key's 32 bytes as a point; raises Malformed when they are none, or one that fits any signature."""
    if len(data) != 32:
        raise Malformed("an Ed25519 public key has 32 bytes")
    number = int.from_bytes(data, "little")
    y, odd = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_1 % P
    if y >= P or x * x % P != square or (x == 0 and odd):
        raise Malformed("an Ed25519 public key is not a point of the curve")
    x = P - x if x % 2 != odd else x
    point = (x, y, 1, x * y % P)
    if _times(8, point)[0] == 0:  # one of the eight points of small order
        raise Malformed("an Ed25519 public key is of small order")
    return point


def _add(one: Point, two: Point) -> Point:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    product = NEUTRAL
    while scalar:
        if scalar % 2:
            product = _add(product, point)
        point, scalar = _add(point, point), scalar >> 1
    return product


def _encode_point(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x % 2) << 255).to_bytes(32, "little")


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


# --- Notes, keys, checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature) -----------------------------


@dataclass(frozen=True)
class NoteSignature:
    name: str
    key_id: bytes  # 4 bytes
    value: bytes


@dataclass(frozen=True)
class Note:
    """A text, which ends in a newline, and signatures under it that nobody has checked yet."""

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name that it signs under; the kind is ED25519 or COSIGNATURE."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @classmethod
    def parse(cls, vkey: str) -> VerifierKey:
        """Read `<name>+<key ID in hex>+<base64 of kind and key>`; raises Malformed."""
        name, _, rest = vkey.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        data = decode_base64(encoded)
        key = cls(name, data[0] if data else 0, data[1:])
        if not _is_key_name(name) or key.kind not in (ED25519, COSIGNATURE):
            raise Malformed("a public key reads <name>+<key ID>+<base64>, of Ed25519 or a witness")
        if key.key_id.hex() != key_id:
            raise Malformed(f"the public key's ID should be {key.key_id.hex()}: it was copied with a mistake")
        decode_point(key.public)
        return key


@dataclass(frozen=True)
class Checkpoint:
    """What the log said of itself at one size. The extension lines are ours: counts, hash of the territories."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...]
    note: Note


def read_note(text: str) -> Note:
    """Split a signed note; nothing is verified. Raises Malformed."""
    body, blank, tail = text.rpartition("\n\n")
    lines = tail.split("\n")
    if not body or not blank or len(lines) < 2 or lines.pop() or len(text) > LONGEST_NOTE:
        raise Malformed("a signed note is a text, a blank line and signature lines")
    if any(mark < " " and mark != "\n" for mark in text):
        raise Malformed("a signed note has no control characters")
    return Note(body + "\n", tuple(_read_signature(line) for line in lines))


def _read_signature(line: str) -> NoteSignature:
    parts = line.split(" ")
    data = decode_base64(parts[2]) if len(parts) == 3 else b""
    if len(data) < 5 or parts[0] != "\u2014" or not _is_key_name(parts[1]):
        raise Malformed("a signature line reads: em dash, key name, base64")
    return NoteSignature(parts[1], data[:4], data[4:])


def check_signed(note: Note, key: VerifierKey) -> int | None:
    """The key's holder signed the note; returns the UNIX seconds of a cosignature. Raises NotProven.

    Signatures of other keys are passed over; every one that says it is this key's must be right.
    """
    mine = [one for one in note.signatures if (one.name, one.key_id) == (key.name, key.key_id)]
    if not mine:
        raise NotProven(f"there is no signature of {key.name} with key ID {key.key_id.hex()}")
    seconds = None
    for signature in mine:
        message, value = note.text, signature.value
        if key.kind == COSIGNATURE:
            seconds, value = int.from_bytes(value[:8], "big"), value[8:]
            message = f"cosignature/v1\ntime {seconds}\n{message}"
        try:
            check_ed25519(key.public, message.encode(), value)
        except NotProven as error:
            raise NotProven(f"the signature of {key.name} is wrong: {error}") from None
    return seconds


def read_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint; no signature is verified. Raises Malformed."""
    note = read_note(text)
    lines = note.text.split("\n")[:-1]
    if len(lines) < 3 or not all(lines):
        raise Malformed("a checkpoint begins with origin, size and root")
    root = decode_base64(lines[2])
    if len(root) != 32:
        raise Malformed("the root of a checkpoint has 32 bytes")
    return Checkpoint(lines[0], decimal(lines[1]), root, tuple(lines[3:]), note)


def check_log_signature(checkpoint: Checkpoint, key: VerifierKey) -> None:
    """The log of this key signed the checkpoint, under its own origin. Raises NotProven."""
    if key.kind != ED25519:
        raise NotProven(f"{key.name} is the key of a witness, not of a log")
    if checkpoint.origin != key.name:
        raise NotProven(f"this is the log {checkpoint.origin}, the key belongs to {key.name}")
    check_signed(checkpoint.note, key)


def check_witnesses(checkpoint: Checkpoint, witnesses: Sequence[VerifierKey], quorum: int | None = None) -> list[str]:
    """At least ``quorum`` of the witnesses (all, if not said) cosigned; returns their names. Raises NotProven."""
    signed: list[str] = []
    for key in dict.fromkeys(witnesses):  # one who is named twice has not seen it twice
        if key.kind != COSIGNATURE:
            raise NotProven(f"{key.name} is not the key of a witness")
        if any((one.name, one.key_id) == (key.name, key.key_id) for one in checkpoint.note.signatures):
            check_signed(checkpoint.note, key)
            signed.append(key.name)
    if len(signed) < (len(witnesses) if quorum is None else quorum):
        missing = ", ".join(key.name for key in witnesses if key.name not in signed)
        raise NotProven(f"the checkpoint has no cosignature of {missing or 'enough witnesses'}")
    return signed


def decode_base64(text: str) -> bytes:
    """Bytes of base64 in its one canonical form (RFC 4648, 4); raises Malformed."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        data = b""
    if base64.b64encode(data).decode() != text:
        raise Malformed("a line that should be base64 is not")
    return data


def decimal(text: str) -> int:
    """A whole number without leading zeroes; raises Malformed."""
    if not re.fullmatch("0|[1-9][0-9]{0,17}", text):
        raise Malformed("a line that should be a number is not")
    return int(text)


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(mark.isspace() for mark in name)


# --- Entries ----------------------------------------------------------------------------------------------------

MINUTE = rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z)\n"
JOINING = re.compile(rb"joining\n([1-9][0-9]{0,17})\n([0-9a-f]{64})\n([0-9a-f]{64})\n" + MINUTE)
REMOVAL = re.compile(rb"removal\n([1-9][0-9]{0,17})\n(0|[1-9][0-9]{0,17})\n" + MINUTE + rb"(withdrawn|invalidated)\n")


@dataclass(frozen=True)
class Joining:
    """Somebody joined: a commitment to who, the hash of the evidence, the minute (UTC)."""

    petition: int
    commitment: str
    evidence: str
    minute: str


@dataclass(frozen=True)
class Removal:
    """The joining at the index counts no longer; its signer took it back, or it was found invalid."""

    petition: int
    index: int
    minute: str
    reason: str


Entry = Joining | Removal


def read_entry(data: bytes) -> Entry:
    """Read one entry; raises Malformed."""
    found = JOINING.fullmatch(data)
    if found:
        petition, commitment, evidence, minute = (part.decode() for part in found.groups())
        return Joining(int(petition), commitment, evidence, _minute(minute))
    found = REMOVAL.fullmatch(data)
    if not found:
        raise Malformed("an entry is neither a joining nor a removal")
    petition, index, minute, reason = (part.decode() for part in found.groups())
    return Removal(int(petition), int(index), _minute(minute), reason)


@lru_cache(maxsize=4096)
def _minute(text: str) -> str:
    try:
        datetime.fromisoformat(text[:-1] + "+00:00")
    except ValueError:
        raise Malformed(f"{text} is no moment") from None
    return text


def check_belongs(entry: Entry, origin: str) -> None:
    """The entry names the petition whose log this is: the origin ends in its number. Raises NotProven."""
    if origin.rpartition("/")[2] != str(entry.petition):
        raise NotProven(f"an entry of petition {entry.petition} stands in the log {origin}")


# --- Receipts (C2SP tlog-proof) ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Receipt:
    entry: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint


def read_receipt(text: str) -> Receipt:
    """Read a receipt; nothing is verified. The `extra` line holds the entry itself. Raises Malformed."""
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or len(lines) < 3 or lines[0] != PROOF_HEADER:
        raise Malformed(f"a receipt begins with {PROOF_HEADER}")
    if not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise Malformed("a receipt has a line `extra` with the entry and a line `index`")
    path = tuple(decode_base64(line) for line in lines[3:])
    if any(len(one) != 32 for one in path) or len(path) > 63:
        raise Malformed("the inclusion path is not made of hashes")
    entry, index = decode_base64(lines[1][6:]), decimal(lines[2][6:])
    return Receipt(entry, index, path, read_checkpoint(checkpoint))


def check_receipt(
    receipt: Receipt, key: VerifierKey, witnesses: Sequence[VerifierKey] = (), quorum: int | None = None
) -> Entry:
    """The receipt's entry stands in the log of this key; returns it read. Raises NotProven."""
    checkpoint = receipt.checkpoint
    check_log_signature(checkpoint, key)
    check_witnesses(checkpoint, witnesses, quorum)
    check_inclusion(leaf_hash(receipt.entry), receipt.index, checkpoint.size, receipt.path, checkpoint.root)
    entry = read_entry(receipt.entry)
    check_belongs(entry, checkpoint.origin)
    return entry


def checkpoint_of(text: str) -> Checkpoint:
    """The checkpoint of a saved checkpoint file or of a saved receipt. Raises Malformed."""
    return read_receipt(text).checkpoint if text.startswith(PROOF_HEADER) else read_checkpoint(text)


# --- Promises ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Promise:
    """The log's word, given when somebody joined, that an entry with this leaf hash will be in it."""

    origin: str
    leaf: bytes
    minute: str
    note: Note


def read_promise(text: str) -> Promise:
    """Read a promise; no signature is verified. Raises Malformed."""
    note = read_note(text)
    lines = note.text.split("\n")[:-1]
    if len(lines) != 4 or lines[0] != "promise":
        raise Malformed("a promise has the lines: promise, origin, leaf hash, minute")
    return Promise(lines[1], decode_base64(lines[2]), _minute(lines[3]), note)


def check_promise(promise: Promise, key: VerifierKey) -> None:
    """The log of this key gave the promise. Raises NotProven."""
    if promise.origin != key.name or key.kind != ED25519:
        raise NotProven(f"this is a promise of {promise.origin}, the key belongs to {key.name}")
    check_signed(promise.note, key)


# --- The whole log (C2SP tlog-tiles) ----------------------------------------------------------------------------

Fetch = Callable[[str], bytes]
"""Reads a file of the log by its name, such as `checkpoint` or `tile/0/000.p/7`; raises Unreachable."""


@dataclass(frozen=True)
class Petition:
    """What the entries of a whole log add up to. ``hours`` has joinings and removals by UTC hour, `2026-06-01T07`."""

    checkpoint: Checkpoint
    joinings: int
    removals: int
    hours: dict[str, tuple[int, int]]
    territories: dict[str, int]
    cosigned_by: list[str]
    found_at: int | None  # index of the leaf that was looked for

    @property
    def count(self) -> int:
        return self.joinings - self.removals


def check_petition(
    fetch: Fetch,
    key: VerifierKey,
    witnesses: Sequence[VerifierKey] = (),
    quorum: int | None = None,
    leaf: bytes | None = None,
    pause: float = 1.0,
) -> Petition:
    """Rebuild root and count from every entry of the log, and look for a leaf hash. Raises NotProven, Unreachable.

    ``pause``: seconds before checkpoint and territories are read again because they are of two moments.
    """
    checkpoint, territories = _read_head(fetch, pause)
    check_log_signature(checkpoint, key)
    cosigned_by = check_witnesses(checkpoint, witnesses, quorum)
    roots, found_at = [], None
    in_force, hours = bytearray(), dict[str, tuple[int, int]]()
    for bundle in _bundles(fetch, checkpoint.size):
        hashes = [leaf_hash(data) for data in bundle]
        if leaf in hashes:
            found_at = len(in_force) + hashes.index(leaf)
        roots.append(root_of(hashes))
        for data in bundle:
            _count(data, checkpoint.origin, in_force, hours)
    if root_of(roots) != checkpoint.root:
        raise NotProven("the entries do not make the root that the log signed")
    joinings, removals = (sum(both[kind] for both in hours.values()) for kind in (0, 1))
    if checkpoint.extensions[0] != f"count {joinings} {removals}":
        raise NotProven(f"the log signed '{checkpoint.extensions[0]}', its entries are {joinings} and {removals}")
    places = _read_territories(territories)
    if sum(places.values()) != joinings - removals:
        raise NotProven(f"the territories add up to {sum(places.values())}, not to {joinings - removals}")
    return Petition(checkpoint, joinings, removals, hours, places, cosigned_by, found_at)


def _count(data: bytes, origin: str, in_force: bytearray, hours: dict[str, tuple[int, int]]) -> None:
    """Count an entry; a removal must name an earlier joining that nothing has removed before."""
    entry, index = read_entry(data), len(in_force)
    check_belongs(entry, origin)
    if isinstance(entry, Removal):
        if entry.index >= index or not in_force[entry.index]:
            raise NotProven(f"entry {index} removes entry {entry.index}, which is no joining in force")
        in_force[entry.index] = 0
    joins = isinstance(entry, Joining)
    in_force.append(joins)
    before = hours.get(entry.minute[:13], (0, 0))
    hours[entry.minute[:13]] = (before[0] + joins, before[1] + (not joins))


def _read_head(fetch: Fetch, pause: float) -> tuple[Checkpoint, str]:
    """The checkpoint and the territories that belong to it; a busy site is read again until they fit."""
    for left in reversed(range(TRIES)):
        checkpoint, territories = read_checkpoint(_text(fetch("checkpoint"))), _text(fetch("territories"))
        if len(checkpoint.extensions) != 2:
            raise Malformed("the checkpoint should have two lines after the root: count, territories")
        if checkpoint.extensions[1] == f"territories {hashlib.sha256(territories.encode()).hexdigest()}":
            return checkpoint, territories
        time.sleep(pause if left else 0)
    raise NotProven("the file of territories is not the one whose hash the log signed")


def _read_territories(text: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for line in text.split("\n")[:-1]:
        code, _, count = line.partition(" ")
        if not re.fullmatch("-|[0-9]{9}", code) or not decimal(count) or (places and code <= next(reversed(places))):
            raise Malformed("the file of territories is not sorted lines of code and count")
        places[code] = int(count)
    if text and not text.endswith("\n"):
        raise Malformed("the file of territories does not end in a newline")
    return places


def _bundles(fetch: Fetch, size: int) -> Iterator[list[bytes]]:
    """The first ``size`` entries, up to 256 at a time."""
    for n in range(-(-size // TILE)):
        data, at, bundle = _tile(fetch, "entries", n, size), 0, list[bytes]()
        while len(bundle) < min(TILE, size - n * TILE):
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            if not at + 2 < end <= len(data):
                raise Malformed(f"bundle {n} of entries is too short")
            bundle.append(data[at + 2 : end])
            at = end
        yield bundle


def _tile(fetch: Fetch, level: object, n: int, size: int) -> bytes:
    """Tile ``n`` of a level that has ``size`` hashes (or entries); a full one where the partial one is gone."""
    groups, rest = [f"{n % 1000:03}"], n // 1000
    while rest:
        groups, rest = [f"x{rest % 1000:03}", *groups], rest // 1000
    name = f"tile/{level}/{'/'.join(groups)}"
    if size - n * TILE >= TILE:
        return fetch(name)
    try:
        return fetch(f"{name}.p/{size - n * TILE}")
    except Unreachable:
        return fetch(name)


def check_growth(old: Checkpoint, new: Checkpoint, fetch: Fetch, key: VerifierKey) -> None:
    """The new checkpoint's log is the old one's with entries added; the proof is made of the log's own tiles.

    Raises NotProven, Unreachable.
    """
    for checkpoint in (old, new):
        check_log_signature(checkpoint, key)
    path = consistency_path(fetch, old.size, new.size) if 0 < old.size < new.size else []
    check_consistency(old.size, old.root, new.size, new.root, path)


def consistency_path(fetch: Fetch, old: int, new: int) -> list[bytes]:
    """The path from a tree to a larger one (2.1.4.1); it proves nothing until check_consistency accepts it."""

    @cache
    def tile(level: int, n: int) -> bytes:
        return _tile(fetch, level, n, new >> 8 * level)

    def subtree(low: int, high: int) -> bytes:
        height = (high - low).bit_length() - 1
        if high - low != 1 << height:
            return node_hash(subtree(low, low + (1 << height)), subtree(low + (1 << height), high))
        level, above = divmod(height, 8)
        n, first = divmod(low >> 8 * level, TILE)
        hashes = tile(level, n)[32 * first : 32 * (first + (1 << above))]
        if len(hashes) != 32 << above:
            raise Malformed(f"tile {n} of level {level} is too short")
        return root_of([hashes[at : at + 32] for at in range(0, len(hashes), 32)])

    path: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if old <= middle:
            path, high = [subtree(middle, high), *path], middle
        else:
            path, low, whole = [subtree(low, middle), *path], middle, False
    return path if whole else [subtree(low, high), *path]


def files_of(place: str) -> Fetch:
    """Reads a log's files under a URL or in a folder that holds the same files."""
    if _is_url(place):
        return lambda name: _download(f"{place.rstrip('/')}/{name}")
    return lambda name: _read_file(Path(place) / name)


def _is_url(place: str) -> bool:
    return place.startswith(("http://", "https://"))


def _download(url: str) -> bytes:
    for left in reversed(range(TRIES)):
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - files_of allows http(s) only
                return bytes(answer.read(LONGEST_FILE))
        except urllib.error.HTTPError as error:
            reason: object = error
            left = left if error.code in (429, 500, 502, 503, 504) else 0
        except (OSError, ValueError, http.client.HTTPException) as error:
            reason = error
        if not left:
            raise Unreachable(f"{url}: {reason}")
        time.sleep(1)
    raise AssertionError("unreachable")


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreachable(f"{path}: {error.strerror}") from None


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed("the text is not UTF-8") from None


# --- Command line -----------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the arguments (those of the process, if none are given) ask for; returns the exit code."""
    given = _parser().parse_args(arguments)
    try:
        verdict, code = given.run(given), 0
    except NotProven as error:
        verdict, code = f"NOT PROVEN: {error}", 1
    except Unreachable as error:
        verdict, code = f"CANNOT CHECK: {error}", 3
    sys.stdout.write(f"{verdict}\n")
    return code


def _receipt(given: argparse.Namespace) -> str:
    receipt = read_receipt(_saved(given.file))
    entry = check_receipt(receipt, given.key, given.witness, given.quorum)
    what = f"removal of entry {entry.index}" if isinstance(entry, Removal) else "joining"
    log = f"{receipt.checkpoint.size} entries of {receipt.checkpoint.origin}{_seen_by(receipt.checkpoint, given)}"
    return f"PROVEN: the {what} of {entry.minute} is entry {receipt.index} of the {log}"


def _promise(given: argparse.Namespace) -> str:
    promise = read_promise(_saved(given.file))
    check_promise(promise, given.key)
    if given.place is None:
        return f"PROVEN: {promise.origin} promised an entry on {promise.minute}; whether it kept that needs --from"
    log = check_petition(files_of(given.place), given.key, leaf=promise.leaf, pause=_pause(given.place))
    if log.found_at is None:
        raise NotProven(f"the promise is not kept: it is none of the {log.checkpoint.size} entries of {promise.origin}")
    return f"PROVEN: the promise of {promise.minute} is kept, by entry {log.found_at} of {promise.origin}"


def _consistency(given: argparse.Namespace) -> str:
    old, new = checkpoint_of(_saved(given.old)), checkpoint_of(_saved(given.new))
    check_growth(old, new, files_of(given.place), given.key)
    return f"PROVEN: the first {old.size} of the {new.size} entries of {new.origin} are as they were"


def _petition(given: argparse.Namespace) -> str:
    log = check_petition(files_of(given.place), given.key, given.witness, given.quorum, pause=_pause(given.place))
    sums = f"{log.joinings} joinings - {log.removals} removals = {log.count}"
    lines = [f"PROVEN: {log.checkpoint.origin}, {log.checkpoint.size} entries: {sums}{_seen_by(log.checkpoint, given)}"]
    if given.hours:
        lines += [f"hour {hour}Z +{added} -{removed}" for hour, (added, removed) in sorted(log.hours.items())]
    if given.territories:
        lines += [f"territory {code} {count}" for code, count in log.territories.items()]
    return "\n".join(lines)


def _seen_by(checkpoint: Checkpoint, given: argparse.Namespace) -> str:
    names = check_witnesses(checkpoint, given.witness, given.quorum)
    return f"; cosigned by {', '.join(names)}" if names else ""


def _pause(place: str) -> float:
    return 1.0 if _is_url(place) else 0.0


def _saved(path: str) -> str:
    return _text(_read_file(Path(path)))


def _vkey(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except Malformed as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Check the public log of a petition.")
    commands = parser.add_subparsers(required=True, metavar="receipt | promise | consistency | petition")
    for run, about, names in (
        (_receipt, "an entry stands in the log", ["file"]),
        (_promise, "the log promised an entry", ["file"]),
        (_consistency, "the log only grew", ["old", "new"]),
        (_petition, "the number is what the entries add up to", ["place"]),
    ):
        command = commands.add_parser(run.__name__[1:], help=about, description=about)
        for name in names:
            command.add_argument(name, metavar="URL_OR_FOLDER" if name == "place" else name.upper())
        command.add_argument("--key", required=True, type=_vkey, metavar="VKEY", help="the log's public key")
        if run in (_promise, _consistency):
            command.add_argument("--from", dest="place", required=run is _consistency, metavar="URL_OR_FOLDER")
        if run in (_receipt, _petition):
            command.add_argument("--witness", action="append", default=[], type=_vkey, metavar="VKEY")
            command.add_argument(
                "--quorum", type=int, metavar="N", help="how many witnesses are enough; all by default"
            )
        if run is _petition:
            command.add_argument("--hours", action="store_true", help="print joinings and removals by the hour (UTC)")
            command.add_argument("--territories", action="store_true", help="print the count by territory")
        command.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
