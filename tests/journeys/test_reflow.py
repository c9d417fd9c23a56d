"""Every page at 320 px, with text of 200 % and with wider spacing: nothing scrolls sideways, nothing is cut off.

There and at 1280 px also: what is pressed is large enough or far enough from the rest, and whatever takes the focus
shows it and is not covered. WCAG 2.2: reflow (1.4.10), resized text (1.4.4), text spacing (1.4.12), size of targets
(2.5.8), focus visible and not obscured (2.4.7, 2.4.11).
"""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page

from petitions.i18n import LANGUAGES
from tests.journeys import keyboard
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.pages_of_the_site import SitePage, site_pages
from tests.journeys.prepared import Prepared
from tests.journeys.test_matrix import GROUP as MATRIX
from tests.journeys.test_matrix import made as made
from tests.journeys.test_matrix import opened as opened

FULL = bool(os.environ.get("FULL_MATRIX"))
GROUP = "reflow" if FULL else MATRIX  # a whole one is worth an installation of its own
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
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
CUT_OFF = """(ownScroll) => [...document.querySelectorAll("body *")].filter((element) => {
    const style = getComputedStyle(element), cuts = (way) => ["hidden", "clip"].includes(way);
    const across = cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const down = cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
    return (across || down) && element.innerText?.trim() && element.checkVisibility({ visibilityProperty: true })
      && !element.closest(`svg, progress, ${ownScroll}`) && !unseen(element)
      && !(element.matches("a") && style.webkitLineClamp !== "none");  // ends in "…" and leads to the whole
    function unseen(one) {  // drawn for screen readers only, on purpose
      return one && (getComputedStyle(one).clipPath.startsWith("inset(50%") || unseen(one.parentElement));
    }
  }).map((element) => element.outerHTML.slice(0, 120))"""
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""
ADD_STYLE = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
SMALL_TARGETS = """() => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true })
      && !element.closest(".visually-hidden") && !element.matches(".skip, .skip-map"))
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && box.height > 0);
  const large = ({ box }) => box.width >= 23.9 && box.height >= 23.9;
  const middle = ({ box }) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const inSentence = ({ element }) => {  // words that are no target stand in its line
    if (!element.matches("a, summary") || element.closest("svg")
      || getComputedStyle(element).display !== "inline") { return false; }
    let block = element.parentElement;
    while (getComputedStyle(block).display === "inline") { block = block.parentElement; }
    const rest = block.cloneNode(true);
    rest.querySelectorAll("a, button, svg, .visually-hidden").forEach((one) => one.remove());
    return /[\\p{L}\\p{N}]/u.test(rest.textContent);
  };
  const crowded = (target) => all.some((other) => {
    if (other === target || other.element.contains(target.element) || target.element.contains(other.element)) {
      return false;
    }
    const [x, y] = middle(target), [otherX, otherY] = middle(other), { box } = other;
    if (!large(other)) { return Math.hypot(x - otherX, y - otherY) < 23.9; }
    return Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) < 11.9;
  });
  const insteadOf = (target) => target.element.closest("svg") && all.find((other) => !other.element.closest("svg")
    && other.element.getAttribute("href") === target.element.getAttribute("href") && (large(other) || !crowded(other)));
  return all.filter((target) => !large(target) && !inSentence(target) && crowded(target) && !insteadOf(target))
    .map(({ element, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${element.outerHTML.slice(0, 110)}`);
}"""
"""Smaller than 24 px where a circle of 24 px round its middle meets another; links within sentences are free, and on
the map those whose place has a link of the right size in the table.
"""


def its_turn(place: int, language: str) -> bool:
    """One language a page."""
    return LANGUAGES[(place + 1) % 3] == language


def wanted(place: int, language: str) -> bool:
    """All in Kazakh and Russian, whose words are longer; of the English ones a third."""
    return (FULL and language != "en") or its_turn(place, language)


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
        found = faults(page) + (focus_faults(page) if its_turn(place, language) else [])
        wrong += [f"{one.name} ({language}): {fault}" for fault in found]
    assert not wrong, f"{len(wrong)} faults:\n" + "\n".join(wrong)


def faults(page: Page) -> list[str]:
    """As it comes, narrow and wide, then with twice the text, then with the spacing that a reader may set."""
    found = [f"too wide: {html}" for html in page.evaluate(TOO_WIDE, OWN_SCROLL)]
    found += [f"small target: {html}" for html in page.evaluate(SMALL_TARGETS)]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    found += [f"small target at {WIDE['width']} px: {html}" for html in page.evaluate(SMALL_TARGETS)]
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    found += [f"cut off with twice the text, wide: {html}" for html in page.evaluate(CUT_OFF, OWN_SCROLL)]
    page.set_viewport_size({"width": 640, "height": 900})
    found += [f"too wide with twice the text: {html}" for html in page.evaluate(TOO_WIDE, OWN_SCROLL)]
    found += [f"cut off with twice the text: {html}" for html in page.evaluate(CUT_OFF, OWN_SCROLL)]
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.evaluate(ADD_STYLE, SPACED)
    found += [f"too wide with spaced text: {html}" for html in page.evaluate(TOO_WIDE, OWN_SCROLL)]
    found += [f"cut off with spaced text: {html}" for html in page.evaluate(CUT_OFF, OWN_SCROLL)]
    return found


def focus_faults(page: Page) -> list[str]:
    """As it comes, narrow and wide; in one language, for it hangs on the words least of all."""
    page.evaluate("() => { document.adoptedStyleSheets = []; }")
    found = [f"focus: {trouble}" for trouble in keyboard.not_shown(page)]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found + [f"focus at {WIDE['width']} px: {trouble}" for trouble in keyboard.not_shown(page)]


def test_a_phone_of_the_smallest_kind_shows_the_whole_form(made: Prepared, open_context: OpenContext) -> None:
    """256 px is what is left of 320 at 125 %: the first thing of each page can still be read and pressed."""
    page = open_context(viewport={"width": 256, "height": 480}).new_page()
    for one in _guest_pages(made):
        one.open(page, "kk", made.installation)
        assert not page.evaluate(TOO_WIDE, OWN_SCROLL), one.name


def _guest_pages(made: Prepared) -> list[SitePage]:
    return [one for one in site_pages(made) if one.name in ("front", "petitions", "petition-open-almaty", "sign-in")]
