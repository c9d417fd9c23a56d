"""`flask serve` for real: a page, one group of processes, and nothing left of it afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from petitions.app import ROOT

T = TypeVar("T")

PATIENCE = 60
MEMBERS = 5
"""The leader, two web processes, the worker, and the signing program that is simulated."""
PROC = Path("/proc")

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="counts processes by /proc")


@dataclass(frozen=True)
class Site:
    """A running group; every process of it shares the leader's session."""

    leader: subprocess.Popen[str]
    port: int

    def members(self) -> dict[int, str]:
        """Living processes of the group with their command lines."""
        found = {}
        for folder in PROC.iterdir():
            if not folder.name.isdigit():
                continue
            try:
                state, _parent, _group, session = _stat(folder)[:4]
                command = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if int(session) == self.leader.pid and state != "Z":
                found[int(folder.name)] = command
        return found

    def page(self, path: str) -> str:
        return _fetch(f"http://127.0.0.1:{self.port}{path}")

    def wait_for_members(self, number: int) -> dict[int, str]:
        return _until(lambda: members if len(members := self.members()) == number else None)

    def ended(self) -> int:
        """The exit code, when everything is gone."""
        code = self.leader.wait(PATIENCE)
        _until(lambda: True if not self.members() else None)
        return code


@pytest.fixture
def site(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """An installation that is migrated, without the demonstration's petitions; the parameter: how it takes a hangup."""
    shutil.copy(sqlite_template, tmp_path / "petitions.sqlite")
    port = free_port()
    leader = start(port, tmp_path, on_hangup=getattr(request, "param", signal.SIG_DFL))
    started = Site(leader, port)
    try:
        _until(lambda: started.page("/kk/"), leader)
        yield started
    finally:
        for member in started.members():
            os.kill(member, signal.SIGKILL)
        leader.wait(PATIENCE)


def start(
    port: int, instance: Path, on_hangup: signal.Handlers = signal.SIG_DFL, **settings: str
) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PETITIONS_")}
    environment |= {
        "FLASK_APP": "wsgi:app",
        "PETITIONS_INSTANCE": str(instance),
        "PETITIONS_DEMO": "0",
        **settings,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=(instance / "serve.log").open("w"),
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, on_hangup),  # the tests themselves may run under nohup
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_ctrl_c_stops_everything(site: Site) -> None:
    assert "<html" in site.page("/kk/")
    site.wait_for_members(MEMBERS)
    os.killpg(site.leader.pid, signal.SIGINT)
    assert site.ended() == 0


def test_a_terminal_that_is_closed_stops_everything(site: Site) -> None:
    site.wait_for_members(MEMBERS)
    os.killpg(site.leader.pid, signal.SIGHUP)
    assert site.ended() == 0


@pytest.mark.parametrize("site", [signal.SIG_IGN], indirect=True)
def test_who_started_the_site_by_nohup_may_close_the_terminal(site: Site) -> None:
    members = site.wait_for_members(MEMBERS)
    for member in members:
        os.kill(member, signal.SIGHUP)
    assert "<html" in site.page("/ru/")
    assert site.members() == members


def test_a_site_that_lost_its_worker_stops(site: Site) -> None:
    members = site.wait_for_members(MEMBERS)
    (worker,) = (pid for pid, command in members.items() if "flask worker" in command)
    os.kill(worker, signal.SIGKILL)
    assert site.ended() == 1


def test_a_site_that_lost_a_simulator_runs_on(site: Site) -> None:
    members = site.wait_for_members(MEMBERS)
    (simulator,) = (pid for pid, command in members.items() if "simulate-ncalayer" in command)
    os.kill(simulator, signal.SIGKILL)
    site.wait_for_members(MEMBERS - 1)
    assert "<html" in site.page("/kk/")


def test_a_simulator_whose_port_is_taken_says_so_and_the_site_runs_on(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "petitions.sqlite")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        site = Site(start(free_port(), tmp_path, PETITIONS_NCALAYER_URL=f"ws://127.0.0.1:{taken}/"), 0)
        told = f"the simulated NCALayer does not run on port {taken}: another program has its port"
        _until(lambda: told in (tmp_path / "serve.log").read_text(), site.leader)
        site.wait_for_members(MEMBERS - 1)
        site.leader.terminate()
        assert site.ended() == 0


def test_nothing_outlives_its_leader(site: Site) -> None:
    site.wait_for_members(MEMBERS)
    site.leader.kill()
    assert site.ended() == -signal.SIGKILL


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        leader = start(port, tmp_path)
        assert leader.wait(PATIENCE) == 1
    told = (tmp_path / "serve.log").read_text().strip()
    assert told == (f"Error: port {port} is taken by another program; choose another: make run PORT={port + 1}")


def _stat(folder: Path) -> list[str]:
    """State, parent, group and session of a process: what follows its name, which may hold anything."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _fetch(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def _until(look: Callable[[], T | None], leader: subprocess.Popen[str] | None = None) -> T:
    """What is looked for, as soon as it is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        assert leader is None or leader.poll() is None, "the site ended before it began"
        time.sleep(0.05)
    raise AssertionError("waited in vain")
