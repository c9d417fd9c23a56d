"""`flask prepare`, `flask serve`, `flask worker`, `flask sweep`: an installation made ready and run as one group."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import urllib.request
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from petitions import clock, db
from petitions.config import Config

log = logging.getLogger(__name__)

STOP_SECONDS = 10
START_SECONDS = 30
LEADER = "PETITIONS_LEADER"
"""The variable in which a member of the group finds the process it belongs to."""

_served: Flask | None = None


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
    stop_with_leader()
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
    if problem := port_problem(host, port):
        raise click.ClickException(problem)
    address = os.environ.setdefault("PETITIONS_BASE_URL", _address(host, port)).rstrip("/")
    app = _app_at(address)
    with app.app_context():
        config = _config()
        prepare_installation(config)
        welcome = _welcome(address, config)
    # The web server's processes are forks of this one: none may inherit an open connection.
    db.engine().dispose()
    sys.exit(_run_group(app, host, port, workers, welcome))


def prepare_installation(config: Config) -> None:
    """Everything between an empty folder and the first page."""
    from petitions.cli.database import upgrade
    from petitions.reference.actions import load_reference

    logging.getLogger("alembic").setLevel(logging.WARNING)
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


def port_problem(host: str, port: int) -> str | None:
    """Why nobody can listen there, in one line; None when somebody can."""
    # Asked without the sharing of ports that the web server uses, which would let two sites stand on one.
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"port {port} is taken by another program; choose another one: make run PORT={port + 1}"
            return f"cannot listen on {host}:{port}: {error.strerror or error}"
    return None


def web_app(_target: str = "") -> Flask:
    """The application in a process of the web server: inherited where processes fork, else made."""
    from petitions.app import create_app

    # Ctrl-C reaches every process of the terminal; a web process told twice to stop gets stuck.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    stop_with_leader()
    return _served or create_app()


def stop_with_leader() -> None:
    """End this process when its group's leader is gone, however that went."""
    leader = int(os.environ.get(LEADER, "0"))
    if leader:
        threading.Thread(target=_watch_leader, args=(leader,), daemon=True).start()


def _watch_leader(leader: int) -> None:
    while os.getppid() == leader:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def _address(host: str, port: int) -> str:
    reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{reached}:{port}"


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


def _run_group(app: Flask, host: str, port: int, workers: int, welcome: str) -> int:
    """Run web server and worker until a signal or the end of one of them; 0 when a person stopped it."""
    global _served
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    _served = app
    environment = os.environ | {"FLASK_APP": "wsgi:app", LEADER: str(os.getpid())}
    os.environ[LEADER] = environment[LEADER]
    background = subprocess.Popen([sys.executable, "-m", "flask", "worker"], env=environment)
    server = Server(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        backpressure=256,
        websockets=False,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.critical,
    )
    lost = threading.Event()
    threading.Thread(target=_watch_background, args=(background, server, lost), daemon=True).start()
    threading.Thread(target=_tell_when_up, args=(host, port, welcome), daemon=True).start()
    try:
        server.serve(target_loader=web_app)
    except SystemExit:
        lost.set()
        log.error("a process of the web server has ended by itself")
    finally:
        _stop(background)
    return 1 if lost.is_set() else 0


def _watch_background(background: subprocess.Popen[bytes], server: Any, lost: threading.Event) -> None:
    """A site without its worker would let terms pass unseen: it stops."""
    background.wait()
    if not server.interrupt_signal:
        lost.set()
        log.error("the worker has ended by itself")
        os.kill(os.getpid(), signal.SIGTERM)


def _tell_when_up(host: str, port: int, welcome: str) -> None:
    """Fetch the first page, so that the next one finds everything warm, then say where it is."""
    time.sleep(0.3)
    address = f"{_address(host, port)}/kk/"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own http address
                break
        except OSError:
            time.sleep(0.05)
    click.echo(welcome)


def _stop(background: subprocess.Popen[bytes]) -> None:
    if background.poll() is None:
        background.terminate()
    try:
        background.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        background.kill()


def _progress(what: str, done: int, of: int) -> None:
    if sys.stdout.isatty():
        click.echo(f"\r{what}: {done}/{of} ", nl=done >= of)
    elif done >= of:
        click.echo(f"{what}: {of}")
