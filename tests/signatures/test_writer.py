"""At most one joining in force per petition and citizen: the database decides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from petitions import vault
from petitions.db import Base, reading
from petitions.law.states import State
from petitions.signatures import queries
from petitions.signatures.models import Evidence, Removal, Signature
from petitions.signatures.writer import AlreadySigned, NotSigned, new_id
from tests.making import AT, a_petition_in, citizens
from tests.signatures.rows import join_one, rows_in_force, take_back

LATER = AT + timedelta(hours=3)


def test_a_citizen_cannot_sign_twice(database):
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    join_one(petition, citizen, LATER)
    with pytest.raises(AlreadySigned):
        join_one(petition, citizen, LATER)
    assert rows_in_force(petition) == 1


def test_ten_threads_of_one_citizen_make_one_joining(database):
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    together = Barrier(10)

    def attempt(_number: int) -> bool:
        together.wait()
        try:
            join_one(petition, citizen, LATER)
        except AlreadySigned:
            return False
        return True

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(attempt, range(10)))
    assert answers.count(True) == 1
    assert rows_in_force(petition) == 1


def test_who_withdrew_may_join_again_and_history_keeps_both(database):
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    first = join_one(petition, citizen, LATER)
    assert take_back(petition, citizen, LATER + timedelta(minutes=1)) == first
    second = join_one(petition, citizen, LATER + timedelta(minutes=2))
    with reading() as session:
        own = queries.of_citizen(session, citizen, petition_id=petition)
        assert [one.id for one in own] == [second, first]
        assert queries.in_force(session, petition, citizen).id == second
        assert queries.before(session, [citizen])[petition, citizen] == queries.Before(
            True, LATER + timedelta(minutes=1)
        )
        assert session.scalars(sa.select(Removal.signature_id)).all() == [first]


def test_ten_threads_that_withdraw_make_one_removal(database):
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    join_one(petition, citizen, LATER)
    together = Barrier(10)

    def attempt(_number: int) -> bool:
        together.wait()
        try:
            take_back(petition, citizen, LATER + timedelta(minutes=1))
        except NotSigned:
            return False
        return True

    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(attempt, range(10))).count(True) == 1


def test_nobody_withdraws_what_they_never_joined(database):
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    with pytest.raises(NotSigned):
        take_back(petition, citizen, LATER)


def test_evidence_opens_only_in_its_own_place(database):
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    signature = join_one(petition, citizen, LATER)
    with reading() as session:
        sealed = session.get_one(Evidence, (petition, signature)).sealed
    assert b"cms" not in sealed
    assert "Мәтін".encode() in vault.open_sealed(sealed, f"evidence:{petition}:{signature}")
    with pytest.raises(Exception):  # noqa: B017 - cryptography's InvalidTag
        vault.open_sealed(sealed, f"evidence:{petition + 1}:{signature}")


def test_the_newest_signers_come_first_without_those_who_withdrew(database):
    petition, signers = a_petition_in(State.SUPPORTING), citizens(3)
    for minute, citizen in enumerate(signers):
        join_one(petition, citizen, LATER + timedelta(minutes=minute))
    take_back(petition, signers[1], LATER + timedelta(hours=1))
    with reading() as session:
        times = [one.signed_at for one in queries.newest_signers(session, petition)]
    assert times == [LATER + timedelta(minutes=2), LATER]


def test_ids_sort_by_time():
    assert new_id(AT) < new_id(AT + timedelta(milliseconds=1))
    assert len(new_id(AT)) == 32


@pytest.mark.parametrize("table", [Signature, Removal, Evidence])
def test_tables_that_grow_with_signers_can_be_spread_by_petition(table: type[Base]):
    """Every unique key begins with the petition (D8)."""
    keys = [list(table.__table__.primary_key.columns)]
    keys += [list(c.columns) for c in table.__table__.constraints if isinstance(c, sa.UniqueConstraint)]
    keys += [list(index.columns) for index in table.__table__.indexes if index.unique]
    assert all(columns[0].name == "petition_id" for columns in keys)
