from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from petitions.consideration import actions, appealing, deciding
from petitions.consideration.deciding import Answer, Draft, Incomplete, NoDraft, NotTheHead
from petitions.db import reading, transaction
from petitions.errors import Forbidden, Gone, NotFound
from petitions.identity import staff as accounts
from petitions.identity.roles import Role
from petitions.law.states import ClockKind, Event, State
from petitions.lifecycle.advance import NotNow
from petitions.lifecycle.sweep import sweep
from petitions.reference import queries as reference
from tests import making
from tests.consideration.conftest import (
    ARRIVED,
    Desk,
    a_desk,
    a_draft,
    decided,
    do_duties,
    ending,
    last,
    published,
    steps,
    the_text,
    versions,
)

LATER = ARRIVED + timedelta(days=1)


def test_a_petition_walks_from_registration_to_the_official_statement(either: Desk) -> None:
    desk = either
    at = do_duties(desk, LATER)
    deciding.decide(desk.petition_id, by=desk.head, at=at)
    assert making.state_of(desk.petition_id) == State.DECIDED
    assert ending(desk.petition_id, ClockKind.CONSIDERATION) == "met"
    deciding.publish(desk.petition_id, by=desk.officer, at=at + timedelta(hours=1))
    assert making.state_of(desk.petition_id) == State.PUBLISHED
    on = (at + timedelta(days=1)).date()
    statement = {"text": "Өткел салынады.", "url": ""}
    deciding.make_statement(desk.petition_id, on=on, by=desk.head, at=at + timedelta(days=1), **statement)
    assert last(desk.petition_id, Event.STATEMENT_MADE).details["on"] == on.isoformat()
    assert "omitted" not in last(desk.petition_id, Event.DECIDED).details


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ({"reasons": ""}, "reasons"),
        ({"law_cited": ""}, "law_cited"),
        ({"appeal": ""}, "appeal"),
    ],
)
def test_a_decision_needs_every_mandatory_part(local: Desk, part: dict[str, str], place: str) -> None:
    at = do_duties(local, LATER)
    deciding.draft_decision(local.petition_id, a_draft(local.petition_id, **part), by=local.officer, at=at)
    with pytest.raises(Incomplete) as refused:
        deciding.decide(local.petition_id, by=local.head, at=at)
    assert [missing.place for missing in refused.value.missing] == [place]
    assert making.state_of(local.petition_id) == State.EXAMINATION


def test_every_argument_and_every_proposal_is_answered(local: Desk) -> None:
    at = do_duties(local, LATER)
    text = the_text(local.petition_id)
    answers = {
        text.arguments[0].id: Answer("refuted", "Тіркеуде жоқ."),
        text.arguments[1].id: Answer("partly", ""),
    }
    draft = a_draft(local.petition_id, answers=answers)
    deciding.draft_decision(local.petition_id, draft, by=local.officer, at=at)
    with pytest.raises(Incomplete) as refused:
        deciding.decide(local.petition_id, by=local.head, at=at)
    assert [missing.place for missing in refused.value.missing] == [
        f"answer_{text.arguments[1].id}",
        f"finding_{text.proposals[0].id}",
    ]


def test_an_argument_cannot_be_accepted_nor_a_proposal_refuted(local: Desk) -> None:
    text = the_text(local.petition_id)
    wrong = {text.arguments[0].id: Answer("accepted", "?"), text.proposals[0].id: Answer("refuted", "?")}
    draft = a_draft(local.petition_id, answers=wrong)
    deciding.draft_decision(local.petition_id, draft, by=local.officer, at=LATER)
    assert versions(local.petition_id)[0].answers == ()


def test_a_decision_is_in_kazakh_or_in_the_language_of_the_petition(local: Desk) -> None:
    with pytest.raises(deciding.OtherLanguage):
        draft = a_draft(local.petition_id, language="ru")
        deciding.draft_decision(local.petition_id, draft, by=local.officer, at=LATER)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_russian_petition_may_be_decided_in_either_language(database: object, language: str) -> None:
    desk = a_desk(language="ru")
    decided(desk, LATER, language=language)
    assert versions(desk.petition_id)[0].language == language


@pytest.mark.parametrize("outcome", ["full", "partial", "refused"])
def test_a_petition_is_satisfied_fully_partly_or_refused(local: Desk, outcome: str) -> None:
    published(local, LATER, outcome=outcome)
    assert last(local.petition_id, Event.PUBLISHED).details["outcome"] == outcome


def test_every_duty_is_done_or_the_head_says_publicly_why_not(either: Desk) -> None:
    desk, duties = either, either.duties
    deciding.draft_decision(desk.petition_id, a_draft(desk.petition_id), by=desk.officer, at=LATER)
    with pytest.raises(Incomplete) as refused:
        deciding.decide(desk.petition_id, omitted={"visit": "  "}, by=desk.head, at=LATER)
    assert {missing.place for missing in refused.value.missing} == {f"omit_{code}" for code in duties}
    deciding.decide(
        desk.petition_id,
        omitted=dict.fromkeys(duties, "Төтенше жағдай жарияланып, қатынас тоқтатылды."),
        by=desk.head,
        at=LATER,
    )
    made = last(desk.petition_id, Event.DECIDED)
    assert set(made.details["omitted"]) == duties
    assert made.reason is not None
    assert "Төтенше жағдай" in made.reason


def test_a_stated_reason_for_a_duty_that_was_done_is_not_kept(local: Desk) -> None:
    actions.waive_visit(local.petition_id, reason="Құжаттар жеткілікті.", by=local.officer, at=LATER)
    decided(local, LATER)
    assert set(last(local.petition_id, Event.DECIDED).details["omitted"]) == {"discussion", "group"}


def test_an_officer_drafts_but_does_not_decide(local: Desk) -> None:
    at = do_duties(local, LATER)
    with pytest.raises(NotTheHead):
        deciding.decide(local.petition_id, by=local.officer, at=at)


def test_an_acting_head_decides_within_the_term_of_the_appointment(local: Desk) -> None:
    at = do_duties(local, LATER)
    assert local.officer.id is not None
    day = at.date()
    accounts.appoint_acting_head(
        local.officer.id, day + timedelta(days=1), day + timedelta(days=3), "Өкім № 7", making.STAFF, at
    )
    with pytest.raises(NotTheHead):
        deciding.decide(local.petition_id, by=local.officer, at=at)
    with pytest.raises(NotTheHead):
        deciding.decide(local.petition_id, by=local.officer, at=at + timedelta(days=4))
    deciding.decide(local.petition_id, by=local.officer, at=at + timedelta(days=2))
    view = versions(local.petition_id)[0]
    assert view.acting_act == "Өкім № 7"
    assert view.head_title_kk


def test_the_title_of_the_head_comes_from_the_body(central: Desk) -> None:
    decided(central, LATER)
    view = versions(central.petition_id)[0]
    with reading() as session:
        body = reference.body(session, central.body_id)
    assert body is not None
    assert (view.head_title_kk, view.head_title_en) == (body.head_title_kk, body.head_title_en)
    assert view.acting_act is None


def test_staff_of_another_body_do_not_find_the_petition(local: Desk) -> None:
    elsewhere = making.a_ministry()
    officer = making.staff(making.a_staff_member([Role.OFFICER], elsewhere), Role.OFFICER)
    head = making.staff(making.a_staff_member([Role.HEAD], elsewhere), Role.HEAD)
    with pytest.raises(NotFound):
        deciding.draft_decision(local.petition_id, a_draft(local.petition_id), by=officer, at=LATER)
    with pytest.raises(NotFound):
        deciding.decide(local.petition_id, by=head, at=LATER)


def test_a_moderator_does_not_consider(local: Desk) -> None:
    moderator = making.staff(making.a_staff_member([Role.MODERATOR]), Role.MODERATOR)
    with pytest.raises(Forbidden):
        actions.waive_visit(local.petition_id, reason="?", by=moderator, at=LATER)


def test_nothing_is_decided_without_a_draft(local: Desk) -> None:
    with pytest.raises(NoDraft):
        deciding.decide(local.petition_id, by=local.head, at=LATER)


def test_a_draft_changes_until_it_is_decided_and_not_after(local: Desk) -> None:
    for outcome in ("full", "partial"):
        draft = a_draft(local.petition_id, outcome=outcome)
        assert deciding.draft_decision(local.petition_id, draft, by=local.officer, at=LATER) == 1
    decided(local, LATER, outcome="refused")
    with pytest.raises(NotNow):
        deciding.draft_decision(local.petition_id, a_draft(local.petition_id), by=local.officer, at=LATER)
    assert [(view.version, view.outcome) for view in versions(local.petition_id)] == [(1, "refused")]


def test_nobody_writes_over_or_decides_on_words_they_have_not_seen(local: Desk) -> None:
    deciding.draft_decision(local.petition_id, a_draft(local.petition_id), by=local.officer, at=LATER, seen="")
    changed = a_draft(local.petition_id, outcome="refused")
    with pytest.raises(deciding.ChangedMeanwhile):
        deciding.draft_decision(local.petition_id, changed, by=local.officer, at=LATER, seen="")
    with pytest.raises(deciding.ChangedMeanwhile):
        deciding.decide(local.petition_id, by=local.head, at=LATER, seen="something else")


# Decided on Friday 3 July 2026: Monday 6 July is Capital Day, so publication is due on the 7th.
FRIDAY = datetime(2026, 7, 3, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published_at", "ended"),
    [
        (FRIDAY + timedelta(hours=1), "met"),
        (datetime(2026, 7, 7, 18, 59, tzinfo=UTC), "met"),
        (datetime(2026, 7, 7, 19, 0, tzinfo=UTC), "late"),
    ],
    ids=["the same day", "the next working day", "the day after"],
)
def test_a_decision_is_published_by_the_next_working_day(local: Desk, published_at: datetime, ended: str) -> None:
    decided(local, FRIDAY)
    deciding.publish(local.petition_id, by=local.officer, at=published_at)
    assert ending(local.petition_id, ClockKind.PUBLICATION) == ended
    assert versions(local.petition_id)[0].published_at == published_at


def test_a_decision_is_published_once(local: Desk) -> None:
    published(local, LATER)
    with pytest.raises(NotNow):
        deciding.publish(local.petition_id, by=local.officer, at=LATER)


def test_the_statement_follows_the_publication_and_is_made_once(local: Desk) -> None:
    published(local, LATER)
    words = {"text": "Мәлімдеме.", "url": "", "by": local.head}
    with pytest.raises(actions.DomainError):
        deciding.make_statement(local.petition_id, on=ARRIVED.date(), at=LATER, **words)
    deciding.make_statement(local.petition_id, on=LATER.date(), at=LATER, **words)
    with pytest.raises(deciding.StatedAlready):
        deciding.make_statement(local.petition_id, on=LATER.date(), at=LATER, **words)


@pytest.mark.parametrize("swept", [True, False], ids=["worker running", "worker dead"])
def test_a_late_decision_is_possible_and_hides_no_silence(local: Desk, swept: bool) -> None:
    late = datetime(2026, 8, 10, 6, 0, tzinfo=UTC)
    if swept:
        sweep(late - timedelta(days=5))
    published(local, late)
    assert ending(local.petition_id, ClockKind.CONSIDERATION) == "lapsed"
    events = [row.event for row in steps(local.petition_id)]
    assert events.count(Event.DEEMED_REFUSED) == 1
    assert events.index(Event.DEEMED_REFUSED) < events.index(Event.DECIDED)
    assert making.state_of(local.petition_id) == State.PUBLISHED


def test_a_granted_appeal_leads_to_a_second_version(local: Desk) -> None:
    published(local, LATER, outcome="refused")
    petition_id, by = local.petition_id, local.officer
    with pytest.raises(NotNow):
        deciding.draft_decision(petition_id, a_draft(petition_id), by=by, at=LATER)
    later = LATER + timedelta(days=5)
    appealing.record_appeal(petition_id, to="superior_body", on=LATER.date(), appellant="author", by=by, at=later)
    appealing.pass_appeal_up(petition_id, on=later.date(), by=by, at=later)
    words = {"decided_by": "Аудан әкімдігі", "text": "Шешім қайта қаралсын.", "by": by}
    appealing.record_appeal_outcome(petition_id, granted=True, on=later.date(), at=later, **words)
    assert deciding.draft_decision(petition_id, a_draft(petition_id), by=by, at=later) == 2
    deciding.decide(petition_id, by=local.head, at=later)
    deciding.publish(petition_id, by=by, at=later)
    assert [(v.version, v.outcome) for v in versions(petition_id)] == [(2, "full"), (1, "refused")]
    assert last(petition_id, Event.DECIDED_ANEW).details["version"] == 2
    with pytest.raises(NotNow):
        deciding.draft_decision(petition_id, a_draft(petition_id), by=by, at=later)


def test_a_dismissed_appeal_leads_to_no_new_decision(central: Desk) -> None:
    published(central, LATER, outcome="refused")
    on, by = LATER.date(), central.officer
    appealing.record_appeal(central.petition_id, to="court", on=on, appellant="author", by=by, at=LATER)
    words = {"decided_by": "Сот", "text": "Талап қанағаттандырылмады.", "by": by}
    appealing.record_appeal_outcome(central.petition_id, granted=False, on=on, at=LATER, **words)
    with pytest.raises(NotNow):
        deciding.draft_decision(central.petition_id, a_draft(central.petition_id), by=by, at=LATER)


def test_a_petition_that_was_taken_down_rests(local: Desk) -> None:
    deciding.draft_decision(local.petition_id, a_draft(local.petition_id), by=local.officer, at=LATER)
    making.record(local.petition_id, Event.TAKEN_DOWN, LATER, act="Court order No 1")
    with pytest.raises(Gone):
        deciding.decide(local.petition_id, by=local.head, at=LATER)
    with pytest.raises(Gone):
        actions.waive_visit(local.petition_id, reason="?", by=local.officer, at=LATER)


def test_a_petition_that_was_only_sent_cannot_be_decided_yet(database: object) -> None:
    desk = a_desk(state=State.SENT)
    with pytest.raises(NotNow):
        deciding.draft_decision(desk.petition_id, a_draft(desk.petition_id), by=desk.officer, at=LATER)


def test_a_petition_before_sending_is_not_the_bodys_yet(database: object) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    body_id = making.body_of(making.SETTLEMENT)
    officer = making.staff(making.a_staff_member([Role.OFFICER], body_id), Role.OFFICER)
    with pytest.raises(NotFound):
        actions.enter_number(petition_id, number="1", on=date(2026, 6, 1), by=officer, at=LATER)


def test_a_draft_needs_only_its_outcome_and_language(local: Desk) -> None:
    empty = Draft("refused", "kk")
    deciding.draft_decision(local.petition_id, empty, by=local.officer, at=LATER)
    with transaction() as session:
        assert deciding.open_draft(session, local.petition_id) is not None
