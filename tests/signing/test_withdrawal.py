"""Taking one's joining back: while collecting, counted out, never erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from petitions import clock
from petitions.db import reading
from petitions.law.states import Event, State
from petitions.signatures.writer import NotSigned
from petitions.signing import actions
from petitions.signing.actions import WithdrawalClosed
from petitions.tally import queries as tally
from petitions.tally.sealing import seal
from tests.making import AT, a_petition_in, citizens, joined, law_time, moment_of, record, refuse
from tests.signatures.rows import join_one, policy, rows_in_force, standing

HOUR = timedelta(hours=1)


def test_a_joining_is_withdrawn_after_being_asked_and_can_be_made_again(browser):
    signer = browser()
    signer.join()
    address = f"my-joinings/{signer.petition_id}/withdrawal"
    assert "Keep it" in signer.get(address).get_data(as_text=True)
    assert rows_in_force(signer.petition_id) == 1
    answer = signer.client.post(f"/en/{address}")
    assert answer.status_code == 303
    page = signer.client.get(answer.location).get_data(as_text=True)
    assert "Withdrawn on" in page
    assert "Join again" in page
    seal(clock.now())
    with reading() as session:
        assert tally.count(session, signer.petition_id) == 0
    law_time(signer.at + HOUR)
    assert signer.join().status_code == 303
    assert rows_in_force(signer.petition_id) == 1
    assert signer.get("my-joinings").get_data(as_text=True).count("Joined on") == 2


def test_who_changes_their_mind_within_one_second_joins_again(browser):
    signer = browser()
    signer.join()
    law_time((signer.at + HOUR).replace(microsecond=0))
    signer.client.post(f"/en/my-joinings/{signer.petition_id}/withdrawal")
    assert signer.join().status_code == 303
    assert rows_in_force(signer.petition_id) == 1


def test_withdrawing_twice_changes_nothing_more(browser):
    signer = browser()
    signer.join()
    for _time in range(2):
        assert signer.client.post(f"/en/my-joinings/{signer.petition_id}/withdrawal").status_code == 303
    assert rows_in_force(signer.petition_id) == 0


def test_nobody_sees_or_withdraws_the_joining_of_another(browser):
    signer, other = browser(), browser("olga")
    signer.join()
    for address in (f"my-joinings/{signer.petition_id}", f"my-joinings/{signer.petition_id}/withdrawal"):
        assert other.get(address).status_code == 404
    assert other.client.post(f"/en/my-joinings/{signer.petition_id}/withdrawal").status_code == 404
    assert other.get(f"my-joinings/{10**30}").status_code == 404
    assert rows_in_force(signer.petition_id) == 1


def test_after_the_end_of_collecting_nothing_is_withdrawn(browser):
    signer = browser()
    signer.join()
    law_time(standing(signer.petition_id).closes_at)
    address = f"/en/my-joinings/{signer.petition_id}/withdrawal"
    assert "nothing to withdraw" in signer.client.get(address).get_data(as_text=True)
    assert signer.client.post(address).status_code == 409
    assert rows_in_force(signer.petition_id) == 1


def test_own_joinings_say_where_each_petition_stands(browser):
    signer = browser("olga", a_petition_in(State.OPEN))
    signer.join()
    record(signer.petition_id, Event.TAKEN_DOWN, signer.at + HOUR, act="Court order No 1")
    page = signer.get("my-joinings").get_data(as_text=True)
    assert f"Petition No {signer.petition_id}" in page
    assert standing(signer.petition_id).title not in page


def test_a_title_hidden_by_its_refusal_is_not_shown(browser):
    petition = a_petition_in(State.SUPPORTING, at=AT - 365 * 24 * HOUR)
    signer = browser("olga", petition)
    signer.join()
    joined(petition, 49, signer.at + HOUR)
    refuse(petition, signer.at + 2 * HOUR, hides_text=True)
    assert standing(petition).title not in signer.get("my-joinings").get_data(as_text=True)


def test_withdrawing_can_be_forbidden_by_policy(database):
    policy("withdraw_signature", "not_allowed", AT)
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    at = moment_of(petition) + HOUR
    join_one(petition, citizen, at)
    with pytest.raises(WithdrawalClosed):
        actions.withdraw(petition, citizen, at=at + HOUR)
    assert rows_in_force(petition) == 1


def test_withdrawing_ends_with_the_last_moment_of_collecting(database):
    petition, signers = a_petition_in(State.SUPPORTING), citizens(2)
    end = standing(petition).closes_at
    for citizen in signers:
        join_one(petition, citizen, end - HOUR)
    actions.withdraw(petition, signers[0], at=end - timedelta(microseconds=1))
    with pytest.raises(WithdrawalClosed):
        actions.withdraw(petition, signers[1], at=end)
    with pytest.raises(WithdrawalClosed):
        actions.withdraw(petition, signers[0], at=end)
    assert rows_in_force(petition) == 1


def test_who_never_joined_has_nothing_to_withdraw(database):
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    with pytest.raises(NotSigned):
        actions.withdraw(petition, citizen, at=moment_of(petition) + HOUR)
