"""The queue of those who join: everybody gets an answer of their own, in time, whatever happens to the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from petitions.signatures.writer import LONGEST, Busy
from petitions.signing.group_commit import Attempt, GroupCommit
from tests.making import AT


def an_attempt(citizen_id: int, *, age: float = 0.0) -> Attempt:
    return Attempt(1, citizen_id, "", b"", b"", AT, AT, time.monotonic() - age)


def test_a_batch_that_fails_is_tried_again_one_by_one_while_there_is_time():
    """Else a database that takes seconds to fail would keep a crowd waiting for minutes."""
    batches: list[list[int]] = []
    busy = threading.Event()

    def keep(attempts: Sequence[Attempt]) -> list[str | Exception]:
        batches.append([attempt.citizen_id for attempt in attempts])
        if len(batches) == 1:
            busy.wait(10)  # meanwhile the others gather
        if len(attempts) > 1:
            raise RuntimeError("the database went away")
        return [str(attempts[0].citizen_id)]

    group = GroupCommit(keep)
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(group.put, an_attempt(1))
        while not batches:
            time.sleep(0.01)
        others = [threads.submit(group.put, each) for each in (an_attempt(2), an_attempt(3, age=LONGEST + 1))]
        while group._waiting.qsize() < 2:
            time.sleep(0.01)
        busy.set()
        assert (first.result(10), others[0].result(10)) == ("1", "2")
        with pytest.raises(Busy):
            others[1].result(10)
    assert [3] not in batches
