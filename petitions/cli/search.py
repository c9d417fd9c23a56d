"""`flask search`: the index of the full-text search."""

from __future__ import annotations

import click

from petitions import clock
from petitions.search import indexing


@click.group("search")
def search_group() -> None:
    """The index of the full-text search."""


@search_group.command("rebuild")
def rebuild_command() -> None:
    """Index every petition anew, after the rules of word forms or names of bodies and places have changed.

    The site goes on: each petition is found as before until its own turn comes. It may be stopped and run again.
    """
    indexing.rebuild()
    click.echo(f"Petitions looked at: {indexing.index_petitions(clock.now())}")
