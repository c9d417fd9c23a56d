"""The person registry in its true envelope: what is asked, what is read, and everything that is no answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as some

from petitions.db import reading
from petitions.identity import actions, person_registry, queries
from petitions.identity.models import RegistryStatus
from petitions.identity.person_registry import RegistryDown, RegistryUnknown, SoapRegistry, read_territories
from petitions.identity.registry_envelope import PersonFacts, read_answer, write_question
from petitions.identity.services import configure as configure_services
from petitions.identity.simulators.people import Person, person
from petitions.identity.simulators.registry import BEHAVIOURS, SimulatedRegistry, answer_about, bomb, fault
from petitions.identity.verified import VerifiedIdentity
from tests.conftest import make_config
from tests.identity.conftest import LiveServer

AIGUL = person("aigul")
AT = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
CHANNEL = "{http://bip.bee.kz/SyncChannel/v10/Types}"
INTERFACES = "{http://bip.bee.kz/SyncChannel/v10/Interfaces}"


def registry_of(live: LiveServer) -> SoapRegistry:
    config = live.app.extensions["config"]
    return SoapRegistry(config.registry_url, config.registry_sender, config.registry_password)


def test_the_question_is_the_gateways_envelope() -> None:
    body = write_question(AIGUL.iin, sender="petitions & co", password="<secret>", at=AT)
    request = fromstring(body).find(f"{{http://schemas.xmlsoap.org/soap/envelope/}}Body/{CHANNEL}SendMessage/request")
    assert request is not None
    asked = {path: request.findtext(path) for path in ("requestInfo/serviceId", "requestInfo/messageDate")}
    assert asked == {
        "requestInfo/serviceId": "GBDFL_UniversalServiceSync",
        "requestInfo/messageDate": "2026-06-01T06:00:00.000+00:00",
    }
    assert request.findtext("requestInfo/sender/senderId") == "petitions & co"
    assert request.findtext("requestInfo/sender/password") == "<secret>"
    data = request.find(f"requestData/{INTERFACES}data")
    assert data is not None
    assert data.findtext("iin") == AIGUL.iin
    assert data.get("{http://www.w3.org/2001/XMLSchema-instance}type") == "cs:Request"


def test_an_answer_is_read() -> None:
    facts = read_answer(answer_about(AIGUL), AIGUL.iin)
    assert facts is not None
    assert (facts.citizenship, facts.birth_date, facts.residence_kato) == ("KZ", date(1988, 4, 12), "751410000")
    assert "1988" not in repr(facts)


@pytest.mark.parametrize(("number", "letters"), [("398", "KZ"), ("840", "US"), ("000", "XX"), ("810", "XX")])
def test_a_countrys_number_becomes_its_letters(number: str, letters: str) -> None:
    facts = read_answer(changed("<citizenship><code>398", f"<citizenship><code>{number}"), AIGUL.iin)
    assert facts is not None
    assert facts.citizenship == letters


@pytest.mark.parametrize("code", ["1926401", "", "75141000x", "٧٥١٤١٠٠٠٠"])
def test_an_address_without_a_kato_code_is_no_known_residence(code: str) -> None:
    facts = read_answer(changed("751410000", code), AIGUL.iin)
    assert facts is not None
    assert facts.residence_kato is None


def test_the_registrys_own_codes_become_kato_codes_by_a_table(tmp_path: Path) -> None:
    table = tmp_path / "territories.csv"
    table.write_text("1926401,271010000\n1926,270000000\n")
    territories = read_territories(table)
    for region, kato in (("1926401", "271010000"), ("9999999", None)):
        facts = read_answer(changed("<region><code>751410000", f"<region><code>{region}"), AIGUL.iin, territories)
        assert facts is not None
        assert facts.residence_kato == kato
    by_district = changed("<district><code>7514</code></district><region><code>751410000", "<district><code>1926")
    facts = read_answer(by_district.replace(b"</region>", b"</district>"), AIGUL.iin, territories)
    assert facts is not None
    assert facts.residence_kato == "270000000"


@pytest.mark.parametrize("line", ["1926401", "1926401,271010000,x"])
def test_a_table_of_another_shape_is_refused_at_the_start(tmp_path: Path, line: str) -> None:
    table = tmp_path / "territories.csv"
    table.write_text(line)
    config = make_config(tmp_path, "sqlite://", registry_territories_path=table)
    with pytest.raises(ValueError, match="unpack"):
        configure_services(config)


def test_who_has_died_is_nobody_here() -> None:
    assert read_answer(changed("<lifeStatus><code>0", "<lifeStatus><code>1"), AIGUL.iin) is None


def test_an_answer_with_nobody_in_it_is_read() -> None:
    assert read_answer(answer_about(None), AIGUL.iin) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no xml",
        b"{}",
        b'<?xml version="1.0" encoding="no-such-encoding"?><a/>',
        "<a>ә".encode("utf-16")[:-1],
        b"<a>" * 100_000,
        b"<a>" * 20_000 + b"</a>" * 20_000,
        bomb(),
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        fault("busy"),
        answer_about(AIGUL)[:-20],
        answer_about(person("olga")),
        answer_about(person("olga")).replace(b"<lifeStatus><code>0", b"<lifeStatus><code>1"),
    ],
    ids=lambda body: f"{len(body)} bytes",
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        read_answer(body, AIGUL.iin)
    assert AIGUL.iin not in str(refused.value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SCSS001", "SCSE001"),
        ("<code>00000</code>", "<code>00017</code>"),
        ("1988-04-12", "yesterday"),
        ("<birthDate>1988-04-12</birthDate>", ""),
        ("<citizenship><code>398", "<citizenship><code>KZ"),
        ("<citizenship><code>398</code>", "<citizenship>"),
        ("<citizenship><code>398", f"<citizenship><code>{'3' * 50}"),
        ("<name>", "<name>" + "Ә" * 121),
        ("</person>", f"</person><person><iin>{AIGUL.iin}</iin></person>"),
        ("SyncChannel/v10/Types", "SyncChannel/v11/Types"),
    ],
)
def test_an_answer_that_cannot_be_is_none(before: str, after: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_answer(changed(before, after), AIGUL.iin)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(some.data())
def test_a_spoilt_answer_is_a_fact_or_a_refusal(data: some.DataObject) -> None:
    whole = bytearray(answer_about(AIGUL))
    for _turn in range(data.draw(some.integers(1, 6))):
        place = data.draw(some.integers(0, len(whole) - 1))
        whole[place : place + data.draw(some.integers(0, 30))] = data.draw(some.binary(max_size=12))
    try:
        facts = read_answer(bytes(whole), AIGUL.iin)
    except ValueError:
        return
    assert facts is None or len(facts.citizenship) == 2


def test_the_registry_answers_over_the_wire(live: LiveServer) -> None:
    registry = registry_of(live)
    assert registry.lookup(AIGUL.iin).residence_kato == "751410000"
    assert registry.lookup(person("foreigner").iin).citizenship == "KG"
    assert registry.lookup(person("stateless").iin).citizenship == "XX"
    with pytest.raises(RegistryUnknown):
        registry.lookup(person("unknown").iin)
    with pytest.raises(RegistryDown):
        registry.lookup(person("down").iin)
    with pytest.raises(RegistryUnknown):
        registry.lookup("12345")


def test_the_simulator_without_the_wire_says_the_same(live: LiveServer) -> None:
    at_hand = SimulatedRegistry(live.app.extensions["config"].instance_path)
    for key in ("aigul", "foreigner", "stateless", "unknown", "down", "minor"):
        assert told(at_hand.lookup, person(key)) == told(registry_of(live).lookup, person(key))


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"sender": "another"}, {"sender": "<x>&"}])
def test_a_sender_the_gateway_does_not_know_gets_no_answer(live: LiveServer, change: dict[str, str]) -> None:
    with pytest.raises(RegistryDown):
        replace(registry_of(live), **change).lookup(AIGUL.iin)


@pytest.mark.parametrize("behaviour", [word for word in BEHAVIOURS if word != "up"])
def test_nothing_is_assumed_of_a_registry_that_misbehaves(
    live: LiveServer, behaviour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_registry, "TIMEOUT_SECONDS", 0.3)
    switch = live.app.test_client()
    switch.post("/simulators/registry/behaviour", data={"behaviour": behaviour})
    started = time.monotonic()
    with pytest.raises(RegistryDown):
        registry_of(live).lookup(AIGUL.iin)
    assert time.monotonic() - started < 3
    assert "SIMULATOR" in switch.get("/simulators/registry/?lang=en").text
    switch.post("/simulators/registry/behaviour", data={"behaviour": "up"})
    assert registry_of(live).lookup(AIGUL.iin).citizenship == "KZ"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/registry", "http://registry.invalid", "no address"])
def test_a_registry_that_is_not_there_is_down(address: str) -> None:
    with pytest.raises(RegistryDown) as down:
        SoapRegistry(address, "petitions", "secret").lookup(AIGUL.iin)
    assert AIGUL.iin not in str(down.value)
    assert down.value.__cause__ is None


def test_an_answer_of_another_service_is_no_answer(live: LiveServer) -> None:
    with pytest.raises(RegistryDown):
        SoapRegistry(f"{live.url}/kk", "petitions", "secret").lookup(AIGUL.iin)


@pytest.mark.parametrize(
    "sent",
    [
        lambda peer: [peer.sendall(b"x" * 65_536) for _n in range(20)],
        lambda peer: [(peer.sendall(b" "), time.sleep(0.1)) for _n in range(40)],
        lambda peer: None,
    ],
    ids=["endless", "dripping", "cut short"],
)
def test_a_body_without_end_is_no_answer(
    sent: Callable[[socket.socket], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_registry, "TIMEOUT_SECONDS", 0.3)
    started = time.monotonic()
    with a_server(sent) as address, pytest.raises(RegistryDown):
        SoapRegistry(address, "petitions", "secret").lookup(AIGUL.iin)
    assert time.monotonic() - started < 3


def test_facts_told_before_stay_while_the_registry_talks_nonsense(services: SimulatedRegistry) -> None:
    proven = VerifiedIdentity(AIGUL.iin, AIGUL.surname, AIGUL.given_name, "", "egov-idp")
    citizen = actions.citizen_from_identity(proven, actions.ask_registry(AIGUL.iin), AT)
    services.set_behaviour("bomb")
    actions.refresh_registry(citizen, AT)
    with reading() as session:
        facts = queries.person_facts(session, citizen)
    assert (facts.status, facts.citizenship) == (RegistryStatus.KNOWN, "KZ")


def test_an_unknown_word_on_the_switch_is_no_outage(tmp_path: Path) -> None:
    registry = SimulatedRegistry(tmp_path)
    registry.set_behaviour("sulking")
    assert not registry.is_out()


def changed(before: str, after: str) -> bytes:
    """Aigul's answer with one thing different."""
    whole = answer_about(AIGUL).decode()
    assert before in whole
    return whole.replace(before, after, 1).encode()


def told(lookup: Callable[[str], PersonFacts], one: Person) -> object:
    try:
        return lookup(one.iin)
    except (RegistryUnknown, RegistryDown) as error:
        return type(error)


@contextmanager
def a_server(sent: Callable[[socket.socket], object]) -> Iterator[str]:
    """A server of one connection that promises a million bytes and sends what it is told to."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        peer, _address = listening.accept()
        with peer:
            peer.recv(65_536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n<a>")
            try:
                sent(peer)
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    thread.join()
    listening.close()
