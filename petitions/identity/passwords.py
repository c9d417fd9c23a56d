"""Passwords of staff: kept by Argon2, compared in the same time whether or not there is one."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l

from petitions.errors import DomainError

LENGTH = range(12, 200 + 1)

_hasher = PasswordHasher()


class WeakPassword(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("A password has at least 12 characters and is not your e-mail."), field="password")


def check_strength(password: str, email: str) -> None:
    """Raises WeakPassword."""
    if len(password) not in LENGTH or password.strip().lower() == email:
        raise WeakPassword


def hashed(password: str) -> str:
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; as slow without a hash as with one."""
    try:
        _hasher.verify(password_hash or _nobodys_hash(), password[: LENGTH.stop])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    """Compared for an account that does not exist; made when first needed."""
    return _hasher.hash(secrets.token_hex(16))
