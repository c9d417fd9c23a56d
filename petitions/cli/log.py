"""`flask log`: the log's public keys, the verifier and a witness.

Verifier and witness are programs of their own (``python petitions/log/verifier.py``, ``python -m
petitions.log.witness``); here they have the same arguments. Neither touches the database.
"""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

PASSED_ON = {"ignore_unknown_options": True}


@click.group("log")
def log_group() -> None:
    """The petitions' public logs: keys, proofs, witnesses."""


@log_group.command("key")
@click.argument("petition_ids", nargs=-1, type=click.IntRange(min=1))
@with_appcontext
def key(petition_ids: tuple[int, ...]) -> None:
    """Print the verifier keys of the petitions; without any, what a witness is given for all of them."""
    from petitions.log import keys, witness

    for petition_id in petition_ids:
        click.echo(keys.vkey_of(petition_id))
    if not petition_ids:
        click.echo(witness.every_log(keys.origin_of(0).removesuffix("/0"), keys.public_key()))


@log_group.command("verify", context_settings=PASSED_ON, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Check a receipt, a promise, two checkpoints or a whole petition; --help tells how."""
    from petitions.log import verifier

    sys.exit(verifier.main(arguments))


@log_group.command("witness", context_settings=PASSED_ON, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def witness(arguments: tuple[str, ...]) -> None:
    """Run an independent witness that cosigns checkpoints; --help tells how."""
    from petitions.log import witness as program

    sys.exit(program.main(arguments))
