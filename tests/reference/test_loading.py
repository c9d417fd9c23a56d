"""The loader on both engines: everything comes in once, and staff's edits stay."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from petitions.audit import Actor
from petitions.db import reading, transaction
from petitions.reference import actions, queries
from petitions.reference.loading import Loaded
from petitions.reference.models import ArchivedPetition, Body, CalendarDay, PopulationRecord, Territory
from petitions.reference.names import Names

AT = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
ADMIN = Actor("staff", 7, "administrator")

pytestmark = pytest.mark.usefixtures("database")


def test_everything_is_there_after_a_load() -> None:
    with reading() as session:
        counts = {
            model.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(model))
            for model in (Territory, PopulationRecord, Body, CalendarDay, ArchivedPetition)
        }
    assert counts == {
        "territory": 2628,
        "population_record": 414,
        "body": 2847,
        "calendar_day": 80,
        "archived_petition": 17,
    }


def test_loading_again_changes_nothing() -> None:
    assert actions.load_reference(None, AT) == Loaded(added=0, refreshed=0)


def test_loading_tells_its_progress() -> None:
    told: list[tuple[str, int, int]] = []
    actions.load_reference(lambda name, done, total: told.append((name, done, total)), AT)
    assert told[0] == ("territories", 0, 5)
    assert told[-1] == ("reference", 5, 5)


def test_a_load_keeps_what_staff_edited_and_brings_back_what_is_missing() -> None:
    renamed = Names("Жаңа Абай облысы", "область Новый Абай", "New Abai Region")
    actions.rename_territory("100000000", renamed, ADMIN, AT)
    actions.set_population("100000000", 600_001, date(2026, 5, 1), "Bureau of National Statistics", ADMIN, AT)
    actions.remove_calendar_day(date(2027, 5, 16), ADMIN, AT)
    with transaction() as session:
        session.execute(sa.delete(ArchivedPetition).where(ArchivedPetition.slug == "conscription-age"))

    assert actions.load_reference(None, AT + timedelta(days=1)) == Loaded(added=1, refreshed=0)

    with reading() as session:
        unit = queries.territory(session, "100000000")
        assert unit is not None
        assert (unit.name_en, unit.population) == ("New Abai Region", 600_001)
        assert [body.name_ru for body in queries.bodies_of(session, "100000000")] == [
            "Акимат области Новый Абай",
            "Маслихат области Новый Абай",
        ]
        assert queries.calendar(session).is_working(date(2027, 5, 17))
        assert date(2027, 5, 16) not in {entry.day for entry in queries.calendar_days(session, 2027)}
        assert queries.archived(session, "conscription-age") is not None


def test_a_load_brings_unedited_rows_in_line_with_the_file() -> None:
    with transaction() as session:
        session.execute(sa.update(Territory).where(Territory.kato == "110000000").values(name_ru="старое имя"))
        session.execute(
            sa.update(Territory)
            .where(Territory.kato == "750000000")
            .values(population=1, population_date=date(2020, 1, 1), population_source="an old figure")
        )
        session.execute(sa.update(Body).where(Body.slug == "mps").values(name_en="Ministry of Old"))

    assert actions.load_reference(None, AT) == Loaded(added=0, refreshed=3)

    with reading() as session:
        unit, almaty = queries.territory(session, "110000000"), queries.territory(session, "750000000")
        ministry = queries.body_by_slug(session, "mps")
    assert unit is not None and unit.name_ru == "Акмолинская область"
    assert almaty is not None and almaty.population == 2_347_924
    assert ministry is not None and ministry.name_en == "Ministry of Industry and Construction"
