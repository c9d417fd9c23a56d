"""What the demonstration's people say about its petitions: comments.toml, written by the acts a person would do."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from petitions.comments.models import Rule, Stance
from petitions.db import reading
from petitions.demo.cast import Cast
from petitions.discussion import actions, answering, moderating
from petitions.discussion.actions import Words
from petitions.law.working_days import ZONE
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import PetitionText, Standing

FILE = Path(__file__).parent / "comments.toml"
A_WHILE = timedelta(minutes=95)
FIRST_HOUR = 8


@cache
def said_of(petition: str) -> tuple[dict[str, Any], ...]:
    """The comments on one petition of the demonstration, by its key, in the order of writing."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["comment"]
    return tuple(row for row in rows if row["petition"] == petition)


def talk(key: str, petition_id: int, cast: Cast, *, since: datetime, until: datetime) -> None:
    """Everything that was said of a petition between its opening and now; while it still can be commented on."""
    rows = said_of(key)
    if not rows or until <= since:
        return
    with reading() as session:
        here, text = lifecycle.standing(session, petition_id), lifecycle.text(session, petition_id)
    table = _Table(here, text, cast, random.Random(f"demo-talk:{key}"))
    for row in rows:
        table.say(row, min(_by_day(since + (until - since) * row["at"]), until - 5 * A_WHILE))


def _by_day(moment: datetime) -> datetime:
    """Nobody writes at night."""
    hour = moment.astimezone(ZONE).hour
    return moment + timedelta(hours=FIRST_HOUR - hour) if hour < FIRST_HOUR else moment


class _Table:
    """One petition's discussion. Neighbours take the floor one after another, nobody twice."""

    def __init__(self, here: Standing, text: PetitionText, cast: Cast, chance: random.Random) -> None:
        self.here, self.cast = here, cast
        self.points = {f"{each.kind} {each.position}": each.id for each in (*text.arguments, *text.proposals)}
        self.neighbours = [cast.citizens[each.key] for each in cast.signers]
        chance.shuffle(self.neighbours)

    def say(self, row: Mapping[str, Any], at: datetime) -> None:
        words = Words(row["text"], row["language"])
        comment = actions.write(
            self.here.id,
            words,
            Stance(row["stance"]),
            citizen_id=self._citizen(row),
            at=at,
            point_id=self.points.get(row.get("about", "")),
        )
        for number, reply in enumerate(row.get("reply", ()), start=1):
            self._reply(comment, reply, row["language"], at + number * A_WHILE)
        if "hidden" in row:
            self._rule(comment, row, at + A_WHILE)

    def _reply(self, comment: str, row: Mapping[str, Any], language: str, at: datetime) -> None:
        words, officer = Words(row["text"], language), self.cast.staff.get(row.get("who", ""))
        if officer is None:
            actions.reply(self.here.id, comment, words, citizen_id=self._citizen(row), at=at)
            return
        answering.answer(self.here.id, comment, words, body_id=self.here.body_id, by=officer, at=at)

    def _rule(self, comment: str, row: Mapping[str, Any], at: datetime) -> None:
        by = self.cast.staff["moderator"]
        reporter = self.neighbours[0]
        actions.report(self.here.id, comment, Rule(row["hidden"]), "", citizen_id=reporter, at=at)
        moderating.hide(self.here.id, comment, Rule(row["hidden"]), row["why"], by=by, at=at + A_WHILE)
        if "restored" in row:
            moderating.restore(self.here.id, comment, row["restored"], by=by, at=at + 2 * A_WHILE)

    def _citizen(self, row: Mapping[str, Any]) -> int:
        who = row.get("who")
        if who == "author":
            return self.here.author_id
        return self.cast.citizens[who] if who else self.neighbours.pop()
