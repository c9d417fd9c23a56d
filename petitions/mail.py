"""The last step of a message: over SMTP, or into the instance's outbox folder where no server is named."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

TIMEOUT_SECONDS = 10

_smtp_url: str | None = None
_folder: Path | None = None


def configure(smtp_url: str | None, folder: Path) -> None:
    """``smtp://[user:password@]host:port`` (STARTTLS when offered), ``smtps://`` for TLS from the start."""
    global _smtp_url, _folder
    _smtp_url, _folder = smtp_url, folder


def send(message: EmailMessage) -> None:
    """Hand one message over. Raises OSError or smtplib.SMTPException when it could not be handed over."""
    if _smtp_url is None:
        _drop(message)
        return
    parts = urlsplit(_smtp_url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 25, timeout=TIMEOUT_SECONDS) as server:
        server.ehlo_or_helo_if_needed()  # what a server offers is known only after the greeting
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _drop(message: EmailMessage) -> None:
    if _folder is None:
        raise OSError("mail.configure was not called")
    _folder.mkdir(parents=True, exist_ok=True)
    (_folder / f"{uuid4().hex}.eml").write_bytes(message.as_bytes())
