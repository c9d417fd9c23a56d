"""How a reader wants the pages to look: the version for people with low vision, kept in one small cookie.

The idea is that of the national standard ST RK 2191: text size, colours, letter spacing and pictures are chosen once
and hold on every page. The server writes the choice into ``<html data-...>``, so it needs no script and never flashes.
The cookie holds nothing else, it cannot tell one reader from another of the same choice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

COOKIE: Final = "view"
COOKIE_SECONDS: Final = 365 * 24 * 3600

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "size": ("100", "150", "200"),
    "colours": ("device", "light", "dark", "bw", "wb", "yb", "blue"),
    "spacing": ("normal", "wide", "widest"),
    "pictures": ("shown", "plain"),
}
"""What can be chosen, the ordinary first. The order of the names is the order in the cookie."""

DARK_COLOURS: Final = ("dark", "wb", "yb")


@dataclass(frozen=True, slots=True)
class Appearance:
    """One choice. Every value is one of CHOICES; ``size`` is in per cent of the browser's own text."""

    size: str = "100"
    colours: str = "device"
    spacing: str = "normal"
    pictures: str = "shown"

    @property
    def key(self) -> str:
        """The cookie's value, and what tells apart the copies of one page: [a-z0-9-]{0,40}, empty when ordinary."""
        return "" if self == ORDINARY else "-".join(getattr(self, name) for name in CHOICES)

    @property
    def is_ordinary(self) -> bool:
        return self == ORDINARY

    @property
    def colour_scheme(self) -> str:
        """For ``<meta name=color-scheme>``: what the browser's own controls are drawn in."""
        if self.colours == "device":
            return "light dark"
        return "dark" if self.colours in DARK_COLOURS else "light"

    def changed(self, **choices: str) -> Appearance:
        """The same with other choices; a value that cannot be chosen changes nothing."""
        known = {name: value for name, value in choices.items() if value in CHOICES.get(name, ())}
        return replace(self, **known)


ORDINARY: Final = Appearance()
LOW_VISION: Final = Appearance(size="150", colours="bw", spacing="wide", pictures="plain")
"""What one click on "Low vision" chooses; every part of it can then be changed."""


def key_of(cookie_header: str) -> str:
    """The canonical key of a request's whole Cookie header: "" for no choice, the ordinary one, and for nonsense.

    There are as many keys as choices, whatever a client sends: a made-up cookie never makes a copy of a page.
    """
    if f"{COOKIE}=" not in cookie_header:
        return ""
    for part in cookie_header.split(";"):
        name, _equals, value = part.strip().partition("=")
        if name == COOKIE:
            return appearance_of(value).key if len(value) <= 40 else ""
    return ""


@lru_cache(maxsize=512)
def appearance_of(key: str) -> Appearance:
    """The choice that a cookie's value stands for; the ordinary one when it stands for none."""
    values = key.split("-")
    if len(values) != len(CHOICES) or any(
        value not in allowed for value, allowed in zip(values, CHOICES.values(), strict=True)
    ):
        return ORDINARY
    return Appearance(*values)
