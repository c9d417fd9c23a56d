"""The inbox tells a citizen what became of a comment: hidden, shown again, answered by the body."""

from __future__ import annotations

from petitions.comments.models import Rule, Stance
from petitions.db import reading
from petitions.discussion import moderating
from petitions.notifications import actions, queries
from petitions.notifications.comment_notices import ANSWERED
from tests.comments.talk import Talk, a_talk
from tests.making import a_citizen

WHY = "Пікірде басқа адамға тіл тигізілген, ереже бұзылды."


def subjects(citizen_id: int) -> list[str]:
    with reading() as session:
        return [str(notice.letter.subject) for notice in queries.inbox(session, citizen_id)]


def unread(citizen_id: int) -> int:
    with reading() as session:
        return queries.unread(session, citizen_id)


def moderated(talk: Talk, comment: str) -> None:
    by = talk.moderator()
    moderating.hide(talk.petition_id, comment, Rule.INSULT, WHY, by=by, at=talk.later())
    moderating.restore(talk.petition_id, comment, WHY, by=by, at=talk.later())


def test_the_writer_is_told_of_every_decision_and_of_the_bodys_answer(database) -> None:
    talk = a_talk()
    writer, other = talk.somebody(), talk.somebody()
    comment = talk.say(stance=Stance.QUESTION, by=writer)
    talk.reply(comment, by=other)
    moderated(talk, comment)
    talk.answer(comment)
    expected = ["The body answered your comment", "Your comment is shown again", "A moderator hid your comment"]
    assert subjects(writer) == expected
    assert subjects(other) == []
    assert unread(writer) == 3
    actions.mark_seen(writer, talk.later())
    assert unread(writer) == 0


def test_looking_at_a_comment_and_leaving_it_tells_nobody(sqlite_database) -> None:
    talk = a_talk()
    writer = talk.somebody()
    comment = talk.say("Толығырақ: https://example.kz", by=writer)
    moderating.leave(talk.petition_id, comment, by=talk.moderator(), at=talk.later())
    assert subjects(writer) == []


def test_the_inbox_shows_it_with_a_way_to_the_comment(sqlite_app, sign_in_citizen) -> None:
    talk = a_talk()
    comment = talk.say(by=a_citizen("daniyar", at=talk.now))
    talk.answer(comment)
    page = sign_in_citizen("daniyar").get("/en/inbox").get_data(as_text=True)
    assert str(ANSWERED.subject) in page
    assert f"/en/petitions/{talk.petition_id}/comments/{comment}#comment-{comment}" in page
