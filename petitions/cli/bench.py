"""`flask bench`: hand over to the bench, which is a program of its own and starts the application as others do."""

from __future__ import annotations

import os
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from petitions.config import ROOT, Config


@click.command("bench", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_appcontext
def bench(arguments: tuple[str, ...]) -> None:
    """Measure this machine and this code (`flask bench --help`). Never in production."""
    config: Config = current_app.extensions["config"]
    if config.is_production:
        raise click.ClickException("the bench never runs in production: it takes all there is of the machine")
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": path}
    os.execve(sys.executable, [sys.executable, "-m", "petitions.bench", *arguments], environment)  # noqa: S606
