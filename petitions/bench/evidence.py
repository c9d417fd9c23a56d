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

DIFFERENT = 200
TEXT = ("Мен осы петицияны оқыдым және оған қосыламын. " * 40).encode()


def verification(stage: Stage) -> Iterator[Figure]:
    """`evidence.rsa`: signatures of different people, verified one after another by one core."""
    authority = open_authority(stage.shared)
    containers = [authority.sign_detached(signers.person(n), TEXT, at=signers.BEGAN_AT) for n in range(DIFFERENT)]
    folder = stage.shared / "simulator-pki"
    trust = TrustStore(folder / "roots.pem", folder / "crl.pem")
    turns = itertools.cycle(containers)

    def rate() -> float:
        done, began, used = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - began < stage.scale.seconds / 2:
            verify_detached(next(turns), TEXT, trust=trust, at=signers.BEGAN_AT)
            done += 1
        return done / (time.process_time() - used)

    value = median_of(stage.scale.rounds, rate)
    yield Figure("evidence.rsa", stage.engine, value, "checks/s", goal=Goal("at least", 2_000, "value"))
