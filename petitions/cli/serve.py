"""`flask prepare`, `serve`, `worker`, `sweep`: an installation made ready and run as one group."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import traceback

import click
from flask import current_app
from flask.cli import with_appcontext

from petitions import clock, db
from petitions.config import Config

log = logging.getLogger(__name__)

STOP_SECONDS = 10


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
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    run_timetable(stopping)


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
    config = _config()
    prepare_installation(config)
    address = os.environ.get("PETITIONS_BASE_URL", f"http://{host}:{port}")
    environment = os.environ | {"PETITIONS_BASE_URL": address, "FLASK_APP": "wsgi:app"}
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", "8", "--backpressure", "256"]
    web += ["--no-ws", "--log-level", "warning", "wsgi:app"]
    background = [sys.executable, "-m", "flask", "worker"]
    group = [subprocess.Popen(command, env=environment) for command in (web, background)]
    if config.demo:
        from petitions.cli.demo import print_welcome

        print_welcome(address, config)
    sys.exit(_watch(group))


def prepare_installation(config: Config) -> None:
    """Everything between an empty folder and the first page."""
    from petitions.cli.database import upgrade
    from petitions.reference.actions import load_reference

    upgrade()
    load_reference(_progress, clock.now())
    if config.demo:
        from petitions.cli.demo import seed_demo

        seed_demo(config, _progress)


def run_timetable(stopping: threading.Event) -> None:
    """Run each job when it is due. A job that fails is logged and tried again at its next turn."""
    from petitions.jobs import TIMETABLE

    due = {job.name: 0.0 for job in TIMETABLE}
    while not stopping.is_set():
        for job in TIMETABLE:
            if time.monotonic() < due[job.name] or stopping.is_set():
                continue
            due[job.name] = time.monotonic() + job.every_seconds
            try:
                job.run(clock.now())
            except Exception as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                log.error("job %s: %s at %s:%s", job.name, type(error).__name__, where.filename, where.lineno)
        stopping.wait(0.2)
    db.engine().dispose()


def _progress(what: str, done: int, of: int) -> None:
    if sys.stdout.isatty():
        click.echo(f"\r{what}: {done}/{of} ", nl=done >= of)
    elif done >= of:
        click.echo(f"{what}: {of}")


def _watch(group: list[subprocess.Popen[bytes]]) -> int:
    """Wait until a signal or the end of one member, then stop all; 0 when a person stopped it."""
    stopped_by: list[int] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, _frame: stopped_by.append(number))
    while not stopped_by and all(member.poll() is None for member in group):
        time.sleep(0.2)
    for member in group:
        if member.poll() is None:
            member.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for member in group:
        try:
            member.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            member.kill()
    return 0 if stopped_by else 1
