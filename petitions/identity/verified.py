"""What is left of every proof of identity, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Channel = Literal["egov-idp", "eds", "paper"]


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
