"""The exact text a citizen signs. The same petition, consent and moment always give the same bytes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.engine import Engine

from petitions.db import reading, reading_engine
from petitions.errors import NotFound
from petitions.law.working_days import ZONE
from petitions.lifecycle.queries import standing
from petitions.lifecycle.text import normal
from petitions.signing import consent

MOMENT = "\ue000"  # stands where the moment will; no title keeps a character of private use
A_SECOND = "%d.%m.%Y %H:%M:%S"


@dataclass(frozen=True)
class JoiningText:
    """What the text names. It is written in the petition's own language, whatever the pages speak."""

    petition_id: int
    title: str
    text_hash: str
    language: str
    consent_version: str = consent.VERSION

    def document(self, began_at: datetime) -> bytes:
        """UTF-8, NFC, lines ended by LF. No personal data: who signs is in the signature."""
        return self._around.replace(MOMENT, began_at.astimezone(ZONE).strftime(A_SECOND)).encode()

    @functools.cached_property
    def _around(self) -> str:
        with force_locale(self.language):
            return normal("\n".join(self._lines())) + "\n"

    def _lines(self) -> list[str]:
        return [
            _("Joining a petition"),
            "",
            _("Petition number: %(number)s", number=str(self.petition_id)),
            _("Title: %(title)s", title=" ".join(self.title.replace(MOMENT, " ").split())),
            _("SHA-256 of the petition's text: %(hash)s", hash=self.text_hash),
            "",
            _("I have read this petition and I join it."),
            *consent.sentences(),
            "",
            _("Version of the consent: %(version)s", version=self.consent_version),
            _("Date and time (UTC+5): %(moment)s", moment=MOMENT),
        ]


def document_of(petition_id: int, began_at: datetime) -> bytes:
    """The text for joining a petition that was begun at this moment. Raises NotFound for one not filed."""
    return _frozen(reading_engine(), petition_id).document(began_at)


@functools.lru_cache(maxsize=1_000)
def _frozen(_database: Engine, petition_id: int) -> JoiningText:
    """All but the moment is frozen at filing, so it is read once a process."""
    with reading() as session:
        petition = standing(session, petition_id)
    if petition.text_hash is None:
        raise NotFound
    return JoiningText(petition_id, petition.title, petition.text_hash, petition.language)
