from __future__ import annotations

from datetime import date

import pytest

from petitions.db import reading
from petitions.law.levels import TerritoryFacts
from petitions.law.working_days import add_working_days
from petitions.reference import queries

pytestmark = pytest.mark.usefixtures("database")


def test_the_top_units_come_in_the_alphabet_of_the_language() -> None:
    with reading() as session:
        kazakh = [unit.name_kk for unit in queries.top_units(session, "kk")]
        russian = [unit.name_ru for unit in queries.top_units(session, "ru")]
        english = [unit.name_en for unit in queries.top_units(session, "en")]
    assert len(kazakh) == 20
    assert kazakh.index("Жетісу облысы") < kazakh.index("Қарағанды облысы") < kazakh.index("Ұлытау облысы")
    assert russian[0] == "область Абай" and russian[-1] == "город Шымкент"
    assert english == sorted(english, key=str.casefold)


def test_a_unit_knows_its_ancestors_and_descendants() -> None:
    with reading() as session:
        assert [unit.kato for unit in queries.territory_path(session, "195869000")] == [
            "190000000",
            "195800000",
            "195869000",
        ]
        assert queries.kato_path(session, "195869000") == ("190000000", "195800000", "195869000")
        assert queries.kato_path(session, None) == queries.kato_path(session, "000000000") == ()
        assert "195869000" in {unit.kato for unit in queries.children(session, "195800000")}
        assert {"190000000", "195800000", "195869000"} <= set(queries.within(session, "190000000"))
        assert queries.within(session, "195869000") == ["195869000"]


def test_a_search_finds_a_town_in_any_language_and_case() -> None:
    with reading() as session:
        for typed in ("көкшетау", "КОКШЕТАУ", "кокшет", "Kokshetau", " kokshe "):
            assert queries.search_territories(session, typed)[0].name_en == "Kokshetau", typed


def test_a_search_for_nothing_finds_nothing() -> None:
    with reading() as session:
        for typed in ("", "   ", "%", "_", "нетакогоместа", "'; DROP TABLE territory; --"):
            assert queries.search_territories(session, typed) == [], typed


def test_the_facts_are_those_the_law_asks() -> None:
    with reading() as session:
        assert queries.territory_facts(session, "750000000") == TerritoryFacts("750000000", 1, "republican_city", True)
        assert queries.territory_facts(session, "000000000") is None


def test_bodies_are_found_by_unit_by_slug_and_by_id() -> None:
    with reading() as session:
        akimat, maslikhat = queries.bodies_of(session, "750000000")
        assert (akimat.slug, maslikhat.slug) == ("akimat-750000000", "maslikhat-750000000")
        assert akimat.name_kk == "Алматы қаласының әкімдігі"
        assert maslikhat.head_title_ru == "Председатель маслихата"
        assert queries.body(session, akimat.id) == queries.body_by_slug(session, "akimat-750000000") == akimat
        assert queries.bodies(session, [akimat.id]) == {akimat.id: akimat}
        assert len(queries.central_bodies(session, "ru")) == 29


def test_the_calendar_of_the_tables_gives_the_days_of_the_law() -> None:
    """Section 7: filed 2026-03-02 + 20; registered 2024-06-10 + 40."""
    with reading() as session:
        calendar = queries.calendar(session)
        assert queries.calendar_years(session) == [2024, 2025, 2026, 2027]
    assert add_working_days(date(2026, 3, 2), 20, calendar) == date(2026, 4, 3)
    assert add_working_days(date(2024, 6, 10), 40, calendar) == date(2024, 8, 6)


def test_the_archive_tells_what_is_known_and_no_more() -> None:
    with reading() as session:
        entries = queries.archived_list(session)
        refused = queries.archived(session, "conscription-age")
        partly = queries.archived(session, "against-lgbt-propaganda")
        assert queries.archived(session, "no-such-petition") is None
    assert len(entries) == 17
    assert refused is not None and refused.opened is None
    assert refused.rejected is not None and refused.rejected.day == date(2024, 10, 7)
    assert partly is not None and partly.decided is not None
    assert (partly.decided.day, partly.decided.month) == (None, date(2024, 8, 1))


def test_an_archived_addressee_is_the_body_of_the_tables_by_its_name() -> None:
    with reading() as session:
        for entry in queries.archived_list(session):
            if entry.body_slug:
                body = queries.body_by_slug(session, entry.body_slug)
                assert body is not None
                assert (entry.addressee_kk, entry.addressee_ru, entry.addressee_en) == (
                    body.name_kk,
                    body.name_ru,
                    body.name_en,
                )
