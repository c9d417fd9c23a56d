"""One invented petition on its way: the hours its people act at, and the steps common to all walks.

Every step is the action a person or the worker would take, with a time in the past. Nothing writes a state.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from petitions.db import reading
from petitions.demo.cast import Cast
from petitions.demo.seeds import Seed, replies
from petitions.demo.talking import talk
from petitions.drafting import actions as drafting
from petitions.identity.simulators import people
from petitions.identity.simulators.people import Person
from petitions.law.editions import edition
from petitions.law.policy import Policy
from petitions.law.states import ClockKind, State
from petitions.law.working_days import ZONE, Calendar, add_working_days, end_of_day, local_date
from petitions.lifecycle import queries
from petitions.lifecycle.advance import running_clocks
from petitions.lifecycle.queries import Standing
from petitions.lifecycle.sweep import registration_moment, sweep
from petitions.moderation import actions as moderation
from petitions.signatures.acts import Signed
from petitions.signatures.writer import TIME_LIMIT
from petitions.signing import actions as signing
from petitions.signing.document import document_of
from petitions.tally import queries as tally
from petitions.tally.ending import end_collections
from petitions.tally.sealing import seal

A_MOMENT = timedelta(seconds=2)
NIGHT = range(7)  # nobody joins between midnight and seven


class CannotGoOn(Exception):
    """The walk ends here: its next step lies ahead of now, or needs more people than there are."""


@dataclass(frozen=True)
class Setting:
    """What all walks share. ``now`` is where every history ends."""

    cast: Cast
    now: datetime
    calendar: Calendar
    policy: Policy


@dataclass
class Walker:
    """A petition under way. ``at`` is the time of its last step."""

    seed: Seed
    setting: Setting
    kato: str | None
    body_id: int | None
    at: datetime
    petition_id: int = 0
    revision: int = 0
    chance: random.Random = field(init=False, repr=False)
    waiting: list[Person] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"demo:{self.seed.key}")
        # Neighbours come first, though not only they.
        drawn = [
            (self.chance.random() * (0.4 if one.residence_kato == self.kato else 1.0), one.key, one)
            for one in self.setting.cast.signers
        ]
        self.waiting = [one for _order, _key, one in sorted(drawn, key=lambda each: each[:2], reverse=True)]

    @property
    def words(self) -> dict[str, Any]:
        return replies(self.seed.language)

    @property
    def author(self) -> str:
        return self.seed.author

    def standing(self) -> Standing:
        with reading() as session:
            return queries.standing(session, self.petition_id)

    def count(self) -> int:
        with reading() as session:
            return tally.count(session, self.petition_id)

    def due(self, kind: ClockKind) -> date | None:
        """The due day of a running term."""
        with reading() as session:
            clock = running_clocks(session, self.petition_id).get(kind)
        return clock.due_on if clock else None

    def go(self, moment: datetime) -> datetime:
        """Let time pass until a moment. Raises CannotGoOn when it lies ahead of now."""
        if moment > self.setting.now:
            raise CannotGoOn
        self.at = max(self.at, moment)
        return self.at

    def office(self, working_days: int) -> datetime:
        """Some working days on, in office hours."""
        day = add_working_days(local_date(self.at), working_days, self.setting.calendar)
        hour = time(self.chance.randrange(10, 17), self.chance.randrange(60))
        moment = datetime.combine(day, hour, ZONE)
        return self.go(max(moment, self.at + timedelta(minutes=20)))

    def draft(self) -> None:
        """Begin a draft and write it, in the hour before ``at``."""
        by, seed = self.setting.cast.citizen(self.author), self.seed
        self.petition_id = drafting.start(by=by, at=self.at - timedelta(minutes=50), language=seed.language)
        answers = drafting.Answers(
            language=seed.language,
            addressee=seed.addressee,
            territory_kato=self.kato,
            body_id=self.body_id,
            title=seed.title,
            content=seed.content,
            arguments=seed.arguments,
            proposals=seed.proposals,
            theme=seed.theme,
        )
        saved_at = self.at - timedelta(minutes=5)
        self.revision = drafting.save(self.petition_id, answers, revision=1, by=by, at=saved_at).revision

    def file(self) -> None:
        """Draft, sign and file at ``at``."""
        self.draft()
        by = self.setting.cast.citizen(self.author)
        document, _language = drafting.begin_filing(self.petition_id, revision=self.revision, by=by, at=self.at)
        drafting.file(self.petition_id, signed=self._signed(document), by=by, at=self.at, revision=self.revision)

    def withdraw(self) -> None:
        """The author takes the petition back at ``at``."""
        by = self.setting.cast.citizen(self.author)
        document, _language = drafting.begin_withdrawal(self.petition_id, by=by, at=self.at)
        drafting.withdraw(self.petition_id, signed=self._signed(document), by=by, at=self.at)

    def to_check(self) -> None:
        """Until the check has begun: with support first, the fifty come before it."""
        if self.standing().state == State.SUPPORTING:
            self.gather_support()

    def to_support(self) -> None:
        """Until support is gathered: with the check first, the link comes after it."""
        if self.standing().state == State.CHECKING:
            self.accept()

    def open(self) -> None:
        """Through check and support, in the order of the petition's edition."""
        while (state := self.standing().state) != State.OPEN:
            if state == State.CHECKING:
                self.accept()
            elif state == State.SUPPORTING:
                self.gather_support()
            else:
                return  # so few live there that the first fifty were enough

    def accept(self) -> None:
        self.office(self.seed.check_days)
        moderation.accept(self.petition_id, by=self.setting.cast.staff["moderator"], at=self.at)
        seal(self.go(self.at + A_MOMENT))  # opened after its support, it may have reached its threshold

    def gather_support(self) -> None:
        """The first fifty join by the link (90-2)."""
        law = edition(self.standing().edition or "")
        needed = law.support_needed.value - self.count()
        self.join(needed, until=self.at + timedelta(days=self.seed.support_days))

    def inform_media(self) -> None:
        """Letters to the media on the second working day of open publication (90-2(8)); not of the freshest."""
        try:
            at = self.office(2)
        except CannotGoOn:
            return
        staff, media = self.setting.cast.staff["moderator"], self.words["media"]
        moderation.inform_media(self.petition_id, media, local_date(at), by=staff, at=at)

    def collect(self, count: int, *, since: datetime, until: datetime) -> None:
        """Others join until there are ``count``."""
        self.join(count - self.count(), since=since, until=until)

    def reach(self) -> None:
        """To the threshold and into examination: reached, sent and registered (90-4, 64(3))."""
        self.open()
        here = self.standing()
        opened_at, required = here.opened_at or self.at, here.required or 0
        if here.state == State.OPEN:
            self.inform_media()
            until = opened_at + timedelta(days=self.seed.collect_days)
            extra = max(0, self.seed.supporters - required)
            self.join(required - self.count(), since=opened_at, until=until, extra=extra)
            self.talk(since=opened_at)
        end_collections(self.go(self.at + TIME_LIMIT + A_MOMENT))
        moment = registration_moment(self.at, self.setting.calendar, self.setting.policy)
        sweep(self.go(moment + A_MOMENT))
        if here.state != State.OPEN:
            self.inform_media()

    def talk(self, *, since: datetime) -> None:
        """What people say about the petition from its opening until ``at``."""
        talk(self.seed.key, self.petition_id, self.setting.cast, since=since, until=self.at)

    def register_message(self) -> None:
        """What was forwarded is registered by the body in its hours (76(1))."""
        moment = registration_moment(self.at, self.setting.calendar, self.setting.policy)
        sweep(self.go(moment + A_MOMENT))

    def past(self, kind: ClockKind) -> None:
        """Until a running term is over, as the worker sees it a moment later."""
        due_on = self.due(kind)
        if due_on is None:
            raise CannotGoOn
        self.go(end_of_day(due_on) + TIME_LIMIT + A_MOMENT)
        seal(self.at)
        end_collections(self.at)
        sweep(self.at)

    def settle(self) -> None:
        """What the worker would have done until now."""
        now = self.setting.now
        seal(now)
        end_collections(now)
        sweep(now)

    def join(self, count: int, *, until: datetime, since: datetime | None = None, extra: int = 0) -> None:
        """People join one after another, then the tally counts them; ``extra`` in the last one's very second."""
        if count <= 0:
            return
        if count + extra > len(self.waiting):
            raise CannotGoOn
        text = self.standing()
        moments = self._moments(count, since or self.at, until)
        moments[-1] = max(moments[-1], self.at + A_MOMENT)
        moments += [moments[-1]] * extra
        for moment in moments:
            self._join(text, self.waiting.pop(), moment)
        seal(self.go(moments[-1] + A_MOMENT))

    def _join(self, petition: Standing, person: Person, at: datetime) -> None:
        """As on the page: the exact text is shown, signed by the person's own key, checked and kept."""
        began_at = at - timedelta(seconds=self.chance.randrange(40, 400))
        document = document_of(petition.id, began_at)
        cms = self.setting.cast.authority.sign_detached(person, document, at=at, algorithm="rsa")
        citizen_id = self.setting.cast.citizens[person.key]
        signing.join(petition.id, citizen_id, document=document, cms=cms, began_at=began_at, at=at)

    def _signed(self, document: bytes) -> Signed:
        """The author's own signature over a text that is shown at ``at``."""
        author = people.person(self.author)
        return Signed(document, self.setting.cast.authority.sign_detached(author, document, at=self.at), self.at)

    def _moments(self, count: int, since: datetime, until: datetime) -> list[datetime]:
        """Times of joining, in order, by day and in the evening; some days are busier than others."""
        first, last = since + A_MOMENT, min(until, self.setting.now - A_MOMENT)
        if last <= first:
            raise CannotGoOn
        found: Sequence[datetime] = [self._moment(first, last) for _ in range(count)]
        return sorted(found)

    def _moment(self, first: datetime, last: datetime) -> datetime:
        for _try in range(8):
            share = self.chance.betavariate(1.0, 1.5)
            moment = (first + (last - first) * share).replace(microsecond=0)
            if moment >= first and moment.astimezone(ZONE).hour not in NIGHT:
                return moment
        return first
