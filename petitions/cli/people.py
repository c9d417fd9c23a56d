"""`flask staff`: how the first administrator of an installation comes to be, and comes back in."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from petitions import clock
from petitions.audit import SYSTEM
from petitions.errors import DomainError
from petitions.identity.roles import Role


@click.group("staff")
def staff_group() -> None:
    """Accounts of staff."""


@staff_group.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="as colleagues know them")
@click.option("--role", "roles", multiple=True, type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--body", "body_slug", help="slug of the body of an officer or head, e.g. akimat-750000000")
@with_appcontext
def invite(email: str, name: str, roles: tuple[str, ...], body_slug: str | None) -> None:
    """Make an account and print its one-time link; the person chooses there how to sign in."""
    from petitions.db import reading
    from petitions.identity.staff import create_staff
    from petitions.reference.queries import body_by_slug

    body_id = None
    if body_slug:
        with reading() as session:
            body = body_by_slug(session, body_slug)
        if body is None:
            click.echo(f"There is no body {body_slug!r}.", err=True)
            sys.exit(2)
        body_id = body.id
    try:
        path = create_staff(email, name, [Role(role) for role in roles], body_id, by=SYSTEM, at=clock.now())
    except DomainError as error:
        click.echo(str(error.message), err=True)
        sys.exit(2)
    click.echo(f"{current_app.config['BASE_URL']}{path}")


@staff_group.command("invite-again")
@click.argument("email")
@with_appcontext
def invite_again(email: str) -> None:
    """Take every way to sign in away, end every session, and print a new one-time link."""
    from petitions.db import reading
    from petitions.identity import staff
    from petitions.identity.queries import staff_by_email

    with reading() as session:
        row = staff_by_email(session, email)
    if row is None:
        click.echo("There is no account with this e-mail.", err=True)
        sys.exit(2)
    path = staff.invite_again(row.id, by=SYSTEM, at=clock.now())
    click.echo(f"{current_app.config['BASE_URL']}{path}")
