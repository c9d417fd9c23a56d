"""Commentary on the life of a petition: each step the law knows, and the refusal of every other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from petitions.law.states import (
    EVENT_LABELS,
    LINK_ONLY,
    PUBLIC,
    RECORDS,
    STATE_LABELS,
    TERMINAL,
    TRANSITIONS,
    ActorKind,
    ClockKind,
    Event,
    IllegalTransition,
    NextStep,
    Order,
    State,
    is_link_only,
    is_public,
    is_signable,
    link_is_active,
    next_state,
    next_step,
    permitted_events,
    rule_for,
    signable_states,
)

CHECK_FIRST, SUPPORT_FIRST = Order.CHECK_FIRST, Order.SUPPORT_FIRST
E, S = Event, State

BOTH_ORDERS = [
    (S.CHECKING, E.REFUSED, S.REFUSED, "90-2(6): refused at the check"),
    (S.SUPPORTING, E.LAPSED, S.LAPSED, "fewer than 50 in the term"),
    (S.CHECKING, E.WITHDRAWN, S.WITHDRAWN, "free before open publication"),
    (S.SUPPORTING, E.WITHDRAWN, S.WITHDRAWN, "free before open publication"),
    (S.OPEN, E.THRESHOLD_REACHED, S.REACHED, "90-3(4): enough citizens joined"),
    (S.REACHED, E.SENT, S.SENT, "90-4: sent to the addressee"),
    (S.SENT, E.REGISTERED, S.EXAMINATION, "90-5: the clock runs from registration"),
    (S.EXAMINATION, E.DEEMED_REFUSED, S.EXAMINATION, "91(2): silence is a refusal, and it stays examined"),
    (S.EXAMINATION, E.DECIDED, S.DECIDED, "90-6: the first head decides, late too"),
    (S.DECIDED, E.PUBLISHED, S.PUBLISHED, "90-6: by the next working day"),
    (S.PUBLISHED, E.DECIDED_ANEW, S.DECIDED, "a granted appeal leads to a new version"),
    (S.OPEN, E.RETURNED, S.RETURNED, "90-3(5): six months were not enough"),
    (S.RETURNED, E.FORWARDED, S.FORWARDED, "90-3(5): and goes to the competent body"),
    (S.FORWARDED, E.MESSAGE_REGISTERED, S.MESSAGE, "90-3(5): as an ordinary message"),
    (S.MESSAGE, E.MESSAGE_ANSWERED, S.MESSAGE_ANSWERED, "89: answered"),
    (S.MESSAGE, E.MESSAGE_NOTED, S.MESSAGE_NOTED, "89: noted"),
    (S.MESSAGE, E.MESSAGE_TERMINATED, S.MESSAGE_TERMINATED, "89: terminated"),
    (S.REFUSED, E.RESTORED, S.CHECKING, "section 9: a mistaken refusal is taken back"),
]
BY_ORDER = [
    (CHECK_FIRST, S.DRAFT, E.FILED, S.CHECKING, "check first: filing begins the check"),
    (CHECK_FIRST, S.CHECKING, E.ACCEPTED, S.SUPPORTING, "check first: the link is activated"),
    (CHECK_FIRST, S.SUPPORTING, E.SUPPORT_REACHED, S.OPEN, "check first: 50 open the petition by itself"),
    (SUPPORT_FIRST, S.DRAFT, E.FILED, S.SUPPORTING, "support first: filing activates the link"),
    (SUPPORT_FIRST, S.SUPPORTING, E.SUPPORT_REACHED, S.CHECKING, "support first: 50 begin the check"),
    (SUPPORT_FIRST, S.CHECKING, E.ACCEPTED, S.OPEN, "support first: passing the check opens"),
]
TAKEN_DOWN_FROM = [
    S.OPEN,
    S.REACHED,
    S.SENT,
    S.EXAMINATION,
    S.DECIDED,
    S.PUBLISHED,
    S.REFUSED,
    S.RETURNED,
    S.FORWARDED,
    S.MESSAGE,
    S.MESSAGE_ANSWERED,
    S.MESSAGE_NOTED,
    S.MESSAGE_TERMINATED,
]
OPENED = [S.OPEN, S.REACHED, S.SENT, S.EXAMINATION, S.DECIDED, S.PUBLISHED]
MESSAGE_ENDS = [S.MESSAGE_ANSWERED, S.MESSAGE_NOTED, S.MESSAGE_TERMINATED]
APPEALED = [S.REFUSED, S.LAPSED, S.EXAMINATION, S.DECIDED, S.PUBLISHED, *MESSAGE_ENDS]
RECORDED_IN = {
    E.REDIRECTED: ([S.CHECKING, S.SUPPORTING], "the moderator corrects the addressee before it opens"),
    E.BODY_QUERIED: ([S.CHECKING], "the ministry may ask other bodies"),
    E.BODY_REPLIED: ([S.CHECKING, S.SUPPORTING, S.REFUSED, *OPENED], "a reply may come late"),
    E.MEDIA_INFORMED: (
        [*OPENED, S.RETURNED, S.FORWARDED, S.MESSAGE, *MESSAGE_ENDS],
        "letters follow the opening, late ones too",
    ),
    E.STEPPED_BACK: (OPENED, "after open publication the author only steps back"),
    E.COLLECTION_EXTENDED: ([S.OPEN], "a collection is extended after an outage"),
    E.SENDING_NOTIFIED: ([S.SENT, S.EXAMINATION, S.DECIDED, S.PUBLISHED], "90-4: the notice of sending"),
    E.BODY_NUMBER_ENTERED: (
        [S.EXAMINATION, S.DECIDED, S.PUBLISHED, S.MESSAGE, *MESSAGE_ENDS],
        "the officer adds the body's own number",
    ),
    E.VISITED: ([S.EXAMINATION], "90-5: duty 1"),
    E.VISIT_WAIVED: ([S.EXAMINATION], "90-5: or its reason"),
    E.DISCUSSION_ANNOUNCED: ([S.EXAMINATION], "90-5: duty 2, its notice"),
    E.DISCUSSION_HELD: ([S.EXAMINATION], "90-5: duty 2"),
    E.GROUP_FORMED: ([S.EXAMINATION], "90-5: duty 3"),
    E.COMMENTS_ANALYSED: ([S.EXAMINATION], "90-5: duty 4"),
    E.PRACTICE_STUDIED: ([S.EXAMINATION], "90-5: duty 5"),
    E.STATEMENT_MADE: ([S.PUBLISHED], "90-6: the official statement, without a term"),
    E.APPEAL_FILED: (APPEALED, "whatever ends or delays can be appealed"),
    E.APPEAL_PASSED_UP: (APPEALED, "and is passed up"),
    E.APPEAL_DECIDED: ([S.CHECKING, *APPEALED], "and decided, even when the refusal was lifted meanwhile"),
    E.COMMITMENT_MADE: ([S.DECIDED, S.PUBLISHED], "we track execution all the same"),
    E.COMMITMENT_UPDATED: ([S.DECIDED, S.PUBLISHED], "and what became of it"),
    E.CLOCKS_RECOMPUTED: ([state for state in S if state is not S.DRAFT], "terms follow the calendar"),
}


def every_legal_step() -> dict[tuple[Order, State, Event], State]:
    legal = {(order, *row[:2]): row[2] for order in Order for row in BOTH_ORDERS}
    legal |= {row[:3]: row[3] for row in BY_ORDER}
    for order in Order:
        legal |= {(order, state, E.TAKEN_DOWN): S.TAKEN_DOWN for state in TAKEN_DOWN_FROM}
        for event, (states, _) in RECORDED_IN.items():
            legal |= {(order, state, event): state for state in states}
    return legal


LEGAL = every_legal_step()


@pytest.mark.parametrize(
    ("order", "state", "event", "to_state", "sentence"),
    [(order, *row) for order in Order for row in BOTH_ORDERS] + BY_ORDER,
)
def test_a_step_of_the_law(order: Order, state: State, event: Event, to_state: State, sentence: str) -> None:
    assert next_state(state, event, order) is to_state, sentence


@pytest.mark.parametrize(("event", "row"), RECORDED_IN.items(), ids=lambda value: str(value)[:20])
def test_a_record_leaves_the_state_as_it_is(event: Event, row: tuple[list[State], str]) -> None:
    states, sentence = row
    for state, order in product(states, Order):
        assert next_state(state, event, order) is state, sentence
    assert event in RECORDS


@pytest.mark.parametrize("order", Order)
def test_every_step_that_is_not_of_the_law_is_refused(order: Order) -> None:
    for state, event in product(State, Event):
        if (order, state, event) in LEGAL or (state, event) == (S.TAKEN_DOWN, E.RESTORED):
            continue
        with pytest.raises(IllegalTransition) as caught:
            next_state(state, event, order)
        assert (caught.value.state, caught.value.event) == (state, event)
        assert rule_for(state, event, order) is None
        assert event not in permitted_events(state, order)


@pytest.mark.parametrize("before", TAKEN_DOWN_FROM)
def test_a_petition_taken_down_returns_to_the_state_before(before: State) -> None:
    for order in Order:
        assert next_state(S.TAKEN_DOWN, E.RESTORED, order, prior_state=before) is before


@pytest.mark.parametrize("before", [None, S.DRAFT, S.CHECKING, S.WITHDRAWN, S.TAKEN_DOWN])
def test_a_petition_is_not_restored_to_a_state_it_cannot_have_had(before: State | None) -> None:
    with pytest.raises(IllegalTransition, match="not known"):
        next_state(S.TAKEN_DOWN, E.RESTORED, CHECK_FIRST, prior_state=before)


def test_silence_is_marked_once() -> None:
    with pytest.raises(IllegalTransition, match="already"):
        next_state(S.EXAMINATION, E.DEEMED_REFUSED, CHECK_FIRST, already={E.DEEMED_REFUSED, E.SENT})
    assert next_state(S.EXAMINATION, E.VISITED, CHECK_FIRST, already={E.VISITED}) is S.EXAMINATION


@pytest.mark.parametrize(
    ("event", "by"),
    [
        (E.FILED, {ActorKind.CITIZEN, ActorKind.STAFF}),
        (E.WITHDRAWN, {ActorKind.CITIZEN}),
        (E.REFUSED, {ActorKind.STAFF}),
        (E.ACCEPTED, {ActorKind.STAFF}),
        (E.DECIDED, {ActorKind.STAFF}),
        (E.SUPPORT_REACHED, {ActorKind.SYSTEM}),
        (E.THRESHOLD_REACHED, {ActorKind.SYSTEM}),
        (E.REGISTERED, {ActorKind.SYSTEM}),
        (E.DEEMED_REFUSED, {ActorKind.SYSTEM}),
        (E.RETURNED, {ActorKind.SYSTEM}),
        (E.LAPSED, {ActorKind.SYSTEM}),
    ],
)
def test_who_may_cause_a_step(event: Event, by: set[ActorKind]) -> None:
    assert all(rule.by == by for rule in TRANSITIONS if rule.event is event)


def test_permitted_events_can_be_asked_for_one_kind_of_actor() -> None:
    assert E.WITHDRAWN in permitted_events(S.CHECKING, CHECK_FIRST, ActorKind.CITIZEN)
    assert E.REFUSED not in permitted_events(S.CHECKING, CHECK_FIRST, ActorKind.CITIZEN)


def test_every_row_cites_and_every_event_has_one() -> None:
    assert {rule.event for rule in TRANSITIONS} == set(Event)
    assert all(rule.article and rule.by and rule.from_states for rule in TRANSITIONS)


@pytest.mark.parametrize("label", [*STATE_LABELS.values(), *EVENT_LABELS.values()], ids=lambda each: each.name_en)
def test_every_state_and_event_has_three_names(label) -> None:
    assert label.name_kk and label.name_ru and label.name_en


@pytest.mark.parametrize("order", Order)
def test_every_state_can_be_reached_and_only_ends_have_no_next_step(order: Order) -> None:
    reached, waiting = {S.DRAFT}, [S.DRAFT]
    while waiting:
        state = waiting.pop()
        onward = {LEGAL[order, state, event] for event in Event if (order, state, event) in LEGAL}
        waiting += onward - reached
        reached |= onward
    assert reached == set(State)


# --- Joining and being seen ---------------------------------------------------------------------------------

OPENS = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CLOSES = datetime(2026, 9, 2, 19, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "closes", "signable", "sentence"),
    [
        (OPENS - SECOND, CLOSES, False, "not before it opens"),
        (OPENS, CLOSES, True, "from the very moment"),
        (CLOSES - SECOND, CLOSES, True, "through the last moment of the last day"),
        (CLOSES, CLOSES, False, "and not a moment longer"),
        (CLOSES, None, True, "no end is written yet"),
    ],
)
def test_joining_is_a_comparison_of_times(
    now: datetime, closes: datetime | None, signable: bool, sentence: str
) -> None:
    assert is_signable(S.OPEN, CHECK_FIRST, OPENS, closes, now) is signable, sentence


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("order", Order)
def test_in_which_states_citizens_may_join(state: State, order: Order) -> None:
    joins = {S.SUPPORTING, S.OPEN, S.REACHED}
    if order is SUPPORT_FIRST:
        joins.add(S.CHECKING)  # joining by the link continues during the check
    assert is_signable(state, order, OPENS, CLOSES, OPENS) is (state in joins)
    assert signable_states(order) == joins


def test_nobody_joins_before_an_opening_is_written() -> None:
    assert not is_signable(S.OPEN, CHECK_FIRST, None, None, OPENS)


def test_who_sees_what() -> None:
    assert frozenset(TAKEN_DOWN_FROM) == PUBLIC
    assert {S.CHECKING, S.SUPPORTING, S.LAPSED, S.WITHDRAWN} == LINK_ONLY
    assert not PUBLIC & LINK_ONLY
    for state in (S.DRAFT, S.TAKEN_DOWN):
        assert not is_public(state) and not is_link_only(state)


def test_the_link_opens_the_page_only_after_the_check_when_the_check_comes_first() -> None:
    assert not link_is_active(S.CHECKING, CHECK_FIRST)
    assert link_is_active(S.CHECKING, SUPPORT_FIRST)
    assert link_is_active(S.SUPPORTING, CHECK_FIRST)
    assert not link_is_active(S.OPEN, CHECK_FIRST)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (S.DRAFT, NextStep(E.FILED, None)),
        (S.CHECKING, NextStep(E.ACCEPTED, ClockKind.CHECK)),
        (S.SUPPORTING, NextStep(E.SUPPORT_REACHED, ClockKind.SUPPORT)),
        (S.OPEN, NextStep(E.THRESHOLD_REACHED, ClockKind.COLLECTION)),
        (S.REACHED, NextStep(E.SENT, None)),
        (S.SENT, NextStep(E.REGISTERED, None)),
        (S.EXAMINATION, NextStep(E.DECIDED, ClockKind.CONSIDERATION)),
        (S.DECIDED, NextStep(E.PUBLISHED, ClockKind.PUBLICATION)),
        (S.PUBLISHED, NextStep(E.STATEMENT_MADE, None)),
        (S.RETURNED, NextStep(E.FORWARDED, None)),
        (S.FORWARDED, NextStep(E.MESSAGE_REGISTERED, None)),
        (S.MESSAGE, NextStep(E.MESSAGE_ANSWERED, ClockKind.MESSAGE)),
        (S.REFUSED, None),
        (S.LAPSED, None),
        (S.WITHDRAWN, None),
        (S.MESSAGE_NOTED, None),
        (S.TAKEN_DOWN, None),
    ],
)
def test_the_next_legal_step(state: State, step: NextStep | None) -> None:
    assert next_step(state) == step
    if step is None and state is not S.TAKEN_DOWN:
        assert state in TERMINAL


def test_sending_by_hand_has_a_term_and_after_the_statement_nothing_is_left() -> None:
    assert next_step(S.REACHED, sending_by_hand=True) == NextStep(E.SENT, ClockKind.SENDING)
    assert next_step(S.PUBLISHED, statement_made=True) is None
