"""Asking the authority about a certificate: only a whole, fresh, rightly signed answer to our question is one."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.identity.eds import TrustStore, fetching, ocsp, signer_chain
from petitions.identity.eds.ocsp_answer import Answer, Asked, NotAnswered, read_answer
from petitions.identity.simulators import ocsp as service
from petitions.identity.simulators.authority import Kind, Responder, SimulatedAuthority, Status
from petitions.identity.simulators.keys import Algorithm
from petitions.identity.simulators.people import person
from tests.identity.answering import answering, whole

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
BOTH: tuple[Algorithm, ...] = ("gost", "rsa")
GOOD, REVOKED, UNKNOWN = Status("good"), Status("revoked", datetime(2026, 6, 1, tzinfo=UTC)), Status("unknown")


@dataclass(frozen=True)
class Case:
    """A certificate, its issuer, and a question about it."""

    certificate: bytes
    issuer: bytes
    asked: Asked
    responder: Responder

    @property
    def question(self) -> service.Question:
        return service.read_question(ocsp.request_of(self.asked))

    def answered(self, status: Status = GOOD, at: datetime = NOW) -> bytes:
        return service.signed(self.question, status, self.responder, at)

    def read(self, encoded: bytes, now: datetime = NOW) -> Answer:
        return read_answer(encoded, self.asked, self.issuer, now)


def case_of(
    authority: SimulatedAuthority, trust: TrustStore, algorithm: Algorithm = "rsa", kind: Kind = "personal"
) -> Case:
    cms = authority.sign_detached(person("aigul"), b"text", at=NOW, kind=kind, algorithm=algorithm)
    certificate, issuer = signer_chain(cms, trust)
    return Case(certificate, issuer, ocsp.question(certificate, issuer), authority.ocsp_signer(algorithm))


@pytest.fixture(scope="module")
def case(authority: SimulatedAuthority, trust: TrustStore) -> Case:
    return case_of(authority, trust)


@pytest.mark.parametrize("algorithm", BOTH)
@pytest.mark.parametrize(("kind", "status"), [("personal", "good"), ("revoked-later", "revoked")])
def test_the_authority_says_whether_a_certificate_is_revoked(
    authority: SimulatedAuthority, trust: TrustStore, algorithm: Algorithm, kind: Kind, status: str
) -> None:
    case = case_of(authority, trust, algorithm, kind)
    encoded = service.answer(ocsp.request_of(case.asked), authority, authority.status, NOW)
    answer = case.read(encoded)
    assert answer.status == status
    assert (answer.revoked_at is not None) == (status == "revoked")
    assert answer.der == encoded, "the evidence is the authority's own bytes"


def test_a_certificate_on_hold_since_1970_is_unknown_and_not_revoked(case: Case) -> None:
    """RFC 6960, 4.4.8: so the national service answers about what it never issued."""
    answer = case.read(case.answered(UNKNOWN))
    assert (answer.status, answer.revoked_at) == ("unknown", None)


def test_a_certificate_on_hold_since_another_day_is_revoked(case: Case) -> None:
    assert case.read(case.answered(REVOKED)).revoked_at == REVOKED.since


def test_the_issuer_may_answer_itself(authority: SimulatedAuthority, case: Case) -> None:
    branch = authority.branches["rsa"]
    itself = Responder(branch.ca, branch.ca_key, branch.ca)
    assert case.read(replace(case, responder=itself).answered()).status == "good"


@pytest.mark.parametrize("code", [service.TRY_LATER, service.MALFORMED])
def test_a_refusal_is_no_answer(case: Case, code: int) -> None:
    with pytest.raises(NotAnswered, match="try later" if code == service.TRY_LATER else "malformed"):
        case.read(service.refusal(code))


def test_an_answer_to_another_question_is_none(case: Case, authority: SimulatedAuthority, trust: TrustStore) -> None:
    again = replace(case, asked=ocsp.question(case.certificate, case.issuer))
    with pytest.raises(NotAnswered, match="nonce"):
        case.read(again.answered())
    revoked = case_of(authority, trust, kind="revoked-later")
    with pytest.raises(NotAnswered, match="another certificate"):
        case.read(replace(revoked, asked=replace(revoked.asked, nonce=case.asked.nonce)).answered())


def test_an_answer_without_a_nonce_could_be_an_old_one(case: Case) -> None:
    with pytest.raises(NotAnswered, match="nonce"):
        case.read(service.signed(replace(case.question, nonce=b""), GOOD, case.responder, NOW))


@pytest.mark.parametrize("away", [timedelta(days=-1), timedelta(days=1)])
def test_an_answer_that_is_not_of_now_is_none(case: Case, away: timedelta) -> None:
    with pytest.raises(NotAnswered):
        case.read(case.answered(at=NOW + away))


def test_another_authoritys_responder_does_not_answer_for_this_one(case: Case, authority: SimulatedAuthority) -> None:
    stranger = replace(case, responder=authority.ocsp_signer("gost"))
    with pytest.raises(NotAnswered, match="not the authority's"):
        case.read(stranger.answered())


def test_a_citizens_certificate_does_not_answer_for_the_authority(case: Case, authority: SimulatedAuthority) -> None:
    certificate, key = authority.certificate(person("daniyar"), at=NOW, algorithm="rsa")
    citizen = Responder(certificate, key, case.responder.ca)
    with pytest.raises(NotAnswered, match="not for answering"):
        case.read(replace(case, responder=citizen).answered())


def test_a_key_that_is_not_the_named_responders_is_refused(case: Case, authority: SimulatedAuthority) -> None:
    _certificate, key = authority.certificate(person("daniyar"), at=NOW, algorithm="rsa")
    with pytest.raises(NotAnswered, match="does not match"):
        case.read(replace(case, responder=replace(case.responder, key=key)).answered())


def test_a_good_answer_cannot_be_made_of_a_revoking_one(case: Case) -> None:
    """Whatever a byte is changed to, the answer says what was signed, or nothing."""
    encoded = case.answered(REVOKED)
    for place in range(len(encoded)):
        changed = bytearray(encoded)
        changed[place] ^= 0x21
        try:
            assert case.read(bytes(changed)).revoked_at == REVOKED.since
        except NotAnswered:
            continue


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.data())
def test_whatever_comes_is_an_answer_or_none(case: Case, data: st.DataObject) -> None:
    encoded = case.answered()
    start = data.draw(st.integers(0, len(encoded)))
    spoiled = encoded[:start] + data.draw(st.binary(max_size=40)) + encoded[start + data.draw(st.integers(0, 40)) :]
    with suppress(NotAnswered):
        assert case.read(spoiled).status == "good"
    with pytest.raises(NotAnswered):
        case.read(data.draw(st.binary(max_size=60)))


# ---- over the wire


def test_the_question_is_posted_to_the_set_address_only(case: Case, authority: SimulatedAuthority) -> None:
    def write(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        whole(200, service.answer(body, authority, authority.status, NOW))(handler, body)

    with answering(write) as asked:
        answer = ocsp.ask(f"{asked.url}/ocsp", case.certificate, case.issuer, now=NOW)
    assert answer.status == "good"
    [(method, path, kind, _body)] = asked.requests
    assert (method, path, kind) == ("POST", "/ocsp", "application/ocsp-request")


@pytest.mark.parametrize(
    ("status", "body"), [(503, b""), (404, b"no"), (302, b""), (200, b"\x30" * (ocsp.MAX_BYTES + 1))]
)
def test_an_authority_that_is_out_or_floods_us_is_unreachable(case: Case, status: int, body: bytes) -> None:
    with answering(whole(status, body, Location="http://127.0.0.1:1/")) as asked, pytest.raises(ocsp.Unreachable):
        ocsp.ask(asked.url, case.certificate, case.issuer, now=NOW)
    assert len(asked.requests) == 1, "a redirection is not followed"


def test_an_authority_that_answers_drop_by_drop_is_not_waited_for() -> None:
    def write(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _drop in range(100):
            try:
                handler.wfile.write(b"\x30")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    began = time.monotonic()
    with answering(write) as asked, pytest.raises(fetching.Unreachable):
        fetching.fetched(asked.url, body=b"?", seconds=0.5, most=1000)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/", "ftp://127.0.0.1/", "not an address"])
def test_where_nobody_is_nobody_is_reached(case: Case, url: str) -> None:
    with pytest.raises(ocsp.Unreachable):
        ocsp.ask(url, case.certificate, case.issuer, now=NOW)


def test_what_is_no_certificate_cannot_be_asked_about(case: Case, authority: SimulatedAuthority) -> None:
    with pytest.raises(NotAnswered):
        ocsp.question(b"\x30\x00", case.issuer)
    root = authority.branches["gost"].root.public_bytes(Encoding.DER)
    assert ocsp.question(root, root).serial
