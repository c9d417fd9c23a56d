"""Commentary on 90-2(3) and 90-2(4)(3): what a petition may not be about."""

from __future__ import annotations

from datetime import date

import pytest

from petitions.law.duplicates import bars
from petitions.law.editions import EDITIONS, edition
from petitions.law.policy import DEFAULT_POLICY, policy_with
from petitions.law.states import State
from petitions.law.topics import NoTopic, text_hidden, topic, topics

OLD, NEW = edition("2024-04-04"), edition("2026-03-02")


@pytest.mark.parametrize(("law", "count"), [(OLD, 17), (NEW, 16)])
def test_an_edition_bars_its_own_number_of_subjects_in_three_languages(law, count: int) -> None:
    found = topics(law)
    assert [each.code for each in found] == [str(number) for number in range(1, count + 1)]
    for each in found:
        assert each.text_kk and each.text_ru and each.text_en
        assert len({each.text_kk, each.text_ru, each.text_en}) == 3
        assert each.article == f"90-2(3)({each.code})"


OLD_SUBJECTS = [
    ("1", "rights and freedoms"),
    ("2", "constitutional order"),
    ("3", "seven-year term"),
    ("4", "border"),
    ("5", "investigation"),
    ("6", "prosecutor"),
    ("7", "operational-search"),
    ("8", "administrative offences"),
    ("9", "Defence"),
    ("10", "Amnesty"),
    ("11", "dismissing"),
    ("12", "treaties"),
    ("13", "Elections"),
    ("14", "symbols"),
    ("15", "language"),
    ("16", "competence"),
    ("17", "emergency"),
]
NEW_SUBJECTS = [
    ("1", "rights and freedoms"),
    ("2", "business reputation"),
    ("2", "amnesty and pardon"),
    ("3", "Constitution"),
    ("4", "regulated by the norms"),
    ("5", "operational-search"),
    ("6", "prosecutor"),
    ("7", "protected persons"),
    ("8", "labour"),
    ("9", "narcotics"),
    ("10", "treaties"),
    ("11", "dismissing"),
    ("12", "political parties"),
    ("13", "symbols"),
    ("14", "language"),
    ("15", "organisations"),
    ("16", "emergency"),
]


@pytest.mark.parametrize(
    ("law", "code", "words"),
    [(OLD, *row) for row in OLD_SUBJECTS] + [(NEW, *row) for row in NEW_SUBJECTS],
)
def test_each_code_names_its_subject(law, code: str, words: str) -> None:
    assert words in topic(law, code).text_en


def test_2026_marks_what_is_new_or_changed() -> None:
    assert {each.code for each in topics(NEW) if each.changed} == {"2", "3", "4", "5", "8", "9", "12", "15"}
    assert not [each for each in topics(OLD) if each.changed]


def test_an_unknown_code_is_refused_by_name() -> None:
    with pytest.raises(NoTopic, match="'17'"):
        topic(NEW, "17")


@pytest.mark.parametrize("law", EDITIONS.values(), ids=list(EDITIONS))
def test_the_text_is_hidden_under_1_2_and_9_unless_policy_says_otherwise(law) -> None:
    for each in topics(law):
        assert text_hidden(each.code) == (each.code in {"1", "2", "9"}) == each.hides_text
    everything_shown = policy_with({"refused_text_hidden_under": ""})
    assert not any(text_hidden(each.code, everything_shown) for each in topics(law))


FILED = date(2026, 6, 10)
EITHER = DEFAULT_POLICY
BOTH = policy_with({"duplicate_rule_2026": "both"})
RECENT, LONG_AGO = date(2025, 6, 11), date(2025, 6, 10)


@pytest.mark.parametrize(
    ("law", "earlier", "decided_on", "policy", "barred", "sentence"),
    [
        (OLD, State.OPEN, None, EITHER, True, "2024: any petition on the site bars"),
        (OLD, State.PUBLISHED, date(2024, 8, 2), EITHER, True, "2024: even one decided long ago"),
        (OLD, State.MESSAGE_ANSWERED, None, EITHER, True, "2024: and one that failed its threshold"),
        (OLD, State.REFUSED, None, EITHER, False, "nothing bars a corrected petition after a refusal"),
        (NEW, State.OPEN, None, EITHER, True, "2026: one openly published bars"),
        (NEW, State.EXAMINATION, None, EITHER, True, "2026: also while it is examined"),
        (NEW, State.PUBLISHED, RECENT, EITHER, True, "2026: one decided less than a year ago bars"),
        (NEW, State.PUBLISHED, LONG_AGO, EITHER, False, "2026: a full year has passed"),
        (NEW, State.RETURNED, None, EITHER, False, "2026: one that failed does not bar"),
        (NEW, State.REFUSED, None, EITHER, False, "2026: nor one that was refused"),
        (NEW, State.SUPPORTING, None, EITHER, False, "2026: nor one that is not openly published yet"),
        (NEW, State.LAPSED, None, EITHER, False, "2026: nor one that lapsed"),
        (NEW, State.OPEN, None, BOTH, False, "read as 'and', an undecided one does not bar"),
        (NEW, State.DECIDED, RECENT, BOTH, True, "read as 'and', a public and recently decided one does"),
    ],
)
def test_when_an_earlier_petition_on_the_same_subject_bars(
    law, earlier: State, decided_on: date | None, policy, barred: bool, sentence: str
) -> None:
    assert bars(law, earlier, decided_on, FILED, policy) is barred, sentence
