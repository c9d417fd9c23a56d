"""Where to go after signing in: only to our own pages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def own_path(wanted: str | None) -> str | None:
    """The wanted address when it is a path of this site; None for anything that could lead elsewhere."""
    if not wanted or len(wanted) > 2000 or OWN_PATH.fullmatch(wanted) is None:
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted
