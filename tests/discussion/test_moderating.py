"""Moderation: by a person, by a named rule, with reasons that everybody reads; and it can be undone."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from petitions.audit import AuditEntry
from petitions.comments.models import Comment, CommentReport, Rule, Ruling
from petitions.comments.queries import Status
from petitions.db import reading
from petitions.discussion import actions, answering, moderating, queries
from petitions.discussion.actions import Words
from petitions.discussion.answering import AnswersClosed
from petitions.discussion.queries import Shelf
from petitions.errors import NotFound
from petitions.law.states import State
from tests import making
from tests.comments.talk import Talk, a_talk

WHY = "Пікірде басқа адамға тіл тигізілген, ереже бұзылды."
ANEW = "Шағым негізсіз болды, пікірде ереже бұзылмаған."


def queued(shelf: Shelf) -> list[str]:
    with reading() as session:
        return [each.id for each in queries.queue(session, shelf).rows]


def hide(talk: Talk, comment: str, rule: Rule = Rule.INSULT, **more: Any) -> None:
    moderating.hide(talk.petition_id, comment, rule, WHY, by=talk.moderator(), at=talk.later(), **more)


def report(talk: Talk, comment: str, words: str = "", rule: Rule = Rule.INSULT) -> None:
    actions.report(talk.petition_id, comment, rule, words, citizen_id=talk.somebody(), at=talk.later())


def test_the_longest_waiting_comment_is_looked_at_first(database) -> None:
    talk = a_talk()
    first, second, quiet = talk.say(), talk.say(), talk.say()
    hinted = talk.say("Бұл сілтемені қараңыз: https://example.kz")
    report(talk, second)
    report(talk, first)
    report(talk, first, "Бұл да дұрыс емес", Rule.OFF_SUBJECT)
    assert queued(Shelf.WAITING) == [hinted, second, first]
    assert quiet not in queued(Shelf.WAITING)
    with reading() as session:
        seen = queries.sheet(session, talk.petition_id, first).comment
    assert {(each.rule, each.number, each.words) for each in seen.reports} == {
        ("insult", 1, ()),
        ("off-subject", 1, ("Бұл да дұрыс емес",)),
    }


def test_a_hidden_comment_is_gone_from_pages_and_stays_with_the_moderators(database) -> None:
    talk = a_talk()
    comment = talk.say("Сен ақымақсың деген пікір")
    report(talk, comment)
    hide(talk, comment)
    seen = talk.shown(comment)
    assert (seen.status, seen.text) == (Status.HIDDEN, "")
    assert [(each.ruling, each.rule, each.reasons) for each in seen.rulings] == [(Ruling.HIDDEN, "insult", WHY)]
    assert (queued(Shelf.WAITING), queued(Shelf.HIDDEN)) == ([], [comment])
    with reading() as session:
        assert queries.sheet(session, talk.petition_id, comment).comment.text == "Сен ақымақсың деген пікір"
        assert session.scalars(sa.select(CommentReport)).one().settled_at == talk.now


def test_every_hidden_comment_can_be_reached(database, monkeypatch) -> None:
    monkeypatch.setattr(queries, "SHOWN", 2)
    talk = a_talk()
    comments = [talk.say() for _ in range(5)]
    together = talk.later()
    for comment in comments[:3]:
        moderating.hide(talk.petition_id, comment, Rule.INSULT, WHY, by=talk.moderator(), at=together)
    for comment in comments[3:]:
        hide(talk, comment)
    reached: list[str] = []
    before = None
    with reading() as session:
        for _ in range(3):
            page = queries.queue(session, Shelf.HIDDEN, before=before)
            reached += [each.id for each in page.rows]
            assert page.counts[Shelf.HIDDEN] == 5
            before = page.older
    assert before is None
    assert reached == [comments[4], comments[3], *sorted(comments[:3], reverse=True)]


def test_a_hidden_comment_can_be_shown_again_and_both_decisions_stay_readable(database) -> None:
    talk = a_talk()
    comment = talk.say()
    hide(talk, comment)
    moderating.restore(talk.petition_id, comment, ANEW, by=talk.moderator(), at=talk.later())
    seen = talk.shown(comment)
    assert seen.status is Status.SHOWN
    assert [each.ruling for each in seen.rulings] == [Ruling.HIDDEN, Ruling.RESTORED]


def test_looking_and_finding_nothing_wrong_leaves_no_public_trace(database) -> None:
    talk = a_talk()
    comment = talk.say("Толығырақ: https://example.kz")
    moderating.leave(talk.petition_id, comment, by=talk.moderator(), at=talk.later())
    assert queued(Shelf.WAITING) == []
    assert talk.shown(comment).rulings == ()
    report(talk, comment)
    assert queued(Shelf.WAITING) == [comment], "a report after that is looked at again"


def test_somebodys_data_are_erased_for_good(database) -> None:
    talk = a_talk()
    comment = talk.say("Көршім Пәленшеевтің мекенжайы мынау")
    report(talk, comment, "Пәленшеев деп тұр", Rule.PERSONAL_DATA)
    hide(talk, comment, Rule.PERSONAL_DATA, erase=True)
    with reading() as session:
        row = session.get_one(Comment, (talk.petition_id, comment))
        assert (row.text, row.public_name, row.fingerprint, row.erased_at) == (None, "", None, talk.now)
        assert session.scalars(sa.select(CommentReport)).one().words is None
    assert talk.shown(comment).status is Status.HIDDEN
    with pytest.raises(moderating.RuledMeanwhile):
        moderating.restore(talk.petition_id, comment, ANEW, by=talk.moderator(), at=talk.later())


def test_only_personal_data_are_erased(sqlite_database) -> None:
    talk = a_talk()
    comment = talk.say()
    with pytest.raises(moderating.NothingToErase):
        hide(talk, comment, Rule.OFF_SUBJECT, erase=True)
    assert talk.shown(comment).status is Status.SHOWN


def test_what_was_changed_after_the_look_is_looked_at_again(database) -> None:
    talk = a_talk()
    writer, by = talk.somebody(), talk.moderator()
    comment = talk.say("Толығырақ: https://example.kz", by=writer)
    seen_at = talk.now
    changed = Words("Сен ақымақсың деген пікір", "kk")
    actions.change(talk.petition_id, comment, changed, citizen_id=writer, at=talk.later())
    for act in (
        lambda: moderating.leave(talk.petition_id, comment, by=by, at=talk.later(), seen_at=seen_at),
        lambda: hide(talk, comment, seen_at=seen_at),
    ):
        with pytest.raises(moderating.RuledMeanwhile):
            act()
    assert queued(Shelf.WAITING) == [comment]
    moderating.leave(talk.petition_id, comment, by=by, at=talk.later(), seen_at=talk.now)
    assert queued(Shelf.WAITING) == []


def test_a_report_that_came_after_the_look_is_read(database) -> None:
    talk = a_talk()
    comment = talk.say()
    report(talk, comment)
    seen_at = talk.now
    report(talk, comment, "Бұл да дұрыс емес")
    with pytest.raises(moderating.RuledMeanwhile):
        moderating.leave(talk.petition_id, comment, by=talk.moderator(), at=talk.later(), seen_at=seen_at)
    assert queued(Shelf.WAITING) == [comment]


def test_hidden_answers_of_bodies_are_nobodys_record(sqlite_database) -> None:
    talk = a_talk()
    comment = talk.say()
    first, second = talk.answer(comment), talk.answer(comment, "Қыркүйекте салынады.")
    hide(talk, first)
    with reading() as session:
        assert queries.sheet(session, talk.petition_id, second).hidden_before == 0


def test_every_decision_stands_in_the_audit_without_the_comment(sqlite_database) -> None:
    talk = a_talk()
    comment = talk.say("Сен ақымақсың деген пікір")
    hide(talk, comment)
    moderating.restore(talk.petition_id, comment, ANEW, by=talk.moderator(), at=talk.later())
    with reading() as session:
        about = sa.select(AuditEntry).where(AuditEntry.subject == f"comment:{talk.petition_id}:{comment}")
        entries = session.scalars(about.order_by(AuditEntry.id)).all()
    assert [entry.act for entry in entries] == ["comment-hidden", "comment-restored"]
    assert "ақымақ" not in str([entry.details for entry in entries])


@pytest.mark.parametrize("reasons", ["Қысқа", "Оның телефоны 8 701 123 45 67, сондықтан жасырылды", "а" * 1001])
def test_reasons_are_public_so_they_are_reasons(sqlite_database, reasons: str) -> None:
    talk = a_talk()
    comment = talk.say()
    with pytest.raises(moderating.BadReasons):
        moderating.hide(talk.petition_id, comment, Rule.INSULT, reasons, by=talk.moderator(), at=talk.now)


def test_what_is_decided_or_gone_is_not_decided_again(sqlite_database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    hidden, gone = talk.say(), talk.say(by=writer)
    hide(talk, hidden)
    actions.take_back(talk.petition_id, gone, citizen_id=writer, at=talk.later())
    for comment in (hidden, gone):
        with pytest.raises(moderating.RuledMeanwhile):
            hide(talk, comment)
    with pytest.raises(NotFound):
        hide(talk, "a" * 22)


def test_a_hidden_comment_is_neither_answered_nor_reported(sqlite_database) -> None:
    talk = a_talk()
    comment = talk.say()
    hide(talk, comment)
    for act in (lambda: talk.reply(comment), lambda: report(talk, comment), lambda: talk.answer(comment)):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("state", [State.REACHED, State.SENT, State.EXAMINATION])
def test_the_body_answers_until_its_decision_is_public(sqlite_database, state: State) -> None:
    talk = a_talk()
    comment = talk.say()
    walk(talk, state)
    assert talk.shown(talk.answer(comment)).body is not None


def test_the_body_answers_in_the_decision_once_it_is_public(sqlite_database) -> None:
    talk = a_talk()
    comment = talk.say()
    walk(talk, State.PUBLISHED)
    with pytest.raises(AnswersClosed):
        talk.answer(comment)


def test_another_body_does_not_answer(database) -> None:
    talk = a_talk()
    comment = talk.say()
    with pytest.raises(NotFound):
        answering.answer(talk.petition_id, comment, Words("Жауап", "kk"), body_id=1, by=talk.officer(), at=talk.now)


def walk(talk: Talk, state: State) -> None:
    """The petition goes on by the law's own steps."""
    while making.state_of(talk.petition_id) != state:
        making.go_on(talk.petition_id, state)
    talk.now = making.moment_of(talk.petition_id)
