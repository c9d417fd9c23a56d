"""Starting servers and loads as processes of their own, and what one load cost the server it went to."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from petitions.bench import processes
from petitions.bench.processes import Memory
from petitions.cli.group import LEADER
from petitions.config import ROOT

START_SECONDS = 60.0
STOP_SECONDS = 15.0
CONNECTIONS = 32
COMPLAINT = 1_000
SHOWN = 300
TAG = re.compile(r"<[^>]*>")


class Failed(RuntimeError):
    """A part of the bench did not do what it was there for; the figure says why instead of a number."""


@dataclass(frozen=True)
class Child:
    """A process of ours, and the file that what it says goes into."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]

    def complaint(self) -> str:
        """The end of what it said, without what it only told."""
        self.said.seek(0)
        lines = self.said.read().decode("utf-8", "replace").splitlines()
        return " | ".join(line.strip() for line in lines if " INFO " not in line)[-COMPLAINT:]


@dataclass(frozen=True)
class Server:
    """A running server. ``pids`` are the roots of all processes whose work it is, the database's included."""

    port: int
    leader: Child
    pids: tuple[int, ...]

    def workers(self) -> list[Memory]:
        """The memory of each web process."""
        leader = self.leader.process.pid
        below = [pid for pid in processes.family([leader]) if pid != leader]
        return [found for pid in below if (found := processes.memory(pid)) is not None]


@dataclass(frozen=True)
class Measured:
    """One load and its cost. ``cpu_seconds`` is the server's processor time, the loader's is left out."""

    answered: int
    errors: int
    first_bad: str
    seconds: float
    cpu_seconds: float
    loader_cpu_seconds: float
    p50_ms: float
    p99_ms: float
    max_ms: float

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds

    @property
    def per_cpu_second(self) -> float:
        return self.answered / max(self.cpu_seconds, 1e-9)


@dataclass
class Loading:
    """A load that is under way."""

    process: subprocess.Popen[str]
    server: Server
    cpu_before: float = 0.0

    def begin(self) -> None:
        assert self.process.stdin is not None  # noqa: S101 - we opened it
        self.cpu_before = processes.cpu_seconds(self.server.pids)
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def is_running(self) -> bool:
        return self.process.poll() is None

    def finish(self) -> Measured:
        """Wait for its end. Raises Failed when the loader itself broke."""
        answer, _nothing = self.process.communicate()
        cpu = processes.cpu_seconds(self.server.pids) - self.cpu_before
        if self.process.returncode != 0:
            raise Failed("the loader has broken")
        found = json.loads(answer)
        return Measured(
            answered=found["answered"],
            errors=found["errors"],
            first_bad=found["first_bad"],
            seconds=found["seconds"],
            cpu_seconds=cpu,
            loader_cpu_seconds=found["cpu_seconds"],
            p50_ms=found["p50_ms"],
            p99_ms=found["p99_ms"],
            max_ms=found["max_ms"],
        )


@dataclass(frozen=True)
class Target:
    """Where a load goes: a server, a file of requests, and the status that is the right answer."""

    server: Server
    requests: Path
    expected: int = 200
    repeat: bool = True
    options: Sequence[str] = field(default=())

    def loaded(self, seconds: float) -> Measured:
        """Load it from 32 connections for that long. Raises Failed at the first wrong answer."""
        with loading(self, seconds) as load:
            load.begin()
            return checked(load.finish(), self.server)


def checked(measured: Measured, server: Server) -> Measured:
    """The same. Raises Failed when an answer was wrong or missing: such a run measures nothing."""
    if measured.errors or not measured.answered:
        wrong = (
            f"{measured.errors} of {measured.answered} answers were wrong; the first: {in_words(measured.first_bad)}"
        )
        raise Failed(f"{wrong} {server.leader.complaint()}".strip())
    return measured


def in_words(answer: str) -> str:
    """The status of an answer and what its page says to a person."""
    head, _blank, body = answer.partition("\r\n\r\n")
    main = body[max(body.find("<main"), 0) :]
    words = " ".join(TAG.sub(" ", main).split())
    return f"{head.partition(chr(13))[0]} {words}"[:SHOWN]


@contextmanager
def loading(
    target: Target, seconds: float, *, rate: float = 0.0, first: int = 0, connections: int = CONNECTIONS
) -> Iterator[Loading]:
    """A loader, connected and waiting for `begin`. It ends with the block."""
    command = [sys.executable, "-m", "petitions.bench.load", "--port", str(target.server.port)]
    command += ["--requests", str(target.requests), "--seconds", str(seconds), "--expected", str(target.expected)]
    command += ["--connections", str(connections), "--rate", str(rate), "--first", str(first)]
    command += ["--repeat"] if target.repeat else []
    pipe = subprocess.PIPE
    process = subprocess.Popen([*command, *target.options], stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None  # noqa: S101 - we opened it
        if process.stdout.readline() != "ready\n":
            raise Failed("the loader could not connect")
        yield Loading(process, target.server)
    finally:
        process.kill()
        process.wait()


@contextmanager
def serving(
    kind: str, environment: Mapping[str, str], *, path: str = "/", others: Sequence[int] = ()
) -> Iterator[Server]:
    """A server of a kind (see `bench.server`) that answers at ``path``; it stops with the block."""
    port = free_port()
    command = [sys.executable, "-m", "petitions.bench.server", kind, str(port)]
    with child(command, environment) as leader:
        wait_for_answer(leader, port, path)
        yield Server(port, leader, (leader.process.pid, *others))


@contextmanager
def child(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Child]:
    """A process that is stopped, at need by force, when the block ends."""
    with tempfile.TemporaryFile() as said:
        own = {**environment, LEADER: str(os.getpid())}
        process = subprocess.Popen(list(command), env=own, stdout=said, stderr=said, cwd=ROOT)
        try:
            yield Child(process, said)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_answer(leader: Child, port: int, path: str) -> None:
    """Return at the first answer of any kind. Raises Failed when the process ends or stays silent for a minute."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and leader.process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.05)
    raise Failed(f"the server did not start: {leader.complaint()}")
