"""The test client complains for you: every HTML page that any test fetches must be well made."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

IIN = re.compile(r"(?<!\d)\d{12}(?!\d)")
ADDRESS = re.compile(r"https?://[^\s\"<]+")  # sources of data carry numbers of their own
HASH = re.compile(r"\b[0-9a-f]{64}\b")  # one in forty holds twelve digits in a row
UNTRANSLATED = re.compile(r"%\([a-z_]+\)[sd]|\{\{|\{%")
LABELLED = ("input", "select", "textarea")


class CheckedClient(FlaskClient):
    """Checks what it fetches; `client.get(..., check=False)` is for pages that are no pages."""

    def open(self, *args: Any, check: bool = True, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if check and response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 304, 308):
            check_page(response.get_data(as_text=True), response.request.path)
        return response


def check_page(text: str, path: str) -> ElementTree.Element:
    """Raise AssertionError with what is wrong and where; return the tree."""
    tree: ElementTree.Element = html5lib.parse(text, namespaceHTMLElements=False)
    title = tree.findtext(".//title") or ""
    assert title.strip(), f"{path}: a page needs a title"
    assert tree.get("lang") in ("kk", "ru", "en"), f"{path}: <html> needs its language"
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id") is not None)
    assert not (twice := [key for key, count in ids.items() if count > 1]), f"{path}: ids used twice: {twice}"
    _check_labels(tree, path)
    _check_headings(tree, path)
    visible = " ".join(tree.itertext())
    assert not IIN.search(HASH.sub("", ADDRESS.sub("", text))), f"{path}: twelve digits that look like an IIN"
    assert not (found := UNTRANSLATED.search(visible)), f"{path}: raw text {found.group() if found else ''}"
    for element in tree.iter():
        assert element.get("style") is None, f"{path}: inline style on <{element.tag}>; the policy refuses it"
        assert element.get("onclick") is None, f"{path}: inline script on <{element.tag}>"
    return tree


def _check_labels(tree: ElementTree.Element, path: str) -> None:
    targets = {label.get("for") for label in tree.iter("label")}
    inside = {id(child) for label in tree.iter("label") for child in label.iter()}
    for element in tree.iter():
        if element.tag not in LABELLED or element.get("type") in ("hidden", "submit", "button"):
            continue
        named = element.get("aria-label") or element.get("aria-labelledby")
        assert named or element.get("id") in targets or id(element) in inside, (
            f"{path}: <{element.tag} name={element.get('name')!r}> has no label"
        )


def _check_headings(tree: ElementTree.Element, path: str) -> None:
    levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
    assert levels.count(1) == 1, f"{path}: a page has one h1, this one has {levels.count(1)}"
    for before, after in pairwise(levels):
        assert after <= before + 1, f"{path}: heading h{after} follows h{before}"
