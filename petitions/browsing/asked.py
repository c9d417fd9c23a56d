"""Which petition an address asks for, who asks, and how private the answer is."""

from __future__ import annotations

import re
from typing import TypeVar, cast

from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from petitions.errors import NotFound
from petitions.identity.sessions import Viewer
from petitions.lifecycle import visibility
from petitions.lifecycle.visibility import Found

Answer = TypeVar("Answer", bound=Response)

REF = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def find(session: Session, ref: str) -> Found:
    """The petition behind an address, for whoever asks. Raises NotFound and Gone as `visibility.find` does."""
    if not REF.fullmatch(ref):
        raise NotFound
    return visibility.find(session, ref, viewer())


def viewer() -> Viewer:
    return cast(Viewer, current_user)


def as_private_as(found: Found, response: Answer) -> Answer:
    """A page known by its link only is kept by nobody: no cache, no search engine."""
    if not found.is_public:
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
