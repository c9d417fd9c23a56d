"""Places by name: as people write villages, with an ending or a letter of their own, and never a dead end."""

from __future__ import annotations

import pytest

from petitions import db
from petitions.db import reading
from petitions.search import places
from petitions.search.places import FoundPlace, found_places, named_exactly
from tests.statements import statements_asked

pytestmark = pytest.mark.usefixtures("database")


def found(text: str, within: str = "") -> list[FoundPlace]:
    with reading() as session:
        return found_places(session, text, limit=50, within=within)


@pytest.mark.parametrize(
    ("typed", "kato"),
    [
        ("Приречное", "394452000"),
        ("село Приречное", "394452000"),
        ("с. Приречное", "394452000"),
        ("Қарауыл", "103230000"),
        ("Карауыл", "103230000"),
        ("Қараауыл", "103230000"),
        ("Қарауыл ауылы", "103230000"),
        ("Қарауыл а.о.", "103230000"),
        ("Карауылтабе", "273263000"),
        ("Кокшитау", "111000000"),
    ],
)
def test_a_village_is_found_by_its_rural_district_however_it_is_written(typed: str, kato: str) -> None:
    assert kato in [each.unit.kato for each in found(typed)]


def test_who_bears_the_whole_name_comes_first() -> None:
    assert found("Карауыл")[0].unit.kato == "103230000"
    assert [each.unit.kato for each in found("Семей") if each.is_exact] == ["101000000"]
    assert len(found("Семей")) > 1
    assert [each.unit.kato for each in found("Қостанай облысы") if each.is_exact] == ["390000000"]
    assert len([each for each in found("костанай") if each.is_exact]) > 1


def test_a_name_is_narrowed_by_that_of_a_place_around_it() -> None:
    assert [each.unit.kato for each in found("Қарауылтөбе Сырдария")] == []
    everywhere = found("Қарауылтөбе")
    assert len(everywhere) == 2
    for each in everywhere:
        around = each.above[0].name_kk
        assert [one.unit for one in found(f"Қарауылтөбе {around}")] == [each.unit]
        assert [one.unit for one in found("Қарауылтөбе", within=each.above[-1].kato)] == [each.unit]


def test_homonyms_are_told_apart_by_what_they_lie_in() -> None:
    around = [[unit.kato for unit in each.above] for each in found("Қарауылтөбе")]
    assert sorted(around) == [["273200000", "270000000"], ["431000000", "430000000"]]


def test_the_city_inside_a_city_of_the_same_name_is_not_offered() -> None:
    for typed in ("Семей", "Семей қаласы", "город Семей", "Semey", "101010000"):
        assert "101010000" not in [each.unit.kato for each in found(typed)]
    with reading() as session:
        assert [unit.kato for unit in named_exactly(session, "Семей қаласы")] == ["101000000"]


@pytest.mark.parametrize("typed", ["", "  ", "%", "'; --", "нетакогоместа", "а.о.", "\0", "9" * 80, "學校"])
def test_what_names_no_place_finds_none(typed: str) -> None:
    assert found(typed) == []


def test_many_places_take_as_many_statements_as_one() -> None:
    found("Семей")

    def statements(text: str) -> int:
        with statements_asked(db.reading_engine()) as asked:
            found(text)
        return len(asked)

    assert statements("ауыл") <= statements("Қарауылтөбе") + 1
    assert statements("Кокшитау") == statements("Кокшитау")  # nothing is kept for what somebody typed


def test_of_too_many_units_the_largest_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = [each.unit for each in found("Жамбыл") if each.is_exact]
    monkeypatch.setattr(places, "MOST", 3)
    assert [each.unit for each in found("Жамбыл") if each.is_exact] == everywhere[:3]
    assert everywhere[0].level == 1
