"""Appeals and what comes of them as dated records (91-92, 99, 136)."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor
from petitions.consideration.appeals import AUTHOR, COURT, SUPERIOR_BODY, Appeal, appeal_of
from petitions.consideration.records import check_day, moment_of, own, put_down
from petitions.db import retried, transaction
from petitions.errors import DomainError, Forbidden, Gone
from petitions.law.levels import is_central
from petitions.law.states import Event, State
from petitions.law.working_days import local_date
from petitions.lifecycle.advance import load
from petitions.lifecycle.models import Petition
from petitions.lifecycle.queries import transitions
from petitions.lifecycle.sweep import STEPS as DUE_STEPS
from petitions.reference import queries as reference


class NothingToAppeal(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("There is nothing to appeal yet: no decision is published and no term has passed."))


class AppealRunning(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("An appeal is recorded already and is not decided yet."))


class WrongAddress(DomainError):
    def __init__(self, right: str) -> None:
        to_court = _l("This complaint goes to court: there is no superior body left to complain to.")
        to_body = _l("A complaint goes to the superior body first.")
        super().__init__(to_court if right == COURT else to_body, field="to")


class NoAppeal(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("No appeal is open. Record the appeal first."))


class NoSuperiorBody(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("This appeal goes to court: there is no superior body to pass it to."))


@retried
def file_appeal(petition_id: int, *, to: str, on: date, by: Actor, at: datetime) -> None:
    """The author records a complaint already sent.

    Raises Forbidden for everybody else, NothingToAppeal, AppealRunning, WrongAddress.
    """
    with transaction() as session:
        petition = load(session, petition_id)
        if petition.state == State.TAKEN_DOWN:
            raise Gone
        if by.kind != "citizen" or by.id != petition.author_id:
            raise Forbidden
        _file(session, petition, to, on, AUTHOR, by, at)


@retried
def record_appeal(petition_id: int, *, to: str, on: date, appellant: str, by: Actor, at: datetime) -> None:
    """The body records a complaint it received. Raises NothingToAppeal, AppealRunning, WrongAddress."""
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        _file(session, petition, to, on, appellant, by, at)


@retried
def pass_appeal_up(petition_id: int, *, on: date, by: Actor, at: datetime) -> None:
    """The complaint went to the superior body; due in three working days (91-92).

    Raises NoAppeal, NoSuperiorBody.
    """
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        appeal = _open_appeal(session, petition)
        if appeal.filed is None or appeal.filed.details.get("to") != SUPERIOR_BODY:
            raise NoSuperiorBody
        if appeal.passed_up is not None:
            raise NoAppeal
        check_day(on, at, since=local_date(appeal.filed.at))
        details = {"on": on.isoformat()}
        happened_at = moment_of(on, at)
        put_down(session, petition, Event.APPEAL_PASSED_UP, by=by, at=at, happened_at=happened_at, details=details)


@retried
def record_appeal_outcome(
    petition_id: int, *, granted: bool, on: date, decided_by: str, text: str, by: Actor, at: datetime
) -> None:
    """What came of it: granted, it leads to a new version of the decision (99). Raises NoAppeal."""
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        appeal = _open_appeal(session, petition)
        since = appeal.passed_up or appeal.filed
        check_day(on, at, since=local_date(since.at) if since else None)
        put_down(
            session,
            petition,
            Event.APPEAL_DECIDED,
            by=by,
            at=at,
            happened_at=moment_of(on, at),
            details={"granted": granted, "on": on.isoformat(), "by": decided_by, "text": text},
            appeal_granted=granted,
            appeal_to_court=appeal.filed is not None and appeal.filed.details.get("to") == COURT,
        )


def _file(session: Session, petition: Petition, to: str, on: date, appellant: str, by: Actor, at: datetime) -> None:
    if petition.state == State.EXAMINATION:
        # Silence is appealable as soon as the term is over, marked by the worker or not (91(2)).
        DUE_STEPS[State.EXAMINATION](session, petition, at)
    appeal = appeal_of(transitions(session, petition.id))
    if appeal.is_open:
        raise AppealRunning
    if appeal.against is None:
        raise NothingToAppeal
    policy = reference.policy(session)
    if to != (right := appeal.where(central=is_central(petition.addressee), policy=policy)):
        raise WrongAddress(right)
    check_day(on, at, since=local_date(appeal.against.at))
    details = {"to": to, "on": on.isoformat(), "by": appellant}
    happened_at = moment_of(on, at)
    put_down(
        session,
        petition,
        Event.APPEAL_FILED,
        by=by,
        at=at,
        happened_at=happened_at,
        details=details,
        appeal_to_court=to == COURT,
    )


def _open_appeal(session: Session, petition: Petition) -> Appeal:
    appeal = appeal_of(transitions(session, petition.id))
    if not appeal.is_open:
        raise NoAppeal
    return appeal
