"""Sheets of joinings on paper (90-3): received, entered, and confirmed by another pair of eyes before they count.

Nothing of a sheet is counted before its confirmation, and then all of it in one transaction.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from petitions import vault
from petitions.audit import Actor, record
from petitions.db import reading, retried, transaction
from petitions.errors import Conflict, DomainError, Forbidden, NotFound
from petitions.identity.iin import is_valid_iin
from petitions.law.paper import entered_until
from petitions.law.states import State
from petitions.law.working_days import local_date
from petitions.lifecycle.advance import NotNow, load
from petitions.lifecycle.attaching import NewFile, form_of
from petitions.lifecycle.filing import one_line
from petitions.lifecycle.models import Petition
from petitions.lifecycle.queries import Standing, standing
from petitions.lifecycle.visibility import MAX_ID
from petitions.reference import queries as reference
from petitions.sealed_columns import PAPER_LINE, PAPER_SCAN
from petitions.signatures import paper
from petitions.signatures.models import PaperLine, PaperSheet
from petitions.signatures.paper import SheetState
from petitions.signing import sheet_lines
from petitions.signing.sheet_lines import Typed

ID = re.compile(r"[1-9][0-9]{0,8}")  # the place among the sheets of its petition, in the order of registering
MOST_LINES = 100
REFERENCE_LENGTH = 80
NAME_LENGTH = 120
NOTE_LENGTH = 500


class BadSheet(DomainError):
    """Something about the sheet does not hold; nothing was stored."""


class SheetMovedOn(Conflict):
    """Somebody else did the step, or the petition no longer lets it be done."""

    def __init__(self) -> None:
        super().__init__(_l("The sheet has moved on: this step is not possible now. Please look at it again."))


class SameEyes(Forbidden):
    """Who typed a sheet in does not confirm it: the second pair of eyes is another person's."""

    def __init__(self) -> None:
        super().__init__(_l("You typed this sheet in. Another member of staff must confirm it."))


class TooLate(Conflict):
    """Joining ended, and the days set for entering what had been received are over."""

    def __init__(self) -> None:
        super().__init__(
            _l("This sheet cannot be counted: the petition no longer gathers joinings. Reject the sheet and say so.")
        )


class BadLines(DomainError):
    """Lines that cannot stand so: for each its place from 0, the field, and the message."""

    def __init__(self, problems: Sequence[tuple[int, str, object]]) -> None:
        super().__init__(_l("Some lines need a correction."))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Received:
    """A sheet as it came. ``lines`` were counted on the paper."""

    reference: str
    received_on: date
    lines: int
    scan: NewFile = field(repr=False)


def register(petition_id: int, sheet: Received, *, by: Actor, at: datetime) -> str:
    """Keep a sheet on the day it came, so that the end of a period waits for it; returns its id.

    Raises BadSheet, BadFile, NotFound.
    """
    mime, _endings = form_of(sheet.scan, field="scan")
    try:
        return _register(petition_id, sheet, mime, by, at)
    except IntegrityError:
        raise _known_reference() from None  # two people registered it at once


@retried
def _register(petition_id: int, sheet: Received, mime: str, by: Actor, at: datetime) -> str:
    with transaction() as session:
        petition = _filed(session, petition_id)
        reference_number = one_line(sheet.reference)
        digest = hashlib.sha256(sheet.scan.content).hexdigest()
        _check(session, petition, sheet, at)
        _check_new(session, petition_id, reference_number, digest)
        sheet_id = _next_id(session, petition_id)
        context = PAPER_SCAN.context(petition_id=petition_id, id=sheet_id)
        session.add(
            PaperSheet(
                petition_id=petition_id,
                id=sheet_id,
                reference=reference_number,
                received_on=sheet.received_on,
                lines_promised=sheet.lines,
                scan_sealed=vault.seal(sheet.scan.content, context),
                scan_sha256=digest,
                scan_mime=mime,
                state=SheetState.RECEIVED,
                received_by=_person(by),
                registered_at=at,
            )
        )
        _audit(session, petition_id, reference_number, "register-sheet", by, at, lines=sheet.lines)
        return sheet_id


@retried
def enter(petition_id: int, sheet_id: str, lines: Sequence[Typed | None], *, by: Actor, at: datetime) -> None:
    """Keep what was typed off the paper, a line each, None where it cannot be read.

    Raises BadLines, SheetMovedOn, NotFound.
    """
    lines = [line and sheet_lines.cleaned(line) for line in lines]
    if problems := [problem for place, line in enumerate(lines) if line for problem in _problems(place, line)]:
        raise BadLines(problems)
    with transaction() as session:
        sheet = _sheet(session, petition_id, sheet_id, SheetState.RECEIVED)
        if len(lines) != sheet.lines_promised:
            raise SheetMovedOn
        session.execute(
            sa.delete(PaperLine).where(PaperLine.petition_id == petition_id, PaperLine.sheet_id == sheet_id)
        )
        session.add_all(_rows(petition_id, sheet_id, lines))
        _move(session, sheet, SheetState.ENTERED, entered_by=_person(by), entered_at=at)
        _audit(session, petition_id, sheet.reference, "enter-sheet", by, at, lines=len(lines))


@retried
def send_back(petition_id: int, sheet_id: str, note: str, *, by: Actor, at: datetime) -> None:
    """What was typed differs from the paper: it is corrected, and then confirmed by another person again.

    Raises BadSheet, SheetMovedOn, NotFound.
    """
    with transaction() as session:
        sheet = _sheet(session, petition_id, sheet_id, SheetState.ENTERED)
        _move(session, sheet, SheetState.RECEIVED, note=_said(note), entered_by=None, entered_at=None)
        _audit(session, petition_id, sheet.reference, "send-sheet-back", by, at)


@retried
def reject(petition_id: int, sheet_id: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Nothing of the sheet counts, and the reason is kept with it. Raises BadSheet, SheetMovedOn, NotFound."""
    with transaction() as session:
        sheet = _sheet(session, petition_id, sheet_id, *paper.UNENTERED)
        _move(session, sheet, SheetState.REJECTED, note=_said(reason))
        _audit(session, petition_id, sheet.reference, "reject-sheet", by, at)


@retried
def open_scan(petition_id: int, sheet_id: str, *, by: Actor, at: datetime) -> tuple[str, bytes]:
    """The type and the bytes of the scan; that somebody opened it is recorded. Raises NotFound."""
    with transaction() as session:
        sheet = _sheet(session, petition_id, sheet_id)
        _audit(session, petition_id, sheet.reference, "open-sheet-scan", by, at)
        context = PAPER_SCAN.context(petition_id=petition_id, id=sheet_id)
        return sheet.scan_mime, vault.open_sealed(sheet.scan_sealed, context)


@retried
def look_at_lines(petition_id: int, sheet_id: str, *, by: Actor, at: datetime) -> list[tuple[int, Typed | None]]:
    """What was typed, by line, None where it cannot be read; that somebody looked is recorded. Raises NotFound."""
    with transaction() as session:
        sheet = _sheet(session, petition_id, sheet_id)
        lines = sheet_lines.of_sheet(session, petition_id, sheet_id)
        if lines:
            _audit(session, petition_id, sheet.reference, "look-at-sheet", by, at)
        return lines


def confirm(
    petition_id: int,
    sheet_id: str,
    *,
    seen: datetime | None = None,
    despite_doubts: bool = False,
    by: Actor,
    at: datetime,
) -> Mapping[int, paper.Outcome]:
    """Count what holds of an entered sheet; returns what became of each line.

    The registry is asked about every line first and outside any transaction: while it is down nothing is counted.
    ``seen``: when the lines that were compared with the scan had been typed in; None for whatever stands there now.
    ``despite_doubts``: lines that may have been mistyped (`sheet_lines.Doubtful`) stay as they are, uncounted.
    Raises Doubtful, SameEyes, TooLate, NotNow, SheetMovedOn, RegistryDown, NotFound.
    """
    with transaction() as session:
        sheet, petition, moment = _ready(session, petition_id, sheet_id, by, at)
        if seen not in (None, sheet.entered_at):
            raise SheetMovedOn
        lines = sheet_lines.of_sheet(session, petition_id, sheet_id)
    looked_up = sheet_lines.look_up(lines)
    with reading() as session:
        judged = sheet_lines.judge(session, petition, looked_up, reference.policy(session), moment)
    if not despite_doubts:
        sheet_lines.refuse_doubts(judged)
    citizens = sheet_lines.keep_citizens(judged, at, petition.language)
    return _count(petition_id, sheet_id, lines, judged, citizens, by, at)


@retried
def _count(
    petition_id: int,
    sheet_id: str,
    lines: Sequence[tuple[int, Typed | None]],
    judged: Sequence[sheet_lines.Judged],
    citizens: Mapping[int, int],
    by: Actor,
    at: datetime,
) -> Mapping[int, paper.Outcome]:
    with transaction() as session:
        sheet, _petition, moment = _ready(session, petition_id, sheet_id, by, at)
        if sheet_lines.of_sheet(session, petition_id, sheet_id) != lines:
            raise SheetMovedOn  # typed in anew while the registry was asked
        outcomes = sheet_lines.count(session, sheet, judged, citizens, moment)
        _move(session, sheet, SheetState.CONFIRMED, confirmed_by=_person(by), confirmed_at=at)
        counted = sum(outcome is paper.Outcome.COUNTED for outcome in outcomes.values())
        _audit(session, petition_id, sheet.reference, "confirm-sheet", by, at, lines=len(outcomes), counted=counted)
        return outcomes


def _ready(
    session: Session, petition_id: int, sheet_id: str, by: Actor, at: datetime
) -> tuple[PaperSheet, Standing, datetime]:
    """The entered sheet, its petition and the moment its lines count from, if this person may confirm it now.

    The petition is locked: an end either waits for this sheet or has come before it.
    """
    load(session, petition_id)
    sheet = _sheet(session, petition_id, sheet_id, SheetState.ENTERED)
    if sheet.entered_by == _person(by):
        raise SameEyes
    petition = standing(session, petition_id)
    window = paper.window(session, petition)
    if window is None:
        raise NotNow if petition.state == State.TAKEN_DOWN else TooLate  # it may be restored
    moment = window.moment(sheet.received_on, sheet.registered_at)
    if moment is None or (
        window.ends_at is not None and at >= entered_until(window.ends_at, reference.policy(session))
    ):
        raise TooLate
    return sheet, petition, moment


def _filed(session: Session, petition_id: int) -> Petition:
    """The petition, locked, so that its end and a sheet that comes at the same moment know of one another."""
    try:
        petition = load(session, min(petition_id, MAX_ID))
    except NotFound:
        petition = None
    if petition is None or petition.state == State.DRAFT:
        raise BadSheet(_l("There is no petition with this number."), field="petition")
    return petition


def _check(session: Session, petition: Petition, sheet: Received, at: datetime) -> None:
    if sheet.received_on > local_date(at):
        raise BadSheet(_l("The day has not come yet."), field="received_on")
    if not 1 <= sheet.lines <= MOST_LINES:
        raise BadSheet(_l("A sheet has from 1 to %(most)s lines.", most=MOST_LINES), field="lines")
    window = paper.window(session, standing(session, petition.id))
    if window is None:
        raise BadSheet(_l("This petition gathers no joinings now."), field="petition")
    if window.moment(sheet.received_on, at) is None:
        raise BadSheet(_l("On this day nobody could join this petition on paper."), field="received_on")


def _check_new(session: Session, petition_id: int, reference_number: str, digest: str) -> None:
    """The same paper is counted once; a rejected one may be brought again under another number."""
    if not reference_number or len(reference_number) > REFERENCE_LENGTH:
        raise BadSheet(_l("Give the incoming number."), field="reference")
    of_petition = sa.select(PaperSheet.reference).where(PaperSheet.petition_id == petition_id)
    if session.scalar(of_petition.where(PaperSheet.reference == reference_number)) is not None:
        raise _known_reference()
    same = of_petition.where(PaperSheet.scan_sha256 == digest, PaperSheet.state != SheetState.REJECTED)
    if (known := session.scalar(same)) is not None:
        raise BadSheet(
            _l("This very scan is registered already, under the number %(number)s.", number=known), field="scan"
        )


def _next_id(session: Session, petition_id: int) -> str:
    """The petition is locked: nobody else numbers a sheet of it now."""
    wanted = sa.select(sa.func.count()).select_from(PaperSheet).where(PaperSheet.petition_id == petition_id)
    return str((session.scalar(wanted) or 0) + 1)


def _known_reference() -> BadSheet:
    return BadSheet(_l("A sheet with this number is registered already."), field="reference")


def _sheet(session: Session, petition_id: int, sheet_id: str, *states: SheetState) -> PaperSheet:
    """The sheet, locked. Raises NotFound, SheetMovedOn when it is in none of ``states``."""
    if petition_id > MAX_ID or ID.fullmatch(sheet_id) is None:
        raise NotFound
    sheet = session.get(PaperSheet, (petition_id, sheet_id), with_for_update=True, populate_existing=True)
    if sheet is None:
        raise NotFound
    if states and sheet.state not in states:
        raise SheetMovedOn
    return sheet


def _move(session: Session, sheet: PaperSheet, to: SheetState, **values: object) -> None:
    """The sheet is locked, so it is still where it was found."""
    this = (PaperSheet.petition_id == sheet.petition_id, PaperSheet.id == sheet.id)
    session.execute(sa.update(PaperSheet).where(*this).values(state=to, **values))


def _problems(place: int, line: Typed) -> list[tuple[int, str, object]]:
    found: list[tuple[int, str, object]] = []
    if not is_valid_iin(line.iin):
        found.append((place, "iin", _l("This is no IIN: check the twelve digits against the paper.")))
    for name, text in (("surname", line.surname), ("given_name", line.given_name)):
        if not text:
            found.append((place, name, _l("Type it as it stands on the paper.")))
        elif len(text) > NAME_LENGTH:
            found.append((place, name, _l("This is longer than a name.")))
    return found


def _rows(petition_id: int, sheet_id: str, lines: Sequence[Typed | None]) -> list[PaperLine]:
    """A person who stands on the sheet twice is known by the first line only."""
    rows, met = [], set[str]()
    for number, line in enumerate(lines, start=1):
        digest = vault.iin_digest(line.iin) if line else None
        context = PAPER_LINE.context(petition_id=petition_id, sheet_id=sheet_id, number=number)
        rows.append(
            PaperLine(
                petition_id=petition_id,
                sheet_id=sheet_id,
                number=number,
                iin_digest=None if digest in met else digest,
                sealed=vault.seal(line.plain(), context) if line else None,
            )
        )
        met |= {digest} if digest else set()
    return rows


def _said(text: str) -> str:
    said = one_line(text)
    if not said or len(said) > NOTE_LENGTH:
        raise BadSheet(_l("Say why, in up to %(most)s characters.", most=NOTE_LENGTH), field="note")
    return said


def _person(by: Actor) -> int:
    if by.kind != "staff" or by.id is None:
        raise Forbidden
    return by.id


def _audit(
    session: Session, petition_id: int, reference_number: str, act: str, by: Actor, at: datetime, **facts: int
) -> None:
    details = {"sheet": reference_number, **facts}
    record(session, actor=by, act=act, subject=f"petition:{petition_id}", details=details, at=at)
