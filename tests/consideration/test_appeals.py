from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from petitions.audit import SYSTEM
from petitions.consideration import appealing
from petitions.consideration.appeals import appeal_of
from petitions.consideration.records import BeforeItsTime
from petitions.errors import Forbidden, Gone
from petitions.law.states import ClockKind, Event, State
from petitions.reference.actions import set_policy
from tests import making
from tests.consideration.conftest import ARRIVED, Desk, a_desk, ending, last, published, steps

LATER = ARRIVED + timedelta(days=1)
ON = LATER.date()
AFTER_THE_TERM = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)


def test_a_local_decision_is_complained_of_to_the_superior_body(local: Desk) -> None:
    published(local, LATER, outcome="refused")
    with pytest.raises(appealing.WrongAddress):
        appealing.file_appeal(local.petition_id, to="court", on=ON, by=local.author, at=LATER)
    at = LATER + timedelta(hours=3)
    appealing.file_appeal(local.petition_id, to="superior_body", on=ON, by=local.author, at=at)
    assert last(local.petition_id, Event.APPEAL_FILED).details == {
        "to": "superior_body",
        "on": ON.isoformat(),
        "by": "author",
    }
    assert ending(local.petition_id, ClockKind.APPEAL) == "met"
    assert ending(local.petition_id, ClockKind.APPEAL_PASS_UP) is None


def test_a_ministry_has_no_superior_body_so_its_decision_goes_to_court(central: Desk) -> None:
    published(central, LATER, outcome="refused")
    at = LATER + timedelta(hours=3)
    with pytest.raises(appealing.WrongAddress):
        appealing.file_appeal(central.petition_id, to="superior_body", on=ON, by=central.author, at=at)
    appealing.file_appeal(central.petition_id, to="court", on=ON, by=central.author, at=at)
    assert ending(central.petition_id, ClockKind.COURT) == "met"
    with pytest.raises(appealing.NoSuperiorBody):
        appealing.pass_appeal_up(central.petition_id, on=ON, by=central.officer, at=at)


def test_only_the_author_records_the_authors_complaint(local: Desk) -> None:
    published(local, LATER)
    stranger = making.citizen(making.citizens(1)[0])
    for who in (stranger, local.officer):
        with pytest.raises(Forbidden):
            appealing.file_appeal(local.petition_id, to="superior_body", on=ON, by=who, at=LATER)


def test_there_is_nothing_to_appeal_before_a_decision(local: Desk) -> None:
    with pytest.raises(appealing.NothingToAppeal):
        appealing.file_appeal(local.petition_id, to="superior_body", on=ON, by=local.author, at=LATER)


def test_silence_past_the_term_is_appealed_even_when_no_worker_has_marked_it(local: Desk) -> None:
    on = AFTER_THE_TERM.date()
    appealing.file_appeal(local.petition_id, to="superior_body", on=on, by=local.author, at=AFTER_THE_TERM)
    events = [row.event for row in steps(local.petition_id)]
    assert events[-2:] == [Event.DEEMED_REFUSED, Event.APPEAL_FILED]


def test_a_complaint_is_not_older_than_what_it_complains_of(local: Desk) -> None:
    published(local, LATER)
    with pytest.raises(BeforeItsTime):
        appealing.file_appeal(local.petition_id, to="superior_body", on=ARRIVED.date(), by=local.author, at=LATER)


def test_one_appeal_is_handled_at_a_time(local: Desk) -> None:
    published(local, LATER)
    at = LATER + timedelta(hours=2)
    appealing.file_appeal(local.petition_id, to="superior_body", on=ON, by=local.author, at=at)
    with pytest.raises(appealing.AppealRunning):
        appealing.record_appeal(
            local.petition_id,
            to="superior_body",
            on=ON,
            appellant="interested person",
            by=local.officer,
            at=at,
        )


@pytest.mark.parametrize(("days", "ended"), [(3, "met"), (20, "late")])
def test_the_body_passes_a_complaint_up_and_its_day_counts_not_that_of_the_record(
    local: Desk, days: int, ended: str
) -> None:
    published(local, LATER)
    filed, by = LATER + timedelta(hours=2), local.officer
    appealing.file_appeal(local.petition_id, to="superior_body", on=ON, by=local.author, at=filed)
    on = ON + timedelta(days=days - 1)
    recorded = LATER + timedelta(days=30)
    appealing.pass_appeal_up(local.petition_id, on=on, by=by, at=recorded)
    assert ending(local.petition_id, ClockKind.APPEAL_PASS_UP) == ended
    with pytest.raises(appealing.NoAppeal):
        appealing.pass_appeal_up(local.petition_id, on=on, by=by, at=recorded)


def test_a_dismissed_complaint_opens_the_way_to_court(local: Desk) -> None:
    published(local, LATER)
    at, by = LATER + timedelta(hours=2), local.officer
    words = {"decided_by": "Облыс әкімдігі", "text": "Негізсіз.", "by": by}
    with pytest.raises(appealing.NoAppeal):
        appealing.record_appeal_outcome(local.petition_id, granted=False, on=ON, at=at, **words)
    appealing.record_appeal(local.petition_id, to="superior_body", on=ON, appellant="interested person", by=by, at=at)
    appealing.record_appeal_outcome(local.petition_id, granted=False, on=ON, at=at, **words)
    assert ending(local.petition_id, ClockKind.COURT) is None
    assert appeal_of(steps(local.petition_id)).may_be_filed


def test_after_the_superior_body_only_the_court_is_left_and_its_terms_are_not_ours(local: Desk) -> None:
    published(local, LATER)
    at, by = LATER + timedelta(hours=2), local.officer
    words = {"decided_by": "Облыс әкімдігі", "text": "Негізсіз.", "by": by}
    appealing.file_appeal(local.petition_id, to="superior_body", on=ON, by=local.author, at=at)
    appealing.record_appeal_outcome(local.petition_id, granted=False, on=ON, at=at, **words)
    with pytest.raises(appealing.WrongAddress):
        appealing.file_appeal(local.petition_id, to="superior_body", on=ON, by=local.author, at=at)
    appealing.file_appeal(local.petition_id, to="court", on=ON, by=local.author, at=at)
    assert ending(local.petition_id, ClockKind.COURT) == "met"
    assert ending(local.petition_id, ClockKind.APPEAL_PASS_UP) == "met", "no second complaint was passed up"
    appealing.record_appeal_outcome(local.petition_id, granted=False, on=ON, at=at, **words)
    assert ending(local.petition_id, ClockKind.COURT) == "met", "after the court no term begins"


def test_where_policy_wants_a_complaint_first_a_ministrys_decision_goes_to_no_court(central: Desk) -> None:
    set_policy("ministry_appeal", "complaint", "Сынақ", SYSTEM, ARRIVED)
    published(central, LATER, outcome="refused")
    at = LATER + timedelta(hours=3)
    with pytest.raises(appealing.WrongAddress):
        appealing.file_appeal(central.petition_id, to="court", on=ON, by=central.author, at=at)
    appealing.file_appeal(central.petition_id, to="superior_body", on=ON, by=central.author, at=at)
    assert ending(central.petition_id, ClockKind.APPEAL_PASS_UP) is None


@pytest.mark.parametrize("state", [State.REFUSED, State.LAPSED])
def test_the_refusal_of_the_check_and_a_lapse_are_appealed_in_court(sqlite_database: object, state: State) -> None:
    petition_id = making.a_petition_in(state)
    author = making.citizen(making.a_citizen())
    at = making.moment_of(petition_id) + timedelta(hours=1)
    on = (at + timedelta(hours=5)).date()
    with pytest.raises(appealing.WrongAddress):
        appealing.file_appeal(petition_id, to="superior_body", on=on, by=author, at=at)
    appealing.file_appeal(petition_id, to="court", on=on, by=author, at=at)


def test_an_answered_message_can_be_complained_of(database: object) -> None:
    desk = a_desk(state=State.MESSAGE)
    making.record(desk.petition_id, Event.MESSAGE_NOTED, LATER, text="Ескерілді.")
    at = LATER + timedelta(hours=1)
    appealing.file_appeal(desk.petition_id, to="superior_body", on=ON, by=desk.author, at=at)
    assert making.state_of(desk.petition_id) == State.MESSAGE_NOTED


def test_a_petition_that_was_taken_down_takes_no_records_of_its_author(local: Desk) -> None:
    published(local, LATER)
    making.record(local.petition_id, Event.TAKEN_DOWN, LATER + timedelta(hours=2), act="Court order No 1")
    with pytest.raises(Gone):
        appealing.file_appeal(
            local.petition_id, to="superior_body", on=ON, by=local.author, at=LATER + timedelta(hours=3)
        )


def test_an_appeal_against_silence_outlives_a_late_decision(local: Desk) -> None:
    at, on = AFTER_THE_TERM, AFTER_THE_TERM.date()
    appealing.file_appeal(local.petition_id, to="superior_body", on=on, by=local.author, at=at)
    published(local, at + timedelta(hours=1), outcome="refused")
    appeal = appeal_of(steps(local.petition_id))
    assert appeal.is_open
    words = {"decided_by": "Облыс әкімдігі", "text": "Қайта қаралсын.", "by": local.officer}
    appealing.record_appeal_outcome(local.petition_id, granted=True, on=on, at=at + timedelta(hours=3), **words)
    assert appeal_of(steps(local.petition_id)).calls_for_new_decision
