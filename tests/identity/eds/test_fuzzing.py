"""The verifier against inputs that atheris grows by what they reach in our code, always the same ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from petitions.config import ROOT
from tests.identity.eds.forging import AT, TEXT, Forger

RUNS = 20_000
SECONDS, MEGABYTES = 5, 1_024  # for one input; for the whole process


def test_whatever_is_grown_is_refused_in_bounded_time_and_memory(forger: Forger, roots: Path, tmp_path: Path) -> None:
    examples = tmp_path / "examples"
    examples.mkdir()
    (examples / "signature").write_bytes(forger.good())
    told = [str(roots), str(roots.with_name("crl.pem")), TEXT.decode(), AT.isoformat()]
    limits = [f"-runs={RUNS}", "-seed=1", "-max_len=70000", f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}"]
    command = [sys.executable, "-m", "tests.identity.eds.fuzzing", *told, *limits, str(examples)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    assert f"Done {RUNS} runs" in done.stderr
