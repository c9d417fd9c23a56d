"""`flask bench`, `make bench`: measure this machine and this code, print the figures, leave nothing behind."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import click

if os.environ.get("PETITIONS_ENV") == "production":  # the simulators that follow would refuse it with a traceback
    sys.exit("the bench never runs in production: it takes all there is of the machine")

from petitions.bench.figures import HEADING, as_json, as_line
from petitions.bench.scenarios import NAMES, run
from petitions.bench.site import ENGINES
from petitions.bench.stage import Scale

TEN_MILLION = 10_000_000


@click.command("bench")
@click.option("--json", "wants_json", is_flag=True, help="Print an array of figures instead of a table.")
@click.option("--only", multiple=True, metavar="NAME", help=f"A scenario: {', '.join(NAMES)}. Repeat for several.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES), help="Only on this database.")
@click.option("--full", is_flag=True, help="Also at ten million signatures (an hour and 20 GB of disk).")
@click.option("--minutes", type=click.FloatRange(min=0), help="How long the soak lasts; 15 is the whole proof.")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="On which disk.")
def bench(
    wants_json: bool,
    only: tuple[str, ...],
    engines: tuple[str, ...],
    full: bool,
    minutes: float | None,
    folder: Path | None,
) -> None:
    """Measure limits and our figures beside them, in throw-away installations. Nothing else should run meanwhile."""
    if unknown := sorted({*only} - {*NAMES}):
        raise click.ClickException(f"no scenario is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    scale = Scale()
    if full:
        scale = replace(scale, sizes=(*scale.sizes, TEN_MILLION))
    if minutes is not None:
        scale = replace(scale, soak_seconds=60 * minutes)
    figures = []
    if not wants_json:
        click.echo(HEADING)
    for figure in run(only or NAMES, engines or ENGINES, scale, folder):
        figures.append(figure)
        click.echo(as_line(figure), err=wants_json)
    if wants_json:
        click.echo(as_json(figures))


if __name__ == "__main__":
    bench()
