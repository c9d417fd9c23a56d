from __future__ import annotations

from tests.making_signatures import authority, authority_folder, hand

__all__ = ["authority", "authority_folder", "hand"]
