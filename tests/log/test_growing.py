"""The log of a petition is its sealed rows: complete, provable, nothing personal in it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from petitions.db import reading, transaction
from petitions.errors import NotFound
from petitions.law.states import State
from petitions.log import entries, keys, queries, tree
from petitions.log.models import LogHead, LogTile
from petitions.log.verifier import (
    VerifierKey,
    check_consistency,
    check_receipt,
    leaf_hash,
    read_checkpoint,
    read_receipt,
    root_of,
)
from petitions.signatures.models import Evidence, Removal, Signature
from petitions.tally.models import HourlyTally
from petitions.tally.queries import by_hour, counted, territories_file
from petitions.tally.sealing import grow_logs, seal
from tests.making import SETTLEMENT, a_petition_in, citizens, joined, moment_of
from tests.signatures.rows import join_one, take_back

HOUR = timedelta(hours=1)


def leaves(petition: int) -> list[entries.Leaf]:
    with reading() as session:
        return entries.between(session, petition, 0, queries.size_of(session, petition))


def head(petition: int) -> queries.Head:
    with reading() as session:
        found = queries.head(session, petition)
    assert found is not None
    return found


def own_key(petition: int) -> VerifierKey:
    return VerifierKey.parse(keys.vkey_of(petition))


def test_joinings_and_removals_are_leaves_in_the_order_in_which_they_were_sealed(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    one, other = citizens(2)
    join_one(petition, one, at)
    seal(at)
    join_one(petition, other, at + HOUR)
    take_back(petition, one, at + HOUR)
    seal(at + HOUR)
    kinds = [leaf.entry.decode().split("\n")[0] for leaf in leaves(petition)]
    assert sorted(kinds) == ["joining", "joining", "removal"]
    removal = next(leaf for leaf in leaves(petition) if leaf.kind == entries.REMOVAL)
    assert removal.entry.decode().split("\n")[2] == "0"
    checkpoint = read_checkpoint(head(petition).note)
    assert checkpoint.size == 3
    assert checkpoint.root == root_of([leaf_hash(leaf.entry) for leaf in leaves(petition)])
    assert checkpoint.extensions[0] == "count 2 1"


def test_every_leaf_has_a_receipt_that_verifies_with_the_published_key(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    joined(petition, 5, at)
    for index in range(5):
        with reading() as session:
            text = queries.receipt(session, petition, index)
        check_receipt(read_receipt(text), own_key(petition))


def test_there_is_no_receipt_before_the_tally_has_come_round(database):
    petition = a_petition_in(State.SUPPORTING)
    with reading() as session, pytest.raises(NotFound):
        queries.receipt(session, petition, 0)


def test_a_later_checkpoint_continues_an_earlier_one(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    joined(petition, 3, at)
    before = read_checkpoint(head(petition).note)
    joined(petition, 6, at + HOUR)
    after = read_checkpoint(head(petition).note)
    with reading() as session:
        path = tree.consistency_path(queries.tile_reader(session, petition), before.size, after.size)
    check_consistency(before.size, before.root, after.size, after.root, path)


def test_the_checkpoint_commits_to_the_totals_by_territory(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    for citizen, kato in zip(citizens(3), (SETTLEMENT, SETTLEMENT, None), strict=True):
        join_one(petition, citizen, at, kato=kato)
    seal(at)
    file = head(petition).territories
    assert file == territories_file({SETTLEMENT[:2] + "0000000": 2, "": 1})
    assert f"territories {hashlib.sha256(file.encode()).hexdigest()}" in head(petition).note


def test_hours_are_those_of_the_leaves(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition).replace(minute=59)
    one, other = citizens(2)
    join_one(petition, one, at)
    join_one(petition, other, at + timedelta(minutes=2))
    take_back(petition, one, at + timedelta(minutes=3))
    seal(at + HOUR)
    with reading() as session:
        hours = [(row.joinings, row.removals) for row in by_hour(session, petition)]
    assert hours == [(1, 0), (1, 1)]


def test_erased_people_leave_every_proof_valid(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    joined(petition, 4, at)
    with reading() as session:
        kept = queries.receipt(session, petition, 2)
    with transaction() as session:
        session.execute(sa.delete(Evidence).where(Evidence.petition_id == petition))
        session.execute(sa.update(Signature).where(Signature.petition_id == petition).values(public_name="-"))
    check_receipt(read_receipt(kept), own_key(petition))
    with reading() as session:
        check_receipt(read_receipt(queries.receipt(session, petition, 2)), own_key(petition))


def test_no_leaf_holds_anything_of_a_person(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    (citizen,) = citizens(1)
    join_one(petition, citizen, at)
    seal(at)
    (leaf,) = leaves(petition)
    kind, number, commitment, evidence, minute, end = leaf.entry.decode().split("\n")
    assert (kind, number, end) == ("joining", str(petition), "")
    assert len(commitment) == len(evidence) == 64
    assert minute == at.strftime("%Y-%m-%dT%H:%MZ")


def test_counts_that_are_older_than_the_log_are_brought_into_it(database):
    """An installation that counted before there were logs (migration 0002)."""
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    joined(petition, 5, at)
    note = head(petition).note
    with transaction() as session:
        for table in (LogTile, LogHead, HourlyTally):
            session.execute(sa.delete(table).where(table.petition_id == petition))
    assert grow_logs(at) == 1
    assert head(petition).note == note
    with reading() as session:
        assert sum(row.joinings for row in by_hour(session, petition)) == counted(session, petition).count == 5
    assert grow_logs(at) == 0


def test_a_removal_row_without_a_place_is_not_in_the_log_yet(database):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    (citizen,) = citizens(1)
    join_one(petition, citizen, at)
    seal(at)
    take_back(petition, citizen, at + HOUR)
    assert len(leaves(petition)) == 1
    seal(at + HOUR)
    with reading() as session:
        assert session.scalar(sa.select(Removal.leaf).where(Removal.petition_id == petition)) == 1
    assert len(leaves(petition)) == 2
