"""Every page at 320 px, with text of 200 % and with wider spacing: nothing scrolls sideways, nothing is cut off.

WCAG 2.2: reflow (1.4.10), resized text (1.4.4), text spacing (1.4.12), size of targets (2.5.8).
"""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page

from petitions.i18n import LANGUAGES
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.pages_of_the_site import SitePage, site_pages
from tests.journeys.prepared import Prepared
from tests.journeys.test_matrix import GROUP as MATRIX
from tests.journeys.test_matrix import made as made
from tests.journeys.test_matrix import opened as opened

FULL = bool(os.environ.get("FULL_MATRIX"))
GROUP = "reflow" if FULL else MATRIX  # a whole one is worth an installation of its own
NARROW = {"width": 320, "height": 640}
OWN_SCROLL = ".scan, .exact, [data-scrolls]"
"""What may be wider than the screen, inside a box that scrolls by itself: a picture of paper, an exact text."""

TOO_WIDE = """(ownScroll) => {
  const room = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= room) { return []; }
  return [...document.body.querySelectorAll("*")]
    .filter((element) => !element.closest(ownScroll) && element.getBoundingClientRect().right > room + 1)
    .filter((element) => getComputedStyle(element).position !== "absolute" && element.checkVisibility())
    .slice(-3).map((element) => element.outerHTML.slice(0, 120));
}"""
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
    const style = getComputedStyle(element);
    return style.overflow === "hidden" && element.clientWidth > 1
      && !element.closest(".visually-hidden, svg, thead, progress")
      && element.children.length === 0 && element.textContent.trim()
      && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
  }).map((element) => element.outerHTML.slice(0, 120))"""
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""
ADD_STYLE = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
SMALL_TARGETS = """() => {
  const inLine = (element) => element.matches("a, summary") && getComputedStyle(element).display === "inline";
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !inLine(element)
      && !element.closest(".visually-hidden, svg") && !element.matches(".skip, .visually-hidden"))
    .map((element) => [element, element.getBoundingClientRect()]).filter(([, box]) => box.width > 0 && box.height > 0);
  const near = (box) => targets.some(([, other]) => other !== box && centre(other, box) < 24);
  const centre = (one, two) => Math.hypot(
    (one.left + one.right - two.left - two.right) / 2, (one.top + one.bottom - two.top - two.bottom) / 2);
  return targets.filter(([, box]) => (box.width < 24 || box.height < 24) && near(box))
    .map(([element, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${element.outerHTML.slice(0, 110)}`);
}"""


def wanted(place: int, language: str) -> bool:
    """All in Kazakh and Russian, whose words are longer; of the English ones a third."""
    return (FULL and language != "en") or LANGUAGES[(place + 1) % 3] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways(made: Prepared, opened: OpenPage, language: str) -> None:
    wrong: list[str] = []
    browsers: dict[str, Page] = {}
    for place, one in enumerate(site_pages(made)):
        if not wanted(place, language):
            continue
        page = browsers.get(one.who) or browsers.setdefault(one.who, opened(one.who))
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        if trouble := one.does_not_open(page, language, made.installation):
            wrong.append(trouble)
            continue
        wrong += [f"{one.name} ({language}): {fault}" for fault in faults(page)]
    assert not wrong, f"{len(wrong)} faults:\n" + "\n".join(wrong)


def faults(page: Page) -> list[str]:
    """As it comes, then with twice the text, then with the spacing that a reader may set."""
    found = [f"too wide: {html}" for html in page.evaluate(TOO_WIDE, OWN_SCROLL)]
    found += [f"small target: {html}" for html in page.evaluate(SMALL_TARGETS)]
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    page.set_viewport_size({"width": 640, "height": 900})
    found += [f"too wide with twice the text: {html}" for html in page.evaluate(TOO_WIDE, OWN_SCROLL)]
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.evaluate(ADD_STYLE, SPACED)
    found += [f"too wide with spaced text: {html}" for html in page.evaluate(TOO_WIDE, OWN_SCROLL)]
    found += [f"cut off with spaced text: {html}" for html in page.evaluate(CUT_OFF)]
    return found


def test_a_phone_of_the_smallest_kind_shows_the_whole_form(made: Prepared, open_context: OpenContext) -> None:
    """256 px is what is left of 320 at 125 %: the first thing of each page can still be read and pressed."""
    page = open_context(viewport={"width": 256, "height": 480}).new_page()
    for one in _guest_pages(made):
        one.open(page, "kk", made.installation)
        assert not page.evaluate(TOO_WIDE, OWN_SCROLL), one.name


def _guest_pages(made: Prepared) -> list[SitePage]:
    return [one for one in site_pages(made) if one.name in ("front", "petitions", "petition-open-almaty", "sign-in")]
