"""The `flask` commands, each group in its own file."""

from __future__ import annotations

from flask import Flask


def register_commands(app: Flask) -> None:
    from petitions.cli import bench, database, doctor, eds, law, log, people, search, serve, simulators, vault

    app.cli.add_command(law.law_group)
    app.cli.add_command(eds.eds_group)
    app.cli.add_command(database.database_group)
    app.cli.add_command(people.staff_group)
    app.cli.add_command(log.log_group)
    app.cli.add_command(vault.vault_group)
    app.cli.add_command(search.search_group)
    app.cli.add_command(simulators.simulate_ncalayer)
    for command in (bench.bench, doctor.doctor, serve.serve, serve.worker, serve.prepare, serve.sweep):
        app.cli.add_command(command)
