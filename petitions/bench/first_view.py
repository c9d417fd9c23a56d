"""The first view of pages in a real browser, as a phone on a slow line has it: bytes, requests, and how soon.

Recorded and compared with nothing: the line is the same in every run, the machine is not. Needs Chromium and the
development tools; without them there are no such figures.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from petitions.bench.figures import Figure, Goal
from petitions.bench.stage import Stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 ms there and back, 400 kilobits a second: a village's third generation. For Network.emulateNetworkConditions."""
SLOW_PROCESSOR = 4
"""Times slower than this machine: a cheap phone."""
PHONE = {"width": 360, "height": 740}
BUDGET_BYTES = 60_000
WATCH = """
window.longTasks = [];
new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((task) => task.duration)))
  .observe({ type: "longtask", buffered: true });
new PerformanceObserver((list) => { window.largestPaint = list.getEntries().at(-1).startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().filter((shift) => !shift.hadRecentInput)))
  .observe({ type: "layout-shift", buffered: true });
"""
READ = """() => ({
  fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  lcp: window.largestPaint ?? 0,
  tbt: window.longTasks.reduce((sum, duration) => sum + Math.max(0, duration - 50), 0),
  cls: window.shifts.reduce((sum, shift) => sum + shift.value, 0),
})"""
"""Milliseconds, but for the layout shift: the share of the view that moved times how far, added up; 0.1 is little.

The view is too short for more than one of the windows in which browsers add shifts up.
"""
SETTLES_MS = 1_000


def first_view(stage: Stage) -> Iterator[Figure]:
    """`view.*`: bytes over the line; beside them requests, first and largest paint, blocked time and layout shift."""
    if importlib.util.find_spec("playwright") is None or not CHROMIUM.exists():
        return
    address = f"http://127.0.0.1:{stage.product('shipped').port}"
    pages = {"petition": stage.page_of(stage.smallest), "front": "/kk/", "list": "/kk/petitions"}
    with ThreadPoolExecutor(1) as thread:  # one thread cannot drive two browsers, and the caller's may drive one
        for name, views in thread.submit(_views, address, pages, stage.scale.rounds).result().items():
            yield _figure(name, stage.engine, views)


def _views(address: str, pages: dict[str, str], rounds: int) -> dict[str, list[dict[str, float]]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        found = {name: [_one_view(browser, address, path) for _ in range(rounds)] for name, path in pages.items()}
        browser.close()
    return found


def _figure(name: str, engine: str, views: list[dict[str, float]]) -> Figure:
    middle = {key: median(view[key] for view in views) for key in views[0]}
    size = middle.pop("bytes")
    return Figure(f"view.{name}", engine, size, "bytes", goal=Goal("at most", BUDGET_BYTES, "value"), details=middle)


def _one_view(browser: Browser, address: str, path: str) -> dict[str, float]:
    """In a browser that was never here."""
    context = browser.new_context(base_url=address, viewport=PHONE, service_workers="block")  # type: ignore[arg-type]
    try:
        page = context.new_page()
        wire: Any = context.new_cdp_session(page)
        lengths: list[float] = []
        wire.on("Network.loadingFinished", lambda told: lengths.append(float(told["encodedDataLength"])))
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", SLOW_LINE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})
        page.add_init_script(WATCH)
        page.goto(path, wait_until="load")
        page.wait_for_timeout(SETTLES_MS)
        told: dict[str, float] = page.evaluate(READ)
    finally:
        context.close()
    came = [length for length in lengths if length]  # pictures inside style sheets come over no line
    return {
        "bytes": sum(came),
        "requests": float(len(came)),
        "fcp_ms": told["fcp"],
        "lcp_ms": told["lcp"],
        "tbt_ms": told["tbt"],
        "cls": told["cls"],
    }
