"""NCANode as the engine: a server beside ours with the certified national library (API 3, POST /cms/verify).

It says whether the key signed and what it thinks of the certificate, at its own present time. What may be signed with
which certificate, whose it is, our roots and our lists of revoked certificates stay our own business: it can refuse
what we would accept, never the other way round.
"""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import requests

from petitions.identity.eds.parts import Container
from petitions.identity.eds.reasons import EngineDown, ReasonCode, SignatureRefused

if TYPE_CHECKING:
    from petitions.identity.eds.trust import Revocation, TrustStore
    from petitions.identity.eds.verifier import Judge

SECONDS = 10.0
MAX_BYTES = 256 * 1024
PIECE = 16 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NcaNode:
    """The server at an address of the operator's own network, without a slash at the end."""

    url: str
    name: str = "ncanode"

    def judge(self, cms: bytes, data: bytes, container: Container, trust: TrustStore, at: datetime) -> Revocation:
        """Raises SignatureRefused: EngineDown when the server does not give a verdict."""
        above = trust.chain(container.certificate, container.other_certificates, at)
        # Revocation is looked up in our own lists, and by the worker: their outage may not lose a signature.
        asked = {"cms": _base64(cms), "data": _base64(data), "revocationCheck": []}
        refused = _refusal(self._ask(asked), container)
        if refused is not None:
            raise SignatureRefused(refused)
        return trust.revocation(container.certificate, above, at)

    def _ask(self, asked: Mapping[str, object]) -> Mapping[str, Any] | None:
        """The answer; None where the server says that what it was sent cannot be verified at all."""
        until = time.monotonic() + SECONDS
        try:
            with requests.post(
                f"{self.url}/cms/verify", json=asked, timeout=SECONDS, allow_redirects=False, stream=True
            ) as response:
                if response.status_code == HTTPStatus.BAD_REQUEST:
                    return None
                response.raise_for_status()
                answer = json.loads(_read(response, until))
        except (requests.RequestException, OSError, ValueError) as error:
            log.warning("NCANode gives no verdict: %s", type(error).__name__)
            raise EngineDown from None
        if not isinstance(answer, dict) or not isinstance(answer.get("valid"), bool):
            log.warning("NCANode gives no verdict: another answer than documented")
            raise EngineDown
        return answer


def judge_named(engine: str, ncanode_url: str) -> Judge | None:
    """The engine of that name (config.eds_engine); None stands for our own arithmetic."""
    return NcaNode(ncanode_url) if engine == "ncanode" else None


def _refusal(answer: Mapping[str, Any] | None, container: Container) -> ReasonCode | None:
    """Why the server refuses; None when it accepts. A signer whom it could not find does not spoil its ``valid``."""
    if answer is None:
        return "bad-signature"
    said = _of_signer(answer, container.certificate.serial_number)
    if said is None:
        return "bad-signature"
    if answer["valid"] and said.get("valid") is True:
        return None
    if said.get("valid") is True:
        return "bad-signature"
    # That the term is over is known by now, unless it is over by the server's own present time only.
    return "untrusted"


def _of_signer(answer: Mapping[str, Any], serial: int) -> Mapping[str, Any] | None:
    """What it says of our signer's certificate, when that is the only signer and the only certificate."""
    signers = answer.get("signers")
    if not isinstance(signers, list) or len(signers) != 1 or not isinstance(signers[0], dict):
        return None
    certificates = signers[0].get("certificates")
    if not isinstance(certificates, list) or len(certificates) != 1 or not isinstance(certificates[0], dict):
        return None
    said: dict[str, Any] = certificates[0]
    return said if _number(said.get("serialNumber")) == serial else None


def _number(text: object) -> int | None:
    try:
        return int(text, 16) if isinstance(text, str) else None
    except ValueError:
        return None


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _read(response: requests.Response, until: float) -> bytes:
    """In pieces as they come. Raises ValueError for more, or for longer, than any verdict takes."""
    read = bytearray()
    while piece := response.raw.read1(PIECE, decode_content=True):
        read += piece
        if len(read) > MAX_BYTES or time.monotonic() > until:
            raise ValueError("too long")
    return bytes(read)
