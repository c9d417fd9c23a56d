"""Making what a test needs by the acts a person would do: citizens, drafts, petitions in any state.

Times: ``at`` is the time of the act in law; a petition walks on from its filing by real terms. The defaults
stand in the 2026 edition (check first); an ``at`` before 2 March 2026 gives the 2024 edition (support first).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import clock
from petitions.audit import Actor
from petitions.db import reading, transaction
from petitions.drafting import actions as drafting
from petitions.identity.roles import Role
from petitions.identity.simulators import people
from petitions.law.editions import edition
from petitions.law.levels import Addressee
from petitions.law.states import ClockKind, Event, State
from petitions.law.working_days import end_of_day
from petitions.lifecycle import filing, queries
from petitions.lifecycle.advance import advance, load, running_clocks
from petitions.lifecycle.models import Decision, DecisionAnswer, Petition, Refusal, Transition
from petitions.lifecycle.sweep import sweep
from petitions.reference import queries as reference
from petitions.signatures import writer
from petitions.tally import queries as tally
from petitions.tally.ending import end_collections
from petitions.tally.sealing import seal
from tests.making_people import (
    AT,
    AT_2024_EDITION,
    SETTLEMENT,
    DemoRegistry,
    a_citizen,
    a_staff_member,
    citizen,
    citizens,
    numbers,
    sign_in,
    staff,
    staff_row,
    use_demo_registry,
)

__all__ = [
    "AT",
    "AT_2024_EDITION",
    "SETTLEMENT",
    "DemoRegistry",
    "a_citizen",
    "a_staff_member",
    "citizen",
    "citizens",
    "people",
    "sign_in",
    "staff",
    "use_demo_registry",
]

VILLAGE = "351635000"  # 232 people: its akim's office needs 12, fewer than the 50 of support
DISTRICT = "351600000"
NO_POPULATION = "103230000"  # a rural district that no census table gives

STAFF = Actor("staff", None, "moderator")
OFFICER = Actor("staff", None, "officer")
HEAD = Actor("staff", None, "head")
CONTENT = "Мектеп жанындағы көшеде жаяу жүргіншілер жолы жоқ, балалар жолдан қауіпті жерде өтеді."
ARGUMENTS = ("Соңғы екі жылда осы көшеде үш жол оқиғасы болды.", "Мектепте төрт жүз бала оқиды.")
PROPOSALS = ("Мектептің алдына жаяу жүргіншілер өткелін салу керек.",)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def law_time(at: datetime) -> None:
    """Set the law's clock of this process; it goes on ticking. After the app is made."""
    clock.configure(at.isoformat(), may_shift=True)


def body_of(kato: str, addressee: str = "akimat") -> int:
    """The id of a unit's akimat, akim's office or maslikhat."""
    with reading() as session:
        return filing.addressed_body(session, addressee, kato, None)


def a_ministry(slug: str = "mki") -> int:
    """The id of a central body."""
    with reading() as session:
        found = reference.body_by_slug(session, slug)
        assert found is not None
        return found.id


def answers(
    *, kato: str | None = SETTLEMENT, addressee: str = "akimat", language: str = "kk", **changes: object
) -> drafting.Answers:
    """Complete answers of a draft."""
    values: dict[str, object] = {
        "language": language,
        "addressee": addressee,
        "territory_kato": None if addressee == Addressee.GOVERNMENT else kato,
        "body_id": a_ministry() if addressee == Addressee.GOVERNMENT else None,
        "title": f"Мектеп жанына жаяу жүргіншілер жолын салу № {next(numbers)}",
        "content": CONTENT,
        "arguments": ARGUMENTS,
        "proposals": PROPOSALS,
    }
    return drafting.Answers(**{**values, **changes})  # type: ignore[arg-type]


def a_draft(author_id: int | None = None, *, at: datetime = AT, **given: object) -> int:
    """A complete draft that can be filed; keywords as in `answers`."""
    author_id = author_id or a_citizen(at=at)
    petition_id = drafting.start(by=citizen(author_id), at=at)
    drafting.save(petition_id, answers(**given), revision=1, by=citizen(author_id), at=at)  # type: ignore[arg-type]
    return petition_id


def a_filed_petition(author_id: int | None = None, *, at: datetime = AT, **given: object) -> int:
    """Filed at ``at``: in the check (2026 edition) or gathering support (2024 edition)."""
    author_id = author_id or a_citizen(at=at)
    petition_id = a_draft(author_id, at=at, **given)
    file(petition_id, at)
    return petition_id


def file(petition_id: int, at: datetime) -> None:
    """The author files; their signature is left out, tests/drafting tells of it."""
    with transaction() as session:
        petition = load(session, petition_id)
        by = replace(citizen(petition.author_id), role="representative" if petition.is_representative else "author")
        filing.complete(session, petition, by=by, at=at)


def joined(petition_id: int, n: int, at: datetime, *, kato: str | None = SETTLEMENT, sealed: bool = True) -> list[int]:
    """``n`` synthetic citizens join at ``at``, and the tally counts them; returns the citizens."""
    signers = citizens(n, at=at, kato=kato)
    with transaction() as session:
        for citizen_id in signers:
            assert all(writer.append(session, [_joining(petition_id, citizen_id, at, kato)]))
    if sealed:
        seal(at)
    return signers


def a_petition_in(state: State, *, at: datetime = AT, author_id: int | None = None, **given: object) -> int:
    """A petition filed at ``at`` that walked to the state by the law's own steps, each at its own time.

    Keywords as in `answers`. A unit that needs fewer than 50 never stops at OPEN: see VILLAGE.
    """
    author_id = author_id or a_citizen(at=at)
    if state == State.DRAFT:
        return a_draft(author_id, at=at, **given)
    petition_id = a_filed_petition(author_id, at=at, **given)
    for _ in range(20):
        if state_of(petition_id) == state:
            return petition_id
        go_on(petition_id, state)
    raise AssertionError(f"no way to {state}: the petition is {state_of(petition_id)}")


def go_on(petition_id: int, goal: State) -> None:
    """One legal step on the way to the goal, an hour or a term later."""
    _step(petition_id, state_of(petition_id), goal)


def state_of(petition_id: int) -> State:
    with reading() as session:
        return queries.standing(session, petition_id).state


def moment_of(petition_id: int) -> datetime:
    """The time of the petition's last step."""
    with reading() as session:
        latest = sa.select(sa.func.max(Transition.recorded_at)).where(Transition.petition_id == petition_id)
        found = session.scalar(latest)
        assert found is not None
        return found


def accept(petition_id: int, at: datetime) -> None:
    """The check is passed."""
    with transaction() as session:
        advance(session, load(session, petition_id), Event.ACCEPTED, by=STAFF, at=at)


def refuse(
    petition_id: int,
    at: datetime,
    *,
    code: str = "9",
    hides_text: bool = False,
    duplicate_of: int | None = None,
) -> None:
    """The check ends with a refusal: under a barred subject, or as a duplicate of another petition."""
    ground, clause = "subject", f"90-2(3)({code})"
    if duplicate_of is not None:
        ground, code, clause = "duplicate", "duplicate", "90-2(4)(3)"
    with transaction() as session:
        petition = load(session, petition_id)
        details = {"ground": ground, "code": code, "clause": clause, "duplicate_of": duplicate_of}
        transition = advance(session, petition, Event.REFUSED, by=STAFF, at=at, details=details)
        session.add(
            Refusal(
                petition_id=petition_id,
                transition_id=transition.id,
                ground=ground,
                code=code,
                clause=clause,
                text="Бұл мәселе бойынша петиция берілмейді.",
                duplicate_of=duplicate_of,
                hides_text=hides_text,
            )
        )


def decide(petition_id: int, at: datetime, *, outcome: str = "full") -> None:
    """The head decides; every argument and proposal is answered."""
    with transaction() as session:
        petition = load(session, petition_id)
        decision = _decision(session, petition, outcome, at)
        details = {"decision_id": decision.id, "outcome": outcome, "version": decision.version}
        advance(session, petition, Event.DECIDED, by=HEAD, at=at, details=details)


def publish(petition_id: int, at: datetime) -> None:
    """The decision is published."""
    with transaction() as session:
        petition = load(session, petition_id)
        decision = session.scalars(sa.select(Decision).where(Decision.petition_id == petition_id)).one()
        decision.published_at = at
        details = {"decision_id": decision.id, "outcome": decision.outcome, "version": decision.version}
        advance(session, petition, Event.PUBLISHED, by=HEAD, at=at, details=details)


def record(petition_id: int, event: Event, at: datetime, by: Actor = STAFF, **details: object) -> None:
    """Any other step, applied as it stands."""
    with transaction() as session:
        advance(session, load(session, petition_id), event, by=by, at=at, details=details)


def _joining(petition_id: int, citizen_id: int, at: datetime, kato: str | None) -> writer.Joining:
    return writer.Joining(
        petition_id=petition_id,
        citizen_id=citizen_id,
        iin=f"{citizen_id:012d}",
        channel="electronic",
        public_name="Үлгі С.",
        territory_kato=kato,
        consent_version="test",
        signed_at=at,
        text=b"text",
        cms=f"cms {petition_id} {citizen_id}".encode(),
    )


def _decision(session: Session, petition: Petition, outcome: str, at: datetime) -> Decision:
    finding = {"argument": "confirmed", "proposal": "accepted" if outcome == "full" else "declined"}
    decision = Decision(
        petition_id=petition.id,
        outcome=outcome,
        language=petition.language,
        reasons="Комиссия орнына барып қарады, дәлелдер расталды.",
        law_cited="ӘРПК 90-6-бап",
        appeal="Шешімге үш ай ішінде шағым жасауға болады.",
        drafted_at=at,
        decided_at=at,
        decided_by_id=staff_row(session, [Role.HEAD], petition.body_id, at),
        head_title_kk="Әкім",
        head_title_ru="Аким",
        head_title_en="Akim",
        answers=[
            DecisionAnswer(point_id=point.id, finding=finding[point.kind], text="Қаралды.") for point in petition.points
        ],
    )
    session.add(decision)
    session.flush()
    return decision


def _step(petition_id: int, here: State, goal: State) -> None:
    """One step on the way from here to the goal, an hour or a term later."""
    later = moment_of(petition_id) + timedelta(hours=1)
    if goal == State.TAKEN_DOWN and here == State.OPEN:
        record(petition_id, Event.TAKEN_DOWN, later, act="Court order No 1")
        return
    if goal in _ON_THE_WAY_OUT.get(here, {}):
        _ON_THE_WAY_OUT[here][goal](petition_id, later)
        return
    _ONWARD[here](petition_id, later)


def _pass_the_check(petition_id: int, at: datetime) -> None:
    accept(petition_id, at)


def _gather_support(petition_id: int, at: datetime) -> None:
    with reading() as session:
        petition = queries.standing(session, petition_id)
        needed = edition(petition.edition or "").support_needed.value - tally.count(session, petition_id)
    joined(petition_id, needed, at)


def _reach_the_threshold(petition_id: int, at: datetime) -> None:
    with reading() as session:
        required = queries.standing(session, petition_id).required
        assert required is not None
        needed = required - tally.count(session, petition_id)
    joined(petition_id, max(needed, 0), at)


def _send(petition_id: int, at: datetime) -> None:
    end_collections(at)


def _sweep(petition_id: int, at: datetime) -> None:
    """A working day is never more than some days away; the sweep of that hour registers."""
    here = state_of(petition_id)
    for hours in range(0, 24 * 14, 3):
        sweep(at + timedelta(hours=hours))
        if state_of(petition_id) != here:
            return


def _let_lapse(petition_id: int, at: datetime) -> None:
    end_collections(_end_of(petition_id, ClockKind.SUPPORT) + writer.TIME_LIMIT)


def _let_fail(petition_id: int, at: datetime) -> None:
    end_collections(_end_of(petition_id, ClockKind.COLLECTION) + writer.TIME_LIMIT)


def _withdraw(petition_id: int, at: datetime) -> None:
    with transaction() as session:
        petition = load(session, petition_id)
        advance(session, petition, Event.WITHDRAWN, by=citizen(petition.author_id), at=at)


def _answer(event: Event) -> Callable[[int, datetime], None]:
    return lambda petition_id, at: record(petition_id, event, at, OFFICER, text="Жауап берілді.")


def _end_of(petition_id: int, kind: ClockKind) -> datetime:
    with reading() as session:
        return end_of_day(running_clocks(session, petition_id)[kind].due_on)


_ONWARD: dict[State, Callable[[int, datetime], None]] = {
    State.CHECKING: _pass_the_check,
    State.SUPPORTING: _gather_support,
    State.OPEN: _reach_the_threshold,
    State.REACHED: _send,
    State.SENT: _sweep,
    State.EXAMINATION: decide,
    State.DECIDED: publish,
    State.RETURNED: _sweep,
    State.FORWARDED: _sweep,
}
_FAILED = (
    State.RETURNED,
    State.FORWARDED,
    State.MESSAGE,
    State.MESSAGE_ANSWERED,
    State.MESSAGE_NOTED,
    State.MESSAGE_TERMINATED,
)
_ON_THE_WAY_OUT: dict[State, dict[State, Callable[[int, datetime], None]]] = {
    State.CHECKING: {State.REFUSED: refuse, State.WITHDRAWN: _withdraw},
    State.SUPPORTING: {State.LAPSED: _let_lapse, State.WITHDRAWN: _withdraw},
    State.OPEN: dict.fromkeys(_FAILED, _let_fail),
    State.MESSAGE: {
        State.MESSAGE_ANSWERED: _answer(Event.MESSAGE_ANSWERED),
        State.MESSAGE_NOTED: _answer(Event.MESSAGE_NOTED),
        State.MESSAGE_TERMINATED: _answer(Event.MESSAGE_TERMINATED),
    },
}
