"""Errors with names. A room raises them; `answer_errors` in web.py answers them once for all pages."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l


class DomainError(Exception):
    """Something a person asked for cannot be done. The message is for that person, in their language.

    ``field`` names the form field it belongs beside, ``status`` is the HTTP status of the answer.
    """

    status: ClassVar[int] = 422

    def __init__(self, message: object = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(DomainError):
    """There is no such thing, or this reader may not know that there is."""

    status = 404

    def __init__(self, message: object = "") -> None:
        super().__init__(message or _l("There is no such page."))


class Forbidden(DomainError):
    """Known person, not theirs to do."""

    status = 403

    def __init__(self, message: object = "") -> None:
        super().__init__(message or _l("You are not allowed to do this."))


class Gone(DomainError):
    """Taken down by a legal order."""

    status = 410

    def __init__(self, message: object = "") -> None:
        super().__init__(message or _l("This petition was taken down by a legal order."))


class TooMany(DomainError):
    """Too many attempts from one person or network."""

    status = 429

    def __init__(self, message: object = "") -> None:
        super().__init__(message or _l("Too many attempts. Please wait a quarter of an hour and try again."))


class Conflict(DomainError):
    """The thing changed meanwhile, or its state does not allow the act."""

    status = 409


class Unavailable(DomainError):
    """A state service that we must ask does not answer. Nothing was stored."""

    status = 503
