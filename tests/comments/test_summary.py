"""The comments by theme, for the body that must weigh them."""

from __future__ import annotations

from petitions.comments.models import Stance
from petitions.comments.summary import Summary, Theme, summary, unanswered
from petitions.db import reading
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import PetitionText
from tests.comments.talk import Talk, a_talk


def text_of(talk: Talk) -> PetitionText:
    with reading() as session:
        return lifecycle.text(session, talk.petition_id)


def summary_of(talk: Talk) -> Summary:
    with reading() as session:
        return summary(session, talk.petition_id, text_of(talk))


def people(theme: Theme) -> list[int]:
    return [number for _stance, number in theme.people]


def test_people_are_counted_by_point_and_stance_and_each_once(database) -> None:
    talk = a_talk()
    argument = text_of(talk).arguments[0]
    loud = talk.somebody()
    for _ in range(3):
        talk.say(by=loud, point_id=argument.id)
    talk.say(stance=Stance.AGAINST, point_id=argument.id)
    talk.say(stance=Stance.FOR)
    said = summary_of(talk)
    whole, first, second, proposal = said.themes
    assert (said.people, said.comments) == (3, 5)
    assert [people(theme) for theme in (whole, first, second, proposal)] == [[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert second.point == text_of(talk).arguments[1]


def test_a_question_is_open_until_its_body_answers(database) -> None:
    talk = a_talk()
    asked = talk.say("Өткел қашан салынады?", Stance.QUESTION)
    talk.say("Қаражат бар ма?", Stance.QUESTION)
    talk.reply(asked, "Мен де білгім келеді")
    assert summary_of(talk).unanswered == 2
    talk.answer(asked)
    assert [each.answered for each in summary_of(talk).themes[0].questions] == [True, False]
    with reading() as session:
        assert unanswered(session, [talk.petition_id]) == {talk.petition_id: (2, 1)}


def test_forms_of_a_word_are_one_word_and_one_person_counts_once(database) -> None:
    talk = a_talk()
    loud = talk.somebody()
    talk.say("Мектептің жолы қараңғы, жолға жарық керек", by=loud)
    talk.say("Мектеп жолында шам жоқ, мектеп алдында да", by=loud)
    talk.say("Мектептен қайтқан бала жолды көрмейді")
    words = {word.word: word.people for word in summary_of(talk).words}
    assert words == {"мектеп": 2, "жолы": 2}
