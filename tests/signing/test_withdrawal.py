"""Taking one's joining back: while collecting, counted out, never erased."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from petitions import clock, db, vault
from petitions.db import reading
from petitions.law.states import ClockKind, Event, State
from petitions.law.working_days import end_of_day
from petitions.sealed_columns import ACT_EVIDENCE
from petitions.signatures.models import ActEvidence, Signature
from petitions.signatures.writer import NotSigned
from petitions.signing import consent
from petitions.signing.actions import WithdrawalClosed
from petitions.signing.queries import own_joinings
from petitions.tally import queries as tally
from petitions.tally.sealing import seal
from tests.making import (
    AT,
    AT_2024_EDITION,
    a_petition_in,
    citizens,
    go_on,
    joined,
    law_time,
    moment_of,
    record,
    refuse,
    state_of,
)
from tests.signatures.rows import clock as term
from tests.signatures.rows import join_one, policy, rows_in_force, standing
from tests.signing.conftest import hidden_of
from tests.statements import statements_asked

HOUR = timedelta(hours=1)


def test_a_joining_is_withdrawn_after_being_asked_and_can_be_made_again(browser):
    signer = browser()
    signer.join()
    address = f"my-joinings/{signer.petition_id}/withdrawal"
    assert "Keep it" in signer.get(address).get_data(as_text=True)
    assert rows_in_force(signer.petition_id) == 1
    answer = signer.withdraw()
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
    signer.withdraw()
    assert signer.join().status_code == 303
    assert rows_in_force(signer.petition_id) == 1


def test_withdrawing_twice_changes_nothing_more(browser):
    signer = browser()
    signer.join()
    form = hidden_of(signer.ask_to_withdraw())
    signature = signer.sign(form)
    assert signer.bring_withdrawal(form, signature).status_code == 303
    again = signer.bring_withdrawal(form, signature)  # the answer was lost: what is done is not called undone
    assert again.status_code == 303 and "Withdrawn on" in signer.client.get(again.location).text
    assert signer.ask_to_withdraw().status_code == 303
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


def test_ones_joinings_cost_as_many_queries_however_many_they_are_and_tell_who_is_late(sqlite_database):
    (citizen,) = citizens(1)
    asked = []
    for number in (1, 1, 3):  # the first to fill what is kept between requests
        for _ in range(number):
            petition = a_petition_in(State.OPEN)
            join_one(petition, citizen, moment_of(petition) + HOUR)
            while state_of(petition) is not State.EXAMINATION:
                go_on(petition, State.EXAMINATION)
        at = moment_of(petition) + timedelta(days=90)  # the sweep has marked nothing yet
        with statements_asked(db.reading_engine()) as statements, db.reading() as session:
            lines = own_joinings(session, citizen, at)
        assert all("has not answered in time" in line.comes for line in lines)
        asked.append(len(statements))
    assert asked[1] == asked[2]


def test_a_title_hidden_by_its_refusal_is_not_shown(browser):
    petition = a_petition_in(State.SUPPORTING, at=AT - 365 * 24 * HOUR)
    signer = browser("olga", petition)
    signer.join()
    joined(petition, 49, signer.at + HOUR)
    refuse(petition, signer.at + 2 * HOUR, hides_text=True)
    assert standing(petition).title not in signer.get("my-joinings").get_data(as_text=True)


def test_withdrawing_can_be_forbidden_by_policy(database, hand):
    policy("withdraw_signature", "not_allowed", AT)
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    at = moment_of(petition) + HOUR
    join_one(petition, citizen, at)
    with pytest.raises(WithdrawalClosed):
        hand.withdraw_joining(petition, citizen, at + HOUR)
    assert rows_in_force(petition) == 1


def test_withdrawing_ends_with_the_last_moment_of_collecting(database, hand):
    petition, signers = a_petition_in(State.SUPPORTING), citizens(2)
    end = standing(petition).closes_at
    for citizen in signers:
        join_one(petition, citizen, end - HOUR)
    hand.withdraw_joining(petition, signers[0], end - timedelta(microseconds=1))
    for citizen in signers:
        with pytest.raises(WithdrawalClosed):
            hand.withdraw_joining(petition, citizen, end)
    assert rows_in_force(petition) == 1


def test_in_the_2024_edition_a_joining_can_be_withdrawn_as_long_as_support_gathers_on_paper(database, hand):
    """Joining on the site ends after ten working days; the number still grows by paper for ten more."""
    petition, signers = a_petition_in(State.SUPPORTING, at=AT_2024_EDITION), citizens(2)
    for citizen in signers:
        join_one(petition, citizen, moment_of(petition) + HOUR)
    end = end_of_day(term(petition, ClockKind.SUPPORT).due_on)
    assert standing(petition).closes_at < end
    hand.withdraw_joining(petition, signers[0], standing(petition).closes_at)
    assert rows_in_force(petition) == 1
    with pytest.raises(WithdrawalClosed):
        hand.withdraw_joining(petition, signers[1], end)
    hand.withdraw_joining(petition, signers[1], end - timedelta(microseconds=1))
    assert rows_in_force(petition) == 0


def test_who_never_joined_has_nothing_to_withdraw(database, hand):
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    with pytest.raises(NotSigned):
        hand.withdraw_joining(petition, citizen, moment_of(petition) + HOUR)


def test_a_withdrawal_is_signed_and_its_evidence_kept(browser):
    signer = browser()
    signer.join()
    law_time(signer.at + HOUR)
    form = hidden_of(signer.ask_to_withdraw())
    text = base64.b64decode(form["document"]).decode()
    petition = standing(signer.petition_id)
    assert all(said in text for said in (petition.title, petition.text_hash, str(petition.id), consent.VERSION))
    assert rows_in_force(signer.petition_id) == 1
    signature = signer.sign(form)
    signer.bring_withdrawal(form, signature)
    with reading() as session:
        kept = session.scalars(sa.select(ActEvidence)).one()
        joining = session.scalars(sa.select(Signature)).one()
    opened = json.loads(vault.open_sealed(kept.sealed, ACT_EVIDENCE.context(petition_id=kept.petition_id, id=kept.id)))
    assert (opened["text"], opened["cms"]) == (text, signature)
    assert (kept.act, kept.citizen_id, kept.signature_id) == ("withdraw", signer.citizen_id, joining.id)
    assert (kept.revocation, kept.evidence_sha256) == (
        "pending",
        hashlib.sha256(base64.b64decode(signature)).hexdigest(),
    )


@pytest.mark.parametrize(
    ("person", "kind", "said"), [("aigul", "personal", "another person"), ("", "expired", "expired")]
)
def test_a_withdrawal_that_is_not_ones_own_is_refused(browser, person, kind, said):
    signer = browser()
    signer.join()
    law_time(signer.at + HOUR)
    form = hidden_of(signer.ask_to_withdraw())
    answer = signer.bring_withdrawal(form, signer.sign(form, person=person, kind=kind))
    assert answer.status_code == 422
    assert said in answer.text and "Not withdrawn" in answer.text
    assert rows_in_force(signer.petition_id) == 1


def test_a_signature_for_joining_withdraws_nothing(browser):
    signer = browser()
    form = signer.hidden()
    signature = signer.sign(form)
    signer.bring(form, signature)
    law_time(signer.at + HOUR)
    asked = hidden_of(signer.ask_to_withdraw())
    assert signer.bring_withdrawal(asked, signature).status_code == 422
    joining = re.search(r"signing-requests/([a-z]{32})", signer.ask_to_withdraw().text)[1]
    assert signer.bring_withdrawal({"challenge": joining[::-1]}, signature).status_code == 409
    assert rows_in_force(signer.petition_id) == 1


def test_a_withdrawal_signed_before_one_joined_anew_withdraws_nothing(browser):
    signer = browser()
    signer.join()
    law_time(signer.at + HOUR)
    first, second = hidden_of(signer.ask_to_withdraw()), hidden_of(signer.ask_to_withdraw())
    signer.bring_withdrawal(first, signer.sign(first))
    law_time(signer.at + 2 * HOUR)
    signer.join()
    assert signer.bring_withdrawal(second, signer.sign(second)).status_code == 404
    assert rows_in_force(signer.petition_id) == 1
