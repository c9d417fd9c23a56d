"""Commentary on the terms: which event starts which, for how long, and how it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from petitions.law.clocks import (
    CLOCKS,
    EXPIRES_QUIETLY,
    EndingRule,
    Facts,
    Nature,
    clock_due,
    clocks_ended,
    clocks_reopened,
    clocks_started,
    ending,
    is_overdue,
)
from petitions.law.editions import edition
from petitions.law.policy import DEFAULT_POLICY, policy_with
from petitions.law.vocabulary import CLOCK_LABELS, ClockKind, Ending, Event, State
from petitions.law.working_days import Calendar, end_of_day

E, S, C = Event, State, ClockKind
OLD, NEW = edition("2024-04-04"), edition("2026-03-02")
CENTRAL, LOCAL = Facts(central=True), Facts(central=False)
DAYS, MONTHS = "working_days", "months"
SUPPORT_NEW = [(C.SUPPORT, 20, DAYS)]
SUPPORT_OLD = [(C.SUPPORT_ELECTRONIC, 10, DAYS), (C.SUPPORT, 20, DAYS)]
OPENING = [(C.COLLECTION, 6, MONTHS), (C.MEDIA_LETTERS, 5, DAYS)]
APPEAL, COURT = [(C.APPEAL, 3, MONTHS)], [(C.COURT, 1, MONTHS)]
CHECK = [(C.CHECK, 20, DAYS)]

STARTED = [
    (NEW, E.FILED, S.DRAFT, S.CHECKING, LOCAL, CHECK, "check first: 20 working days from filing"),
    (NEW, E.ACCEPTED, S.CHECKING, S.SUPPORTING, LOCAL, SUPPORT_NEW, "2026: 20 days for 50, either way"),
    (NEW, E.SUPPORT_REACHED, S.SUPPORTING, S.OPEN, LOCAL, OPENING, "opening starts six months and letters"),
    (OLD, E.FILED, S.DRAFT, S.SUPPORTING, LOCAL, SUPPORT_OLD, "2024: 10 days on the site, 20 in writing"),
    (
        OLD,
        E.SUPPORT_REACHED,
        S.SUPPORTING,
        S.CHECKING,
        LOCAL,
        CHECK,
        "2024: the check from the 50th supporter",
    ),
    (OLD, E.ACCEPTED, S.CHECKING, S.OPEN, LOCAL, OPENING, "support first: passing the check opens"),
    (NEW, E.REFUSED, S.CHECKING, S.REFUSED, LOCAL, COURT, "a ministry refused: court within a month"),
    (NEW, E.LAPSED, S.SUPPORTING, S.LAPSED, LOCAL, COURT, "and so for a lapse"),
    (NEW, E.WITHDRAWN, S.CHECKING, S.WITHDRAWN, LOCAL, [], "nothing follows a withdrawal"),
    (NEW, E.THRESHOLD_REACHED, S.OPEN, S.REACHED, LOCAL, [], "sending is automatic: no term"),
    (NEW, E.SENT, S.REACHED, S.SENT, LOCAL, [(C.SENDING_NOTICE, 3, DAYS)], "90-4: the notice"),
    (NEW, E.REGISTERED, S.SENT, S.EXAMINATION, CENTRAL, [(C.CONSIDERATION, 40, DAYS)], "90-5: central"),
    (NEW, E.REGISTERED, S.SENT, S.EXAMINATION, LOCAL, [(C.CONSIDERATION, 20, DAYS)], "90-5: local"),
    (
        NEW,
        E.DEEMED_REFUSED,
        S.EXAMINATION,
        S.EXAMINATION,
        LOCAL,
        [(C.APPEAL, 6, MONTHS)],
        "91(2): appeal from the mark",
    ),
    (NEW, E.DEEMED_REFUSED, S.EXAMINATION, S.EXAMINATION, CENTRAL, COURT, "a ministry's silence: court"),
    (NEW, E.DECIDED, S.EXAMINATION, S.DECIDED, LOCAL, [(C.PUBLICATION, 1, DAYS)], "90-6"),
    (NEW, E.DECIDED_ANEW, S.PUBLISHED, S.DECIDED, LOCAL, [(C.PUBLICATION, 1, DAYS)], "90-6 again"),
    (NEW, E.PUBLISHED, S.DECIDED, S.PUBLISHED, LOCAL, APPEAL, "92: three months"),
    (NEW, E.PUBLISHED, S.DECIDED, S.PUBLISHED, CENTRAL, COURT, "a ministry has no superior body"),
    (NEW, E.RETURNED, S.OPEN, S.RETURNED, LOCAL, [], "forwarding follows at once"),
    (NEW, E.FORWARDED, S.RETURNED, S.FORWARDED, LOCAL, [], "the term runs from registration"),
    (NEW, E.MESSAGE_REGISTERED, S.FORWARDED, S.MESSAGE, LOCAL, [(C.MESSAGE, 15, DAYS)], "76(1)"),
    (NEW, E.MESSAGE_ANSWERED, S.MESSAGE, S.MESSAGE_ANSWERED, LOCAL, APPEAL, "an answer can be appealed"),
    (NEW, E.APPEAL_FILED, S.PUBLISHED, S.PUBLISHED, LOCAL, [(C.APPEAL_PASS_UP, 3, DAYS)], "passed up"),
    (NEW, E.APPEAL_FILED, S.PUBLISHED, S.PUBLISHED, CENTRAL, [], "court has its own terms"),
    (NEW, E.APPEAL_FILED, S.REFUSED, S.REFUSED, LOCAL, [], "the check's refusal went to court too"),
    (NEW, E.APPEAL_PASSED_UP, S.PUBLISHED, S.PUBLISHED, LOCAL, [(C.APPEAL_REVIEW, 20, DAYS)], "99"),
    (NEW, E.APPEAL_DECIDED, S.PUBLISHED, S.PUBLISHED, LOCAL, COURT, "136: after the complaint, court"),
    (NEW, E.APPEAL_DECIDED, S.CHECKING, S.CHECKING, LOCAL, [], "nothing left when the refusal was lifted"),
    (NEW, E.RESTORED, S.REFUSED, S.CHECKING, LOCAL, [], "no new term: the old one is reopened"),
    (NEW, E.RESTORED, S.TAKEN_DOWN, S.OPEN, LOCAL, [], "a restored petition keeps its clocks"),
    (NEW, E.TAKEN_DOWN, S.OPEN, S.TAKEN_DOWN, LOCAL, [], "a take-down pauses nothing"),
    (
        NEW,
        E.DISCUSSION_ANNOUNCED,
        S.EXAMINATION,
        S.EXAMINATION,
        LOCAL,
        [(C.DISCUSSION_NOTICE, 3, DAYS)],
        "90-5: the notice of the discussion",
    ),
]


@pytest.mark.parametrize(("law", "event", "before", "after", "facts", "started", "sentence"), STARTED)
def test_which_terms_an_event_starts(
    law, event: Event, before: State, after: State, facts: Facts, started: list, sentence: str
) -> None:
    found = clocks_started(event, after, law, DEFAULT_POLICY, facts, from_state=before)
    assert [(each.kind, each.term, str(each.unit)) for each in found] == started, sentence
    assert all(each.article and each.counted_from == "event" for each in found)


def test_sending_by_hand_starts_a_policy_term() -> None:
    policy = policy_with({"sending_by_hand": "true", "sending_days": "2"})
    (found,) = clocks_started(E.THRESHOLD_REACHED, S.REACHED, NEW, policy)
    assert (found.kind, found.term) == (C.SENDING, 2)
    assert CLOCKS[C.SENDING].nature is Nature.POLICY


def test_six_months_to_appeal_when_the_remedies_were_not_named() -> None:
    (found,) = clocks_started(E.PUBLISHED, S.PUBLISHED, NEW, facts=Facts(remedies_named=False))
    assert (found.kind, found.term) == (C.APPEAL, 6)


def test_a_granted_complaint_leaves_nothing_for_the_court() -> None:
    granted = Facts(appeal_granted=True)
    assert clocks_started(E.APPEAL_DECIDED, S.PUBLISHED, NEW, facts=granted, from_state=S.PUBLISHED) == []


def test_policy_may_send_complaints_against_a_ministry_up_first() -> None:
    policy = policy_with({"ministry_appeal": "complaint"})
    (found,) = clocks_started(E.PUBLISHED, S.PUBLISHED, NEW, policy, CENTRAL)
    assert found.kind is C.APPEAL


def test_policy_may_count_the_check_from_the_draft() -> None:
    policy = policy_with({"check_term_from": "draft_created"})
    (by_filing,) = clocks_started(E.FILED, S.CHECKING, NEW, policy)
    (by_support,) = clocks_started(E.SUPPORT_REACHED, S.CHECKING, NEW, policy)
    assert (by_filing.counted_from, by_support.counted_from) == ("draft", "event")


DUE = date(2026, 4, 3)
IN_TIME, PAST = end_of_day(DUE) - timedelta(seconds=1), end_of_day(DUE)


@pytest.mark.parametrize(
    ("event", "kind", "in_time", "past", "sentence"),
    [
        (E.ACCEPTED, C.CHECK, "met", "late", "past the term the petition stays in the check, overdue"),
        (E.REFUSED, C.CHECK, "met", "late", "a late refusal is late"),
        (E.WITHDRAWN, C.CHECK, "cancelled", "cancelled", "nothing is left to check"),
        (E.WITHDRAWN, C.SUPPORT, "cancelled", "cancelled", "nor to support"),
        (E.SUPPORT_REACHED, C.SUPPORT, "met", "met", "the deciding joining was in time"),
        (E.SUPPORT_REACHED, C.SUPPORT_ELECTRONIC, "met", "lapsed", "2024: a paper one decided after day 10"),
        (E.LAPSED, C.SUPPORT, "lapsed", "lapsed", "50 were not found"),
        (E.MEDIA_INFORMED, C.MEDIA_LETTERS, "met", "late", "letters may be late"),
        (E.THRESHOLD_REACHED, C.COLLECTION, "met", "met", "the time is that of the deciding joining"),
        (E.RETURNED, C.COLLECTION, "lapsed", "lapsed", "six months were not enough"),
        (E.SENT, C.SENDING, "met", "late", "sending by hand may be late"),
        (E.SENDING_NOTIFIED, C.SENDING_NOTICE, "met", "late", "the notice too"),
        (E.DECIDED, C.CONSIDERATION, "met", "late", "a decision is in time or late"),
        (E.DEEMED_REFUSED, C.CONSIDERATION, "lapsed", "lapsed", "91(2): silence ended the term"),
        (E.PUBLISHED, C.PUBLICATION, "met", "late", "publication is in time or late"),
        (E.PUBLISHED, C.APPEAL, "cancelled", "cancelled", "a new act has its own term"),
        (E.DISCUSSION_HELD, C.DISCUSSION_NOTICE, "met", "met", "the discussion came"),
        (E.APPEAL_FILED, C.APPEAL, "met", "late", "a complaint"),
        (E.APPEAL_FILED, C.COURT, "met", "late", "or a claim"),
        (E.APPEAL_PASSED_UP, C.APPEAL_PASS_UP, "met", "late", "passed up"),
        (E.APPEAL_DECIDED, C.APPEAL_REVIEW, "met", "late", "reviewed"),
        (E.MESSAGE_NOTED, C.MESSAGE, "met", "late", "a message is handled in time or late"),
    ],
)
def test_how_an_event_ends_a_term(event: Event, kind: ClockKind, in_time: str, past: str, sentence: str) -> None:
    rule = clocks_ended(event)[kind]
    assert ending(rule, DUE, IN_TIME) is Ending(in_time), sentence
    assert ending(rule, DUE, PAST) is Ending(past), sentence


def test_a_restored_refusal_reopens_the_check_and_cancels_the_remedies() -> None:
    assert clocks_reopened(E.RESTORED, S.REFUSED) == {C.CHECK}
    assert set(clocks_ended(E.RESTORED, S.REFUSED)) == {
        C.APPEAL,
        C.COURT,
        C.APPEAL_PASS_UP,
        C.APPEAL_REVIEW,
    }
    assert set(clocks_ended(E.RESTORED, S.REFUSED).values()) == {EndingRule.CANCELLED}


def test_taking_down_and_restoring_leave_every_clock_alone() -> None:
    assert not clocks_ended(E.TAKEN_DOWN, S.OPEN)
    assert not clocks_ended(E.RESTORED, S.TAKEN_DOWN)
    assert not clocks_reopened(E.RESTORED, S.TAKEN_DOWN)


def test_every_clock_is_started_by_something_and_ends_by_an_event_or_quietly() -> None:
    started = {spec for row in STARTED for spec, *_ in row[5]} | {C.SENDING}
    assert started == set(ClockKind)
    ended = {kind for event in Event for kind in clocks_ended(event)}
    assert ended | EXPIRES_QUIETLY == set(ClockKind) == set(CLOCKS) == set(CLOCK_LABELS)


def test_overdue_is_only_said_where_somebody_owes_an_act() -> None:
    assert is_overdue(C.CONSIDERATION, DUE, PAST) and not is_overdue(C.CONSIDERATION, DUE, IN_TIME)
    for kind in (C.COLLECTION, C.SUPPORT, C.APPEAL, C.COURT, C.DISCUSSION_NOTICE):
        assert not is_overdue(kind, DUE, PAST)


def test_the_end_of_a_collection_stays_on_a_sunday_unless_set(calendar: Calendar) -> None:
    start, sunday = date(2026, 2, 9), date(2026, 8, 9)
    (spec, _) = clocks_started(E.SUPPORT_REACHED, S.OPEN, NEW)
    assert spec.due(start, calendar) == sunday
    moved = policy_with({"collection_end_moves": "true"})
    assert spec.due(start, calendar, moved) == sunday + timedelta(days=1)
    assert clock_due(C.APPEAL, start, 6, "months", calendar) == sunday + timedelta(days=1)
