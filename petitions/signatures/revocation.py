"""Asking the authority, after the act, whether a signer's certificate had been revoked by then.

The act is accepted at once on the local list; here its own signed answer is fetched and kept. An authority that does
not answer costs nobody a signature: it is asked again, later and later, for as many days as the policy says.
"""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from petitions import outbox, vault
from petitions.audit import Actor, record
from petitions.db import reading, retried, transaction
from petitions.identity.eds.ocsp import SKEW, Answer, NotAnswered, Unreachable
from petitions.identity.queries import contact
from petitions.law.states import State
from petitions.lifecycle.models import Petition
from petitions.reference import queries as reference
from petitions.sealed_columns import ACT_EVIDENCE, ACT_EVIDENCE_ANSWER, EVIDENCE, EVIDENCE_ANSWER, SealedColumn
from petitions.signatures import writer
from petitions.signatures.models import ActEvidence, Evidence, Revocation, Signature

Ask = Callable[[bytes], Answer]
"""Ask the authority about the signer of a CMS. Raises Unreachable, NotAnswered, or what a broken CMS raises."""

CHECKER = Actor("system", None, "revocation")
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
"""From one question to the next; the last one for all that follow."""
AT_ONCE = 8  # questions at one time
A_RUN = timedelta(seconds=2)  # after which no new question is asked before the next run
PENDING: sa.ColumnElement[str] = sa.literal_column(
    f"'{Revocation.PENDING}'"
)  # as the index has it: a parameter would not find it
HIDDEN = (State.TAKEN_DOWN, State.REFUSED)  # a letter does not name what its reader may no longer read

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shelf:
    """A table of evidence, and how its rows are named and sealed."""

    table: type[Evidence] | type[ActEvidence]
    own_id: InstrumentedAttribute[str]
    sealed: SealedColumn
    answer: SealedColumn


JOININGS = Shelf(Evidence, Evidence.signature_id, EVIDENCE, EVIDENCE_ANSWER)
ACTS = Shelf(ActEvidence, ActEvidence.id, ACT_EVIDENCE, ACT_EVIDENCE_ANSWER)


@dataclass(frozen=True)
class Waiting:
    """Something signed whose certificate is asked about. ``tries`` counts this time."""

    shelf: Shelf
    petition_id: int
    id: str
    signed_at: datetime
    tries: int
    sealed: bytes = field(repr=False)

    def context(self, column: SealedColumn) -> str:
        return column.context(petition_id=self.petition_id, **{self.shelf.own_id.key: self.id})

    def unless_settled(self) -> sa.Update:
        """A change of the row, while no last word stands in it."""
        table = self.shelf.table
        same = (table.petition_id == self.petition_id, self.shelf.own_id == self.id)
        return sa.update(table).where(*same, table.revocation == PENDING)


@dataclass(frozen=True)
class Heard:
    """What came of a question: the authority's answer, or none."""

    of: Waiting
    answer: Answer | None
    reached: bool = True

    @property
    def was_revoked(self) -> bool:
        """By the moment of signing. What is revoked later was good then."""
        answer = self.answer
        return answer is not None and answer.revoked_at is not None and answer.revoked_at <= self.of.signed_at

    def is_of_before(self, at: datetime, now: datetime) -> bool:
        """Whether "good" was said of a time before the act: a responder may know no more than its last list says.

        ``at``, the law's time, and ``now``, real time, are the same moment: the authority's answers are dated in
        real time.
        """
        answer, real_signed_at = self.answer, now - (at - self.of.signed_at)
        return answer is not None and answer.status == "good" and answer.as_of + SKEW < real_signed_at

    def word(self, at: datetime, days: int, now: datetime) -> Revocation | None:
        """The word to be kept; None while the authority is to be asked again.

        A certificate made a minute ago may be unknown to the authority's own responder for a while, so "unknown"
        is believed only when it is still said a day later. ``days``: policy revocation_recheck_days.
        """
        asked_all = self.of.tries >= len(PAUSES)
        if self.answer is None or self.is_of_before(at, now):
            over = at - self.of.signed_at >= timedelta(days=days)
            return Revocation.UNANSWERED if asked_all and over else None
        if self.answer.status == "unknown":
            return Revocation.UNKNOWN if asked_all else None
        return Revocation.REVOKED if self.was_revoked else Revocation.GOOD


def ask_authority(ask: Ask, at: datetime, *, now: datetime) -> int:
    """Ask about what is due and keep the answers; returns how many acts got their last word.

    ``at`` is the law's time, ``now`` real time (`outbox.queue`). Killed anywhere, it is finished by a later run and
    nothing is done twice: a question's next turn is set before it is asked, a word is written once.
    """
    with reading() as session:  # a quiet second takes no lock
        if not any(session.scalars(_due(shelf, at).limit(1)).first() for shelf in (ACTS, JOININGS)):
            return 0
        days = reference.policy(session).integer("revocation_recheck_days")
    began, settled = time.monotonic(), 0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while (passed := timedelta(seconds=time.monotonic() - began)) < A_RUN:
            waiting = _claim(at + passed, AT_ONCE)
            heard = list(threads.map(lambda each: _heard(each, ask), waiting))
            passed = timedelta(seconds=time.monotonic() - began)
            settled += _keep(heard, days, at + passed, now + passed)
            if not all(each.reached for each in heard):
                log.warning("the revocation service cannot be reached")
                break  # the rest keeps its turn for the next run
            if len(waiting) < AT_ONCE:
                break
    return settled


def _heard(waiting: Waiting, ask: Ask) -> Heard:
    try:
        return Heard(waiting, ask(_cms(waiting)))
    except Unreachable:
        return Heard(waiting, None, reached=False)
    except NotAnswered as error:
        log.info("no answer on revocation: %s", error)
    except Exception as error:
        # Stored evidence that cannot be opened or read: the parsers say so in many ways, and all others must go on.
        log.error("evidence of petition %d cannot be asked about: %s", waiting.petition_id, type(error).__name__)
    return Heard(waiting, None)


def _cms(waiting: Waiting) -> bytes:
    kept = json.loads(vault.open_sealed(waiting.sealed, waiting.context(waiting.shelf.sealed)))
    return base64.b64decode(kept["cms"], validate=True)


@retried
def _claim(at: datetime, most: int) -> list[Waiting]:
    """Take what is due. Its next turn is set before it is asked: whoever is killed meanwhile only delays it."""
    with transaction() as session:
        acts = session.execute(_due_acts(at, most)).all()
        joinings = session.execute(_due_joinings(at, most - len(acts))).all()
        found = [_waiting(ACTS, *row) for row in acts] + [_waiting(JOININGS, *row) for row in joinings]
        for each in found:
            pause = PAUSES[min(each.tries, len(PAUSES)) - 1]
            session.execute(each.unless_settled().values(tries=each.tries, ask_at=at + pause))
        return found


def _due(shelf: Shelf, at: datetime) -> sa.Select[int, str]:
    """What is to be asked about by then, the longest due first."""
    table = shelf.table
    due = sa.select(table.petition_id, shelf.own_id).order_by(table.ask_at)
    return due.where(table.revocation == PENDING, table.ask_at <= at)


def _due_acts(at: datetime, most: int) -> sa.Select[Any]:
    wanted = _due(ACTS, at).add_columns(ActEvidence.signed_at, ActEvidence.tries, ActEvidence.sealed)
    return wanted.limit(most).with_for_update(skip_locked=True)


def _due_joinings(at: datetime, most: int) -> sa.Select[Any]:
    same = sa.and_(Signature.petition_id == Evidence.petition_id, Signature.id == Evidence.signature_id)
    wanted = _due(JOININGS, at).add_columns(Signature.signed_at, Evidence.tries, Evidence.sealed)
    return wanted.join(Signature, same).limit(most).with_for_update(skip_locked=True, of=Evidence)


def _waiting(shelf: Shelf, petition_id: int, own_id: str, signed_at: datetime, tries: int, sealed: bytes) -> Waiting:
    return Waiting(shelf, petition_id, own_id, signed_at, tries + 1, sealed)


def _keep(heard: Sequence[Heard], days: int, at: datetime, now: datetime) -> int:
    words = [(each, each.word(at, days, now)) for each in heard]
    calm = [(each, word) for each, word in words if word and word != Revocation.REVOKED]
    settled = _keep_words(calm) if calm else 0
    for each, word in words:
        if word == Revocation.REVOKED:
            try:
                settled += _invalidate(each, at, now)
            except writer.Busy:
                log.warning("petition %d is busy: its signer's certificate is asked about again", each.of.petition_id)
    return settled


@retried
def _keep_words(words: Sequence[tuple[Heard, Revocation]]) -> int:
    with transaction() as session:
        return sum(_write(session, heard, word) for heard, word in words)


@retried
def _invalidate(heard: Heard, at: datetime, now: datetime) -> bool:
    """Keep the word "revoked" and do what follows from it, in one transaction; False when it was done before.

    A joining is counted out; what its petition has reached stays reached. A filing or a withdrawal has no automatic
    consequence: staff read of it.
    """
    with writer.signing(time.monotonic()) as session:
        if not _write(session, heard, Revocation.REVOKED):
            return False
        of, answer = heard.of, heard.answer
        details = {"revoked_at": answer.revoked_at.isoformat() if answer and answer.revoked_at else None}
        if of.shelf is JOININGS:
            act = "invalidate-joining" if _count_out(session, of, at, now) else "find-withdrawn-joining-revoked"
        else:
            act = "find-signature-of-act-revoked"
        record(session, actor=CHECKER, act=act, subject=f"petition:{of.petition_id}", at=at, details=details)
        return True


def _count_out(session: Session, of: Waiting, at: datetime, now: datetime) -> bool:
    """Remove the joining if it is in force, and tell its signer."""
    signature = session.get_one(Signature, (of.petition_id, of.id), with_for_update=True)
    if signature.withdrawn_at is not None:
        return False
    writer.remove(session, signature, at, "invalidated")
    _tell(session, signature, now)
    return True


def _tell(session: Session, signature: Signature, now: datetime) -> None:
    """By letter, where there is a confirmed address; the inbox shows the removal itself."""
    to = contact(session, signature.citizen_id)
    if not to.confirmed or not to.email:
        return
    petition = session.get_one(Petition, signature.petition_id)
    outbox.queue(
        session,
        key=f"invalidated:{signature.petition_id}:{signature.id}",
        kind="invalidated",
        to=to.email,
        language=to.language,
        facts={
            "title": "" if petition.state in HIDDEN else petition.title,
            "number": petition.id,
            "path": f"my-joinings/{petition.id}",
        },
        now=now,
    )


def _write(session: Session, heard: Heard, word: Revocation) -> bool:
    """Keep a last word and the answer it rests on; False when somebody wrote one meanwhile."""
    of, answer = heard.of, heard.answer
    sealed = vault.seal(answer.der, of.context(of.shelf.answer)) if answer else None
    statement = of.unless_settled().values(revocation=word, ask_at=None, answer_sealed=sealed)
    return session.execute(statement.returning(of.shelf.own_id)).first() is not None
