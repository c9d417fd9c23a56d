"""What the scenarios of one engine share, each thing made when first asked for and gone when the engine is done."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from petitions.bench import crowd, server, signers, site
from petitions.bench.figures import Figure, Goal
from petitions.bench.running import Failed, Measured, Server, Target, serving
from petitions.bench.signers import Signatures
from petitions.bench.site import Site
from petitions.demo.cast import registry_at_hand

KEPT_IN_MEMORY = frozenset({"tmpfs", "ramfs"})


@dataclass(frozen=True)
class Scale:
    """How large and how long a run is. ``sizes`` are numbers of signatures of one petition, small to large."""

    sizes: tuple[int, ...] = (100, 1_000_000)
    rounds: int = 3
    seconds: float = 2.0
    signers: int = 12_000
    lag_rate: float = 1000.0
    lag_seconds: float = 10.0
    sealed: int = 20_000
    soak_seconds: float = 30.0
    soak_rate: float = 330.0
    readers_rate: float = 500.0
    leaves: int = 300_000
    listed: int = 100_000


@dataclass
class Stage:
    """One engine's installation with everything that is measured on it."""

    engine: str
    scale: Scale
    folder: Path
    shared: Path
    stack: ExitStack
    running: ExitStack = field(default_factory=ExitStack)
    _servers: dict[str, Server] = field(default_factory=dict)

    @contextmanager
    def one_scenario(self) -> Iterator[None]:
        """Servers live as long as the scenario that asked for them: a database has only so many connections."""
        with ExitStack() as self.running:
            try:
                yield
            finally:
                self._servers.clear()

    @cached_property
    def site(self) -> Site:
        made = self.stack.enter_context(site.installed(self.engine, self.folder, self.shared))
        self.stack.enter_context(registry_at_hand(made.config))
        return made

    @cached_property
    def storm(self) -> int:
        """The petition that is signed. The first one made, so that its id is the same on every engine."""
        assert self.site  # noqa: S101 - made by being asked for
        return site.open_petition("Мектеп жанына жаяу жүргіншілер жолын салу")

    @cached_property
    def petitions(self) -> dict[int, int]:
        """A petition of each size: its number of signatures and its id. Minutes for a million."""
        assert self.storm  # noqa: S101 - made by being asked for
        made = {size: site.open_petition(f"Ауыл мектебіне су тарту керек ({size})", size) for size in self.scale.sizes}
        crowd.settle()
        return made

    def open_petition(self, title: str) -> int:
        """One more petition in its collection; returns its id."""
        assert self.site  # noqa: S101 - made by being asked for
        return site.open_petition(title)

    @property
    def smallest(self) -> int:
        return self.petitions[self.scale.sizes[0]]

    @property
    def largest(self) -> int:
        return self.petitions[self.scale.sizes[-1]]

    @cached_property
    def signatures(self) -> Signatures:
        """Citizens who are about to sign, and their signatures over the text of the stormed petition."""
        signers.bring(self.scale.signers)
        crowd.settle()
        return signers.signed(self.storm, self.scale.signers, self.shared, self.folder / self.engine)

    @cached_property
    def page_bytes(self) -> int:
        """How large a petition's page is: the constant answers beside it are as large."""
        answer = self.site.app.test_client().get(self.page_of(self.storm))
        if answer.status_code != 200:
            raise Failed(f"the page of a petition answered {answer.status}")
        return len(answer.data)

    def page_of(self, petition_id: int) -> str:
        return f"/kk/petitions/{petition_id}"

    def product(self, kind: str = "shipped") -> Server:
        """The application: ``shipped``, ``uncached`` (no page is kept), or without RSA's arithmetic, ``unsigned``."""
        changes = {
            "shipped": {},
            "uncached": {"PETITIONS_PAGE_CACHE_SECONDS": "0"},
            "unsigned": {server.UNSIGNED: "1"},
            "slow-disk": {server.UNSIGNED: "1", server.SYNC_MS: "2"},
        }[kind]
        return self._served(f"product-{kind}", "product", changes, f"/kk/petitions/{self.storm}")

    def beside(self, kind: str, changes: Mapping[str, str] | None = None) -> Server:
        """One of the limits: the same server with next to nothing in it (see `bench.server`)."""
        return self._served(kind, kind, changes or {server.SIZE: str(self.page_bytes)}, "/")

    def get(self, where: Server, *paths: str) -> Target:
        """Requests for pages, over and over."""
        return Target(where, signers.write_gets(self._file("gets"), *paths))

    def post(self, where: Server, *, repeat: bool) -> Target:
        """The signing requests of everybody who is about to sign, answered by a redirect."""
        return Target(where, self._joinings, expected=303, repeat=repeat)

    @cached_property
    def _joinings(self) -> Path:
        return signers.write_joinings(self.site.app, self.signatures, self._file("joinings"))

    def compare(
        self, targets: Mapping[str, Target], *, before: Callable[[str], None] | None = None
    ) -> dict[str, list[Measured]]:
        """Load every target in turn, round after round, so that a machine that slows down slows all of them.

        One round before them warms everything up. ``before`` prepares a target's turn. Raises Failed.
        """
        found: dict[str, list[Measured]] = {name: [] for name in targets}
        for number in range(self.scale.rounds + 1):
            for name, target in targets.items():
                if before:
                    before(name)
                try:
                    measured = target.loaded(self.scale.seconds if number else self.scale.seconds / 2)
                except Failed as error:
                    raise Failed(f"{name}: {error}") from error
                if number:
                    found[name].append(measured)
        return found

    def _served(self, name: str, kind: str, changes: Mapping[str, str], path: str) -> Server:
        if name not in self._servers:
            environment = self.site.started_with(**changes)
            started = serving(kind, environment, path=path, others=self.site.database_pids)
            self._servers[name] = self.running.enter_context(started)
        return self._servers[name]

    def _file(self, name: str) -> Path:
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=f"{self.engine}-{name}-", delete=False) as made:
            return Path(made.name)


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def against(
    stage: Stage, name: str, ours: list[Measured], limit: list[Measured], goal: Goal | None, **more: float
) -> Figure:
    """Pages a second beside a limit of the same round; ``more`` are details to be told with them."""
    return Figure(
        name,
        stage.engine,
        median(each.per_second for each in ours),
        "req/s",
        limit=median(each.per_second for each in limit),
        ratio=by_cpu(ours, limit),
        goal=goal,
        details=rates(ours) | more,
    )


def rates(measured: list[Measured]) -> dict[str, float]:
    """What is printed beside a figure of requests: the same by processor time, and the latencies."""
    return {
        "per_second": median(each.per_second for each in measured),
        "per_cpu_second": median(each.per_cpu_second for each in measured),
        "p50_ms": median(each.p50_ms for each in measured),
        "p99_ms": median(each.p99_ms for each in measured),
        "server_cpus": median(each.cpu_seconds / each.seconds for each in measured),
        "loader_cpus": median(each.loader_cpu_seconds / each.seconds for each in measured),
    }


def by_cpu(measured: list[Measured], limit: list[Measured]) -> float:
    """How much of the limit is reached by processor time, round by round."""
    return median(ours.per_cpu_second / its.per_cpu_second for ours, its in zip(measured, limit, strict=True))


def by_clock(measured: list[Measured], limit: list[Measured]) -> float:
    """The same by the clock."""
    return median(ours.per_second / its.per_second for ours, its in zip(measured, limit, strict=True))


def alone(name: str, measured: list[Measured], engine: str, unit: str = "req/s") -> Figure:
    """A figure that is a limit itself."""
    beside = rates(measured)
    return Figure(name, engine, beside["per_second"], unit, details=beside)


def median_of(times: int, measure: Callable[[], float]) -> float:
    """Measure once to warm up, then that often; the median."""
    measure()
    return statistics.median(measure() for _ in range(times))


def timed(work: Callable[[], object]) -> float:
    """Seconds by the clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def short(size: int) -> str:
    """A number of signatures in a name: 1e6."""
    return f"{size:.0e}".replace("e+0", "e")


def on_disk() -> Path:
    """Where throw-away files go: a folder on a real disk, as commits that wait for memory prove nothing."""
    for folder in (Path(tempfile.gettempdir()), Path("/var/tmp"), Path.cwd()):  # noqa: S108 - a new folder is made in it
        if folder.is_dir() and _filesystem_of(folder) not in KEPT_IN_MEMORY:
            return folder
    return Path.cwd()


def _filesystem_of(folder: Path) -> str:
    best, kind = "", ""
    for line in Path("/proc/mounts").read_text().splitlines():
        _device, mounted, filesystem, *_rest = line.split()
        if folder.resolve().is_relative_to(mounted) and len(mounted) >= len(best):
            best, kind = mounted, filesystem
    return kind
