"""What an administrator may change, and what is refused with a word beside the field."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from petitions.audit import Actor
from petitions.audit.queries import newest
from petitions.db import reading
from petitions.errors import DomainError, NotFound
from petitions.reference import actions, queries
from petitions.reference.kinds import DayKind, UnitKind
from petitions.reference.names import Names

AT = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
ADMIN = Actor("staff", 7, "administrator")
SOURCE = "Bureau of National Statistics, annual bulletin 2026"
ALMATY = "750000000"
TEKES = "195869000"  # a rural district without a figure
DAY = Names("Демалыс күні", "День отдыха", "Day off")

pytestmark = pytest.mark.usefixtures("database")


def test_a_unit_without_a_figure_gets_one_with_date_and_source() -> None:
    actions.set_population(TEKES, 2_320, date(2026, 1, 1), SOURCE, ADMIN, AT)
    with reading() as session:
        unit = queries.territory(session, TEKES)
        assert unit is not None
        assert (unit.population, unit.population_date, unit.population_source) == (
            2_320,
            date(2026, 1, 1),
            SOURCE,
        )
        (figure,) = queries.population_history(session, TEKES)
        assert (figure.population, figure.entered_by) == (2_320, 7)
        (entry,) = newest(session, subject=f"territory:{TEKES}")
    assert (entry.act, entry.actor_id) == ("set-population", 7)
    assert entry.details["after"]["population"] == 2_320


def test_an_older_figure_goes_to_the_history_only() -> None:
    actions.set_population(ALMATY, 2_000_000, date(2022, 1, 1), SOURCE, ADMIN, AT)
    with reading() as session:
        unit = queries.territory(session, ALMATY)
        assert unit is not None and unit.population == 2_347_924
        assert 2_000_000 in {figure.population for figure in queries.population_history(session, ALMATY)}


def test_a_corrected_figure_of_the_same_day_with_another_source_becomes_current() -> None:
    actions.set_population(ALMATY, 2_348_000, date(2026, 1, 1), SOURCE, ADMIN, AT)
    with reading() as session:
        unit = queries.territory(session, ALMATY)
        assert unit is not None and unit.population == 2_348_000


@pytest.mark.parametrize(
    ("population", "on_date", "source", "field"),
    [
        (0, date(2026, 1, 1), SOURCE, "population"),
        (-5, date(2026, 1, 1), SOURCE, "population"),
        (10**12, date(2026, 1, 1), SOURCE, "population"),
        (500, date(2026, 6, 3), SOURCE, "on_date"),
        (500, date(2026, 1, 1), "   ", "source"),
        (500, date(2026, 1, 1), "x" * 501, "source"),
    ],
)
def test_a_population_that_cannot_be_is_refused(population: int, on_date: date, source: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        actions.set_population(TEKES, population, on_date, source, ADMIN, AT)
    assert refused.value.field == field
    with reading() as session:
        assert queries.population_history(session, TEKES) == []


def test_the_same_figure_is_not_entered_twice() -> None:
    actions.set_population(TEKES, 2_320, date(2026, 1, 1), SOURCE, ADMIN, AT)
    with pytest.raises(DomainError) as refused:
        actions.set_population(TEKES, 2_321, date(2026, 1, 1), SOURCE, ADMIN, AT)
    assert refused.value.field == "source"


def test_an_unknown_unit_is_not_found() -> None:
    with pytest.raises(NotFound):
        actions.set_population("999999999", 5, date(2026, 1, 1), SOURCE, ADMIN, AT)


def test_a_new_unit_comes_with_its_bodies() -> None:
    names = Names("Сынақ ауылдық округі", "Сынакский сельский округ", "Synak Rural District")
    actions.add_territory("195899999", "195800000", UnitKind.RURAL_DISTRICT, names, ADMIN, AT)
    with reading() as session:
        path = [unit.name_en for unit in queries.territory_path(session, "195899999")]
        assert path[-1] == "Synak Rural District" and len(path) == 3
        assert [body.slug for body in queries.bodies_of(session, "195899999")] == ["akim-office-195899999"]
        assert queries.search_territories(session, "сынакск")[0].kato == "195899999"


@pytest.mark.parametrize(
    ("kato", "kind", "names", "field"),
    [
        ("19589999", UnitKind.RURAL_DISTRICT, Names("а", "б", "c"), "kato"),
        ("195869000", UnitKind.RURAL_DISTRICT, Names("а", "б", "c"), "kato"),
        ("195899999", UnitKind.OBLAST, Names("а", "б", "c"), "kind"),
        ("195899999", UnitKind.RURAL_DISTRICT, Names(" ", "б", "c"), "name_kk"),
    ],
)
def test_a_unit_that_cannot_be_is_refused(kato: str, kind: UnitKind, names: Names, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        actions.add_territory(kato, "195800000", kind, names, ADMIN, AT)
    assert refused.value.field == field


def test_a_body_is_renamed_and_closed() -> None:
    with reading() as session:
        ministry = queries.body_by_slug(session, "mti")
    assert ministry is not None
    actions.set_body(
        ministry.id,
        Names("Сауда министрлігі", "Министерство торговли", "Ministry of Trade"),
        Names("Министр", "Министр", "Minister"),
        False,
        ADMIN,
        AT,
    )
    with reading() as session:
        assert "mti" not in {body.slug for body in queries.central_bodies(session)}
        closed = queries.body(session, ministry.id)
        assert closed is not None and closed.name_en == "Ministry of Trade"
        assert [entry.act for entry in newest(session, subject="body:mti")] == ["set-body"]


def test_a_day_off_enters_the_calendar_at_once() -> None:
    day = date(2026, 10, 5)
    with reading() as session:
        assert queries.calendar(session).is_working(day)
        assert not queries.calendar_with(session, {day: False}).is_working(day)
        assert queries.calendar(session).is_working(day), "a preview changes nothing"
    actions.set_calendar_day(day, False, DAY, "Order of the Labour Ministry", ADMIN, AT, DayKind.MOVED_DAY_OFF)
    with reading() as session:
        assert not queries.calendar(session).is_working(day)
        (entry,) = (each for each in queries.calendar_days(session, 2026) if each.day == day)
        assert (entry.kind, entry.act, entry.edited_by) == (
            "moved_day_off",
            "Order of the Labour Ministry",
            7,
        )


def test_a_removed_entry_gives_the_day_back_to_the_five_day_week() -> None:
    with reading() as session:
        assert not queries.calendar(session).is_working(date(2026, 5, 27))
        assert queries.calendar_with(session, {date(2026, 5, 27): None}).is_working(date(2026, 5, 27))
    actions.remove_calendar_day(date(2026, 5, 27), ADMIN, AT)
    with reading() as session:
        assert queries.calendar(session).is_working(date(2026, 5, 27))
    with pytest.raises(NotFound):
        actions.remove_calendar_day(date(2026, 5, 27), ADMIN, AT)
    actions.set_calendar_day(date(2026, 5, 27), False, DAY, "Notice of the muftiate", ADMIN, AT)
    with reading() as session:
        assert not queries.calendar(session).is_working(date(2026, 5, 27))
        acts = [entry.act for entry in newest(session, subject="calendar:2026-05-27")]
    assert acts == ["set-calendar-day", "remove-calendar-day"]


@pytest.mark.parametrize(
    ("day", "names", "act", "kind", "field"),
    [
        (date(2026, 10, 5), DAY, "  ", None, "act"),
        (date(2026, 10, 5), Names("а", "", "c"), "order", None, "name_ru"),
        (date(2026, 10, 5), DAY, "order", DayKind.WORKING_SATURDAY, "kind"),
        (date(1999, 10, 5), DAY, "order", None, "day"),
    ],
)
def test_a_calendar_entry_that_cannot_be_is_refused(
    day: date, names: Names, act: str, kind: DayKind | None, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        actions.set_calendar_day(day, False, names, act, ADMIN, AT, kind)
    assert refused.value.field == field


def test_a_setting_is_moved_with_a_reason_and_put_back() -> None:
    with reading() as session:
        default = queries.policy(session)["min_age"]
    actions.set_policy("min_age", "16", "Order of the Ministry", ADMIN, AT)
    with reading() as session:
        assert queries.policy(session).integer("min_age") == 16
        assert queries.policy_overrides(session)["min_age"].reason == "Order of the Ministry"
    actions.reset_policy("min_age", ADMIN, AT)
    with reading() as session:
        assert queries.policy(session)["min_age"] == default == 18
        acts = [entry.act for entry in newest(session, subject="policy:min_age")]
    assert acts == ["reset-policy", "set-policy"]


@pytest.mark.parametrize(
    ("name", "value", "reason", "field"),
    [
        ("min_age", "old enough", "why", "value"),
        ("min_age", "-3", "why", "value"),
        ("min_age", "16", " ", "reason"),
        ("working_hours_end", "08:00", "why", "value"),
        ("working_hours_end", "late", "why", "value"),
        ("no_such_setting", "1", "why", None),
    ],
)
def test_a_setting_that_cannot_be_is_refused(name: str, value: str, reason: str, field: str | None) -> None:
    with pytest.raises(DomainError) as refused:
        actions.set_policy(name, value, reason, ADMIN, AT)
    assert refused.value.field == field
