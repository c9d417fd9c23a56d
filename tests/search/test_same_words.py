"""Everyday words in the other language: two that name one thing, and none that shares its stem with another thing."""

from __future__ import annotations

from collections import Counter

import pytest

from petitions.db import reading
from petitions.law.states import State
from petitions.search import finding, indexing
from petitions.search.asking import parsed
from petitions.search.finding import How
from petitions.search.same_words import _stems, _things
from petitions.search.words import stems_in_order
from tests import making
from tests.search.test_finding import ROADS, SCHOOL, found


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("Семей", "отбасы"),
        ("долго", "қарыз"),
        ("правый берег", "құқық"),
        ("пол", "суару"),
        ("посёлок, пос.", "егін"),
        ("угол", "көмір"),
        ("почти", "пошта"),
        ("в связи", "байланыс"),
        ("Ақ", "әкім"),
        ("карты", "пожилой"),
        ("қол", "озеро"),
        ("мұз", "мұражай"),
        ("сапа", "младенец"),
        ("тұрақты", "парковка"),
        ("шаруашылық", "крестьянский"),
        ("сель", "ауыл"),
        ("скот", "малый"),
        ("дым", "тут"),
        ("сад", "бак"),
        ("безработный", "жұмыс"),
        ("молодежь", "жас"),
    ],
)
def test_a_word_is_not_looked_for_as_one_that_only_shares_its_stem(typed: str, other: str) -> None:
    query = parsed(typed)
    assert query is not None
    assert all(query.stems.isdisjoint(stems_in_order(other, language)) for language in ("kk", "ru"))


def test_no_word_stands_in_two_lines() -> None:
    stems = Counter(
        stem
        for thing in _things()
        for stem in {(language, _stems(word, language)) for language, words in thing.items() for word in words}
    )
    assert [stem for stem, lines in stems.items() if lines > 1] == []


def test_two_words_for_one_thing_may_stand_apart_and_their_counterpart_together(database: object) -> None:
    apart = making.a_petition_in(
        State.OPEN, **{**ROADS, "title": "Продлить маршруты общественного городского транспорта"}
    )
    kazakh = making.a_petition_in(State.OPEN, **{**SCHOOL, "title": "Қоғамдық көлік кестесін өзгерту керек"})
    no_counterpart = making.a_petition_in(State.OPEN, **{**SCHOOL, "title": "Қоғамдық тәртіп пен жүк көлігі туралы"})
    indexing.index_petitions(making.AT)
    assert found("общественный транспорт") == [apart, kazakh]
    assert found('"общественный транспорт"') == []
    assert no_counterpart in found("қоғамдық көлік")


def test_where_no_petition_has_both_words_one_with_either_is_shown(database: object) -> None:
    transport = making.a_petition_in(State.OPEN, **{**ROADS, "title": "Грузовой транспорт на улицах города"})
    indexing.index_petitions(making.AT)
    with reading() as session:
        answer = finding.search(session, "общественный транспорт")
    assert answer is not None and answer.how is How.ANY_WORD
    assert found("общественный транспорт") == [transport]


def test_who_types_both_words_for_one_thing_weighs_each_as_typed(database: object) -> None:
    russian = making.a_petition_in(State.OPEN, **{**ROADS, "title": "Построить мост у районной больницы"})
    kazakh = making.a_petition_in(State.OPEN, **{**SCHOOL, "title": "Өзен арқылы жаңа көпір салу керек"})
    indexing.index_petitions(making.AT)
    with reading() as session:
        weights = [finding._weights(session, query) for query in map(parsed, ("мост көпір", "көпір мост")) if query]
    assert dict(weights[0]) == dict(weights[1])
    assert found("мост көпір") == found("көпір мост") == [kazakh, russian]
