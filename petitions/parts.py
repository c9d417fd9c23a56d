"""Rendered parts of pages, made again only when what they are made of has changed.

In a template: ``{% call once("card", line.id, line.count, lang) %}...{% endcall %}``. The name and the values are all
that the part may depend on: nothing of the request, the reader or the clock that is not among them. So a part is never
stale; what came from the database is told by `versions.stamp`. Nothing with a form's token or a person's own view.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

from flask import Flask
from markupsafe import Markup

MOST_LETTERS = 2_000_000  # of all parts of one process, some 4 MB in Kazakh; the oldest make room

_parts: dict[tuple[Hashable, ...], Markup] = {}
_letters = 0
_changing = threading.Lock()


def init_app(app: Flask) -> None:
    app.jinja_env.globals["once"] = once


def once(name: str, *made_of: Hashable, caller: Callable[[], Markup]) -> Markup:
    """The part as it was made before from the same, else as the template makes it now."""
    key = (name, *made_of)
    part = _parts.get(key)
    if part is None:
        part = caller()
        _keep(key, part)
    return part


def _keep(key: tuple[Hashable, ...], part: Markup) -> None:
    global _letters
    with _changing:
        replaced = _parts.pop(key, None)
        _parts[key] = part
        _letters += len(part) - (len(replaced) if replaced is not None else 0)
        while _letters > MOST_LETTERS:
            _letters -= len(_parts.pop(next(iter(_parts))))
