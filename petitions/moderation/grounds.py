"""Why a petition may fail the check, in the law's own codes and clauses, and what its author can do then.

Everything is asked of the petition's own edition: what only another edition names is no ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.errors import DomainError
from petitions.law.clocks import clocks_started
from petitions.law.duplicates import bars
from petitions.law.editions import Edition, edition
from petitions.law.policy import Policy
from petitions.law.states import CLOCK_LABELS, ClockKind, Event, Label, State
from petitions.law.topics import NoTopic, Topic, text_hidden, topic, topics
from petitions.law.working_days import Unit, local_date
from petitions.lifecycle.advance import NotNow
from petitions.lifecycle.models import Petition, Transition
from petitions.moderation.wording import LEAST_REASONS, public_text
from petitions.reference import queries as reference


class Ground(StrEnum):
    """The three conditions of 90-2(4)."""

    FIELD = "field"
    SUBJECT = "subject"
    DUPLICATE = "duplicate"


FIELD_NAMES: Mapping[str, Any] = {
    "surname": _l("Surname"),
    "given_name": _l("Given name"),
    "patronymic": _l("Patronymic"),
    "iin": _l("Individual identification number"),
    "residence": _l("Place of residence"),
    "email": _l("E-mail"),
    "addressee": _l("Addressee"),
    "authority_copy": _l("Copy of the representative's authority"),
    "content": _l("Content"),
    "subject": _l("Subject"),
    "arguments": _l("Arguments"),
    "proposals": _l("Proposals"),
    "attachments": _l("Attachments"),
}


@dataclass(frozen=True)
class Finding:
    """The failed condition as published. ``code``: a field's name, a subject's number, or "duplicate"."""

    ground: Ground
    code: str
    clause: str
    duplicate_of: int | None
    hides_text: bool


@dataclass(frozen=True)
class Remedy:
    """What the author may do against the refusal, and until when (91-92, 136; 80(5))."""

    kind: ClockKind
    term: int
    unit: Unit
    due_on: date
    article: str

    @property
    def label(self) -> Label:
        return CLOCK_LABELS[self.kind]


class BadGround(DomainError):
    """The ground does not hold: no such code in this edition, or the other petition does not bar this one."""


def finding(
    session: Session, petition: Petition, ground: Ground, code: str | None, duplicate_of: int | None
) -> Finding:
    """The failed condition with its clause, from the petition's own edition. Raises BadGround."""
    law = edition(petition.edition or "")
    policy = reference.policy(session)
    if ground is Ground.FIELD:
        return Finding(ground, _field(law, code), law.fields_article, None, hides_text=False)
    if ground is Ground.SUBJECT:
        barred = _topic(law, code)
        return Finding(ground, barred.code, barred.article, None, text_hidden(barred.code, policy))
    _check_duplicate(session, petition, duplicate_of, law, policy)
    return Finding(ground, Ground.DUPLICATE, law.duplicates.article, duplicate_of, hides_text=False)


@dataclass(frozen=True)
class Preview:
    """A refusal before it is signed: what its author and the public would read."""

    found: Finding
    subject: Topic | None
    text: str
    on: date
    remedy: Remedy
    duplicate_title: str | None
    duplicate_language: str | None


def preview(
    session: Session,
    petition: Petition,
    *,
    ground: Ground,
    code: str | None,
    duplicate_of: int | None,
    text: str,
    at: datetime,
) -> Preview:
    """The refusal as it would be published. Raises BadGround, BadWording, NotNow."""
    if petition.state != State.CHECKING:
        raise NotNow
    law = edition(petition.edition or "")
    reasons = public_text(text, "text", least=LEAST_REASONS)
    found = finding(session, petition, ground, code, duplicate_of)
    other = session.get(Petition, found.duplicate_of) if found.duplicate_of else None
    return Preview(
        found=found,
        subject=topic(law, found.code) if ground is Ground.SUBJECT else None,
        text=reasons,
        on=local_date(at),
        remedy=remedy(session, law, at),
        duplicate_title=other.title if other else None,
        duplicate_language=other.language if other else None,
    )


def field_choices(law: Edition) -> list[tuple[str, Any]]:
    """The fields this edition requires, in its order, with their names."""
    return [(name, FIELD_NAMES[name]) for name in law.fields]


def topic_choices(law: Edition) -> tuple[Topic, ...]:
    """The subjects this edition bars."""
    return topics(law)


def would_bar(session: Session, petition: Petition, other: Petition, policy: Policy) -> bool:
    """Whether the other petition, if it is on the same subject, bars this one (90-2(4)(3)).

    2024 asks what stood on the site when this one was filed; 2026 asks at the check.
    """
    if petition.filed_at is None or other.id == petition.id:
        return False
    law = edition(petition.edition or "")
    if law.duplicates.years is None and (other.opened_at is None or other.opened_at > petition.filed_at):
        return False
    return bars(
        law,
        State(other.state),
        decided_on(session, other.id),
        local_date(petition.filed_at),
        policy,
    )


def decided_on(session: Session, petition_id: int) -> date | None:
    """The day of the newest decision on a petition."""
    moment = session.scalar(
        sa.select(sa.func.max(Transition.at)).where(
            Transition.petition_id == petition_id,
            Transition.event.in_((Event.DECIDED, Event.DECIDED_ANEW)),
        )
    )
    return local_date(moment) if moment else None


def remedy(session: Session, law: Edition, at: datetime) -> Remedy:
    """Where and until when a refusal signed at ``at`` can be contested; the check is made by a ministry."""
    policy = reference.policy(session)
    (spec,) = clocks_started(Event.REFUSED, State.REFUSED, law, policy, from_state=State.CHECKING)
    due_on = spec.due(local_date(at), reference.calendar(session), policy)
    return Remedy(spec.kind, spec.term, spec.unit, due_on, spec.article)


def _field(law: Edition, code: str | None) -> str:
    if code not in law.fields:
        raise BadGround(_l("Choose a field that the petition's edition of the law asks for."), field="field_code")
    return code


def _topic(law: Edition, code: str | None) -> Topic:
    try:
        return topic(law, code or "")
    except NoTopic:
        raise BadGround(
            _l("Choose a subject that the petition's edition of the law names."), field="topic_code"
        ) from None


def _check_duplicate(
    session: Session, petition: Petition, duplicate_of: int | None, law: Edition, policy: Policy
) -> None:
    if duplicate_of is None:
        raise BadGround(_l("Give the number of the earlier petition."), field="duplicate_of")
    other = session.get(Petition, duplicate_of)
    if other is None or other.id == petition.id or other.state == State.DRAFT:
        raise BadGround(_l("There is no other petition with this number."), field="duplicate_of")
    if would_bar(session, petition, other, policy):
        return
    if law.duplicates.years is None:
        raise BadGround(_l("That petition is not on the site, so it does not bar this one."), field="duplicate_of")
    raise BadGround(
        _l("That petition is neither under way nor decided within the year before: it does not bar this one."),
        field="duplicate_of",
    )
