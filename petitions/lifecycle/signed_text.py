"""The text that a citizen's signature covers: one form for every act, in the petition's own language (90-2, 90-3).

The same petition, consent and moment always give the same bytes. Nothing personal stands in it: who signs is in the
signature.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from petitions.law.working_days import ZONE
from petitions.lifecycle.text import normal

MOMENT = "\ue000"  # stands where the moment will; no title keeps a character of private use
A_SECOND = "%d.%m.%Y %H:%M:%S"


@dataclass(frozen=True)
class SignedText:
    """What the text names. ``act`` is its heading, ``declaration`` what is declared, a sentence a line: lazy texts.

    ``text_hash`` binds the signature to one version of the petition's text.
    """

    act: object
    petition_id: int
    title: str
    text_hash: str
    language: str
    declaration: Sequence[object]
    consent_version: str

    def document(self, began_at: datetime) -> bytes:
        """The exact bytes for a signing that was begun at this moment: UTF-8, NFC, lines ended by LF."""
        return self._around.replace(MOMENT, began_at.astimezone(ZONE).strftime(A_SECOND)).encode()

    @functools.cached_property
    def _around(self) -> str:
        with force_locale(self.language):
            return normal("\n".join(self._lines())) + "\n"

    def _lines(self) -> list[str]:
        return [
            str(self.act),
            "",
            _("Petition number: %(number)s", number=str(self.petition_id)),
            _("Title: %(title)s", title=" ".join(self.title.replace(MOMENT, " ").split())),
            _("SHA-256 of the petition's text: %(hash)s", hash=self.text_hash),
            "",
            *map(str, self.declaration),
            "",
            _("Version of the consent: %(version)s", version=self.consent_version),
            _("Date and time (UTC+5): %(moment)s", moment=MOMENT),
        ]
