"""What other rooms may know of people, shaped for them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import vault
from petitions.errors import NotFound
from petitions.identity.models import NO_PASSWORD, Citizen, RegistryStatus, SignInSession, Staff, StaffRole
from petitions.identity.roles import Role
from petitions.law import eligibility
from petitions.sealed_columns import CITIZEN, CITIZEN_EMAIL


@dataclass(frozen=True)
class CitizenFacts:
    """What the registry told about a citizen.

    Only ``KNOWN`` facts say anything, otherwise nothing is assumed.
    """

    status: RegistryStatus
    checked_at: datetime | None
    citizenship: str | None
    birth_date: date | None = field(repr=False)
    residence_kato: str | None

    @property
    def for_law(self) -> eligibility.PersonFacts:
        """The same as `law.eligibility` asks for it; a person not asked about yet counts as unanswered."""
        answered = {
            RegistryStatus.KNOWN: eligibility.RegistryStatus.FOUND,
            RegistryStatus.UNKNOWN: eligibility.RegistryStatus.UNKNOWN,
        }
        return eligibility.PersonFacts(
            status=answered.get(self.status, eligibility.RegistryStatus.DOWN),
            citizenship=self.citizenship,
            birth_date=self.birth_date,
        )


@dataclass(frozen=True)
class Joiner:
    """What joining asks of a citizen, all at once."""

    iin_digest: str = field(repr=False)
    public_name: str
    facts: CitizenFacts


@dataclass(frozen=True)
class SealedPerson:
    """The opened vault record; for the law's own documents only, never for a page or a log."""

    iin: str = field(repr=False)
    surname: str = field(repr=False)
    given_name: str = field(repr=False)
    patronymic: str = field(repr=False)
    birth_date: date | None = field(repr=False)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


@dataclass(frozen=True)
class Contact:
    """Where a citizen is written to; ``email`` is None until one was given."""

    email: str | None = field(repr=False)
    confirmed: bool
    language: str


@dataclass(frozen=True)
class SessionRow:
    """A signed-in browser of one's own."""

    token_digest: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class StaffRow:
    """A member of staff as colleagues see them. ``roles`` are the granted ones.

    An acting head is told by dates.
    """

    id: int
    email: str
    display_name: str
    roles: tuple[Role, ...]
    body_id: int | None
    acting_from: date | None
    acting_to: date | None
    acting_act: str | None
    active: bool
    has_password: bool

    def is_acting_on(self, day: date) -> bool:
        return self.acting_from is not None and self.acting_to is not None and self.acting_from <= day <= self.acting_to


def person_facts(session: Session, citizen_id: int) -> CitizenFacts:
    """Citizenship, birth date and residence for law.eligibility. Raises NotFound."""
    citizen = load_citizen(session, citizen_id)
    return CitizenFacts(
        status=RegistryStatus(citizen.registry_status),
        checked_at=citizen.registry_checked_at,
        citizenship=citizen.citizenship,
        birth_date=unseal(citizen).birth_date,
        residence_kato=citizen.residence_kato,
    )


def sealed_person(session: Session, citizen_id: int) -> SealedPerson:
    """IIN and full name, where the law needs them (the author of a petition before its addressee).

    Raises NotFound.
    """
    return unseal(load_citizen(session, citizen_id))


def joiners(session: Session, citizen_ids: Collection[int]) -> dict[int, Joiner]:
    """Many citizens who join at one moment, by one statement; who is not there is left out."""
    rows: Iterable[sa.Row[Any]] = session.execute(_JOINERS, {"ids": sorted(citizen_ids)})
    return {row.id: _joiner(row) for row in rows}


def contact(session: Session, citizen_id: int) -> Contact:
    """E-mail (opened), whether it was confirmed, and the language to write in. Raises NotFound."""
    citizen = load_citizen(session, citizen_id)
    return Contact(unseal_email(citizen), citizen.email_confirmed_at is not None, citizen.language)


def public_names(session: Session, citizen_ids: Collection[int]) -> dict[int, str]:
    """Given name and first letter of the surname, all that the public is shown."""
    rows = session.execute(
        sa.select(Citizen.id, Citizen.given_name, Citizen.surname_initial).where(Citizen.id.in_(citizen_ids))
    )
    return {citizen_id: public_name(given_name, initial) for citizen_id, given_name, initial in rows}


def public_name(given_name: str, surname_initial: str) -> str:
    return f"{given_name} {surname_initial}." if surname_initial else given_name


def open_sessions(session: Session, citizen_id: int, *, this: str, now: datetime) -> list[SessionRow]:
    """A citizen's signed-in browsers, newest first; ``this`` is the digest of the asking one."""
    rows = session.scalars(
        sa.select(SignInSession)
        .where(
            SignInSession.citizen_id == citizen_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > now,
        )
        .order_by(SignInSession.created_at.desc())
    )
    return [SessionRow(r.token_digest, r.created_at, r.last_seen_at, r.token_digest == this) for r in rows]


def staff_row(session: Session, staff_id: int) -> StaffRow:
    """One member of staff. Raises NotFound."""
    for row in _staff_rows(session, sa.select(Staff).where(Staff.id == staff_id)):
        return row
    raise NotFound


def staff_by_email(session: Session, email: str) -> StaffRow | None:
    for row in _staff_rows(session, sa.select(Staff).where(Staff.email == email.strip().lower())):
        return row
    return None


def all_staff(session: Session) -> list[StaffRow]:
    """Everybody, by name, the disabled included."""
    return _staff_rows(session, sa.select(Staff).order_by(Staff.display_name, Staff.id))


def load_citizen(session: Session, citizen_id: int) -> Citizen:
    """The row itself, for this room's actions. Raises NotFound."""
    citizen = session.get(Citizen, citizen_id)
    if citizen is None:
        raise NotFound
    return citizen


def unseal(citizen: Citizen) -> SealedPerson:
    return _opened(citizen.sealed, citizen.iin_digest)


def _opened(sealed: bytes, iin_digest: str) -> SealedPerson:
    values = json.loads(vault.open_sealed(sealed, person_context(iin_digest)))
    born = values["birth_date"]
    return SealedPerson(
        iin=values["iin"],
        surname=values["surname"],
        given_name=values["given_name"],
        patronymic=values["patronymic"],
        birth_date=None if born is None else date.fromisoformat(born),
    )


def unseal_email(citizen: Citizen) -> str | None:
    if citizen.email_sealed is None:
        return None
    return vault.open_sealed(citizen.email_sealed, email_context(citizen.iin_digest)).decode()


def person_context(iin_digest: str) -> str:
    return CITIZEN.context(iin_digest=iin_digest)


def email_context(iin_digest: str) -> str:
    return CITIZEN_EMAIL.context(iin_digest=iin_digest)


def _joiner(row: sa.Row[Any]) -> Joiner:
    facts = CitizenFacts(
        status=RegistryStatus(row.registry_status),
        checked_at=row.registry_checked_at,
        citizenship=row.citizenship,
        birth_date=_opened(row.sealed, row.iin_digest).birth_date,
        residence_kato=row.residence_kato,
    )
    return Joiner(row.iin_digest, public_name(row.given_name, row.surname_initial), facts)


_CITIZEN = Citizen.__table__.c
_JOINERS = sa.select(
    _CITIZEN.id,
    _CITIZEN.iin_digest,
    _CITIZEN.sealed,
    _CITIZEN.given_name,
    _CITIZEN.surname_initial,
    _CITIZEN.registry_status,
    _CITIZEN.registry_checked_at,
    _CITIZEN.citizenship,
    _CITIZEN.residence_kato,
).where(_CITIZEN.id.in_(sa.bindparam("ids", expanding=True)))


def _staff_rows(session: Session, wanted: sa.Select[Staff]) -> list[StaffRow]:
    people = session.scalars(wanted).all()
    granted: dict[int, list[Role]] = {}
    of_them = sa.select(StaffRole).where(StaffRole.staff_id.in_([one.id for one in people]))
    for row in session.scalars(of_them):
        granted.setdefault(row.staff_id, []).append(Role(row.role))
    return [
        StaffRow(
            id=one.id,
            email=one.email,
            display_name=one.display_name,
            roles=tuple(sorted(granted.get(one.id, []))),
            body_id=one.body_id,
            acting_from=one.acting_from,
            acting_to=one.acting_to,
            acting_act=one.acting_act,
            active=one.active,
            has_password=not one.password_hash.startswith(NO_PASSWORD),
        )
        for one in people
    ]
