"""A whole installation as `make run` starts it, and real Chromiums to walk through it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.journeys import secrecy, steps
from tests.journeys.installation import Installation, started
from tests.journeys.keeping import PHONE
from tests.journeys.watching import Watch

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
WAIT_MS = 15_000
LATER = ("law_clock", "after_all_stories")
"""Stories that move the law's clock for everybody come after the others, and the look back comes last."""

OpenContext = Callable[..., BrowserContext]
OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium the journeys are left out (`make test` says so); CI insists on them."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            module = getattr(item, "module", None)
            item.add_marker(pytest.mark.xdist_group(getattr(module, "GROUP", "browser")))
            if not CHROMIUM.exists() and not os.environ.get("REQUIRE_BROWSER"):
                item.add_marker(pytest.mark.skip(reason="no /usr/bin/chromium; on Debian: sudo apt install chromium"))
    items.sort(key=lambda item: max((LATER.index(name) + 1 for name in _fixtures(item)), default=0))


def _fixtures(item: pytest.Item) -> list[str]:
    return [name for name in LATER if name in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """`flask serve` on a free port, with its worker, its simulators and its seeds."""
    instance = tmp_path_factory.mktemp("installation")
    with started(instance) as running:
        yield running
    running.secrets.keep_letters(running.letters())
    told = secrecy.told_by_log(running.log(), running.secrets.values)
    assert not told, f"{instance / 'log'} of all stories, whichever ran: {told}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=WAIT_MS)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_context(browser: Browser, installation: Installation) -> Iterator[OpenContext]:
    """Open browsers of several people; a page that does what no page may fails its story."""
    opened: list[BrowserContext] = []
    watch = Watch(installation.address, installation.secrets)

    def open_one(**options: Any) -> BrowserContext:
        # A service worker hides its requests from `page.route`; stories about it ask for it.
        asked = {"base_url": installation.address, "service_workers": "block", **options}
        context = watch.over(browser.new_context(**asked))
        context.set_default_timeout(WAIT_MS)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        watch.close(context)
    assert not watch.troubles, watch.troubles


@pytest.fixture
def reader(open_context: OpenContext) -> Page:
    """Somebody who only reads."""
    return open_context().new_page()


@pytest.fixture
def phone(open_context: OpenContext) -> BrowserContext:
    """A browser that keeps pages."""
    return open_context(service_workers="allow", viewport=PHONE)


@pytest.fixture(scope="session")
def sign_ins() -> dict[str, StorageState]:
    """Cookies of people who signed in, so that each walks through the door once."""
    return {}


@pytest.fixture
def citizen(open_context: OpenContext, sign_ins: dict[str, StorageState]) -> OpenPage:
    """`citizen("daniyar")`: a page of somebody who is signed in, by the key of simulators/people.py."""

    def opened(key: str, **options: Any) -> Page:
        if key not in sign_ins:
            page = open_context().new_page()
            steps.sign_in_citizen(page, key)
            sign_ins[key] = page.context.storage_state()
        return open_context(storage_state=sign_ins[key], **options).new_page()

    return opened


@pytest.fixture
def staff(open_context: OpenContext, sign_ins: dict[str, StorageState], installation: Installation) -> OpenPage:
    """`staff("moderator")`: a page of a member of staff, by the key of identity/demo_staff.py."""

    def opened(key: str, **options: Any) -> Page:
        if key not in sign_ins:
            page = open_context().new_page()
            steps.sign_in_staff(page, key, installation.password)
            sign_ins[key] = page.context.storage_state()
        return open_context(storage_state=sign_ins[key], **options).new_page()

    return opened


@pytest.fixture
def law_clock(staff: OpenPage) -> Callable[..., None]:
    """Move the law's clock for everybody by the console's control. Whoever asks for it comes after the others."""
    page = staff("administrator")

    def moved(step: str, days: int | None = None) -> None:
        steps.step_law_clock(page, step, days)

    return moved


@pytest.fixture(scope="session")
def after_all_stories() -> None:
    """Whoever asks for it comes last."""
