"""`flask prepare`, `flask serve`, `flask worker`, `flask sweep`: an installation made ready and run as one group."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from petitions import clock, db
from petitions.cli import group, simulators
from petitions.config import Config

if TYPE_CHECKING:  # the jobs import every room, and a web process runs none
    from petitions.jobs import Job

log = logging.getLogger(__name__)

STOPPING = {signal.SIGINT, signal.SIGTERM}


def _config() -> Config:
    config: Config = current_app.extensions["config"]
    return config


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Migrate, load reference data and, in a demonstration, its people and petitions. Safe to repeat."""
    prepare_installation(_config())


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run the timetable until told to stop."""
    stopping = threading.Event()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    threading.Thread(target=_stop_when_told, args=(stopping,), daemon=True).start()
    group.stop_with_leader()
    run_timetable(stopping)


def _stop_when_told(stopping: threading.Event) -> None:
    """In a thread: a handler that a second signal interrupts would wait for its own lock."""
    signal.sigwait(STOPPING)
    stopping.set()


@click.command("sweep")
@with_appcontext
def sweep() -> None:
    """Run every job of the timetable once, in order (for cron, tests and impatient people)."""
    from petitions.jobs import TIMETABLE

    for job in TIMETABLE:
        click.echo(f"{job.name}: {job.run(clock.now())}")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@with_appcontext
def serve(host: str, port: int, workers: int) -> None:
    """Prepare, then run web server and worker as one group that stops together."""
    if problem := group.port_problem(host, port):
        raise click.ClickException(problem)
    address = os.environ.setdefault("PETITIONS_BASE_URL", group.site_address(host, port)).rstrip("/")
    app = _app_at(address)
    with app.app_context():
        config = _config()
        prepare_installation(config)
        welcome = _welcome(address, config)
    db.engine().dispose()
    beside = simulators.companions(config)
    sys.exit(group.run_group(app, host, port, workers, lambda: click.echo(welcome), beside))


def prepare_installation(config: Config) -> None:
    """Everything between an empty folder and the first page."""
    from petitions.cli.database import upgrade
    from petitions.identity.demo_staff import refuse_left_over
    from petitions.reference.actions import load_reference

    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade()
    try:
        refuse_left_over(config)
    except RuntimeError as error:
        raise click.ClickException(f"{error}: production needs one of its own") from None
    load_reference(_progress, clock.now())
    if config.demo:
        from petitions.cli.demo import seed_demo

        seed_demo(config, _progress)


def run_timetable(stopping: threading.Event) -> None:
    """Run every lane of the timetable in a thread of its own until told to stop."""
    from petitions.jobs import TIMETABLE

    lanes = {job.lane: [one for one in TIMETABLE if one.lane == job.lane] for job in TIMETABLE}
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    threads = [
        threading.Thread(target=_run_lane, args=(app, jobs, stopping), name=lane, daemon=True)
        for lane, jobs in lanes.items()
    ]
    for thread in threads:
        thread.start()
    stopping.wait()
    until = time.monotonic() + group.STOP_SECONDS / 2
    for thread in threads:  # whoever still waits for another's server is cut off; its next run finishes the work
        thread.join(max(0.0, until - time.monotonic()))
    db.engine().dispose()


def _run_lane(app: Flask, jobs: Sequence[Job], stopping: threading.Event) -> None:
    """Run each job when it is due. A job that fails is logged and tried again at its next turn."""
    due = {job.name: 0.0 for job in jobs}
    while not stopping.is_set():
        for job in jobs:
            if time.monotonic() < due[job.name] or stopping.is_set():
                continue
            due[job.name] = time.monotonic() + job.every_seconds
            try:
                with app.app_context():  # a context belongs to one thread
                    job.run(clock.now())
            except Exception as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                log.error("job %s: %s at %s:%s", job.name, type(error).__name__, where.filename, where.lineno)
        stopping.wait(0.2)


def _app_at(address: str) -> Flask:
    """The application whose own address this is: web, worker and simulators must agree on it."""
    from petitions.app import create_app

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app if _config().base_url == address else create_app()


def _welcome(address: str, config: Config) -> str:
    if not config.demo:
        return f"\n  {address}/kk/\n"
    from petitions.cli.demo import welcome

    return welcome(address, config)


def _progress(what: str, done: int, of: int) -> None:
    if sys.stdout.isatty():
        click.echo(f"\r{what}: {done}/{of}".ljust(40), nl=done >= of)
    elif done >= of:
        click.echo(f"{what}: {of}")
