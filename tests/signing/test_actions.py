"""One signature, one joining, decided by the database on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from petitions.db import transaction
from petitions.identity import services
from petitions.identity.eds import SignatureRefused
from petitions.identity.simulators import people
from petitions.law.states import State
from petitions.signatures import writer
from petitions.signatures.writer import AlreadySigned, Busy
from petitions.signing import actions
from petitions.signing.actions import NotSignable
from petitions.signing.eligibility import CannotTell, NotEligible
from tests.conftest import make_config
from tests.making import DemoRegistry, a_citizen, a_petition_in, moment_of
from tests.signatures.rows import joining, rows_in_force, standing

DOCUMENT = "Петицияға қосыламын.\n".encode()
HOUR = timedelta(hours=1)


@pytest.fixture
def sign(database, authority, tmp_path):
    """Join in the name of a demonstration person, with a true signature over the document."""
    services.configure(make_config(tmp_path, database.url), registry=DemoRegistry())

    def join(petition, person, at, *, citizen_id=None):
        citizen_id = citizen_id or a_citizen(person, at=at)
        cms = authority.sign_detached(people.person(person), DOCUMENT, at=at)
        return actions.join(petition, citizen_id, document=DOCUMENT, cms=cms, began_at=at, at=at)

    return join


def test_ten_threads_of_one_citizen_join_exactly_once(sign):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    citizen_id = a_citizen("olga", at=at)
    together = Barrier(10)

    def attempt(_number: int) -> bool:
        together.wait()
        try:
            sign(petition, "olga", at, citizen_id=citizen_id)
        except AlreadySigned:
            return False
        return True

    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(attempt, range(10))).count(True) == 1
    assert rows_in_force(petition) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_joining_that_cannot_be_done_in_time_is_not_done(sign):
    """The end of a collection waits ten seconds: by then a signing transaction is over, either way."""
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    citizen_id = a_citizen("olga", at=at)
    with transaction() as session:
        writer.append(session, [joining(petition, citizen_id, at)])
        session.flush()
        with ThreadPoolExecutor(1) as threads, pytest.raises(Busy):
            threads.submit(sign, petition, "olga", at, citizen_id=citizen_id).result()
    assert rows_in_force(petition) == 1


def test_the_deadline_is_the_deadline(sign):
    petition = a_petition_in(State.SUPPORTING)
    end = standing(petition).closes_at
    sign(petition, "olga", end - timedelta(microseconds=1))
    with pytest.raises(NotSignable):
        sign(petition, "daniyar", end)
    assert rows_in_force(petition) == 1


@pytest.mark.parametrize("state", [State.CHECKING, State.REFUSED, State.LAPSED, State.SENT, State.RETURNED])
def test_what_is_not_collecting_is_not_joined(sign, state):
    petition = a_petition_in(state)
    with pytest.raises(NotSignable):
        sign(petition, "olga", moment_of(petition) + HOUR)


@pytest.mark.parametrize(
    ("person", "error"),
    [("foreigner", NotEligible), ("minor", NotEligible), ("unknown", NotEligible), ("down", CannotTell)],
)
def test_a_true_signature_of_somebody_who_may_not_join_stores_nothing(sign, person, error):
    petition = a_petition_in(State.SUPPORTING)
    with pytest.raises(error):
        sign(petition, person, moment_of(petition) + HOUR)
    assert rows_in_force(petition) == 0


def test_the_certificate_must_be_of_the_citizen_who_is_signed_in(sign):
    petition = a_petition_in(State.SUPPORTING)
    at = moment_of(petition) + HOUR
    with pytest.raises(SignatureRefused):
        sign(petition, "olga", at, citizen_id=a_citizen("daniyar", at=at))
    assert rows_in_force(petition) == 0


def test_a_joining_that_took_too_long_is_not_kept(sign, database, monkeypatch):
    """The end of a collection waits for a joining no longer than this; only PostgreSQL's may overtake it."""
    petition = a_petition_in(State.SUPPORTING)
    monkeypatch.setattr(writer, "LONGEST", 0.0)
    if database.engine_name == "postgresql":
        with pytest.raises(Busy):
            sign(petition, "olga", moment_of(petition) + HOUR)
        assert rows_in_force(petition) == 0
    else:
        sign(petition, "olga", moment_of(petition) + HOUR)
        assert rows_in_force(petition) == 1
