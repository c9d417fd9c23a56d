"""What exactly is frozen at filing: one canonical form of the text and the hash that binds every signature to it."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence

FORM = "petition-text/1"


def canonical_text(
    *,
    language: str,
    title: str,
    content: str,
    arguments: Sequence[str],
    proposals: Sequence[str],
    attachments: Sequence[tuple[str, str]],
) -> bytes:
    """The bytes that are hashed: one JSON object, keys sorted, no spaces, Unicode NFC, lines ended by LF.

    ``attachments`` are (name, SHA-256) pairs in the order of the page. Anyone can rebuild it from the public page.
    """
    form = {
        "arguments": [normal(text) for text in arguments],
        "attachments": [{"name": normal(name), "sha256": digest} for name, digest in attachments],
        "content": normal(content),
        "form": FORM,
        "language": language,
        "proposals": [normal(text) for text in proposals],
        "title": normal(title),
    }
    return json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def text_hash(canonical: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(canonical).hexdigest()


def normal(text: str) -> str:
    """One spelling of the same text: NFC, LF, no spaces at the ends of lines."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()
