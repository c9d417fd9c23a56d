"""Errors with names. A room raises them; `answer_errors` in web.py answers them once for all pages."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l


class DomainError(Exception):
    """Something a person asked for cannot be done. The message is for that person, in their language.

    ``field`` names the form field it belongs beside, ``status`` is the HTTP status of the answer.
    """

    status: ClassVar[int] = 422
    title: object = ""  # of its page, where it says more than the status does
    todo: tuple[object, ...] = ()  # what the reader can do about it, likewise

    def __init__(self, message: object = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(DomainError):
    """There is no such thing, or this reader may not know that there is."""

    status = 404

    def __init__(self, message: object = "") -> None:
        super().__init__(message or _l("There is no such page."))


class CheckedAgain(NotFound):
    """The refusal of a petition was cancelled, so that it is not public any more: of it no more than this is told."""

    title = _l("The refusal was cancelled")
    todo = (_l("Come back later: once it is open to everybody, it stands at this address."),)

    def __init__(self, cancelled_on: str) -> None:
        message = _l(
            "The refusal of this petition was cancelled on %(day)s. It is in the check again.", day=cancelled_on
        )
        super().__init__(message)


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
