"""Who plays: the demonstration's citizens and staff, brought in by the acts a person would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from petitions.audit import Actor
from petitions.config import Config
from petitions.db import reading
from petitions.demo.seeds import seeds
from petitions.identity import actions as identity
from petitions.identity import queries as people_queries
from petitions.identity import services
from petitions.identity.demo_staff import DEMO_STAFF, seed_demo_staff
from petitions.identity.person_registry import PersonRegistry
from petitions.identity.roles import PRECEDENCE
from petitions.identity.simulators import people
from petitions.identity.simulators.authority import SimulatedAuthority, open_authority
from petitions.identity.simulators.people import Person
from petitions.identity.simulators.registry import SimulatedRegistry
from petitions.identity.verified import VerifiedIdentity
from petitions.reference import queries as reference

PLACES = {
    "ministry": "mki",
    "akimat": "akim-office-392433000",
    "maslikhat": "maslikhat-114400000",
}
LANGUAGES = {"olga": "ru"}


@dataclass(frozen=True)
class Cast:
    """Everybody by key. ``signers`` are the ordinary people: the special ones are left for whoever tries it."""

    authority: SimulatedAuthority = field(repr=False)
    citizens: Mapping[str, int]
    staff: Mapping[str, Actor]
    signers: tuple[Person, ...] = field(repr=False)

    def citizen(self, key: str) -> Actor:
        return Actor("citizen", self.citizens[key], "citizen")


def bring_staff(config: Config, at: datetime) -> dict[str, Actor]:
    """The staff accounts, made where they are missing."""
    with reading() as session:
        found = {place: reference.body_by_slug(session, slug) for place, slug in PLACES.items()}
    ids = seed_demo_staff(config, {place: body.id for place, body in found.items() if body}, at)
    return {
        one.key: Actor("staff", ids[one.key], str(next(role for role in PRECEDENCE if role in roles)))
        for one in DEMO_STAFF
        if (roles := {*one.roles})
    }


def bring_citizens(config: Config, staff: Mapping[str, Actor], first_day: datetime, now: datetime) -> Cast:
    """Sign everybody in, on the first day of the history and again now, so that the registry's facts are fresh."""
    authors = {seed.author for seed in seeds()}
    signers = tuple(people.ordinary())
    ids = {}
    for person in (*map(people.person, sorted(authors)), *signers):
        for at in (first_day, now):
            ids[person.key] = _sign_in(person, at)
    for key in sorted(authors):
        _confirm_email(ids[key], f"{key}@demo.invalid", first_day)
    return Cast(open_authority(config.instance_path), ids, staff, signers)


@contextmanager
def registry_at_hand(config: Config) -> Iterator[None]:
    """Ask the simulated registry without the wire: its web server may not be up yet."""
    before: PersonRegistry = services.registry()
    services.configure(config, registry=SimulatedRegistry(config.instance_path))
    try:
        yield
    finally:
        services.configure(config, registry=before)


def _sign_in(person: Person, at: datetime) -> int:
    proven = VerifiedIdentity(person.iin, person.surname, person.given_name, person.patronymic, proven_by="egov-idp")
    language = LANGUAGES.get(person.key, "kk")
    return identity.citizen_from_identity(proven, identity.ask_registry(person.iin), at, language=language)


def _confirm_email(citizen_id: int, email: str, at: datetime) -> None:
    with reading() as session:
        if people_queries.contact(session, citizen_id).confirmed:
            return
    path = identity.set_email(citizen_id, email)
    identity.confirm_email(path.rpartition("/")[2], at)
