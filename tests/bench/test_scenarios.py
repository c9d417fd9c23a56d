"""Scenarios from end to end in the smallest size: what they print, and that nothing of them is left."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from click.testing import CliRunner

from petitions.bench.__main__ import bench
from petitions.bench.figures import ANY, Figure
from petitions.bench.first_view import CHROMIUM
from petitions.bench.processes import family, memory
from petitions.bench.scenarios import NAMES, Scenario, on_engine, run
from petitions.bench.site import secrets_made
from petitions.bench.stage import Scale, Stage
from petitions.config import ROOT

SMALLEST = Scale(
    sizes=(60, 600),
    rounds=1,
    seconds=0.2,
    signers=80,
    lag_rate=20,
    lag_seconds=1,
    sealed=300,
    soak_seconds=1,
    soak_rate=20,
    readers_rate=20,
    leaves=3_000,
    listed=60,
)


def measured(folder: Path, *names: str) -> dict[str, Figure]:
    return {figure.name: figure for figure in run(names, ("sqlite",), SMALLEST, folder)}


def test_signatures_go_through_the_whole_door_and_are_weighed_against_a_bare_form(tmp_path: Path) -> None:
    found = measured(tmp_path, "signing")
    assert {"limit.post", "limit.naive", "sign.accepted", "sign.p99", "sign.over-naive"} <= found.keys(), found
    accepted, limit = found["sign.accepted"], found["limit.post"]
    assert accepted.limit == limit.value
    assert accepted.ratio is not None
    assert accepted.value is not None
    assert accepted.ratio > 0
    assert {"per_second", "per_cpu_second", "p50_ms", "p99_ms", "by_clock", "by_cpu"} <= accepted.details.keys()
    assert accepted.goal is not None
    assert isinstance(accepted.met, bool)
    assert list(tmp_path.iterdir()) == []
    commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in family([os.getpid()])]
    assert not [command for command in commands if b"petitions.bench.server" in command]


def test_numbers_and_proofs_are_measured_on_a_sealed_crowd(tmp_path: Path) -> None:
    found = measured(tmp_path, "numbers", "proofs", "sealing", "limits")
    assert {"numbers.count-6e2", "numbers.history-6e2", "log.proof-6e2", "seal.durable", "limit.insert"} <= found.keys()
    assert all(figure.value and "error" not in figure.details for figure in found.values()), found


def test_the_first_view_is_weighed_where_there_is_a_browser(tmp_path: Path) -> None:
    found = measured(tmp_path, "first-view")
    names = {"view.petition", "view.front", "view.list"} if CHROMIUM.exists() else set()
    assert found.keys() == names, found
    for figure in found.values():
        assert figure.met, figure
        assert {"requests", "fcp_ms", "lcp_ms", "tbt_ms", "cls"} <= figure.details.keys()


def test_what_no_database_takes_part_in_is_measured_once(tmp_path: Path) -> None:
    found = measured(tmp_path, "evidence", "merkle")
    assert {name: figure.engine for name, figure in found.items()} == {
        "evidence.rsa": ANY,
        "evidence.gost": ANY,
        "log.append": ANY,
    }


def test_a_scenario_that_breaks_says_so_and_the_next_one_runs(tmp_path: Path) -> None:
    def broken(_stage: Stage) -> Iterator[Figure]:
        raise ZeroDivisionError("nothing was answered")

    def sound(stage: Stage) -> Iterator[Figure]:
        yield Figure("sound", stage.engine, 1.0, "")

    both = [Scenario("broken", broken), Scenario("sound", sound)]
    with secrets_made(tmp_path) as shared:
        first, second = on_engine(ANY, both, SMALLEST, tmp_path, shared)
    assert (first.name, first.met, first.value) == ("broken", False, None)
    assert "nothing was answered" in str(first.details["error"])
    assert second.name == "sound"


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    answer = CliRunner().invoke(bench, ["--only", "everything"])
    assert answer.exit_code == 1
    assert "everything" in answer.output
    assert all(name in answer.output for name in NAMES)


def test_the_bench_never_runs_in_production() -> None:
    command = [sys.executable, "-m", "petitions.bench", "--only", "merkle"]
    asked = {**os.environ, "PETITIONS_ENV": "production"}
    answer = subprocess.run(command, env=asked, capture_output=True, text=True, cwd=ROOT, check=False)
    assert answer.returncode == 1
    assert answer.stderr == "the bench never runs in production: it takes all there is of the machine\n"


def test_memory_of_a_process_is_what_it_holds_and_held_at_most() -> None:
    held = memory(os.getpid())
    assert held is not None
    assert 10 < held.resident <= held.peak
    with ExitStack() as stack:
        child = os.fork()
        if child == 0:
            os._exit(0)
        stack.callback(os.waitpid, child, 0)
    assert memory(child) is None
