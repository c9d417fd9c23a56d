"""What the pages of paper sheets show. Who stands on a sheet is not read here: `sheets.look_at_lines` records it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.errors import NotFound
from petitions.identity.models import Staff
from petitions.law.paper import entered_until
from petitions.lifecycle.models import Petition
from petitions.lifecycle.queries import Standing, standing
from petitions.lifecycle.visibility import MAX_ID
from petitions.reference import queries as reference
from petitions.signatures import paper
from petitions.signatures.models import PaperLine, PaperSheet
from petitions.signatures.paper import Outcome, SheetState

NEWEST = 50


@dataclass(frozen=True)
class SheetRow:
    """A sheet in a list. ``until``: when entering it ends, for one that waits."""

    petition_id: int
    id: str
    reference: str
    received_on: date
    lines: int
    state: SheetState
    title: str
    language: str
    entered_by_id: int | None
    counted: int
    until: datetime | None


@dataclass(frozen=True)
class Waiting:
    """How many sheets wait for which work, and when the first of them ends: None while every petition still gathers."""

    to_enter: int
    to_confirm: int
    until: datetime | None


@dataclass(frozen=True)
class Sheets:
    """Every sheet that waits, the oldest first, and the newest of those that are done."""

    to_enter: tuple[SheetRow, ...]
    to_confirm: tuple[SheetRow, ...]
    done: tuple[SheetRow, ...]


@dataclass(frozen=True)
class SheetView:
    """One sheet. ``until``: when entering it ends, None while its petition gathers; ``outcomes`` by line."""

    petition_id: int
    id: str
    reference: str
    received_on: date
    lines: int
    state: SheetState
    standing: Standing
    scan_mime: str
    scan_sha256: str
    registered_at: datetime
    received_by: str
    entered_at: datetime | None
    entered_by_id: int | None
    entered_by: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    note: str | None
    until: datetime | None
    outcomes: tuple[tuple[int, Outcome], ...]

    @property
    def counted(self) -> int:
        return sum(outcome is Outcome.COUNTED for _number, outcome in self.outcomes)

    @property
    def is_picture(self) -> bool:
        return self.scan_mime.startswith("image/")


def waiting(session: Session) -> Waiting:
    """For the console's front page."""
    wanted = sa.select(PaperSheet.state, sa.func.count()).where(PaperSheet.state.in_(paper.UNENTERED))
    found = dict(session.execute(wanted.group_by(PaperSheet.state)).all())
    ends = [until for until in _ends(session) if until is not None]
    return Waiting(found.get(SheetState.RECEIVED, 0), found.get(SheetState.ENTERED, 0), min(ends, default=None))


def sheets(session: Session) -> Sheets:
    """All of them, by what they wait for."""
    oldest = (PaperSheet.received_on, PaperSheet.registered_at)
    done = (PaperSheet.registered_at.desc(),)
    return Sheets(
        to_enter=_rows(session, [SheetState.RECEIVED], oldest),
        to_confirm=_rows(session, [SheetState.ENTERED], oldest),
        done=_rows(session, [SheetState.CONFIRMED, SheetState.REJECTED], done, limit=NEWEST),
    )


def sheet(session: Session, petition_id: int, sheet_id: str) -> SheetView:
    """One sheet with what became of its lines. Raises NotFound."""
    wanted = sa.select(*_FACTS).where(
        PaperSheet.petition_id == min(petition_id, MAX_ID), PaperSheet.id == _id(sheet_id)
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    names = _names(session, [row.received_by, row.entered_by, row.confirmed_by])
    petition = standing(session, petition_id)
    return SheetView(
        petition_id=row.petition_id,
        id=row.id,
        reference=row.reference,
        received_on=row.received_on,
        lines=row.lines_promised,
        state=SheetState(row.state),
        standing=petition,
        scan_mime=row.scan_mime,
        scan_sha256=row.scan_sha256,
        registered_at=row.registered_at,
        received_by=names[row.received_by],
        entered_at=row.entered_at,
        entered_by_id=row.entered_by,
        entered_by=names.get(row.entered_by),
        confirmed_at=row.confirmed_at,
        confirmed_by=names.get(row.confirmed_by),
        note=row.note,
        until=_until(session, petition),
        outcomes=_outcomes(session, petition_id, sheet_id),
    )


def _id(text: str) -> str:
    """PostgreSQL takes no NUL in a text."""
    if "\0" in text:
        raise NotFound
    return text


def _ends(session: Session) -> list[datetime | None]:
    """When entering ends, for each petition with a sheet that waits: few, as whoever collects on paper is rare."""
    wanted = sa.select(PaperSheet.petition_id).where(PaperSheet.state.in_(paper.UNENTERED)).distinct()
    return [_until(session, standing(session, petition_id)) for petition_id in session.scalars(wanted)]


def _until(session: Session, petition: Standing) -> datetime | None:
    window = paper.window(session, petition)
    if window is None or window.ends_at is None:
        return None
    return entered_until(window.ends_at, reference.policy(session))


def _outcomes(session: Session, petition_id: int, sheet_id: str) -> tuple[tuple[int, Outcome], ...]:
    rows = session.execute(
        sa.select(PaperLine.number, PaperLine.outcome)
        .where(PaperLine.petition_id == petition_id, PaperLine.sheet_id == sheet_id, PaperLine.outcome.is_not(None))
        .order_by(PaperLine.number)
    )
    return tuple((number, Outcome(outcome or "")) for number, outcome in rows)


def _names(session: Session, staff_ids: Sequence[int | None]) -> dict[int | None, str]:
    wanted = sa.select(Staff.id, Staff.display_name).where(Staff.id.in_([each for each in staff_ids if each]))
    return dict(session.execute(wanted).all())


def _rows(
    session: Session, states: Sequence[SheetState], order: Sequence[Any], limit: int | None = None
) -> tuple[SheetRow, ...]:
    counted = (
        sa.select(sa.func.count())
        .where(
            PaperLine.petition_id == PaperSheet.petition_id,
            PaperLine.sheet_id == PaperSheet.id,
            PaperLine.outcome == Outcome.COUNTED,
        )
        .scalar_subquery()
        .label("counted")
    )
    wanted = (
        sa.select(
            PaperSheet.petition_id,
            PaperSheet.id,
            PaperSheet.reference,
            PaperSheet.received_on,
            PaperSheet.lines_promised,
            PaperSheet.state,
            Petition.title,
            Petition.language,
            PaperSheet.entered_by,
            counted,
        )
        .join(Petition, Petition.id == PaperSheet.petition_id)
        .where(PaperSheet.state.in_(states))
        .order_by(*order)
        .limit(limit)
    )
    found = session.execute(wanted).all()
    waiting_at = {row.petition_id for row in found if row.state in paper.UNENTERED}
    until = {petition_id: _until(session, standing(session, petition_id)) for petition_id in waiting_at}
    return tuple(
        SheetRow(
            petition_id=row.petition_id,
            id=row.id,
            reference=row.reference,
            received_on=row.received_on,
            lines=row.lines_promised,
            state=SheetState(row.state),
            title=row.title or "",
            language=row.language,
            entered_by_id=row.entered_by,
            counted=row.counted,
            until=until.get(row.petition_id),
        )
        for row in found
    )


_FACTS = tuple(column for column in PaperSheet.__table__.c if column.name != "scan_sealed")
