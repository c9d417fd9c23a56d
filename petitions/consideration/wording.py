"""How this room's codes and records are called on pages."""

from __future__ import annotations

from flask_babel import force_locale, ngettext

from petitions.consideration.appeals import AUTHOR, INTERESTED_PERSON
from petitions.i18n import _l
from petitions.law.editions import Edition
from petitions.law.states import ClockKind

OUTCOME_TONES = {"full": "good", "partial": "warm", "refused": "bad"}
FINDING_NAMES = {
    "confirmed": _l("Confirmed"),
    "partly": _l("Partly"),
    "refuted": _l("Refuted"),
    "accepted": _l("Accepted"),
    "declined": _l("Declined"),
}
APPELLANTS = {AUTHOR: _l("The author"), INTERESTED_PERSON: _l("An interested person")}
COMMITMENT_TONES = {"in_progress": "state", "done": "good", "dropped": "bad"}
DUTY_STATUSES = {"done": _l("Done"), "begun": _l("Begun"), "missing": _l("Not done")}
DUTY_TONES = {"done": "good", "begun": "warm", "missing": "neutral"}
CONSEQUENCES = {
    ClockKind.CONSIDERATION: _l(
        "If the term passes in silence, it counts as a refusal and the author may appeal (article 91(2))."
    ),
    ClockKind.PUBLICATION: _l("If it passes, everybody sees that the publication is overdue."),
    ClockKind.MESSAGE: _l("If it passes, everybody sees that the answer is overdue."),
}
LANGUAGES_OF_DECISION = {"kk": _l("Kazakh"), "ru": _l("Russian")}


def suggested_appeal(law: Edition, *, central: bool, language: str) -> str:
    """A first wording of how the decision can be appealed, in the language of the decision."""
    with force_locale(language):
        return str(_court_text(law) if central else _superior_text(law))


def _court_text(law: Edition) -> object:
    return ngettext(
        "This decision can be appealed in court within %(num)s month from the day it was received "
        "(article 136 of the Administrative Procedural and Process-Related Code).",
        "This decision can be appealed in court within %(num)s months from the day it was received "
        "(article 136 of the Administrative Procedural and Process-Related Code).",
        law.court.length,
    )


def _superior_text(law: Edition) -> object:
    return ngettext(
        "A complaint against this decision can be sent to the superior body through this body "
        "within %(num)s month (articles 91 and 92 of the Administrative Procedural and Process-Related Code).",
        "A complaint against this decision can be sent to the superior body through this body "
        "within %(num)s months (articles 91 and 92 of the Administrative Procedural and Process-Related Code).",
        law.appeal.length,
    )
