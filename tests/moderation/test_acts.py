"""The other acts of the check: the addressee, other bodies, the media, restoring, taking down, sending."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from petitions.db import reading
from petitions.errors import Gone, NotFound
from petitions.identity.sessions import GUEST
from petitions.law.states import ClockKind, Event, State
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.advance import NotNow
from petitions.lifecycle.visibility import find
from petitions.moderation import actions
from petitions.moderation.actions import BadChoice
from petitions.moderation.grounds import Ground
from petitions.moderation.queries import unanswered
from petitions.moderation.wording import BadWording
from tests import making
from tests.conftest import Database
from tests.moderation.people import MODERATOR, REASONS, SENIOR, acts_on

HOUR = timedelta(hours=1)


def clock_of(petition_id: int, kind: ClockKind) -> lifecycle.ClockRow:
    with reading() as session:
        return next(c for c in reversed(lifecycle.clocks(session, petition_id)) if c.kind == kind)


def last(petition_id: int) -> lifecycle.TransitionRow:
    with reading() as session:
        return lifecycle.transitions(session, petition_id)[-1]


def test_a_petition_to_the_government_is_redirected_to_the_competent_body(database: Database) -> None:
    petition_id = making.a_filed_petition(addressee="government")
    before, after = making.a_ministry(), making.a_ministry("dsm")
    actions.redirect(petition_id, after, "Денсаулық сақтау мәселесі.", by=MODERATOR, at=making.AT + HOUR)
    with reading() as session:
        assert lifecycle.standing(session, petition_id).body_id == after
    assert last(petition_id).event == Event.REDIRECTED
    assert last(petition_id).details == {"from_body": before, "to_body": after}


def test_only_another_central_body_can_be_named(sqlite_database: Database) -> None:
    petition_id = making.a_filed_petition(addressee="government")
    for body_id in (making.a_ministry(), making.body_of(making.DISTRICT), 10**9, 10**12):
        with pytest.raises(BadChoice):
            actions.redirect(petition_id, body_id, "Басқа орган құзыретті.", by=MODERATOR, at=making.AT + HOUR)


def test_a_local_petition_keeps_its_addressee(sqlite_database: Database) -> None:
    petition_id = making.a_filed_petition()
    with pytest.raises(NotNow):
        actions.redirect(petition_id, making.a_ministry(), "Басқа орган.", by=MODERATOR, at=making.AT + HOUR)


def test_another_body_is_asked_and_replies_while_the_term_runs_on(database: Database) -> None:
    petition_id, body_id = making.a_filed_petition(), making.a_ministry()
    due_on = clock_of(petition_id, ClockKind.CHECK).due_on
    actions.query_body(petition_id, body_id, "Бұл мәселе құзыретке жата ма?", by=MODERATOR, at=making.AT + HOUR)
    with pytest.raises(BadChoice):
        actions.query_body(petition_id, body_id, "Қайта сұраймыз, жата ма?", by=MODERATOR, at=making.AT + HOUR)
    with reading() as session:
        assert unanswered(session, petition_id) == {body_id}
    actions.record_reply(petition_id, body_id, "Иә, құзыретке жатады.", by=MODERATOR, at=making.AT + 2 * HOUR)
    assert last(petition_id).details == {"body_id": body_id, "answer": "Иә, құзыретке жатады."}
    assert clock_of(petition_id, ClockKind.CHECK).due_on == due_on
    with pytest.raises(BadChoice):
        actions.record_reply(petition_id, body_id, "Тағы бір жауап келді.", by=MODERATOR, at=making.AT + 3 * HOUR)


def test_letters_to_the_media_end_their_term_by_the_day_they_were_sent(database: Database) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    opened_on = making.moment_of(petition_id).date()
    weeks_later = making.moment_of(petition_id) + timedelta(days=30)
    actions.inform_media(
        petition_id,
        ["Егемен Қазақстан", " ", "Казправда"],
        opened_on + timedelta(days=2),
        by=MODERATOR,
        at=weeks_later,
    )
    assert clock_of(petition_id, ClockKind.MEDIA_LETTERS).ending == "met"
    assert last(petition_id).details["media"] == "Егемен Қазақстан; Казправда"
    assert last(petition_id).recorded_at == weeks_later


@pytest.mark.parametrize("days", [-2, 40])
def test_letters_are_of_a_day_between_the_opening_and_today(sqlite_database: Database, days: int) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    opened_at = making.moment_of(petition_id)
    on = opened_at.date() + timedelta(days=days)
    with pytest.raises(BadChoice):
        actions.inform_media(petition_id, ["Хабар"], on, by=MODERATOR, at=opened_at + timedelta(days=30))
    with pytest.raises(BadWording):
        actions.inform_media(petition_id, [" "], opened_at.date(), by=MODERATOR, at=opened_at + HOUR)


def test_a_mistaken_refusal_is_undone_and_the_check_keeps_its_last_day(database: Database) -> None:
    petition_id = making.a_filed_petition()
    due_on = clock_of(petition_id, ClockKind.CHECK).due_on
    actions.refuse(
        petition_id,
        ground=Ground.SUBJECT,
        code="14",
        duplicate_of=None,
        text=REASONS,
        by=MODERATOR,
        at=making.AT + HOUR,
    )
    actions.restore(petition_id, "Тақырып қате көрсетілген.", by=SENIOR, at=making.AT + timedelta(days=3))
    check = clock_of(petition_id, ClockKind.CHECK)
    assert making.state_of(petition_id) == State.CHECKING
    assert check.is_running
    assert check.due_on == due_on
    assert clock_of(petition_id, ClockKind.COURT).ending == "cancelled"
    with reading() as session:
        assert lifecycle.refusal(session, petition_id) is None
    assert acts_on(petition_id) == ["refuse", "restore"]


def test_a_taken_down_petition_is_gone_and_comes_back_as_it_was(database: Database) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    due_on = clock_of(petition_id, ClockKind.COLLECTION).due_on
    at = making.moment_of(petition_id) + HOUR
    actions.take_down(petition_id, issuer="Алматы қаласының соты", number="2-17", on=date(2026, 6, 1), by=SENIOR, at=at)
    with reading() as session, pytest.raises(Gone):
        find(session, str(petition_id), GUEST)
    assert last(petition_id).details == {"act": "Алматы қаласының соты, 01.06.2026, № 2-17"}
    actions.restore(petition_id, "Сот актісінің күші жойылды.", by=SENIOR, at=at + HOUR)
    with reading() as session:
        assert find(session, str(petition_id), GUEST).is_public
        standing = lifecycle.standing(session, petition_id)
    assert standing.state == State.OPEN
    assert standing.is_signable(at + 2 * HOUR)
    assert clock_of(petition_id, ClockKind.COLLECTION).due_on == due_on


@pytest.mark.parametrize("state", [State.CHECKING, State.SUPPORTING, State.LAPSED, State.WITHDRAWN])
def test_only_what_was_published_is_taken_down(sqlite_database: Database, state: State) -> None:
    petition_id = making.a_petition_in(state)
    at = making.moment_of(petition_id) + HOUR
    with pytest.raises(NotNow):
        actions.take_down(petition_id, issuer="Сот", number="1", on=date(2026, 6, 1), by=SENIOR, at=at)
    with pytest.raises(NotNow):
        actions.restore(petition_id, "Қалпына келтіреміз.", by=SENIOR, at=at)


def test_an_order_of_a_day_to_come_takes_nothing_down(sqlite_database: Database) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    at = making.moment_of(petition_id) + HOUR
    with pytest.raises(BadChoice):
        actions.take_down(petition_id, issuer="Сот", number="1", on=at.date() + timedelta(days=2), by=SENIOR, at=at)


def test_a_draft_is_no_business_of_the_check(sqlite_database: Database) -> None:
    petition_id = making.a_draft()
    for number in (petition_id, 999_999, 10**12):
        with pytest.raises(NotFound):
            actions.accept(number, by=MODERATOR, at=making.AT + HOUR)
        with pytest.raises(NotFound):
            actions.look_at_author(number, by=MODERATOR, at=making.AT + HOUR)


def test_every_look_at_the_author_is_recorded_and_shows_no_more_than_the_end_of_the_iin(
    database: Database,
) -> None:
    petition_id = making.a_filed_petition()
    seen = actions.look_at_author(petition_id, by=MODERATOR, at=making.AT + HOUR)
    person = making.people.person("aigul")
    assert seen.full_name.startswith(person.surname)
    assert person.iin.endswith(seen.iin_end)
    assert len(seen.iin_end) == 4
    assert [unit.kato for unit in seen.residence][-1] == person.residence_kato
    assert acts_on(petition_id) == ["look-at-author"]
    assert person.surname not in repr(seen)


def test_opening_a_document_that_only_staff_see_is_recorded(database: Database) -> None:
    from petitions.drafting import actions as drafting
    from petitions.lifecycle.attaching import NewFile

    author = making.a_citizen()
    petition_id = making.a_draft(author, is_representative=True, represented="Асан Үсенов, Алматы қаласы")
    drafting.save(
        petition_id,
        making.answers(is_representative=True, represented="Асан Үсенов, Алматы қаласы"),
        revision=2,
        by=making.citizen(author),
        at=making.AT,
        files=[
            NewFile("authority", "сенімхат.pdf", making.PDF),
            NewFile("attachment", "сурет.pdf", making.PDF),
        ],
    )
    making.file(petition_id, making.AT)
    with reading() as session:
        files = {row.kind: row.id for row in lifecycle.text(session, petition_id).attachments}
    actions.open_file(petition_id, files["attachment"], by=MODERATOR, at=making.AT + HOUR)
    assert acts_on(petition_id) == []
    row, content = actions.open_file(petition_id, files["authority"], by=MODERATOR, at=making.AT + HOUR)
    assert (row.mime, content) == ("application/pdf", making.PDF)
    assert acts_on(petition_id) == ["open-document"]


def test_sending_by_hand_is_ordered_once_and_only_where_the_policy_says_so(database: Database) -> None:
    from petitions.audit import SYSTEM
    from petitions.lifecycle.sending import order_sending
    from petitions.reference.actions import set_policy

    automatic = making.a_petition_in(State.REACHED)
    with pytest.raises(NotNow):
        order_sending(automatic, by=MODERATOR, at=making.moment_of(automatic) + HOUR)
    set_policy("sending_by_hand", "true", "A test of the setting", SYSTEM, making.AT)
    by_hand = making.a_petition_in(State.REACHED, at=making.AT + HOUR)
    at = making.moment_of(by_hand) + HOUR
    order_sending(by_hand, by=MODERATOR, at=at)
    assert clock_of(by_hand, ClockKind.SENDING).ending == "met"
    with pytest.raises(NotNow):
        order_sending(by_hand, by=MODERATOR, at=at + HOUR)
    with reading() as session:
        assert not lifecycle.standing(session, by_hand).is_signable(at + HOUR)
