"""The one ancestor of everything the law core can refuse."""

from __future__ import annotations


class LawError(ValueError):
    """A question the law cannot answer, with a sentence a person can act on."""
