"""Witnesses for tests: real processes on loopback with their own key and memory, and one that lies."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from petitions.config import ROOT
from petitions.log import keys
from petitions.log.verifier import VerifierKey
from petitions.log.witness import every_log


@dataclass
class Running:
    """A witness process that an NGO would run; it may be killed and started again with the same files."""

    folder: Path
    name: str
    log_key: str
    port: int = 0
    vkey: str = ""
    process: subprocess.Popen[str] | None = None

    @property
    def setting(self) -> str:
        """What PETITIONS_WITNESSES says of it."""
        return f"{self.vkey}=http://127.0.0.1:{self.port}"

    @property
    def key(self) -> VerifierKey:
        return VerifierKey.parse(self.vkey)

    def start(self) -> Running:
        options = {"name": self.name, "key-file": self.folder / "key", "log-key": self.log_key, "port": self.port}
        arguments = [f"--{name}={value}" for name, value in {**options, "state": self.folder / "state"}.items()]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "petitions.log.witness", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.vkey = self.process.stdout.readline().strip()
        address = self.process.stdout.readline().strip()
        self.port = int(address.removesuffix("/add-checkpoint").rpartition(":")[2])
        return self

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def two_witnesses(folder: Path) -> Iterator[tuple[Running, Running]]:
    """Two that look after every log of this site."""
    log_key = every_log(keys.origin_of(0).removesuffix("/0"), keys.public_key())
    started: list[Running] = []
    try:
        for name in ("newsroom.example/witness", "association.example/witness"):
            place = folder / name.partition(".")[0]
            place.mkdir()
            started.append(Running(place, name, log_key).start())
        yield started[0], started[1]
    finally:
        for one in started:
            one.kill()


@contextmanager
def a_server_that_says(answer: str, status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Something that is no honest witness: the same answer to everybody. Gives its address and what it was asked."""
    asked: list[str] = []

    @Request.application
    def say(request: Request) -> Response:
        asked.append(request.get_data(as_text=True))
        return Response(answer, status)

    server = make_server("127.0.0.1", 0, say, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
