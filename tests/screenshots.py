"""`make screenshots`: a picture of every page, to be looked at by a person.

Kazakh and Russian, 320 and 1280 px, light and dark, into `screenshots/<language>/<width>-<light or dark>/<page>.png`,
with `screenshots/index.html` that shows them side by side. `LANGUAGES=kk PAGES=draft,check make screenshots` makes
some of them only. A page that does not open is named at the end, and the command then fails.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, StorageState, expect, sync_playwright

from petitions.config import ROOT
from tests.journeys import steps
from tests.journeys.conftest import ARGUMENTS, CHROMIUM, WAIT_MS
from tests.journeys.installation import Installation, started
from tests.journeys.pages_of_the_site import CITIZENS, GUEST, SitePage, site_pages
from tests.journeys.prepared import prepare

FOLDER = ROOT / "screenshots"
WIDTHS, SCHEMES = (320, 1280), ("light", "dark")
TALLEST = 8_000  # px: a longer page is cut there, its end shows nothing new


class People:
    """Browsers of anybody of the list; each person signs in once."""

    def __init__(self, browser: Browser, installation: Installation) -> None:
        self._browser, self._installation = browser, installation
        self._signed_in: dict[str, StorageState] = {}

    def citizen(self, key: str, **options: Any) -> Page:
        if key not in self._signed_in:
            page = self._context().new_page()
            steps.sign_in_citizen(page, key)
            self._signed_in[key] = page.context.storage_state()
        return self._context(storage_state=self._signed_in[key], **options).new_page()

    def staff(self, key: str, **options: Any) -> Page:
        if key not in self._signed_in:
            page = self._context().new_page()
            steps.sign_in_staff(page, key, self._installation.password)
            self._signed_in[key] = page.context.storage_state()
        return self._context(storage_state=self._signed_in[key], **options).new_page()

    def anybody(self, who: str, **options: Any) -> Page:
        if who == GUEST:
            return self._context(**options).new_page()
        return (self.citizen if who in CITIZENS else self.staff)(who, **options)

    def _context(self, **options: Any) -> Any:
        context = self._browser.new_context(base_url=self._installation.address, reduced_motion="reduce", **options)
        context.set_default_timeout(WAIT_MS)
        return context


def main() -> int:
    languages = os.environ.get("LANGUAGES", "kk,ru").split(",")
    wanted = [name for name in os.environ.get("PAGES", "").split(",") if name]
    shutil.rmtree(FOLDER, ignore_errors=True)
    failed: list[str] = []
    with _running() as (people, installation):
        pages = site_pages(prepare(installation, people.citizen, people.staff))
        chosen = [one for one in pages if not wanted or one.name in wanted]
        for language in languages:
            for width, scheme in product(WIDTHS, SCHEMES):
                failed += _taken(chosen, people, installation, language, width, scheme)
                print(f"{language} {width}-{scheme}: {len(chosen)} pages")  # noqa: T201
    (FOLDER / "index.html").write_text(_index(chosen, languages))
    print("\n".join([*failed, f"Look at {FOLDER / 'index.html'}"]))  # noqa: T201
    return 1 if failed else 0


@contextmanager
def _running() -> Iterator[tuple[People, Installation]]:
    expect.set_options(timeout=WAIT_MS)
    with (
        tempfile.TemporaryDirectory() as folder,
        started(Path(folder)) as installation,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield People(browser, installation), installation
        browser.close()


def _taken(
    pages: list[SitePage], people: People, installation: Installation, language: str, width: int, scheme: str
) -> list[str]:
    """Every page in one width and colours; returns those that did not open."""
    folder = FOLDER / language / f"{width}-{scheme}"
    folder.mkdir(parents=True)
    browsers: dict[str, Page] = {}
    failed = []
    for one in pages:
        options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        page = browsers.get(one.who) or browsers.setdefault(one.who, people.anybody(one.who, **options))
        try:
            one.open(page, language, installation)
            height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
            clip: Any = {"x": 0, "y": 0, "width": width, "height": height}
            page.screenshot(path=folder / f"{one.name}.png", full_page=True, clip=clip)
        except (AssertionError, Error) as error:
            failed.append(f"{one.name} ({language}, {width}-{scheme}): {str(error).splitlines()[0]}")
    for page in browsers.values():
        page.context.close()
    return failed


def _index(pages: list[SitePage], languages: list[str]) -> str:
    """Every page in a row: all its pictures side by side."""
    kinds = [f"{language}/{width}-{scheme}" for language in languages for width, scheme in product(WIDTHS, SCHEMES)]
    rows = "".join(
        f'<h2 id="{escape(one.name)}">{escape(one.name)}</h2><p>{escape(one.who)}: {escape(one.path)}</p><div>'
        + "".join(
            f'<a href="{kind}/{one.name}.png"><img loading="lazy" alt="{kind}" src="{kind}/{one.name}.png"></a>'
            for kind in kinds
        )
        + "</div>"
        for one in sorted(pages, key=lambda one: one.name)
    )
    style = (
        "div{display:flex;gap:8px;overflow:auto}img{max-height:480px;border:1px solid #888}body{font:16px sans-serif}"
    )
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages</title><style>{style}</style>{rows}'


if __name__ == "__main__":
    sys.exit(main())
