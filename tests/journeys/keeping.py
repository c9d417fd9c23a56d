"""What a browser keeps, as the stories look at it, and how the line is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

PHONE = {"width": 360, "height": 740}
KEPT = """async (name) => {
  const found = (await caches.keys()).find((one) => one.startsWith(name));
  return found ? (await (await caches.open(found)).keys()).map((key) => key.url) : [];
}"""


@contextmanager
def without_internet(phone: BrowserContext) -> Iterator[None]:
    phone.set_offline(True)
    yield
    phone.set_offline(False)


def opened(page: Page, address: str) -> None:
    """Open a page, with the worker at work."""
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def paths_kept(page: Page, cache: str = "pages-1") -> list[str]:
    return [urlsplit(url).path for url in page.evaluate(KEPT, cache)]


def wait_until_kept(page: Page, path: str, cache: str = "pages-1") -> None:
    for _ in range(150):
        if path in paths_kept(page, cache):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{path} is not kept, only {paths_kept(page, cache)}")


def let_the_browsers_own_cache_run_out(page: Page) -> None:
    """A public page is fresh for three seconds and may be shown stale for two: till then the browser asks nobody."""
    page.wait_for_timeout(6_000)
