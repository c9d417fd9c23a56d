"""`flask doctor`: rows, counters and log must say the same; counters are repaired, rows and log never."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from petitions.audit import AuditEntry
from petitions.db import reading, transaction
from petitions.law.states import State
from petitions.log.models import LogTile
from petitions.log.queries import head
from petitions.log.verifier import read_checkpoint
from petitions.signatures.models import Signature
from petitions.tally import queries
from petitions.tally.models import HourlyTally, Tally, TerritoryTally
from petitions.tally.recounting import examine, petitions_joined
from petitions.tally.sealing import BATCH, seal
from tests.making import a_petition_in, citizens, joined, moment_of
from tests.signatures.rows import join_one, take_back

HOUR = timedelta(hours=1)


@pytest.fixture
def petition(database: object) -> int:
    """Seven joinings, one taken back, over two hours and two regions."""
    made = a_petition_in(State.SUPPORTING)
    at = moment_of(made) + HOUR
    joined(made, 5, at)
    one, other = citizens(2)
    join_one(made, one, at + HOUR)
    join_one(made, other, at + HOUR, kato="751110000")
    take_back(made, one, at + HOUR)
    seal(at + HOUR)
    return made


def spoil(statement: sa.Executable) -> None:
    with transaction() as session:
        session.execute(statement)


def findings(petition: int, *, repair: bool = False) -> list[str]:
    return [finding.what for finding in examine(petition, moment_of(petition), repair=repair)]


def test_a_sound_petition_has_no_findings(petition: int):
    assert petition in petitions_joined()
    assert findings(petition) == []


@pytest.mark.parametrize(
    ("spoiled", "what"),
    [
        (sa.update(Tally).values(joinings=Tally.joinings + 1), "joinings"),
        (sa.update(Tally).values(removals=0), "removals"),
        (sa.update(Tally).values(residents=Tally.residents + 1), "residents"),
        (sa.update(TerritoryTally).values(count=TerritoryTally.count + 1), "territory"),
        (sa.delete(HourlyTally), "hour"),
    ],
)
def test_a_counter_that_differs_is_named_and_repaired_with_a_trace(petition: int, spoiled: sa.Executable, what: str):
    spoil(spoiled)
    assert {each.split(" ")[0] for each in findings(petition)} == {what}
    assert findings(petition, repair=True)
    assert findings(petition) == []
    with reading() as session:
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "repair-counters"))
        assert entry.subject == f"petition:{petition}"
        assert all(each.startswith(what) for each in entry.details)
        assert queries.count(session, petition) == 6


def test_wrong_numbers_that_were_signed_are_found_and_signed_anew_over_the_same_leaves(petition: int):
    spoil(sa.update(TerritoryTally).where(TerritoryTally.count > 1).values(count=TerritoryTally.count + 5))
    (citizen,) = citizens(1)
    join_one(petition, citizen, moment_of(petition) + 2 * HOUR)
    seal(moment_of(petition) + 2 * HOUR)
    assert "signed numbers" in findings(petition)
    with reading() as session:
        wrong = read_checkpoint(head(session, petition).note)
    assert findings(petition, repair=True)
    assert findings(petition) == []
    with reading() as session:
        right = read_checkpoint(head(session, petition).note)
    assert (right.size, right.root) == (wrong.size, wrong.root)
    assert right.extensions != wrong.extensions


def test_a_row_that_was_changed_is_found_by_the_log_and_not_repaired(petition: int):
    spoil(
        sa.update(Signature)
        .where(Signature.petition_id == petition, Signature.leaf == 3)
        .values(evidence_sha256="0" * 64)
    )
    assert findings(petition, repair=True) == ["log entry 3"]
    assert findings(petition) == ["log entry 3"]


def test_a_changed_or_missing_tile_is_found(petition: int):
    spoil(sa.update(LogTile).where(LogTile.petition_id == petition).values(hashes=b"\0" * 32 * 8))
    assert findings(petition) == ["log entry 0"]
    spoil(sa.update(LogTile).where(LogTile.petition_id == petition).values(hashes=b"\0" * 32 * 3))
    assert findings(petition) == ["log tiles"]
    spoil(sa.delete(LogTile).where(LogTile.petition_id == petition))
    assert findings(petition) == ["log tiles"]


def test_a_petition_whose_counters_were_tampered_with_holds_up_no_other(petition: int):
    spoil(sa.update(Tally).where(Tally.petition_id == petition).values(joinings=1, removals=0))
    other = a_petition_in(State.SUPPORTING)
    at = moment_of(other) + HOUR
    one, two = citizens(2)
    join_one(petition, one, at)
    join_one(other, two, at)
    assert seal(at) == 1
    assert findings(petition, repair=True)
    assert seal(at) == 1
    assert findings(petition) == []


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(Tally).values(joinings=1, removals=0),
        sa.update(LogTile).values(hashes=b"\0" * 32 * 3),
        sa.delete(LogTile),
    ],
    ids=["counters", "a short tile", "a missing tile"],
)
def test_a_petition_that_cannot_be_sealed_holds_up_no_other_however_many_join_it(
    petition: int, statement: sa.Update | sa.Delete, monkeypatch: pytest.MonkeyPatch
):
    for engine_name in BATCH:
        monkeypatch.setitem(BATCH, engine_name, 3)
    spoil(statement.where(statement.table.c.petition_id == petition))
    other = a_petition_in(State.SUPPORTING)
    at = moment_of(other) + HOUR
    joined(petition, 4, at, sealed=False)
    joined(other, 4, at + HOUR, sealed=False)
    assert seal(at + HOUR) == 4
    with reading() as session:
        assert queries.count(session, other) == 4


def test_the_command_says_what_differs_and_ends_with_one(sqlite_app: Flask):
    petition = a_petition_in(State.SUPPORTING)
    joined(petition, 3, moment_of(petition) + HOUR)
    run = sqlite_app.test_cli_runner().invoke
    assert run(args=["doctor"]).exit_code == 0
    spoil(sa.update(Tally).values(joinings=9))
    told = run(args=["doctor"])
    assert told.exit_code == 1
    assert f"petition {petition}: joinings: 9, should be 3" in told.output
    assert run(args=["doctor", "--repair"]).exit_code == 0
    assert run(args=["doctor"]).exit_code == 0
