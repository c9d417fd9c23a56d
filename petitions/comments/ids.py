"""Ids of comments: they sort by time, need no sequence, and stand in addresses."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

FORM = re.compile(r"[a-p]{22}", re.ASCII)
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def new_id(at: datetime) -> str:
    """Milliseconds, then chance. In letters alone, so that no number of a person can seem to stand in it."""
    return f"{int(at.timestamp() * 1000):012x}{secrets.token_hex(5)}".translate(_LETTERS)
