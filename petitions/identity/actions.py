"""What changes about citizens: who they are, what the registry says, where they are written to."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import TypeAlias

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from petitions import clock, outbox, vault
from petitions.db import reading, retried, transaction
from petitions.errors import DomainError
from petitions.identity import services
from petitions.identity.links import LinkNotValid, is_bound, make_token, mark_of, read_token
from petitions.identity.models import Citizen, RegistryStatus, SignInSession
from petitions.identity.person_registry import PersonFacts, PersonRegistry, RegistryDown, RegistryUnknown
from petitions.identity.queries import (
    CitizenFacts,
    email_context,
    load_citizen,
    person_context,
    person_facts,
    unseal,
    unseal_email,
)
from petitions.identity.staff import (
    appoint_acting_head,
    create_staff,
    disable_staff,
    enable_staff,
    invite_again,
    set_roles,
)
from petitions.identity.verified import VerifiedIdentity

__all__ = [
    "BadEmail",
    "LinkNotValid",
    "RegistryAnswer",
    "appoint_acting_head",
    "ask_registry",
    "check_email_link",
    "citizen_from_identity",
    "confirm_email",
    "create_staff",
    "disable_staff",
    "enable_staff",
    "ensure_facts",
    "forget_email",
    "forget_sessions",
    "invite_again",
    "refresh_registry",
    "set_email",
    "set_language",
    "set_roles",
]

FRESH_FOR = timedelta(hours=24)
# The page asks the registry; who began just before the facts grew old may finish.
USABLE_FOR = FRESH_FOR + timedelta(hours=1)
EMAIL_LINK_SECONDS = 2 * 24 * 3600
EMAIL_FORM = re.compile(r"[^@\s,;:<>()\"\\]{1,64}@[^@\s,;:<>()\"\\.]+(\.[^@\s,;:<>()\"\\.]+)+")
SESSIONS_KEPT = timedelta(days=30)

# What the registry answered: facts, or that it does not know the person, or nothing at all.
RegistryAnswer: TypeAlias = PersonFacts | RegistryStatus


class BadEmail(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("Enter an e-mail address, like name@example.kz"), field="email")


def ask_registry(iin: str, registry: PersonRegistry | None = None) -> RegistryAnswer:
    """The registry's facts, or UNKNOWN, or DOWN; never an error: signing in goes on without it."""
    try:
        return (registry or services.registry()).lookup(iin)
    except RegistryUnknown:
        return RegistryStatus.UNKNOWN
    except RegistryDown:
        return RegistryStatus.DOWN


def citizen_from_identity(
    identity: VerifiedIdentity, answer: RegistryAnswer, at: datetime, *, language: str = "kk"
) -> int:
    """The citizen with this IIN, made at the first sign-in, refreshed at every later one; returns the id.

    ``language`` is kept for a new citizen only: later it is theirs to choose.
    """
    try:
        return _keep_citizen(identity, answer, at, language)
    except IntegrityError:
        # Two first sign-ins of one person at once: the other one made the row.
        return _keep_citizen(identity, answer, at, language)


def ensure_facts(citizen_id: int, at: datetime) -> CitizenFacts:
    """The registry's facts, asked anew when older than a day or not known.

    For pages, never within a signing POST.
    """
    with reading() as session:
        facts = person_facts(session, citizen_id)
    if facts.status == RegistryStatus.KNOWN and facts.checked_at is not None and at - facts.checked_at < FRESH_FOR:
        return facts
    return refresh_registry(citizen_id, at)


def refresh_registry(citizen_id: int, at: datetime) -> CitizenFacts:
    """Ask the registry now and keep its answer. Facts it told before stay in force while it is down."""
    with reading() as session:
        iin = unseal(load_citizen(session, citizen_id)).iin
    return _keep_answer(citizen_id, ask_registry(iin), at)


@retried
def set_language(citizen_id: int, language: str) -> None:
    """The language mails are written in (kk, ru or en)."""
    with transaction() as session:
        load_citizen(session, citizen_id).language = language


@retried
def set_email(citizen_id: int, email: str) -> str:
    """Keep a new, unconfirmed address and write to it; returns the path of the confirming page.

    Raises BadEmail.
    """
    email = email.strip()
    if len(email) > 254 or EMAIL_FORM.fullmatch(email) is None:
        raise BadEmail
    with transaction() as session:
        citizen = load_citizen(session, citizen_id)
        citizen.email_sealed = sealed = vault.seal(email.encode(), email_context(citizen.iin_digest))
        citizen.email_confirmed_at = None
        token = make_token("email", citizen_id, _link_mark(email))
        path = f"/{citizen.language}/account/email/confirmation/{token}"
        outbox.queue(
            session,
            key=f"confirm-email:{citizen_id}:{mark_of(sealed)}",
            kind="confirm-email",
            to=email,
            language=citizen.language,
            facts={"path": path},
            now=clock.real_now(),
        )
        return path


def check_email_link(token: str) -> int:
    """The citizen of a confirmation link that still works. Raises LinkNotValid."""
    with reading() as session:
        return _of_email_link(session, token).id


@retried
def confirm_email(token: str, at: datetime) -> int:
    """Confirm the address a link was sent to; returns the citizen.

    Raises LinkNotValid when it was changed since.
    """
    with transaction() as session:
        citizen = _of_email_link(session, token)
        citizen.email_confirmed_at = citizen.email_confirmed_at or at
        return citizen.id


@retried
def forget_email(citizen_id: int) -> None:
    """Erase a citizen's address at their wish."""
    with transaction() as session:
        citizen = load_citizen(session, citizen_id)
        citizen.email_confirmed_at = None
        citizen.email_sealed = None


@retried
def forget_sessions(now: datetime) -> int:
    """Delete sessions long over; for the worker. Returns how many."""
    with transaction() as session:
        over = sa.delete(SignInSession).where(SignInSession.expires_at < now - SESSIONS_KEPT)
        return int(session.execute(over).rowcount)  # type: ignore[attr-defined]


@retried
def _keep_citizen(identity: VerifiedIdentity, answer: RegistryAnswer, at: datetime, language: str) -> int:
    digest = vault.iin_digest(identity.iin)
    with transaction() as session:
        citizen = session.scalar(sa.select(Citizen).where(Citizen.iin_digest == digest))
        if citizen is None:
            citizen = Citizen(
                iin_digest=digest,
                registry_status=RegistryStatus.UNASKED,
                language=language,
                created_at=at,
            )
            session.add(citizen)
        citizen.given_name = _written(identity.given_name)
        citizen.surname_initial = identity.surname.strip()[:1].upper()
        # The birth date told before stays, unless the registry now answers otherwise.
        born = unseal(citizen).birth_date if citizen.sealed else None
        _seal(citizen, identity, born.isoformat() if born else None)
        _take(citizen, answer, at)
        session.flush()
        return citizen.id


@retried
def _keep_answer(citizen_id: int, answer: RegistryAnswer, at: datetime) -> CitizenFacts:
    with transaction() as session:
        _take(load_citizen(session, citizen_id), answer, at)
        session.flush()
        return person_facts(session, citizen_id)


def _take(citizen: Citizen, answer: RegistryAnswer, at: datetime) -> None:
    """Put the registry's answer on the row: facts replace facts, silence replaces only ignorance."""
    if answer == RegistryStatus.DOWN:
        if citizen.registry_status != RegistryStatus.KNOWN:
            citizen.registry_status = RegistryStatus.DOWN
            citizen.registry_checked_at = at
        return
    citizen.registry_checked_at = at
    person = unseal(citizen)
    if isinstance(answer, PersonFacts):
        citizen.registry_status = RegistryStatus.KNOWN
        citizen.citizenship, citizen.residence_kato = answer.citizenship, answer.residence_kato
        _seal(citizen, person, answer.birth_date.isoformat())
    else:
        citizen.registry_status = RegistryStatus.UNKNOWN
        citizen.citizenship = citizen.residence_kato = None
        _seal(citizen, person, None)


def _seal(citizen: Citizen, person: object, birth_date: str | None) -> None:
    """Encrypt IIN, names and birth date into the row."""
    names = ("iin", "surname", "given_name", "patronymic")
    values = {name: getattr(person, name) for name in names} | {"birth_date": birth_date}
    plain = json.dumps(values, ensure_ascii=False).encode()
    citizen.sealed = vault.seal(plain, person_context(citizen.iin_digest))


def _of_email_link(session: Session, token: str) -> Citizen:
    citizen_id, mark = read_token("email", token, max_age=EMAIL_LINK_SECONDS)
    citizen = session.get(Citizen, citizen_id)
    email = None if citizen is None else unseal_email(citizen)
    if citizen is None or email is None or not is_bound(mark, _link_mark(email)):
        raise LinkNotValid
    return citizen


def _link_mark(email: str) -> bytes:
    """What a link is bound to: the address, keyed, and not the sealed bytes, which change with the vault's key."""
    return vault.keyed_digest(f"email\n{email}").encode()


def _written(name: str) -> str:
    """Registers write names in capitals; people do not."""
    return "-".join(part.capitalize() for part in name.strip().split("-"))
