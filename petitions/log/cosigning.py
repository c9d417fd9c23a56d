"""Asking independent witnesses to cosign our checkpoints (the calling side of C2SP tlog-witness).

The worker asks; no page, no signature and no sealing ever waits for it. A witness that does not answer costs a
line in the journal and is left alone for a while.
"""

from __future__ import annotations

import base64
import logging
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import requests
import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.config import ConfigError
from petitions.db import reading, retried, transaction
from petitions.law.states import PUBLIC, State
from petitions.lifecycle.models import Petition
from petitions.log import tree
from petitions.log.models import LogHead
from petitions.log.queries import tile_reader
from petitions.log.verifier import (
    COSIGNATURE,
    Malformed,
    NotProven,
    VerifierKey,
    check_signed,
    decimal,
    decode_base64,
    read_note,
)

CALL_SECONDS = 5.0  # a call to a witness
RUN_SECONDS = 10.0  # all calls of one run; what is left over has its turn in the next
HEADS = 50  # logs in one run
LONGEST_ANSWER = 16 * 1024  # bytes
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0  # seconds until a witness that failed is asked again
ADDRESS = re.compile(r"(?P<vkey>.+?)=(?P<url>https?://\S+)")
SERVED = tuple(state.value for state in (*PUBLIC, State.TAKEN_DOWN))
"""The states whose logs anybody may read; the log of a link-only petition is shown to no witness."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Witness:
    """Somebody independent who cosigns. The URL is the prefix before ``/add-checkpoint``."""

    key: VerifierKey
    url: str


@dataclass(frozen=True)
class _Head:
    petition_id: int
    size: int
    note: str
    cosigned_size: int | None
    cosigned_note: str | None

    def is_cosigned_by(self, witness: Witness) -> bool:
        return self.cosigned_size == self.size and bool(_lines_of(self.cosigned_note or "", witness.key))


class _Patience:
    """Whom not to ask just now: each failure doubles the pause, an answer ends it. Shared by threads."""

    def __init__(self) -> None:
        self._pauses: dict[object, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def is_over(self, whom: object) -> bool:
        with self._lock:
            return self._pauses.get(whom, (0.0, 0.0))[0] <= time.monotonic()

    def lose(self, whom: object) -> None:
        with self._lock:
            pause = min(self._pauses.get(whom, (0.0, FIRST_PAUSE / 2))[1] * 2, LONGEST_PAUSE)
            self._pauses[whom] = (time.monotonic() + pause, pause)

    def restore(self, whom: object) -> None:
        with self._lock:
            self._pauses.pop(whom, None)


_witnesses: tuple[Witness, ...] = ()
_patience = _Patience()
_seen: dict[tuple[Witness, int], int] = {}  # the size that a witness last saw of a petition's log
_last_asked = 0  # the petition after which the next run begins


def configure(text: str) -> None:
    """Name the witnesses of this process (``PETITIONS_WITNESSES``). Raises ConfigError."""
    global _witnesses, _patience, _last_asked
    _witnesses, _patience, _last_asked = parse(text), _Patience(), 0
    _seen.clear()


def parse(text: str) -> tuple[Witness, ...]:
    """Read ``<verifier key>=<url>`` parts with spaces or newlines between them. Raises ConfigError."""
    found = []
    for part in text.split():
        match = ADDRESS.fullmatch(part)
        try:
            key = VerifierKey.parse(match["vkey"] if match else "")
        except Malformed as error:
            raise ConfigError(f"PETITIONS_WITNESSES must read '<verifier key>=<url>': {part!r}: {error}") from None
        if match is None or key.kind != COSIGNATURE:
            raise ConfigError(f"PETITIONS_WITNESSES: {key.name} is the key of a log, not of a witness")
        found.append(Witness(key, match["url"].rstrip("/")))
    if len({witness.key.name for witness in found}) < len(found):
        raise ConfigError("PETITIONS_WITNESSES names a witness twice")
    return tuple(found)


def ask_witnesses(_at: datetime) -> int:
    """Have public logs that grew cosigned; returns how many have a newer or fuller cosigned checkpoint now.

    Every witness is asked in its own thread, and nothing is locked meanwhile. What came is kept in one short
    transaction a log.
    """
    global _last_asked
    witnesses = [witness for witness in _witnesses if _patience.is_over(witness)]
    if not witnesses:
        return 0
    with reading() as session:
        heads = _due(session, witnesses)
    if not heads:
        return 0
    _last_asked = heads[-1].petition_id
    until = time.monotonic() + RUN_SECONDS
    with ThreadPoolExecutor(len(witnesses), "witness") as threads:
        rounds = list(threads.map(lambda witness: dict(_ask(witness, heads, until)), witnesses))
    kept = 0
    for head in heads:
        answered = zip(witnesses, rounds, strict=True)
        answers = {witness: lines[head.petition_id] for witness, lines in answered if head.petition_id in lines}
        kept += bool(answers) and _keep(head, answers)
    return kept


def _due(session: Session, witnesses: Sequence[Witness]) -> list[_Head]:
    """Public logs whose newest checkpoint lacks a cosignature, each having its turn."""
    complete = sa.and_(
        LogHead.cosigned_size == LogHead.size,
        *(LogHead.cosigned_note.contains(f"\n\u2014 {one.key.name} ", autoescape=True) for one in witnesses),
    )
    rows = session.execute(
        sa.select(LogHead.petition_id, LogHead.size, LogHead.note, LogHead.cosigned_size, LogHead.cosigned_note)
        .join(Petition, Petition.id == LogHead.petition_id)
        .where(Petition.state.in_(SERVED), sa.or_(LogHead.cosigned_size.is_(None), sa.not_(complete)))
        .order_by(LogHead.petition_id <= _last_asked, LogHead.petition_id)
        .limit(HEADS)
    )
    return [_Head(*row) for row in rows]


def _ask(witness: Witness, heads: Sequence[_Head], until: float) -> Iterator[tuple[int, str]]:
    """The petitions whose heads this witness cosigned, with its signature lines."""
    with requests.Session() as http:
        for head in heads:
            if head.is_cosigned_by(witness) or not _patience.is_over((witness, head.petition_id)):
                continue
            if time.monotonic() > until:
                return
            try:
                lines = _cosignature(http, witness, head)
            except requests.RequestException as error:
                _patience.lose(witness)
                log.warning("witness %s does not answer: %s", witness.key.name, type(error).__name__)
                return
            except NotProven as error:
                _patience.lose((witness, head.petition_id))
                log.warning("witness %s, petition %s: %s", witness.key.name, head.petition_id, error)
                continue
            _patience.restore(witness)
            _patience.restore((witness, head.petition_id))
            yield head.petition_id, lines


def _cosignature(http: requests.Session, witness: Witness, head: _Head) -> str:
    """The witness's signature lines under the head. It may tell once that it saw another size last.

    Raises NotProven when it refuses or its signature is wrong, RequestException when it does not answer.
    """
    known = (witness, head.petition_id)
    if known not in _seen and head.cosigned_size and _lines_of(head.cosigned_note or "", witness.key):
        _seen[known] = head.cosigned_size
    status, answer = _call(http, witness, head, _seen.get(known, 0))
    if status == 409:
        _seen[known] = decimal(answer.strip())
        status, answer = _call(http, witness, head, _seen[known])
    if status != 200:
        raise NotProven(f"it refuses to cosign {head.size} entries with {status} {answer.strip()[:100]!r}")
    lines = _lines_of(answer, witness.key)
    check_signed(read_note(f"{head.note}{lines}"), witness.key)
    _seen[known] = head.size
    return lines


def _call(http: requests.Session, witness: Witness, head: _Head, old_size: int) -> tuple[int, str]:
    """POST the head with the proof from the old size; returns status and text of the answer."""
    if old_size > head.size:
        raise NotProven(f"it saw {old_size} entries, we have {head.size}: was an old copy of the database restored?")
    path: list[bytes] = []
    if 0 < old_size < head.size:
        with reading() as session:
            path = tree.consistency_path(tile_reader(session, head.petition_id), old_size, head.size)
    proof = "".join(f"{base64.b64encode(one).decode()}\n" for one in path)
    body = f"old {old_size}\n{proof}\n{head.note}".encode()
    until = time.monotonic() + CALL_SECONDS
    address = f"{witness.url}/add-checkpoint"
    with http.post(address, data=body, timeout=CALL_SECONDS, stream=True, allow_redirects=False) as answer:
        text = b""
        for piece in answer.iter_content(4096):
            text += piece
            if len(text) > LONGEST_ANSWER or time.monotonic() > until:
                raise requests.Timeout("the answer is too long or too slow")
    return answer.status_code, text.decode(errors="replace")


def _lines_of(text: str, key: VerifierKey) -> str:
    """The signature lines that say they are this key's. Raises Malformed."""
    mark = f"\u2014 {key.name} "
    lines = [line for line in text.split("\n") if line.startswith(mark)]
    return "".join(f"{line}\n" for line in lines if decode_base64(line.removeprefix(mark))[:4] == key.key_id)


@retried
def _keep(head: _Head, answers: Mapping[Witness, str]) -> bool:
    """Store the cosigned checkpoint, with the lines that came under it before. False if a newer one is there."""
    with transaction() as session:
        stored = session.execute(
            sa.select(LogHead.cosigned_size, LogHead.cosigned_note)
            .where(LogHead.petition_id == head.petition_id, LogHead.size >= head.size)
            .with_for_update()
        ).one_or_none()
        if stored is None or (stored.cosigned_size or 0) > head.size:
            return False
        note = stored.cosigned_note if stored.cosigned_size == head.size else head.note
        note += "".join(lines for witness, lines in answers.items() if not _lines_of(note, witness.key))
        session.execute(
            sa.update(LogHead)
            .where(LogHead.petition_id == head.petition_id)
            .values(cosigned_size=head.size, cosigned_note=note)
        )
        return True
