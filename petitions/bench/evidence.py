"""What the check of one signature costs a core: the whole CMS, its certificate, its chain, its revocation."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

from petitions.bench import signers
from petitions.bench.figures import Figure, Goal
from petitions.bench.stage import Stage, median_of
from petitions.identity.eds import TrustStore, verify_detached
from petitions.identity.simulators.authority import open_authority
from petitions.identity.simulators.keys import Algorithm

DIFFERENT: dict[Algorithm, int] = {"rsa": 200, "gost": 40}
TEXT = ("Мен осы петицияны оқыдым және оған қосыламын. " * 40).encode()


GOALS: dict[Algorithm, Goal] = {
    "rsa": Goal("at least", 2_000, "value"),
    # With Streebog in plain Python, as here; with Botan it is thrice as quick.
    "gost": Goal("at least", 50, "value"),
}


def verification(stage: Stage) -> Iterator[Figure]:
    """`evidence.rsa`, `evidence.gost`: signatures of different people, verified one after another by one core."""
    folder = stage.shared / "simulator-pki"
    trust = TrustStore(folder / "roots.pem", folder / "crl.pem")
    for algorithm, goal in GOALS.items():
        turns = itertools.cycle(_containers(stage, algorithm))

        def rate(turns: Iterator[bytes] = turns) -> float:
            done, began, used = 0, time.perf_counter(), time.process_time()
            while time.perf_counter() - began < stage.scale.seconds / 2:
                verify_detached(next(turns), TEXT, trust=trust, at=signers.BEGAN_AT)
                done += 1
            return done / (time.process_time() - used)

        value = median_of(stage.scale.rounds, rate)
        yield Figure(f"evidence.{algorithm}", stage.engine, value, "checks/s", goal=goal)


def _containers(stage: Stage, algorithm: Algorithm) -> list[bytes]:
    authority = open_authority(stage.shared)
    return [
        authority.sign_detached(signers.person(number), TEXT, at=signers.BEGAN_AT, algorithm=algorithm)
        for number in range(DIFFERENT[algorithm])
    ]
