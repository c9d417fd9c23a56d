"""From a legal step to a letter in somebody's hands: over a real mail server, never lost, never doubled."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask

from petitions import clock, mail, outbox
from petitions.db import reading, transaction
from petitions.law.states import Event, State
from petitions.lifecycle.models import Transition
from petitions.notifications import queries
from petitions.notifications.actions import mark_seen
from petitions.notifications.fan_out import announce
from petitions.notifications.letters import LETTERS
from petitions.notifications.sender import send_due
from tests import making
from tests.making import AT


class Mailbox:
    """What the mail server was handed; ``refuses`` makes it say no."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 try again later"
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append(cast(EmailMessage, letter))
        return "250 OK"


@pytest.fixture
def mailbox(app: Flask, tmp_path: Path) -> Iterator[Mailbox]:
    """A real SMTP server on loopback, and the application that writes to it."""
    box = Mailbox()
    port = _free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    mail.configure(f"smtp://127.0.0.1:{port}", tmp_path)
    with app.app_context():
        yield box
    server.stop()


def waiting() -> int:
    with reading() as session:
        unsent = sa.select(sa.func.count()).select_from(outbox.Email).where(outbox.Email.sent_at.is_(None))
        return session.scalar(unsent) or 0


def retry_now() -> None:
    with transaction() as session:
        session.execute(sa.update(outbox.Email).values(next_try_at=clock.real_now() - timedelta(seconds=1)))


def announce_all() -> None:
    while announce(AT):
        pass


def test_the_author_gets_a_letter_for_each_step_that_has_one(mailbox: Mailbox) -> None:
    petition_id = making.a_petition_in(State.REFUSED)
    announce_all()
    assert send_due(AT) == len(mailbox.letters) == 2
    filed, refused = mailbox.letters
    assert filed["To"] == refused["To"] == "aigul@example.kz"
    with reading() as session:
        events = session.scalars(sa.select(Transition.event).where(Transition.petition_id == petition_id)).all()
    assert set(events) == {Event.FILED, Event.REFUSED}


def test_a_letter_is_written_in_its_readers_language_as_text_and_html(mailbox: Mailbox) -> None:
    making.a_filed_petition()
    announce_all()
    send_due(AT)
    letter = mailbox.letters[0]
    text = letter.get_body(("plain",))
    page = letter.get_body(("html",))
    assert text is not None and page is not None
    assert "петиция" in text.get_content().lower(), "Kazakh is the citizen's language here"
    assert 'lang="kk"' in page.get_content()


def test_announcing_twice_writes_once(mailbox: Mailbox) -> None:
    making.a_filed_petition()
    announce_all()
    assert announce(AT) == 0
    assert waiting() == 1


def test_a_crash_between_announcing_and_marking_writes_once(mailbox: Mailbox) -> None:
    """The same transition announced again, as after a lost mark, finds its letter written."""
    making.a_filed_petition()
    announce_all()
    with transaction() as session:
        session.execute(sa.update(Transition).values(announced_at=None))
    announce_all()
    assert waiting() == 1


def test_sending_twice_sends_once(mailbox: Mailbox) -> None:
    making.a_filed_petition()
    announce_all()
    assert send_due(AT) == 1
    retry_now_of_sent = send_due(AT)
    assert retry_now_of_sent == 0 and len(mailbox.letters) == 1


def test_a_server_that_refuses_loses_nothing(mailbox: Mailbox) -> None:
    making.a_filed_petition()
    announce_all()
    mailbox.refuses = True
    assert send_due(AT) == 0
    assert waiting() == 1
    assert send_due(AT) == 0, "it waits for its next try"
    mailbox.refuses = False
    retry_now()
    assert send_due(AT) == 1
    assert len(mailbox.letters) == 1 and waiting() == 0


def test_a_dead_server_loses_nothing(mailbox: Mailbox, tmp_path: Path) -> None:
    making.a_filed_petition()
    announce_all()
    mail.configure("smtp://127.0.0.1:9", tmp_path)
    assert send_due(AT) == 0
    assert waiting() == 1


def test_a_sent_letter_keeps_no_address(mailbox: Mailbox) -> None:
    making.a_filed_petition()
    announce_all()
    send_due(AT)
    with reading() as session:
        letter = session.scalars(sa.select(outbox.Email)).one()
    assert letter.sealed is None and letter.sent_at is not None


def test_an_author_who_changes_the_address_still_gets_the_notice_at_the_filed_one(mailbox: Mailbox) -> None:
    author_id = making.a_citizen("daniyar")
    petition_id = making.a_filed_petition(author_id)
    making.a_citizen("daniyar", email=False)
    announce_all()
    assert send_due(AT) == 1
    assert mailbox.letters[0]["To"] == "daniyar@example.kz"
    with reading() as session:
        assert [notice.petition_id for notice in queries.inbox(session, author_id)] == [petition_id]


def test_before_opening_a_letter_links_to_the_authors_own_list(mailbox: Mailbox) -> None:
    petition_id = making.a_filed_petition()
    announce_all()
    send_due(AT)
    text = mailbox.letters[0].get_body(("plain",))
    assert text is not None
    assert "/my-petitions" in text.get_content()
    assert f"/petitions/{petition_id}" not in text.get_content()


def test_a_signer_hears_in_the_inbox_of_what_came_after_joining(mailbox: Mailbox) -> None:
    petition_id = making.a_petition_in(State.OPEN, kato=making.SETTLEMENT)
    signers = making.joined(petition_id, 10, making.moment_of(petition_id) + timedelta(hours=1))
    with reading() as session:
        letters = [notice.letter for notice in queries.inbox(session, signers[0])]
    assert LETTERS[Event.THRESHOLD_REACHED] in letters
    assert LETTERS[Event.FILED] not in letters


def test_what_was_seen_is_no_longer_new(mailbox: Mailbox) -> None:
    author_id = making.a_citizen()
    making.a_filed_petition(author_id)
    with reading() as session:
        assert queries.unread(session, author_id) == 1
    mark_seen(author_id, AT + timedelta(days=1))
    with reading() as session:
        assert queries.unread(session, author_id) == 0
        assert not queries.inbox(session, author_id)[0].is_new


def test_every_letter_can_be_composed_in_every_language(mailbox: Mailbox) -> None:
    from petitions.notifications.sender import Due, compose

    for event, letter in LETTERS.items():
        for language in ("kk", "ru", "en"):
            if letter is None:
                continue
            facts: dict[str, object] = {"event": str(event), "title": "Т", "path": "petitions/1"}
            message = compose(Due(1, "transition:1", "transition", language, "a@example.kz", facts))
            assert message["Subject"]


def test_a_server_that_offers_encryption_never_gets_a_letter_in_clear(app: Flask, tmp_path: Path) -> None:
    """Its certificate here is nobody's, so the letter waits: it is not sent the other way instead."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=_free_port(), tls_context=_tls_of_nobody(tmp_path))
    server.start()
    mail.configure(f"smtp://127.0.0.1:{server.port}", tmp_path)
    with app.app_context():
        making.a_filed_petition()
        announce_all()
        assert send_due(AT) == 0
    server.stop()
    assert box.letters == [] and waiting() == 1


def test_a_letter_that_cannot_be_opened_holds_up_no_other(mailbox: Mailbox) -> None:
    making.a_filed_petition()
    announce_all()
    with transaction() as session:
        session.execute(sa.update(outbox.Email).values(sealed=b"\x01 of another key"))
    making.a_filed_petition()
    announce_all()
    assert send_due(AT) == 1
    assert waiting() == 1


def test_the_inbox_does_not_name_what_was_taken_down(mailbox: Mailbox) -> None:
    author_id = making.a_citizen()
    petition_id = making.a_petition_in(State.OPEN, author_id=author_id, kato=making.SETTLEMENT)
    signers = making.joined(petition_id, 10, making.moment_of(petition_id) + timedelta(hours=1))
    making.record(petition_id, Event.TAKEN_DOWN, making.moment_of(petition_id), act="Court order No 1")
    with reading() as session:
        assert {notice.title for notice in queries.inbox(session, signers[0])} == {""}
        assert all(notice.title for notice in queries.inbox(session, author_id))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tls_of_nobody(folder: Path) -> ssl.SSLContext:
    """A server's TLS with a certificate that no authority made."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = clock.real_now()
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    file = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
