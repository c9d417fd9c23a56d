"""A sheet of paper for a notice board: what is asked, of whom, and a code that a telephone reads."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import segno
from flask_babel import force_locale
from flask_babel import gettext as _

from petitions.i18n import LANGUAGES, current_language, format_day, format_number, pick
from petitions.law.working_days import local_date
from petitions.sharing.cards import stands
from petitions.sharing.drawing import Data
from petitions.sharing.queries import Shown

TEMPLATE = "poster.typ"
QUIET_ZONE = 4  # modules of white around a code, as ISO/IEC 18004 asks


def poster(shown: Shown, address: str, site: str, closes_at: datetime | None) -> Data:
    """The poster in the language of the page; how to read the code is said in all three.

    ``closes_at``: None when nobody may join any more, then the poster only asks to read.
    """
    standing = shown.standing
    may_join = closes_at is not None
    to = pick(shown.body, "name") if shown.body else ""
    return {
        "lang": current_language(),
        "site": site,
        "number": _("Petition No %(number)s", number=standing.id),
        "title": standing.title,
        "title-lang": standing.language,
        "to": _("To: %(body)s", body=to) if to else "",
        "needed": _needed(shown) if may_join else stands(shown),
        "until": _("Joining is open until the end of %(day)s.", day=_last_day(closes_at)) if closes_at else "",
        "captions": [{"lang": language, "text": _caption(language, may_join)} for language in _own_first()],
        "code": _code(address),
        "code-says": _("A code for the telephone: %(address)s", address=address),
        "address": address.partition("://")[2],
        "note": _("You join with your own electronic signature. Nobody can join in your place."),
    }


def _needed(shown: Shown) -> str:
    return str(_("Citizens needed: %(needed)s", needed=format_number(shown.needed))) if shown.needed else ""


def _last_day(closes_at: datetime) -> str:
    """The day on which one may still join; a term ends at midnight."""
    return format_day(local_date(closes_at - timedelta(microseconds=1)))


def _own_first() -> list[str]:
    return sorted(LANGUAGES, key=lambda language: language != current_language())


def _caption(language: str, may_join: bool) -> str:
    with force_locale(language):
        return str(
            _("Point your telephone here to read and join") if may_join else _("Point your telephone here to read")
        )


def _code(address: str) -> str:
    out = io.BytesIO()
    segno.make_qr(address, error="q").save(out, kind="svg", border=QUIET_ZONE, xmldecl=False, light="#fff")
    return out.getvalue().decode()
