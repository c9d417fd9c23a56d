"""A petition on the desk of its body, and the people of that body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from petitions.audit import Actor
from petitions.consideration import actions, deciding, hearing
from petitions.consideration.actions import Member
from petitions.consideration.deciding import Answer, Draft
from petitions.db import reading, transaction
from petitions.identity.roles import Role
from petitions.law.states import ClockKind, Event, State
from petitions.lifecycle import queries
from petitions.lifecycle.models import Clock, Petition
from petitions.lifecycle.queries import newest
from petitions.lifecycle.sweep import sweep
from tests import making

SYSTEM = Actor("system", None, "system")
ARRIVED = datetime(2026, 6, 30, 6, 0, tzinfo=UTC)
"""Tuesday 30 June 2026, 11 o'clock in Kazakhstan: 40 working days on is 26 August, 20 is 29 July."""
FACTS = "Комиссия орнына барып тексерді, дәлелдер құжаттармен расталды."


@dataclass(frozen=True)
class Desk:
    """One petition in examination since ARRIVED, its body, an officer and the head."""

    petition_id: int
    body_id: int
    author: Actor
    officer: Actor
    head: Actor

    @property
    def duties(self) -> set[str]:
        central = standing(self.petition_id).addressee == "government"
        return {"visit", "discussion", "group"} | ({"analysis", "practice"} if central else set())


@pytest.fixture
def local(database: object) -> Desk:
    """A village's petition to its akim's office: three duties, 20 working days."""
    return a_desk()


@pytest.fixture
def central(database: object) -> Desk:
    """A petition to the Government before its ministry: five duties, 40 working days."""
    return a_desk(addressee="government")


@pytest.fixture(params=["local", "central"])
def either(database: object, request: pytest.FixtureRequest) -> Desk:
    return a_desk() if request.param == "local" else a_desk(addressee="government")


def a_desk(*, state: State = State.EXAMINATION, arrived: datetime = ARRIVED, **given: object) -> Desk:
    """``state`` is SENT, EXAMINATION or MESSAGE; keywords as in `making.answers`."""
    author_id = making.a_citizen(at=arrived - timedelta(days=20))
    petition_id = making.a_filed_petition(author_id, at=arrived - timedelta(days=20), **given)
    making.accept(petition_id, arrived - timedelta(days=15))
    _record(petition_id, Event.SUPPORT_REACHED, arrived - timedelta(days=10))
    if state is State.MESSAGE:
        _record(petition_id, Event.RETURNED, arrived)
        _record(petition_id, Event.FORWARDED, arrived)
    else:
        _record(petition_id, Event.THRESHOLD_REACHED, arrived)
        _record(petition_id, Event.SENT, arrived)
    if state is not State.SENT:
        sweep(arrived)
    assert making.state_of(petition_id) == state
    body_id = standing(petition_id).body_id
    assert body_id is not None
    return Desk(
        petition_id,
        body_id,
        making.citizen(author_id),
        making.staff(making.a_staff_member([Role.OFFICER], body_id), Role.OFFICER),
        making.staff(making.a_staff_member([Role.HEAD], body_id), Role.HEAD),
    )


def a_draft(petition_id: int, **changes: object) -> Draft:
    """A complete draft: every argument confirmed, every proposal accepted."""
    text = the_text(petition_id)
    answers = {point.id: Answer("confirmed", FACTS) for point in text.arguments}
    answers |= {point.id: Answer("accepted", "Өткел салынады.") for point in text.proposals}
    parts: dict[str, object] = {
        "outcome": "full",
        "language": "kk",
        "reasons": "Дәлелдер орнында тексеріліп, толық расталды, сондықтан ұсыныстар орындалады.",
        "law_cited": "Жол жүрісі туралы заң, 12-бап",
        "appeal": "Шешімге үш ай ішінде шағым жасауға болады.",
        "answers": answers,
    }
    return Draft(**{**parts, **changes})  # type: ignore[arg-type]


def do_duties(desk: Desk, at: datetime) -> datetime:
    """Every duty of the body, begun at ``at``; returns a moment after the last of them."""
    petition_id, by = desk.petition_id, desk.officer
    actions.waive_visit(petition_id, reason="Фактілер құжаттармен расталған.", by=by, at=at)
    actions.form_group(petition_id, members=[Member("deputy", "Мәслихат")], author_invited=True, by=by, at=at)
    if standing(petition_id).addressee == "government":
        actions.analyse_comments(petition_id, text="Пікірлер талданды.", by=by, at=at)
        actions.study_practice(petition_id, text="Үш елдің тәжірибесі.", by=by, at=at)
    deciding.draft_decision(petition_id, a_draft(petition_id), by=by, at=at)
    with reading() as session:
        on = hearing.earliest_discussion(session, at)
    announce(desk, on, at)
    held_at = at + timedelta(days=(on - at.date()).days, hours=3)
    actions.hold_discussion(petition_id, on=on, participants=12, minutes="Хаттама.", by=by, at=held_at)
    return held_at


def announce(desk: Desk, on: date, at: datetime) -> None:
    where = {"place": "Әкімдік, 1-зал", "online": ""}
    actions.announce_discussion(desk.petition_id, on=on, hour=time(10), by=desk.officer, at=at, **where)


def decided(desk: Desk, at: datetime, **changes: object) -> None:
    """Everything done and decided by the head at ``at``."""
    omitted = dict.fromkeys(
        ("visit", "discussion", "group", "analysis", "practice"), "Бұл міндетті орындауға заңды негіз болмады."
    )
    deciding.draft_decision(desk.petition_id, a_draft(desk.petition_id, **changes), by=desk.officer, at=at)
    deciding.decide(desk.petition_id, omitted=omitted, by=desk.head, at=at)


def published(desk: Desk, at: datetime, **changes: object) -> None:
    decided(desk, at, **changes)
    deciding.publish(desk.petition_id, by=desk.officer, at=at + timedelta(hours=1))


def standing(petition_id: int) -> queries.Standing:
    with reading() as session:
        return queries.standing(session, petition_id)


def the_text(petition_id: int) -> queries.PetitionText:
    with reading() as session:
        return queries.text(session, petition_id)


def steps(petition_id: int) -> list[queries.TransitionRow]:
    with reading() as session:
        return queries.transitions(session, petition_id)


def last(petition_id: int, event: Event) -> queries.TransitionRow:
    found = newest(steps(petition_id), event)
    assert found is not None, f"no {event}"
    return found


def versions(petition_id: int) -> list[queries.DecisionView]:
    with reading() as session:
        return queries.decisions(session, petition_id, published_only=False)


def ending(petition_id: int, kind: ClockKind) -> str | None:
    """How the newest clock of a kind ended."""
    with reading() as session:
        wanted = sa.select(Clock.ending).where(Clock.petition_id == petition_id, Clock.kind == kind)
        return session.scalars(wanted.order_by(Clock.id.desc()).limit(1)).one()


def moved(petition_id: int, change: Callable[[Petition], None]) -> None:
    with transaction() as session:
        change(session.get_one(Petition, petition_id))


def _record(petition_id: int, event: Event, at: datetime) -> None:
    making.record(petition_id, event, at, SYSTEM)
