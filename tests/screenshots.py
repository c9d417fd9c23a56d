"""`make screenshots`: a picture of every page, to be looked at by a person.

Kazakh and Russian, 320 and 1280 px, light and dark, into `screenshots/<language>/<width>-<light or dark>/<page>.png`,
with `screenshots/index.html` that shows them side by side; what is longer goes on in `<page>-2.png`. Beside the widths
stands `shared`: the cards of the site and of a petition, and its poster. `LANGUAGES=kk PAGES=draft,check make
screenshots` makes some of them only (`PAGES=shared` the last). A page that does not open is named at the end, and the
command then fails.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from itertools import product, takewhile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typst
from playwright.sync_api import Browser, Error, Page, StorageState, expect, sync_playwright

from petitions.config import ROOT
from tests.journeys import steps
from tests.journeys.conftest import ARGUMENTS, CHROMIUM, WAIT_MS
from tests.journeys.installation import Installation, started
from tests.journeys.pages_of_the_site import CITIZENS, GUEST, SitePage, site_pages
from tests.journeys.prepared import prepare

FOLDER = ROOT / "screenshots"
WIDTHS, SCHEMES = (320, 1280), ("light", "dark")
TALLEST = 8_000  # px of one picture: a longer page goes on in another
SHARED = "shared"
A_PAGE_OF_PAPER = '#set page(width: auto, height: auto, margin: 0pt)\n#image("poster.pdf")'


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
            if not wanted or SHARED in wanted:
                failed += _shared(people, installation, language)
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
            height = int(page.evaluate("document.documentElement.scrollHeight"))
            for part, top in enumerate(range(0, height, TALLEST), 1):
                clip: Any = {"x": 0, "y": top, "width": width, "height": min(TALLEST, height - top)}
                name = f"{one.name}-{part}.png" if part > 1 else f"{one.name}.png"
                page.screenshot(path=folder / name, full_page=True, clip=clip)
        except (AssertionError, Error) as error:
            failed.append(f"{one.name} ({language}, {width}-{scheme}): {str(error).splitlines()[0]}")
    for page in browsers.values():
        page.context.close()
    return failed


def _shared(people: People, installation: Installation, language: str) -> list[str]:
    """What is no page and is passed on all the same; returns what did not come."""
    folder = FOLDER / language / SHARED
    folder.mkdir(parents=True)
    page = people.anybody(GUEST)
    failed = []
    number = installation.seeded("open-almaty").id
    for name, path in {"card-of-the-site": "/", "card-of-a-petition": f"/petitions/{number}"}.items():
        page.goto(f"/{language}{path}")
        card = page.locator('meta[property="og:image"]').get_attribute("content") or ""
        failed += _kept(page, urlsplit(card).path, folder / f"{name}.png")
    failed += _kept(page, f"/{language}/petitions/{number}/poster.pdf", folder / "poster.pdf")
    if not failed:
        paper = folder / "poster.typ"
        paper.write_text(A_PAGE_OF_PAPER)
        (folder / "poster.png").write_bytes(typst.compile(str(paper), format="png", ppi=96))
        paper.unlink()
    page.context.close()
    return failed


def _kept(page: Page, address: str, file: Path) -> list[str]:
    answer = page.request.get(address)
    if not answer.ok:
        return [f"{address}: {answer.status}"]
    file.write_bytes(answer.body())
    return []


def _index(pages: list[SitePage], languages: list[str]) -> str:
    """Every page in a row: all its pictures side by side."""
    kinds = [f"{language}/{width}-{scheme}" for language in languages for width, scheme in product(WIDTHS, SCHEMES)]
    rows = "".join(
        f'<h2 id="{escape(one.name)}">{escape(one.name)}</h2><p>{escape(one.who)}: {escape(one.path)}</p><div>'
        + "".join(_picture(f"{kind}/{picture}") for kind in kinds for picture in _parts(kind, one.name))
        + "</div>"
        for one in sorted(pages, key=lambda one: one.name)
    )
    rows += f'<h2 id="{SHARED}">{SHARED}</h2><div>' + "".join(
        _picture(str(file.relative_to(FOLDER)))
        for language in languages
        for file in sorted((FOLDER / language / SHARED).glob("*.png"))
    )
    rows += "</div>"
    style = (
        "div{display:flex;gap:8px;overflow:auto}img{max-height:480px;border:1px solid #888}body{font:16px sans-serif}"
    )
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages</title><style>{style}</style>{rows}'


def _parts(kind: str, name: str) -> list[str]:
    """The pictures that were taken of a page, from its beginning to its end."""
    later = [f"{name}-{part}.png" for part in range(2, 100)]
    return [f"{name}.png", *takewhile(lambda picture: (FOLDER / kind / picture).exists(), later)]


def _picture(path: str) -> str:
    return f'<a href="{path}"><img loading="lazy" alt="{path}" src="{path}"></a>'


if __name__ == "__main__":
    sys.exit(main())
