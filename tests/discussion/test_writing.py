"""Who may write what, how often and until when; every rule on both engines where the database decides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
import sqlalchemy as sa

from petitions.comments.ids import new_id
from petitions.comments.models import Comment, CommentReport, Rule, Stance, Voice
from petitions.comments.queries import Status
from petitions.comments.trouble import Trouble
from petitions.db import reading, transaction
from petitions.discussion import actions
from petitions.discussion.actions import Words
from petitions.discussion.eligibility import CannotTell, MayNotComment
from petitions.discussion.queries import own_comment
from petitions.errors import DomainError, NotFound
from petitions.law.states import State
from petitions.lifecycle import queries as lifecycle
from tests.comments.talk import Talk, a_talk
from tests.making import a_citizen, go_on, moment_of, state_of
from tests.signatures.rows import policy

AT_LAST = "Мектеп жолына жарық орнату керек, балалар қараңғыда жүреді."


def test_a_comment_shows_a_given_name_and_an_initial(database) -> None:
    talk = a_talk()
    comment = talk.shown(talk.say(by=a_citizen("daniyar", at=talk.now)))
    assert (comment.name, comment.voice, comment.status) == ("Данияр Ү.", Voice.CITIZEN, Status.SHOWN)


def test_the_author_is_marked(database) -> None:
    talk = a_talk()
    assert talk.shown(talk.say(by=talk.standing.author_id)).voice is Voice.AUTHOR


def test_a_comment_may_be_about_a_point_of_this_petition_only(database) -> None:
    talk, other = a_talk(), a_talk()
    with reading() as session:
        mine = lifecycle.text(session, talk.petition_id).arguments[1]
        foreign = lifecycle.text(session, other.petition_id).arguments[0]
    about = talk.shown(talk.say(point_id=mine.id)).about
    assert about is not None and (about.kind, about.number) == ("argument", 2)
    with pytest.raises(NotFound):
        talk.say(point_id=foreign.id)


@pytest.mark.parametrize(
    ("person", "refused"), [("foreigner", MayNotComment), ("minor", MayNotComment), ("down", CannotTell)]
)
def test_only_citizens_of_age_comment(sqlite_database, person: str, refused: type[DomainError]) -> None:
    talk = a_talk()
    with pytest.raises(refused):
        talk.say(by=a_citizen(person, at=talk.now))


def test_facts_that_grew_old_decide_nothing(sqlite_database) -> None:
    talk = a_talk()
    somebody = talk.somebody()
    talk.later(days=2)
    with pytest.raises(CannotTell):
        talk.say(by=somebody)


@pytest.mark.parametrize("state", [State.SENT, State.EXAMINATION, State.PUBLISHED, State.RETURNED])
def test_comments_close_when_the_petition_is_sent(sqlite_database, state: State) -> None:
    talk = a_talk(state)
    with pytest.raises(actions.CommentsClosed):
        talk.say()


def test_comments_stay_open_between_the_threshold_and_the_sending(sqlite_database) -> None:
    assert a_talk(State.REACHED).say()


def test_policy_may_close_comments_with_joining(sqlite_database) -> None:
    talk = a_talk()
    policy("comments_close", "when_joining_ends", talk.now)
    assert talk.say()
    talk.later(days=200)  # the six months are over, the sweep has not come yet
    with pytest.raises(actions.CommentsClosed):
        talk.say()


def test_nobody_writes_more_in_a_day_than_the_policy_says(database) -> None:
    talk, other = a_talk(), a_talk()
    writer = talk.somebody()
    first = talk.say(by=writer)
    for _ in range(4):
        talk.reply(first, by=writer)
    with pytest.raises(actions.TooManyComments):
        talk.say(by=writer)
    other.now = talk.now
    assert other.say(by=writer), "another petition has its own measure"
    policy("comments_a_day", "6", talk.now)
    with pytest.raises(actions.TooManyComments):
        other.say(by=writer)


def test_two_comments_of_one_person_at_once_do_not_pass_the_limit(database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    policy("comments_a_day_per_petition", "3", talk.now)

    def write(number: int) -> str | None:
        words = Words(f"Бір уақытта жазылған пікір {number}", "kk")
        try:
            return actions.write(talk.petition_id, words, Stance.FOR, citizen_id=writer, at=talk.now)
        except actions.TooManyComments:
            return None

    with ThreadPoolExecutor(4) as threads:
        kept = [each for each in threads.map(write, range(8)) if each]
    assert len(kept) == 3
    with reading() as session:
        assert sorted(session.scalars(sa.select(Comment.turn))) == [1, 2, 3]


def test_the_same_words_twice_are_published_once(database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    talk.say(AT_LAST, by=writer)
    with pytest.raises(actions.SaidAlready):
        talk.say(AT_LAST, by=writer)


def test_what_is_refused_for_its_words_waits_for_no_other_writer(sqlite_database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    said = talk.say(AT_LAST, by=writer)
    refused = (
        (AT_LAST, actions.SaidAlready),
        ("а" * 2001, actions.BadText),
        ("a@b.kz", actions.PersonalDataStandsThere),
    )
    with transaction():  # on SQLite there is one writer at a time
        for text, error in refused:
            with pytest.raises(error):
                talk.say(text, by=writer)
        with pytest.raises(actions.BadText):
            talk.reply(said, "а" * 2001, by=writer)


def test_personal_data_are_published_only_when_the_writer_insists(database) -> None:
    talk = a_talk()
    with pytest.raises(actions.PersonalDataStandsThere) as warned:
        talk.say("Маған +7 701 123 45 67 нөміріне қоңырау шалыңыз")
    assert warned.value.kinds == [Trouble.PHONE]
    said = talk.say("Маған +7 701 123 45 67 нөміріне қоңырау шалыңыз", insists=True)
    assert hints_of(talk, said) == ["phone"]


def test_what_many_repeat_is_pointed_out_and_not_refused(database) -> None:
    talk, other = a_talk(), a_talk()
    assert hints_of(talk, talk.say(AT_LAST)) == []
    assert hints_of(other, other.say(AT_LAST.upper())) == ["repeated"]


@pytest.mark.parametrize("text", ["", " \n ", "а", "а" * 2001])
def test_nothing_and_too_much_are_no_comment(sqlite_database, text: str) -> None:
    talk = a_talk()
    with pytest.raises(actions.BadText):
        actions.write(talk.petition_id, Words(text, "kk"), Stance.FOR, citizen_id=talk.somebody(), at=talk.now)


def test_threads_are_one_level_deep(database) -> None:
    talk = a_talk()
    reply = talk.reply(talk.say())
    with pytest.raises(NotFound):
        talk.reply(reply)


def test_a_comment_can_be_changed_shortly_after_and_says_so(database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    comment = talk.say(by=writer)
    change(talk, comment, "Түзетілген мәтін", writer, minutes=14)
    seen = talk.shown(comment)
    assert (seen.text, seen.edited_at) == ("Түзетілген мәтін", talk.now)
    with pytest.raises(actions.CannotChange):
        change(talk, comment, "Тағы түзетілген мәтін", writer, minutes=1)


def test_what_somebody_replied_to_stays_as_it_was(database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    comment = talk.say(by=writer)
    talk.reply(comment)
    with pytest.raises(actions.CannotChange):
        change(talk, comment, "Басқа мағына", writer, minutes=1)


def test_what_is_replied_to_at_this_moment_is_not_changed(database) -> None:
    talk = a_talk()
    writer, replier = talk.somebody(), talk.somebody()
    comment = talk.say(by=writer)
    with ThreadPoolExecutor(1) as threads:
        with transaction() as session:  # a reply that has read the comment and is not kept yet
            actions.shown(session, talk.petition_id, comment)
            late = threads.submit(change, talk, comment, "Басқа мағына", writer, minutes=1)
            sleep(0.3)
            session.add(
                Comment(
                    petition_id=talk.petition_id,
                    id=new_id(talk.now),
                    parent_id=comment,
                    voice=Voice.CITIZEN,
                    citizen_id=replier,
                    public_name="Айгүл Ә.",
                    language="kk",
                    text="Келісемін",
                    written_at=talk.now,
                )
            )
        with pytest.raises(actions.CannotChange):
            late.result()


def test_no_change_is_offered_once_joining_ended_where_policy_closes_comments_then(sqlite_database) -> None:
    talk = a_talk()
    policy("comments_close", "when_joining_ends", talk.now)
    policy("comment_edit_minutes", "1440", talk.now)
    assert talk.standing.closes_at
    talk.now = talk.standing.closes_at - timedelta(hours=1)
    writer = talk.somebody()
    comment = talk.say(by=writer)

    def offered() -> bool:
        with reading() as session:
            return own_comment(session, writer, talk.petition_id, comment, talk.now).may_change

    assert offered()
    talk.later(hours=2)  # joining is over, the sweep has not come yet
    assert not offered()
    with pytest.raises(actions.CannotChange):
        change(talk, comment, "Басқа мағына", writer, minutes=0)


@pytest.mark.parametrize(("since", "state"), [(State.REACHED, State.SENT), (State.OPEN, State.TAKEN_DOWN)])
def test_nothing_is_changed_once_comments_are_closed(sqlite_database, since: State, state: State) -> None:
    talk = a_talk(since)
    policy("comment_edit_minutes", "1440", talk.now)
    writer = talk.somebody()
    comment = talk.say(by=writer)
    go_on(talk.petition_id, state)
    assert state_of(talk.petition_id) == state
    talk.now = max(talk.now, moment_of(talk.petition_id))
    with reading() as session:
        mine = own_comment(session, writer, talk.petition_id, comment, talk.now)
    assert not mine.may_change
    with pytest.raises(actions.CannotChange):
        change(talk, comment, "Басқа мағына", writer, minutes=1)


def test_pressing_twice_on_the_last_comment_of_the_day_says_that_it_is_published(database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    for number in range(5):
        talk.say(f"Пікір нөмірі {number} осы жерде", by=writer)
    with pytest.raises(actions.SaidAlready):
        talk.say("Пікір нөмірі 4 осы жерде", by=writer)


def test_nobody_changes_or_takes_back_anothers(database) -> None:
    talk = a_talk()
    comment, stranger = talk.say(), talk.somebody()
    with pytest.raises(NotFound):
        change(talk, comment, "Бөтен сөз", stranger, minutes=1)
    with pytest.raises(NotFound):
        actions.take_back(talk.petition_id, comment, citizen_id=stranger, at=talk.now)


def test_taking_back_erases_words_and_name_for_good(database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    comment = talk.say(AT_LAST, by=writer)
    talk.later(days=100)
    for _ in range(2):  # a second time changes nothing
        actions.take_back(talk.petition_id, comment, citizen_id=writer, at=talk.later())
    with reading() as session:
        row = session.get_one(Comment, (talk.petition_id, comment))
        assert (row.text, row.public_name, row.fingerprint) == (None, "", None)


def test_a_report_calls_a_moderator_once_a_person(database) -> None:
    talk = a_talk()
    comment, reader = talk.say(), talk.somebody()
    for _ in range(2):
        report(talk, comment, reader)
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(CommentReport)) == 1
        assert session.get_one(Comment, (talk.petition_id, comment)).waits_since == talk.now - timedelta(minutes=1)


def test_nobody_reports_more_than_the_policy_says(sqlite_database) -> None:
    talk = a_talk()
    policy("comment_reports_a_day", "2", talk.now)
    reader, said = talk.somebody(), [talk.say() for _ in range(3)]
    for comment in said[:2]:
        report(talk, comment, reader)
    with pytest.raises(actions.TooManyReports):
        report(talk, said[2], reader)


def test_one_does_not_report_oneself(sqlite_database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    with pytest.raises(DomainError, match="your own comment"):
        report(talk, talk.say(by=writer), writer)


def change(talk: Talk, comment: str, text: str, by: int, *, minutes: int) -> None:
    at = talk.later(minutes=minutes)
    actions.change(talk.petition_id, comment, Words(text, "kk"), citizen_id=by, at=at)


def report(talk: Talk, comment: str, by: int) -> None:
    actions.report(talk.petition_id, comment, Rule.INSULT, "Тіл тигізеді", citizen_id=by, at=talk.later())


def hints_of(talk: Talk, comment_id: str) -> list[str]:
    with reading() as session:
        return session.get_one(Comment, (talk.petition_id, comment_id)).hints
