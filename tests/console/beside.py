"""Reading a page for what it says beside a field."""

from __future__ import annotations

import html
import re


def error_beside(text: str, field: str) -> str:
    """The message beside a field; fails when there is none."""
    found = re.search(rf'id="{field}-error">(.*?)</p>', text, re.S)
    assert found, f"no error beside {field}"
    return html.unescape(re.sub(r"<[^>]+>", "", found.group(1)).strip())
