"""Who acts: a citizen, a member of staff, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Actor:
    """``role`` is what the public may know of who acted ("moderator", "author", "sweep"), never a name."""

    kind: Literal["citizen", "staff", "system"]
    id: int | None
    role: str


SYSTEM = Actor("system", None, "system")
