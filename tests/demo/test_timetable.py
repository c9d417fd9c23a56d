"""The worker's lanes: what hangs in one stops no other, what fails is tried again, and all stop when told to."""

from __future__ import annotations

import threading
import time
from datetime import datetime

import pytest
from flask import Flask

from petitions import jobs
from petitions.cli.serve import run_timetable
from petitions.jobs import TIMETABLE, Job


def test_sealing_shares_its_lane_with_nothing_that_waits_for_the_outside():
    beside = {job.name for job in TIMETABLE if job.lane == "count"}
    assert beside == {"grow-logs", "seal"}


@pytest.mark.parametrize(("lane", "job"), [("revocation", "ask-revocation"), ("lists", "fetch-lists")])
def test_nothing_else_waits_for_the_authority(lane: str, job: str):
    assert [one.name for one in TIMETABLE if one.lane == lane] == [job]


def test_a_hanging_mail_server_stops_neither_counting_nor_the_others(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
):
    counted, hanging, stopping, over = threading.Semaphore(0), threading.Event(), threading.Event(), threading.Event()

    def hang(_at: datetime) -> None:
        hanging.set()
        over.wait(30)

    def fail_and_count(_at: datetime) -> None:
        counted.release()
        raise RuntimeError("this turn failed")

    monkeypatch.setattr(jobs, "TIMETABLE", (Job("seal", 0.01, fail_and_count, "count"), Job("mail", 1, hang, "mail")))
    worker = threading.Thread(target=_run, args=(sqlite_app, stopping))
    worker.start()
    assert hanging.wait(10)
    for _ in range(3):
        assert counted.acquire(timeout=10)
    began = time.monotonic()
    stopping.set()
    worker.join(20)
    over.set()
    assert not worker.is_alive()
    assert time.monotonic() - began < 15


def _run(app: Flask, stopping: threading.Event) -> None:
    with app.app_context():
        run_timetable(stopping)
