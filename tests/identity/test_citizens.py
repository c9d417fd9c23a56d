"""What is kept of citizens, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from petitions import outbox, vault
from petitions.db import engine, reading
from petitions.identity import actions, queries
from petitions.identity.links import LinkNotValid
from petitions.identity.models import RegistryStatus
from petitions.identity.simulators.people import Person, person
from petitions.identity.simulators.registry import SimulatedRegistry
from petitions.identity.verified import VerifiedIdentity
from petitions.law.eligibility import may_join

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
DAY = date(2026, 11, 21)

pytestmark = pytest.mark.usefixtures("services")


def identity_of(one: Person) -> VerifiedIdentity:
    return VerifiedIdentity(one.iin, one.surname, one.given_name, one.patronymic, "egov-idp")


def sign_in(key: str, at: datetime = AT) -> int:
    one = person(key)
    return actions.citizen_from_identity(identity_of(one), actions.ask_registry(one.iin), at)


def facts(citizen_id: int) -> queries.CitizenFacts:
    with reading() as session:
        return queries.person_facts(session, citizen_id)


def test_one_number_is_one_citizen() -> None:
    first = sign_in("aigul")
    assert sign_in("aigul", AT + timedelta(days=3)) == first
    assert sign_in("daniyar") != first


def test_facts_come_from_the_registry() -> None:
    known = facts(sign_in("aigul"))
    assert known.status == RegistryStatus.KNOWN
    assert (known.citizenship, known.residence_kato) == ("KZ", "751410000")
    assert known.birth_date == date(1988, 4, 12)
    assert may_join(known.for_law, DAY) == []


@pytest.mark.parametrize(
    ("key", "reasons"),
    [
        ("minor", ["too_young"]),
        ("foreigner", ["not_a_citizen"]),
        ("stateless", ["not_a_citizen"]),
        ("unknown", ["registry_unknown"]),
        ("down", ["registry_down"]),
    ],
)
def test_who_may_not_join_is_told_why(key: str, reasons: list[str]) -> None:
    assert may_join(facts(sign_in(key)).for_law, DAY) == reasons


def test_a_sleeping_registry_does_not_stop_signing_in(services: SimulatedRegistry) -> None:
    services.set_out(True)
    citizen = sign_in("aigul")
    assert facts(citizen).status == RegistryStatus.DOWN
    assert facts(citizen).birth_date is None
    services.set_out(False)
    assert actions.ensure_facts(citizen, AT).status == RegistryStatus.KNOWN


def test_facts_told_before_stay_while_the_registry_sleeps(services: SimulatedRegistry) -> None:
    citizen = sign_in("aigul")
    services.set_out(True)
    assert actions.ensure_facts(citizen, AT + timedelta(days=2)).status == RegistryStatus.KNOWN
    assert facts(citizen).checked_at == AT
    assert sign_in("aigul", AT + timedelta(days=3)) == citizen
    assert facts(citizen).birth_date == date(1988, 4, 12)


def test_facts_are_asked_anew_after_a_day_only(services: SimulatedRegistry) -> None:
    citizen = sign_in("aigul")
    assert actions.ensure_facts(citizen, AT + timedelta(hours=23)).checked_at == AT
    later = AT + timedelta(hours=25)
    assert actions.ensure_facts(citizen, later).checked_at == later


def test_a_person_the_registry_no_longer_knows_loses_the_facts() -> None:
    citizen = sign_in("aigul")
    actions.citizen_from_identity(identity_of(person("aigul")), RegistryStatus.UNKNOWN, AT)
    assert facts(citizen).status == RegistryStatus.UNKNOWN
    assert (facts(citizen).citizenship, facts(citizen).birth_date) == (None, None)


def test_the_public_name_is_the_given_name_and_a_letter() -> None:
    citizen = sign_in("aigul")
    shouting = replace(identity_of(person("olga")), given_name="АННА-МАРИЯ", surname="образцова")
    other = actions.citizen_from_identity(shouting, RegistryStatus.DOWN, AT)
    with reading() as session:
        assert queries.public_names(session, [citizen, other]) == {
            citizen: "Айгүл С.",
            other: "Анна-Мария О.",
        }


def test_number_and_full_name_are_nowhere_in_clear() -> None:
    aigul = person("aigul")
    citizen = sign_in("aigul")
    actions.set_email(citizen, "aigul@example.kz")
    with engine().connect() as connection:
        stored = str([list(connection.execute(sa.text(f"SELECT * FROM {name}"))) for name in ("citizen", "email")])
    for secret in (aigul.iin, aigul.surname, aigul.patronymic, "1988", "aigul@example.kz"):
        assert secret not in stored
    with reading() as session:
        opened = queries.sealed_person(session, citizen)
        assert queries.joiners(session, [citizen])[citizen].iin_digest == vault.iin_digest(aigul.iin)
    assert opened.full_name == "Сынақова Айгүл Асанқызы"
    assert aigul.iin not in repr(opened)
    assert vault.iin_digest(aigul.iin) in stored


def test_an_email_counts_only_when_confirmed() -> None:
    citizen = sign_in("aigul")
    token = actions.set_email(citizen, " aigul@example.kz ").rpartition("/")[2]
    with reading() as session:
        assert queries.contact(session, citizen) == queries.Contact("aigul@example.kz", False, "kk")
    assert actions.check_email_link(token) == citizen
    assert actions.confirm_email(token, AT) == citizen
    with reading() as session:
        assert queries.contact(session, citizen).confirmed


def test_the_confirming_letter_waits_in_the_outbox() -> None:
    path = actions.set_email(sign_in("aigul"), "aigul@example.kz")
    with reading() as session:
        letter = session.scalars(sa.select(outbox.Email)).one()
        assert letter.kind == "confirm-email"
        assert outbox.unseal(letter) == ("aigul@example.kz", {"path": path})


def test_a_link_to_a_former_address_confirms_nothing() -> None:
    citizen = sign_in("aigul")
    old = actions.set_email(citizen, "old@example.kz").rpartition("/")[2]
    actions.set_email(citizen, "new@example.kz")
    with pytest.raises(LinkNotValid):
        actions.confirm_email(old, AT)
    actions.forget_email(citizen)
    with pytest.raises(LinkNotValid):
        actions.check_email_link(old)


@pytest.mark.parametrize("token", ["", "x", "WzEsICJhIl0.aaaa.bbbb", "a" * 3000])
def test_an_invented_link_is_not_valid(token: str) -> None:
    with pytest.raises(LinkNotValid):
        actions.check_email_link(token)


@pytest.mark.parametrize(
    "email", ["", "a", "a@b", "a b@c.kz", "a@b.kz\nBcc: x@y.kz", "a@b.kz,c@d.kz", "a" * 300 + "@b.kz"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    citizen = sign_in("aigul")
    with pytest.raises(actions.BadEmail):
        actions.set_email(citizen, email)
