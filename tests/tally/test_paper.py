"""Joinings on paper in the count: one tally, a number of their own, and ends that wait for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from petitions.db import reading, transaction
from petitions.law.states import Event, State
from petitions.law.working_days import end_of_day, local_date, start_of_day
from petitions.lifecycle.advance import NotNow
from petitions.log import entries, keys
from petitions.log.queries import head
from petitions.log.verifier import VerifierKey, check_receipt, read_receipt
from petitions.signatures.writer import TIME_LIMIT
from petitions.signing import receipts, sheets
from petitions.tally import queries as tally
from petitions.tally.ending import end_collections
from petitions.tally.models import Tally
from petitions.tally.recounting import examine
from petitions.tally.sealing import seal
from tests import making
from tests.making_sheets import Eyes, a_sheet, an_entered_sheet, crowd, joined_on_paper, two_pairs_of_eyes
from tests.signatures.rows import clock, happened, join_one, policy, standing, step, take_back

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def eyes(database: object) -> Eyes:
    making.use_demo_registry()
    return two_pairs_of_eyes()


def numbers(petition: int) -> tuple[int, int]:
    """In force, and of these on paper."""
    with reading() as session:
        counted = tally.counted(session, petition)
        return counted.count, counted.written


def test_paper_is_counted_with_the_others_and_shown_as_a_number_of_its_own(eyes: Eyes):
    petition = making.a_petition_in(State.SUPPORTING)
    at = making.moment_of(petition) + HOUR
    making.joined(petition, 3, at)
    joined_on_paper(petition, ["olga", "daniyar", "minor"], eyes, at=at + HOUR)
    assert numbers(petition) == (5, 2)
    take_back(petition, making.a_citizen("olga"), at + 2 * HOUR)
    seal(at + 2 * HOUR)
    assert numbers(petition) == (4, 1)
    assert examine(petition, at + 2 * HOUR) == []


def test_a_wrong_number_of_paper_joinings_is_found_and_repaired(eyes: Eyes):
    petition = making.a_petition_in(State.SUPPORTING)
    at = making.moment_of(petition) + HOUR
    joined_on_paper(petition, crowd(2), eyes, at=at)
    with transaction() as session:
        session.execute(sa.update(Tally).values(written=7))
    assert [(each.what, each.stands, each.should_be) for each in examine(petition, at)] == [("written", 7, 2)]
    examine(petition, at, repair=True)
    assert (examine(petition, at), numbers(petition)) == ([], (2, 2))


def test_a_sheet_is_sealed_after_what_came_later_and_its_receipt_holds(eyes: Eyes):
    """The minute of an entry is when it counts, not where it stands: it may lie before its predecessor's."""
    petition = making.a_petition_in(State.SUPPORTING)
    at = making.moment_of(petition) + 3 * DAY
    making.joined(petition, 2, at)
    joined_on_paper(petition, ["olga"], eyes, at=at + HOUR, received_on=local_date(at - DAY))
    with reading() as session:
        leaves = entries.between(session, petition, 0, 3)
        assert [leaf.moment for leaf in leaves] == [at, at, start_of_day(local_date(at - DAY))]
        assert head(session, petition).size == 3
        receipt = receipts.proof(session, making.a_citizen("olga"), petition).text
    check_receipt(read_receipt(receipt), VerifierKey.parse(keys.vkey_of(petition)))
    assert examine(petition, at + HOUR) == []


def test_the_end_of_support_waits_for_a_sheet_received_in_time(eyes: Eyes):
    petition = making.a_petition_in(State.SUPPORTING)
    end = standing(petition).closes_at
    making.joined(petition, 49, end - DAY)
    sheet = an_entered_sheet(petition, crowd(1), eyes, at=end - HOUR)
    assert end_collections(end + 2 * DAY) == 0
    sheets.confirm(petition, sheet, by=eyes.other, at=end + 2 * DAY)
    assert end_collections(end + 2 * DAY) == 0  # joined, and not counted yet
    seal(end + 2 * DAY)
    reached = step(petition, Event.SUPPORT_REACHED)
    assert (reached.at, reached.recorded_at) == (end - HOUR, end + 2 * DAY)
    assert making.state_of(petition) == State.OPEN


def test_the_wait_for_sheets_has_an_end(eyes: Eyes):
    petition = making.a_petition_in(State.SUPPORTING)
    end = standing(petition).closes_at
    a_sheet(petition, 60, eyes, at=end - HOUR)
    assert end_collections(end + 3 * DAY - timedelta(microseconds=1)) == 0
    assert end_collections(end + 3 * DAY) == 1
    lapsed = step(petition, Event.LAPSED)
    assert (lapsed.at, lapsed.recorded_at) == (end, end + 3 * DAY)


@pytest.mark.parametrize("days", [0, 10])
def test_how_long_an_end_waits_is_a_setting(eyes: Eyes, days: int):
    policy("paper_wait_days", str(days), making.AT)
    petition = making.a_petition_in(State.SUPPORTING)
    end = standing(petition).closes_at
    a_sheet(petition, 60, eyes, at=end - HOUR)
    assert end_collections(end + days * DAY + TIME_LIMIT - timedelta(seconds=11)) == 0
    assert end_collections(end + days * DAY + TIME_LIMIT) == 1


def test_an_end_does_not_wait_for_sheets_that_are_done(eyes: Eyes):
    petition = making.a_petition_in(State.SUPPORTING)
    end = standing(petition).closes_at
    joined_on_paper(petition, crowd(1), eyes, at=end - DAY)
    rejected = a_sheet(petition, 60, eyes, at=end - DAY)
    sheets.reject(petition, rejected, "Қолдар жоқ.", by=eyes.one, at=end - HOUR)
    assert end_collections(end + TIME_LIMIT) == 1


def test_another_petition_does_not_wait(eyes: Eyes):
    one, other = making.a_petition_in(State.SUPPORTING), making.a_petition_in(State.SUPPORTING)
    end = standing(one).closes_at
    a_sheet(one, 60, eyes, at=end - HOUR)
    assert end_collections(end + HOUR) == 1
    assert (making.state_of(one), making.state_of(other)) == (State.SUPPORTING, State.LAPSED)


def test_the_end_of_a_collection_waits_too(eyes: Eyes):
    petition = making.a_petition_in(State.OPEN)
    end = standing(petition).closes_at
    making.joined(petition, 9, end - DAY)
    sheet = an_entered_sheet(petition, crowd(1), eyes, at=end - HOUR)
    assert end_collections(end + DAY) == 0
    sheets.confirm(petition, sheet, by=eyes.other, at=end + DAY)
    seal(end + DAY)
    assert step(petition, Event.THRESHOLD_REACHED).at == end - HOUR
    assert end_collections(end + DAY) == 1
    assert making.state_of(petition) == State.SENT
    assert Event.RETURNED not in happened(petition)


def test_a_sending_does_not_wait_for_sheets(eyes: Eyes):
    petition = making.a_petition_in(State.OPEN)
    at = making.moment_of(petition) + DAY
    a_sheet(petition, 60, eyes, at=at)
    making.joined(petition, 10, at + HOUR)
    assert end_collections(at + HOUR + TIME_LIMIT) == 1
    assert making.state_of(petition) == State.SENT


def test_in_the_2024_edition_paper_counts_for_twenty_days_and_the_site_for_ten(eyes: Eyes):
    """Filed on Monday 2 June 2025: joining on the site ends with 17 June, support with 1 July."""
    petition = making.a_petition_in(State.SUPPORTING, at=making.AT_2024_EDITION)
    closes = standing(petition).closes_at
    assert closes == end_of_day(date(2025, 6, 17))
    making.joined(petition, 48, closes - HOUR)
    end_collections(closes + HOUR)
    last = end_of_day(date(2025, 7, 1))
    assert not standing(petition).is_signable(last - HOUR)
    sheet = an_entered_sheet(petition, crowd(2), eyes, at=last - HOUR)
    assert end_collections(last + DAY) == 0
    sheets.confirm(petition, sheet, by=eyes.other, at=last + DAY)
    seal(last + DAY)
    assert making.state_of(petition) == State.CHECKING
    assert step(petition, Event.SUPPORT_REACHED).at == last - HOUR
    assert clock(petition, "check").started_on == date(2025, 7, 1)
    assert (clock(petition, "support").ending, clock(petition, "support_electronic").ending) == ("met", "lapsed")
    assert numbers(petition) == (50, 2)


def test_in_the_2024_edition_no_sheet_counts_after_day_twenty(eyes: Eyes):
    petition = making.a_petition_in(State.SUPPORTING, at=making.AT_2024_EDITION)
    last = end_of_day(date(2025, 7, 1))
    with pytest.raises(sheets.BadSheet):
        a_sheet(petition, 1, eyes, at=last + TIME_LIMIT)
    assert end_collections(last + TIME_LIMIT) == 1


def test_a_number_that_was_enough_on_the_day_of_receipt_was_reached_then(eyes: Eyes):
    """50 at opening, 9 on the site, one on paper: 60 on that day, though one took the joining back since."""
    petition = making.a_petition_in(State.OPEN)
    at = making.moment_of(petition) + DAY
    signers = making.joined(petition, 9, at)
    sheet = an_entered_sheet(petition, crowd(1), eyes, at=at + HOUR)
    take_back(petition, signers[0], at + 2 * DAY)
    seal(at + 2 * DAY)
    assert making.state_of(petition) == State.OPEN
    sheets.confirm(petition, sheet, by=eyes.other, at=at + 3 * DAY)
    seal(at + 3 * DAY)
    assert numbers(petition) == (59, 1)
    reached = step(petition, Event.THRESHOLD_REACHED)
    assert (reached.at, reached.recorded_at) == (at + HOUR, at + 3 * DAY)


def test_a_sheet_of_a_petition_that_is_taken_down_waits_for_the_restore(eyes: Eyes):
    petition = making.a_petition_in(State.OPEN)
    at = making.moment_of(petition) + DAY
    making.joined(petition, 9, at)
    sheet = an_entered_sheet(petition, crowd(1), eyes, at=at + HOUR)
    making.record(petition, Event.TAKEN_DOWN, at + DAY, act="Court order No 1")
    with pytest.raises(NotNow):  # not "reject it": the petition may come back
        sheets.confirm(petition, sheet, by=eyes.other, at=at + DAY)
    making.record(petition, Event.RESTORED, at + 2 * DAY)
    sheets.confirm(petition, sheet, by=eyes.other, at=at + 3 * DAY)
    seal(at + 3 * DAY)
    assert step(petition, Event.THRESHOLD_REACHED).at == at + HOUR
    assert numbers(petition) == (60, 1)


def test_a_sheet_that_was_never_enough_decides_nothing(eyes: Eyes):
    petition = making.a_petition_in(State.OPEN)
    at = making.moment_of(petition) + DAY
    signers = making.joined(petition, 9, at)
    take_back(petition, signers[0], at + HOUR)
    seal(at + HOUR)
    joined_on_paper(petition, crowd(1), eyes, at=at + 2 * HOUR)
    assert (numbers(petition), making.state_of(petition)) == ((59, 1), State.OPEN)
    (late,) = making.citizens(1)
    join_one(petition, late, at + 3 * HOUR)
    seal(at + 3 * HOUR)
    assert step(petition, Event.THRESHOLD_REACHED).at == at + 3 * HOUR
