"""The exact texts a citizen signs here: joining, and taking the joining back."""

from __future__ import annotations

import functools
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.engine import Engine

from petitions.db import reading, reading_engine
from petitions.errors import NotFound
from petitions.lifecycle.queries import Standing, standing
from petitions.lifecycle.signed_text import SignedText
from petitions.signing import consent

JOINING = _l("Joining a petition")
I_JOIN = _l("I have read this petition and I join it.")
WITHDRAWING = _l("Withdrawing a joining")
I_WITHDRAW = (
    _l("I take back my joining of this petition."),
    _l("My consent to the processing of my data for this joining ends with it."),
)


def joining_text(
    petition_id: int, title: str, text_hash: str, language: str, consent_version: str = consent.VERSION
) -> SignedText:
    """What is signed to join."""
    declaration = (I_JOIN, *consent.SENTENCES)
    return SignedText(JOINING, petition_id, title, text_hash, language, declaration, consent_version)


def document_of(petition_id: int, began_at: datetime) -> bytes:
    """The text for joining a petition that was begun at this moment. Raises NotFound for one not filed."""
    return _frozen(reading_engine(), petition_id).document(began_at)


def withdrawal_of(petition: Standing, consent_version: str, began_at: datetime) -> bytes:
    """The text for taking a joining back; ``consent_version`` is the one it was made under. Raises NotFound."""
    if petition.text_hash is None:
        raise NotFound
    text = SignedText(
        WITHDRAWING, petition.id, petition.title, petition.text_hash, petition.language, I_WITHDRAW, consent_version
    )
    return text.document(began_at)


@functools.lru_cache(maxsize=1_000)
def _frozen(_database: Engine, petition_id: int) -> SignedText:
    """All but the moment is frozen at filing, so it is read once a process."""
    with reading() as session:
        petition = standing(session, petition_id)
    if petition.text_hash is None:
        raise NotFound
    return joining_text(petition_id, petition.title, petition.text_hash, petition.language)
