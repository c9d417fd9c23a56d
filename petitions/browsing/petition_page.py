"""Everything the page of one petition shows, put together once: the template only lays it out.

What lasts between two legal steps comes from `record`; what is asked anew for every reader is here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import Session

from petitions import parts
from petitions.browsing import numbers
from petitions.browsing.count_picture import Line
from petitions.browsing.joining import Joining, joining
from petitions.browsing.record import Record, record_of
from petitions.comments import queries as comments
from petitions.comments.queries import CommentBlock
from petitions.consideration.desk import HANDLED
from petitions.errors import NotFound
from petitions.law.policy import count_towards_threshold
from petitions.law.states import ClockKind, State, link_is_active
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import AttachmentRow, PetitionText, Standing
from petitions.lifecycle.text import canonical_text
from petitions.lifecycle.visibility import Found, Reader, checks, is_author_of
from petitions.reference import queries as reference
from petitions.reference.records import TerritoryView
from petitions.signatures import queries as signatures
from petitions.signatures.queries import OwnJoining, PublicSigner
from petitions.tally import queries as tally
from petitions.tally.models import Tally
from petitions.versions import Kept


@dataclass(frozen=True)
class Share:
    """Joinings from one top unit; ``place`` None where the residence is not known."""

    place: TerritoryView | None
    count: int


@dataclass(frozen=True, kw_only=True)
class PetitionPage(Record):
    """The record as this reader may see it now: ``text`` is None where the refusal hides it."""

    ref: str
    share_ref: str | None
    is_public: bool
    attachments: tuple[AttachmentRow, ...]
    joined: int
    counted: int
    needed: int | None
    is_moving: bool  # somebody may join at this moment
    joining: Joining
    residents: int
    written: int  # of those who joined, on paper
    tallied: tuple[int, ...] | None  # what ``shares`` belong to
    shares: tuple[Share, ...]
    signers: tuple[PublicSigner, ...]
    picture: Line | None  # the count day by day
    comments: CommentBlock | None
    is_author: bool
    is_checker: bool
    is_examiner: bool

    @property
    def now_asked(self) -> Hashable:
        """All of this moment and of this reader that the ask is made from."""
        reader = (self.joining, self.is_author, self.is_checker, self.is_examiner)
        return self.tallied, self.is_moving, self.picture, reader

    def once(self, name: str, *made_of: Hashable, caller: Callable[[], Markup]) -> Markup:
        """A part of the page that is made of the record and of these values alone (`parts`).

        Only of what is shown to everybody: other pages are few, and hold what one reader may see.
        """
        if not self.standing.is_public or self.hidden:
            return caller()
        return parts.once(name, self.key, *made_of, caller=caller)


def page_of(session: Session, found: Found, viewer: Reader, now: datetime) -> PetitionPage:
    """The page of a petition that this viewer may see, as of ``now``. Never for a draft."""
    record = record_of(session, found.petition_id, now)
    standing = record.standing
    text = record.text if may_read(standing, record.hidden, viewer) else None
    if found.is_public and not standing.is_public:
        raise NotFound  # it left the public between two queries
    tallied = session.execute(_TALLY, {"id": standing.id}).one_or_none()
    joined, residents, written = (tallied.joined, tallied.residents, tallied.written) if tallied else (0, 0, 0)
    lasting = {**vars(record), "text": text}
    return PetitionPage(
        **lasting,
        ref=found.ref,
        share_ref=_share_ref(standing, found, viewer, record.hidden),
        is_public=found.is_public,
        attachments=public_attachments(text),
        joined=joined,
        counted=count_towards_threshold(joined, record.law, record.policy),
        needed=standing.required if standing.opened_at else record.law.support_needed.value,
        is_moving=standing.is_signable(now),
        joining=_joining(session, record, viewer, now),
        residents=residents,
        written=written,
        tallied=tallied,
        shares=_shares(session, standing.id, tallied),
        signers=() if record.hidden else tuple(signatures.newest_signers(session, standing.id, limit=10)),
        picture=_picture(session, record, tallied, now),
        comments=None if record.hidden else comments.block(session, standing, record.policy, now),
        is_author=is_author_of(standing, viewer),
        is_checker=checks(viewer),
        is_examiner=_examines(standing, viewer),
    )


def _examines(standing: Standing, viewer: Reader) -> bool:
    """Whether this is on the viewer's desk: the addressee handles a petition from its sending on."""
    own_body = viewer.kind == "staff" and viewer.body_id is not None and viewer.body_id == standing.body_id
    return own_body and standing.state in HANDLED


def may_read(standing: Standing, hidden: bool, viewer: Reader) -> bool:
    """A text hidden with its refusal stays readable to its author and to those who check."""
    return not hidden or is_author_of(standing, viewer) or checks(viewer)


def readable_text(session: Session, petition_id: int, viewer: Reader) -> PetitionText:
    """The text of a filed petition for this reader. Raises NotFound where it is hidden or not filed."""
    standing = lifecycle.standing(session, petition_id)
    refusal = lifecycle.refusal(session, petition_id) if standing.state is State.REFUSED else None
    if standing.filed_at is None or not may_read(standing, bool(refusal and refusal.hides_text), viewer):
        raise NotFound
    return lifecycle.text(session, petition_id)


def public_attachments(text: PetitionText | None) -> tuple[AttachmentRow, ...]:
    """The petition's files; the copy of a representative's authority is never one of them."""
    return tuple(each for each in text.attachments if each.kind == "attachment") if text else ()


def canonical_bytes(text: PetitionText) -> bytes:
    """The very bytes whose SHA-256 was frozen at filing."""
    return canonical_text(
        language=text.language,
        title=text.title,
        content=text.content,
        arguments=[point.text for point in text.arguments],
        proposals=[point.text for point in text.proposals],
        attachments=[(file.name, file.sha256) for file in public_attachments(text)],
    )


def _joining(session: Session, record: Record, viewer: Reader, now: datetime) -> Joining:
    own: OwnJoining | None = None
    if viewer.kind == "citizen" and viewer.citizen_id is not None:
        own = signatures.in_force(session, record.standing.id, viewer.citizen_id)
    residents_only = record.policy.choice("local_joining") == "residents"
    paper = next((term.due_on for term in record.terms if term.kind is ClockKind.SUPPORT and term.running), None)
    return joining(record.standing, viewer, own, now, residents_only=residents_only, paper_until=paper)


def _shares(session: Session, petition_id: int, tallied: tuple[int, ...] | None) -> tuple[Share, ...]:
    """By most joined. The territories are tallied in one transaction with the number itself."""
    if tallied is None:
        return ()
    return _kept_shares.get(session, (petition_id, *tallied), lambda: _read_shares(session, petition_id))


def _read_shares(session: Session, petition_id: int) -> tuple[Share, ...]:
    counts = {kato: number for kato, number in tally.by_territory(session, petition_id).items() if number}
    places = reference.territories(session, [kato for kato in counts if kato])
    rows = [Share(places.get(kato), number) for kato, number in counts.items()]
    return tuple(sorted(rows, key=lambda row: (row.place is None, -row.count, row.place.kato if row.place else "")))


def _picture(session: Session, record: Record, tallied: tuple[int, ...] | None, now: datetime) -> Line | None:
    """As large as what the page compares; of those who may not count towards it there is no picture."""
    if tallied is None or not tallied[0]:
        return None
    standing = record.standing
    needed = standing.required if standing.opened_at else record.law.support_needed.value
    until = min(now, standing.closes_at or now)  # then nothing moves any more
    joined, _residents, _joinings, written = tallied
    return numbers.small_picture(session, standing.id, joined=joined, written=written, needed=needed, until=until)


def _share_ref(standing: Standing, found: Found, viewer: Reader, hidden: bool) -> str | None:
    """The address to pass on: the number once public; before, the link while it can gather supporters."""
    if found.is_public:
        return None if hidden else found.ref
    gathers = standing.state in (State.SUPPORTING, State.CHECKING)
    active = standing.order is not None and gathers and link_is_active(standing.state, standing.order)
    knows_it = found.ref == standing.link_token or is_author_of(standing, viewer)
    return standing.link_token if active and knows_it else None


_kept_shares = Kept("reference", most=2_000)
_TALLIED = Tally.__table__.c
_TALLY = sa.select(
    (_TALLIED.joinings - _TALLIED.removals).label("joined"),
    _TALLIED.residents,
    _TALLIED.joinings,
    _TALLIED.written,
).where(_TALLIED.petition_id == sa.bindparam("id", type_=sa.Integer))
