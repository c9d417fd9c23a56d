"""Similar petitions (90-2(4)(3)): a machine proposes what bars a new one, a moderator decides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from petitions.db import reading
from petitions.law.editions import edition
from petitions.law.states import State
from petitions.law.working_days import local_date
from petitions.search.similar import Candidate, similar
from petitions.search.words import stems
from tests import making
from tests.making import AT

ROAD = "Мектеп жанындағы көшеге жаяу жүргіншілер жолын салу"
LAW_2026, LAW_2024 = "2026-03-02", "2024-04-04"


def found(title: str, *, law: str = LAW_2026, on: date | None = None, leave_out: int | None = None) -> list[Candidate]:
    with reading() as session:
        return similar(
            session,
            title=title,
            body_id=making.body_of(making.SETTLEMENT),
            law=edition(law),
            on=on or local_date(AT),
            leave_out=leave_out,
        )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("жолдарды жөндеу", "жолдың жөнделуі"),
        ("ремонт дорог в селе", "дорогам нужен ремонт"),
        ("Көкшетау", "кокшетау"),
    ],
)
def test_word_forms_of_both_languages_meet(one: str, other: str) -> None:
    assert stems(one) & stems(other)


def test_small_words_say_nothing() -> None:
    assert stems("и для петиция үшін туралы не") == frozenset()


@pytest.mark.usefixtures("database")
def test_an_open_petition_on_the_same_subject_is_proposed() -> None:
    petition_id = making.a_petition_in(State.OPEN, title=ROAD)
    making.a_petition_in(State.OPEN, title="Ауыл кітапханасының жұмыс уақытын ұзарту", at=AT + timedelta(days=1))
    (candidate,) = found("Мектептің жанына жаяу жүргіншілерге жол салынсын")
    assert (candidate.petition_id, candidate.would_bar, candidate.state) == (petition_id, True, State.OPEN)
    assert found(ROAD, leave_out=petition_id) == []


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("state", [State.DRAFT, State.CHECKING, State.SUPPORTING, State.WITHDRAWN, State.LAPSED])
def test_what_is_not_public_is_not_proposed(state: State) -> None:
    making.a_petition_in(state, title=ROAD)
    assert found(ROAD) == []


@pytest.mark.usefixtures("database")
def test_a_decided_petition_bars_for_a_year() -> None:
    petition_id = making.a_petition_in(State.PUBLISHED, title=ROAD)
    (candidate,) = found(ROAD, on=local_date(making.moment_of(petition_id)))
    assert candidate.would_bar and candidate.decided_on is not None
    year_later = candidate.decided_on.replace(year=candidate.decided_on.year + 1)
    assert found(ROAD, on=year_later - timedelta(days=1))
    assert found(ROAD, on=year_later) == []


@pytest.mark.usefixtures("database")
def test_under_the_2024_edition_whatever_stands_on_the_site_bars() -> None:
    making.a_petition_in(State.RETURNED, title=ROAD, at=making.AT_2024_EDITION)
    assert found(ROAD, law=LAW_2024)
    assert found(ROAD, law=LAW_2026) == []


@pytest.mark.usefixtures("database")
def test_a_refused_duplicate_points_to_its_original() -> None:
    original = making.a_petition_in(State.OPEN, title=ROAD)
    copy = making.a_filed_petition(making.a_citizen("daniyar"), title=ROAD, at=AT + timedelta(days=1))
    making.refuse(copy, AT + timedelta(days=2), duplicate_of=original)
    by_id = {each.petition_id: each for each in found(ROAD)}
    assert by_id[copy].refused_as_duplicate_of == original and not by_id[copy].would_bar
    assert set(by_id) == {original, copy}
