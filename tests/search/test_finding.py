"""Finding by words: forms of both languages, names, numbers, misspellings; and what must never be found."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from petitions import db
from petitions.db import reading
from petitions.law.states import State
from petitions.lifecycle.models import Petition
from petitions.search import finding, indexing
from petitions.search.documents import documents, findable
from petitions.search.finding import How
from petitions.search.models import SearchDocument, SearchWord
from petitions.search.snippets import Piece, marked
from petitions.search.words import stems_in_order
from tests import making

SCHOOL = {
    "language": "kk",
    "title": "Мектептеріміздегі асхананы жөндеу керек",
    "content": "Ауылымыздағы балабақшаларға баратын жолдарды жөндеу қажет. Көпір де ескі, 1 250 адам өтеді.",
    "arguments": ("Қалалық көлік бұл жерге келмейді, балалар жаяу жүреді.",),
    "proposals": ("Жаңа автобус аялдамасын салу және суды жеткізу керек.",),
}
ROADS = {
    "language": "ru",
    "title": "Отремонтировать дороги у районной больницы",
    "content": "Ёлки вдоль дороги высохли, фонари не горят. Жители просят закрытую остановку с обогревом.",
    "arguments": ("Среди ожидающих много пожилых людей и родителей с детьми.",),
    "proposals": ("Поставить тёплую остановку до начала зимы.",),
}


def found(text: str) -> list[int]:
    """What a reader is shown, the best first."""
    with reading() as session:
        answer = finding.search(session, text)
        if answer is None or answer.how is How.NOTHING:
            return []
        hit = finding.hits(session, answer)
        among = sa.select(Petition.id).join_from(hit, Petition, Petition.id == hit.c.petition_id)
        return finding.ranked(session, answer, among.where(findable()))


def how(text: str) -> How:
    with reading() as session:
        answer = finding.search(session, text)
        assert answer is not None
        return answer.how


@pytest.fixture
def school(database: object) -> int:
    petition_id = making.a_petition_in(State.OPEN, **SCHOOL)
    indexing.index_petitions(making.AT)
    return petition_id


@pytest.fixture
def roads(school: int) -> int:
    petition_id = making.a_petition_in(State.OPEN, **ROADS)
    indexing.index_petitions(making.AT)
    return petition_id


@pytest.mark.parametrize(
    "text",
    [
        "мектеп",
        "мектептер",
        "мектебі",
        "жолдар",
        "жол",
        "балабақша",
        "балабақшалар",
        "көпірді",
        "кала",
        "қалада",
        "ауыл",
        "ауылымыз",
        "су",
        "судың",
        "аялдамалар",
        "мектептеримиздеги асхана",
        "МЕКТЕП",
        '"автобус аялдамасы"',
        "«асхананы жөндеу»",
        "1250",
        "1 250",
        "мектeп",
    ],
)
def test_kazakh_is_found_by_every_form(school: int, text: str) -> None:
    assert found(text) == [school]
    assert how(text) is How.ALL_WORDS


@pytest.mark.parametrize(
    "text",
    ["дорога", "дорог", "больницами", "елка", "ёлки", "теплая", "родители", "остановок"],
)
def test_russian_is_found_by_every_form(roads: int, school: int, text: str) -> None:
    assert found(text)[0] == roads


@pytest.mark.parametrize(
    ("text", "in_kazakh", "in_russian"),
    [
        ("школа", True, False),
        ("школьные", True, False),
        ("детский сад", True, False),
        ("детского сада", True, False),
        ("садик", True, False),
        ("вода", True, False),
        ("аурухана", False, True),
        ("ауруханалар", False, True),
        ("жол", True, True),
        ("дорогами", True, True),
        ("мост", True, False),
        ("остановка тротуар", True, True),
    ],
)
def test_an_everyday_word_is_found_in_the_other_language(
    school: int, roads: int, text: str, in_kazakh: bool, in_russian: bool
) -> None:
    expected = {*([school] if in_kazakh else ()), *([roads] if in_russian else ())}
    assert set(found(text)) == expected


def test_a_petition_in_the_very_word_comes_before_one_in_the_other_language(school: int) -> None:
    russian = making.a_petition_in(State.OPEN, **{**ROADS, "title": "Отремонтировать столовую районной школы"})
    indexing.index_petitions(making.AT)
    assert found("школа") == [russian, school]
    assert found("мектеп") == [school, russian]


def test_words_in_quotation_marks_are_looked_for_as_they_are(school: int, roads: int) -> None:
    assert how('"школа"') is not How.ALL_WORDS
    assert found('"балабақша"') == [school]


def test_drinking_water_is_found_by_water(database: object) -> None:
    pump = making.a_petition_in(State.OPEN, **{**ROADS, "language": "kk", "title": "Ауылға ауызсу колонкасын қою"})
    indexing.index_petitions(making.AT)
    assert found("су") == [pump]


def test_a_numeral_is_no_family_and_no_city(database: object) -> None:
    seven = making.a_petition_in(State.OPEN, **{**ROADS, "title": "Велодорожка в семи районах города Алматы"})
    families = making.a_petition_in(State.OPEN, **{**ROADS, "title": "Помощь для многодетных семей в городе"})
    indexing.index_petitions(making.AT)
    assert found("семей") == found("семья") == [families]
    assert found("семь") == [seven]


def test_the_name_of_a_place_is_no_misspelling(roads: int) -> None:
    with reading() as session:
        answer = finding.search(session, "Дарога")
        village = finding.search(session, "Больничное Риддер")
    assert answer is not None and answer.how is How.MEANT
    assert village is not None and "Риддер" in village.query.text


def test_only_the_words_that_are_guessed_are_proposed(roads: int) -> None:
    with reading() as session:
        answer = finding.search(session, "дарога районной")
    assert answer is not None and answer.how is How.MEANT
    assert len(answer.guessed) == 1 and answer.guessed[0].startswith("дорог")


def test_words_together_are_not_words_apart(school: int) -> None:
    assert found("аялдамасы автобус") == [school]
    assert found('"автобус аялдамасы"') == [school]
    assert how('"аялдамасы автобус"') is How.NOTHING
    assert found('"аялдамасы автобус"') == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("мектпе", "мектеп"),
        ("балабакшша", "балабақша"),
        ("дарога", "дорог"),
        ("бальница", "больниц"),
        ("vtrntg", "мектеп"),
    ],
)
def test_a_misspelt_word_is_found_and_the_right_one_is_named(roads: int, text: str, meant: str) -> None:
    with reading() as session:
        answer = finding.search(session, text)
    assert answer is not None and answer.how is How.MEANT
    assert answer.query.text.startswith(meant[:4])
    assert found(text)


def test_a_petition_is_found_by_its_number_however_many_hold_the_same_figure(school: int, roads: int) -> None:
    assert found(str(school))[0] == school
    assert found(f"№ {roads}")[0] == roads
    assert found(f"No. {roads}")[0] == roads


def test_a_threshold_is_found_as_a_number(school: int) -> None:
    with reading() as session:
        required = session.get_one(Petition, school).required
    assert school in found(f"{required}")


@pytest.mark.parametrize("text", ["Шульбинск", "Shulbinsk", "әкімінің аппараты", "Аппарат акима"])
def test_bodies_and_places_are_found_in_three_languages(school: int, text: str) -> None:
    with reading() as session:
        place = session.get_one(Petition, school).territory_kato
        from petitions.reference import queries as reference

        unit = reference.territory(session, place or "")
    assert unit is not None
    named = {"Шульбинск": unit.name_ru, "Shulbinsk": unit.name_en}.get(text, text)
    assert found(named) == [school]


def test_a_word_in_the_subject_comes_before_one_in_the_text(database: object) -> None:
    in_title = making.a_petition_in(State.OPEN, **{**SCHOOL, "title": "Көпір салу туралы өтініш білдіреміз"})
    in_text = making.a_petition_in(State.OPEN, **SCHOOL)
    indexing.index_petitions(making.AT)
    assert found("көпір") == [in_title, in_text]


def test_any_word_stands_in_where_no_petition_has_all(roads: int, school: int) -> None:
    assert how("больница мектеп") is How.ANY_WORD
    assert set(found("больница мектеп")) == {roads, school}


@pytest.mark.parametrize("text", ["", "  ", "и на не", "!!!", '""', "«»", "\0", "'; --"])
def test_nothing_to_look_for_is_no_query(database: object, text: str) -> None:
    with reading() as session:
        assert finding.search(session, text) is None


@pytest.mark.parametrize(
    "text", ["мектеп'", 'мектеп"', "мектеп OR", "мектеп*", "NEAR(мектеп)", "title:мектеп", "мектеп & |"]
)
def test_marks_of_the_engines_are_only_marks(school: int, text: str) -> None:
    assert found(text) == [school]


@pytest.mark.parametrize(
    "text",
    [
        "мектеп" * 2_000,
        "жол " * 5_000,
        '"' * 99,
        '"мектеп',
        "«мектеп",
        "мектеп\\",
        "мектеп <-> жол:*",
        "(((мектеп",
        "-мектеп ^жол {title}: мектеп + жол",
        "%_*? мектеп%",
        "🏫 мектеп 🏫",
        "\ud83c мектеп",
        "мектеп\0жол",
        "½ ² ªʼ мектеп",
        "9" * 100,
        "№ 999999999",
        "٣٣٣",
        "a" * 100,
        "sELECT union; -- мектеп",
        "'; DROP TABLE petition; --",
        "学校 מקטב ᠮᠣ",
    ],
)
def test_nothing_that_is_typed_breaks_the_search(school: int, text: str) -> None:
    assert set(found(text)) <= {school}


def test_a_number_longer_than_any_word_is_indexed(database: object) -> None:
    petition_id = making.a_petition_in(State.OPEN, **{**SCHOOL, "content": f"{SCHOOL['content']} {'7' * 300} ٣٣٣"})
    indexing.index_petitions(making.AT)
    assert found("7" * 60) == [petition_id]
    assert found("333") == [petition_id]


def test_words_do_not_stand_together_across_two_parts_of_a_petition(database: object) -> None:
    making.a_petition_in(State.OPEN, **{**SCHOOL, "title": "Ауылға жаңа жол салу туралы өтініш көпір"})
    indexing.index_petitions(making.AT)
    with reading() as session:
        first_name = session.scalars(sa.select(SearchDocument.names)).one().split()[0]
    assert found("көпір") and how(f'"көпір {first_name}"') is not How.ALL_WORDS


def test_a_word_is_proposed_as_public_texts_write_it_and_not_as_a_hidden_one_did(database: object) -> None:
    hidden = making.a_petition_in(State.OPEN, **{**SCHOOL, "title": "Дельфинарий салу туралы ауылдан өтініш"})
    shown = making.a_petition_in(State.OPEN, **{**SCHOOL, "title": "Дельфинарийлерді салу туралы ауылдан өтініш"})
    indexing.index_petitions(making.AT)
    making.record(hidden, making.Event.TAKEN_DOWN, making.moment_of(hidden), act="order")

    def proposed() -> str:
        with reading() as session:
            answer = finding.search(session, "дельфенарий")
        assert answer is not None and answer.how is How.MEANT
        return answer.query.text

    assert proposed() == "дельфинарийлерді"  # the worker has not come round yet
    indexing.index_petitions(making.AT)
    assert (proposed(), found("дельфенарий")) == ("дельфинарийлерді", [shown])
    making.record(shown, making.Event.TAKEN_DOWN, making.moment_of(shown), act="order")
    assert how("дельфенарий") is How.NOTHING


def test_who_looked_at_an_earlier_step_does_not_put_back_what_was_taken_down(school: int) -> None:
    with reading() as session:
        stale = documents(session, [school])
        looked_at = session.get_one(SearchDocument, school).as_of
    making.record(school, making.Event.TAKEN_DOWN, making.moment_of(school), act="order")
    indexing.index_petitions(making.AT)
    indexing._keep(stale, {school: looked_at})
    with reading() as session:
        assert session.get_one(SearchDocument, school).text == ""
        assert session.scalar(sa.select(sa.func.count()).select_from(SearchWord)) == 0


def test_an_unmarked_word_never_begins_as_a_marked_one() -> None:
    for word in ("мектептеріміздегі", "суды", "үйлер", "орны", "халқы", "посёлка", "еркі", "ее"):
        for language in ("kk", "ru"):
            pieces = marked(f"бір {word} екі", frozenset(stems_in_order(word, language)))
            assert Piece(word, True) in pieces


@pytest.mark.parametrize("state", [State.DRAFT, State.CHECKING, State.SUPPORTING, State.LAPSED, State.WITHDRAWN])
def test_what_is_not_public_is_never_found(database: object, state: State) -> None:
    making.a_petition_in(state, **SCHOOL)
    indexing.index_petitions(making.AT)
    assert found("мектеп") == []
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SearchWord)) == 0


def test_what_is_taken_down_or_hidden_is_found_no_more_even_before_the_index_knows(school: int) -> None:
    hidden = making.a_filed_petition(**SCHOOL)
    making.refuse(hidden, making.AT, hides_text=True)
    making.record(school, making.Event.TAKEN_DOWN, making.moment_of(school), act="order")
    assert found("мектеп") == []
    indexing.index_petitions(making.AT)
    assert found("мектеп") == []
    with reading() as session:
        texts = session.scalars(sa.select(SearchDocument.title + SearchDocument.text)).all()
        assert set(texts) == {""}
        assert session.scalar(sa.select(sa.func.count()).select_from(SearchWord)) == 0


def test_a_refusal_that_hides_nothing_is_found_and_a_restored_petition_again(school: int) -> None:
    refused = making.a_filed_petition(**SCHOOL)
    making.refuse(refused, making.AT)
    making.record(school, making.Event.TAKEN_DOWN, making.moment_of(school), act="order")
    indexing.index_petitions(making.AT)
    assert found("мектеп") == [refused]
    making.record(school, making.Event.RESTORED, making.moment_of(school))
    indexing.index_petitions(making.AT)
    assert set(found("мектеп")) == {refused, school}


def test_indexing_again_changes_nothing_and_rebuilding_finds_the_same(school: int) -> None:
    def everything() -> tuple[object, object]:
        with db.engine().connect() as connection:
            documents = connection.execute(sa.select(SearchDocument.__table__)).all()
            return documents, connection.execute(sa.select(SearchWord.__table__).order_by(SearchWord.stem)).all()

    before = everything()
    assert indexing.index_petitions(making.AT) == 0
    assert everything() == before
    indexing.rebuild()
    assert found("мектеп") == [school]
    assert indexing.index_petitions(making.AT) > 0
    assert everything() == before
    assert found("мектеп") == [school]


def test_the_command_indexes_everything_anew(sqlite_app: Flask) -> None:
    petition_id = making.a_petition_in(State.OPEN, **SCHOOL)
    answer = sqlite_app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert (answer.exit_code, answer.output) == (0, "Petitions looked at: 1\n")
    assert found("мектеп") == [petition_id]
