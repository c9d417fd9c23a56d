"""What the invented officer and head do with a petition: the duties, the decision, and what follows it."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from petitions.audit import Actor
from petitions.consideration import actions, appealing, deciding
from petitions.consideration.actions import Member
from petitions.consideration.appeals import SUPERIOR_BODY
from petitions.consideration.deciding import Answer, Draft
from petitions.consideration.hearing import announced_for, earliest_discussion
from petitions.db import reading
from petitions.demo.walker import CannotGoOn, Walker
from petitions.law.working_days import local_date, start_of_day
from petitions.lifecycle import queries

DUE_IN = timedelta(days=150)  # of a commitment
HOUR = time(15, 0)  # of a public discussion


def enter_number(walker: Walker) -> None:
    """The number of the body's own register; the registration made itself (64(3))."""
    walker.office(1)
    number = str(walker.words["number"]).format(number=walker.petition_id + 100)
    on = local_date(walker.at)
    actions.enter_number(walker.petition_id, number=number, on=on, by=_officer(walker), at=walker.at)


def look_into(walker: Walker) -> None:
    """The place is visited and the group formed (90-5)."""
    words, by = walker.words, _officer(walker)
    enter_number(walker)
    walker.office(2)
    place, found = str(words["place"]), str(words["visited"])
    on = local_date(walker.at)
    actions.record_visit(walker.petition_id, on=on, place=place, found=found, by=by, at=walker.at)
    walker.office(1)
    members = [Member(role, name) for role, name in _group(walker)]
    actions.form_group(walker.petition_id, members=members, author_invited=True, by=by, at=walker.at)


def announce(walker: Walker, *, not_before: date = date.min) -> None:
    """The draft decision is written and its discussion announced for the first lawful day (90-5), or a later one."""
    by = _officer(walker)
    walker.office(1)
    deciding.draft_decision(walker.petition_id, _draft(walker), by=by, at=walker.at)
    walker.go(walker.at + timedelta(minutes=30))
    with reading() as session:
        on = max(not_before, earliest_discussion(session, walker.at))
    where = {"place": str(walker.words["place"]), "online": ""}
    # A later day may be the last of the term: the demonstration shows a discussion that is still to come.
    actions.announce_discussion(walker.petition_id, on=on, hour=HOUR, **where, by=by, at=walker.at, insists=True)


def hold(walker: Walker) -> None:
    """The discussion is held on the day people were told."""
    with reading() as session:
        on = announced_for(session, walker.petition_id)
    if on is None:
        raise CannotGoOn
    at = walker.go(start_of_day(on) + timedelta(hours=17))
    actions.hold_discussion(
        walker.petition_id,
        on=on,
        participants=walker.chance.randrange(18, 60),
        minutes=str(walker.words["discussed"]),
        by=_officer(walker),
        at=at,
    )


def decide(walker: Walker) -> None:
    """The head decides and publishes the next working day, then speaks (90-6)."""
    head = walker.setting.cast.staff[walker.seed.head]
    head = Actor("staff", head.id, "head")  # acting heads too act as one
    walker.office(2)
    deciding.decide(walker.petition_id, by=head, at=walker.at)
    walker.office(1)
    deciding.publish(walker.petition_id, by=_officer(walker), at=walker.at)
    walker.office(2)
    on, text = local_date(walker.at), str(walker.words["statement"])
    deciding.make_statement(walker.petition_id, on=on, text=text, url="", by=head, at=walker.at)


def follow_up(walker: Walker) -> None:
    """Promises and how far they are; against a refusal, a complaint and its outcome. As far as now."""
    try:
        if walker.seed.outcome == "refused":
            _appeal(walker)
        else:
            _promise(walker)
    except CannotGoOn:
        return


def answer_message(walker: Walker) -> None:
    """A petition that missed its threshold is answered like any message (89)."""
    walker.office(9)
    text = str(walker.words["message_answer"])
    actions.answer_message(walker.petition_id, text=text, by=_officer(walker), at=walker.at)


def _promise(walker: Walker) -> None:
    words: dict[str, Any] = walker.words["commitment"]
    by, petition_id = _officer(walker), walker.petition_id
    walker.office(3)
    due: date = local_date(walker.at + DUE_IN)
    key = actions.make_commitment(
        petition_id, what=words["what"], owner=str(walker.words["owner"]), due=due, by=by, at=walker.at
    )
    walker.office(10)
    state, text = ("done", words["done"]) if walker.seed.filed_on else ("in_progress", words["update"])
    actions.update_commitment(petition_id, key=key, state=state, text=text, by=by, at=walker.at)


def _appeal(walker: Walker) -> None:
    petition_id, officer = walker.petition_id, _officer(walker)
    at = walker.go(walker.at + timedelta(days=6))
    author = walker.setting.cast.citizen(walker.author)
    appealing.file_appeal(petition_id, to=SUPERIOR_BODY, on=local_date(at), by=author, at=at)
    at = walker.office(2)
    appealing.pass_appeal_up(petition_id, on=local_date(at), by=officer, at=at)
    at = walker.office(15)
    appealing.record_appeal_outcome(
        petition_id,
        granted=False,
        on=local_date(at),
        decided_by=str(walker.words["appeal_body"]),
        text=str(walker.words["appeal_outcome"]),
        by=officer,
        at=at,
    )


def _draft(walker: Walker) -> Draft:
    """An answer to each argument and each proposal, in the language of the petition."""
    words: dict[str, Any] = walker.words[walker.seed.outcome]
    with reading() as session:
        text = queries.text(session, walker.petition_id)
    answers = {point.id: Answer(*words["argument"]) for point in text.arguments}
    answers |= {point.id: Answer(*words["proposal"]) for point in text.proposals}
    return Draft(
        outcome=walker.seed.outcome,
        language=walker.seed.language,
        reasons=words["reasons"],
        law_cited=str(walker.words["law_cited"]),
        appeal=str(walker.words["appeal"]),
        answers=answers,
    )


def _group(walker: Walker) -> list[list[str]]:
    members: list[list[str]] = walker.words["group"]
    return members


def _officer(walker: Walker) -> Actor:
    """Of the demonstration's own body of the kind the petition is addressed to."""
    place = {"government": "ministry", "akimat": "akimat", "maslikhat": "maslikhat"}[walker.seed.addressee]
    return walker.setting.cast.staff[f"{place}-officer"]
