"""`flask simulate-ncalayer`: the signing program of citizens' computers, played for trying the site."""

from __future__ import annotations

import errno
import logging

import click
from flask import current_app
from flask.cli import with_appcontext

from petitions.cli import group
from petitions.config import Config

log = logging.getLogger(__name__)

SIMULATE_NCALAYER = "simulate-ncalayer"


def companions(config: Config) -> tuple[str, ...]:
    """The commands of the simulators that run beside a site with these settings."""
    if config.is_production or not config.simulators:
        return ()
    from petitions.identity.simulators import ncalayer

    return (SIMULATE_NCALAYER,) if ncalayer.port_of(config) else ()


@click.command(SIMULATE_NCALAYER)
@with_appcontext
def simulate_ncalayer() -> None:
    """Play NCALayer on this computer until told to stop. Refused in production."""
    config: Config = current_app.extensions["config"]
    if config.is_production or not config.simulators:
        raise click.ClickException("the simulators let anybody be anybody: they never start in production")
    from petitions.identity.simulators import ncalayer

    port = ncalayer.port_of(config)
    if port is None:
        raise click.ClickException(
            f"PETITIONS_NCALAYER_URL is {config.ncalayer_url}, not a ws:// port of this computer"
        )
    group.stop_with_leader()
    logging.getLogger("websockets").setLevel(logging.ERROR)  # every visit of every page is no news
    try:
        ncalayer.run(config.instance_path, port)
    except OSError as error:
        reason = "another program has its port" if error.errno == errno.EADDRINUSE else error.strerror
        log.warning("the simulated NCALayer does not run on port %s: %s. The site runs on without it", port, reason)
        raise SystemExit(1) from None
