"""The published decision as a document: to print, to file, to send on. Its words are those of the page."""

from __future__ import annotations

from flask_babel import gettext as _

from petitions.consideration.wording import FINDING_NAMES
from petitions.i18n import current_language, format_day, pick
from petitions.lifecycle.queries import AnswerRow
from petitions.sharing.drawing import Data
from petitions.sharing.queries import Answer
from petitions.timeline.words import OUTCOMES, known

TEMPLATE = "decision.typ"


def decision(answer: Answer, address: str, site: str) -> Data:
    """The document; headings in the language of the page, the body's words in the language of the decision."""
    made, standing = answer.decision, answer.shown.standing
    body = pick(answer.shown.body, "name") if answer.shown.body else ""
    facts = (
        (_("Decision of"), body),
        (_("Outcome"), known(OUTCOMES, made.outcome)),
        (_("Decided"), format_day(made.decided_at)),
        (_("Published"), format_day(made.published_at)),
        (_("Decided by"), pick(made, "head_title")),
        (_("Acting, by the act"), made.acting_act or ""),
        (_("Version"), str(made.version)),
    )
    return {
        "lang": current_language(),
        "site": site,
        "kicker": _("The answer to petition No %(number)s", number=standing.id),
        "title": standing.title,
        "title-lang": standing.language,
        "facts": [{"name": name, "text": text} for name, text in facts if text],
        "words-lang": made.language,
        "parts": [
            {"name": _("Reasons"), "text": made.reasons},
            {"name": _("The law it rests on"), "text": made.law_cited},
            {"name": _("How to appeal"), "text": made.appeal},
        ],
        "points-name": _("Answer to each argument and proposal"),
        "points": [_point(row) for row in made.answers],
        "source": _("A copy made from the published decision. It is public at %(address)s", address=address),
    }


def _point(row: AnswerRow) -> dict[str, str]:
    name = (
        _("Argument %(number)s", number=row.point.position)
        if row.point.kind == "argument"
        else _("Proposal %(number)s", number=row.point.position)
    )
    return {"name": name, "finding": known(FINDING_NAMES, row.finding), "asked": row.point.text, "text": row.text}
