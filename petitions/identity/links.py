"""Links from mails: signed, dated, and bound to what they were made for."""

from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import lazy_gettext as _l
from itsdangerous import BadData

from petitions.errors import DomainError
from petitions.identity import services


class LinkNotValid(DomainError):
    """A link from a mail that was used, is too old, or was not made by us."""

    status = 410

    def __init__(self) -> None:
        super().__init__(_l("This link is no longer valid. Please ask for a new one."))


def make_token(purpose: str, owner: int, bound_to: bytes) -> str:
    """A token for one owner that dies when ``bound_to`` (a password hash, an address) changes."""
    return services.tokens(purpose).dumps([owner, mark_of(bound_to)])


def read_token(purpose: str, token: str, *, max_age: int) -> tuple[int, str]:
    """Owner and mark of an unexpired token, to be compared by `is_bound`. Raises LinkNotValid."""
    try:
        owner, mark = _pair(services.tokens(purpose).loads(token, max_age=max_age))
    except (BadData, ValueError, TypeError):
        raise LinkNotValid from None
    return owner, mark


def is_bound(mark: str, bound_to: bytes) -> bool:
    return mark == mark_of(bound_to)


def mark_of(bound_to: bytes) -> str:
    """What stands for the bound value; the value itself stays out of links."""
    return hashlib.sha256(bound_to).hexdigest()[:24]


def _pair(loaded: Any) -> tuple[int, str]:
    owner, mark = loaded
    return int(owner), str(mark)
