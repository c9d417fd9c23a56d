"""The state person registry: citizenship, birth date, residence.

Nothing of the kind comes from a certificate.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import requests
from flask_babel import lazy_gettext as _l
from urllib3.exceptions import HTTPError

from petitions import clock
from petitions.errors import DomainError, Unavailable
from petitions.identity.iin import is_well_formed
from petitions.identity.registry_envelope import NO_TERRITORIES, PersonFacts, read_answer, write_question

__all__ = ["PersonFacts", "PersonRegistry", "RegistryDown", "RegistryUnknown", "SoapRegistry", "read_territories"]

TIMEOUT_SECONDS = 3.0
# Documents of a long life and their pictures' frames: a recorded answer has 28 KB.
MAX_ANSWER_BYTES = 512 * 1024
PIECE_BYTES = 16 * 1024


class RegistryUnknown(DomainError):
    """The registry has no such person."""

    def __init__(self) -> None:
        super().__init__(_l("The state person registry does not know you. Please ask a public service centre."))


class RegistryDown(Unavailable):
    """The registry does not answer; nothing is assumed about the person."""

    def __init__(self) -> None:
        super().__init__(_l("The state person registry does not answer now. Please try again in a few minutes."))


class PersonRegistry(Protocol):
    """The boundary: the state gateway's SOAP service, or our simulator without the wire."""

    def lookup(self, iin: str) -> PersonFacts:
        """Raises RegistryUnknown or RegistryDown."""
        ...


@dataclass(frozen=True)
class SoapRegistry:
    """Asks the gateway at ``url``, as ``sender``. The IIN goes in the body: addresses end in logs, bodies do not.

    ``territories``: of `read_territories`. The true gateway wants its body signed in GOST (WS-Security); a signing
    proxy before it does that.
    """

    url: str
    sender: str
    password: str = field(repr=False)
    territories: Mapping[str, str] = field(default_factory=dict, repr=False)

    def lookup(self, iin: str) -> PersonFacts:
        if not is_well_formed(iin):
            raise RegistryUnknown
        try:
            facts = read_answer(self._ask(iin), iin, self.territories)
        except (requests.RequestException, HTTPError, OSError, ValueError):
            # An answer that cannot be understood is no answer. Its text may be personal: it is not chained.
            raise RegistryDown from None
        if facts is None:
            raise RegistryUnknown
        return facts

    def _ask(self, iin: str) -> bytes:
        """The answer's body, within seconds. Raises ValueError, OSError, urllib3's or requests' errors."""
        until = time.monotonic() + 2 * TIMEOUT_SECONDS
        with requests.post(
            self.url,
            data=write_question(iin, sender=self.sender, password=self.password, at=clock.real_now()),
            # Nothing packed: a packed answer of a few bytes unpacks into gigabytes.
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""', "Accept-Encoding": "identity"},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != 200:
                raise ValueError("a fault, or no gateway")
            return _body(response, until)


def read_territories(path: Path | None) -> Mapping[str, str]:
    """The registry's own codes of regions and districts with their KATO codes, from a CSV file of two columns.

    Raises OSError, or ValueError for a line of another shape.
    """
    if path is None:
        return NO_TERRITORIES
    with path.open(encoding="utf-8", newline="") as lines:
        return {code.strip(): kato.strip() for code, kato in csv.reader(lines)}


def _body(response: requests.Response, until: float) -> bytes:
    """All of a body that is small and comes in time, however slowly its sender drips."""
    body = bytearray()
    while piece := response.raw.read1(PIECE_BYTES, decode_content=False):
        body += piece
        if len(body) > MAX_ANSWER_BYTES or time.monotonic() > until:
            raise ValueError("too long")
    return bytes(body)
