"""The group of processes that `flask serve` is: the web server's, which are forks of it, the worker, and simulators.

They stop together: on Ctrl-C, on SIGTERM, when the terminal is closed, when one of them ends by itself, and when the
leader is killed. Only a simulator may be missed: the site runs on without it.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from petitions.i18n import load_catalogues

STOP_SECONDS = 10
START_SECONDS = 30
M_ARENA_MAX = -8  # mallopt(3)
LEADER = "PETITIONS_LEADER"
"""The variable in which a member finds the process it belongs to."""

log = logging.getLogger(__name__)

_served: Flask | None = None


@dataclass
class Group:
    """Web server and worker, and commands that run beside them. ``lost``: a member ended that nobody had told to."""

    server: Any
    companions: Sequence[str] = ()
    members: list[subprocess.Popen[bytes]] = field(default_factory=list)
    stopping: bool = False
    lost: bool = False
    changing: threading.Lock = field(default_factory=threading.Lock)

    def start_background(self) -> subprocess.Popen[bytes] | None:
        """The worker, with the companions started after it; None when the site is already told to stop."""
        with self.changing:
            if not self.stopping:
                environment = os.environ | {"FLASK_APP": "wsgi:app"}
                for name in ("worker", *self.companions):
                    command = [sys.executable, "-m", "flask", name]
                    # In a process group of its own, Ctrl-C of the terminal does not reach it: it is told by `stop`.
                    self.members.append(subprocess.Popen(command, env=environment, process_group=0))
            return self.members[0] if self.members else None

    def stop(self) -> None:
        with self.changing:
            self.stopping = True
        for member in self.members:
            member.terminate()
        until = time.monotonic() + STOP_SECONDS
        for member in self.members:
            try:
                member.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                member.kill()


def run_group(
    app: Flask, host: str, port: int, workers: int, when_up: Callable[[], None], companions: Sequence[str] = ()
) -> int:
    """Serve until told to stop; 0 when a person stopped it, 1 when a member was lost.

    No connection to the database may be open: the web server's processes would share it. ``when_up`` is called
    once the first page has been answered. ``companions`` are `flask` commands that run beside it, and may end.
    """
    global _served
    _served = app
    warm(app)
    os.environ[LEADER] = str(os.getpid())
    server = web_server(host, port, workers)
    _hear_once(server)
    group = Group(server, companions)
    address = f"{site_address(host, port)}/kk/"
    threading.Thread(target=_follow, args=(group, address, when_up), daemon=True).start()
    try:
        server.serve(target_loader=web_app)
    except SystemExit:
        group.lost = True
        log.error("a process of the web server has ended by itself")
    finally:
        group.stop()
    return 1 if group.lost else 0


def warm(app: Flask) -> None:
    """Read all texts and compile all templates once, before the web server's processes are forked off.

    The first to ask would each do the same work, side by side: seconds in which nobody is answered, and memory that is
    never given back.
    """
    load_catalogues(app)
    for name in app.jinja_env.list_templates(extensions=("html", "txt")):
        app.jinja_env.get_template(name)


def web_server(host: str, port: int, workers: int) -> Any:
    """The web server with the settings that the site is served by; `serve(target_loader=…)` starts it.

    Call it when the application is loaded.
    """
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    _settle_memory()
    return Server(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=128,  # most of them wait for a slow disk, together; some must be left for who reads
        backpressure=512,
        websockets=False,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.critical,
    )


def _settle_memory() -> None:
    """Keep what is loaded for good, and let many threads share two heaps instead of almost one each.

    To look all that is loaded through again and again costs a tenth of a request, and pauses.
    """
    gc.freeze()
    with suppress(OSError, AttributeError):  # not the GNU library: its heaps are its own affair
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def port_problem(host: str, port: int) -> str | None:
    """Why nobody can listen there, in one line; None when somebody can."""
    # Asked without the sharing of ports that the web server uses, which would let two sites stand on one.
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"port {port} is taken by another program; choose another: make run PORT={port + 1}"
            return f"cannot listen on {host}:{port}: {error.strerror or error}"
    return None


def site_address(host: str, port: int) -> str:
    """Where a browser on this machine finds it."""
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared, not listened on
    return f"http://{anywhere.get(host, f'[{host}]' if ':' in host else host)}:{port}"


def web_app(_target: str = "") -> Flask:
    """The application in a process of the web server: inherited where processes fork, else made."""
    # Ctrl-C and the end of a terminal reach its web processes too; one that is told twice to stop gets stuck.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    stop_with_leader()
    if _served is not None:
        return _served
    import wsgi

    _settle_memory()
    return wsgi.app


def stop_with_leader() -> None:
    """End this process when its group's leader is gone, however that went."""
    leader = int(os.environ.get(LEADER, "0"))
    if leader:
        threading.Thread(target=_watch_leader, args=(leader,), daemon=True).start()


def _watch_leader(leader: int) -> None:
    while os.getppid() == leader:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)  # a web process that is told while it answers may not hear it


def _hear_once(server: Any) -> None:
    """Let the first signal stop the site, and a closed terminal too; who started it by nohup does not want that.

    A handler that another signal interrupts would wait for its own lock. By itself granian takes a hangup for a wish
    to start its processes anew.
    """
    stop = server.signal_handler_interrupt

    def heard(*_about: object) -> None:
        if not server.interrupt_signal:
            stop()

    unheard = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    server.signal_handler_interrupt = heard
    server.signal_handler_reload = signal.SIG_IGN if unheard else heard


def _follow(group: Group, address: str, when_up: Callable[[], None]) -> None:
    """The first page has the machine to itself; then comes the worker, without which the site stops."""
    _fetch_first_page(address)
    background = group.start_background()
    if background is None:
        return
    when_up()
    background.wait()
    if not group.server.interrupt_signal:
        group.lost = True
        log.error("the worker has ended by itself")
        group.server.signal_handler_interrupt()  # a signal could arrive amid another's handler, and lock it up


def _fetch_first_page(address: str) -> None:
    """It fills caches, too. A thread of a process that is forking stays quiet first."""
    until = time.monotonic() + START_SECONDS
    time.sleep(0.1)
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own http address
                return
        except OSError:
            time.sleep(0.05)
