"""What a body puts down: its number, the duties of 90-5, the end of a message (76, 89), its promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor
from petitions.consideration.commitments import commitments
from petitions.consideration.deciding import open_draft
from petitions.consideration.hearing import announced_for, concerns, earliest_discussion, may_not_announce_again
from petitions.consideration.readiness import missing_parts
from petitions.consideration.records import check_day, own, put_down
from petitions.db import retried, transaction
from petitions.errors import DomainError
from petitions.i18n import format_day
from petitions.law.levels import is_central
from petitions.law.states import Event
from petitions.law.working_days import local_date
from petitions.lifecycle.models import Petition
from petitions.lifecycle.queries import decisions, newest, transitions
from petitions.lifecycle.queries import text as text_of


class NoReason(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("State the reason: it is shown to everybody."), field="reason")


class NothingToDiscuss(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("The draft decision is what is discussed. Write the draft first."))


class DraftUnfinished(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("The draft is what people discuss, and it is not complete. Complete it first."))


class UnusualTime(DomainError):
    """Lawful, but hardly meant: the officer changes it or insists."""

    def __init__(self, concerns: Sequence[object]) -> None:
        told = " ".join(str(each) for each in concerns)
        super().__init__(_l("%(concerns)s Change it, or confirm it.", concerns=told), field="insists")


class TooEarlyToDiscuss(DomainError):
    """90-5: notice three working days before; so the fourth working day after it is the first possible."""

    def __init__(self, earliest: date) -> None:
        day = format_day(earliest)
        super().__init__(
            _l(
                "People must hear of it three working days before. The earliest possible day is %(day)s.",
                day=day,
            ),
            field="on",
        )


class NoPlace(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("Say where: a place, an online address, or both."), field="place")


class AnnouncedAlready(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("A discussion is announced already. Record first that it was held."))


class NotAnnounced(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("No discussion was announced. Announce it first."))


class AnotherDay(DomainError):
    def __init__(self, announced: date) -> None:
        day = format_day(announced)
        super().__init__(_l("It was announced for %(day)s. Another day needs a new notice.", day=day), field="on")


class AuthorNotInvited(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("The author or the representative must be invited to the group."), field="author_invited")


class NoMembers(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("Name at least one member."), field="members")


class OnlyCentral(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("The law asks this of central bodies only."))


class NoCommitment(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("Choose the commitment."), field="key")


class DueInThePast(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("Choose a day that has not passed."), field="due")


@dataclass(frozen=True)
class Member:
    """A member of the group: in what role, and the body or organisation; never a private person's name."""

    role: str
    name_or_body: str


@retried
def enter_number(petition_id: int, *, number: str, on: date, by: Actor, at: datetime) -> None:
    """Add the number of the body's own register; registration itself happened without the body (64(3))."""
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        check_day(on, at)
        details = {"number": number, "on": on.isoformat()}
        put_down(session, petition, Event.BODY_NUMBER_ENTERED, by=by, at=at, details=details)


@retried
def record_visit(petition_id: int, *, on: date, place: str, found: str, by: Actor, at: datetime) -> None:
    """The place was visited and the facts checked there (90-5)."""
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        check_day(on, at, since=_registered_on(session, petition_id))
        details = {"on": on.isoformat(), "place": place, "found": found}
        put_down(session, petition, Event.VISITED, by=by, at=at, details=details)


@retried
def waive_visit(petition_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """The facts need no check on the spot; the reason is public (90-5). Raises NoReason."""
    if not reason.strip():
        raise NoReason
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        put_down(session, petition, Event.VISIT_WAIVED, by=by, at=at, details={"reason": reason})


@retried
def announce_discussion(
    petition_id: int,
    *,
    on: date,
    hour: time,
    place: str,
    online: str,
    by: Actor,
    at: datetime,
    insists: bool = False,
) -> None:
    """Give notice of the public discussion of the draft decision (90-5). ``insists``: on a time that is unusual.

    Raises NothingToDiscuss, DraftUnfinished, TooEarlyToDiscuss, NoPlace, AnnouncedAlready, UnusualTime.
    """
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        _check_draft(session, petition)
        if on < (earliest := earliest_discussion(session, at)):
            raise TooEarlyToDiscuss(earliest)
        if not place and not online:
            raise NoPlace
        if may_not_announce_again(session, petition_id):
            raise AnnouncedAlready
        if not insists and (doubts := concerns(session, petition_id, on, hour)):
            raise UnusualTime(doubts)
        details = {"on": on.isoformat(), "at": f"{hour:%H:%M}", "place": place, "online": online}
        put_down(session, petition, Event.DISCUSSION_ANNOUNCED, by=by, at=at, details=details)


@retried
def hold_discussion(petition_id: int, *, on: date, participants: int, minutes: str, by: Actor, at: datetime) -> None:
    """The discussion was held on the day people were told; the minutes are public.

    Raises NotAnnounced, AnotherDay.
    """
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        announced = announced_for(session, petition_id)
        if announced is None:
            raise NotAnnounced
        if on != announced:
            raise AnotherDay(announced)
        check_day(on, at)
        details = {"on": on.isoformat(), "participants": participants, "minutes": minutes}
        put_down(session, petition, Event.DISCUSSION_HELD, by=by, at=at, details=details)


@retried
def form_group(petition_id: int, *, members: Sequence[Member], author_invited: bool, by: Actor, at: datetime) -> None:
    """A commission or working group that includes the author or the representative (90-5).

    Raises AuthorNotInvited, NoMembers.
    """
    if not author_invited:
        raise AuthorNotInvited
    if not members:
        raise NoMembers
    named = [{"role": member.role, "name_or_body": member.name_or_body} for member in members]
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        details = {"members": named, "author_invited": True}
        put_down(session, petition, Event.GROUP_FORMED, by=by, at=at, details=details)


@retried
def analyse_comments(petition_id: int, *, text: str, by: Actor, at: datetime) -> None:
    """Comments, economic, sociological, statistical information analysed (90-5). Raises OnlyCentral."""
    with transaction() as session:
        petition = _central(session, petition_id, by, at)
        put_down(session, petition, Event.COMMENTS_ANALYSED, by=by, at=at, details={"text": text})


@retried
def study_practice(petition_id: int, *, text: str, by: Actor, at: datetime) -> None:
    """International experience was studied, because legislation must change (90-5). Raises OnlyCentral."""
    with transaction() as session:
        petition = _central(session, petition_id, by, at)
        put_down(session, petition, Event.PRACTICE_STUDIED, by=by, at=at, details={"text": text})


@retried
def answer_message(petition_id: int, *, text: str, by: Actor, at: datetime) -> None:
    """Answer what missed its threshold and came as an ordinary message (90-3(5), 76(1), 89)."""
    _end_message(petition_id, Event.MESSAGE_ANSWERED, text, by, at)


@retried
def note_message(petition_id: int, *, text: str, by: Actor, at: datetime) -> None:
    """Take note of it (89)."""
    _end_message(petition_id, Event.MESSAGE_NOTED, text, by, at)


@retried
def terminate_message(petition_id: int, *, text: str, by: Actor, at: datetime) -> None:
    """End its handling without an answer, for the reason given (89)."""
    _end_message(petition_id, Event.MESSAGE_TERMINATED, text, by, at)


@retried
def make_commitment(petition_id: int, *, what: str, owner: str, due: date, by: Actor, at: datetime) -> str:
    """Record what the body will do after its decision; returns the commitment's key. Raises DueInThePast."""
    if due < local_date(at):
        raise DueInThePast
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        key = f"c{len(commitments(transitions(session, petition_id))) + 1}"
        details = {"key": key, "what": what, "owner": owner, "due": due.isoformat()}
        put_down(session, petition, Event.COMMITMENT_MADE, by=by, at=at, details=details)
        return key


@retried
def update_commitment(petition_id: int, *, key: str, state: str, text: str, by: Actor, at: datetime) -> None:
    """Say how far a commitment is: in_progress, done or dropped. Raises NoCommitment."""
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        if key not in {one.key for one in commitments(transitions(session, petition_id))}:
            raise NoCommitment
        details = {"key": key, "state": state, "text": text}
        put_down(session, petition, Event.COMMITMENT_UPDATED, by=by, at=at, details=details)


def _check_draft(session: Session, petition: Petition) -> None:
    """What is discussed is a whole draft: an answer to every argument, with its reasons and the law (90-5, 90-6)."""
    drafted = open_draft(session, petition.id)
    if drafted is None:
        raise NothingToDiscuss
    view = next(one for one in decisions(session, petition.id, published_only=False) if one.id == drafted.id)
    if missing_parts(view, text_of(session, petition.id)):
        raise DraftUnfinished


def _end_message(petition_id: int, event: Event, text: str, by: Actor, at: datetime) -> None:
    with transaction() as session:
        petition = own(session, petition_id, by, at)
        put_down(session, petition, event, by=by, at=at, details={"text": text})


def _central(session: Session, petition_id: int, by: Actor, at: datetime) -> Petition:
    petition = own(session, petition_id, by, at)
    if not is_central(petition.addressee):
        raise OnlyCentral
    return petition


def _registered_on(session: Session, petition_id: int) -> date | None:
    registered = newest(transitions(session, petition_id), Event.REGISTERED)
    return local_date(registered.at) if registered else None
