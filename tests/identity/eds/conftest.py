"""Each test of a signature is made with both algorithms, unless it is about one of them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from petitions.identity.eds import TrustStore
from petitions.identity.simulators.authority import SimulatedAuthority
from petitions.identity.simulators.keys import Algorithm
from tests.identity.eds.forging import ALGORITHMS, Forger

collect_ignore = [] if find_spec("atheris") else ["test_fuzzing.py"]  # its wheel is for Linux on x86-64 only


@pytest.fixture(params=ALGORITHMS)
def algorithm(request: pytest.FixtureRequest) -> Algorithm:
    chosen: Algorithm = request.param
    return chosen


@pytest.fixture
def forger(authority: SimulatedAuthority, algorithm: Algorithm) -> Forger:
    return Forger(authority, algorithm)


@pytest.fixture
def rsa(authority: SimulatedAuthority) -> Forger:
    return Forger(authority, "rsa")


@pytest.fixture
def gost(authority: SimulatedAuthority) -> Forger:
    return Forger(authority, "gost")


@pytest.fixture
def roots(pki: Path) -> Path:
    return pki / "roots.pem"


@pytest.fixture
def without_lists(roots: Path) -> TrustStore:
    return TrustStore(roots, None)
