"""Group commit: one thread a process keeps all joinings that wait, in one transaction (D7).

Who joins waits until COMMIT. While one transaction is written, the next one gathers. In a crowd a transaction waits
for company while it keeps coming, as each costs as much as ten joinings; who comes alone waits for nobody.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import lazy_gettext as _l

from petitions.errors import Unavailable
from petitions.signatures.writer import LONGEST, Busy
from petitions.turnstile import step_aside

GATHERING = 0.08  # seconds at most; nobody notices them, and at 300 a second they halve what joining costs
LULL = 0.01  # seconds without anybody new: the rest of the crowd waits for this very transaction
MOST = 256  # joinings in one transaction
PATIENCE = LONGEST / 2  # seconds in the queue; the rest is for the transaction


class Unknown(Unavailable):
    """The database has not said whether it was kept. Nothing is promised; the log of joinings will tell."""

    def __init__(self) -> None:
        super().__init__(
            _l("We cannot tell yet whether your joining was kept. Look at your joinings in a minute, then try again.")
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """A joining whose signature is verified. ``since``: `time.monotonic()` of the moment ``at``."""

    petition_id: int
    citizen_id: int
    iin: str = field(repr=False)
    document: bytes = field(repr=False)
    cms: bytes = field(repr=False)
    began_at: datetime
    at: datetime
    since: float


Outcome = str | Exception
Waiting = tuple[Attempt, "Future[str]"]


class GroupCommit:
    """The queue in front of ``keep``, which answers for every attempt with its id or the reason against it."""

    def __init__(self, keep: Callable[[Sequence[Attempt]], Sequence[Outcome]]) -> None:
        self._keep = keep
        self._waiting: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._process = 0

    def put(self, attempt: Attempt) -> str:
        """Wait until the attempt is kept; returns its id, or raises why not. Busy: it waited too long."""
        self._start()
        answer: Future[str] = Future()
        self._waiting.put((attempt, answer))
        step_aside()
        try:
            return answer.result(PATIENCE)
        except TimeoutError:
            if answer.cancel():
                raise Busy from None
        try:
            return answer.result(PATIENCE)  # it is being written at this moment
        except TimeoutError:
            raise Unknown from None

    def _start(self) -> None:
        """A fork inherits neither thread nor queue."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._waiting = queue.SimpleQueue()
                threading.Thread(target=self._run, args=(self._waiting,), name="group-commit", daemon=True).start()
                self._process = os.getpid()

    def _run(self, waiting: queue.SimpleQueue[Waiting]) -> None:
        crowded = False
        while True:
            batch = [waiting.get()]
            if crowded:
                _gather(waiting)
            while len(batch) < MOST and not waiting.empty():
                batch.append(waiting.get())
            crowded = len(batch) > 1
            self._answer([each for each in batch if each[1].set_running_or_notify_cancel()])

    def _answer(self, batch: Sequence[Waiting]) -> None:
        if not batch:
            return
        try:
            outcomes = self._keep([attempt for attempt, _answer in batch])
        except Exception as error:
            if len(batch) > 1:  # one of them, or the moment: each for itself, while it has time left
                for each in batch:
                    if time.monotonic() - each[0].since > LONGEST:
                        each[1].set_exception(Busy())
                    else:
                        self._answer([each])
                return
            outcomes = [error]
        for (_attempt, answer), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Exception):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)


def _gather(waiting: queue.SimpleQueue[Waiting]) -> None:
    """Let more people come, until nobody does for a moment."""
    until = time.monotonic() + GATHERING
    before = -1
    while time.monotonic() < until and waiting.qsize() > before:
        before = waiting.qsize()
        time.sleep(LULL)
