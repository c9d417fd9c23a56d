"""The simulated NCALayer: a true WebSocket, true signatures, and every shape that its versions answer in."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from petitions import clock
from petitions.config import ROOT, simulated_ncalayer
from petitions.identity.eds import SignatureRefused, TrustStore, Use, VerifiedSignature, decode_cms, verify_detached
from petitions.identity.simulators import ncalayer
from petitions.identity.simulators.ncalayer import Behaviour, Chosen
from petitions.identity.simulators.people import person
from tests.conftest import make_config
from tests.demo.test_serving import free_port

TEXT = "Мен осы петицияға қосыламын.\n".encode()
AIGUL = person("aigul").iin


def request(iin: str = AIGUL, purpose: str = "1.3.6.1.5.5.7.3.4", **changes: Any) -> str:
    """As static/js/ncalayer.js asks."""
    arguments: dict[str, Any] = {
        "format": "cms",
        "data": base64.b64encode(TEXT).decode(),
        "signingParams": {"decode": True, "encapsulate": False, "digested": False, "tsaProfile": None},
        "signerParams": {"extKeyUsageOids": [purpose, "1.2.398.3.3.4.1.1"], "iin": iin},
    }
    return json.dumps({"module": ncalayer.BASICS, "method": "sign", "args": arguments | changes})


def old_request(key: str = "SIGNATURE") -> str:
    arguments = ["PKCS12", key, base64.b64encode(TEXT).decode(), False]
    return json.dumps({"module": ncalayer.COMMON, "method": "createCAdESFromBase64", "args": arguments})


@pytest.fixture
def instance(authority: object, pki: Path) -> Iterator[Path]:
    yield pki.parent
    (pki.parent / "simulators" / "ncalayer.json").unlink(missing_ok=True)


@pytest.fixture
def said(sqlite_database: object, instance: Path) -> Any:
    """What is answered to a request under a behaviour."""

    def answered(behaviour: Behaviour = "sign", asked: str = "", whose: str = "") -> dict[str, Any]:
        ncalayer.choose(instance, Chosen(behaviour, whose))
        return ncalayer.answer(instance, asked or request())

    return answered


def verified(cms: str, trust: TrustStore, use: Use = "signing") -> VerifiedSignature:
    later = clock.now() + timedelta(minutes=1)
    return verify_detached(decode_cms(cms), TEXT, trust=trust, at=later, use=use)


def test_the_person_the_site_asks_for_signs_the_exact_bytes(said: Any, trust: TrustStore) -> None:
    answer = said()
    assert answer["status"] is True
    assert verified(answer["body"]["result"][0], trust).iin == AIGUL


def test_without_a_number_the_person_chosen_on_the_page_signs(said: Any, trust: TrustStore) -> None:
    cms = said(asked=request(iin=""), whose="olga")["body"]["result"][0]
    assert verified(cms, trust).iin == person("olga").iin


def test_signing_in_is_done_with_the_key_for_it(said: Any, trust: TrustStore) -> None:
    cms = said(asked=request(purpose=ncalayer.CLIENT_AUTH))["body"]["result"][0]
    assert verified(cms, trust, use="authentication").iin == AIGUL
    with pytest.raises(SignatureRefused):
        verified(cms, trust)


def test_earlier_versions_answer_in_other_shapes(said: Any, trust: TrustStore) -> None:
    found = {
        "string": said("string")["body"]["result"],
        "object": said("object")["body"]["result"]["signatures"][0],
        "armour": said("armour")["body"]["result"][0],
        "old": said("old", old_request())["responseObject"],
    }
    assert found["armour"].startswith("-----BEGIN CMS-----\n")
    assert {shape: verified(cms, trust).iin for shape, cms in found.items()} == dict.fromkeys(found, AIGUL)


def test_a_module_that_a_version_does_not_know_is_said_so(said: Any) -> None:
    for behaviour in ("old", "old-cancel", "unknown-module"):
        assert said(behaviour) == {"success": False, "errorCode": "MODULE_NOT_FOUND"}
    assert said("unknown-module", old_request()) == {"success": False, "errorCode": "MODULE_NOT_FOUND"}


def test_a_window_that_is_closed_is_no_error(said: Any) -> None:
    assert said("cancel") == {"status": True, "body": {}}
    assert said("old-cancel", old_request()) == {"code": "500", "message": "action.canceled"}


@pytest.mark.parametrize(
    "asked", ["", "[]", "{}", request(format="xml"), request(data="!"), request(signingParams={}), request(data=7)]
)
def test_a_request_that_makes_no_sense_is_refused_with_a_code(said: Any, asked: str) -> None:
    answer = said(asked=asked or "no json")
    assert answer.get("errorCode") == "MODULE_NOT_FOUND" or answer["status"] is False


@pytest.mark.parametrize("behaviour", ["expired", "revoked", "organisation"])
def test_a_wrong_certificate_signs_and_the_site_refuses_it(said: Any, trust: TrustStore, behaviour: Behaviour) -> None:
    cms = said(behaviour)["body"]["result"][0]
    with pytest.raises(SignatureRefused):
        verified(cms, trust)


def test_another_persons_key_ignores_whom_the_site_asks_for(said: Any, trust: TrustStore) -> None:
    assert verified(said("other-person")["body"]["result"][0], trust).iin != AIGUL


def test_a_behaviour_nobody_knows_is_not_kept(tmp_path: Path) -> None:
    for choice in (Chosen("dance"), Chosen("sign", "nobody")):  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="no such"):
            ncalayer.choose(tmp_path, choice)
    assert ncalayer.chosen(tmp_path) == Chosen()


def test_the_simulator_keeps_away_from_the_true_programs_address(tmp_path: Path) -> None:
    config = make_config(tmp_path, "sqlite://", ncalayer_url="wss://127.0.0.1:13579/")
    assert ncalayer.port_of(config) is None
    assert ncalayer.port_of(make_config(tmp_path, "sqlite://", ncalayer_url="ws://192.0.2.1:13579/")) is None
    assert ncalayer.port_of(make_config(tmp_path, "sqlite://", simulators=False)) is None
    assert ncalayer.port_of(make_config(tmp_path, "sqlite://")) == 13579


def test_every_port_of_a_site_has_one_for_the_simulator() -> None:
    found = [simulated_ncalayer(f"http://127.0.0.1:{port}") for port in (8000, 59_956, 59_957, 65_535)]
    assert [urlsplit(address).port for address in found] == [13_579, 65_535, 54_378, 59_956]


# ---- the page


def test_the_page_tells_the_program_what_to_do(client: FlaskClient, tmp_path: Path) -> None:
    assert "It does not run" in client.get("/simulators/ncalayer/?lang=en").get_data(as_text=True)
    answer = client.post("/simulators/ncalayer/", data={"behaviour": "cancel", "person": "olga", "lang": "en"})
    assert answer.status_code == 303
    assert ncalayer.chosen(tmp_path) == Chosen("cancel", "olga")
    assert '<option value="cancel" selected>' in client.get("/simulators/ncalayer/").get_data(as_text=True)


def test_the_page_offers_every_behaviour() -> None:
    from petitions.identity.simulators.ncalayer_page import WORDS

    assert set(WORDS) == set(ncalayer.get_args(Behaviour))


def test_the_page_refuses_what_it_does_not_offer(client: FlaskClient) -> None:
    for data in ({"behaviour": "dance"}, {"behaviour": "sign", "person": "nobody"}):
        assert client.post("/simulators/ncalayer/", data=data).status_code == 400


# ---- the process


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[str]
    instance: Path
    address: str


def start(instance: Path, address: str, **settings: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PETITIONS_")}
    environment |= {"FLASK_APP": "wsgi:app", "PETITIONS_INSTANCE": str(instance), "PETITIONS_NCALAYER_URL": address}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "simulate-ncalayer"],
        cwd=ROOT,
        env=environment | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def running(sqlite_database: object, tmp_path: Path) -> Iterator[Running]:
    address = f"ws://127.0.0.1:{free_port()}/"
    process = start(tmp_path, address)
    assert process.stdout is not None
    for line in process.stdout:  # the test's own time limit is that of the line
        if "listens on port" in line:
            break
    yield Running(process, tmp_path, address)
    process.kill()
    process.wait()


def test_it_greets_answers_heartbeats_and_signs(running: Running) -> None:
    with connect(running.address) as program:
        assert json.loads(program.recv(10)) == {"result": {"version": "1.4"}}
        program.send("--heartbeat--")
        assert json.loads(program.recv(10)) == {"result": {"version": "1.4"}}
        program.send(request())
        assert json.loads(program.recv(30))["status"] is True


def test_it_does_what_is_chosen_while_it_runs(running: Running) -> None:
    with connect(running.address) as program:
        program.recv(10)
        ncalayer.choose(running.instance, Chosen("silent"))
        program.send(request())
        with pytest.raises(TimeoutError):
            program.recv(0.3)
        ncalayer.choose(running.instance, Chosen("unclear"))
        program.send(request())
        assert program.recv(10) == "<html>"
        ncalayer.choose(running.instance, Chosen("closed"))
        program.send(request())
        with pytest.raises(ConnectionClosed):
            program.recv(10)


def test_it_stops_at_once_though_somebody_waits_for_an_answer(running: Running) -> None:
    ncalayer.choose(running.instance, Chosen("silent"))
    with connect(running.address) as program:
        program.send(request())
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0


def test_a_taken_port_is_said_in_a_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = start(tmp_path, f"ws://127.0.0.1:{port}/")
        told, _nothing = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"the simulated NCALayer does not run on port {port}: another program has its port" in told
    assert "Traceback" not in told


def test_it_refuses_an_address_that_is_the_true_programs(tmp_path: Path) -> None:
    process = start(tmp_path, "wss://127.0.0.1:13579/")
    told, _nothing = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "PETITIONS_NCALAYER_URL" in told.splitlines()[-1]


def test_it_never_starts_without_simulators(tmp_path: Path) -> None:
    process = start(tmp_path, "ws://127.0.0.1:13579/", PETITIONS_SIMULATORS="0")
    told, _nothing = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "never start in production" in told.splitlines()[-1]
