"""What staff write for everybody to read: long enough to be reasons, free of what may never be published."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from petitions.errors import DomainError
from petitions.lifecycle import filing

LEAST_REASONS = 100
LEAST_REMARK = 10
MOST_TEXT = 10_000
MOST_LINE = 300


class BadWording(DomainError):
    """A text that cannot be published as it is."""


def public_text(text: str, field: str, *, least: int = LEAST_REMARK, most: int = MOST_TEXT) -> str:
    """The text in its one spelling. Raises BadWording when too short, too long, or with an IIN in it."""
    clean = filing.cleaned(text)
    if len(clean) < least:
        raise BadWording(_l("Write at least %(count)s characters.", count=least), field=field)
    if len(clean) > most:
        raise BadWording(_l("Write at most %(count)s characters.", count=most), field=field)
    if filing.holds_iin(clean):
        raise BadWording(_l("This text holds an IIN. Please take it out: the text will be public."), field=field)
    return clean


def public_line(text: str, field: str, *, least: int = 1, most: int = MOST_LINE) -> str:
    """The same for one line. Raises BadWording."""
    return public_text(filing.one_line(text), field, least=least, most=most)
