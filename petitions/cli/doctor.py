"""`flask doctor`: recount what citizens rely on, and say what differs."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from petitions import clock


@click.command("doctor")
@click.option("--repair", is_flag=True, help="Set counters right, audited. Rows and log are never changed.")
@with_appcontext
def doctor(repair: bool) -> None:
    """Recount rows against counters against the logs' trees. Ends with 1 while anything differs."""
    from petitions.tally.recounting import examine, petitions_joined

    at, ids, left = clock.now(), petitions_joined(), 0
    for petition_id in ids:
        for finding in examine(petition_id, at, repair=repair):
            repaired = repair and finding.counter
            left += not repaired
            click.echo(
                f"petition {petition_id}: {finding.what}: {finding.stands}, should be {finding.should_be}"
                + (" (repaired)" if repaired else "")
            )
    click.echo(f"{len(ids)} petitions examined, {left} things differ")
    sys.exit(1 if left else 0)
