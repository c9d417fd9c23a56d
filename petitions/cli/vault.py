"""`flask vault`: a new key for what is sealed, sealing anew with it, and the proof that everything opens."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from petitions import clock, instance, vault
from petitions.config import Config
from petitions.sealed_columns import SEALED_COLUMNS, SealedColumn

if TYPE_CHECKING:
    from petitions.resealing import Step

KEYS = "PETITIONS_VAULT_KEYS"
TOLD_EVERY = 1.0  # seconds between two lines of progress
PLACES_TOLD = 20  # of what does not open, a column
RESTART = """\
Now start every process anew, web and worker: one that was started earlier cannot open what the new key seals, so stop
them all first. Then: flask vault rotate"""
ASKED = "Was every process, web and worker, started since key {newest} was made?"
DROPPABLE = """\
Nothing is sealed any more with key {versions}. Keep it with the backups that were made before today, and take it out of
the settings."""
LEFT = """\
Key {versions} is still in use: what did not open, or what a process sealed that does not know key {newest}. Start every
process anew and run this again."""

in_batches = click.option(
    "--batch", default=500, show_default=True, type=click.IntRange(1, 10_000), help="Rows a transaction, at most."
)


@click.group("vault")
def vault_group() -> None:
    """Keys of everything that is sealed."""


@vault_group.command("new-key")
@with_appcontext
def new_key() -> None:
    """Make the next version of the key: in the instance folder, or printed where keys come from the environment."""
    config: Config = current_app.extensions["config"]
    file = config.instance_path / "vault_keys"
    try:
        if os.environ.get(KEYS):
            _version, addition = instance.next_vault_key(os.environ[KEYS])
            click.echo(addition)
            click.echo(f"Add it, after a space, to {KEYS} wherever that is set; it is kept nowhere else.", err=True)
        else:
            version = instance.add_vault_key(file)
            click.echo(f"Key {version} is in {file}. Copy the file to where the keys are kept.")
    except instance.KeysUsedUp:
        raise click.ClickException(f"{instance.NEWEST_POSSIBLE} is the last version there can be") from None
    click.echo(RESTART, err=True)


@vault_group.command("rotate")
@in_batches
@click.option("--yes", is_flag=True, help="Do not ask whether every process knows the newest key.")
@with_appcontext
def rotate(batch: int, yes: bool) -> None:
    """Seal everything with the newest key. Safe while the site runs; when broken off, run it again."""
    from petitions import resealing

    newest = vault.newest()
    if not yes:
        click.confirm(ASKED.format(newest=newest), abort=True)
    resealed, _ = _walk(lambda column: resealing.rotate(column, batch), lambda version: version != newest)
    if resealed:
        _record(newest, resealed)
    click.echo(f"{resealed} sealed anew with key {newest}")
    in_use = _tell_versions()
    left, free = sorted(in_use.keys() - {newest}), sorted(set(vault.versions()) - in_use.keys() - {newest})
    if free:
        click.echo(DROPPABLE.format(versions=_listed(free)))
    if left:
        click.echo(LEFT.format(versions=_listed(left), newest=newest), err=True)
        sys.exit(1)


@vault_group.command("check")
@in_batches
@with_appcontext
def check(batch: int) -> None:
    """Open everything that is sealed. Ends with 1 while anything does not open."""
    from petitions import resealing

    opened, shut = _walk(lambda column: resealing.check(column, batch), lambda version: True)
    _tell_versions()
    click.echo(f"{opened} opened, {shut} do not open")
    sys.exit(1 if shut else 0)


def _walk(steps: Callable[[SealedColumn], Iterator[Step]], concerned: Callable[[int], bool]) -> tuple[int, int]:
    """Take the steps of every column, telling how far they are; returns how many were done and how many are shut."""
    from petitions import resealing

    done = shut = 0
    for column in SEALED_COLUMNS:
        of = sum(count for version, count in resealing.in_use(column).items() if concerned(version))
        places: list[object] = []
        here, told = 0, float("-inf")
        for step in steps(column):
            here += step.done
            places += step.shut
            if here < of and time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                click.echo(f"{column}: {here} of {of}")
        if here:
            click.echo(f"{column}: {here} of {of}, done")
        for place in places[:PLACES_TOLD]:
            click.echo(f"{column}: row {place} does not open", err=True)
        if len(places) > PLACES_TOLD:
            click.echo(f"{column}: {len(places)} rows do not open", err=True)
        done, shut = done + here, shut + len(places)
    return done, shut


def _tell_versions() -> Counter[int]:
    """Say how much each key has sealed, and return it."""
    from petitions import resealing

    found: Counter[int] = Counter()
    for column in SEALED_COLUMNS:
        found.update(resealing.in_use(column))
    for version, count in sorted(found.items()):
        known = "" if version in vault.versions() else ", which this installation does not have"
        click.echo(f"key {version}{known}: {count}")
    return found


def _record(newest: int, resealed: int) -> None:
    from petitions.audit import SYSTEM, record
    from petitions.db import transaction

    with transaction() as session:
        details = {"key": newest, "sealed_anew": resealed}
        record(session, actor=SYSTEM, act="rotate-vault", subject="vault", at=clock.now(), details=details)


def _listed(versions: list[int]) -> str:
    return ", ".join(str(version) for version in versions)
