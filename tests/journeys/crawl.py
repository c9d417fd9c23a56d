"""Following the links of the site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

import requests

NAMED = re.compile(r"\d+|(?<=/)(bodies|archive|settings|territories)/[^/]+")


@dataclass(frozen=True)
class Visited:
    """A page and where its link was found."""

    path: str
    status: int
    text: str
    found_on: str


def visit(
    session: requests.Session, address: str, start: str, wanted: Callable[[str], bool], of_a_kind: int = 10
) -> Iterator[Visited]:
    """Every page within reach whose path is wanted; so many of those that differ by a number or a name only."""
    found_on, waiting, kinds = {start: ""}, [start], Counter[str]()
    while waiting:
        path = waiting.pop(0)
        page = session.get(address + path, timeout=30)
        is_page = page.headers.get("Content-Type", "").startswith("text/html")
        yield Visited(path, page.status_code, page.text if is_page else "", found_on[path])
        for link in links_of(page.text) if is_page else ():
            kind = NAMED.sub("…", link.partition("?")[0])
            if link not in found_on and wanted(link) and kinds[kind] < of_a_kind:
                kinds[kind] += 1
                found_on[link] = path
                waiting.append(link)


def links_of(text: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="(/[^"#]*)', text)]
