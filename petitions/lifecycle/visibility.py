"""Who may see which petition: the public ones everybody, link-only ones by their link, the rest their own people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions.errors import CheckedAgain, Gone, NotFound
from petitions.i18n import _l, format_day
from petitions.identity.roles import Role
from petitions.law.states import Event, Order, State, is_public, link_is_active
from petitions.lifecycle.models import SUBJECT, Petition, Transition
from petitions.versions import Kept

CHECKERS = frozenset({Role.MODERATOR, Role.SENIOR_MODERATOR})
MAX_ID = 2**31 - 1
LONGEST_REF = 40


class Reader(Protocol):
    """What is asked of a reader; `identity.sessions.Viewer` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def citizen_id(self) -> int | None: ...
    @property
    def roles(self) -> frozenset[Role]: ...
    @property
    def body_id(self) -> int | None: ...


class Authored(Protocol):
    """A petition as far as its author is concerned: its row, or its `Standing`."""

    @property
    def author_id(self) -> int: ...


@dataclass(frozen=True)
class Found:
    """A petition this reader may see. ``ref`` is how its address is written for them."""

    petition_id: int
    ref: str
    is_public: bool
    is_draft: bool = False


def find(session: Session, ref: str, reader: Reader) -> Found:
    """The petition behind an address, for this reader.

    Raises Gone for one taken down by legal order, CheckedAgain where its public refusal was cancelled, NotFound for
    everything else the reader may not know of.
    """
    by_id = ref.isascii() and ref.isdigit()
    if len(ref) > LONGEST_REF or "\x00" in ref or (by_id and int(ref) > MAX_ID):
        raise NotFound
    wanted: tuple[sa.Select[Any], dict[str, Any]] = (_BY_ID, {"id": int(ref)}) if by_id else (_BY_TOKEN, {"token": ref})
    row = _kept.get(session, ref, lambda: session.execute(*wanted).one_or_none())
    if row is None:
        raise NotFound
    state = State(row.state)
    if is_public(state):
        return Found(row.id, str(row.id), True)
    if is_author_of(row, reader) or (checks(reader) and state != State.DRAFT):
        return Found(row.id, str(row.id), False, is_draft=state is State.DRAFT)
    if state == State.TAKEN_DOWN:
        raise _taken_down(session, row.id)
    if not by_id and link_is_active(state, Order(row.order)):
        return Found(row.id, ref, False)
    if by_id and state == State.CHECKING:
        _check_restored(session, row.id)
    raise NotFound


def _check_restored(session: Session, petition_id: int) -> None:
    """Raises CheckedAgain when everybody could read the refusal that the check of this petition goes on after."""
    at = _last(session, petition_id, Transition.event == Event.RESTORED, Transition.from_state == State.REFUSED)
    if at is not None:
        raise CheckedAgain(format_day(at))


def _taken_down(session: Session, petition_id: int) -> Gone:
    """That it is gone is no secret, nor since when."""
    at = _last(session, petition_id, Transition.event == Event.TAKEN_DOWN)
    return Gone(_l("This petition was taken down on %(day)s by a legal order.", day=format_day(at)))


def _last(session: Session, petition_id: int, *of: sa.ColumnElement[bool]) -> datetime | None:
    return session.scalar(sa.select(sa.func.max(Transition.at)).where(Transition.petition_id == petition_id, *of))


def is_author_of(petition: Authored, reader: Reader) -> bool:
    """Its author sees a petition from the first draft on."""
    return reader.kind == "citizen" and reader.citizen_id == petition.author_id


def checks(reader: Reader) -> bool:
    """Whoever checks sees every petition from its filing on."""
    return reader.kind == "staff" and bool(reader.roles & CHECKERS)


_kept = Kept(SUBJECT, most=10_000, worth=lambda row: row is not None and row.state != State.DRAFT)
# The table's own columns, for every page of a petition asks this first: they cost half of what the ORM's do.
_PETITION = Petition.__table__.c
_COLUMNS = sa.select(_PETITION.id, _PETITION.state, _PETITION.order, _PETITION.author_id)
_BY_ID = _COLUMNS.where(_PETITION.id == sa.bindparam("id", type_=sa.Integer))
_BY_TOKEN = _COLUMNS.where(_PETITION.link_token == sa.bindparam("token", type_=sa.String))
