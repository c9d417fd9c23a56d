"""Commentary on the two editions of Chapter 12-1: which governs, and what its numbers are."""

from __future__ import annotations

from datetime import date

import pytest

from petitions.law.editions import EDITIONS, Edition, NoEdition, Term, edition, edition_on
from petitions.law.policy import policy_with
from petitions.law.working_days import Unit

OLD, NEW = "2024-04-04", "2026-03-02"


@pytest.mark.parametrize(
    ("filed", "governs"),
    [("2024-04-04", OLD), ("2026-03-01", OLD), ("2026-03-02", NEW), ("2030-01-01", NEW)],
)
def test_a_petition_is_governed_by_the_edition_of_its_filing_day(filed: str, governs: str) -> None:
    assert edition_on(date.fromisoformat(filed)).id == governs


def test_before_the_fourth_of_april_2024_there_was_no_petition() -> None:
    with pytest.raises(NoEdition, match="2024-04-04"):
        edition_on(date(2024, 4, 3))


def test_the_first_day_of_the_2026_edition_is_our_count_and_a_setting() -> None:
    policy = policy_with({"edition_2026_in_force_from": "2026-03-05"})
    assert edition_on(date(2026, 3, 4), policy).id == OLD
    assert edition_on(date(2026, 3, 5), policy).id == NEW


def test_an_unknown_edition_has_a_name_for_its_error() -> None:
    with pytest.raises(NoEdition, match="2019-01-01"):
        edition("2019-01-01")


WORKING = Unit.WORKING_DAYS
SAME_IN_BOTH = [
    ("check", 20, WORKING, "90-2: the check takes 20 working days"),
    ("support_written", 20, WORKING, "written support: 20 working days"),
    ("media_letters", 5, WORKING, "letters to the media within 5 working days of opening"),
    ("collection", 6, Unit.MONTHS, "90-3(2): six months of collection"),
    ("sending_notice", 3, WORKING, "90-4: notice within 3 working days of the decision to send"),
    ("consideration_central", 40, WORKING, "90-5: a central body has 40 working days"),
    ("consideration_local", 20, WORKING, "90-5: a local body has 20 working days"),
    ("publication", 1, WORKING, "90-6: published by the next working day"),
    ("message", 15, WORKING, "90-3(5), 76(1): a message is handled in 15 working days"),
    ("discussion_notice", 3, WORKING, "90-5: notice of the discussion 3 working days before"),
    ("appeal", 3, Unit.MONTHS, "92: three months for a complaint"),
    ("appeal_remedies_not_named", 6, Unit.MONTHS, "92: six when the remedies were not named"),
    ("appeal_pass_up", 3, WORKING, "91-92: passed up in 3 working days"),
    ("appeal_review", 20, WORKING, "99: reviewed in 20 working days"),
    ("court", 1, Unit.MONTHS, "136: one month to go to court"),
]


@pytest.mark.parametrize("each", EDITIONS.values(), ids=list(EDITIONS))
@pytest.mark.parametrize(("name", "length", "unit", "sentence"), SAME_IN_BOTH)
def test_the_terms_that_both_editions_share(each: Edition, name: str, length: int, unit: Unit, sentence: str) -> None:
    term: Term = getattr(each, name)
    assert (term.length, term.unit) == (length, unit), sentence
    assert term.article


def test_what_the_2026_edition_changed() -> None:
    old, new = edition(OLD), edition(NEW)
    assert (old.support_electronic.length, new.support_electronic.length) == (10, 20)
    assert old.has_electronic_support_term and not new.has_electronic_support_term
    assert (old.default_order, new.default_order) == ("support_first", "check_first")
    assert (old.check_counted_from, new.check_counted_from) == (
        ("support_reached",),
        ("support_reached", "filed"),
    )
    assert set(new.fields) - set(old.fields) == {"subject"}
    assert (old.duplicates.years, new.duplicates.years) == (None, 1)


@pytest.mark.parametrize("each", EDITIONS.values(), ids=list(EDITIONS))
def test_fifty_citizens_and_the_duties_of_central_and_local_bodies(each: Edition) -> None:
    assert each.support_needed.value == 50
    assert [duty.code for duty in each.duties(central=True)] == [
        "visit",
        "discussion",
        "group",
        "analysis",
        "practice",
    ]
    assert [duty.code for duty in each.duties(central=False)] == ["visit", "discussion", "group"]
