"""Joining by the pages: what it means, the exact text, a true signature over it, a receipt."""

from __future__ import annotations

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from petitions import clock, vault
from petitions.db import reading, transaction
from petitions.identity.models import Citizen
from petitions.law.states import State
from petitions.signatures import queries
from petitions.signatures.models import Evidence, Signature
from petitions.signing import challenge, consent, group_commit
from petitions.tally.sealing import seal
from tests.making import AT, a_filed_petition, a_petition_in, joined, law_time, moment_of, refuse
from tests.signatures.rows import policy, rows_in_force, standing


def text_of(response):
    return response.get_data(as_text=True)


def test_a_citizen_joins_and_sees_the_receipt(browser):
    signer = browser()
    assert "Who sees what" in text_of(signer.get(f"petitions/{signer.ref}/joining"))
    answer = signer.join()
    assert answer.status_code == 303
    assert answer.location == f"/en/my-joinings/{signer.petition_id}"
    page = text_of(signer.client.get(answer.location))
    assert "You have joined this petition." in page
    assert "counted within a second or two" in page
    seal(clock.now())
    assert "Counted" in text_of(signer.client.get(answer.location))
    with reading() as session:
        row = session.scalars(sa.select(Signature)).one()
        own = queries.in_force(session, signer.petition_id, signer.citizen_id)
    assert (row.public_name, row.territory_kato) == ("Данияр Ү.", "751710000")
    assert (row.channel, row.consent_version) == ("electronic", consent.VERSION)
    assert own is not None and own.counted


def test_who_cannot_be_told_in_time_is_told_so_and_finds_the_joining_later(browser, monkeypatch):
    monkeypatch.setattr(group_commit, "PATIENCE", 1.0)
    signer = browser()
    form = signer.hidden()
    with transaction(), ThreadPoolExecutor(1) as threads:  # it holds the database's only pen
        answer = threads.submit(signer.bring, form, signer.sign(form)).result()
    assert answer.status_code == 503
    page = text_of(answer)
    assert "You may not have joined" in page
    assert "Nothing was stored" not in page
    until = time.monotonic() + 10
    while rows_in_force(signer.petition_id) == 0 and time.monotonic() < until:
        time.sleep(0.02)
    assert standing(signer.petition_id).title in text_of(signer.get("my-joinings"))


def test_the_text_signed_is_the_text_shown_and_is_kept_sealed(browser):
    signer = browser()
    form = signer.hidden()
    document = base64.b64decode(form["document"])
    petition = standing(signer.petition_id)
    assert petition.title in document.decode()
    assert petition.text_hash in document.decode()
    assert consent.VERSION in document.decode()
    assert document.decode() in text_of(signer.ask()).replace("&#39;", "'")
    signer.bring(form, signer.sign(form))
    with reading() as session:
        evidence = session.scalars(sa.select(Evidence)).one()
        opened = vault.open_sealed(evidence.sealed, f"evidence:{evidence.petition_id}:{evidence.signature_id}")
    assert petition.text_hash.encode() in opened


def test_without_consent_there_is_no_text_to_sign(browser):
    signer = browser()
    answer = signer.ask(other="1")
    assert answer.status_code == 422
    assert "You can join only if you agree" in text_of(answer)


def test_a_second_joining_is_answered_kindly_with_the_receipt(browser):
    signer = browser()
    form = signer.hidden()
    signature = signer.sign(form)
    signer.bring(form, signature)
    again = signer.bring(form, signature)
    assert again.status_code == 303
    assert "You have already joined this petition" in text_of(signer.client.get(again.location))
    page = signer.get(f"petitions/{signer.ref}/joining")
    assert page.status_code == 200
    assert "See your receipt" in text_of(page)
    assert signer.ask().status_code == 422
    assert rows_in_force(signer.petition_id) == 1


def test_another_persons_signature_is_refused(browser):
    signer = browser()
    form = signer.hidden()
    answer = signer.bring(form, signer.sign(form, person="aigul"))
    assert answer.status_code == 422
    assert "belongs to another person" in text_of(answer)
    assert rows_in_force(signer.petition_id) == 0


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("expired", "has expired"),
        ("revoked", "has been revoked"),
        ("organisation", "employee of an organisation"),
        ("authentication", "for signing in"),
    ],
)
def test_a_wrong_certificate_is_refused_with_its_reason(browser, kind, said):
    signer = browser()
    form = signer.hidden()
    answer = signer.bring(form, signer.sign(form, kind=kind))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert rows_in_force(signer.petition_id) == 0


def test_a_signature_over_another_text_is_refused(browser):
    signer = browser()
    form = signer.hidden()
    other = form | {"document": base64.b64encode(b"I join another petition.").decode()}
    answer = signer.bring(form, signer.sign(other))
    assert answer.status_code == 422
    assert "another text" in text_of(answer)


@pytest.mark.parametrize("signature", ["", "no base64!", base64.b64encode(b"no CMS").decode(), "A" * 200_000])
def test_what_is_no_signature_is_refused_and_never_an_error(browser, signature):
    signer = browser()
    answer = signer.bring(signer.hidden(), signature)
    assert answer.status_code == 422
    assert rows_in_force(signer.petition_id) == 0


@pytest.mark.parametrize("token", ["", "forged", "W10.aaaa.bbbb"])
def test_a_forged_challenge_is_refused(browser, token):
    signer = browser()
    form = signer.hidden()
    answer = signer.bring(form | {"challenge": token}, signer.sign(form))
    assert answer.status_code == 409
    assert "Begin again" in text_of(answer)


def test_a_challenge_belongs_to_one_citizen_and_one_session(browser):
    signer, other = browser(), browser("olga")
    form = signer.hidden()
    assert other.bring(form, signer.sign(form)).status_code == 409
    same_person_elsewhere = browser()
    assert same_person_elsewhere.bring(form, signer.sign(form)).status_code == 409
    assert rows_in_force(signer.petition_id) == 0


def test_a_challenge_belongs_to_one_petition(browser):
    signer = browser()
    elsewhere = browser("daniyar", a_petition_in(State.OPEN))
    form = signer.hidden()
    elsewhere.client = signer.client
    assert elsewhere.bring(form, signer.sign(form)).status_code == 409


def test_a_challenge_lives_fifteen_minutes_of_real_time(browser, monkeypatch):
    signer = browser()
    form = signer.hidden()
    signature = signer.sign(form)
    monkeypatch.setattr(challenge, "LIFE_SECONDS", -1)
    assert signer.bring(form, signature).status_code == 409


def test_a_signature_is_spent_once_its_joining_was_withdrawn(browser):
    signer = browser()
    form = signer.hidden()
    signature = signer.sign(form)
    signer.bring(form, signature)
    signer.withdraw()
    assert signer.bring(form, signature).status_code == 409
    assert rows_in_force(signer.petition_id) == 0


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("foreigner", "Only citizens of Kazakhstan"),
        ("stateless", "Only citizens of Kazakhstan"),
        ("minor", "when you come of age"),
        ("unknown", "does not know your citizenship"),
    ],
)
def test_who_may_not_join_is_told_why_and_nothing_is_stored(browser, person, said):
    signer = browser(person)
    page = signer.get(f"petitions/{signer.ref}/joining")
    assert page.status_code == 200
    assert said in text_of(page)
    assert "Nothing was stored" in text_of(page)
    assert signer.ask().status_code == 422


def test_when_the_registry_is_down_the_citizen_is_asked_to_try_again(browser):
    signer = browser("down")
    page = text_of(signer.get(f"petitions/{signer.ref}/joining"))
    assert "Try again" in page
    assert "does not answer" in page


def test_facts_that_have_grown_old_are_asked_again_on_the_page_and_not_on_the_post(browser):
    signer = browser()
    form = signer.hidden()
    later = signer.at + timedelta(days=3)
    law_time(later)
    assert signer.bring(form, signer.sign(form)).status_code == 503
    assert signer.get(f"petitions/{signer.ref}/joining").status_code == 200
    with reading() as session:
        assert session.get_one(Citizen, signer.citizen_id).registry_checked_at >= later
    signer.at = later
    assert signer.join().status_code == 303


def test_a_local_petition_may_be_for_residents_only_by_policy(browser):
    policy("local_joining", "residents", AT)
    signer = browser()
    assert "registered in the unit" in text_of(signer.get(f"petitions/{signer.ref}/joining"))
    with transaction() as session:
        session.get_one(Citizen, signer.citizen_id).residence_kato = standing(signer.petition_id).territory_kato
    assert signer.join().status_code == 303


def test_signing_begun_before_the_end_has_no_grace(browser):
    signer = browser()
    end = standing(signer.petition_id).closes_at
    law_time(end - timedelta(minutes=5))
    signer.get(f"petitions/{signer.ref}/joining")
    form = signer.hidden()
    signer.at = end - timedelta(minutes=4)
    signature = signer.sign(form)
    law_time(end)
    answer = signer.bring(form, signature)
    assert answer.status_code == 409
    assert "Joining this petition is closed" in text_of(answer)
    assert "closed" in text_of(signer.get(f"petitions/{signer.ref}/joining"))
    assert rows_in_force(signer.petition_id) == 0


def test_a_link_only_petition_is_joined_by_its_link_and_not_by_its_number(browser):
    signer = browser()
    assert signer.get(f"petitions/{signer.petition_id}/joining").status_code == 404
    assert signer.join().status_code == 303
    assert signer.ref in text_of(signer.get("my-joinings"))


def test_an_open_petition_is_joined_by_its_number(browser):
    signer = browser("olga", a_petition_in(State.OPEN))
    assert signer.ref == str(signer.petition_id)
    assert signer.join().status_code == 303


def test_the_author_counts_only_by_joining(browser):
    author = browser("aigul")
    assert rows_in_force(author.petition_id) == 0
    assert author.join().status_code == 303
    assert rows_in_force(author.petition_id) == 1


def test_a_guest_is_asked_to_sign_in_first(browser):
    signer = browser()
    guest = signer.client.application.test_client()
    answer = guest.get(f"/en/petitions/{signer.ref}/joining")
    assert answer.status_code == 302
    assert "sign-in" in answer.location
    assert guest.post(f"/en/petitions/{signer.ref}/joinings").status_code == 403


def test_no_page_of_joining_is_kept_by_anybody(browser):
    signer = browser()
    for answer in (signer.get(f"petitions/{signer.ref}/joining"), signer.ask(), signer.get("my-joinings")):
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_speaks_three_languages(browser, language):
    signer = browser()
    path = f"/{language}/petitions/{signer.ref}/joining"
    assert signer.client.get(path).status_code == 200
    assert signer.client.post(path, data={"consent": "y"}).status_code == 200
    signer.join()
    for page in (
        "my-joinings",
        f"my-joinings/{signer.petition_id}",
        f"my-joinings/{signer.petition_id}/withdrawal",
    ):
        assert signer.client.get(f"/{language}/{page}").status_code == 200


def test_the_fiftieth_joining_by_the_pages_opens_the_petition(browser):
    signer = browser()
    joined(signer.petition_id, 49, moment_of(signer.petition_id))
    signer.join()
    seal(clock.now())
    assert standing(signer.petition_id).state == State.OPEN


def test_the_page_of_joining_does_not_name_what_its_refusal_hides(browser):
    signer = browser()
    hidden = a_filed_petition(at=AT)
    refuse(hidden, AT + timedelta(hours=1), hides_text=True)
    page = text_of(signer.get(f"petitions/{hidden}/joining"))
    assert "Joining this petition is closed." in page
    assert standing(hidden).title not in page
