"""The first view of a page on a slow line: at most 60 KB with styles and letters, nothing from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext

from petitions.bench.first_view import SLOW_LINE, WATCH_LONG_TASKS
from tests.journeys.conftest import OpenContext
from tests.journeys.installation import Installation

BUDGET = 60_000  # bytes as they come over the line, headers included
AFTERWARDS = 30_000  # what the service worker fetches once the page is there
AT_MOST_BLOCKED = 50  # milliseconds; a longer task would keep a tap waiting
TRIES = 3  # other programs take the processor at times: a page that is slow by itself is slow each time
PAGES = ("/{}/petitions/{}", "/{}/", "/{}/petitions", "/{}/statistics", "/{}/territories", "/{}/law")


@dataclass
class FirstView:
    """What came over the line until the page was there: bytes by address."""

    bytes_of: dict[str, int] = field(default_factory=dict)
    long_tasks: list[float] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.bytes_of.values())


def first_view(context: BrowserContext, path: str) -> FirstView:
    """Open a page as a phone on a slow line does that was never here."""
    page, view = context.new_page(), FirstView()
    addresses: dict[str, str] = {}
    wire: Any = context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", lambda told: addresses.update({told["requestId"]: told["request"]["url"]}))
    wire.on("Network.loadingFinished", lambda told: _add(view, addresses[told["requestId"]], told["encodedDataLength"]))
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.add_init_script(WATCH_LONG_TASKS)
    page.goto(path, wait_until="load")
    page.wait_for_timeout(1_000)
    view.long_tasks = page.evaluate("window.longTasks")
    return view


def _add(view: FirstView, address: str, length: int) -> None:
    if not address.startswith("data:"):
        view.bytes_of[address] = view.bytes_of.get(address, 0) + int(length)


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("path", PAGES)
def test_the_first_view_is_light_and_asks_nobody_else(
    open_context: OpenContext, installation: Installation, path: str, language: str
) -> None:
    petition = installation.seeded("open-government")
    view = first_view(open_context(), path.format(language, petition.id))
    assert view.total <= BUDGET, f"{view.total} bytes: {view.bytes_of}"
    assert {urlsplit(address).netloc for address in view.bytes_of} == {urlsplit(installation.address).netloc}
    assert any(address.endswith(".woff2") or ".woff2?" in address for address in view.bytes_of), "letters are counted"


def test_a_petition_can_be_used_as_soon_as_it_is_seen(open_context: OpenContext, installation: Installation) -> None:
    path = f"/kk/petitions/{installation.seeded('open-government').id}"
    tries: list[list[float]] = []
    for _ in range(TRIES):
        tries.append(first_view(open_context(), path).long_tasks)
        if not [long for long in tries[-1] if long > AT_MOST_BLOCKED]:
            return
    raise AssertionError(f"long tasks, in milliseconds: {tries}")


def test_a_second_page_brings_only_what_is_new(open_context: OpenContext, installation: Installation) -> None:
    context = open_context()
    known = {address for address in first_view(context, "/kk/").bytes_of if "/static/" in address}
    second = first_view(context, f"/kk/petitions/{installation.seeded('open-government').id}")
    again = [address for address in known if second.bytes_of.get(address)]
    assert not again, f"kept for a year, and came over the line again: {again}"


def test_what_is_kept_for_later_is_light_too(open_context: OpenContext, installation: Installation) -> None:
    context = open_context(service_workers="allow")
    sizes: dict[str, int] = {}
    context.on("requestfinished", lambda request: sizes.update(_of_worker(request)))
    page = context.new_page()
    page.goto(f"/kk/petitions/{installation.seeded('open-government').id}")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(3_000)
    assert any("/kk/offline" in address for address in sizes), sizes
    assert sum(sizes.values()) <= AFTERWARDS, sizes


def _of_worker(request: Any) -> dict[str, int]:
    if request.service_worker is None and "service-worker.js" not in request.url:
        return {}
    sizes = request.sizes()
    return {request.url: max(0, sizes["responseBodySize"])}
