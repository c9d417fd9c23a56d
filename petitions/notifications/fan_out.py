"""From unannounced transitions to letters: a crash anywhere is finished by the next run, nothing is written twice."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petitions import clock, outbox
from petitions.db import retried, transaction
from petitions.identity import queries as people
from petitions.law.states import Event, State, is_public
from petitions.lifecycle.filing import particulars
from petitions.lifecycle.models import Petition, Transition
from petitions.notifications.letters import LETTERS

BATCH = 200


@retried
def announce(at: datetime) -> int:
    """Write the letters of every transition that has not been announced; returns how many transitions were."""
    with transaction() as session:
        waiting = session.scalars(
            sa.select(Transition)
            .where(Transition.announced_at.is_(None))
            .order_by(Transition.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for transition in waiting:
            if LETTERS[Event(transition.event)] is not None:
                _write_to_author(session, transition)
            transition.announced_at = at
        return len(waiting)


def _write_to_author(session: Session, transition: Transition) -> None:
    """To the author's confirmed address, or else to the one the petition was filed with: the law owes the notice."""
    petition = session.get_one(Petition, transition.petition_id)
    contact = people.contact(session, petition.author_id)
    address = contact.email if contact.email and contact.confirmed else particulars(petition).email
    outbox.queue(
        session,
        key=f"transition:{transition.id}:citizen:{petition.author_id}",
        kind="transition",
        to=address,
        language=contact.language,
        facts={
            "event": transition.event,
            "title": petition.title,
            # before open publication its address is known to the signed-in author only
            "path": f"petitions/{petition.id}" if is_public(State(transition.to_state)) else "my-petitions",
        },
        now=clock.real_now(),
    )
