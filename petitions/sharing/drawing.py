"""Pictures and documents made by typst from a template of ours and from data: nothing of the data is ever read as code.

A drawing costs some tens of milliseconds, the longest decision a second. One is made at a time and few may wait for
their turn, so that a crowd of strangers' machines that look at every card takes neither all processors nor all threads;
the newest stay in memory under all that they were made from.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import typst
from flask_babel import lazy_gettext as _l

from petitions.config import ROOT
from petitions.errors import Unavailable

Data = Mapping[str, Any]
Kind = Literal["png", "pdf"]

TEMPLATES = ROOT / "templates" / "sharing"
FONTS = ROOT / "static" / "fonts"
MARK = ROOT / "static" / "img" / "mark-on-band.svg"
PIXELS_PER_INCH = 72.0  # one point of a template is one pixel
MOST_BYTES = 16 * 1024 * 1024  # of all drawings of one process; the oldest make room
MOST_WAITING = 8  # of the process's threads; the others answer readers of pages
VERSION_LETTERS = 10  # twelve might happen to look like an IIN

_drawn: dict[str, bytes] = {}
_drawing = threading.Lock()
_places = threading.BoundedSemaphore(1 + MOST_WAITING)


def version(template: str, data: Data) -> str:
    """What names a drawing in its address: another one when template, letters, mark or data are others."""
    return _fingerprint(template, data)[:VERSION_LETTERS]


def draw(template: str, data: Data, kind: Kind) -> bytes:
    """The drawing as a file. A PDF is tagged and says its title and language (PDF/UA-1).

    Raises Unavailable where too many wait for theirs.
    """
    key = _fingerprint(template, data)  # the whole: nobody finds words that give another petition's picture
    made = _drawn.get(key)
    if made is not None:
        return made
    if not _places.acquire(blocking=False):
        raise Unavailable(_l("Too many pictures and documents are being drawn. Please try again in a minute."))
    try:
        with _drawing:
            made = _drawn.get(key)
            if made is None:
                made = _compile(template, data, kind)
                _keep(key, made)
        return made
    finally:
        _places.release()


def _fingerprint(template: str, data: Data) -> str:
    told = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{_made_with()}\n{template}\n{told}".encode()).hexdigest()


def _compile(template: str, data: Data, kind: Kind) -> bytes:
    if kind == "png":
        return _by_typst(template, data, kind, None)
    try:
        return _by_typst(template, data, kind, "ua-1")
    except typst.TypstError:
        # The standard knows no letter that the fonts have not, and people write such: 😀. Tagged it is all the same.
        return _by_typst(template, data, kind, None)


def _by_typst(template: str, data: Data, kind: Kind, standard: Literal["ua-1"] | None) -> bytes:
    return typst.compile(
        str(TEMPLATES / template),
        root=str(ROOT),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format=kind,
        ppi=PIXELS_PER_INCH if kind == "png" else None,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=standard,
    )


def _keep(key: str, made: bytes) -> None:
    _drawn[key] = made
    while sum(map(len, _drawn.values())) > MOST_BYTES and len(_drawn) > 1:
        del _drawn[next(iter(_drawn))]


@cache
def _made_with() -> str:
    """A fingerprint of everything but the data."""
    files = (*sorted(TEMPLATES.glob("*.typ")), *sorted(FONTS.glob("*.ttf")), MARK)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
