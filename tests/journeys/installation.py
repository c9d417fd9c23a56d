"""A running demonstration, as the stories know it."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from petitions.config import ROOT
from petitions.demo.seeds import seeds
from tests.journeys.secrecy import Secrets

STARTS_WITHIN = 300  # seconds on a busy machine; no measurement
PAGES_ARE_KEPT = "3"  # seconds, more than is shipped: a story that counts on a fresh page fails always, not at times
NOW = "2026-06-10T10:00"


@dataclass(frozen=True)
class Seeded:
    """An invented petition that was made with the installation."""

    id: int
    token: str | None
    title: str

    @property
    def ref(self) -> str:
        """Its address while only those who have the link see it."""
        return self.token or str(self.id)


@dataclass(frozen=True)
class Installation:
    address: str
    instance: Path
    process_group: int
    secrets: Secrets = field(default_factory=Secrets)

    @property
    def password(self) -> str:
        return (self.instance / "demo-password").read_text().strip()

    def letters(self) -> list[str]:
        """Every letter dropped so far, the newest last."""
        files = sorted((self.instance / "outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_text() for file in files]

    def log(self) -> str:
        return (self.instance / "log").read_text()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """It takes connections and says nothing, as at the end of a very slow line."""
        os.killpg(self.process_group, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process_group, signal.SIGCONT)

    def seeded(self, key: str) -> Seeded:
        """By its key in petitions/demo/petitions.toml."""
        title = next(seed.title for seed in seeds() if seed.key == key)
        return self.petition(title)

    def petition(self, title: str) -> Seeded:
        row = self.rows("SELECT id, link_token FROM petition WHERE title = ? ORDER BY id DESC", title)[0]
        return Seeded(row[0], row[1], title)

    def rows(self, query: str, *values: object) -> list[tuple[int, str | None]]:
        with sqlite3.connect(f"file:{self.instance / 'petitions.sqlite'}?mode=ro", uri=True) as connection:
            return connection.execute(query, values).fetchall()


@contextmanager
def started(instance: Path) -> Iterator[Installation]:
    """`flask serve` on a free port, with its worker, its simulators and its seeds, in an empty folder."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PETITIONS_")}
    environment |= {"PETITIONS_INSTANCE": str(instance), "PETITIONS_NOW": NOW, "FLASK_APP": "wsgi:app"}
    environment["PETITIONS_PAGE_CACHE_SECONDS"] = PAGES_ARE_KEPT
    log = (instance / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(address, process, instance / "log")
        yield Installation(address, instance, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(20)
        log.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the installation did not start:\n{log.read_text()[-3000:]}"
        try:
            if requests.get(f"{address}/kk/", timeout=2).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.2)
    raise AssertionError(f"no page within {STARTS_WITHIN} s:\n{log.read_text()[-3000:]}")
