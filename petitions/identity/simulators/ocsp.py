"""The simulated authority's OCSP service, and the page on which a newcomer decides what it says.

It answers as the national one does: with the branch's own responder, whose certificate carries an empty OCSPNoCheck,
with the nonce sent back, and "on hold since 1970" for a certificate that was never issued.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

from cryptography.hazmat.primitives.serialization import Encoding
from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from petitions import clock
from petitions.identity.eds import der as reading
from petitions.identity.eds.certificate_der import read_parts
from petitions.identity.eds.engines import SHA256_OID
from petitions.identity.simulators.authority import (
    REVOKED_ON,
    Responder,
    SimulatedAuthority,
    Status,
    open_authority,
)
from petitions.identity.simulators.certificates import extension
from petitions.identity.simulators.der import BITS, GENERALIZED_TIME, NULL, OCTETS, SEQUENCE, oid, tlv
from petitions.identity.simulators.keys import Algorithm
from petitions.identity.simulators.pages import chosen_person, config, ordinary_people, simulator_blueprint
from petitions.identity.simulators.people import SPECIAL, Person, person
from petitions.permissions import Permission, requires

bp = simulator_blueprint("ocsp", "")

ANSWERS = "answers"
BEHAVIOURS = {
    ANSWERS: _l("It answers."),
    "try-later": _l("It answers everybody: try later."),
    "out": _l("It is down: nobody gets an answer."),
}
ENUMERATED, CONTEXT_0, CONTEXT_1, CONTEXT_2 = 0x0A, 0xA0, 0xA1, 0xA2
GOOD, HOLD = tlv(0x80), 6
BASIC, NONCE = "1.3.6.1.5.5.7.48.1.1", "1.3.6.1.5.5.7.48.1.2"
EXTENDED_REVOKED = "1.3.6.1.5.5.7.48.1.9"
MALFORMED, TRY_LATER = 1, 3
AN_ANSWER_LIVES = timedelta(hours=1)
REMEMBERED = timedelta(days=400)  # how old a certificate of a chosen person may be, in the law's time

Says = Callable[[int], Status]


@dataclass(frozen=True)
class Question:
    """About whom the service is asked: the CertID as it came, and what stands in it."""

    certificate_id: bytes
    issuer_key: bytes
    serial: int
    nonce: bytes


@dataclass(frozen=True)
class AuthorityState:
    """What the newcomer chose, kept in the instance's folder for every process."""

    instance_path: Path

    def behaviour(self) -> str:
        said = self._file.read_text() if self._file.is_file() else ANSWERS
        return said if said in BEHAVIOURS else ANSWERS

    def set_behaviour(self, word: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file.write_text(word)

    def revoked_people(self) -> list[Person]:
        """Whose certificates the authority revoked, long ago; no list says so yet."""
        return [person(file.name) for file in sorted((self._folder / "revoked").glob("*"))]

    def set_revoked(self, one: Person, revoked: bool) -> None:
        file = self._folder / "revoked" / one.key
        file.parent.mkdir(parents=True, exist_ok=True)
        if revoked:
            file.touch()
        else:
            file.unlink(missing_ok=True)

    def status(self, authority: SimulatedAuthority, serial: int, today: date) -> Status:
        if any(authority.is_of(serial, one, _days_until(today)) for one in self.revoked_people()):
            return Status("revoked", REVOKED_ON)
        return authority.status(serial)

    @property
    def _folder(self) -> Path:
        return self.instance_path / "simulators" / "authority"

    @property
    def _file(self) -> Path:
        return self._folder / "behaviour"


@bp.post("/ocsp")
@requires(Permission.SIMULATE)
def service() -> FlaskResponse:
    state = AuthorityState(config().instance_path)
    if state.behaviour() == "out":
        return FlaskResponse(status=503)
    if state.behaviour() == "try-later":
        return _answered(refusal(TRY_LATER))
    authority, today = open_authority(config().instance_path), clock.now().date()
    return _answered(
        answer(request.get_data(), authority, lambda serial: state.status(authority, serial, today), clock.real_now())
    )


@bp.get("/crl/<algorithm>.crl")
@requires(Permission.SIMULATE)
def revocation_list(algorithm: str) -> FlaskResponse:
    found = [each for each in get_args(Algorithm) if each == algorithm]
    if not found or AuthorityState(config().instance_path).behaviour() == "out":
        return FlaskResponse(status=503 if found else 404)
    content = open_authority(config().instance_path).crl(found[0])
    return FlaskResponse(content, content_type="application/pkix-crl")


@bp.get("/authority")
@requires(Permission.SIMULATE)
def authority_page() -> str:
    state = AuthorityState(config().instance_path)
    return render_template(
        "simulators/authority.html",
        behaviours=BEHAVIOURS,
        now=state.behaviour(),
        revoked=state.revoked_people(),
        special=SPECIAL,
        ordinary=ordinary_people(),
    )


@bp.post("/authority")
@requires(Permission.SIMULATE)
def authority_behaves() -> Response:
    state = AuthorityState(config().instance_path)
    if request.form.get("behaviour") in BEHAVIOURS:
        state.set_behaviour(request.form["behaviour"])
    for act, revoked in (("revoke", True), ("restore", False)):
        one = chosen_person(request.form.get(act))
        if one is not None:
            state.set_revoked(one, revoked)
    return redirect(url_for("simulators_ocsp.authority_page"), 303)


def answer(encoded: bytes, authority: SimulatedAuthority, says: Says, now: datetime) -> bytes:
    """The service's answer to a request, DER; ``now`` is real time, for answers are fresh in it."""
    try:
        question = read_question(encoded)
    except ValueError:
        return refusal(MALFORMED)
    for algorithm in authority.branches:
        responder = authority.ocsp_signer(algorithm)
        if hashlib.sha256(read_parts(_der_of(responder, ca=True)).key).digest() == question.issuer_key:
            return signed(question, says(question.serial), responder, now)
    return refusal(MALFORMED)


def read_question(encoded: bytes) -> Question:
    """RFC 6960, 4.1, as our own client asks: one CertID by SHA-256, with a nonce. Raises ValueError."""
    [outer] = reading.tagged(reading.elements(encoded, 0, len(encoded)), SEQUENCE)
    [body] = reading.tagged(reading.inside(encoded, outer), SEQUENCE)
    requests, extensions = reading.tagged(reading.inside(encoded, body), SEQUENCE, CONTEXT_2)
    [one] = reading.tagged(reading.inside(encoded, requests), SEQUENCE)
    [about] = reading.tagged(reading.inside(encoded, one), SEQUENCE)
    algorithm, _, key, serial = reading.inside(encoded, about)
    kind, *_parameters = reading.inside(encoded, algorithm)
    if reading.contents_of(encoded, kind) != reading.oid_contents(SHA256_OID):
        raise reading.NotDer
    [listed] = reading.tagged(reading.inside(encoded, extensions), SEQUENCE)
    [nonce] = reading.tagged(reading.inside(encoded, listed), SEQUENCE)
    return Question(
        certificate_id=reading.whole(encoded, about),
        issuer_key=reading.contents_of(encoded, key),
        serial=int.from_bytes(reading.contents_of(encoded, serial)),
        nonce=reading.contents_of(encoded, reading.inside(encoded, nonce)[-1]),
    )


def signed(question: Question, status: Status, responder: Responder, now: datetime) -> bytes:
    """A whole signed answer, with the responder's certificate."""
    single = tlv(
        SEQUENCE,
        question.certificate_id,
        _status(status),
        _moment(now),
        tlv(CONTEXT_0, _moment(now + AN_ANSWER_LIVES)),
    )
    key = hashlib.sha1(read_parts(_der_of(responder)).key, usedforsecurity=False).digest()
    said = [extension(NONCE, question.nonce), extension(EXTENDED_REVOKED, tlv(NULL))]
    body = tlv(
        SEQUENCE,
        tlv(CONTEXT_2, tlv(OCTETS, key)),
        _moment(now),
        tlv(SEQUENCE, single),
        tlv(CONTEXT_1, tlv(SEQUENCE, *said)),
    )
    basic = tlv(
        SEQUENCE,
        body,
        responder.key.signature_algorithm,
        tlv(BITS, b"\x00", responder.key.sign(body)),
        tlv(CONTEXT_0, tlv(SEQUENCE, _der_of(responder))),
    )
    return tlv(SEQUENCE, tlv(ENUMERATED, b"\x00"), tlv(CONTEXT_0, tlv(SEQUENCE, oid(BASIC), tlv(OCTETS, basic))))


def refusal(code: int) -> bytes:
    """An answer without an answer: malformed request, try later."""
    return tlv(SEQUENCE, tlv(ENUMERATED, bytes([code])))


def _status(status: Status) -> bytes:
    if status.state == "good":
        return GOOD
    if status.state == "revoked" and status.since is not None:
        return tlv(CONTEXT_1, _moment(status.since))
    return tlv(CONTEXT_1, _moment(datetime(1970, 1, 1, tzinfo=UTC)), tlv(CONTEXT_0, tlv(ENUMERATED, bytes([HOLD]))))


def _moment(at: datetime) -> bytes:
    return tlv(GENERALIZED_TIME, f"{at.astimezone(UTC):%Y%m%d%H%M%S}Z".encode())


def _days_until(today: date) -> Iterator[date]:
    return (today - timedelta(days=days) for days in range(-1, REMEMBERED.days))


def _der_of(responder: Responder, *, ca: bool = False) -> bytes:
    return (responder.ca if ca else responder.certificate).public_bytes(Encoding.DER)


def _answered(content: bytes) -> FlaskResponse:
    return FlaskResponse(content, content_type="application/ocsp-response")
