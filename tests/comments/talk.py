"""Saying something in a test: an openly published petition, and citizens who comment on it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from petitions.audit import Actor
from petitions.comments import queries
from petitions.comments.models import Stance
from petitions.comments.queries import CommentView, Order
from petitions.db import reading
from petitions.discussion import actions, answering
from petitions.discussion.actions import Words
from petitions.identity.roles import Role
from petitions.law.states import State
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import Standing
from tests.making import a_petition_in, a_staff_member, citizens, moment_of, staff

_sentences = itertools.count(1)


@dataclass
class Talk:
    """The comments of one petition. Every act is a minute after the one before."""

    petition_id: int
    now: datetime

    def later(self, **by: float) -> datetime:
        self.now += timedelta(**(by or {"minutes": 1}))
        return self.now

    @property
    def standing(self) -> Standing:
        with reading() as session:
            return lifecycle.standing(session, self.petition_id)

    def somebody(self) -> int:
        """A new citizen whom the registry has just told of."""
        return citizens(1, at=self.now)[0]

    def say(
        self,
        text: str | None = None,
        stance: Stance = Stance.FOR,
        *,
        by: int | None = None,
        language: str = "kk",
        point_id: int | None = None,
        insists: bool = False,
    ) -> str:
        words = Words(text or f"Пікір нөмірі {next(_sentences)}", language, insists)
        who = by or self.somebody()
        return actions.write(self.petition_id, words, stance, citizen_id=who, at=self.later(), point_id=point_id)

    def reply(self, parent_id: str, text: str | None = None, *, by: int | None = None) -> str:
        words = Words(text or f"Жауап нөмірі {next(_sentences)}", "kk")
        who = by or self.somebody()
        return actions.reply(self.petition_id, parent_id, words, citizen_id=who, at=self.later())

    def answer(self, parent_id: str, text: str = "Мәселе қаралып жатыр.") -> str:
        """The addressee answers."""
        body_id = self.standing.body_id
        words, by = Words(text, "kk"), self.officer()
        return answering.answer(self.petition_id, parent_id, words, body_id=body_id, by=by, at=self.later())

    def officer(self) -> Actor:
        return staff(a_staff_member([Role.OFFICER], self.standing.body_id), Role.OFFICER)

    def moderator(self) -> Actor:
        return staff(a_staff_member([Role.MODERATOR]), Role.MODERATOR)

    def listed(self, order: Order = Order.IN_TURN, stance: Stance | None = None) -> list[CommentView]:
        """All pages of the list, one after the other."""
        found: list[CommentView] = []
        after: str | None = ""
        with reading() as session:
            while after is not None:
                page = queries.page(session, self.petition_id, order=order, stance=stance, after=after, size=3)
                found += page.comments
                after = page.after
        return found

    def shown(self, comment_id: str) -> CommentView:
        with reading() as session:
            return queries.one(session, self.petition_id, comment_id)


def a_talk(state: State = State.OPEN) -> Talk:
    """A petition in this state, addressed to an akim's office, and nobody has commented on it."""
    petition_id = a_petition_in(state)
    return Talk(petition_id, moment_of(petition_id))
