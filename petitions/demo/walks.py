"""How far each invented petition goes: a walk is a list of steps, told in the order of the law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from petitions.demo import examining
from petitions.demo.walker import Walker
from petitions.drafting import actions as drafting
from petitions.law.states import ClockKind, State
from petitions.law.working_days import add_working_days, local_date
from petitions.moderation import actions as moderation
from petitions.moderation.grounds import Ground


@dataclass(frozen=True)
class Walk:
    """``days`` are how many it takes at least: what was filed later is not walked yet."""

    steps: Callable[[Walker], None]
    days: int


def _draft(walker: Walker) -> None:
    walker.draft()


def _filed(walker: Walker) -> None:
    walker.file()


def _checking(walker: Walker) -> None:
    walker.file()
    walker.to_check()


def _asked(walker: Walker) -> None:
    """The check asked another body and still waits, past its term."""
    _checking(walker)
    walker.office(4)
    question, body_id = str(walker.words["question"]), walker.standing().body_id
    by = walker.setting.cast.staff["moderator"]
    moderation.query_body(walker.petition_id, body_id or 0, question, by=by, at=walker.at)


def _supporting(walker: Walker) -> None:
    walker.file()
    walker.to_support()
    walker.join(walker.seed.supporters, until=walker.at + timedelta(days=walker.seed.support_days))


def _lapsed(walker: Walker) -> None:
    _supporting(walker)
    walker.past(ClockKind.SUPPORT)


def _withdrawn(walker: Walker) -> None:
    _supporting(walker)
    walker.go(walker.at + timedelta(hours=30))
    walker.withdraw()


def _refused(walker: Walker) -> None:
    _checking(walker)
    walker.office(walker.seed.check_days)
    moderation.refuse(
        walker.petition_id,
        ground=Ground(walker.seed.ground),
        code=walker.seed.code,
        duplicate_of=None,
        text=walker.seed.refusal,
        by=walker.setting.cast.staff["moderator"],
        at=walker.at,
    )


def _open(walker: Walker) -> None:
    walker.file()
    walker.open()
    opened_at = walker.at
    walker.inform_media()
    until = min(walker.setting.now - timedelta(minutes=40), opened_at + timedelta(days=170))
    walker.collect(walker.seed.supporters, since=opened_at, until=until)
    walker.talk(since=opened_at)


def _stepped_back(walker: Walker) -> None:
    _open(walker)
    at = walker.go(walker.at + timedelta(minutes=10))
    by = walker.setting.cast.citizen(walker.author)
    drafting.step_back(walker.petition_id, words=str(walker.words["stepped_back"]), by=by, at=at)


def _taken_down(walker: Walker) -> None:
    walker.file()
    walker.open()
    opened_at = walker.at
    walker.collect(walker.seed.supporters, since=opened_at, until=opened_at + timedelta(days=10))
    walker.office(8)
    on = local_date(walker.at)
    moderation.take_down(
        walker.petition_id,
        issuer=str(walker.words["order_issuer"]),
        number=str(walker.words["number"]).format(number=17),
        on=on,
        by=walker.setting.cast.staff["senior"],
        at=walker.at,
    )


def _examination(walker: Walker) -> None:
    walker.file()
    walker.reach()


def _examined(walker: Walker) -> None:
    """The duties are under way: the place was seen, the draft is written, its discussion announced."""
    _examination(walker)
    examining.look_into(walker)
    today = local_date(walker.setting.now)
    examining.announce(walker, not_before=add_working_days(today, 2, walker.setting.calendar))


def _overdue(walker: Walker) -> None:
    _examination(walker)
    examining.enter_number(walker)
    walker.past(ClockKind.CONSIDERATION)


def _published(walker: Walker) -> None:
    _examination(walker)
    examining.look_into(walker)
    examining.announce(walker)
    examining.hold(walker)
    examining.decide(walker)
    examining.follow_up(walker)


def _message(walker: Walker) -> None:
    """Six months were not enough: returned, forwarded, and handled as an ordinary message (90-3(5))."""
    walker.file()
    walker.open()
    opened_at = walker.at
    walker.inform_media()
    walker.collect(walker.seed.supporters, since=opened_at, until=opened_at + timedelta(days=150))
    walker.past(ClockKind.COLLECTION)
    walker.register_message()


def _message_answered(walker: Walker) -> None:
    _message(walker)
    if walker.standing().state == State.MESSAGE:
        examining.answer_message(walker)


WALKS = {
    "draft": Walk(_draft, 0),
    "filed": Walk(_filed, 0),
    "checking": Walk(_checking, 0),
    "asked": Walk(_asked, 10),
    "supporting": Walk(_supporting, 7),
    "lapsed": Walk(_lapsed, 50),
    "withdrawn": Walk(_withdrawn, 20),
    "refused": Walk(_refused, 14),
    "open": Walk(_open, 20),
    "stepped_back": Walk(_stepped_back, 30),
    "taken_down": Walk(_taken_down, 45),
    "examination": Walk(_examination, 30),
    "examined": Walk(_examined, 50),
    "overdue": Walk(_overdue, 75),
    "published": Walk(_published, 85),
    "message": Walk(_message, 205),
    "message_answered": Walk(_message_answered, 225),
}
