"""An independent witness of petition logs (C2SP tlog-witness): it cosigns a checkpoint only of a log that grew.

A newsroom or an association runs it, on its own machine, with its own key and one small file of its own; it needs
neither our database nor our settings. Who rewrites a log, or shows two people two logs, gets no cosignature.

    python -m petitions.log.witness --name NAME --key-file FILE --log-key PREFIX/*+KEY --state FILE
"""

from __future__ import annotations

import argparse
import base64
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from petitions.clock import real_now
from petitions.config import KEY_BYTES
from petitions.instance import write_once
from petitions.log.notes import cosign, public_bytes, vkey
from petitions.log.verifier import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    Malformed,
    NotProven,
    VerifierKey,
    check_consistency,
    check_log_signature,
    decimal,
    decode_base64,
    decode_point,
    read_checkpoint,
    root_of,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

Now = Callable[[], datetime]

LONGEST_BODY = 64 * 1024  # bytes; 63 proof lines and a checkpoint with many cosignatures fit well
LONGEST_PROOF = 63
ANY = "/*"
SIZE_TYPE = "text/x.tlog.size"


@dataclass(frozen=True)
class Logs:
    """The logs a witness looks after: those of one public key, one by its origin or all under a prefix."""

    prefix: str
    every_number: bool
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Logs:
        """Read a log's key, or ``<prefix>/*+<base64 of kind and key>`` for all petitions of a site.

        Raises Malformed.
        """
        name, _, encoded = text.strip().partition("+")
        if not name.endswith(ANY):
            key = VerifierKey.parse(text)
            if key.kind != ED25519:
                raise Malformed(f"{key.name} is the key of a witness, not of a log")
            return cls(key.name, False, key.public)
        data = decode_base64(encoded)
        if data[:1] != bytes([ED25519]):
            raise Malformed("the key of a site's logs reads <prefix>/*+<base64 of kind and key>")
        decode_point(data[1:])
        return cls(name.removesuffix(ANY), True, data[1:])

    def key_of(self, origin: str) -> VerifierKey | None:
        """The key that must have signed a checkpoint of this origin; None when it is not one of these logs."""
        prefix, _, number = origin.rpartition("/")
        is_mine = prefix == self.prefix and _is_number(number) if self.every_number else origin == self.prefix
        return VerifierKey(origin, ED25519, self.public) if is_mine else None


def every_log(prefix: str, public: bytes) -> str:
    """What a witness is given to look after all petitions of a site."""
    return f"{prefix}{ANY}+{base64.b64encode(bytes([ED25519]) + public).decode()}"


class Moved(Exception):
    """The last tree that was cosigned is not the one the caller goes on from. ``note`` is its checkpoint."""

    def __init__(self, size: int, note: str, *, is_fork: bool) -> None:
        super().__init__(size)
        self.size, self.note, self.is_fork = size, note, is_fork


class Memory:
    """The newest tree that was cosigned of each log, in a file; it survives any crash and never goes back."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with closing(self._open()) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS seen (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,"
                " note TEXT NOT NULL)"
            )

    def advance(self, old_size: int, new: Checkpoint, note: str, proof: Sequence[bytes], now: Now) -> datetime:
        """Go on from the tree of the old size to the new one, if the proof joins them; returns when that was.

        One exclusive transaction, so that two callers at once cannot both go on from one tree, and the times of
        what is cosigned stand in the order of the sizes. Raises Moved, NotProven.
        """
        with closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            found = connection.execute("SELECT size, root, note FROM seen WHERE origin = ?", (new.origin,)).fetchone()
            size, root, known = found or (0, root_of([]), "")
            is_fork = size == new.size and root != new.root
            if size != old_size or is_fork:
                raise Moved(size, known, is_fork=is_fork)
            check_consistency(size, root, new.size, new.root, proof)
            at = now()
            connection.execute(
                "INSERT INTO seen VALUES (?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE"
                " SET size = excluded.size, root = excluded.root, note = excluded.note",
                (new.origin, new.size, new.root, note),
            )
            connection.execute("COMMIT")
        return at

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=10, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        return connection


@dataclass(frozen=True)
class Witness:
    """The WSGI application: `POST /add-checkpoint`, and `GET /` with the witness's own verifier key."""

    name: str
    key: Ed25519PrivateKey
    logs: Sequence[Logs]
    memory: Memory
    now: Now

    @property
    def vkey(self) -> str:
        return vkey(self.name, public_bytes(self.key), COSIGNATURE)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = LONGEST_BODY
        try:
            answer = self._answer(request)
        except HTTPException as error:  # a body that is too long, a connection that broke
            answer = _say(error.code or 400, error.name)
        return answer(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if (request.method, request.path) == ("GET", "/"):
            return _say(200, self.vkey)
        if request.path != "/add-checkpoint":
            return _say(404, "this is a witness: POST /add-checkpoint")
        if request.method != "POST":
            return _say(405, "POST only")
        try:
            old_size, proof, note = read_request(request.get_data())
            return self.add_checkpoint(old_size, proof, note)
        except Malformed as error:
            return _say(400, str(error))

    def add_checkpoint(self, old_size: int, proof: Sequence[bytes], note: str) -> Response:
        """Cosign the checkpoint if it is of a log we know, which grew from what we saw last. Raises Malformed."""
        checkpoint = read_checkpoint(note)
        key = next(filter(None, (logs.key_of(checkpoint.origin) for logs in self.logs)), None)
        if key is None:
            return _say(404, f"{checkpoint.origin} is no log of this witness")
        try:
            check_log_signature(checkpoint, key)
        except NotProven as error:
            return _say(403, str(error))
        if old_size > checkpoint.size:
            raise Malformed("the old size is above the size of the checkpoint")
        try:
            at = self.memory.advance(old_size, checkpoint, note, proof, self.now)
        except Moved as moved:
            if moved.is_fork:
                log.error("%s shows two logs of %s entries:\n%s\n%s", key.name, moved.size, moved.note, note)
            return Response(f"{moved.size}\n", 409, content_type=SIZE_TYPE)
        except NotProven as error:
            log.warning("%s: from %s to %s entries: %s", key.name, old_size, checkpoint.size, error)
            return _say(422, str(error))
        return _say(200, cosign(checkpoint.note.text, self.name, self.key, at).rstrip("\n"))


def read_request(body: bytes) -> tuple[int, list[bytes], str]:
    """Old size, consistency path and checkpoint of an `add-checkpoint` call. Raises Malformed."""
    try:
        head, blank, note = body.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise Malformed("the text is not UTF-8") from None
    lines = head.split("\n")
    if not blank or not lines[0].startswith("old "):
        raise Malformed("a call reads: old <size>, proof lines, a blank line, a checkpoint")
    proof = [decode_base64(line) for line in lines[1:]]
    if len(proof) > LONGEST_PROOF or any(len(one) != 32 for one in proof):
        raise Malformed(f"a proof has at most {LONGEST_PROOF} hashes")
    return decimal(lines[0][4:]), proof, note


def _say(status: int, text: str) -> Response:
    return Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and not text.startswith("0")


def read_key(file: Path) -> Ed25519PrivateKey:
    """The witness's key, 32 bytes in base64; it is made, for its owner's eyes only, when there is none yet.

    Raises Malformed.
    """
    if not file.exists():
        write_once(file, base64.b64encode(os.urandom(KEY_BYTES)).decode())
    seed = decode_base64(file.read_text().strip())
    if len(seed) != KEY_BYTES:
        raise Malformed(f"{file} should hold {KEY_BYTES} bytes in base64")
    return Ed25519PrivateKey.from_private_bytes(seed)


def make_witness(name: str, key_file: Path, logs: Sequence[Logs], state: Path, now: Now) -> Witness:
    """A witness whose key and memory are in these files. Raises Malformed."""
    key = read_key(key_file)
    VerifierKey.parse(vkey(name, public_bytes(key), COSIGNATURE))  # the name can stand in a signature line
    return Witness(name, key, logs, Memory(state), now)


class _Handler(WSGIRequestHandler):
    timeout = 15  # seconds; a caller that stops talking does not keep its thread


def server(witness: Witness, host: str, port: int) -> BaseWSGIServer:
    """A threaded HTTP server of the witness; port 0 takes a free one. TLS is the reverse proxy's."""
    return make_server(host, port, witness, threaded=True, request_handler=_Handler)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; returns the exit code."""
    given = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        witness = make_witness(given.name, given.key_file, given.log_key, given.state, real_now)
        running = server(witness, given.host, given.port)
    except (Malformed, OSError, sqlite3.Error) as error:
        sys.stderr.write(f"The witness cannot start: {error}\n")
        return 2
    sys.stdout.write(f"{witness.vkey}\nhttp://{given.host}:{running.server_port}/add-checkpoint\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        running.serve_forever()
    return 0


def _logs(text: str) -> Logs:
    try:
        return Logs.parse(text)
    except Malformed as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="witness", description="Cosign checkpoints of petition logs that only grow.")
    add = parser.add_argument
    add("--name", required=True, help="what the cosignatures are made under, such as newsroom.example/witness")
    add("--key-file", required=True, type=Path, help="the witness's private key; made when it does not exist")
    add("--log-key", required=True, type=_logs, action="append", metavar="KEY", help="<prefix>/*+<base64>, or a VKEY")
    add("--state", required=True, type=Path, help="the file that remembers what was cosigned; never restore an old one")
    add("--host", default="127.0.0.1")
    add("--port", default=8100, type=int)
    return parser


if __name__ == "__main__":
    sys.exit(main())
