"""What the author's pages show: the draft, what is missing, what comes after filing, one's own list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.drafting.actions import Answers, answers_of
from petitions.errors import NotFound
from petitions.i18n import pick
from petitions.identity.queries import Contact, contact
from petitions.law.clocks import clocks_started
from petitions.law.editions import Edition, edition, edition_on
from petitions.law.eligibility import ASK_AGAIN, Reason
from petitions.law.levels import Addressee, Threshold
from petitions.law.policy import order_for
from petitions.law.states import (
    CLOCK_LABELS,
    STATE_LABELS,
    ClockKind,
    Event,
    Facts,
    Label,
    Order,
    State,
    link_is_active,
    next_step,
    permitted_events,
)
from petitions.law.topics import Topic, topics
from petitions.law.working_days import CalendarUnknown, Unit, local_date
from petitions.lifecycle import filing
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.filing import AlreadyFiled, Problem
from petitions.lifecycle.models import Petition
from petitions.lifecycle.queries import AttachmentRow, ClockRow, Standing, TransitionRow
from petitions.reference import queries as reference
from petitions.reference.queries import BodyView, TerritoryView
from petitions.reference.thresholds import threshold_today
from petitions.search.places import FoundPlace, found_places
from petitions.search.similar import Candidate, similar
from petitions.tally import queries as tally
from petitions.timeline.coming import what_comes

SEARCH_LIMIT = 20
KATO = re.compile(r"[0-9]{9}")


@dataclass(frozen=True)
class StartPage:
    """The rules before one begins. ``reasons`` is None for those who have not signed in.

    ``place``: where the reader comes from; the draft will begin with it.
    """

    law: Edition
    order: Order
    topics: tuple[Topic, ...]
    reasons: tuple[object, ...] | None
    may_ask_again: bool
    drafts: int
    place: TerritoryView | None


@dataclass(frozen=True)
class Draft:
    """A draft as its author sees it."""

    petition_id: int
    revision: int
    saved_at: datetime
    answers: Answers
    files: tuple[AttachmentRow, ...]
    authority: AttachmentRow | None
    contact: Contact
    path: tuple[TerritoryView, ...]
    body: BodyView | None


@dataclass(frozen=True)
class Place:
    """What the choice of a place offers: the chosen path, the lists along it, and what a search found."""

    path: tuple[TerritoryView, ...] = ()
    oblasts: tuple[TerritoryView, ...] = ()
    districts: tuple[TerritoryView, ...] = ()
    units: tuple[TerritoryView, ...] = ()
    searched: str = ""
    found: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ForecastTerm:
    """A term that will run. ``due_on`` is known for those that start with filing."""

    kind: ClockKind
    label: Label
    length: int
    unit: Unit
    article: str
    due_on: date | None


@dataclass(frozen=True)
class Forecast:
    """What the law will do with the petition if it is filed today."""

    law: Edition
    order: Order
    threshold: Threshold | None
    unit: TerritoryView | None
    terms: tuple[ForecastTerm, ...]


@dataclass(frozen=True)
class CheckPage:
    """One's answers before filing."""

    draft: Draft
    problems: tuple[Problem, ...]
    similar: tuple[Candidate, ...]
    forecast: Forecast


@dataclass(frozen=True)
class OwnPetition:
    """A line of one's own list.

    ``shared_ref`` is the unguessable address, while there is only a link; ``comes``: what comes next, as a sentence.
    """

    petition_id: int
    title: str
    language: str
    state: State
    label: Label
    since: datetime
    count: int
    required: int | None
    shared_ref: str | None = field(repr=False)
    comes: str
    clock: ClockRow | None
    days_left: int | None
    overdue: bool
    may_appeal: bool
    may_withdraw: bool
    may_step_back: bool


def start_page(session: Session, citizen_id: int | None, at: datetime, kato: str = "") -> StartPage:
    """The rules of today, and for a citizen whether they may file. A place that cannot be asked is left out."""
    today = local_date(at)
    policy = reference.policy(session)
    law = edition_on(today, policy)
    order = order_for(law, policy)
    if citizen_id is None:
        return StartPage(law, order, topics(law), None, False, 0, asked_place(session, kato))
    reasons: list[Reason] = filing.reasons_against(session, citizen_id, at)
    drafts = sa.select(sa.func.count()).where(Petition.author_id == citizen_id, Petition.state == State.DRAFT)
    texts = tuple(filing.reason_text(reason) for reason in reasons)
    ask_again = not ASK_AGAIN.isdisjoint(reasons)
    number = session.scalar(drafts) or 0
    return StartPage(law, order, topics(law), texts, ask_again, number, asked_place(session, kato))


def asked_place(session: Session, kato: str) -> TerritoryView | None:
    """The unit that an address or a form names, if a petition can be addressed to it."""
    unit = reference.territory(session, kato) if KATO.fullmatch(kato) else None
    return unit if unit and unit.petition_unit else None


def draft(session: Session, petition_id: int, citizen_id: int) -> Draft:
    """One's own draft. Raises NotFound, and AlreadyFiled when it is a draft no more."""
    petition = _own(session, petition_id, citizen_id)
    if petition.state != State.DRAFT:
        raise AlreadyFiled
    files = lifecycle.text(session, petition_id).attachments
    kato, body_id = petition.territory_kato, petition.body_id
    return Draft(
        petition_id=petition_id,
        revision=petition.revision,
        saved_at=petition.saved_at,
        answers=answers_of(petition),
        files=tuple(each for each in files if each.kind == "attachment"),
        authority=next((each for each in files if each.kind == "authority"), None),
        contact=contact(session, citizen_id),
        path=tuple(reference.territory_path(session, kato)) if kato else (),
        body=reference.body(session, body_id) if body_id else None,
    )


def place(session: Session, kato: str | None, searched: str, language: str) -> Place:
    """The lists around a chosen unit, and the units that bear the name that was searched for, or one like it."""
    path = tuple(reference.territory_path(session, kato)) if kato else ()
    searched = searched.strip()[:100]
    found = found_places(session, searched, limit=SEARCH_LIMIT) if searched else []
    return Place(
        path=path,
        oblasts=tuple(reference.top_units(session, language)),
        districts=tuple(reference.children(session, path[0].kato, language)) if path else (),
        units=tuple(reference.children(session, path[1].kato, language)) if len(path) > 1 else (),
        searched=searched,
        found=tuple((each.unit.kato, _where(each)) for each in found),
    )


def check_page(session: Session, petition_id: int, citizen_id: int, at: datetime) -> CheckPage:
    """One's answers, what is missing, what looks alike, what comes next. Raises NotFound, AlreadyFiled."""
    own = draft(session, petition_id, citizen_id)
    forecast = _forecast(session, own, at)
    petition = _own(session, petition_id, citizen_id)
    return CheckPage(
        draft=own,
        problems=tuple(filing.problems(session, petition, at)),
        similar=tuple(
            similar(
                session,
                title=own.answers.title,
                body_id=petition.body_id,
                law=forecast.law,
                on=local_date(at),
                leave_out=petition_id,
            )
        ),
        forecast=forecast,
    )


def place_name(field_id: str) -> object:
    """What the form calls the place of a problem: "Argument 2", "E-mail"."""
    name, _dash, row = field_id.partition("-")
    if row.isdecimal():
        number = int(row) + 1
        return (
            _("Argument %(number)s", number=number) if name == "arguments" else _("Proposal %(number)s", number=number)
        )
    return _PLACE_NAMES.get(name, field_id)


def own_petitions(session: Session, citizen_id: int, at: datetime) -> list[OwnPetition]:
    """Everything this citizen drafted or filed, the newest first; as many queries however many they are."""
    mine = sa.select(Petition).where(Petition.author_id == citizen_id).order_by(Petition.id.desc())
    return _own_petitions(session, session.scalars(mine).all(), at)


def own_petition(session: Session, petition_id: int, citizen_id: int, at: datetime) -> OwnPetition:
    """One line of it. Raises NotFound."""
    return _own_petitions(session, [_own(session, petition_id, citizen_id)], at)[0]


_PLACE_NAMES = {
    "person": _l("Who files"),
    "email": _l("E-mail"),
    "represented": _l("Whom you represent"),
    "authority": _l("Document of your authority"),
    "addressee": _l("To whom"),
    "body": _l("Central body"),
    "territory": _l("Place"),
    "title": _l("Subject"),
    "content": _l("Content"),
    "arguments": _l("Arguments"),
    "proposals": _l("Proposals"),
}


def _own(session: Session, petition_id: int, citizen_id: int) -> Petition:
    petition = session.get(Petition, petition_id)
    if petition is None or petition.author_id != citizen_id:
        raise NotFound
    return petition


def _where(found: FoundPlace) -> str:
    """A unit with what it lies in: names repeat all over the country."""
    return ", ".join(pick(each, "name") for each in (found.unit, *found.above))


def _forecast(session: Session, own: Draft, at: datetime) -> Forecast:
    policy, today = reference.policy(session), local_date(at)
    law = edition_on(today, policy)
    order = order_for(law, policy)
    central = own.answers.addressee == Addressee.GOVERNMENT
    unit = own.path[-1] if own.path and not central else None
    return Forecast(
        law, order, threshold_today(law, own.answers.addressee, unit), unit, _terms(session, law, order, central, today)
    )


_WAY = {
    Order.CHECK_FIRST: (
        (Event.FILED, State.CHECKING),
        (Event.ACCEPTED, State.SUPPORTING),
        (Event.SUPPORT_REACHED, State.OPEN),
        (Event.REGISTERED, State.EXAMINATION),
    ),
    Order.SUPPORT_FIRST: (
        (Event.FILED, State.SUPPORTING),
        (Event.SUPPORT_REACHED, State.CHECKING),
        (Event.ACCEPTED, State.OPEN),
        (Event.REGISTERED, State.EXAMINATION),
    ),
}


def _terms(session: Session, law: Edition, order: Order, central: bool, today: date) -> tuple[ForecastTerm, ...]:
    """The terms of the author's and the body's way, in the order they come; media letters are not theirs."""
    policy, calendar = reference.policy(session), reference.calendar(session)
    found = []
    for event, state in _WAY[order]:
        for spec in clocks_started(event, state, law, policy, Facts(central=central)):
            if spec.kind is ClockKind.MEDIA_LETTERS:
                continue
            try:
                due_on = spec.due(today, calendar, policy) if event is Event.FILED else None
            except CalendarUnknown:
                due_on = None
            label = CLOCK_LABELS[spec.kind]
            found.append(ForecastTerm(spec.kind, label, spec.term, spec.unit, spec.article, due_on))
    return tuple(found)


@dataclass(frozen=True)
class _Known:
    """What is read of one's own petitions at once."""

    standings: Mapping[int, Standing]
    steps: Mapping[int, Sequence[TransitionRow]]
    clocks: Mapping[int, Sequence[ClockRow]]
    counts: Mapping[int, int]


def _own_petitions(session: Session, petitions: Sequence[Petition], at: datetime) -> list[OwnPetition]:
    ids = [petition.id for petition in petitions]
    known = _Known(
        lifecycle.standings(session, ids),
        lifecycle.transitions_of(session, ids),
        lifecycle.clocks_of(session, ids),
        tally.counts(session, ids),
    )
    return [_own_petition(session, petition, known, at) for petition in petitions]


def _own_petition(session: Session, petition: Petition, known: _Known, at: datetime) -> OwnPetition:
    standing, steps, clocks = known.standings[petition.id], known.steps[petition.id], known.clocks[petition.id]
    state, order, count = standing.state, standing.order, known.counts.get(petition.id, 0)
    permitted = permitted_events(state, order) if order else ()
    sending_by_hand = reference.policy(session).flag("sending_by_hand")
    coming = next_step(state, sending_by_hand=sending_by_hand, statement_made=lifecycle.is_stated(steps))
    clock = next((row for row in clocks if coming and row.is_running and row.kind is coming.clock), None)
    is_silent = state is State.EXAMINATION and bool(lifecycle.newest(steps, Event.DEEMED_REFUSED))
    is_late = lifecycle.is_late(standing, clocks, at) or (clock is not None and clock.overdue(at))
    needed = petition.required or (edition(petition.edition).support_needed.value if petition.edition else 0)
    return OwnPetition(
        petition_id=petition.id,
        title=petition.title or "",
        language=petition.language,
        state=state,
        label=STATE_LABELS[state],
        since=petition.saved_at if state == State.DRAFT else petition.state_since,
        count=count,
        required=petition.required,
        shared_ref=petition.link_token if order and link_is_active(state, order) else None,
        comes=what_comes(state, missing=max(needed - count, 0), overdue=is_late),
        clock=clock,
        days_left=clock.days_left(at, reference.calendar(session)) if clock else None,
        overdue=is_late,
        may_appeal=is_silent or state is State.PUBLISHED,
        may_withdraw=Event.WITHDRAWN in permitted,
        may_step_back=Event.STEPPED_BACK in permitted and not lifecycle.newest(steps, Event.STEPPED_BACK),
    )
