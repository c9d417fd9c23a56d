"""A whole installation as `make run` starts it, and a real Chromium to walk through it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from petitions.config import ROOT

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTS_WITHIN = 120
WAIT_MS = 15_000
NOW = "2026-06-10T10:00"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium the journeys are left out (`make test` says so); CI insists on them."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists() and not os.environ.get("REQUIRE_BROWSER"):
                item.add_marker(
                    pytest.mark.skip(reason="no /usr/bin/chromium; on Debian: sudo apt install chromium")
                )


@dataclass(frozen=True)
class Installation:
    """A running demonstration."""

    address: str
    instance: Path

    @property
    def password(self) -> str:
        return (self.instance / "demo-password").read_text().strip()

    def letters(self) -> list[str]:
        return [file.read_text() for file in sorted((self.instance / "outbox").glob("*.eml"))]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """`flask serve` on a free port, with its worker, its simulators and its seeds."""
    instance = tmp_path_factory.mktemp("installation")
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PETITIONS_")}
    environment |= {"PETITIONS_INSTANCE": str(instance), "PETITIONS_NOW": NOW, "FLASK_APP": "wsgi:app"}
    log = (instance / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(address, process, instance / "log")
        yield Installation(address, instance)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(20)
        log.close()


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the installation did not start:\n{log.read_text()[-3000:]}"
        try:
            if requests.get(f"{address}/kk/", timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError(f"no page within {STARTS_WITHIN} s:\n{log.read_text()[-3000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_context(browser: Browser, installation: Installation) -> Iterator[Callable[..., BrowserContext]]:
    """Open browsers of several people; a page that logs a script error fails its test."""
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def open_one(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=installation.address, **options)
        context.set_default_timeout(WAIT_MS)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    assert not errors, f"script errors: {errors}"


@pytest.fixture
def reader(open_context: Callable[..., BrowserContext]) -> Page:
    """Somebody who only reads."""
    return open_context().new_page()
