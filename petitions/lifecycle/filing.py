"""Filing (90-2): what a petition must hold, and the moment its text is frozen.

Shared by the author's own filing on the site and by staff who place a written application there. From here on
no one changes the text: the hash binds every signature to it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions import vault
from petitions.audit import Actor
from petitions.errors import Conflict, DomainError
from petitions.i18n import format_number
from petitions.identity.actions import USABLE_FOR
from petitions.identity.iin import is_valid_iin
from petitions.identity.queries import contact, person_facts, public_names, sealed_person
from petitions.law import eligibility
from petitions.law.editions import NoEdition, edition_on
from petitions.law.levels import Addressee, NoSuchAddressee, body_kind
from petitions.law.policy import order_for
from petitions.law.states import Event, State
from petitions.law.working_days import local_date
from petitions.lifecycle.advance import advance
from petitions.lifecycle.models import Attachment, Petition, Point, Transition
from petitions.lifecycle.text import canonical_text, normal, text_hash
from petitions.reference import queries as reference
from petitions.sealed_columns import AUTHOR, REPRESENTED

# Text limits, ours: the law sets none. In characters, as a reader counts them, after `cleaned`.
TITLE_LENGTH = range(10, 200 + 1)
CONTENT_LENGTH = range(50, 10_000 + 1)
POINT_LENGTH = range(10, 2_000 + 1)
POINT_COUNT = range(1, 20 + 1)
REPRESENTED_LENGTH = range(5, 500 + 1)

CONSENT_VERSION = "2026-1"
"""What an author agrees to when filing (drafting/consent.py); a new wording is a new version."""

_TWELVE_DIGITS = re.compile(r"(?<!\d)[0-9]{12}(?!\d)")
_BORN = re.compile(r"\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_KEPT_CONTROLS = "\n\t"
# Embedding and override marks can make a text read otherwise than it is written.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class AlreadyFiled(Conflict):
    """The text is frozen: nothing about a filed petition is edited."""

    def __init__(self) -> None:
        super().__init__(_l("This petition has been filed. Its text cannot be changed any more."))


@dataclass(frozen=True)
class Problem:
    """Something the law asks for that is missing. ``field`` is the id of its place in the form."""

    field: str
    message: object


class Incomplete(DomainError):
    """The petition cannot be filed yet; every reason at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(_l("The petition cannot be filed yet."))
        self.problems = tuple(problems)


class BadAddressee(DomainError):
    """No body answers to this addressee."""


@dataclass(frozen=True)
class Particulars:
    """Who filed, as 90-2(2) asks: for the check and the addressee, never for a public page."""

    iin: str = field(repr=False)
    surname: str = field(repr=False)
    given_name: str = field(repr=False)
    patronymic: str = field(repr=False)
    residence_kato: str | None = field(repr=False)
    email: str = field(repr=False)
    consent_version: str
    consented_at: datetime

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


def complete(
    session: Session, petition: Petition, *, by: Actor, at: datetime, consent_version: str = CONSENT_VERSION
) -> Transition:
    """File a draft in the caller's transaction: check it, freeze its text, and let its life begin (90-2).

    The registry's facts about the author must have been refreshed before. Raises AlreadyFiled, Incomplete.
    """
    if petition.state != State.DRAFT:
        raise AlreadyFiled
    if found := problems(session, petition, at):
        raise Incomplete(found)
    policy = reference.policy(session)
    law = edition_on(local_date(at), policy)
    petition.edition, petition.order = law.id, order_for(law, policy)
    petition.body_id = addressed_body(session, petition.addressee, petition.territory_kato, petition.body_id)
    if petition.addressee == Addressee.GOVERNMENT:
        petition.territory_kato = None
    _leave_out_what_is_not_filed(petition)
    petition.author_name = public_names(session, [petition.author_id])[petition.author_id]
    petition.author_sealed = _sealed_author(session, petition, consent_version, at)
    petition.text_hash = text_hash(canonical(petition))
    petition.filed_at = petition.saved_at = at
    return advance(session, petition, Event.FILED, by=by, at=at)


def problems(session: Session, petition: Petition, at: datetime) -> list[Problem]:
    """Everything that keeps this draft from being filed now, in the order of the form, or nothing."""
    found = [*_person_problems(session, petition, at), *_addressee_problems(session, petition)]
    found += _length("title", petition.title, TITLE_LENGTH)
    found += _length("content", petition.content, CONTENT_LENGTH)
    found += _point_problems(petition, "argument", "arguments", _NO_ARGUMENT)
    found += _point_problems(petition, "proposal", "proposals", _NO_PROPOSAL)
    return found


def reasons_against(session: Session, citizen_id: int, at: datetime) -> list[eligibility.Reason]:
    """Why this citizen may not file now, by what the registry last said (90-1, 90-2).

    Old facts say nothing: the registry was asked before this and did not answer (policy: registry_down).
    """
    facts = person_facts(session, citizen_id)
    if facts.checked_at is None or at - facts.checked_at >= USABLE_FOR:
        return [eligibility.Reason.REGISTRY_DOWN]
    return eligibility.may_file(facts.for_law, local_date(at), reference.policy(session))


def addressed_body(session: Session, addressee: str | None, kato: str | None, body_id: int | None) -> int:
    """The body behind an addressee: the central one chosen, or the unit's own. Raises BadAddressee."""
    if addressee is None:
        raise BadAddressee(_l("Choose to whom the petition is addressed."), field="addressee")
    if addressee == Addressee.GOVERNMENT:
        chosen = reference.body(session, body_id) if body_id is not None else None
        if chosen is None or not (chosen.is_central and chosen.active):
            raise BadAddressee(_l("Choose the central body that decides such matters."), field="body")
        return chosen.id
    unit = reference.territory_facts(session, kato) if kato else None
    if unit is None:
        raise BadAddressee(_l("Choose the place the petition is about."), field="territory")
    try:
        kind = body_kind(unit, Addressee(addressee))
    except NoSuchAddressee as error:
        raise BadAddressee(_no_body(addressee, unit.petition_unit), field="territory") from error
    for body in reference.bodies_of(session, unit.kato):
        if body.kind == kind:
            return body.id
    raise BadAddressee(_l("This body is not in our list. Please tell us about it."), field="territory")


def canonical(petition: Petition) -> bytes:
    """The bytes of the petition's text that are hashed; anyone can rebuild them from the public page."""
    return canonical_text(
        language=petition.language,
        title=petition.title or "",
        content=petition.content or "",
        arguments=[point.text for point in points_of(petition, "argument")],
        proposals=[point.text for point in points_of(petition, "proposal")],
        attachments=[(file.name, file.sha256) for file in _public_files(petition)],
    )


def points_of(petition: Petition, kind: str) -> list[Point]:
    """The arguments, or the proposals, in their order."""
    points = (point for point in petition.points if point.kind == kind)
    return sorted(points, key=lambda point: point.position)


def particulars(petition: Petition) -> Particulars:
    """Open who filed. For staff who need it by law; never put it on a public page or in a log."""
    if petition.author_sealed is None:
        raise ValueError("a draft has no filed particulars")
    values = json.loads(vault.open_sealed(petition.author_sealed, author_context(petition.id)))
    values["consented_at"] = datetime.fromisoformat(values["consented_at"])
    return Particulars(**values)


def seal_represented(petition_id: int, text: str) -> bytes | None:
    """Whom a representative files for, sealed; None for an empty answer."""
    return vault.seal(text.encode(), represented_context(petition_id)) if text else None


def open_represented(petition: Petition) -> str:
    """Whom the representative files for; never public."""
    if petition.represented_sealed is None:
        return ""
    return vault.open_sealed(petition.represented_sealed, represented_context(petition.id)).decode()


def cleaned(text: str | None) -> str:
    """A text as it is kept: one spelling, no control characters, no marks that turn the reading direction."""
    kept = (
        letter
        for letter in normal(text or "")
        if letter in _KEPT_CONTROLS or not (unicodedata.category(letter) in ("Cc", "Cs") or letter in _DIRECTION_MARKS)
    )
    return normal("".join(kept))


def one_line(text: str | None) -> str:
    """The same for a title: a single line with single spaces."""
    return " ".join(cleaned(text).split())


def holds_iin(text: str) -> bool:
    """Whether a person's IIN stands in the text. An organisation's number has no day of birth in it."""
    return any(_BORN.match(number) and is_valid_iin(number) for number in _TWELVE_DIGITS.findall(text))


def author_context(petition_id: int) -> str:
    return AUTHOR.context(id=petition_id)


def represented_context(petition_id: int) -> str:
    return REPRESENTED.context(id=petition_id)


_NO_ARGUMENT = _l("Give at least one argument.")
_NO_PROPOSAL = _l("Give at least one proposal.")
_REASONS = {
    eligibility.Reason.LEGAL_ENTITY: _l("Only a citizen may file a petition, an organisation may not."),
    eligibility.Reason.REGISTRY_DOWN: _l(
        "The state person registry does not answer now, so we cannot tell whether you may file. Please try again."
    ),
    eligibility.Reason.REGISTRY_UNKNOWN: _l(
        "The state person registry does not know you, so we cannot tell whether you may file. "
        "A public service centre can help."
    ),
    eligibility.Reason.NOT_A_CITIZEN: _l("Only a citizen of Kazakhstan may file a petition."),
    eligibility.Reason.TOO_YOUNG: _l("You are not old enough yet to file a petition."),
}


def reason_text(reason: eligibility.Reason) -> object:
    """The reason in a sentence for the person it is about."""
    return _REASONS.get(reason, _REASONS[eligibility.Reason.REGISTRY_UNKNOWN])


def _person_problems(session: Session, petition: Petition, at: datetime) -> Iterator[Problem]:
    for reason in reasons_against(session, petition.author_id, at):
        yield Problem("person", reason_text(reason))
    try:
        edition_on(local_date(at), reference.policy(session))
    except NoEdition:
        yield Problem("person", _l("The petition law is not in force on this day."))
    address = contact(session, petition.author_id)
    if address.email is None:
        yield Problem("email", _l("Give your e-mail: the law requires it, and notices are sent there."))
    elif not address.confirmed and petition.channel == "site":
        yield Problem("email", _l("Confirm your e-mail by the link that was sent to you."))
    if petition.is_representative:
        length = len(open_represented(petition))
        if length < REPRESENTED_LENGTH.start:
            yield Problem("represented", _l("Say whom you represent: full name and how to reach them."))
        if not any(file.kind == "authority" for file in petition.attachments):
            yield Problem("authority", _l("Attach a copy of the document that gives you the authority."))


def _addressee_problems(session: Session, petition: Petition) -> Iterator[Problem]:
    try:
        addressed_body(session, petition.addressee, petition.territory_kato, petition.body_id)
    except BadAddressee as error:
        yield Problem(error.field or "addressee", error.message)


def _point_problems(petition: Petition, kind: str, name: str, none_given: object) -> Iterator[Problem]:
    points = sorted((point for point in petition.points if point.kind == kind), key=lambda point: point.position)
    if len(points) < POINT_COUNT.start:
        yield Problem(f"{name}-0", none_given)
    if len(points) not in POINT_COUNT and points:
        yield Problem(name, too_many())
    for index, point in enumerate(points):
        yield from _length(f"{name}-{index}", point.text, POINT_LENGTH)


def _length(name: str, text: str | None, limits: range) -> Iterator[Problem]:
    count = len(text or "")
    if count < limits.start:
        yield Problem(name, too_short(count, limits))
    elif count not in limits:
        yield Problem(name, too_long(count, limits))
    if holds_iin(text or ""):
        yield Problem(name, _l("This text holds an IIN. Please take it out: the text will be public."))


def too_short(count: int, limits: range) -> object:
    """The polite sentence about a text under its limit."""
    if count == 0:
        return _l("Fill this in: at least %(limit)s characters.", limit=limits.start)
    return _l(
        "At least %(limit)s characters are needed here, now there are %(count)s.",
        limit=limits.start,
        count=count,
    )


def too_long(count: int, limits: range) -> object:
    """The polite sentence about a text over its limit."""
    return _l(
        "At most %(limit)s characters fit here, now there are %(count)s. Please shorten it.",
        limit=format_number(limits.stop - 1),
        count=format_number(count),
    )


def too_many() -> object:
    """The polite sentence about too many arguments or proposals."""
    return _l("At most %(limit)s entries fit here. Please join some of them.", limit=POINT_COUNT.stop - 1)


def _no_body(addressee: str, petition_unit: bool) -> object:
    if not petition_unit:
        return _l("No petition can be addressed to this unit itself. Choose the city or district it is part of.")
    if addressee == Addressee.MASLIKHAT:
        return _l(
            "There is no maslikhat here. Oblasts, cities of republican significance, districts and cities of "
            "oblast significance have one: choose the one this place is part of, or address the akimat."
        )
    return _l("There is no such body here. Choose another place or another addressee.")


def _leave_out_what_is_not_filed(petition: Petition) -> None:
    """An author who files for themselves hands in no document of authority."""
    if petition.is_representative:
        return
    petition.represented_sealed = None
    petition.attachments = [file for file in petition.attachments if file.kind != "authority"]


def _public_files(petition: Petition) -> list[Attachment]:
    return sorted((file for file in petition.attachments if file.kind == "attachment"), key=lambda file: file.id)


def _sealed_author(session: Session, petition: Petition, consent_version: str, at: datetime) -> bytes:
    person, facts = sealed_person(session, petition.author_id), person_facts(session, petition.author_id)
    values = {
        "iin": person.iin,
        "surname": person.surname,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "residence_kato": facts.residence_kato,
        "email": contact(session, petition.author_id).email or "",
        "consent_version": consent_version,
        "consented_at": at.isoformat(),
    }
    return vault.seal(json.dumps(values, ensure_ascii=False).encode(), author_context(petition.id))
