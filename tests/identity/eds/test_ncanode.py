"""NCANode as the engine, behind a real HTTP server that answers as its documentation says."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from petitions.identity import services
from petitions.identity.eds import TrustStore, judge_named, verify_detached
from petitions.identity.eds.ncanode import NcaNode
from petitions.identity.simulators.authority import SimulatedAuthority
from petitions.identity.simulators.people import person
from tests.conftest import make_config
from tests.identity.eds.forging import AIGUL, AT, TEXT, Forger, verdict


@dataclass
class Server:
    """What it was asked, and what it shall answer."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    answer: bytes = b""

    def says(self, *, valid: bool, certificates: list[dict[str, Any]], signers: int = 1) -> None:
        signer = {"certificates": certificates, "tsp": None}
        said = {"status": 200, "message": "OK", "valid": valid, "signers": [signer] * signers}
        self.answer = json.dumps(said).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    held = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.asked.append({"path": self.path, **json.loads(body)})
            self.send_response(held.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(held.answer)

        def log_message(self, format: str, *args: Any) -> None: ...

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield held
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def store(server: Server, pki: Path) -> TrustStore:
    return TrustStore(pki / "roots.pem", pki / "crl.pem", judge_named("ncanode", server.url))


def certificate_said(forger: Forger, *, valid: bool = True) -> dict[str, Any]:
    """As the server describes the signer's certificate."""
    certificate = forger.certificate()[0]
    return {
        "valid": valid,
        "revocations": [],
        "notBefore": certificate.not_valid_before_utc.isoformat(),
        "notAfter": certificate.not_valid_after_utc.isoformat(),
        "keyUsage": "SIGN",
        "serialNumber": f"{certificate.serial_number:x}",
        "signAlg": "ECGOST3410-2015-512",
        "keyUser": ["INDIVIDUAL"],
        "subject": {"iin": AIGUL.iin, "country": "KZ"},
    }


def test_what_the_server_accepts_is_accepted_as_the_same_person(
    server: Server, store: TrustStore, gost: Forger
) -> None:
    server.says(valid=True, certificates=[certificate_said(gost)])
    good = gost.good()
    verified = verify_detached(good, TEXT, trust=store, at=AT)
    assert (verified.iin, verified.surname, verified.algorithm) == (AIGUL.iin, "СЫНАҚОВА", "GOST-2015-512")
    assert verified.revocation == "good"
    [asked] = server.asked
    assert asked["path"] == "/cms/verify"
    assert base64.b64decode(asked["cms"]) == good
    assert base64.b64decode(asked["data"]) == TEXT
    assert asked["revocationCheck"] == []


def test_what_the_server_refuses_is_refused(server: Server, store: TrustStore, gost: Forger) -> None:
    server.says(valid=False, certificates=[certificate_said(gost)])
    assert verdict(gost.good(), store) == "bad-signature"
    server.says(valid=False, certificates=[certificate_said(gost, valid=False)])
    assert verdict(gost.good(), store) == "untrusted"
    server.status, server.answer = 400, b'{"status":400,"message":"message-digest attribute value does not match"}'
    assert verdict(gost.good(), store) == "bad-signature"


def test_about_a_certificate_that_ran_out_it_is_not_asked(server: Server, store: TrustStore, gost: Forger) -> None:
    assert verdict(gost.good(), store, at=AT + timedelta(days=500)) == "expired"
    assert server.asked == []


def test_a_signer_whom_the_server_did_not_find_is_not_accepted(server: Server, store: TrustStore, gost: Forger) -> None:
    """Its verdict stays "valid" when no certificate belongs to the signer: nothing was checked then."""
    ours = certificate_said(gost)
    others = {**ours, "serialNumber": f"{gost.certificate(person('olga'))[0].serial_number:x}"}
    for certificates, signers in (([], 1), ([others], 1), ([ours, others], 1), ([ours], 2), ([ours], 0)):
        server.says(valid=True, certificates=certificates, signers=signers)
        assert verdict(gost.good(), store) == "bad-signature"
    for strange in ({**ours, "valid": "yes"}, {**ours, "serialNumber": 7}, {**ours, "serialNumber": "x"}):
        server.says(valid=True, certificates=[strange])
        assert verdict(gost.good(), store) in ("untrusted", "bad-signature")


def test_our_own_rules_hold_whatever_the_server_says(
    server: Server, store: TrustStore, gost: Forger, authority: SimulatedAuthority
) -> None:
    server.says(valid=True, certificates=[certificate_said(gost)])
    assert verdict(gost.good(), store, data=b"another") == "other-text"
    assert server.asked == [], "it is not even asked about another text"
    for kind, reason in (("organisation", "organisation"), ("revoked", "revoked")):
        signature = authority.sign_detached(AIGUL, TEXT, at=AT, kind=kind)  # type: ignore[arg-type]
        number = authority.certificate(AIGUL, at=AT, kind=kind)[0].serial_number  # type: ignore[arg-type]
        server.says(valid=True, certificates=[{**certificate_said(gost), "serialNumber": f"{number:x}"}])
        assert verdict(signature, store) == reason
    stranger = TrustStore(None, None, NcaNode(server.url))
    server.says(valid=True, certificates=[certificate_said(gost)])
    assert verdict(gost.good(), stranger) == "untrusted"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, b"{}"),
        (302, b""),
        (200, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"valid": "yes"}'),
        (200, b" " * 300_000),
    ],
)
def test_no_verdict_is_no_acceptance_and_says_so(
    status: int, answer: bytes, server: Server, store: TrustStore, gost: Forger
) -> None:
    server.status, server.answer = status, answer
    assert verdict(gost.good(), store) == "engine-down"


def test_a_server_that_is_not_there_loses_no_page(pki: Path, gost: Forger) -> None:
    store = TrustStore(pki / "roots.pem", pki / "crl.pem", NcaNode("http://127.0.0.1:1"))
    assert verdict(gost.good(), store) == "engine-down"


def test_the_configured_engine_is_the_one_that_judges(tmp_path: Path) -> None:
    services.configure(make_config(tmp_path, "sqlite://", eds_engine="ncanode", ncanode_url="http://127.0.0.1:1"))
    judge = services.trust().judge
    assert judge is not None and judge.name == "ncanode"
    services.configure(make_config(tmp_path, "sqlite://"))
    assert services.trust().judge is None
