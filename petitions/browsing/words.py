"""Words for the law's values, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.dates import format_skeleton
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from petitions.i18n import current_language, format_day, format_number, format_percent, pick
from petitions.law.editions import Edition, Term, ThresholdRow
from petitions.law.states import State
from petitions.law.topics import NoTopic, topic
from petitions.reference.records import KnownDate
from petitions.reference.words import UNIT_KINDS
from petitions.timeline.words import term_text

ADDRESSEES = {
    "government": _l("The Government"),
    "akimat": _l("Akimat or office of the akim"),
    "maslikhat": _l("Maslikhat"),
}
ARCHIVE_OUTCOMES = {
    "satisfied_fully": _l("Satisfied fully"),
    "satisfied_partly": _l("Satisfied in part"),
    "refused": _l("Refused"),
    "below_threshold": _l("Too few joined"),
    "refused_at_the_check": _l("Refused at the check"),
    "unknown": _l("Outcome not known"),
}
ACTS = {
    "2024-04-04": _l("Law of 2 October 2023 No 31-VIII"),
    "2026-03-02": _l("Law of 30 December 2025 No 246-VIII"),
}
ARCHIVE_TONES = {
    "satisfied_fully": "good",
    "satisfied_partly": "warm",
    "refused": "bad",
    "refused_at_the_check": "bad",
}
# The days of petitions/reference/data/SOURCES.md.
COLLECTED_ON = date(2026, 11, 21)
AS_OF = {
    "territories": date(2026, 7, 17),
    "bodies": date(2026, 9, 1),
    "calendar": date(2026, 1, 1),
    "archive": date(2026, 11, 21),
    "outlines": date(2026, 10, 2),
}
CONFIDENCE = {"high": _l("High"), "medium": _l("Medium"), "low": _l("Low")}
FEW = 50  # of fewer a per cent says more than is known
TONES: Mapping[State, str] = {
    State.SUPPORTING: "state",
    State.OPEN: "state",
    State.REACHED: "warm",
    State.SENT: "warm",
    State.EXAMINATION: "warm",
    State.DECIDED: "warm",
    State.PUBLISHED: "good",
    State.REFUSED: "bad",
    State.LAPSED: "bad",
}


def term(value: Term) -> str:
    return term_text(value.length, value.unit)


def act_name(law: Edition) -> str:
    """The act that brought an edition."""
    return str(ACTS.get(law.id, law.act))


def barred_subject(law: Edition, code: str) -> str:
    """A subject that petitions may not be about, by its number in the list of the edition."""
    try:
        return f"{code}) {pick(topic(law, code), 'text')}"
    except NoTopic:
        return code


def known_date(known_day: KnownDate | None) -> str:
    """A date of the archive as far as anybody told it."""
    if known_day is None:
        return str(_("not known"))
    text = format_day(known_day.day) if known_day.day else month_name(known_day.month)
    return _("about %(date)s", date=text) if known_day.approximate else text


def month_name(day: date) -> str:
    """ "August 2024"."""
    return str(format_skeleton("yMMMM", day, locale=current_language()))


def kinds_text(row: ThresholdRow) -> str:
    """The kinds of units that a row of the threshold table is about."""
    return ", ".join(str(name) for kind, name in UNIT_KINDS.items() if kind in row.kinds).capitalize()


def file_size(size: int) -> str:
    """The size of a file given in bytes."""
    if size < 1024 * 1024:
        return str(_("%(number)s KB", number=format_number(max(1, round(size / 1024)))))
    return str(_("%(number)s MB", number=format_number(round(size / (1024 * 1024), 1))))


def share_text(part: int, whole: int) -> str:
    """A share as it may be judged: of few the numbers themselves, of many whole per cent, rounded down."""
    if whole < FEW:
        return str(_("%(number)s of %(all)s", number=format_number(part), all=format_number(whole)))
    return format_percent(100 * part // whole)


def required_text(percent: int | None, fixed: int | None) -> str:
    """The rule of a threshold: a share of the population or a fixed number."""
    if fixed is not None:
        return str(ngettext("%(number)s citizen", "%(number)s citizens", fixed, number=format_number(fixed)))
    return str(_("%(percent)s of the population", percent=format_percent(percent)))
