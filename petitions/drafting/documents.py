"""The exact texts an author signs: filing a petition, and taking it back."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from petitions.drafting import consent
from petitions.lifecycle import filing
from petitions.lifecycle.models import Petition
from petitions.lifecycle.signed_text import SignedText
from petitions.lifecycle.text import text_hash

FILING = _l("Filing a petition")
I_FILE = _l("I file this petition. Its text cannot be changed after this.")
WITHDRAWING = _l("Withdrawing a petition")
I_WITHDRAW = _l("I withdraw this petition. Its check and the joining end at once.")


def filing_of(petition: Petition, began_at: datetime) -> bytes:
    """The text for filing the draft as it is stored now; any change of the draft's text changes its bytes."""
    return _text(petition, FILING, (I_FILE, *consent.SENTENCES), text_hash(filing.canonical(petition)), began_at)


def withdrawal_of(petition: Petition, began_at: datetime) -> bytes:
    """The text for taking a filed petition back."""
    return _text(petition, WITHDRAWING, (I_WITHDRAW,), petition.text_hash or "", began_at)


def _text(petition: Petition, act: object, declaration: tuple[object, ...], digest: str, began_at: datetime) -> bytes:
    title, version = petition.title or "", filing.CONSENT_VERSION
    return SignedText(act, petition.id, title, digest, petition.language, declaration, version).document(began_at)
