"""Every table in one place, for migrations and for anything that needs the whole schema."""

from __future__ import annotations

import importlib

ROOMS = (
    "petitions.versions",
    "petitions.clock",
    "petitions.outbox",
    "petitions.audit.models",
    "petitions.identity.models",
    "petitions.reference.models",
    "petitions.lifecycle.models",
    "petitions.signatures.models",
    "petitions.comments.models",
    "petitions.log.models",
    "petitions.tally.models",
    "petitions.search.models",
    "petitions.notifications.models",
)


def load_all() -> None:
    """Import every module that declares tables."""
    for room in ROOMS:
        importlib.import_module(room)
