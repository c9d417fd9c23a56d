"""What is left of every proof of identity, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from petitions.errors import DomainError, Unavailable
from petitions.identity.iin import is_well_formed

Channel = Literal["egov-idp", "oidc", "eds", "paper"]
NAME_LENGTH = 120


@dataclass(frozen=True)
class VerifiedIdentity:
    """A person whose IIN and names were proven.

    Personal values stay out of the printed form, thus out of logs.
    """

    iin: str = field(repr=False)
    surname: str = field(repr=False)
    given_name: str = field(repr=False)
    patronymic: str = field(repr=False)
    proven_by: Channel


class SignInRefused(DomainError):
    """The person turned back, or the answer was not to a question of this browser."""

    def __init__(self) -> None:
        super().__init__(_l("Signing in was not completed. Please try again."))


class SignInServiceDown(Unavailable):
    """The service does not answer, or not with what it should."""

    def __init__(self) -> None:
        super().__init__(_l("The state sign-in service does not answer now. Please try again in a few minutes."))


class SingleSignOn(Protocol):
    """The boundary: a service to which a browser is sent and comes back proven."""

    def begin(self, redirect_uri: str, language: str) -> Response:
        """Send the browser there; what its answer is checked against waits in its session here.

        Raises SignInServiceDown.
        """
        ...

    def finish(self) -> VerifiedIdentity:
        """Who came back in this request. Raises SignInRefused or SignInServiceDown."""
        ...


def identity_told(channel: Channel, *, iin: Any, surname: Any, given_name: Any, patronymic: Any) -> VerifiedIdentity:
    """A person as a service told them. Raises ValueError when they can be nobody."""
    told = [str(value or "").strip() for value in (iin, surname, given_name)]
    if not is_well_formed(told[0]) or not told[2] or max(map(len, told)) > NAME_LENGTH:
        raise ValueError("not a person")
    return VerifiedIdentity(
        iin=told[0],
        surname=told[1],
        given_name=told[2],
        patronymic=str(patronymic or "").strip()[:NAME_LENGTH],
        proven_by=channel,
    )
