"""The acts of the check. Each is one transaction: the transition everybody sees and a line in the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor, record
from petitions.db import retried, transaction
from petitions.errors import DomainError, NotFound
from petitions.law.levels import is_central
from petitions.law.states import Event, State
from petitions.law.working_days import end_of_day, local_date, start_of_day
from petitions.lifecycle import filing, themes
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.advance import NotNow, advance, load
from petitions.lifecycle.entering import ThresholdUnknown
from petitions.lifecycle.models import Petition, Refusal
from petitions.lifecycle.queries import AttachmentRow
from petitions.lifecycle.visibility import MAX_ID
from petitions.moderation.grounds import Finding, Ground, finding
from petitions.moderation.queries import complaint_of, threshold_of, unanswered
from petitions.moderation.wording import LEAST_REASONS, public_line, public_text
from petitions.reference import queries as reference
from petitions.reference.models import Body
from petitions.reference.records import TerritoryView


@dataclass(frozen=True)
class AuthorView:
    """The author's particulars for the checkers' eyes; of the IIN no more than its last digits."""

    full_name: str = field(repr=False)
    residence: tuple[TerritoryView, ...] = field(repr=False)
    iin_end: str = field(repr=False)
    email: str = field(repr=False)
    represented: str = field(repr=False)


class BadChoice(DomainError):
    """A body or a day that this act cannot take."""


@retried
def accept(petition_id: int, *, by: Actor, at: datetime, theme: str | None = None) -> None:
    """Pass the check: the link opens (check first) or the petition does (support first), 90-2(7).

    In both orders the threshold must be known by now, or the petition could never open.
    ``theme`` is the subject area set by the checker, "" for none; without it the author's stands.
    Raises ThresholdUnknown, UnknownTheme, NotNow, NotFound.
    """
    with transaction() as session:
        petition = _filed(session, petition_id)
        if petition.state == State.CHECKING and threshold_of(session, petition) is None:
            raise ThresholdUnknown
        if theme is not None:
            petition.theme = themes.checked(theme)
        advance(session, petition, Event.ACCEPTED, by=by, at=at)
        _audit(session, petition, "accept", by, at, {"theme": petition.theme})


@retried
def refuse(
    petition_id: int,
    *,
    ground: Ground,
    code: str | None,
    duplicate_of: int | None,
    text: str,
    by: Actor,
    at: datetime,
) -> None:
    """Fail the check by the code of the failed condition, with reasons everybody may read (90-2(6), 80(5)).

    Raises BadGround, BadWording, NotNow, NotFound.
    """
    reasons = public_text(text, "text", least=LEAST_REASONS)
    with transaction() as session:
        petition = _filed(session, petition_id)
        found = finding(session, petition, ground, code, duplicate_of)
        transition = advance(session, petition, Event.REFUSED, by=by, at=at, reason=reasons, details=_details(found))
        session.add(
            Refusal(
                petition_id=petition.id,
                transition_id=transition.id,
                ground=found.ground,
                code=found.code,
                clause=found.clause,
                text=reasons,
                duplicate_of=found.duplicate_of,
                hides_text=found.hides_text,
            )
        )
        _audit(session, petition, "refuse", by, at, _details(found))


@retried
def redirect(petition_id: int, body_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Name the central body that is competent for a petition to the Government; its author only proposed one.

    Raises BadChoice, BadWording, NotNow, NotFound.
    """
    reason = public_text(reason, "reason")
    with transaction() as session:
        petition = _filed(session, petition_id)
        if not is_central(petition.addressee):
            raise NotNow
        body = _active_body(session, body_id)
        if not body.is_central or body.id == petition.body_id:
            raise BadChoice(_l("Choose another central body than the present one."), field="body_id")
        facts = {"from_body": petition.body_id, "to_body": body.id}
        advance(session, petition, Event.REDIRECTED, by=by, at=at, reason=reason, details=facts)
        petition.body_id = body.id
        _audit(session, petition, "redirect", by, at, facts)


@retried
def query_body(petition_id: int, body_id: int, question: str, *, by: Actor, at: datetime) -> None:
    """Ask another body whether the petition meets the conditions; the term of the check runs on (90-2(5)).

    Raises BadChoice, BadWording, NotNow, NotFound.
    """
    question = public_text(question, "question")
    with transaction() as session:
        petition = _filed(session, petition_id)
        body = _active_body(session, body_id)
        if body.id in unanswered(session, petition.id):
            raise BadChoice(_l("This body was asked already and has not replied yet."), field="body_id")
        facts = {"body_id": body.id, "question": question}
        advance(session, petition, Event.BODY_QUERIED, by=by, at=at, details=facts)
        _audit(session, petition, "query-body", by, at, {"body_id": body.id})


@retried
def record_reply(petition_id: int, body_id: int, answer: str, *, by: Actor, at: datetime) -> None:
    """Enter what a body replied. Raises BadChoice, BadWording, NotNow, NotFound."""
    answer = public_text(answer, "answer")
    with transaction() as session:
        petition = _filed(session, petition_id)
        if body_id not in unanswered(session, petition.id):
            raise BadChoice(_l("No question to this body waits for a reply."), field="body_id")
        facts = {"body_id": body_id, "answer": answer}
        advance(session, petition, Event.BODY_REPLIED, by=by, at=at, details=facts)
        _audit(session, petition, "record-reply", by, at, {"body_id": body_id})


@retried
def inform_media(petition_id: int, media: Sequence[str], on: date, *, by: Actor, at: datetime) -> None:
    """Record that letters about an open petition went to registered mass media on a day (90-2(8)).

    Raises BadChoice, BadWording, NotNow, NotFound.
    """
    names = [public_line(name, "media") for name in media if name.strip()]
    listed = public_text("\n".join(names), "media", least=2, most=3000)
    with transaction() as session:
        petition = _filed(session, petition_id)
        if petition.opened_at is None:
            raise NotNow
        if not local_date(petition.opened_at) <= on <= local_date(at):
            raise BadChoice(_l("Give a day from the petition's opening to today."), field="on")
        sent_at = max(start_of_day(on), petition.opened_at) if on < local_date(at) else at
        facts = {"media": "; ".join(listed.split("\n")), "on": on.isoformat()}
        advance(session, petition, Event.MEDIA_INFORMED, by=by, at=sent_at, recorded_at=at, details=facts)
        _audit(session, petition, "inform-media", by, at, facts)


@retried
def record_complaint_outcome(
    petition_id: int, *, granted: bool, on: date, decided_by: str, text: str, by: Actor, at: datetime
) -> None:
    """What came of a complaint against the refusal or the lapse (91-92, 136). Granted, it restores nothing by itself.

    Raises BadChoice, BadWording, NotNow, NotFound.
    """
    decided_by, text = public_line(decided_by, "decided_by", least=3), public_text(text, "text")
    with transaction() as session:
        petition = _filed(session, petition_id)
        complaint = complaint_of(session, petition)
        if complaint is None or not complaint.is_open:
            raise NotNow
        if not complaint.on <= on <= local_date(at):
            raise BadChoice(_l("Give a day from the complaint to today."), field="on")
        facts = {"granted": granted, "on": on.isoformat(), "by": decided_by}
        advance(
            session,
            petition,
            Event.APPEAL_DECIDED,
            by=by,
            # Late on its day: a term that ends that day is met, and the complaint of that day came before.
            at=at if on == local_date(at) else end_of_day(on) - timedelta(seconds=1),
            recorded_at=at,
            details={**facts, "text": text},
            appeal_granted=granted,
            appeal_to_court=complaint.to_court,
        )
        _audit(session, petition, "record-complaint-outcome", by, at, facts)


@retried
def restore(petition_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Undo a mistaken refusal or a take-down: back to the state before, clocks unchanged (policy).

    Raises BadWording, NotNow, NotFound.
    """
    reason = public_text(reason, "reason")
    with transaction() as session:
        petition = _filed(session, petition_id)
        advance(session, petition, Event.RESTORED, by=by, at=at, reason=reason)
        _audit(session, petition, "restore", by, at)


@retried
def take_down(petition_id: int, *, issuer: str, number: str, on: date, by: Actor, at: datetime) -> None:
    """Take a published petition off the site by a legal order; it answers 410 from then on (policy).

    Raises BadChoice, BadWording, NotNow, NotFound.
    """
    issuer, number = public_line(issuer, "issuer", least=3), public_line(number, "number", most=60)
    with transaction() as session:
        petition = _filed(session, petition_id)
        if on > local_date(at):
            raise BadChoice(_l("The order cannot be of a day that has not come yet."), field="on")
        facts = {"act": f"{issuer}, {on:%d.%m.%Y}, № {number}"}
        advance(session, petition, Event.TAKEN_DOWN, by=by, at=at, details=facts)
        _audit(session, petition, "take-down", by, at, facts)


def look_at_author(petition_id: int, *, by: Actor, at: datetime) -> AuthorView:
    """Who filed, as the law lets the checkers know it; that somebody looked is recorded. Raises NotFound."""
    with transaction() as session:
        petition = _filed(session, petition_id)
        person = filing.particulars(petition)
        _audit(session, petition, "look-at-author", by, at)
        path = reference.territory_path(session, person.residence_kato) if person.residence_kato else []
        return AuthorView(
            full_name=person.full_name,
            residence=tuple(path),
            iin_end=person.iin[-4:],
            email=person.email,
            represented=filing.open_represented(petition),
        )


def open_file(petition_id: int, attachment_id: int, *, by: Actor, at: datetime) -> tuple[AttachmentRow, bytes]:
    """A file of a filed petition; opening one that only staff may see is recorded. Raises NotFound."""
    with transaction() as session:
        petition = _filed(session, petition_id)
        if attachment_id > MAX_ID:
            raise NotFound
        row, content = lifecycle.attachment(session, petition.id, attachment_id)
        if row.kind != "attachment":
            _audit(session, petition, "open-document", by, at, {"file": row.id})
        return row, content


def _filed(session: Session, petition_id: int) -> Petition:
    """The petition, locked for change; a draft is nobody's business but its author's. Raises NotFound."""
    if petition_id > MAX_ID:
        raise NotFound
    petition = load(session, petition_id)
    if petition.state == State.DRAFT:
        raise NotFound
    return petition


def _active_body(session: Session, body_id: int) -> Body:
    body = session.scalar(sa.select(Body).where(Body.id == body_id, Body.active)) if body_id <= MAX_ID else None
    if body is None:
        raise BadChoice(_l("Choose a body from the list."), field="body_id")
    return body


def _details(found: Finding) -> dict[str, Any]:
    return {
        "ground": str(found.ground),
        "code": found.code,
        "clause": found.clause,
        "duplicate_of": found.duplicate_of,
    }


def _audit(
    session: Session,
    petition: Petition,
    act: str,
    by: Actor,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    record(session, actor=by, act=act, subject=f"petition:{petition.id}", details=details, at=at)
