"""What a signer holds of a joining: the promise given at once, the receipts once it is sealed, a letter with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from petitions import outbox
from petitions.db import retried, transaction
from petitions.errors import Conflict, DomainError, NotFound
from petitions.identity.queries import contact
from petitions.identity.services import keyed_digest
from petitions.log import queries as log
from petitions.signatures import queries as signatures
from petitions.signatures.queries import OwnJoining
from petitions.signing import queries
from petitions.signing.queries import OwnLine


class NoAddress(DomainError):
    """A letter goes to a confirmed address only."""

    def __init__(self) -> None:
        super().__init__(_l("You have no confirmed e-mail address. Add one on the page of your data."))


class NotSealedYet(Conflict):
    """The tally comes every second."""

    def __init__(self) -> None:
        super().__init__(_l("The receipt is not made yet. It is ready within about two seconds."))


@dataclass(frozen=True)
class Held:
    """One joining with its proofs. ``size``: entries in the petition's log, 0 while it has none."""

    line: OwnLine
    promise: str
    size: int
    can_be_mailed: bool

    @property
    def is_sealed(self) -> bool:
        return is_sealed(self.line.joining)


@dataclass(frozen=True)
class Proof:
    """A receipt: C2SP tlog-proof text of one entry of a petition's log."""

    petition_id: int
    leaf: int
    text: str

    @property
    def file_name(self) -> str:
        return f"receipt-{self.petition_id}-{self.leaf}.tlog-proof"


def is_sealed(joining: OwnJoining) -> bool:
    """Whether the log holds all there is of a joining: itself and, when it was taken back, its removal."""
    return joining.leaf is not None and (joining.withdrawn_at is None or joining.removal_leaf is not None)


def held(session: Session, citizen_id: int, petition_id: int, at: datetime) -> Held:
    """The citizen's latest joining of a petition and its proofs. Raises NotFound when there never was one."""
    line = queries.receipt(session, citizen_id, petition_id, at)
    return Held(
        line=line,
        promise=promise(line.joining),
        size=log.size_of(session, petition_id),
        can_be_mailed=contact(session, citizen_id).confirmed,
    )


def latest(session: Session, citizen_id: int, petition_id: int) -> OwnJoining:
    """The citizen's latest joining of a petition. Raises NotFound when there never was one."""
    for joining in signatures.of_citizen(session, citizen_id, petition_id=petition_id):
        return joining
    raise NotFound


def promise(joining: OwnJoining) -> str:
    """The signed word that the joining will be in the log: the same text whenever it is asked for."""
    return log.promise_of(joining.petition_id, joining.commitment, joining.evidence_sha256, joining.signed_at)


def proof(session: Session, citizen_id: int, petition_id: int, leaf: int | None = None) -> Proof:
    """The receipt of an entry of the citizen's own: of the latest joining, or of the leaf that is named.

    Raises NotFound for what is not theirs, NotSealedYet.
    """
    joinings = signatures.of_citizen(session, citizen_id, petition_id=petition_id)
    own = [place for joining in joinings for place in (joining.leaf, joining.removal_leaf) if place is not None]
    if leaf is None and joinings:
        leaf = joinings[0].leaf
        if leaf is None:
            raise NotSealedYet
    if leaf is None or leaf not in own:
        raise NotFound
    return Proof(petition_id, leaf, log.receipt(session, petition_id, leaf))


def mail(petition_id: int, citizen_id: int, *, at: datetime, now: datetime) -> None:
    """Put the latest joining's receipts into a letter that waits to be sent; once, however often it is asked for.

    ``at`` is the law's time, ``now`` real time (`outbox.queue`). Raises NoAddress, NotSealedYet, NotFound.
    """
    try:
        _mail(petition_id, citizen_id, at, now)
    except IntegrityError:
        return  # a second press at the same moment: the first one's letter waits


@retried
def _mail(petition_id: int, citizen_id: int, at: datetime, now: datetime) -> None:
    with transaction() as session:
        line = queries.receipt(session, citizen_id, petition_id, at)
        to = contact(session, citizen_id)
        if not to.confirmed or not to.email:
            raise NoAddress
        if not is_sealed(line.joining):
            raise NotSealedYet
        places = [place for place in (line.joining.leaf, line.joining.removal_leaf) if place is not None]
        proofs = [proof(session, citizen_id, petition_id, place) for place in places]
        outbox.queue(
            session,
            key=":".join(["receipt", str(petition_id), *map(str, places), keyed_digest("receipt", to.email)[:16]]),
            kind="receipt",
            to=to.email,
            language=to.language,
            facts={
                "title": line.title or "",
                "number": petition_id,
                "path": f"my-joinings/{petition_id}",
                "files": {each.file_name: each.text for each in proofs},
            },
            now=now,
        )
