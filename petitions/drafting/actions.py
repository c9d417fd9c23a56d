"""What an author does: begins, saves, files, withdraws. Only one's own petition, and text only in a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor
from petitions.db import reading, retried, transaction
from petitions.drafting.documents import filing_of, withdrawal_of
from petitions.errors import Conflict, DomainError, Forbidden, NotFound
from petitions.identity.actions import ensure_facts
from petitions.identity.models import Citizen
from petitions.identity.queries import public_names
from petitions.law.levels import Addressee
from petitions.law.states import Event, State
from petitions.lifecycle import filing, themes
from petitions.lifecycle.advance import advance, events_so_far, load
from petitions.lifecycle.attaching import NewFile, attach, detach
from petitions.lifecycle.filing import AlreadyFiled, Incomplete
from petitions.lifecycle.models import Petition, Point
from petitions.reference import queries as reference
from petitions.signatures import acts
from petitions.signatures.acts import Proven, Signed

MAX_DRAFTS = 10
WORDS_LENGTH = 2_000  # of an author who steps back


class NotEligible(Forbidden):
    """The law, or the registry's silence, does not let this person file; nothing was stored."""


class TooManyDrafts(Conflict):
    def __init__(self) -> None:
        super().__init__(_l("You have %(limit)s drafts. Discard one before you begin another.", limit=MAX_DRAFTS))


class StaleRevision(Conflict):
    """The draft was saved elsewhere since this page was opened; what was typed here is not stored yet."""

    def __init__(self, revision: int) -> None:
        super().__init__(_l("This draft was changed in another window."))
        self.revision = revision


class SteppedBackAlready(Conflict):
    def __init__(self) -> None:
        super().__init__(_l("It is already shown that the author stepped back."))


class TooLong(DomainError):
    """A text over its limit; drafts may be incomplete, but not larger than a petition."""


class UnknownUnit(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("There is no such place in our list."), field="territory")


@dataclass(frozen=True)
class Answers:
    """What the form holds, complete or not. ``body_id`` is the central body chosen, if any."""

    is_representative: bool = False
    represented: str = field(default="", repr=False)
    language: str = "kk"
    addressee: str | None = None
    territory_kato: str | None = None
    body_id: int | None = None
    title: str = ""
    content: str = ""
    arguments: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    theme: str | None = None  # a subject area, which the law does not ask for

    def cleaned(self) -> Answers:
        """As they are kept: texts in one spelling, empty rows left out."""
        return replace(
            self,
            represented=filing.cleaned(self.represented),
            title=filing.one_line(self.title),
            content=filing.cleaned(self.content),
            arguments=_without_empty(self.arguments),
            proposals=_without_empty(self.proposals),
        )


@dataclass(frozen=True)
class Saved:
    revision: int
    saved_at: datetime


def start(*, by: Actor, at: datetime, language: str = "kk", kato: str | None = None) -> int:
    """Begin a draft, of a place where one is given; returns its id. Asks the registry when its answer is old.

    Raises NotEligible, TooManyDrafts, UnknownUnit.
    """
    ensure_facts(_citizen(by), at)
    return _start(by, at, language, kato)


@retried
def save(
    petition_id: int,
    answers: Answers,
    *,
    revision: int,
    by: Actor,
    at: datetime,
    files: Sequence[NewFile] = (),
    removed_file: int | None = None,
) -> Saved:
    """Keep the answers as they are, complete or not.

    Raises AlreadyFiled, StaleRevision, BadFile, TooLong, UnknownUnit, UnknownTheme; then nothing of it is kept.
    """
    answers = answers.cleaned()
    _check_limits(answers)
    with transaction() as session:
        petition = _own_draft(session, petition_id, by)
        changed = bool(files) or removed_file is not None or answers_of(petition) != answers
        if changed:
            # The same answers sent again (an answer lost on the way) are no conflict.
            if petition.revision != revision:
                raise StaleRevision(petition.revision)
            _write(session, petition, answers)
            petition.revision += 1
        if removed_file is not None:
            detach(session, petition, removed_file)
        for new in files:
            attach(session, petition, new)
        petition.saved_at = at
        return Saved(petition.revision, at)


@retried
def discard(petition_id: int, *, by: Actor) -> None:
    """Erase a draft with everything in it. Raises AlreadyFiled."""
    with transaction() as session:
        session.delete(_own_draft(session, petition_id, by))


def begin_filing(petition_id: int, *, revision: int, by: Actor, at: datetime) -> tuple[bytes, str]:
    """The text that the author signs to file what was shown, and its language; nothing is stored yet.

    ``revision`` is the one whose answers were shown and agreed to. Raises AlreadyFiled, Incomplete, StaleRevision.
    """
    ensure_facts(_citizen(by), at)
    with reading() as session:
        petition = _mine(session.get(Petition, petition_id), by)
        if petition.state != State.DRAFT:
            raise AlreadyFiled
        if petition.revision != revision:
            raise StaleRevision(petition.revision)
        if found := filing.problems(session, petition, at):
            raise Incomplete(found)
        return filing_of(petition, at), petition.language


def file(petition_id: int, *, signed: Signed, by: Actor, at: datetime, revision: int | None = None) -> None:
    """File the draft: from here on its text is frozen and its terms run (90-2).

    ``signed``: the author's signature over the text of `begin_filing`; a draft that was changed since is not filed.
    Raises SignatureRefused, AlreadyFiled, Incomplete, StaleRevision.
    """
    ensure_facts(_citizen(by), at)
    _file(petition_id, acts.prove(signed, at), by, at, revision)


def begin_withdrawal(petition_id: int, *, by: Actor, at: datetime) -> tuple[bytes, str]:
    """The text that the author signs to take the petition back, and its language. Raises NotFound."""
    with reading() as session:
        petition = _filed(_mine(session.get(Petition, petition_id), by))
        return withdrawal_of(petition, at), petition.language


def withdraw(petition_id: int, *, signed: Signed, by: Actor, at: datetime) -> None:
    """Take the petition back, freely, before open publication (policy: author_withdraws).

    Raises SignatureRefused, NotNow.
    """
    _withdraw(petition_id, acts.prove(signed, at), by, at)


@retried
def step_back(petition_id: int, *, words: str, by: Actor, at: datetime) -> None:
    """After open publication the author may only step back: it is shown, and joining goes on.

    ``words`` are public. Raises NotNow, SteppedBackAlready.
    """
    with transaction() as session:
        petition = _filed(_own(session, petition_id, by))
        if Event.STEPPED_BACK in events_so_far(session, petition_id):
            raise SteppedBackAlready
        details = {"text": filing.cleaned(words)}
        advance(session, petition, Event.STEPPED_BACK, by=_author(petition, by), at=at, details=details)


def answers_of(petition: Petition) -> Answers:
    """What the draft holds now, in the same shape."""
    return Answers(
        is_representative=petition.is_representative,
        represented=filing.open_represented(petition),
        language=petition.language,
        addressee=petition.addressee,
        territory_kato=petition.territory_kato,
        body_id=petition.body_id if petition.addressee == Addressee.GOVERNMENT else None,
        title=petition.title or "",
        content=petition.content or "",
        arguments=tuple(point.text for point in filing.points_of(petition, "argument")),
        proposals=tuple(point.text for point in filing.points_of(petition, "proposal")),
        theme=petition.theme,
    )


@retried
def _start(by: Actor, at: datetime, language: str, kato: str | None) -> int:
    citizen_id = _citizen(by)
    with transaction() as session:
        # The citizen's row is the queue: of two clicks at once the second sees the first one's draft.
        session.get(Citizen, citizen_id, with_for_update=True)
        if reasons := filing.reasons_against(session, citizen_id, at):
            raise NotEligible(filing.reason_text(reasons[0]))
        if _drafts_of(session, citizen_id) >= MAX_DRAFTS:
            raise TooManyDrafts
        _check_unit(session, kato)
        petition = Petition(
            state=State.DRAFT,
            state_since=at,
            created_at=at,
            saved_at=at,
            author_id=citizen_id,
            author_name=public_names(session, [citizen_id])[citizen_id],
            language=language,
            territory_kato=kato,
        )
        session.add(petition)
        session.flush()
        return petition.id


@retried
def _file(petition_id: int, proven: Proven, by: Actor, at: datetime, revision: int | None) -> None:
    with transaction() as session:
        petition = _own_draft(session, petition_id, by)
        stale = revision is not None and petition.revision != revision
        if stale or filing_of(petition, proven.signed.began_at) != proven.signed.document:
            raise StaleRevision(petition.revision)
        acts.keep(session, "file", proven, petition_id=petition_id, citizen_id=_citizen(by), at=at)
        filing.complete(session, petition, by=_author(petition, by), at=at)


@retried
def _withdraw(petition_id: int, proven: Proven, by: Actor, at: datetime) -> None:
    with transaction() as session:
        petition = _filed(_own(session, petition_id, by))
        acts.check_text(proven.signed, withdrawal_of(petition, proven.signed.began_at))
        acts.keep(session, "withdraw", proven, petition_id=petition_id, citizen_id=_citizen(by), at=at)
        advance(session, petition, Event.WITHDRAWN, by=_author(petition, by), at=at)


def _check_limits(answers: Answers) -> None:
    for name, text, limits in (
        ("represented", answers.represented, filing.REPRESENTED_LENGTH),
        ("title", answers.title, filing.TITLE_LENGTH),
        ("content", answers.content, filing.CONTENT_LENGTH),
        *(("arguments", text, filing.POINT_LENGTH) for text in answers.arguments),
        *(("proposals", text, filing.POINT_LENGTH) for text in answers.proposals),
    ):
        if len(text) >= limits.stop:
            raise TooLong(filing.too_long(len(text), limits), field=name)
    for name, texts in (("arguments", answers.arguments), ("proposals", answers.proposals)):
        if len(texts) >= filing.POINT_COUNT.stop:
            raise TooLong(filing.too_many(), field=name)


def _write(session: Session, petition: Petition, answers: Answers) -> None:
    kato = answers.territory_kato
    _check_unit(session, kato)
    if answers.represented != filing.open_represented(petition):
        petition.represented_sealed = filing.seal_represented(petition.id, answers.represented)
    petition.is_representative = answers.is_representative
    petition.language = answers.language
    petition.addressee = answers.addressee
    petition.territory_kato = kato
    petition.body_id = _body(session, answers)
    petition.title = answers.title or None
    petition.content = answers.content or None
    petition.theme = themes.checked(answers.theme)
    _write_points(session, petition, "argument", answers.arguments)
    _write_points(session, petition, "proposal", answers.proposals)


def _check_unit(session: Session, kato: str | None) -> None:
    if kato is not None and reference.territory(session, kato) is None:
        raise UnknownUnit


def _body(session: Session, answers: Answers) -> int | None:
    """The body as far as the answers name one; what is missing is told on the page that checks them."""
    try:
        return filing.addressed_body(session, answers.addressee, answers.territory_kato, answers.body_id)
    except filing.BadAddressee:
        return None


def _write_points(session: Session, petition: Petition, kind: str, texts: Sequence[str]) -> None:
    """Rows keep their place, so that a change of one argument is a change of one row."""
    present = filing.points_of(petition, kind)
    for point, text in zip(present, texts, strict=False):
        point.text = text
    for point in present[len(texts) :]:
        petition.points.remove(point)
    for position, text in enumerate(texts[len(present) :], start=len(present) + 1):
        petition.points.append(Point(kind=kind, position=position, text=text))
    session.flush()


def _own(session: Session, petition_id: int, by: Actor) -> Petition:
    """The petition of this author, locked; somebody else's does not exist for them."""
    return _mine(load(session, petition_id), by)


def _mine(petition: Petition | None, by: Actor) -> Petition:
    if petition is None or by.kind != "citizen" or petition.author_id != by.id:
        raise NotFound
    return petition


def _filed(petition: Petition) -> Petition:
    if petition.state == State.DRAFT:
        raise NotFound
    return petition


def _own_draft(session: Session, petition_id: int, by: Actor) -> Petition:
    petition = _own(session, petition_id, by)
    if petition.state != State.DRAFT:
        raise AlreadyFiled
    return petition


def _author(petition: Petition, by: Actor) -> Actor:
    return replace(by, role="representative" if petition.is_representative else "author")


def _citizen(by: Actor) -> int:
    if by.kind != "citizen" or by.id is None:
        raise Forbidden
    return by.id


def _drafts_of(session: Session, citizen_id: int) -> int:
    drafts = sa.select(sa.func.count()).where(Petition.author_id == citizen_id, Petition.state == State.DRAFT)
    return session.scalar(drafts) or 0


def _without_empty(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in map(filing.cleaned, texts) if text)
