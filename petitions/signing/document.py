"""The exact text a citizen signs. The same petition, consent and moment always give the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from petitions.law.working_days import ZONE
from petitions.lifecycle.text import normal
from petitions.signing import consent


@dataclass(frozen=True)
class JoiningText:
    """What the text names. It is written in the petition's own language, whatever the pages speak."""

    petition_id: int
    title: str
    text_hash: str
    language: str
    began_at: datetime
    consent_version: str = consent.VERSION

    def document(self) -> bytes:
        """UTF-8, NFC, lines ended by LF. No personal data: who signs is in the signature."""
        with force_locale(self.language):
            lines = self._lines()
        return (normal("\n".join(lines)) + "\n").encode()

    def _lines(self) -> list[str]:
        signed_on = f"{self.began_at.astimezone(ZONE):%d.%m.%Y %H:%M:%S}"
        return [
            _("Joining a petition"),
            "",
            _("Petition number: %(number)s", number=str(self.petition_id)),
            _("Title: %(title)s", title=" ".join(self.title.split())),
            _("SHA-256 of the petition's text: %(hash)s", hash=self.text_hash),
            "",
            _("I have read this petition and I join it."),
            *consent.sentences(),
            "",
            _("Version of the consent: %(version)s", version=self.consent_version),
            _("Date and time (UTC+5): %(moment)s", moment=signed_on),
        ]
