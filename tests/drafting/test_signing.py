"""Filing and taking a petition back are signed: over the exact text, by the author, and the evidence is kept."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from petitions import vault
from petitions.db import reading, transaction
from petitions.drafting import actions, consent
from petitions.drafting.actions import StaleRevision
from petitions.identity.eds import SignatureRefused
from petitions.identity.models import Citizen
from petitions.law.states import State
from petitions.lifecycle import filing, queries
from petitions.lifecycle.filing import Incomplete
from petitions.lifecycle.models import Petition
from petitions.lifecycle.text import text_hash
from petitions.sealed_columns import ACT_EVIDENCE
from petitions.signatures.acts import Signed
from petitions.signatures.models import ActEvidence
from tests import making
from tests.making import AT, answers, citizen
from tests.making_signatures import Hand

pytestmark = pytest.mark.usefixtures("database")

LATER = AT + timedelta(minutes=3)
CONSENT = {"2026-1": "9552c49abc5028f4"}


def begun(author_id: int) -> tuple[int, int, bytes]:
    """A draft whose text is shown for signing: its id, its revision, the text."""
    petition_id = making.a_draft(author_id)
    with reading() as session:
        revision = session.get_one(Petition, petition_id).revision
    document, _language = actions.begin_filing(petition_id, revision=revision, by=citizen(author_id), at=AT)
    return petition_id, revision, document


def evidence() -> list[ActEvidence]:
    with reading() as session:
        return list(session.scalars(sa.select(ActEvidence)))


def test_the_text_names_the_petition_its_hash_the_act_and_the_consent(hand: Hand) -> None:
    petition_id, _revision, document = begun(making.a_citizen())
    with reading() as session:
        petition = session.get_one(Petition, petition_id)
        digest = text_hash(filing.canonical(petition))
    text = document.decode()
    for said in (str(petition_id), petition.title or "", digest, filing.CONSENT_VERSION, "01.06.2026 11:00:00"):
        assert said in text
    assert text.endswith("\n") and "\r" not in text


def test_a_changed_sentence_of_consent_is_a_new_version() -> None:
    """Each filing names the version it was made under: a text that changed must not keep its name."""
    said = "\n".join(sentence._args[0] for sentence in consent.SENTENCES)
    assert hashlib.sha256(said.encode()).hexdigest()[:16] == CONSENT[filing.CONSENT_VERSION]


def test_who_signs_files_and_the_evidence_is_sealed_with_the_act(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id, revision, document = begun(author_id)
    signed = hand.signed(author_id, document, AT)
    actions.file(petition_id, signed=signed, by=citizen(author_id), at=LATER, revision=revision)
    (kept,) = evidence()
    assert (kept.act, kept.petition_id, kept.citizen_id, kept.signature_id) == ("file", petition_id, author_id, None)
    assert (kept.signed_at, kept.ask_at, kept.revocation) == (LATER, LATER, "pending")
    assert kept.evidence_sha256 == signed.sha256
    opened = json.loads(vault.open_sealed(kept.sealed, ACT_EVIDENCE.context(petition_id=petition_id, id=kept.id)))
    assert opened["text"] == document.decode()
    with reading() as session:
        petition = queries.standing(session, petition_id)
    assert petition.state == State.CHECKING and petition.text_hash is not None and petition.text_hash in opened["text"]


def test_a_draft_that_changed_after_it_was_shown_is_not_filed(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id, revision, document = begun(author_id)
    actions.save(petition_id, answers(), revision=revision, by=citizen(author_id), at=AT)
    signed = hand.signed(author_id, document, AT)
    for shown in (revision, revision + 1, None):
        with pytest.raises(StaleRevision):
            actions.file(petition_id, signed=signed, by=citizen(author_id), at=LATER, revision=shown)
    assert making.state_of(petition_id) == State.DRAFT and evidence() == []


@pytest.mark.parametrize("kind", ["expired", "revoked", "organisation", "authentication"])
def test_a_certificate_that_does_not_count_files_nothing(hand: Hand, kind: str) -> None:
    author_id = making.a_citizen()
    petition_id, revision, document = begun(author_id)
    signed = hand.signed(author_id, document, AT, kind=kind)  # type: ignore[arg-type]
    with pytest.raises(SignatureRefused):
        actions.file(petition_id, signed=signed, by=citizen(author_id), at=AT, revision=revision)
    assert making.state_of(petition_id) == State.DRAFT and evidence() == []


def test_another_persons_signature_files_nothing(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id, revision, document = begun(author_id)
    signed = hand.signed(making.a_citizen("daniyar"), document, AT)
    with pytest.raises(SignatureRefused) as refused:
        actions.file(petition_id, signed=signed, by=citizen(author_id), at=AT, revision=revision)
    assert refused.value.reason_code == "other-person"
    assert making.state_of(petition_id) == State.DRAFT and evidence() == []


def test_who_lost_the_right_to_file_while_signing_files_nothing(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id, revision, document = begun(author_id)
    signed = hand.signed(author_id, document, AT)
    with transaction() as session:
        session.get_one(Citizen, author_id).citizenship = "KG"
    with pytest.raises(Incomplete):
        actions.file(petition_id, signed=signed, by=citizen(author_id), at=LATER, revision=revision)
    assert evidence() == []


def test_taking_a_petition_back_is_signed_and_kept(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id = making.a_filed_petition(author_id)
    hand.withdraw_petition(petition_id, by=author_id, at=LATER)
    (kept,) = evidence()
    assert (kept.act, kept.petition_id, kept.signature_id) == ("withdraw", petition_id, None)
    assert making.state_of(petition_id) == State.WITHDRAWN


def test_a_signature_over_another_text_takes_nothing_back(hand: Hand) -> None:
    author_id = making.a_citizen()
    petition_id, other = making.a_filed_petition(author_id), making.a_filed_petition(author_id)
    document, _language = actions.begin_withdrawal(other, by=citizen(author_id), at=AT)
    signed = hand.signed(author_id, document, AT)
    with pytest.raises(SignatureRefused):
        actions.withdraw(petition_id, signed=signed, by=citizen(author_id), at=LATER)
    with pytest.raises(SignatureRefused):
        actions.withdraw(other, signed=Signed(document, signed.cms[:-1], AT), by=citizen(author_id), at=LATER)
    assert making.state_of(petition_id) == making.state_of(other) == State.CHECKING
    assert evidence() == []
