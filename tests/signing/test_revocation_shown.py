"""What a signer reads of the certificate: while it is asked about, when it is confirmed, and when it was revoked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from petitions import clock, outbox
from petitions.db import reading
from petitions.identity import services
from petitions.identity.eds import ocsp, signer_chain
from petitions.identity.eds.ocsp_answer import Answer, read_answer
from petitions.identity.simulators import ocsp as service
from petitions.identity.simulators.authority import SimulatedAuthority, Status
from petitions.notifications.sender import Due, compose
from petitions.signatures import revocation
from tests.signing.conftest import Signer

OpenBrowser = Callable[..., Signer]


@pytest.fixture
def ask(authority: SimulatedAuthority) -> Callable[[Status], int]:
    """Let the authority answer this about everybody who joined."""

    def all_of_them(status: Status) -> int:
        def one(cms: bytes) -> Answer:
            certificate, issuer = signer_chain(cms, services.trust())
            asked, now = ocsp.question(certificate, issuer), clock.real_now()
            encoded = service.answer(ocsp.request_of(asked), authority, lambda _serial: status, now)
            return read_answer(encoded, asked, issuer, now)

        settled = 0
        while done := revocation.ask_authority(one, clock.now(), now=clock.real_now()):
            settled += done
        return settled

    return all_of_them


def page_of(signer: Signer) -> str:
    return signer.get(f"my-joinings/{signer.petition_id}").text


def test_a_joining_is_accepted_while_the_authority_is_asked(browser: OpenBrowser) -> None:
    signer = browser("daniyar")
    signer.join()
    page = page_of(signer)
    assert "You have joined this petition." in page
    assert "is still being asked whether it was valid; your joining counts meanwhile" in page


def test_who_withdrew_does_not_read_that_the_joining_counts(browser: OpenBrowser) -> None:
    signer = browser("daniyar")
    signer.join()
    signer.withdraw()
    assert "counts meanwhile" not in page_of(signer)


def test_a_confirmed_certificate_is_said_to_be_so(browser: OpenBrowser, ask: Callable[..., int]) -> None:
    signer = browser("daniyar")
    signer.join()
    assert ask(Status("good"))
    assert "Certificate confirmed" in page_of(signer)


def test_who_is_counted_out_reads_why_on_the_page_in_the_inbox_and_in_a_letter(
    browser: OpenBrowser, ask: Callable[..., int], sqlite_app: Flask
) -> None:
    signer = browser("daniyar")
    signer.join()
    assert ask(Status("revoked", signer.at))
    page = page_of(signer)
    assert "had been revoked before you joined. This joining does not count." in page
    assert "Removed on" in page and "Withdrawn on" not in page
    assert "Join again" in page
    inbox = signer.get("inbox").text
    assert "Your joining does not count" in inbox
    assert f"/en/my-joinings/{signer.petition_id}" in inbox
    assert "Removed on" in signer.get("my-joinings").text
    with reading() as session, sqlite_app.app_context():
        letter = session.query(outbox.Email).filter_by(kind="invalidated").one()
        to, facts = outbox.unseal(letter)
        sent = compose(Due(letter.id, letter.key, letter.kind, "en", to, facts))
    text = sent.get_body(("plain",))
    assert text is not None
    assert f"/en/my-joinings/{signer.petition_id}" in text.get_content()
    assert sent["Subject"] == "Your joining does not count"
