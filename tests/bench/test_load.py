"""The loader against real servers: it keeps its pace, counts what is wrong, and never waits for ever."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from petitions.bench.load import read_requests, whole_answer
from petitions.bench.processes import family
from petitions.bench.running import Failed, Server, Target, loading, serving
from petitions.bench.signers import get, write_gets


@pytest.fixture(scope="module")
def constant_server() -> Iterator[Server]:
    """A bare Flask: a text at /, a form at any address, nothing else."""
    with serving("constant", os.environ) as server:
        yield server


def test_it_asks_as_often_as_the_server_can_answer(constant_server: Server, tmp_path: Path) -> None:
    measured = Target(constant_server, write_gets(tmp_path / "gets", "/")).loaded(0.3)
    assert measured.answered > 32
    assert measured.errors == 0
    assert 0 < measured.p50_ms <= measured.p99_ms <= measured.max_ms
    assert 0 < measured.cpu_seconds < 10


def test_with_a_rate_it_asks_at_its_own_pace(constant_server: Server, tmp_path: Path) -> None:
    target = Target(constant_server, write_gets(tmp_path / "gets", "/"))
    with loading(target, 1.0, rate=60) as load:
        load.begin()
        measured = load.finish()
    assert 55 <= measured.answered <= 61


def test_requests_that_are_not_repeated_are_sent_once_each(constant_server: Server, tmp_path: Path) -> None:
    target = Target(constant_server, write_gets(tmp_path / "gets", *["/"] * 70), repeat=False)
    assert target.loaded(5).answered == 70


def test_every_wrong_status_is_an_error_and_the_first_is_shown(constant_server: Server, tmp_path: Path) -> None:
    target = Target(constant_server, write_gets(tmp_path / "gets", "/nothing-is-here"))
    with loading(target, 0.2) as load:
        load.begin()
        measured = load.finish()
    assert measured.errors == measured.answered > 0
    assert "405" in measured.first_bad.partition("\r\n")[0]
    with pytest.raises(Failed, match=r"answers were wrong; the first: HTTP/1.1 405"):
        target.loaded(0.2)


def test_answers_of_a_server_that_died_are_errors(tmp_path: Path) -> None:
    with serving("constant", os.environ) as server:
        target = Target(server, write_gets(tmp_path / "gets", "/"))
        with loading(target, 2.0, rate=200) as load:
            load.begin()
            for pid in family([server.leader.process.pid]):
                os.kill(pid, signal.SIGKILL)
            assert load.finish().errors > 0


def test_a_file_of_requests_is_read_from_where_it_is_told_and_over_again(tmp_path: Path) -> None:
    file = write_gets(tmp_path / "gets", "/a", "/b", "/c")
    assert list(read_requests(file, first=1)) == [get("/b"), get("/c")]
    endless = read_requests(file, repeat=True)
    assert [next(endless) for _ in range(5)] == [get(path) for path in ("/a", "/b", "/c", "/a", "/b")]


def test_an_answer_is_whole_when_all_of_its_length_is_there() -> None:
    head = b"HTTP/1.1 303 SEE OTHER\r\nLocation: /x\r\ncontent-length: 5\r\n\r\n"
    assert whole_answer(head[:-2]) is None
    assert whole_answer(head + b"four") is None
    assert whole_answer(head + b"five!") == 303
    assert whole_answer(b"HTTP/1.1 304 NOT MODIFIED\r\netag: x\r\n\r\n") == 304
