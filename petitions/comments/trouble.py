"""What in a text a moderator should look at. A hint, never a censor: nothing is refused because of it.

Of personal data the writer is warned before it is published, and may correct the text or insist.
"""

from __future__ import annotations

import re
from enum import StrEnum

from petitions import vault
from petitions.lifecycle.filing import holds_iin
from petitions.reference.names import folded

FEWEST_WORDS = 6  # shorter texts are alike without being copies: "I am for it"


class Trouble(StrEnum):
    """A kind of hint."""

    LINK = "link"
    PHONE = "phone"
    EMAIL = "email"
    IIN = "iin"
    INSULT = "insult"
    REPEATED = "repeated"


PERSONAL = frozenset({Trouble.PHONE, Trouble.EMAIL, Trouble.IIN})

_LINK = re.compile(r"https?://|\bwww\.|\bt\.me/|\b[a-z0-9-]{2,}\.(?:kz|ru|com|org|net|info|me|shop|link)\b(?!\w)", re.I)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# +7 701 123 45 67, 8(7172)74-12-34, 87011234567: a number of Kazakhstan or Russia, however it is spaced; but not
# 80 000 000 000, which is a sum.
_PHONE = re.compile(r"(?<!\d)(?!\d\d\s\d{3}\s\d{3}\s\d{3}(?!\d))(?:\+7|8)(?:[\s()-]{0,2}\d){10}(?!\d)")
_TWELVE = re.compile(r"(?<!\d)\d{6}[\s-]?\d{6}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
# Beginnings of words, letters folded. Short on purpose: a person reads what is found, and people report the rest.
_INSULTS = tuple(
    _WORD.findall(
        folded(
            """
            ақымақ есуас малғұн әкеңнің иттің
            дурак дурацк идиот дебил тупиц тупой мразь сволоч подонок подонк урод ублюд кретин скотин тварь
            """
        )
    )
)


def troubles(text: str) -> list[Trouble]:
    """The kinds of hints this text gives, each once."""
    found = {
        Trouble.IIN: any(holds_iin(re.sub(r"\D", "", found)) for found in _TWELVE.findall(text)),
        Trouble.PHONE: _PHONE.search(text) is not None,
        Trouble.EMAIL: _EMAIL.search(text) is not None,
        Trouble.LINK: _LINK.search(_EMAIL.sub(" ", text)) is not None,
        Trouble.INSULT: any(word.startswith(_INSULTS) for word in _WORD.findall(folded(text))),
    }
    return [trouble for trouble, is_there in found.items() if is_there]


def personal_data(text: str) -> list[Trouble]:
    """The kinds of personal data that seem to stand in a text."""
    return [trouble for trouble in troubles(text) if trouble in PERSONAL]


def fingerprint(text: str) -> str | None:
    """What two comments of the same words share, whatever their case and punctuation; None for a short text."""
    words = _WORD.findall(folded(text))
    return vault.keyed_digest(f"comment\n{' '.join(words)}") if len(words) >= FEWEST_WORDS else None
