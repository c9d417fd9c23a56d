from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from petitions.identity.person_registry import HttpRegistry, RegistryDown, RegistryUnknown, parse_facts
from petitions.identity.simulators.people import person
from petitions.identity.simulators.registry import SimulatedRegistry
from tests.identity.conftest import LiveServer

AIGUL = person("aigul")
ANSWER = {
    "iin": AIGUL.iin,
    "citizenship": "KZ",
    "birth_date": "1988-04-12",
    "residence_kato": "751410000",
    "given_name": "Айгүл",
    "surname": "Сынақова",
    "patronymic": None,
}


def test_an_answer_is_read() -> None:
    facts = parse_facts(json.dumps(ANSWER).encode(), AIGUL.iin)
    assert (facts.citizenship, facts.birth_date, facts.patronymic) == ("KZ", date(1988, 4, 12), "")
    assert "1988" not in repr(facts)


@pytest.mark.parametrize(
    "change",
    [
        {"iin": person("olga").iin},
        {"birth_date": "yesterday"},
        {"birth_date": None},
        {"citizenship": "KAZAKHSTAN"},
        {"citizenship": None},
        {"residence_kato": 751410000},
        {"given_name": ["a"]},
    ],
)
def test_an_answer_that_cannot_be_is_none(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        parse_facts(json.dumps(ANSWER | change).encode(), AIGUL.iin)


def test_the_registry_answers_over_the_wire(live: LiveServer) -> None:
    registry = HttpRegistry(f"{live.url}/simulators/registry")
    assert registry.lookup(AIGUL.iin).residence_kato == "751410000"
    assert registry.lookup(person("foreigner").iin).citizenship == "KG"
    with pytest.raises(RegistryUnknown):
        registry.lookup(person("unknown").iin)
    with pytest.raises(RegistryDown):
        registry.lookup(person("down").iin)


def test_the_outage_switch_takes_everybody_down(live: LiveServer) -> None:
    registry = HttpRegistry(f"{live.url}/simulators/registry")
    switch = live.app.test_client()
    switch.post("/simulators/registry/outage", data={"out": "1"})
    assert SimulatedRegistry(live.app.extensions["config"].instance_path).is_out()
    with pytest.raises(RegistryDown):
        registry.lookup(AIGUL.iin)
    assert switch.get("/simulators/registry/?lang=en").status_code == 200
    switch.post("/simulators/registry/outage", data={"out": "0"})
    assert registry.lookup(AIGUL.iin).citizenship == "KZ"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/registry", "http://registry.invalid", "no address"])
def test_a_registry_that_is_not_there_is_down(address: str) -> None:
    with pytest.raises(RegistryDown) as down:
        HttpRegistry(address).lookup(AIGUL.iin)
    assert AIGUL.iin not in str(down.value)
    assert down.value.__cause__ is None


def test_an_answer_of_another_service_is_no_answer(live: LiveServer) -> None:
    with pytest.raises((RegistryDown, RegistryUnknown)):
        HttpRegistry(f"{live.url}/kk").lookup(AIGUL.iin)
