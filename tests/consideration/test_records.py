from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from petitions.audit import AuditEntry
from petitions.consideration import actions, deciding, hearing
from petitions.consideration.actions import Member
from petitions.consideration.records import BeforeItsTime, NotYetDay
from petitions.db import reading
from petitions.law.states import ClockKind, Event, State
from petitions.lifecycle.advance import NotNow
from tests import making
from tests.consideration.conftest import (
    ARRIVED,
    Desk,
    a_desk,
    a_draft,
    announce,
    ending,
    last,
    published,
    steps,
)

LATER = ARRIVED + timedelta(days=1)
GROUP = [Member("state_body", "Аудандық әкімдік"), Member("association", "Ата-аналар бірлестігі")]


def test_the_body_adds_its_own_number_after_registration(local: Desk) -> None:
    actions.enter_number(local.petition_id, number="03-12/77", on=LATER.date(), by=local.officer, at=LATER)
    row = last(local.petition_id, Event.BODY_NUMBER_ENTERED)
    assert row.details == {"number": "03-12/77", "on": "2026-07-01"}
    assert making.state_of(local.petition_id) == State.EXAMINATION


def test_registration_is_not_the_bodys_to_make(database: object) -> None:
    desk = a_desk(state=State.SENT)
    with pytest.raises(NotNow):
        actions.enter_number(desk.petition_id, number="1", on=ARRIVED.date(), by=desk.officer, at=ARRIVED)


def test_every_record_leaves_a_line_in_the_audit(local: Desk) -> None:
    actions.waive_visit(local.petition_id, reason="Құжаттар жеткілікті.", by=local.officer, at=LATER)
    with reading() as session:
        subject = f"petition:{local.petition_id}"
        wanted = sa.select(AuditEntry).where(AuditEntry.act == "visit-waived", AuditEntry.subject == subject)
        assert session.scalars(wanted).one().actor_id == local.officer.id


@pytest.mark.parametrize(
    ("on", "refused"),
    [
        (date(2026, 6, 29), BeforeItsTime),
        (date(2026, 7, 2), NotYetDay),
    ],
    ids=["before the registration", "tomorrow"],
)
def test_a_visit_is_recorded_on_the_day_it_happened(local: Desk, on: date, refused: type[Exception]) -> None:
    words = {"place": "Мектеп көшесі", "found": "Жаяу жол жоқ.", "by": local.officer, "at": LATER}
    with pytest.raises(refused):
        actions.record_visit(local.petition_id, on=on, **words)
    actions.record_visit(local.petition_id, on=LATER.date(), **words)
    assert last(local.petition_id, Event.VISITED).details["found"] == "Жаяу жол жоқ."


def test_leaving_out_a_visit_needs_a_stated_reason(local: Desk) -> None:
    with pytest.raises(actions.NoReason):
        actions.waive_visit(local.petition_id, reason=" ", by=local.officer, at=LATER)


# The notice goes out, day zero; three working days lie between; the fourth working day is the first possible.
# 6 July 2026 is Capital Day, 8 May is a worked Friday between two holidays (7 and 11 May, the latter moved).
@pytest.mark.parametrize(
    ("noticed", "earliest"),
    [
        (datetime(2026, 7, 13, 6, 0, tzinfo=UTC), date(2026, 7, 17)),
        (datetime(2026, 7, 1, 6, 0, tzinfo=UTC), date(2026, 7, 8)),
        (datetime(2026, 7, 4, 6, 0, tzinfo=UTC), date(2026, 7, 10)),
        (datetime(2026, 7, 1, 19, 30, tzinfo=UTC), date(2026, 7, 9)),
    ],
    ids=["plain week", "over Capital Day", "noticed on Saturday", "already tomorrow in Kazakhstan"],
)
def test_a_discussion_is_held_on_the_fourth_working_day_after_the_notice_at_the_earliest(
    local: Desk, noticed: datetime, earliest: date
) -> None:
    draft = a_draft(local.petition_id)
    deciding.draft_decision(local.petition_id, draft, by=local.officer, at=noticed)
    with pytest.raises(actions.TooEarlyToDiscuss) as refused:
        announce(local, earliest - timedelta(days=1), noticed)
    assert refused.value.field == "on"
    assert str(earliest.day) in str(refused.value.message)
    announce(local, earliest, noticed)
    details = last(local.petition_id, Event.DISCUSSION_ANNOUNCED).details
    assert details == {"on": earliest.isoformat(), "at": "10:00", "place": "Әкімдік, 1-зал", "online": ""}


def test_what_is_discussed_is_the_draft_decision(local: Desk) -> None:
    with pytest.raises(actions.NothingToDiscuss):
        announce(local, date(2026, 7, 20), LATER)


def test_a_discussion_has_a_place_or_an_address(local: Desk) -> None:
    deciding.draft_decision(local.petition_id, a_draft(local.petition_id), by=local.officer, at=LATER)
    when = {"on": date(2026, 7, 20), "hour": time(10), "by": local.officer, "at": LATER}
    with pytest.raises(actions.NoPlace):
        actions.announce_discussion(local.petition_id, place="", online="", **when)
    actions.announce_discussion(local.petition_id, place="", online="https://example.kz/talqylau", **when)


def test_a_discussion_is_held_on_the_day_people_were_told(local: Desk) -> None:
    on = date(2026, 7, 20)
    held = {"participants": 40, "minutes": "Хаттама.", "by": local.officer}
    after = datetime(2026, 7, 21, 6, 0, tzinfo=UTC)
    with pytest.raises(actions.NotAnnounced):
        actions.hold_discussion(local.petition_id, on=on, at=after, **held)
    deciding.draft_decision(local.petition_id, a_draft(local.petition_id), by=local.officer, at=LATER)
    announce(local, on, LATER)
    with pytest.raises(NotYetDay):
        actions.hold_discussion(local.petition_id, on=on, at=LATER, **held)
    with pytest.raises(actions.AnotherDay):
        actions.hold_discussion(local.petition_id, on=after.date(), at=after, **held)
    actions.hold_discussion(local.petition_id, on=on, at=after, **held)
    assert ending(local.petition_id, ClockKind.DISCUSSION_NOTICE) == "met"
    with pytest.raises(actions.NotAnnounced):
        actions.hold_discussion(local.petition_id, on=on, at=after, **held)


def test_a_second_notice_never_breaks(local: Desk) -> None:
    """Replaces the first where the law's table of clocks lets it, otherwise is refused in words."""
    deciding.draft_decision(local.petition_id, a_draft(local.petition_id), by=local.officer, at=LATER)
    announce(local, date(2026, 7, 20), LATER)
    with reading() as session:
        refused = hearing.may_not_announce_again(session, local.petition_id)
    if refused:
        with pytest.raises(actions.AnnouncedAlready):
            announce(local, date(2026, 7, 22), LATER)
    else:
        announce(local, date(2026, 7, 22), LATER)
        with reading() as session:
            assert hearing.announced_for(session, local.petition_id) == date(2026, 7, 22)


def test_the_author_or_the_representative_is_in_the_group(local: Desk) -> None:
    with pytest.raises(actions.AuthorNotInvited):
        actions.form_group(local.petition_id, members=GROUP, author_invited=False, by=local.officer, at=LATER)
    with pytest.raises(actions.NoMembers):
        actions.form_group(local.petition_id, members=[], author_invited=True, by=local.officer, at=LATER)
    actions.form_group(local.petition_id, members=GROUP, author_invited=True, by=local.officer, at=LATER)
    details = last(local.petition_id, Event.GROUP_FORMED).details
    assert details["author_invited"] is True
    assert details["members"][1] == {"role": "association", "name_or_body": "Ата-аналар бірлестігі"}


@pytest.mark.parametrize("act", [actions.analyse_comments, actions.study_practice])
def test_analysis_and_practice_are_duties_of_central_bodies_only(local: Desk, act: object) -> None:
    with pytest.raises(actions.OnlyCentral):
        act(local.petition_id, text="Талдау.", by=local.officer, at=LATER)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (actions.answer_message, State.MESSAGE_ANSWERED),
        (actions.note_message, State.MESSAGE_NOTED),
        (actions.terminate_message, State.MESSAGE_TERMINATED),
    ],
)
def test_what_missed_its_threshold_is_answered_noted_or_terminated(database: object, end: object, state: State) -> None:
    desk = a_desk(state=State.MESSAGE)
    end(desk.petition_id, text="Жауап.", by=desk.officer, at=LATER)  # type: ignore[operator]
    assert making.state_of(desk.petition_id) == state
    assert ending(desk.petition_id, ClockKind.MESSAGE) == "met"
    with pytest.raises(NotNow):
        end(desk.petition_id, text="Тағы.", by=desk.officer, at=LATER)  # type: ignore[operator]


def test_a_message_may_be_answered_late_and_that_is_seen(database: object) -> None:
    desk = a_desk(state=State.MESSAGE)
    actions.answer_message(desk.petition_id, text="Жауап.", by=desk.officer, at=ARRIVED + timedelta(days=40))
    assert ending(desk.petition_id, ClockKind.MESSAGE) == "late"


def test_a_message_is_not_decided_like_a_petition(database: object) -> None:
    desk = a_desk(state=State.MESSAGE)
    with pytest.raises(NotNow):
        deciding.draft_decision(desk.petition_id, a_draft(desk.petition_id), by=desk.officer, at=LATER)
    with pytest.raises(NotNow):
        actions.waive_visit(desk.petition_id, reason="?", by=desk.officer, at=LATER)


def test_commitments_have_an_owner_a_day_and_a_state(local: Desk) -> None:
    published(local, LATER)
    petition_id, by = local.petition_id, local.officer
    with pytest.raises(actions.DueInThePast):
        actions.make_commitment(petition_id, what="?", owner="?", due=ARRIVED.date(), by=by, at=LATER)
    keys = [
        actions.make_commitment(petition_id, what=what, owner="Құрылыс бөлімі", due=date(2026, 9, 1), by=by, at=LATER)
        for what in ("Өткел салу", "Белгі қою")
    ]
    actions.update_commitment(petition_id, key=keys[0], state="done", text="Салынды.", by=by, at=LATER)
    with pytest.raises(actions.NoCommitment):
        actions.update_commitment(petition_id, key="c9", state="done", text="?", by=by, at=LATER)
    standing = actions.commitments(steps(petition_id))
    assert [(one.what, one.state) for one in standing] == [
        ("Өткел салу", "done"),
        ("Белгі қою", "in_progress"),
    ]
    assert [one.is_overdue(date(2026, 9, 2)) for one in standing] == [False, True]
