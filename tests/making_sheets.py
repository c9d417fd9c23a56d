"""Sheets of joinings on paper, by the acts of two members of staff."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from petitions.audit import Actor
from petitions.identity.roles import Role
from petitions.law.working_days import local_date
from petitions.lifecycle.attaching import NewFile
from petitions.signatures.paper import Outcome
from petitions.signing import sheets
from petitions.signing.sheet_lines import Typed
from petitions.tally.sealing import seal
from tests import making

PNG = b"\x89PNG\r\n\x1a\n"
MINUTE = timedelta(minutes=1)
papers = itertools.count(1)


@dataclass(frozen=True)
class Eyes:
    """Two people who may enter sheets."""

    one: Actor
    other: Actor


def two_pairs_of_eyes() -> Eyes:
    roles = (Role.MODERATOR, Role.SENIOR_MODERATOR)
    one, other = (making.staff(making.a_staff_member([role]), role) for role in roles)
    return Eyes(one, other)


def a_scan() -> NewFile:
    """No two sheets look the same."""
    return NewFile("scan", "sheet.png", PNG + str(next(papers)).encode())


def line_of(person: str) -> Typed:
    """As somebody writes it: the register has capitals of its own."""
    one = making.people.person(person)
    return Typed(one.iin, one.surname.upper(), one.given_name)


def crowd(n: int, *, after: int = 0) -> list[str]:
    """Keys of so many ordinary adults."""
    return [f"person-{number:03d}" for number in range(after + 1, after + n + 1)]


def a_sheet(
    petition_id: int, lines: int, eyes: Eyes, *, at: datetime, received_on: date | None = None, reference: str = ""
) -> str:
    """Registered at ``at``, by default on the day it came."""
    received = sheets.Received(reference or f"ПП-{next(papers)}", received_on or local_date(at), lines, a_scan())
    return sheets.register(petition_id, received, by=eyes.one, at=at)


def an_entered_sheet(
    petition_id: int,
    people: Sequence[str | Typed | None],
    eyes: Eyes,
    *,
    at: datetime,
    received_on: date | None = None,
) -> str:
    """Registered and typed in; None is a line that cannot be read."""
    sheet_id = a_sheet(petition_id, len(people), eyes, at=at, received_on=received_on)
    lines = [line_of(one) if isinstance(one, str) else one for one in people]
    sheets.enter(petition_id, sheet_id, lines, by=eyes.one, at=at)
    return sheet_id


def joined_on_paper(
    petition_id: int,
    people: Sequence[str | Typed | None],
    eyes: Eyes,
    *,
    at: datetime,
    received_on: date | None = None,
) -> Mapping[int, Outcome]:
    """The whole way, sealed; what became of each line."""
    sheet_id = an_entered_sheet(petition_id, people, eyes, at=at, received_on=received_on)
    outcomes = sheets.confirm(petition_id, sheet_id, despite_doubts=True, by=eyes.other, at=at + MINUTE)
    seal(at + MINUTE)
    return outcomes
