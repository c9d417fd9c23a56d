"""What is wrong with the open page, by axe-core and by measuring; one line a fault."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from petitions.appearance import ORDINARY, appearance_of

WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
ALIKE = ("tbody > tr:nth-child(n+9)",)
"""Rows that look like those before them: all of them are looked at with all rules, for their colours the first few."""


@dataclass(frozen=True)
class Look:
    """How a page is looked at: what the device asks for, and what its reader chose (petitions/appearance.py)."""

    name: str
    scheme: str = "light"
    forced: str = "none"
    chosen: str = ""

    def put_on(self, page: Page) -> None:
        """On the open page. The server writes the same attributes, and none for what is ordinary
        (tests/browsing/test_appearance.py, `test_one_click_chooses_the_low_vision_version_and_leads_back`).
        """
        page.emulate_media(color_scheme=self.scheme, forced_colors=self.forced, reduced_motion="reduce")  # type: ignore[arg-type]
        ordinary = asdict(ORDINARY)
        wanted = asdict(appearance_of(self.chosen))
        page.evaluate(_CHOOSE, {name: value for name, value in wanted.items() if value != ordinary[name]})


_CHOOSE = """(chosen) => ["size", "colours", "spacing", "pictures"].forEach((name) => {
  const seen = document.documentElement.dataset;
  window.served ??= { ...seen };  // a badge may be ordered in light or dark colours
  const wanted = chosen[name] ?? window.served[name];
  if (wanted) { seen[name] = wanted; } else { delete seen[name]; }
})"""

LIGHT, DARK, FORCED = Look("light"), Look("dark", scheme="dark"), Look("forced", scheme="dark", forced="active")
LOW_VISION = (
    Look("black-on-white", chosen="200-bw-wide-plain"),
    Look("white-on-black", chosen="150-wb-widest-shown"),
    Look("yellow-on-black", chosen="150-yb-wide-plain"),
    Look("on-light-blue", chosen="200-blue-normal-shown"),
)
SCHEMES = (LIGHT, DARK, FORCED)
LOOKS = (*SCHEMES, *LOW_VISION)


def violations(axe: Axe, page: Page) -> list[str]:
    """What is wrong with a page that some story has open: everything in the light, the contrast in the dark too."""
    LIGHT.put_on(page)
    found = rules_broken(axe, page, WCAG, LIGHT.name)
    DARK.put_on(page)
    return found + rules_broken(axe, page, COLOURS, DARK.name)


def rules_broken(axe: Axe, page: Page, rules: dict[str, Any], look: str, without: tuple[str, ...] = ()) -> list[str]:
    """Those of axe-core that the page breaks, but for what ``without`` selects; its half a megabyte of script is given
    to each page once.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe.axe_script)
    excluded = {"exclude": [[selector] for selector in without]}
    broken = page.evaluate(_RUN, [excluded, {"runOnly": rules, "resultTypes": ["violations"]}])
    return [
        f"{page.url} ({look}): {one['id']}: {node['html'][:160]} {_reason(node)}"
        for one in broken
        for node in one["nodes"][:2]
    ]


_RUN = """async ([context, options]) =>
  (await axe.run({ include: [["html"]], ...context }, options)).violations"""


def _reason(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])[:200]
