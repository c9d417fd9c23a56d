"""Walking through a page with the keyboard alone; at every stop the focus must be seen."""

from __future__ import annotations

from playwright.sync_api import Page

STOPS = 200  # more than any page has: who needs more is caught somewhere

_TROUBLE_OF = """(held, before) => {
  const style = getComputedStyle(held);
  const shape = held.matches("svg a") ? held.querySelector(".map-shape") : null;
  const ring = ringOf(held);
  const ringed = shape ? parseFloat(getComputedStyle(shape).strokeWidth) >= 3
    : (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  const boxes = [...held.getClientRects()];
  const box = boxes.find((one) => one.width > 0 && one.height > 0);
  const what = held.outerHTML.slice(0, 140);
  if (!ringed) { return `no ring round ${what}`; }
  if (before !== undefined && ring === before) { return `as ringed without the focus: ${what}`; }
  if (!box) { return `nothing to be seen of ${what}`; }
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const visible = [box.top + 3, box.top + box.height / 2, box.bottom - 3].filter((y) => y > 0 && y < innerHeight);
  if (!visible.length || box.right < 1 || box.left > innerWidth - 1) { return `outside of the window: ${what}`; }
  const uncovered = shape || visible.some((y) => {
    const top = document.elementFromPoint(x, y);
    return top && (held.contains(top) || top.contains(held));
  });
  return uncovered ? "" : `covered: ${what}`;
}"""
_RING_OF = """(held) => {
  const shape = held.matches("svg a") ? held.querySelector(".map-shape") : null;
  const style = getComputedStyle(shape || held);
  return shape ? [style.stroke, style.strokeWidth].join()
    : [style.outlineStyle, style.outlineWidth, style.outlineColor, style.outlineOffset, style.boxShadow].join();
}"""
SHOWN = f"""() => {{
  const held = document.activeElement, ringOf = {_RING_OF}, troubleOf = {_TROUBLE_OF};
  return !held || held === document.body ? "" : troubleOf(held);
}}"""
EVERY_STOP = f"""() => {{
  const ringOf = {_RING_OF}, troubleOf = {_TROUBLE_OF};
  const stops = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]")]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({{ visibilityProperty: true }}));
  const before = stops.map((one) => one === document.activeElement ? undefined : ringOf(one));
  const walk = stops.map((one, place) => [one, before[place]]);
  return [...new Set([...walk, ...walk.toReversed()].flatMap(([one, unfocused]) => {{
    if (one.tabIndex > 0) {{ return [`out of the order of the page: ${{one.outerHTML.slice(0, 140)}}`]; }}
    one.focus();
    if (document.activeElement !== one) {{ return [`takes no focus: ${{one.outerHTML.slice(0, 140)}}`]; }}
    const trouble = one.matches("iframe") ? "" : troubleOf(one, unfocused);
    return trouble ? [trouble] : [];
  }}))];
}}"""
"""Each in turn, down the page and up again: a press of Tab for each would take seconds a page. A frame shows the focus
inside.
"""
MATCHES = "(selector) => document.activeElement?.matches(selector)"


def reach(page: Page, selector: str) -> None:
    """Tab to it. Fails where a stop on the way cannot be seen, and where the way never comes there."""
    for _stop in range(STOPS):
        page.keyboard.press("Tab")
        trouble = page.evaluate(SHOWN)
        assert not trouble, f"{page.url}: {trouble}"
        if page.evaluate(MATCHES, selector):
            return
    raise AssertionError(f"{page.url}: {selector} cannot be reached by Tab within {STOPS} stops")


def follow(page: Page, selector: str) -> None:
    """Reach a link or a button and press Enter."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tick(page: Page, name: str) -> None:
    reach(page, f'input[type="checkbox"][name="{name}"]')
    page.keyboard.press("Space")
    assert page.evaluate("() => document.activeElement.checked"), name


def choose(page: Page, name: str, value: str) -> None:
    """Of radio buttons: Tab into the group, arrows within it."""
    reach(page, f'input[type="radio"][name="{name}"]')
    page.keyboard.press("Space")
    for _step in range(STOPS):
        if page.evaluate("() => document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{page.url}: {name} has no {value}")


def select(page: Page, name: str, steps: int = 1) -> None:
    """The next choice but so many of a list."""
    reach(page, f'select[name="{name}"]')
    for _step in range(steps):
        page.keyboard.press("ArrowDown")


def write(page: Page, name: str, text: str) -> None:
    reach(page, f'[name="{name}"]')
    page.keyboard.insert_text(text)


def not_shown(page: Page) -> list[str]:
    """The stops of the open page whose focus is not seen. One press of Tab tells the browser that keys are used."""
    page.keyboard.press("Tab")
    found: list[str] = page.evaluate(EVERY_STOP)
    return found


def stops(page: Page) -> list[str]:
    """Every stop of a page once round, in the order of Tab."""
    met: list[str] = []
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
    for _stop in range(STOPS):
        page.keyboard.press("Tab")
        trouble = page.evaluate(SHOWN)
        assert not trouble, f"{page.url}: {trouble}"
        here = page.evaluate("() => document.activeElement === document.body ? '' : document.activeElement.outerHTML")
        if not here:
            return met
        met.append(here)
    raise AssertionError(f"{page.url}: the focus never leaves the page")
