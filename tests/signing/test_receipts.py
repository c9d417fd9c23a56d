"""What a signer holds: the promise at once, the receipt when sealed, both believed by the stand-alone verifier."""

from __future__ import annotations

import email
import email.policy
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from petitions import clock, mail, outbox
from petitions.db import reading, transaction
from petitions.identity import services
from petitions.identity.actions import confirm_email, forget_email, set_email
from petitions.law.states import State
from petitions.lifecycle.models import Petition
from petitions.log import keys, verifier
from petitions.notifications.sender import send_due
from petitions.signing import receipts
from petitions.tally.sealing import seal
from tests.conftest import make_config
from tests.making import AT, a_petition_in, joined, law_time, moment_of
from tests.signatures.rows import standing


@pytest.fixture
def signer(browser):
    """A citizen who has just joined; nothing is sealed yet."""
    signer = browser()
    assert signer.join().status_code == 303
    return signer


def text_of(response) -> str:
    assert response.status_code == 200, response.status
    return response.get_data(as_text=True)


def own(signer, path: str = ""):
    return signer.get(f"my-joinings/{signer.petition_id}{path}")


def key_of(signer) -> verifier.VerifierKey:
    return verifier.VerifierKey.parse(keys.vkey_of(signer.petition_id))


def proven(signer, path: str = "/proof") -> verifier.Entry:
    """The entry of a receipt as the stand-alone verifier reads it, having checked everything."""
    return verifier.check_receipt(verifier.read_receipt(text_of(own(signer, path))), key_of(signer))


def with_address(citizen_id: int, address: str = "signer@example.kz") -> None:
    """A confirmed address, by the link of the letter that asks for it."""
    confirm_email(set_email(citizen_id, address).rpartition("/")[2], AT)


def letters() -> list[outbox.Email]:
    with reading() as session:
        return list(session.scalars(sa.select(outbox.Email).where(outbox.Email.kind == "receipt")))


def test_the_promise_is_there_before_anything_is_sealed_and_binds_the_site(signer):
    page = text_of(own(signer))
    assert "The signed promise" in page
    assert "It is being made." in page and "Show again" in page
    answer = own(signer, "/promise")
    assert answer.mimetype == "text/plain"
    assert f"promise-{signer.petition_id}.txt" in answer.headers["Content-Disposition"]
    promise = text_of(answer)
    assert promise.split("\n\n")[0].split("\n")[2] in page
    note = verifier.read_note(promise)
    verifier.check_signed(note, key_of(signer))
    seal(clock.now())
    receipt = verifier.read_receipt(text_of(own(signer, "/proof")))
    kind, origin, leaf, _minute = note.text.strip().split("\n")
    assert (kind, origin) == ("promise", receipt.checkpoint.origin)
    assert verifier.decode_base64(leaf) == verifier.leaf_hash(receipt.entry)
    assert text_of(own(signer, "/promise")) == promise


def test_there_is_no_receipt_before_the_tally_has_sealed_and_the_page_is_told_when_it_has(signer):
    assert own(signer, "/sealed.json").get_json() == {"sealed": False}
    assert own(signer, "/proof").status_code == 409
    assert "data-sealed-url" in text_of(own(signer))
    seal(clock.now())
    assert own(signer, "/sealed.json").get_json() == {"sealed": True}
    page = text_of(own(signer))
    assert "entry 0 of the petition" in page and "has 1 entries now" in page
    assert "data-sealed-url" not in page and "js/sealing.js" not in page


def test_a_receipt_proves_the_joining_and_holds_nothing_of_the_signer(signer):
    joined(signer.petition_id, 5, moment_of(signer.petition_id))
    seal(clock.now())
    answer = own(signer, "/proof")
    entry = proven(signer)
    assert isinstance(entry, verifier.Joining)
    assert entry.petition == signer.petition_id
    assert entry.evidence in text_of(own(signer))
    found = re.search(r"filename=(receipt-\d+-\d+\.tlog-proof)", answer.headers["Content-Disposition"])
    assert found and answer.mimetype == "text/plain"
    assert "Данияр" not in text_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_joining_taken_back_has_both_receipts_and_joining_again_has_its_own(signer):
    seal(clock.now())
    signer.withdraw()
    assert own(signer, "/sealed.json").get_json() == {"sealed": False}
    assert "It is being made." in text_of(own(signer))
    seal(clock.now())
    page = text_of(own(signer))
    assert "Entry 1 of the log takes it back" in page
    removal = proven(signer, "/proof/1")
    assert isinstance(removal, verifier.Removal)
    assert (removal.index, removal.reason) == (0, "withdrawn")
    assert isinstance(proven(signer, "/proof/0"), verifier.Joining)

    assert signer.join().status_code == 303
    seal(clock.now())
    assert isinstance(proven(signer, "/proof/2"), verifier.Joining)
    listed = text_of(signer.get("my-joinings"))
    for path in ("proof/0", "proof/1", "proof/2"):
        assert f'href="/en/my-joinings/{signer.petition_id}/{path}"' in listed


def test_nobody_gets_the_receipt_of_somebody_else(signer, browser):
    joined(signer.petition_id, 1, moment_of(signer.petition_id))
    seal(clock.now())
    other = browser("olga", signer.petition_id)
    for path in ("", "/promise", "/proof", "/proof/0", "/sealed.json"):
        assert own(other, path).status_code == 404
    assert own(signer, "/proof/9").status_code == 404
    statuses = {own(signer, f"/proof/{leaf}").status_code for leaf in (0, 1)}
    assert statuses == {200, 404}


def test_the_receipt_comes_by_mail_once_when_the_address_is_confirmed(signer, tmp_path: Path):
    seal(clock.now())
    address = f"/en/my-joinings/{signer.petition_id}/letter"
    assert "Send me the receipt by e-mail" in text_of(own(signer))
    for _press in range(2):
        answer = signer.client.post(address, follow_redirects=True)
        assert "goes to your e-mail address" in text_of(answer)
    assert len(letters()) == 1

    with signer.client.application.app_context():
        assert send_due(clock.now()) == 1
    (file,) = (tmp_path / "outbox").glob("*.eml")
    letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert letter["To"] == "daniyar@example.kz"
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == f"receipt-{signer.petition_id}-0.tlog-proof"
    sent = attached.get_payload(decode=True).decode()
    assert sent == text_of(own(signer, "/proof"))
    verifier.check_receipt(verifier.read_receipt(sent), key_of(signer))
    body = letter.get_body(("plain",)).get_content()
    assert f"/my-joinings/{signer.petition_id}" in body and "/verify" in body
    assert "Данияр" not in file.read_text()


def test_a_letter_with_a_receipt_waits_for_a_mail_server_that_is_down(signer):
    seal(clock.now())
    mail.configure("smtp://127.0.0.1:9", Path())
    assert signer.client.post(f"/en/my-joinings/{signer.petition_id}/letter").status_code == 303
    with signer.client.application.app_context():
        assert send_due(clock.now()) == 0
    (waiting,) = letters()
    assert waiting.sent_at is None and waiting.sealed is not None


def test_without_a_confirmed_address_the_page_says_how_to_add_one_and_nothing_is_mailed(signer):
    seal(clock.now())
    forget_email(signer.citizen_id)
    page = text_of(own(signer))
    assert "Add an address" in page and "Send me the receipt" not in page
    assert signer.client.post(f"/en/my-joinings/{signer.petition_id}/letter").status_code == 422
    assert letters() == []


def test_nothing_is_mailed_before_it_is_sealed(signer):
    assert signer.client.post(f"/en/my-joinings/{signer.petition_id}/letter").status_code == 409
    assert letters() == []


def test_after_a_withdrawal_the_letter_holds_both_receipts(signer):
    seal(clock.now())
    signer.withdraw()
    seal(clock.now())
    signer.client.post(f"/en/my-joinings/{signer.petition_id}/letter")
    (letter,) = letters()
    files = outbox.unseal(letter)[1]["files"]
    assert list(files) == [f"receipt-{signer.petition_id}-{leaf}.tlog-proof" for leaf in (0, 1)]


def test_ten_presses_at_once_write_one_letter(database, tmp_path):
    services.configure(make_config(tmp_path, database.url))
    petition_id = a_petition_in(State.SUPPORTING)
    at = moment_of(petition_id)
    citizen_id = joined(petition_id, 1, at)[0]
    with_address(citizen_id)
    together = Barrier(10)

    def press(_number: int) -> None:
        together.wait()
        receipts.mail(petition_id, citizen_id, at=at, now=clock.real_now())

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(press, range(10)))
    assert len(letters()) == 1


def test_who_has_joined_is_told_so_kindly_even_after_the_end(signer, browser):
    """Two devices: the second signature comes when joining is closed, the first one counts all the same."""
    second = browser("olga", signer.petition_id)
    form = second.hidden()
    signature = second.sign(form)
    assert second.join().status_code == 303
    law_time(standing(signer.petition_id).closes_at)
    answer = second.bring(form, signature)
    assert answer.status_code == 303
    page = text_of(second.client.get(answer.location))
    assert "You have already joined this petition" in page
    assert "Download the promise" in page


def test_a_receipt_outlives_what_became_of_the_petition(signer):
    seal(clock.now())
    before = text_of(own(signer, "/proof"))
    with transaction() as session:
        session.execute(sa.update(Petition).where(Petition.id == signer.petition_id).values(title="Басқа"))
    assert text_of(own(signer, "/proof")) == before
