"""What a signer consents to. Each joining keeps the version it was made under.

A changed sentence is a new version: a test holds the texts of the present one fast.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

VERSION = "2026-1"

# Joining requires consent to the collection and processing of personal data (90-3).
SENTENCES = (
    _l(
        "I agree that my IIN, names, citizenship, birth date, registered residence and electronic signature "
        "are collected and processed, so that my joining can be checked and counted."
    ),
    _l("I know that the public list of signers shows my given name and the first letter of my surname."),
    _l("I know that I may withdraw my joining, and this consent with it, while signatures are being collected."),
)


def sentences() -> list[str]:
    """The consent in the language in force, one sentence a line."""
    return [str(sentence) for sentence in SENTENCES]
