"""People for tests: citizens after signing in, staff accounts, and a browser that is signed in."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from petitions import clock, vault
from petitions.audit import Actor
from petitions.db import transaction
from petitions.identity import actions as identity
from petitions.identity import services, sessions
from petitions.identity.iin import make_iin
from petitions.identity.models import Citizen, Proof, RegistryStatus, Staff, StaffRole
from petitions.identity.person_registry import PersonFacts, RegistryDown, RegistryUnknown
from petitions.identity.queries import email_context, person_context
from petitions.identity.roles import Role
from petitions.identity.simulators import people
from petitions.identity.verified import VerifiedIdentity
from tests.conftest import make_config

AT = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
"""Monday 1 June 2026, 11 o'clock in Kazakhstan: the 2026 edition."""
AT_2024_EDITION = datetime(2025, 6, 2, 6, 0, tzinfo=UTC)
"""Monday 2 June 2025: the 2024 edition, support first."""
SETTLEMENT = "392433000"  # 1184 people: its akim's office needs 60

numbers = itertools.count(1)


class DemoRegistry:
    """The registry's simulator without its web pages."""

    def lookup(self, iin: str) -> PersonFacts:
        found = people.by_iin(iin)
        if found is None or found.registry == "unknown":
            raise RegistryUnknown
        if found.registry == "down":
            raise RegistryDown
        return PersonFacts(
            citizenship=found.citizenship,
            birth_date=found.birth_date,
            residence_kato=found.residence_kato,
            given_name=found.given_name,
            surname=found.surname,
            patronymic=found.patronymic,
        )


def a_citizen(person: str = "aigul", *, at: datetime = AT, email: bool = True, confirmed: bool = True) -> int:
    """A demonstration person who has signed in and confirmed an e-mail; the same id when called again."""
    if services._services is None:
        use_demo_registry()
    one = people.person(person)
    proven = VerifiedIdentity(one.iin, one.surname, one.given_name, one.patronymic, "egov-idp")
    citizen_id = identity.citizen_from_identity(proven, identity.ask_registry(one.iin, DemoRegistry()), at)
    with transaction() as session:
        citizen = session.get_one(Citizen, citizen_id)
        sealed = vault.seal(f"{person}@example.kz".encode(), email_context(citizen.iin_digest))
        citizen.email_sealed = sealed if email else None
        citizen.email_confirmed_at = at if email and confirmed else None
    return citizen_id


def use_demo_registry(app: Flask | None = None) -> None:
    """Ask the simulator's list of people in this process, not over HTTP."""
    config = app.extensions["config"] if app else make_config(Path("instance"), "sqlite://")
    services.configure(config, registry=DemoRegistry())


def citizen(citizen_id: int) -> Actor:
    """The citizen as one who acts."""
    return Actor("citizen", citizen_id, "citizen")


def citizens(n: int, *, at: datetime = AT, kato: str | None = SETTLEMENT) -> list[int]:
    """Synthetic adult citizens, registered in one unit, in one transaction."""
    with transaction() as session:
        made = [_synthetic(next(numbers), at, kato) for _ in range(n)]
        session.add_all(made)
        session.flush()
        return [one.id for one in made]


def a_staff_member(roles: Iterable[Role] = (Role.MODERATOR,), body_id: int | None = None, *, at: datetime = AT) -> int:
    """An account that nobody has a password for; see `sign_in`."""
    with transaction() as session:
        return staff_row(session, roles, body_id, at)


def staff(staff_id: int, role: Role) -> Actor:
    """The member of staff as one who acts."""
    return Actor("staff", staff_id, role)


def sign_in(client: FlaskClient, *, citizen_id: int | None = None, staff_id: int | None = None) -> None:
    """Sign a test's browser in, without the pages of signing in; staff as if by a passkey, this moment."""
    method = None if staff_id is None else Proof.PASSKEY
    token = sessions.open_session(citizen_id=citizen_id, staff_id=staff_id, method=method, now=clock.real_now())
    with client.session_transaction() as cookie:
        cookie[sessions.SESSION_KEY] = token


def _synthetic(number: int, at: datetime, kato: str | None) -> Citizen:
    """Somebody whom no list names: an IIN of its own, a name that says what they are."""
    born = date(1950, 1, 1) + timedelta(days=number % 18_000)
    iin = make_iin(born, male=number % 2 == 0, serial=1000 + 10 * (number // 18_000))
    digest = vault.iin_digest(iin)
    names = {"iin": iin, "surname": "Сынақов", "given_name": "Үлгі", "patronymic": ""}
    plain = json.dumps(names | {"birth_date": born.isoformat()}, ensure_ascii=False).encode()
    return Citizen(
        iin_digest=digest,
        sealed=vault.seal(plain, person_context(digest)),
        given_name="Үлгі",
        surname_initial="С",
        registry_status=RegistryStatus.KNOWN,
        registry_checked_at=at,
        citizenship="KZ",
        residence_kato=kato,
        language="kk",
        created_at=at,
    )


def staff_row(session: Session, roles: Iterable[Role], body_id: int | None, at: datetime) -> int:
    number = next(numbers)
    one = Staff(
        email=f"staff-{number}@example.kz",
        display_name=f"Staff {number}",
        password_hash=f"!{number}",
        body_id=body_id,
        active=True,
        created_at=at,
    )
    session.add(one)
    session.flush()
    session.add_all(StaffRole(staff_id=one.id, role=role) for role in roles)
    return one.id
