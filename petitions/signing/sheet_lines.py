"""The lines of a sheet: what was typed, what the registry says of it, and which of them are joinings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions import vault
from petitions.errors import DomainError
from petitions.identity import actions as identity
from petitions.identity.models import RegistryStatus
from petitions.identity.person_registry import PersonFacts, RegistryDown
from petitions.identity.queries import CitizenFacts, public_names
from petitions.identity.verified import VerifiedIdentity
from petitions.law.policy import Policy
from petitions.lifecycle.filing import one_line
from petitions.lifecycle.queries import Standing
from petitions.sealed_columns import PAPER_LINE
from petitions.signatures import writer
from petitions.signatures.models import PaperLine, PaperSheet, Removal, Signature
from petitions.signatures.paper import Outcome
from petitions.signing import eligibility

CONSENT_VERSION = "written"
"""Who joined on paper consented with a signature on paper."""

AT_ONCE = 8  # questions to the registry under way: a hundred lines one by one would take minutes
DOUBTS = frozenset({Outcome.NOBODY, Outcome.OTHER_NAME})
"""What a slip in typing looks like too."""


@dataclass(frozen=True)
class Typed:
    """A line as it stands on the paper."""

    iin: str = field(repr=False)
    surname: str = field(repr=False)
    given_name: str = field(repr=False)

    def plain(self) -> bytes:
        names = {"iin": self.iin, "surname": self.surname, "given_name": self.given_name}
        return json.dumps(names, ensure_ascii=False).encode()


@dataclass(frozen=True)
class LookedUp:
    """A line with the registry's answer; ``outcome`` is set where it was not asked."""

    number: int
    line: Typed | None = field(repr=False)
    answer: identity.RegistryAnswer | None = field(default=None, repr=False)
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Judged:
    """A line that may join (``person``), or why not (``outcome``)."""

    number: int
    outcome: Outcome | None
    iin: str = field(default="", repr=False)
    person: PersonFacts | None = field(default=None, repr=False)


class Doubtful(DomainError):
    """Lines that would not count and may have been mistyped: number and outcome of each."""

    def __init__(self, lines: Sequence[tuple[int, Outcome]]) -> None:
        super().__init__(_l("Some lines would not count. Compare them with the scan once more."))
        self.lines = tuple(lines)


def cleaned(line: Typed) -> Typed:
    """Texts in the one spelling that is kept."""
    return Typed("".join(line.iin.split()), one_line(line.surname), one_line(line.given_name))


def of_sheet(session: Session, petition_id: int, sheet_id: str) -> list[tuple[int, Typed | None]]:
    """Number and content of every line that was entered; None where it cannot be read."""
    wanted = sa.select(PaperLine).where(PaperLine.petition_id == petition_id, PaperLine.sheet_id == sheet_id)
    rows = session.scalars(wanted.order_by(PaperLine.number))
    return [(row.number, _opened(row)) for row in rows]


def look_up(lines: Sequence[tuple[int, Typed | None]]) -> list[LookedUp]:
    """Ask the registry about every line that can be read, several at once. Raises RegistryDown at the first silence."""
    found, met = [], set[str]()
    for number, line in lines:
        outcome = Outcome.UNREADABLE if line is None else Outcome.REPEATED if line.iin in met else None
        met |= {line.iin} if line else set()
        found.append(LookedUp(number, line, outcome=outcome))
    answers = _answers([each.line.iin for each in found if each.line and each.outcome is None])
    return [
        each if each.outcome or each.line is None else LookedUp(each.number, each.line, answers[each.line.iin])
        for each in found
    ]


def judge(
    session: Session, petition: Standing, lines: Sequence[LookedUp], policy: Policy, moment: datetime
) -> list[Judged]:
    """Which of them may join this petition, by what the registry says as of the day of receipt (90-3)."""
    return [_judged(session, petition, line, policy, moment) for line in lines]


def refuse_doubts(judged: Sequence[Judged]) -> None:
    """Raises Doubtful when a line may have been mistyped."""
    if doubts := [(each.number, each.outcome) for each in judged if each.outcome in DOUBTS]:
        raise Doubtful([(number, outcome) for number, outcome in doubts if outcome])


def keep_citizens(judged: Sequence[Judged], at: datetime, language: str) -> dict[int, int]:
    """Make or refresh the citizens who may join; their ids by line.

    A person who never signed in finds the joining among their own when they do.
    """
    return {
        each.number: identity.citizen_from_identity(
            VerifiedIdentity(
                iin=each.iin,
                surname=each.person.surname,
                given_name=each.person.given_name,
                patronymic=each.person.patronymic,
                proven_by="paper",
            ),
            each.person,
            at,
            language=language,
        )
        for each in judged
        if each.person is not None
    }


def count(
    session: Session, sheet: PaperSheet, judged: Sequence[Judged], citizens: Mapping[int, int], moment: datetime
) -> dict[int, Outcome]:
    """Append the joinings in the caller's transaction and write what became of each line; returns it by number."""
    before = _before(session, sheet.petition_id, citizens.values())
    names = public_names(session, set(citizens.values()))
    outcomes = {
        each.number: each.outcome or _standing_now(before.get(citizens[each.number]), moment) for each in judged
    }
    joinings = {
        each.number: _joining(sheet, each, citizens[each.number], names, before, moment)
        for each in judged
        if outcomes[each.number] is Outcome.COUNTED
    }
    ids = dict(zip(joinings, writer.append(session, list(joinings.values())), strict=True))
    for number, signature_id in ids.items():
        if signature_id is None:  # joined on the site at this very moment: the unique key has decided
            outcomes[number] = Outcome.ALREADY
    for row in session.scalars(_lines_of(sheet)):
        row.outcome, row.signature_id = outcomes[row.number], ids.get(row.number)
    return outcomes


@dataclass(frozen=True)
class _Before:
    """Earlier joinings of the petition by one citizen."""

    in_force: bool = False
    withdrawn_at: datetime | None = None
    invalid_until: datetime | None = None


def _answers(iins: Sequence[str]) -> dict[str, identity.RegistryAnswer]:
    answers: dict[str, identity.RegistryAnswer] = {}
    with ThreadPoolExecutor(AT_ONCE) as asking:
        for start in range(0, len(iins), AT_ONCE):
            some = iins[start : start + AT_ONCE]
            answers |= zip(some, asking.map(identity.ask_registry, some), strict=True)
            if RegistryStatus.DOWN in answers.values():
                raise RegistryDown
    return answers


def _judged(session: Session, petition: Standing, each: LookedUp, policy: Policy, moment: datetime) -> Judged:
    if each.outcome or each.line is None:
        return Judged(each.number, each.outcome)
    if not isinstance(each.answer, PersonFacts):
        return Judged(each.number, Outcome.NOBODY)
    person = each.answer
    if not (_same(each.line.surname, person.surname) and _same(each.line.given_name, person.given_name)):
        return Judged(each.number, Outcome.OTHER_NAME)
    facts = CitizenFacts(
        RegistryStatus.KNOWN, moment, person.citizenship, person.birth_date, residence_kato=person.residence_kato
    )
    for reason in eligibility.reasons(session, petition, facts, policy, moment):
        return Judged(each.number, Outcome(reason.value))
    return Judged(each.number, None, each.line.iin, person)


def _standing_now(before: _Before | None, moment: datetime) -> Outcome:
    """Whoever took a joining back after the sheet came has taken this one back too."""
    if before is None:
        return Outcome.COUNTED
    if before.in_force:
        return Outcome.ALREADY
    if before.withdrawn_at is not None and before.withdrawn_at >= moment:
        return Outcome.WITHDRAWN
    return Outcome.COUNTED


def _joining(
    sheet: PaperSheet,
    line: Judged,
    citizen_id: int,
    names: Mapping[int, str],
    before: Mapping[int, _Before],
    moment: datetime,
) -> writer.Joining:
    assert line.person is not None, "only who may join is counted"  # noqa: S101
    evidence = _evidence(sheet, line.number)
    invalid_until = before.get(citizen_id, _Before()).invalid_until
    return writer.Joining(
        petition_id=sheet.petition_id,
        citizen_id=citizen_id,
        iin=line.iin,
        channel="written",
        public_name=names[citizen_id],
        territory_kato=line.person.residence_kato,
        consent_version=CONSENT_VERSION,
        # Nobody counts twice at any moment: what was struck out as invalid had counted until then.
        signed_at=max(moment, invalid_until or moment),
        text=evidence,
        cms=evidence,
    )


def _evidence(sheet: PaperSheet, number: int) -> bytes:
    """What stands for the electronic signature: which line of which paper. The scan is kept with the sheet."""
    return (
        f"joining on paper\npetition {sheet.petition_id}\nsheet {sheet.id}\nincoming number {sheet.reference}\n"
        f"received on {sheet.received_on.isoformat()}\nSHA-256 of the scan {sheet.scan_sha256}\nline {number}\n"
    ).encode()


def _before(session: Session, petition_id: int, citizens: Iterable[int]) -> dict[int, _Before]:
    rows = session.execute(
        sa.select(Signature.citizen_id, Signature.withdrawn_at, Removal.reason)
        .outerjoin(Removal, sa.and_(Removal.petition_id == petition_id, Removal.signature_id == Signature.id))
        .where(Signature.petition_id == petition_id, Signature.citizen_id.in_(set(citizens)))
    )
    found: dict[int, _Before] = {}
    for citizen_id, ended_at, reason in rows:
        known = found.get(citizen_id, _Before())
        found[citizen_id] = _Before(
            in_force=known.in_force or ended_at is None,
            withdrawn_at=_later(known.withdrawn_at, ended_at if reason == "withdrawn" else None),
            invalid_until=_later(known.invalid_until, ended_at if reason == "invalidated" else None),
        )
    return found


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def _lines_of(sheet: PaperSheet) -> sa.Select[Any]:
    return sa.select(PaperLine).where(PaperLine.petition_id == sheet.petition_id, PaperLine.sheet_id == sheet.id)


def _opened(row: PaperLine) -> Typed | None:
    if row.sealed is None:
        return None
    context = PAPER_LINE.context(petition_id=row.petition_id, sheet_id=row.sheet_id, number=row.number)
    return Typed(**json.loads(vault.open_sealed(row.sealed, context)))


def _same(typed: str, registered: str) -> bool:
    """Names as a reader compares them: registers write capitals, people do not."""
    return one_line(typed).casefold() == one_line(registered).casefold()
