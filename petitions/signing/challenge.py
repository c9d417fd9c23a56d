"""What binds a signature that comes back: this petition, citizen, session, text and moment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from itsdangerous import BadData

from petitions.errors import Conflict
from petitions.identity import services

LIFE_SECONDS = 15 * 60


class ChallengeNotValid(Conflict):
    """Too old, of another session, person or petition, or used already."""

    def __init__(self) -> None:
        super().__init__(
            _l("This signing was begun too long ago, in another session, or is complete already. Please begin again.")
        )


@dataclass(frozen=True)
class Challenge:
    """``ref``: the petition as its address named it for who was shown it. ``session``: the sign-in session's digest.

    ``began_at``, the law's time, stands in the text.
    """

    ref: str
    petition_id: int
    citizen_id: int
    session: str
    document_sha256: str
    began_at: datetime

    def token(self) -> str:
        """Signed and dated in real time."""
        began_at = self.began_at.isoformat()
        return services.tokens("joining").dumps(
            [self.ref, self.petition_id, self.citizen_id, self.session, self.document_sha256, began_at]
        )

    def check(self, *, ref: str, citizen_id: int, session: str) -> None:
        """Raises ChallengeNotValid when it was made for another petition, person or session."""
        if (self.ref, self.citizen_id, self.session) != (ref, citizen_id, session):
            raise ChallengeNotValid

    def check_document(self, document: bytes) -> None:
        """Raises ChallengeNotValid when this is not the text that was shown."""
        if sha256(document) != self.document_sha256:
            raise ChallengeNotValid


def read(token: str) -> Challenge:
    """The challenge of a token made here within the last 15 minutes. Raises ChallengeNotValid."""
    try:
        ref, petition_id, citizen_id, session, digest, began_at = services.tokens("joining").loads(
            token, max_age=LIFE_SECONDS
        )
        return Challenge(ref, petition_id, citizen_id, session, digest, datetime.fromisoformat(began_at))
    except (BadData, ValueError, TypeError):
        raise ChallengeNotValid from None


def sha256(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()
