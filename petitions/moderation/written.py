"""Placing a written application (90-2(1)-(2)): the site's own conditions, nothing kept on failure.

The law counts from the day the application was received, not from the day staff typed it in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor, record
from petitions.db import reading, retried, transaction
from petitions.errors import DomainError
from petitions.identity import actions as identity
from petitions.identity.iin import is_valid_iin
from petitions.identity.models import RegistryStatus
from petitions.identity.person_registry import PersonFacts, RegistryDown
from petitions.identity.queries import contact
from petitions.identity.verified import VerifiedIdentity
from petitions.law import eligibility
from petitions.law.editions import NoEdition, edition_on
from petitions.law.states import State
from petitions.law.working_days import local_date, start_of_day
from petitions.lifecycle import attaching, filing
from petitions.lifecycle.models import Attachment, Petition, Point
from petitions.reference import queries as reference

CONSENT_VERSION = "written"
"""The author agreed with a signature on paper."""

# Never public, like the other document that only staff see.
SCAN_KIND = "application"


@dataclass(frozen=True)
class Application:
    """What stands on the paper. ``territory_kato`` is for local addressees, ``body_id`` for central ones."""

    received_on: date
    reference: str
    iin: str = field(repr=False)
    surname: str = field(repr=False)
    given_name: str = field(repr=False)
    email: str = field(repr=False)
    language: str
    title: str
    content: str
    arguments: Sequence[str]
    proposals: Sequence[str]
    addressee: str
    territory_kato: str | None
    body_id: int | None
    scan: attaching.NewFile
    attachments: Sequence[attaching.NewFile] = ()
    represented: str | None = field(default=None, repr=False)
    authority: attaching.NewFile | None = None


class BadApplication(DomainError):
    """Something on the paper does not hold; nothing was stored."""


def place_written_petition(paper: Application, *, by: Actor, at: datetime) -> int:
    """File a written application; returns the petition's id.

    The person registry is asked first and outside any transaction. Raises BadApplication, BadAddressee,
    BadFile, Incomplete, RegistryDown.
    """
    paper = _cleaned(paper)
    received_at = _received_at(paper, at)
    _check_reference(paper)
    facts = _facts_of_author(paper, received_at)
    _rehearse(paper)
    identity_on_paper = VerifiedIdentity(
        iin=paper.iin,
        surname=facts.surname,
        given_name=facts.given_name,
        patronymic=facts.patronymic,
        proven_by="paper",
    )
    citizen_id = identity.citizen_from_identity(identity_on_paper, facts, at, language=paper.language)
    _keep_email(citizen_id, paper.email)
    return _file(paper, citizen_id, received_at, by, at)


def _cleaned(paper: Application) -> Application:
    """Texts in the one spelling that is kept; empty rows left out."""
    return replace(
        paper,
        reference=filing.one_line(paper.reference),
        iin=paper.iin.strip(),
        email=paper.email.strip(),
        title=filing.one_line(paper.title),
        content=filing.cleaned(paper.content),
        arguments=[text for text in map(filing.cleaned, paper.arguments) if text],
        proposals=[text for text in map(filing.cleaned, paper.proposals) if text],
        represented=None if paper.represented is None else filing.cleaned(paper.represented),
    )


def _received_at(paper: Application, at: datetime) -> datetime:
    """The moment of receipt in law: now for today, else the beginning of its day."""
    today = local_date(at)
    if paper.received_on > today:
        raise BadApplication(_l("The day has not come yet."), field="received_on")
    received_at = at if paper.received_on == today else start_of_day(paper.received_on)
    try:
        with reading() as session:
            edition_on(paper.received_on, reference.policy(session))
    except NoEdition as error:
        raise BadApplication(_l("The petition law was not in force on this day."), field="received_on") from error
    return received_at


def _check_reference(paper: Application) -> None:
    """The same paper is placed once."""
    if not paper.reference:
        raise BadApplication(_l("Give the incoming number."), field="reference")
    with reading() as session:
        same = sa.select(Petition.id).where(Petition.written_reference == paper.reference)
        found = session.scalar(same)
    if found is not None:
        raise BadApplication(
            _l("An application with this number is on the site already: petition %(number)s.", number=found),
            field="reference",
        )


def _facts_of_author(paper: Application, received_at: datetime) -> PersonFacts:
    """What the registry says of the author, when it lets them file (90-1, 90-2)."""
    if not is_valid_iin(paper.iin):
        raise BadApplication(_l("This is no IIN: check the twelve digits against the paper."), field="iin")
    answer = identity.ask_registry(paper.iin)
    if answer == RegistryStatus.DOWN:
        raise RegistryDown
    if not isinstance(answer, PersonFacts):
        raise BadApplication(_l("The state person registry knows nobody with this IIN."), field="iin")
    if not (_same(paper.surname, answer.surname) and _same(paper.given_name, answer.given_name)):
        raise BadApplication(
            _l("The state person registry has another name for this IIN. Check both against the paper."),
            field="surname",
        )
    person = eligibility.PersonFacts(eligibility.RegistryStatus.FOUND, answer.citizenship, answer.birth_date)
    with reading() as session:
        policy = reference.policy(session)
    for reason in eligibility.may_file(person, local_date(received_at), policy):
        raise BadApplication(_AUTHOR_REASONS[reason], field="iin")
    return answer


def _rehearse(paper: Application) -> None:
    """What filing will ask of the paper, asked before anything about the author is kept."""
    with reading() as session:
        filing.addressed_body(session, paper.addressee, paper.territory_kato, paper.body_id)
    problems = [*_text_problems(paper), *_representation_problems(paper)]
    if len(paper.email) > 254 or identity.EMAIL_FORM.fullmatch(paper.email) is None:
        problems.append(filing.Problem("email", _l("Enter an e-mail address, like name@example.kz")))
    if problems:
        raise filing.Incomplete(problems)
    for file in (paper.scan, *paper.attachments, *([paper.authority] if paper.authority else [])):
        _form_of(file)


def _text_problems(paper: Application) -> Iterator[filing.Problem]:
    texts = [("title", paper.title, filing.TITLE_LENGTH), ("content", paper.content, filing.CONTENT_LENGTH)]
    for name, points in (("arguments", paper.arguments), ("proposals", paper.proposals)):
        if len(points) < filing.POINT_COUNT.start:
            yield filing.Problem(name, _l("At least one is needed."))
        if len(points) >= filing.POINT_COUNT.stop:
            yield filing.Problem(name, filing.too_many())
        texts += [(f"{name}-{index}", text, filing.POINT_LENGTH) for index, text in enumerate(points)]
    for name, text, limits in texts:
        if len(text) not in limits:
            told = filing.too_short if len(text) < limits.start else filing.too_long
            yield filing.Problem(name, told(len(text), limits))
        if filing.holds_iin(text):
            yield filing.Problem(name, _l("This text holds an IIN. Please take it out: the text will be public."))


def _representation_problems(paper: Application) -> Iterator[filing.Problem]:
    if paper.represented is None:
        return
    if len(paper.represented) not in filing.REPRESENTED_LENGTH:
        yield filing.Problem("represented", _l("Say who is represented: full name and how to reach them."))
    if paper.authority is None:
        yield filing.Problem("authority", _l("Attach the copy of the authority that came with the application."))


def _form_of(file: attaching.NewFile) -> tuple[str, tuple[str, ...]]:
    """The type and endings of a file by its first bytes. Raises BadFile."""
    place = {"authority": "authority", "attachment": "attachments"}.get(file.kind, "scan")
    if len(file.content) > attaching.MAX_BYTES:
        raise attaching.BadFile(_l("A file may have at most 5 MB."), field=place)
    for first_bytes, mime, endings in attaching.FORMS:
        if file.content.startswith(first_bytes):
            return mime, endings
    raise attaching.BadFile(_l("Only PDF, JPEG and PNG files can be attached."), field=place)


@retried
def _keep_email(citizen_id: int, email: str) -> None:
    """The address on the paper, unless its owner confirmed one here themselves."""
    with reading() as session:
        known = contact(session, citizen_id)
    if not known.confirmed and known.email != email:
        identity.set_email(citizen_id, email)


@retried
def _file(paper: Application, citizen_id: int, received_at: datetime, by: Actor, at: datetime) -> int:
    with transaction() as session:
        petition = _draft(paper, citizen_id, received_at)
        session.add(petition)
        session.flush()
        petition.represented_sealed = filing.seal_represented(petition.id, paper.represented or "")
        for file in (*paper.attachments, *([paper.authority] if paper.authority else [])):
            attaching.attach(session, petition, file)
        filed = filing.complete(session, petition, by=by, at=received_at, consent_version=CONSENT_VERSION)
        filed.recorded_at = at
        _keep_scan(session, petition, paper.scan)
        facts = {"received_on": paper.received_on.isoformat(), "reference": petition.written_reference}
        subject = f"petition:{petition.id}"
        record(session, actor=by, act="place-written-petition", subject=subject, details=facts, at=at)
        return petition.id


def _draft(paper: Application, author_id: int, received_at: datetime) -> Petition:
    points = [("argument", text) for text in paper.arguments] + [("proposal", text) for text in paper.proposals]
    places = [*range(1, len(paper.arguments) + 1), *range(1, len(paper.proposals) + 1)]
    return Petition(
        state=State.DRAFT,
        state_since=received_at,
        channel="written",
        created_at=received_at,
        saved_at=received_at,
        author_id=author_id,
        author_name="",
        is_representative=paper.represented is not None,
        written_reference=paper.reference,
        language=paper.language,
        title=paper.title,
        content=paper.content,
        addressee=paper.addressee,
        territory_kato=paper.territory_kato,
        body_id=paper.body_id,
        points=[
            Point(kind=kind, position=place, text=text) for (kind, text), place in zip(points, places, strict=True)
        ],
    )


def _keep_scan(session: Session, petition: Petition, scan: attaching.NewFile) -> None:
    """The paper itself, beside the frozen text and no part of it."""
    mime, endings = _form_of(scan)
    petition.attachments.append(
        Attachment(
            kind=SCAN_KIND,
            name=attaching.clean_name(scan.name, endings),
            mime=mime,
            size=len(scan.content),
            sha256=hashlib.sha256(scan.content).hexdigest(),
            content=scan.content,
        )
    )


def _same(typed: str, registered: str) -> bool:
    """Names as a reader compares them: registers write capitals, people do not."""
    return filing.one_line(typed).casefold() == filing.one_line(registered).casefold()


_AUTHOR_REASONS = {
    eligibility.Reason.LEGAL_ENTITY: _l("Only a citizen may file a petition, an organisation may not."),
    eligibility.Reason.REGISTRY_DOWN: _l("The state person registry does not answer now. Please try again."),
    eligibility.Reason.REGISTRY_UNKNOWN: _l("The state person registry says too little about the author."),
    eligibility.Reason.NOT_A_CITIZEN: _l("The author is not a citizen of Kazakhstan and may not file."),
    eligibility.Reason.TOO_YOUNG: _l("The author was not old enough to file on the day of receipt."),
}
