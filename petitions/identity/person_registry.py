"""The state person registry: citizenship, birth date, residence.

Nothing of the kind comes from a certificate.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import requests
from flask_babel import lazy_gettext as _l

from petitions.errors import DomainError, Unavailable
from petitions.identity.iin import is_well_formed

TIMEOUT_SECONDS = 3.0
MAX_ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True)
class PersonFacts:
    """What the registry says of a person. ``citizenship`` is ISO 3166-1 alpha-2, "XX" for none."""

    citizenship: str
    birth_date: date = field(repr=False)
    residence_kato: str | None
    given_name: str = field(repr=False)
    surname: str = field(repr=False)
    patronymic: str = field(repr=False)


class RegistryUnknown(DomainError):
    """The registry has no such person."""

    def __init__(self) -> None:
        super().__init__(_l("The state person registry does not know you. Please ask a public service centre."))


class RegistryDown(Unavailable):
    """The registry does not answer; nothing is assumed about the person."""

    def __init__(self) -> None:
        super().__init__(_l("The state person registry does not answer now. Please try again in a few minutes."))


class PersonRegistry(Protocol):
    """The boundary: Smart Bridge's SOAP service in production, our simulator elsewhere."""

    def lookup(self, iin: str) -> PersonFacts:
        """Raises RegistryUnknown or RegistryDown."""
        ...


@dataclass(frozen=True)
class HttpRegistry:
    """Asks ``POST <url>/person`` with the IIN in the body: addresses end in logs, bodies do not."""

    url: str

    def lookup(self, iin: str) -> PersonFacts:
        try:
            with requests.post(
                f"{self.url}/person",
                json={"iin": iin},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code == 404:
                    raise RegistryUnknown
                if response.status_code != 200:
                    raise RegistryDown
                body = response.raw.read(MAX_ANSWER_BYTES, decode_content=True)
            return parse_facts(body, iin)
        except (requests.RequestException, OSError, ValueError, KeyError, TypeError):
            # An answer that cannot be understood is no answer. Its text may be personal: it is not chained.
            raise RegistryDown from None


def parse_facts(body: bytes, iin: str) -> PersonFacts:
    """Read the registry's JSON. Raises ValueError, KeyError or TypeError when it is not about this person."""
    answer: dict[str, Any] = json.loads(body)
    if answer["iin"] != iin or not is_well_formed(iin):
        raise ValueError("the answer is about somebody else")
    kato = answer.get("residence_kato")
    return PersonFacts(
        citizenship=_text(answer["citizenship"], 2),
        birth_date=date.fromisoformat(answer["birth_date"]),
        residence_kato=None if kato is None else _text(kato, 9),
        given_name=_text(answer["given_name"], 120),
        surname=_text(answer["surname"], 120),
        patronymic=_text(answer.get("patronymic") or "", 120),
    )


def _text(value: object, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError("not a text of the agreed length")
    return value
