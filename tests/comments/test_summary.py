"""The comments by theme, for the body that must weigh them."""

from __future__ import annotations

from petitions.comments.models import Stance
from petitions.comments.summary import GROUPED_FROM, REASONS_SHOWN, Group, Summary, Theme, summary, unanswered
from petitions.db import reading
from petitions.identity.roles import Role
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import PetitionText
from tests.comments.talk import Talk, a_talk
from tests.making import law_time


def text_of(talk: Talk) -> PetitionText:
    with reading() as session:
        return lifecycle.text(session, talk.petition_id)


def summary_of(talk: Talk) -> Summary:
    with reading() as session:
        return summary(session, talk.petition_id, text_of(talk))


def people(theme: Theme) -> list[int]:
    return [number for _stance, number in theme.people]


def heard(group: Group) -> dict[Stance, list[str]]:
    return {voices.stance: [said.text for said in voices.said] for voices in group.voices}


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


def test_reasons_for_and_against_are_listed_beside_the_questions(database) -> None:
    talk = a_talk()
    proposal = text_of(talk).proposals[0]
    talk.say("Күн сайын осы жолмен жүреміз", Stance.FOR, point_id=proposal.id)
    talk.say("Қаражат мектепке керегірек", Stance.AGAINST, point_id=proposal.id)
    talk.say("Қашан бітеді?", Stance.QUESTION, point_id=proposal.id)
    whole, *_arguments, theme = summary_of(talk).themes
    assert whole.groups == ()
    assert [heard(group) for group in theme.groups] == [
        {
            Stance.FOR: ["Күн сайын осы жолмен жүреміз"],
            Stance.AGAINST: ["Қаражат мектепке керегірек"],
            Stance.QUESTION: ["Қашан бітеді?"],
        }
    ]


def test_of_many_reasons_the_first_are_listed_and_the_rest_is_counted(database) -> None:
    talk = a_talk()
    loud = talk.somebody()
    for number in range(2):
        talk.say(f"Айттым {number}", by=loud)
    for number in range(REASONS_SHOWN):
        talk.say("аәбвгғдежз"[number] * 5)
    (voices,) = summary_of(talk).themes[0].groups[0].voices
    assert (voices.people, voices.comments, len(voices.said)) == (REASONS_SHOWN + 1, REASONS_SHOWN + 2, REASONS_SHOWN)
    assert voices.left_out == 2
    assert "Айттым 1" not in [said.text for said in voices.said]  # nobody's second before anybody's first


def test_many_comments_stand_together_by_the_words_they_share(database) -> None:
    talk = a_talk()
    lit = ["Көпірге жарық керек", "Көпірде жарық жоқ", "Көпір жарықсыз қалды"]
    dear = ["Көпірдің бағасы қымбат", "Көпір бағасын айтыңыз", "Көпірге баға қойылсын"]
    others = ["Көпірді қолдаймын", "Көпір жақсы болады"]
    for text in lit + dear + others:
        talk.say(text)
    groups = summary_of(talk).themes[0].groups
    assert len(lit + dear + others) == GROUPED_FROM
    # The bridge, of which all wrote, tells nothing apart.
    assert {group.word.word if group.word else None: heard(group)[Stance.FOR] for group in groups} == {
        "жарық": lit,
        "баға": dear,
        None: others,
    }


def test_few_comments_are_not_grouped(database) -> None:
    talk = a_talk()
    for number in range(GROUPED_FROM - 1):
        talk.say(f"Жарық керек {number}")
    assert [group.word for group in summary_of(talk).themes[0].groups] == [None]


def test_the_body_reads_what_was_said_for_against_and_asked(sqlite_app, sign_in_staff) -> None:
    talk = a_talk()
    argument = text_of(talk).arguments[0]
    talk.say("Балалар қараңғыда жүреді", Stance.FOR, point_id=argument.id)
    talk.say("Қашан бітеді?", Stance.QUESTION, point_id=argument.id)
    for number in range(REASONS_SHOWN + 2):
        talk.say("аәбвгғдежзий"[number] * 5 + " шамдар", Stance.AGAINST)
    for _ in range(3):
        talk.say("Жарық керек")
    law_time(talk.later())
    officer = sign_in_staff(Role.OFFICER, body_id=talk.standing.body_id)
    page = officer.get(f"/en/console/consideration/{talk.petition_id}/comments").get_data(as_text=True)
    assert '<a href="#theme-2">Argument 1</a>' in page and 'id="theme-2"' in page
    assert "Балалар қараңғыда жүреді" in page and "Қашан бітеді?" in page
    assert page.count("Answer for the body") == 1  # a question is answered; reasons are weighed
    assert 'With the word: <span lang="kk">жарық</span>' in page
    assert "The other comments" in page
    assert "2 more comments: all of this kind on the site" in page
    assert f"/en/petitions/{talk.petition_id}/comments?stance=against" in page
    assert "12 people" in page
