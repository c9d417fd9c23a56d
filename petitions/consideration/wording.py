"""How this room's codes and records are called on pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _

from petitions.consideration.appeals import AUTHOR, COURT, INTERESTED_PERSON, SUPERIOR_BODY
from petitions.i18n import format_day, format_number, pick
from petitions.identity.roles import actor_name
from petitions.law.editions import Edition, edition
from petitions.lifecycle.queries import TransitionRow


def _l(text: str) -> str:
    """A text of the page's language; WTForms' types know no lazy ones."""
    return cast(str, lazy_gettext(text))


OUTCOMES = {
    "full": _l("Satisfied fully"),
    "partial": _l("Satisfied partly"),
    "refused": _l("Refused"),
}
OUTCOME_TONES = {"full": "good", "partial": "warm", "refused": "bad"}
FINDING_NAMES = {
    "confirmed": _l("Confirmed"),
    "partly": _l("Partly"),
    "refuted": _l("Refuted"),
    "accepted": _l("Accepted"),
    "declined": _l("Declined"),
}
APPEAL_ADDRESSES = {COURT: _l("Court"), SUPERIOR_BODY: _l("Superior body")}
APPELLANTS = {AUTHOR: _l("The author"), INTERESTED_PERSON: _l("An interested person")}
COMMITMENT_STATES = {"in_progress": _l("In progress"), "done": _l("Done"), "dropped": _l("Dropped")}
COMMITMENT_TONES = {"in_progress": "state", "done": "good", "dropped": "bad"}
GROUP_ROLES = {
    "state_body": _l("State body"),
    "deputy": _l("Deputy"),
    "association": _l("Public association"),
    "expert": _l("Expert"),
}
DUTY_STATUSES = {"done": _l("Done"), "begun": _l("Begun"), "missing": _l("Not done")}
DUTY_TONES = {"done": "good", "begun": "warm", "missing": "neutral"}
LANGUAGES_OF_DECISION = {"kk": _l("Kazakh"), "ru": _l("Russian")}

_FACTS = {
    "number": _l("Number"),
    "on": _l("Day"),
    "at": _l("Hour"),
    "place": _l("Place"),
    "online": _l("Online"),
    "found": _l("What was found"),
    "reason": _l("Reason"),
    "participants": _l("Participants"),
    "minutes": _l("Minutes"),
    "text": _l("Text"),
    "url": _l("Address of the text"),
    "to": _l("Sent to"),
    "by": _l("By whom"),
    "granted": _l("Outcome"),
    "what": _l("What will be done"),
    "owner": _l("Who answers for it"),
    "due": _l("By when"),
    "state": _l("State"),
    "outcome": _l("Decision"),
    "version": _l("Version"),
}
_CODES: dict[str, Mapping[str, object]] = {
    "to": APPEAL_ADDRESSES,
    "by": APPELLANTS,
    "state": COMMITMENT_STATES,
    "outcome": OUTCOMES,
}


def role_name(row: TransitionRow) -> str:
    """What is said of who acted."""
    return actor_name(row.actor_kind, row.actor_role)


def facts(row: TransitionRow) -> Iterator[tuple[str, str]]:
    """The facts of a record as (name, text) for a reader; keys this room does not know are left out."""
    details = row.details
    for key, name in _FACTS.items():
        if details.get(key) not in (None, ""):
            yield str(name), _value(key, details[key])
    for member in details.get("members", ()):
        yield str(GROUP_ROLES.get(member["role"], member["role"])), str(member["name_or_body"])
    duties = {duty.code: duty for duty in edition(row.edition).duties(central=True)}
    if details.get("author_invited"):
        yield str(_("The author or the representative")), str(_("Invited to the group"))
    for code, reason in details.get("omitted", {}).items():
        yield pick(duties[code], "text"), str(reason)


def own_reason(row: TransitionRow) -> str:
    """The reason of a step, unless it is told duty by duty."""
    return "" if row.details.get("omitted") else row.reason or ""


def suggested_appeal(law: Edition, *, central: bool, language: str) -> str:
    """A first wording of how the decision can be appealed, in the language of the decision."""
    with force_locale(language):
        return str(_court_text(law) if central else _superior_text(law))


def _value(key: str, value: Any) -> str:
    if key in ("on", "due"):
        return format_day(date.fromisoformat(value))
    if key == "granted":
        return str(_("Granted") if value else _("Dismissed"))
    if isinstance(value, int):
        return format_number(value)
    return str(_CODES.get(key, {}).get(value, value))


def _court_text(law: Edition) -> object:
    return _(
        "This decision can be appealed in court within months: %(months)s, from the day it was "
        "received (article 136 of the Administrative Procedural and Process-Related Code).",
        months=law.court.length,
    )


def _superior_text(law: Edition) -> object:
    return _(
        "A complaint against this decision can be sent to the superior body through this body "
        "within months: %(months)s "
        "(articles 91 and 92 of the Administrative Procedural and Process-Related Code).",
        months=law.appeal.length,
    )
