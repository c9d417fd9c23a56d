"""Joinings on paper: entered by one, confirmed by another, asked of the registry, counted once and all at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from petitions import vault
from petitions.audit import AuditEntry
from petitions.db import reading, transaction
from petitions.errors import DomainError, NotFound
from petitions.identity.models import Citizen
from petitions.identity.person_registry import RegistryDown
from petitions.law.states import State
from petitions.law.working_days import end_of_day, local_date, start_of_day
from petitions.lifecycle.attaching import BadFile, NewFile
from petitions.sealed_columns import EVIDENCE
from petitions.signatures import writer
from petitions.signatures.models import Evidence, PaperLine, PaperSheet, Signature
from petitions.signatures.paper import Outcome, SheetState
from petitions.signing import sheet_queries, sheets
from petitions.signing.sheet_lines import Doubtful, Typed
from tests import making
from tests.making_sheets import (
    Eyes,
    a_scan,
    a_sheet,
    an_entered_sheet,
    crowd,
    joined_on_paper,
    line_of,
    two_pairs_of_eyes,
)
from tests.signatures.rows import join_one, policy, rows_in_force, standing, take_back

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def eyes(database: object) -> Eyes:
    making.use_demo_registry()
    return two_pairs_of_eyes()


@pytest.fixture
def petition(eyes: Eyes) -> int:
    """One that gathers supporters, its link active since Monday 1 June 2026."""
    return making.a_petition_in(State.SUPPORTING)


def sheet_of(petition: int, sheet_id: str) -> sheet_queries.SheetView:
    with reading() as session:
        return sheet_queries.sheet(session, petition, sheet_id)


def signatures(petition: int) -> list[Signature]:
    with reading() as session:
        return list(
            session.scalars(sa.select(Signature).where(Signature.petition_id == petition).order_by(Signature.id))
        )


def count_of(table: Any) -> int:
    with reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_confirmed_sheet_is_joinings_of_the_day_it_was_received(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + 3 * DAY
    received_on = local_date(at - DAY)
    sheet_id = an_entered_sheet(petition, crowd(2), eyes, at=at, received_on=received_on)
    assert signatures(petition) == []
    outcomes = sheets.confirm(petition, sheet_id, by=eyes.other, at=at + HOUR)
    assert outcomes == {1: Outcome.COUNTED, 2: Outcome.COUNTED}
    made = signatures(petition)
    assert {(one.channel, one.consent_version, one.signed_at) for one in made} == {
        ("written", "written", start_of_day(received_on))
    }
    who = making.people.person("person-001")
    assert (who.public_name, who.residence_kato) in {(one.public_name, one.territory_kato) for one in made}
    seen = sheet_of(petition, sheet_id)
    assert (seen.state, seen.counted) == (SheetState.CONFIRMED, 2)


def test_what_is_registered_on_its_day_counts_from_that_moment(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + DAY
    joined_on_paper(petition, crowd(1), eyes, at=at)
    assert [one.signed_at for one in signatures(petition)] == [at]


def test_the_evidence_names_the_line_and_the_scan_and_waits_for_no_authority(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    sheet_id = an_entered_sheet(petition, ["olga"], eyes, at=at)
    sheets.confirm(petition, sheet_id, by=eyes.other, at=at)
    with reading() as session:
        (kept,) = session.scalars(sa.select(Evidence))
        key = {"petition_id": petition, "signature_id": kept.signature_id}
        text = vault.open_sealed(kept.sealed, EVIDENCE.context(**key)).decode()
        assert (kept.revocation, kept.ask_at) == (None, None)
    seen = sheet_of(petition, sheet_id)
    for words in ("joining on paper", seen.scan_sha256, "line 1", seen.reference):
        assert words in text


def test_who_typed_a_sheet_in_does_not_confirm_it(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    sheet_id = an_entered_sheet(petition, crowd(1), eyes, at=at)
    with pytest.raises(sheets.SameEyes):
        sheets.confirm(petition, sheet_id, by=eyes.one, at=at)
    assert signatures(petition) == []


def test_a_sheet_is_confirmed_once(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    sheet_id = an_entered_sheet(petition, crowd(2), eyes, at=at)
    sheets.confirm(petition, sheet_id, by=eyes.other, at=at)
    with pytest.raises(sheets.SheetMovedOn):
        sheets.confirm(petition, sheet_id, by=eyes.other, at=at)
    assert rows_in_force(petition) == 2


def test_lines_typed_in_anew_while_the_registry_is_asked_are_not_confirmed_unseen(
    petition: int, eyes: Eyes, monkeypatch: pytest.MonkeyPatch
):
    at = making.moment_of(petition) + HOUR
    sheet_id = an_entered_sheet(petition, ["olga"], eyes, at=at)
    ask = sheets.sheet_lines.look_up

    def slowly(lines: Any) -> Any:
        sheets.send_back(petition, sheet_id, "Басқа адам.", by=eyes.one, at=at)
        sheets.enter(petition, sheet_id, [line_of("daniyar")], by=eyes.one, at=at)
        return ask(lines)

    monkeypatch.setattr(sheets.sheet_lines, "look_up", slowly)
    with pytest.raises(sheets.SheetMovedOn):
        sheets.confirm(petition, sheet_id, by=eyes.other, at=at)
    assert signatures(petition) == []


def test_who_joined_on_the_site_is_not_counted_again(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    join_one(petition, making.a_citizen("daniyar"), at)
    outcomes = joined_on_paper(petition, ["daniyar", "olga"], eyes, at=at + HOUR)
    assert outcomes == {1: Outcome.ALREADY, 2: Outcome.COUNTED}
    assert rows_in_force(petition) == 2


def test_who_joined_on_paper_cannot_join_on_the_site_as_well(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    joined_on_paper(petition, ["daniyar"], eyes, at=at)
    with pytest.raises(writer.AlreadySigned):
        join_one(petition, making.a_citizen("daniyar"), at + HOUR)
    assert joined_on_paper(petition, ["daniyar"], eyes, at=at + HOUR) == {1: Outcome.ALREADY}


def test_a_person_who_stands_on_a_sheet_twice_is_counted_once(petition: int, eyes: Eyes):
    outcomes = joined_on_paper(petition, ["olga", None, "olga"], eyes, at=making.moment_of(petition) + HOUR)
    assert list(outcomes.values()) == [Outcome.COUNTED, Outcome.UNREADABLE, Outcome.REPEATED]


@pytest.mark.parametrize(
    ("person", "outcome"),
    [
        ("minor", Outcome.TOO_YOUNG),
        ("foreigner", Outcome.NOT_A_CITIZEN),
        ("stateless", Outcome.NOT_A_CITIZEN),
        ("unknown", Outcome.NOBODY),
    ],
)
def test_who_may_not_join_is_not_counted_and_nothing_of_them_is_kept(
    petition: int, eyes: Eyes, person: str, outcome: Outcome
):
    known = count_of(Citizen)
    outcomes = joined_on_paper(petition, [person, "olga"], eyes, at=making.moment_of(petition) + HOUR)
    assert outcomes == {1: outcome, 2: Outcome.COUNTED}
    assert count_of(Citizen) == known + 1


def test_only_residents_count_where_the_policy_says_so(petition: int, eyes: Eyes):
    policy("local_joining", "residents", making.AT)
    assert joined_on_paper(petition, ["aigul"], eyes, at=making.moment_of(petition) + HOUR) == {
        1: Outcome.NOT_A_RESIDENT
    }


def test_lines_that_may_be_mistyped_are_looked_at_again_before_anything_counts(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    olga = line_of("olga")
    sheet_id = an_entered_sheet(petition, ["daniyar", Typed(olga.iin, "Басқа", "Біреу"), "unknown"], eyes, at=at)
    with pytest.raises(Doubtful) as told:
        sheets.confirm(petition, sheet_id, by=eyes.other, at=at)
    assert told.value.lines == ((2, Outcome.OTHER_NAME), (3, Outcome.NOBODY))
    assert (signatures(petition), sheet_of(petition, sheet_id).state) == ([], SheetState.ENTERED)
    outcomes = sheets.confirm(petition, sheet_id, despite_doubts=True, by=eyes.other, at=at)
    assert outcomes == {1: Outcome.COUNTED, 2: Outcome.OTHER_NAME, 3: Outcome.NOBODY}


def test_while_the_registry_is_silent_nothing_is_counted_and_the_sheet_waits(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    known = count_of(Citizen)
    sheet_id = an_entered_sheet(petition, ["olga", "down", *crowd(10)], eyes, at=at)
    with pytest.raises(RegistryDown):
        sheets.confirm(petition, sheet_id, by=eyes.other, at=at)
    assert (signatures(petition), count_of(Citizen)) == ([], known)
    assert sheet_of(petition, sheet_id).state == SheetState.ENTERED


def test_who_withdrew_after_the_sheet_came_has_withdrawn_this_joining_too(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + DAY
    citizen = making.a_citizen("olga")
    join_one(petition, citizen, at)
    sheet_id = an_entered_sheet(petition, ["olga"], eyes, at=at)
    take_back(petition, citizen, at + HOUR)
    assert sheets.confirm(petition, sheet_id, by=eyes.other, at=at + 2 * HOUR) == {1: Outcome.WITHDRAWN}
    assert joined_on_paper(petition, ["olga"], eyes, at=at + DAY) == {1: Outcome.COUNTED}


def test_a_joining_struck_out_as_invalid_is_made_good_by_paper_and_never_counts_twice(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + DAY
    join_one(petition, making.a_citizen("olga"), at)
    sheet_id = an_entered_sheet(petition, ["olga"], eyes, at=at)
    with transaction() as session:
        (joining,) = session.scalars(sa.select(Signature))
        writer.remove(session, joining, at + HOUR, "invalidated")
    assert sheets.confirm(petition, sheet_id, by=eyes.other, at=at + 2 * HOUR) == {1: Outcome.COUNTED}
    assert [one.signed_at for one in signatures(petition) if one.withdrawn_at is None] == [at + HOUR]


def test_a_rejected_sheet_counts_nothing_and_keeps_its_reason(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    sheet_id = an_entered_sheet(petition, crowd(3), eyes, at=at)
    with pytest.raises(sheets.BadSheet):
        sheets.reject(petition, sheet_id, "  ", by=eyes.one, at=at)
    sheets.reject(petition, sheet_id, "Мөр жоқ.", by=eyes.one, at=at)
    seen = sheet_of(petition, sheet_id)
    assert (seen.state, seen.note, signatures(petition)) == (SheetState.REJECTED, "Мөр жоқ.", [])
    with pytest.raises(sheets.SheetMovedOn):
        sheets.confirm(petition, sheet_id, by=eyes.other, at=at)


def test_a_sheet_that_was_mistyped_is_corrected_and_then_confirmed_by_the_other(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    sheet_id = an_entered_sheet(petition, ["olga", "daniyar"], eyes, at=at)
    sheets.send_back(petition, sheet_id, "Екінші жол", by=eyes.other, at=at)
    assert [line for _number, line in sheets.look_at_lines(petition, sheet_id, by=eyes.other, at=at)] == [
        line_of("olga"),
        line_of("daniyar"),
    ]
    sheets.enter(petition, sheet_id, [line_of("olga"), None], by=eyes.other, at=at)
    with pytest.raises(sheets.SameEyes):
        sheets.confirm(petition, sheet_id, by=eyes.other, at=at)
    assert sheets.confirm(petition, sheet_id, by=eyes.one, at=at) == {1: Outcome.COUNTED, 2: Outcome.UNREADABLE}


def test_a_line_needs_a_true_iin_and_names(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    sheet_id = a_sheet(petition, 2, eyes, at=at)
    good = line_of("olga")
    wrong = Typed(f"{good.iin[:11]}{(int(good.iin[11]) + 1) % 10}", "", "Ольга")
    with pytest.raises(sheets.BadLines) as told:
        sheets.enter(petition, sheet_id, [good, wrong], by=eyes.one, at=at)
    assert [(place, field) for place, field, _message in told.value.problems] == [(1, "iin"), (1, "surname")]
    assert count_of(PaperLine) == 0
    with pytest.raises(sheets.SheetMovedOn):
        sheets.enter(petition, sheet_id, [good], by=eyes.one, at=at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": 1}, "received_on"),
        ({"days": -4}, "received_on"),
        ({"lines": 0}, "lines"),
        ({"lines": 101}, "lines"),
        ({"reference": " "}, "reference"),
        ({"scan": NewFile("scan", "a.png", b"GIF89a")}, "scan"),
        ({"scan": NewFile("scan", "a.png", b"")}, "scan"),
        ({"scan": NewFile("scan", "a.pdf", b"%PDF-" + b"0" * (5 * 1024 * 1024))}, "scan"),
    ],
)
def test_a_sheet_that_cannot_be_is_not_registered(petition: int, eyes: Eyes, changes: dict[str, Any], field: str):
    at = making.moment_of(petition) + 3 * DAY
    given = {"reference": "ПП-0", "lines": 1, "scan": a_scan(), **changes}
    received_on = local_date(at) + timedelta(days=given.pop("days", 0))
    with pytest.raises((sheets.BadSheet, BadFile)) as told:
        sheets.register(petition, sheets.Received(received_on=received_on, **given), by=eyes.one, at=at)
    assert told.value.field == field
    assert count_of(PaperSheet) == 0


def test_the_same_paper_is_registered_once_unless_it_was_rejected(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    first = sheets.Received("ПП-1", local_date(at), 1, a_scan())
    sheet_id = sheets.register(petition, first, by=eyes.one, at=at)
    for again, field in (
        (sheets.Received("ПП-1", local_date(at), 1, a_scan()), "reference"),
        (sheets.Received("ПП-2", local_date(at), 1, first.scan), "scan"),
    ):
        with pytest.raises(sheets.BadSheet) as told:
            sheets.register(petition, again, by=eyes.one, at=at)
        assert told.value.field == field
    sheets.reject(petition, sheet_id, "Сканы анық емес.", by=eyes.one, at=at)
    sheets.register(petition, sheets.Received("ПП-2", local_date(at), 1, first.scan), by=eyes.one, at=at)


@pytest.mark.parametrize("state", [State.CHECKING, State.REFUSED, State.LAPSED, State.RETURNED, State.DRAFT])
def test_only_a_petition_that_gathers_joinings_takes_sheets(eyes: Eyes, state: State):
    petition = making.a_petition_in(state)
    at = making.moment_of(petition) + HOUR if state is not State.DRAFT else making.AT
    with pytest.raises(sheets.BadSheet) as told:
        a_sheet(petition, 1, eyes, at=at)
    assert told.value.field == "petition"


@pytest.mark.parametrize("number", [0, 10**9, 10**30])
def test_a_sheet_of_no_petition_is_refused(eyes: Eyes, number: int):
    with pytest.raises(sheets.BadSheet):
        a_sheet(number, 1, eyes, at=making.AT)
    with pytest.raises(NotFound):
        sheets.open_scan(number, "1", by=eyes.one, at=making.AT)


def test_a_sheet_of_the_last_day_counts_and_one_confirmed_after_the_wait_does_not(petition: int, eyes: Eyes):
    end = standing(petition).closes_at
    assert end is not None
    last_day = end - HOUR
    counted, late = (an_entered_sheet(petition, [one], eyes, at=last_day) for one in crowd(2))
    assert sheets.confirm(petition, counted, by=eyes.other, at=end + 2 * DAY) == {1: Outcome.COUNTED}
    with pytest.raises(sheets.TooLate):
        sheets.confirm(petition, late, by=eyes.other, at=end + 3 * DAY)
    assert rows_in_force(petition) == 1


def test_a_sheet_received_before_the_sending_is_counted_beside_it(eyes: Eyes):
    petition = making.a_petition_in(State.OPEN)
    at = making.moment_of(petition) + DAY
    sheet_id = an_entered_sheet(petition, crowd(2), eyes, at=at)
    making.joined(petition, 10, at + HOUR)
    making._send(petition, at + 2 * HOUR)
    assert making.state_of(petition) == State.SENT
    assert len(sheets.confirm(petition, sheet_id, by=eyes.other, at=at + 3 * HOUR)) == 2
    assert rows_in_force(petition) == 62
    with pytest.raises(sheets.BadSheet):
        a_sheet(petition, 1, eyes, at=at + 3 * HOUR)


def test_the_scan_and_the_lines_are_sealed_and_who_looked_is_recorded(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    scan = a_scan()
    received = sheets.Received("ПП-1", local_date(at), 1, scan)
    sheet_id = sheets.register(petition, received, by=eyes.one, at=at)
    sheets.enter(petition, sheet_id, [line_of("olga")], by=eyes.one, at=at)
    assert sheets.open_scan(petition, sheet_id, by=eyes.other, at=at) == ("image/png", scan.content)
    sheets.look_at_lines(petition, sheet_id, by=eyes.other, at=at)
    sheets.confirm(petition, sheet_id, by=eyes.other, at=at)
    iin = line_of("olga").iin
    with reading() as session:
        (sheet,) = session.scalars(sa.select(PaperSheet))
        (line,) = session.scalars(sa.select(PaperLine))
        entries = list(session.scalars(sa.select(AuditEntry).where(AuditEntry.actor_kind == "staff")))
    assert scan.content not in sheet.scan_sealed
    assert iin.encode() not in (line.sealed or b"")
    acts = ["register-sheet", "enter-sheet", "open-sheet-scan", "look-at-sheet", "confirm-sheet"]
    assert [entry.act for entry in entries if "sheet" in entry.act] == acts
    assert not any(iin in str(entry.details) or "Ольга" in str(entry.details) for entry in entries)


def test_no_error_repeats_what_was_typed(petition: int, eyes: Eyes):
    at = making.moment_of(petition) + HOUR
    sheet_id = an_entered_sheet(petition, ["unknown"], eyes, at=at)
    with pytest.raises(DomainError) as told:
        sheets.confirm(petition, sheet_id, by=eyes.other, at=at)
    who = line_of("unknown")
    assert who.iin not in str(told.value.message) + repr(told.value)
    assert who.iin not in repr(who)


def test_the_window_ends_with_its_last_day(petition: int, eyes: Eyes):
    end = standing(petition).closes_at
    assert end is not None
    assert end == end_of_day(local_date(end - HOUR))
    at = end + HOUR
    with pytest.raises(sheets.BadSheet) as told:
        a_sheet(petition, 1, eyes, at=at)
    assert told.value.field == "received_on"
    a_sheet(petition, 1, eyes, at=at, received_on=local_date(end - HOUR))
