"""The decision (90-6): drafted, made by the head, published by the next working day, stated officially."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor, record
from petitions.consideration.appeals import appeal_of
from petitions.consideration.duties import DutyState, checklist
from petitions.consideration.hearing import announced_for
from petitions.consideration.readiness import (
    FINDINGS,
    Missing,
    fingerprint,
    languages,
    missing_duties,
    missing_parts,
)
from petitions.consideration.records import check_day, colleague, own, put_down
from petitions.db import retried, transaction
from petitions.errors import DomainError, Forbidden
from petitions.identity.roles import Role
from petitions.identity.sessions import Viewer
from petitions.law.levels import is_central
from petitions.law.states import Event, State
from petitions.law.working_days import local_date
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.advance import NotNow
from petitions.lifecycle.models import Decision, DecisionAnswer, Petition
from petitions.lifecycle.sweep import STEPS as DUE_STEPS
from petitions.reference import queries as reference


class ChangedMeanwhile(DomainError):
    """Somebody else saved the draft after this page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _l("The draft was changed after you opened this page. Read it again before you go on."),
            field="seen",
        )


class OtherLanguage(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("Write it in Kazakh or in the language of the petition."), field="language")


class NoDraft(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("There is no draft of the decision yet. Write the draft first."))


class NotTheHead(Forbidden):
    def __init__(self) -> None:
        super().__init__(_l("Only the head of the body, or whoever acts for the head today, decides."))


class Incomplete(DomainError):
    """Mandatory parts are missing; each is named with its place."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(_l("The decision cannot be made yet: parts of it are missing."))
        self.missing = tuple(missing)


class StatedAlready(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("The official statement on this decision is recorded already."))


@dataclass(frozen=True)
class Answer:
    """To an argument: confirmed, partly or refuted, with facts. To a proposal: accepted, partly, declined."""

    finding: str
    text: str


@dataclass(frozen=True)
class Draft:
    """The wording of a decision as far as it is written; ``answers`` by id of argument or proposal."""

    outcome: str
    language: str
    reasons: str = ""
    law_cited: str = ""
    appeal: str = ""
    answers: Mapping[int, Answer] = field(default_factory=dict)


@retried
def draft_decision(petition_id: int, draft: Draft, *, by: Actor, at: datetime, seen: str | None = None) -> int:
    """Save the draft, new or changed; it may be incomplete until it is decided. Returns its version.

    ``seen``: the fingerprint of the draft that the writer had before them.
    Raises ChangedMeanwhile, OtherLanguage, NotNow.
    """
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        if not may_draft(session, petition):
            raise NotNow
        if draft.language not in languages(petition.language):
            raise OtherLanguage
        _check_seen(session, petition_id, seen)
        decision = open_draft(session, petition_id) or _next_version(session, petition_id)
        _write(decision, petition, draft)
        decision.drafted_at, decision.drafted_by_id = at, by.id
        session.add(decision)
        details = {"version": decision.version, "outcome": draft.outcome}
        record(session, actor=by, act="draft-decision", subject=f"petition:{petition_id}", at=at, details=details)
        return decision.version


def may_draft(session: Session, petition: Petition) -> bool:
    """In examination, late too; after publication only when a granted appeal asks for a new decision (99)."""
    if petition.state == State.PUBLISHED:
        return appeal_of(lifecycle.transitions(session, petition.id)).calls_for_new_decision
    return petition.state == State.EXAMINATION


def open_draft(session: Session, petition_id: int) -> Decision | None:
    """The version that is drafted and not decided, if there is one."""
    return session.scalars(
        sa.select(Decision).where(Decision.petition_id == petition_id, Decision.decided_at.is_(None))
    ).one_or_none()


@retried
def decide(
    petition_id: int,
    *,
    by: Actor,
    at: datetime,
    omitted: Mapping[str, str] | None = None,
    seen: str | None = None,
) -> None:
    """The head makes the drafted decision; after a granted appeal, the new version of it.

    ``omitted``: by code of a duty that was not done, the head's public reason.
    Raises NotTheHead, NoDraft, ChangedMeanwhile, Incomplete, NotNow.
    """
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        head = colleague(session, by, at)
        if Role.HEAD not in head.roles:
            raise NotTheHead
        if not may_draft(session, petition):
            raise NotNow
        _mark_silence(session, petition, at)
        decision = open_draft(session, petition_id)
        if decision is None:
            raise NoDraft
        _check_seen(session, petition_id, seen)
        left_out = _left_out(session, petition, decision, omitted or {})
        _make(session, petition, decision, head, at)
        event = Event.DECIDED if petition.state == State.EXAMINATION else Event.DECIDED_ANEW
        details = _told(decision) | ({"omitted": left_out} if left_out else {}) | _cancelled(session, petition, at)
        reason = "\n".join(left_out.values()) or None
        put_down(session, petition, event, by=by, at=at, reason=reason, details=details)


@retried
def publish(petition_id: int, *, by: Actor, at: datetime) -> None:
    """Publish the decision that was made; due by the next working day (90-6). Raises NotNow."""
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        decision = session.scalars(
            sa.select(Decision).where(
                Decision.petition_id == petition_id,
                Decision.decided_at.is_not(None),
                Decision.published_at.is_(None),
            )
        ).one_or_none()
        if decision is None:
            raise NotNow
        decision.published_at = at
        put_down(session, petition, Event.PUBLISHED, by=by, at=at, details=_told(decision))


@retried
def make_statement(petition_id: int, *, on: date, text: str, url: str, by: Actor, at: datetime) -> None:
    """Record the head's official statement, which follows the publication (90-6). Raises StatedAlready."""
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        steps = lifecycle.transitions(session, petition_id)
        published = lifecycle.newest(steps, Event.PUBLISHED)
        if published is None:
            raise NotNow
        if lifecycle.is_stated(steps):
            raise StatedAlready
        check_day(on, at, since=local_date(published.at))
        details = {"on": on.isoformat(), "text": text, "url": url}
        put_down(session, petition, Event.STATEMENT_MADE, by=by, at=at, details=details)


def _check_seen(session: Session, petition_id: int, seen: str | None) -> None:
    if seen is not None and seen != fingerprint(_newest_view(session, petition_id, drafted=True)):
        raise ChangedMeanwhile


def _newest_view(session: Session, petition_id: int, *, drafted: bool) -> lifecycle.DecisionView | None:
    views = lifecycle.decisions(session, petition_id, published_only=False)
    return next((view for view in views if (view.decided_at is None) == drafted), None)


def _next_version(session: Session, petition_id: int) -> Decision:
    highest = session.scalar(sa.select(sa.func.max(Decision.version)).where(Decision.petition_id == petition_id))
    return Decision(petition_id=petition_id, version=(highest or 0) + 1)


def _write(decision: Decision, petition: Petition, draft: Draft) -> None:
    decision.outcome, decision.language = draft.outcome, draft.language
    decision.reasons, decision.law_cited, decision.appeal = draft.reasons, draft.law_cited, draft.appeal
    given = {
        point.id: draft.answers[point.id]
        for point in petition.points
        if point.id in draft.answers and draft.answers[point.id].finding in FINDINGS[point.kind]
    }
    kept = {answer.point_id: answer for answer in decision.answers if answer.point_id in given}
    decision.answers = [kept.get(point_id) or DecisionAnswer(point_id=point_id) for point_id in given]
    for row in decision.answers:
        row.finding, row.text = given[row.point_id].finding, given[row.point_id].text


def _mark_silence(session: Session, petition: Petition, at: datetime) -> None:
    """A late decision does not hide that the term passed: the mark of 91(2) comes first, worker or not."""
    if petition.state == State.EXAMINATION:
        DUE_STEPS[State.EXAMINATION](session, petition, at)


def _left_out(session: Session, petition: Petition, decision: Decision, omitted: Mapping[str, str]) -> dict[str, str]:
    """The duties left out, each with its public reason. Raises Incomplete with everything that is missing."""
    draft = next(
        view for view in lifecycle.decisions(session, petition.id, published_only=False) if view.id == decision.id
    )
    missing = list(missing_parts(draft, lifecycle.text(session, petition.id)))
    undone: tuple[DutyState, ...] = ()
    if petition.state == State.EXAMINATION:
        # A new decision after an appeal rests on the examination that was already made.
        steps = lifecycle.transitions(session, petition.id)
        central = is_central(petition.addressee)
        duties = checklist(petition.edition or "", central=central, transitions=steps)
        undone = tuple(duty for duty in duties if not duty.is_done)
        missing += missing_duties(undone, omitted)
    if missing:
        raise Incomplete(missing)
    return {state.duty.code: omitted[state.duty.code].strip() for state in undone}


def _make(session: Session, petition: Petition, decision: Decision, head: Viewer, at: datetime) -> None:
    """Freeze who decided: the title comes from the body, the act of appointment from an acting head."""
    body = reference.body(session, petition.body_id or 0)
    assert body is not None  # noqa: S101 - a filed petition has its body
    decision.decided_at, decision.decided_by_id = at, head.staff_id
    decision.head_title_kk, decision.head_title_ru, decision.head_title_en = (
        body.head_title_kk,
        body.head_title_ru,
        body.head_title_en,
    )
    decision.acting_act = head.acting_act


def _cancelled(session: Session, petition: Petition, at: datetime) -> dict[str, str]:
    """The day of an announced discussion that the decision cancels, or that came without being recorded as held."""
    announced = announced_for(session, petition.id)
    if announced is None:
        return {}
    ahead = announced > local_date(at)  # on the day itself it may have been held
    return {"discussion_cancelled" if ahead else "discussion_unrecorded": announced.isoformat()}


def _told(decision: Decision) -> dict[str, object]:
    return {"decision_id": decision.id, "outcome": decision.outcome, "version": decision.version}
