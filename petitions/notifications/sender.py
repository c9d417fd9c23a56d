"""Sending what waits. A dead mail server loses nothing: the letter is tried again, later and later."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from flask import current_app, g, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from petitions import clock, mail, outbox
from petitions.db import retried, transaction
from petitions.law.states import Event
from petitions.notifications.letters import INVALIDATED, LETTERS

log = logging.getLogger(__name__)

A_RUN = 50
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True)
class Due:
    """A letter claimed by this process."""

    id: int
    key: str
    kind: str
    language: str
    to: str
    facts: dict[str, object]
    files: Mapping[str, str] = field(default_factory=dict)  # attached, by name


def send_due(at: datetime) -> int:
    """Send the letters that are due, in real time; returns how many the mail server took."""
    sent = 0
    for _turn in range(A_RUN):
        letter = _claim(clock.real_now())
        if letter is None:
            break
        try:
            mail.send(compose(_opened(letter)))
        except (OSError, smtplib.SMTPException, InvalidTag, LookupError, ValueError) as error:
            log.warning("letter %s waits: %s", letter.id, type(error).__name__)
            continue
        _mark_sent(letter.id, clock.real_now())
        sent += 1
    return sent


def compose(due: Due) -> EmailMessage:
    """The letter in its reader's language: plain text and the same as HTML."""
    config = current_app.extensions["config"]
    with force_locale(due.language):
        g.lang = due.language
        subject, template, facts = _content(due, config.base_url)
        shared = {
            "site_name": config.site_name_in(due.language),
            "base_url": config.base_url,
            "lang": due.language,
            "subject": subject,
        }
        message = EmailMessage()
        message["Subject"] = subject
        message["From"] = config.mail_from
        message["To"] = due.to
        message["Date"] = formatdate()
        # The same letter sent twice after a crash has the same id: mail programs show it once.
        message["Message-ID"] = f"<{due.key.replace(':', '.')}@{config.base_url.split('//')[-1].split(':')[0]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(render_template(f"emails/{template}.txt", **shared, **facts))
        message.add_alternative(render_template(f"emails/{template}.html", **shared, **facts), subtype="html")
    for name, text in due.files.items():
        # as bytes: a proof is checked to the last line end
        message.add_attachment(
            text.encode(), maintype="text", subtype="plain", filename=name, params={"charset": "utf-8"}
        )
    return message


def _content(due: Due, base_url: str) -> tuple[str, str, dict[str, object]]:
    if due.kind == "confirm-email":
        link = f"{base_url}{due.facts['path']}"
        return _("Confirm your e-mail address"), "confirm_email", {"link": link}
    if due.kind == "invitation":
        link = f"{base_url}{due.facts['path']}"
        return _("Your staff account"), "invitation", {"link": link}
    if due.kind == "receipt":
        own = f"{base_url}/{due.language}"
        links = {"link": f"{own}/{due.facts['path']}", "verify": f"{own}/verify"}
        return _("The receipt of your joining"), "receipt", {**due.facts, **links}
    if due.kind == "invalidated":
        link = f"{base_url}/{due.language}/{due.facts['path']}"
        return str(INVALIDATED.subject), "invalidated", {**due.facts, "words": str(INVALIDATED.words), "link": link}
    letter = LETTERS[Event(str(due.facts["event"]))]
    if letter is None:
        raise LookupError("only events with a letter are queued")
    link = f"{base_url}/{due.language}/{due.facts['path']}"
    words = {"words": str(letter.words), "title": due.facts["title"], "link": link}
    return str(letter.subject), "transition", words


@retried
def _claim(now: datetime) -> outbox.Email | None:
    """Take one letter: its next try is moved on first, so that a crash while sending only delays it.

    It is opened afterwards: one that cannot be opened must not stand before all others for ever.
    """
    with transaction() as session:
        letter = session.scalars(
            sa.select(outbox.Email)
            .where(outbox.Email.sent_at.is_(None), outbox.Email.next_try_at <= now)
            .order_by(outbox.Email.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if letter is None:
            return None
        letter.attempts += 1
        letter.next_try_at = now + min(FIRST_PAUSE * 2 ** min(letter.attempts, 12), LONGEST_PAUSE)
        return letter


def _opened(letter: outbox.Email) -> Due:
    to, facts = outbox.unseal(letter)
    files = facts.pop("files", {})
    return Due(letter.id, letter.key, letter.kind, letter.language, to, facts, files)


@retried
def _mark_sent(letter_id: int, now: datetime) -> None:
    with transaction() as session:
        session.execute(sa.update(outbox.Email).where(outbox.Email.id == letter_id).values(sent_at=now, sealed=None))
