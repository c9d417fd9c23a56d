"""How comments are listed: nobody floods a page, every page holds, and what is not shown leaves its line."""

from __future__ import annotations

import pytest

from petitions.comments import queries
from petitions.comments.models import Rule, Stance, Voice
from petitions.comments.queries import Order, Status
from petitions.db import reading
from petitions.discussion import actions, moderating
from petitions.errors import NotFound
from petitions.law.policy import DEFAULT_POLICY
from petitions.law.states import State
from tests.comments.talk import a_talk

REASONS = "Пікірде басқа адамға тіл тигізілген."


def test_everybodys_first_comment_stands_before_anybodys_second(database) -> None:
    talk = a_talk()
    loud = talk.somebody()
    first = talk.say(by=loud)
    flood = [talk.say(by=loud) for _ in range(4)]
    quiet = [talk.say() for _ in range(5)]
    assert [each.id for each in talk.listed()] == [first, *quiet, *flood]


def test_stances_take_turns(database) -> None:
    talk = a_talk()
    supporters = [talk.say(stance=Stance.FOR) for _ in range(4)]
    against = talk.say(stance=Stance.AGAINST)
    question = talk.say(stance=Stance.QUESTION)
    assert [each.id for each in talk.listed()] == [supporters[0], against, question, *supporters[1:]]
    assert [each.id for each in talk.listed(stance=Stance.QUESTION)] == [question]


def test_newest_first_is_the_second_choice(database) -> None:
    talk = a_talk()
    said = [talk.say() for _ in range(7)]
    assert [each.id for each in talk.listed(Order.NEWEST)] == said[::-1]


def test_taking_back_and_writing_again_brings_nobody_forward(database) -> None:
    talk = a_talk()
    loud = talk.somebody()
    gone = talk.say(by=loud)
    actions.take_back(talk.petition_id, gone, citizen_id=loud, at=talk.later())
    again, other = talk.say(by=loud), talk.say()
    assert [each.id for each in talk.listed()] == [other, again]


def test_the_body_stands_first_under_a_comment_and_then_the_author(database) -> None:
    talk = a_talk()
    question = talk.say(stance=Stance.QUESTION)
    citizens = [talk.reply(question) for _ in range(3)]
    author = talk.reply(question, by=talk.standing.author_id)
    body = talk.answer(question)
    (thread,) = talk.listed()
    assert [each.id for each in thread.replies] == [body, author, *citizens[:2]]
    assert [each.voice for each in thread.replies[:2]] == [Voice.BODY, Voice.AUTHOR]
    assert thread.further_replies == 1
    with reading() as session:
        whole, after = queries.thread(session, talk.petition_id, citizens[2])
    assert [each.id for each in whole.replies] == [body, author, *citizens]
    assert after is None


def test_a_second_answer_of_the_body_stands_before_the_author_too(database) -> None:
    talk = a_talk()
    question, author = talk.say(stance=Stance.QUESTION), talk.standing.author_id
    citizen, first = talk.reply(question), talk.reply(question, by=author)
    second = talk.reply(question, by=author)
    answers = [talk.answer(question, text) for text in ("Мәселе қаралып жатыр.", "Қыркүйекте салынады.")]
    with reading() as session:
        thread, _after = queries.thread(session, talk.petition_id, question)
    assert [each.id for each in thread.replies] == [*answers, first, citizen, second]


def test_what_was_hidden_keeps_a_line_and_what_was_taken_back_only_where_somebody_replied(database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    lonely, answered = talk.say(by=writer), talk.say(by=writer)
    hidden = talk.say("Сен ақымақсың деген сөз")
    talk.reply(answered)
    for each in (lonely, answered):
        actions.take_back(talk.petition_id, each, citizen_id=writer, at=talk.later())
    moderating.hide(talk.petition_id, hidden, Rule.INSULT, REASONS, by=talk.moderator(), at=talk.later())
    found = {each.id: each for each in talk.listed()}
    assert set(found) == {hidden, answered}
    assert (found[hidden].status, found[hidden].text, found[hidden].name) == (Status.HIDDEN, "", "")
    assert found[hidden].rulings[0].reasons == REASONS
    assert (found[answered].status, found[answered].text, found[answered].name) == (Status.TAKEN_BACK, "", "")
    with reading() as session:
        assert queries.counts(session, talk.petition_id).total == 0


def test_a_petition_shows_three_comments_and_how_many_there_are(database) -> None:
    talk = a_talk()
    for stance in (Stance.FOR, Stance.FOR, Stance.FOR, Stance.AGAINST):
        talk.say(stance=stance)
    with reading() as session:
        block = queries.block(session, talk.standing, DEFAULT_POLICY, talk.now)
    assert block is not None and block.is_open
    assert len(block.comments) == 3
    assert [number for _stance, number in block.counts.by_stance] == [3, 1, 0]


def test_the_block_is_as_new_as_the_last_comment(database) -> None:
    talk = a_talk()
    keys = []
    for _ in range(2):
        talk.say()
        with reading() as session:
            block = queries.block(session, talk.standing, DEFAULT_POLICY, talk.now)
        assert block is not None
        keys.append((block.key, block.counts.total))
    assert keys[0][0] != keys[1][0]
    assert [total for _key, total in keys] == [1, 2]


def test_the_line_of_a_hidden_comment_outlives_its_taking_back(database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    parent = talk.say()
    comment, reply = talk.say(by=writer), talk.reply(parent, by=writer)
    for each in (comment, reply):
        moderating.hide(talk.petition_id, each, Rule.INSULT, REASONS, by=talk.moderator(), at=talk.later())
        actions.take_back(talk.petition_id, each, citizen_id=writer, at=talk.later())
    found = {each.id: each for item in talk.listed() for each in (item, *item.replies)}
    for each in (comment, reply):
        assert (found[each].status, found[each].rulings[0].reasons) == (Status.TAKEN_BACK, REASONS)


@pytest.mark.parametrize("state", [State.CHECKING, State.SUPPORTING, State.LAPSED])
def test_a_petition_known_by_its_link_only_has_no_comments(sqlite_database, state: State) -> None:
    talk = a_talk(state)
    with pytest.raises(NotFound):
        talk.say()
    with reading() as session:
        assert queries.block(session, talk.standing, DEFAULT_POLICY, talk.now) is None
