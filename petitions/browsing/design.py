"""The design system's facts: which colours must hold against which, measured from the stylesheet itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from petitions.config import ROOT

TOKENS: Final = ROOT / "static" / "css" / "tokens.css"
TEXT: Final = 4.5
"""WCAG 2.2, 1.4.3: a text against its ground."""
GRAPHIC: Final = 3.0
"""WCAG 2.2, 1.4.11: a control, its focus, a part of a picture against what it stands on."""
GROUNDS: Final = ("ground", "surface", "sunk")
SCHEMES: Final = ("light", "dark", "bw", "wb", "yb", "blue")

PAIRS: Final[tuple[tuple[str, str, float], ...]] = (
    *((text, ground, TEXT) for text in ("ink", "ink-soft", "link", "link-hover", "bad", "state") for ground in GROUNDS),
    ("on-state", "state", TEXT),
    ("on-state", "state-strong", TEXT),
    ("on-state-soft", "state-soft", TEXT),
    ("on-warm-soft", "warm-soft", TEXT),
    ("on-good-soft", "good-soft", TEXT),
    ("on-bad-soft", "bad-soft", TEXT),
    ("on-band", "band", TEXT),
    ("gold", "band", TEXT),
    ("on-gold", "gold", TEXT),
    *((f"on-scale-{step}", f"scale-{step}", TEXT) for step in range(1, 6)),
    *((part, ground, GRAPHIC) for part in ("edge", "focus", "good") for ground in GROUNDS),
    *((f"series-{number}", ground, GRAPHIC) for number in range(1, 7) for ground in ("surface", "sunk")),
    ("warm", "surface", GRAPHIC),
)
"""Every pair that pages rely on: what stands on what, and how much it must hold."""

SIZES: Final = ("s", "m", "l", "xl", "xxl", "number")
"""Steps of the scale of type, the smallest first."""

SHOWN_TOKENS: Final = (
    *("ground", "surface", "sunk", "ink", "ink-soft", "link", "line", "edge", "focus"),
    *("state", "state-strong", "state-soft", "warm", "warm-soft", "good", "good-soft", "bad", "bad-soft"),
    *("band", "band-line", "gold"),
    *(f"series-{number}" for number in range(1, 7)),
    *(f"scale-{step}" for step in range(1, 6)),
)
"""Tokens of colour in the order in which the page shows them."""

CALLS: Final = {
    "heading": 'heading(_("..."), _("..."), kicker=_("..."))  ·  call hero(_("..."), _("..."))',
    "prose": "prose(text, lang=language)",
    "button": 'button(_("Save"), "primary")  ·  link_button(_("See petitions"), url, "secondary")',
    "field": 'field(form.name, hint=_("..."))',
    "errors": "error_summary(form)",
    "notice": 'notice(_("..."), "warning")  ·  call notice(kind="error", title=_("..."))',
    "tag": 'tag(_("Open for joining"), "state")',
    "progress": 'progress(count, required, label=_("..."), large=True)',
    "stat": 'stat(number, _("..."), note=_("..."))',
    "clock": 'clock(_("..."), due, days_left=12, working=True)',
    "timeline": "step_item(step)",
    "card": "card(title, url, state=..., tone=..., meta=(...), count=..., required=...)",
    "summary": "summary_list([(name, value), ...])",
    "table": 'table(_("..."), columns, rows, numeric=(1, 2))',
    "files": "files([(label, url, kind), ...])",
    "breadcrumbs": "breadcrumbs([(label, url), (label, none)])",
    "tabs": 'tabs([(label, url, current, count), ...], _("..."))',
    "details": 'call details(_("..."))',
    "pagination": "pagination(page)",
    "dialog": 'dialog_link(_("..."), "ask", url=url)  ·  call dialog("ask", _("..."))',
    "columns": 'columns(chart, "months", title, text)  ·  numbers(name, heads, rows, csv=url)  ·  csv_link(url, name)',
    "bars": 'bars(chart, "places", title, _("Place"), _("Petitions"))',
    "parts": 'share(chart, "outcomes", title, text, _("Outcome"), _("Petitions"))',
    "count": 'include "browsing/_count_picture.html"',
    "country": "measure_tabs(map)  ·  map_picture(map, _(...))  ·  map_table(map, _(...))",
    "comment": "comment(item, g.lang, stances, rules, level=3)",
    "passing-on": 'include "sharing/_panel.html"',
}
"""How a template asks for each component."""

BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")
TOKEN = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
DARK_BY_DEVICE = ":root:not([data-colours])"
Colours = dict[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """One pair in one scheme; ``ratio`` is WCAG's, from 1 to 21."""

    text: str
    ground: str
    needed: float
    ratio: float

    @property
    def holds(self) -> bool:
        return self.ratio >= self.needed


@lru_cache(maxsize=1)
def schemes() -> dict[str, Colours]:
    """The colours of every scheme by token, as #rrggbb, read from the stylesheet that the site sends."""
    blocks = _blocks(TOKENS.read_text())
    light = blocks[":root"]
    found = {"light": light, "dark": light | blocks[':root[data-colours="dark"]']}
    shared = next(values for selector, values in blocks.items() if selector.startswith(":root:is("))
    for name in ("bw", "wb", "yb", "blue"):
        found[name] = light | shared | blocks[f':root[data-colours="{name}"]']
    return {name: {token: _resolved(token, values) for token in _colours(values)} for name, values in found.items()}


def dark_by_device() -> Colours:
    """The colours that a device's own dark setting brings; they must be those of the choice "dark"."""
    return _blocks(TOKENS.read_text())[DARK_BY_DEVICE]


def forced_colours() -> dict[str, list[str]]:
    """What each of the reader's own colours (CSS system colours) stands for: tokens in the stylesheet's order."""
    sheet = TOKENS.read_text().split("@media (forced-colors: active) {")[1]
    found: dict[str, list[str]] = {}
    for token, value in next(iter(_blocks(sheet).values())).items():
        found.setdefault(value, []).append(token)
    return found


def lengths(kind: str) -> dict[str, str]:
    """Tokens of "space" or of "type" with their values, the smallest first."""
    light = _blocks(TOKENS.read_text())[":root"]
    names = [f"s{step}" for step in range(1, 8)] if kind == "space" else [f"size-{name}" for name in SIZES]
    return {name: light[name] for name in names}


def measured(scheme: str) -> list[Measured]:
    """How each pair holds in one of SCHEMES."""
    colours = schemes()[scheme]
    return [Measured(text, ground, needed, contrast(colours[text], colours[ground])) for text, ground, needed in PAIRS]


def weakest(scheme: str) -> tuple[Measured, Measured]:
    """The pair nearest to its limit among the texts, and among the controls and parts of pictures."""
    pairs = measured(scheme)
    texts = [pair for pair in pairs if pair.needed == TEXT]
    graphics = [pair for pair in pairs if pair.needed == GRAPHIC]
    return min(texts, key=lambda pair: pair.ratio), min(graphics, key=lambda pair: pair.ratio)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours given as #rgb or #rrggbb (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _blocks(sheet: str) -> dict[str, Colours]:
    """Custom properties by selector; the first block of a selector, the reader's own settings come later."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    found: dict[str, Colours] = {}
    for selector, body in BLOCK.findall(sheet):
        found.setdefault(selector.strip(), dict(TOKEN.findall(body)))
    return found


def _colours(values: Colours) -> list[str]:
    return [token for token, value in values.items() if value.startswith(("#", "var(--one", "var(--other"))]


def _resolved(token: str, values: Colours) -> str:
    value = values[token]
    return _resolved(value[6:-1], values) if value.startswith("var(--") else value
