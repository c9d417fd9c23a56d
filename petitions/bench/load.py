"""The load: a process of its own that sends ready-made requests over kept connections and reads the answers.

    python -m petitions.bench.load --port 8000 --requests FILE --seconds 3 [--rate 330]

Without a rate every connection sends its next request when it has its answer (a closed loop). With one, each
request has its moment, and its latency counts from that moment, whether a connection was free or not: a server
that stalls cannot hide those who would have come meanwhile.

It says "ready" when connected, begins when a line comes in, and ends with one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import mmap
import select
import socket
import sys
import time
from array import array
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LENGTH_BYTES = 4
AT_ONCE = 256 * 1024
LAST_ANSWERS = 10.0  # seconds that answers under way at the end may still take
SHOWN = 20_000  # characters of the first wrong answer: enough to reach what the page says


def write_request(file: Any, request: bytes) -> None:
    """Add one request to a file of requests."""
    file.write(len(request).to_bytes(LENGTH_BYTES))
    file.write(request)


def read_requests(path: Path, *, first: int = 0, repeat: bool = False) -> Iterator[bytes]:
    """The requests of a file from the ``first``-th on; over and over when they are to be repeated."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        while True:
            place = number = 0
            while place < len(content):
                begins = place + LENGTH_BYTES
                place = begins + int.from_bytes(content[place:begins])
                if number >= first:
                    yield content[begins:place]
                number += 1
            if not repeat:
                return


class Connection:
    """One kept connection: at most one request is under way, since ``since``."""

    __slots__ = ("since", "so_far", "socket", "unsent")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.so_far = b""
        self.unsent = b""
        self.since = 0.0


@dataclass
class Load:
    """One run of the load and what came of it."""

    port: int
    requests: Iterator[bytes]
    seconds: float
    connections: int
    expected: int
    rate: float = 0.0
    latencies: array[float] = field(default_factory=lambda: array("d"))
    statuses: dict[int, int] = field(default_factory=dict)
    errors: int = 0
    sent: int = 0
    first_bad: str = ""
    last_answer: float = 0.0
    exhausted: bool = False

    def __post_init__(self) -> None:
        self.epoll = select.epoll()
        self.open: dict[int, Connection] = {}
        self.idle: deque[Connection] = deque()
        for _number in range(self.connections):
            self._connect()

    def run(self) -> dict[str, Any]:
        began, used = time.monotonic(), time.process_time()
        self.last_answer = began
        until = began + self.seconds
        while (now := time.monotonic()) < until and not self._is_over():
            self._wait(self._send_due(began, now))
        while self._under_way() and time.monotonic() < until + LAST_ANSWERS:
            self._wait(0.1)
        for _lost in range(self._under_way()):
            self._bad("no answer")
        seconds = max(self.last_answer - began, 1e-9)
        return self._summary(seconds, time.process_time() - used)

    def _is_over(self) -> bool:
        return self.exhausted and not self._under_way()

    def _under_way(self) -> int:
        return len(self.open) - len(self.idle)

    def _send_due(self, began: float, now: float) -> float:
        """Send what may be sent now; returns for how many seconds nothing else is due."""
        while self.idle and not self.exhausted:
            due = began + self.sent / self.rate if self.rate else now
            if due > now:
                return due - now
            request = next(self.requests, None)
            if request is None:
                self.exhausted = True
                break
            self.sent += 1
            connection = self.idle.popleft()
            connection.since = due
            self._send(connection, request)
        return 0.1

    def _wait(self, seconds: float) -> None:
        for number, event in self.epoll.poll(seconds):
            connection = self.open[number]
            if event & select.EPOLLOUT:
                self._send(connection, connection.unsent)
            if event & ~select.EPOLLOUT:
                self._receive(connection)

    def _send(self, connection: Connection, request: bytes) -> None:
        try:
            done = connection.socket.send(request)
        except BlockingIOError:
            done = 0
        except OSError as error:
            self._broken(connection, error)
            return
        was_waiting, connection.unsent = bool(connection.unsent), request[done:]
        if bool(connection.unsent) != was_waiting:
            events = select.EPOLLIN | (select.EPOLLOUT if connection.unsent else 0)
            self.epoll.modify(connection.socket, events)

    def _receive(self, connection: Connection) -> None:
        try:
            data = connection.socket.recv(AT_ONCE)
        except BlockingIOError:
            return
        except OSError as error:
            self._broken(connection, error)
            return
        if not data:
            self._broken(connection, ConnectionError("closed by the server"))
            return
        if connection.so_far:
            data = connection.so_far + data
        status = whole_answer(data)
        if status is None:
            connection.so_far = data
            return
        connection.so_far = b""
        self.last_answer = time.monotonic()
        self.latencies.append(self.last_answer - connection.since)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status != self.expected:
            self._bad(data[:SHOWN].decode("utf-8", "replace"))
        self.idle.append(connection)

    def _connect(self) -> None:
        connection = Connection(self.port)
        self.open[connection.socket.fileno()] = connection
        self.epoll.register(connection.socket, select.EPOLLIN)
        self.idle.append(connection)

    def _broken(self, connection: Connection, error: OSError) -> None:
        """A connection that ends with a request under way has lost it; one that idles may be closed."""
        if connection not in self.idle:
            self._bad(str(error))
        else:
            self.idle.remove(connection)
        self.epoll.unregister(connection.socket)
        del self.open[connection.socket.fileno()]
        connection.socket.close()
        try:
            self._connect()
        except OSError as refused:
            self._bad(str(refused))
            self.exhausted = not self.open

    def _bad(self, answer: str) -> None:
        self.errors += 1
        self.first_bad = self.first_bad or answer

    def _summary(self, seconds: float, cpu_seconds: float) -> dict[str, Any]:
        in_order = sorted(self.latencies)
        return {
            "sent": self.sent,
            "answered": len(in_order),
            "errors": self.errors,
            "statuses": {str(status): number for status, number in sorted(self.statuses.items())},
            "first_bad": self.first_bad,
            "seconds": seconds,
            "cpu_seconds": cpu_seconds,
            "exhausted": self.exhausted,
            "p50_ms": 1000 * quantile(in_order, 0.50),
            "p99_ms": 1000 * quantile(in_order, 0.99),
            "max_ms": 1000 * (in_order[-1] if in_order else 0.0),
        }


def whole_answer(data: bytes) -> int | None:
    """The status of an answer that is there as a whole; None while some of it is missing."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    status = int(data[9:12])
    if status in (204, 304):
        return status
    head = data[:end].lower()
    place = head.find(b"\r\ncontent-length:")
    if place < 0:
        raise ValueError(f"an answer without a length: {head!r}")
    length = int(head[place + 17 :].partition(b"\r\n")[0])
    return status if len(data) >= end + 4 + length else None


def quantile(in_order: list[float], share: float) -> float:
    """The value that this share of the sorted values does not exceed; 0 of none."""
    return in_order[min(len(in_order) - 1, int(share * len(in_order)))] if in_order else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="petitions.bench.load")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--requests", type=Path, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--repeat", action="store_true")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--expected", type=int, default=200)
    parser.add_argument("--rate", type=float, default=0.0)
    given = parser.parse_args()
    requests = read_requests(given.requests, first=given.first, repeat=given.repeat)
    load = Load(given.port, requests, given.seconds, given.connections, given.expected, given.rate)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(json.dumps(load.run()) + "\n")


if __name__ == "__main__":
    main()
