"""The scenarios by name, and running them: one that fails says so in its place, and the others go on."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from petitions.bench import counting, evidence, first_view, limits, numbers, pages, searching, signing, soak
from petitions.bench.figures import ANY, Figure, error_figure
from petitions.bench.site import ENGINES, secrets_made
from petitions.bench.stage import Scale, Stage, on_disk

Run = Callable[[Stage], Iterator[Figure]]


@dataclass(frozen=True)
class Scenario:
    """What is measured together. ``engines``: on which databases; the engine "any" has none."""

    name: str
    run: Run
    engines: tuple[str, ...] = ENGINES


SCENARIOS = (
    Scenario("evidence", evidence.verification, (ANY,)),
    Scenario("merkle", counting.appending, (ANY,)),
    Scenario("limits", limits.inserts),
    Scenario("signing", signing.accepted),
    Scenario("slow-disk", signing.on_a_slow_disk, ("sqlite",)),
    Scenario("lag", counting.lag),
    Scenario("soak", soak.soak, ("postgresql",)),
    Scenario("sealing", counting.sealing),
    Scenario("pages", pages.pages),
    Scenario("first-view", first_view.first_view, ("sqlite",)),
    Scenario("numbers", numbers.numbers),
    Scenario("proofs", counting.proofs),
    Scenario("searching", searching.searching),  # last: the lists of all others are of their own few petitions
)
NAMES = tuple(each.name for each in SCENARIOS)


def run(names: Sequence[str], engines: Sequence[str], scale: Scale, folder: Path | None = None) -> Iterator[Figure]:
    """Run the named scenarios on these engines, each engine with one throw-away installation.

    ``folder`` is where their files are made, by default on a real disk; nothing is left there.
    """
    with tempfile.TemporaryDirectory(
        prefix="petitions-bench-", dir=folder or on_disk(), ignore_cleanup_errors=True
    ) as made:
        here = Path(made)
        here.chmod(0o711)  # the database's server may run as a user of its own
        with secrets_made(here) as shared:
            for engine in (ANY, *engines):
                wanted = [each for each in SCENARIOS if each.name in names and engine in each.engines]
                if wanted:
                    yield from on_engine(engine, wanted, scale, here, shared)


def on_engine(engine: str, wanted: Sequence[Scenario], scale: Scale, folder: Path, shared: Path) -> Iterator[Figure]:
    """Run these on one engine; a scenario that breaks becomes a figure that says so."""
    with ExitStack() as stack:
        logging.disable(logging.INFO)
        stack.callback(logging.disable, logging.NOTSET)
        stage = Stage(engine, scale, folder, shared, stack)
        for scenario in wanted:
            try:
                with stage.one_scenario():
                    yield from scenario.run(stage)
            except Exception as error:
                yield error_figure(scenario.name, engine, error)
