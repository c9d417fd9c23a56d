"""Words for the codes that a step's record holds, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import ngettext

from petitions.i18n import _l
from petitions.law.working_days import Unit

GROUND_NAMES = {
    "field": _l("A required field is missing or wrong"),
    "subject": _l("The subject is one that petitions may not be about"),
    "duplicate": _l("There is an earlier petition on the same subject"),
}
OUTCOMES = {
    "full": _l("Satisfied fully"),
    "partial": _l("Satisfied partly"),
    "refused": _l("Refused"),
}
APPEAL_ADDRESSES = {"court": _l("Court"), "superior_body": _l("Superior body")}
COMMITMENT_STATES = {"in_progress": _l("In progress"), "done": _l("Done"), "dropped": _l("Dropped")}
GROUP_ROLES = {
    "state_body": _l("State body"),
    "deputy": _l("Deputy"),
    "association": _l("Public association"),
    "expert": _l("Expert"),
}


def known(words: Mapping[Any, object], value: object) -> str:
    """The word for a value, or the value itself where a later release knows more than this page."""
    return str(words.get(str(value), value))


def term_text(length: int, unit: Unit | str) -> str:
    """ "20 working days", "6 months"."""
    if Unit(unit) is Unit.MONTHS:
        return str(ngettext("%(num)s month", "%(num)s months", length))
    return str(ngettext("%(num)s working day", "%(num)s working days", length))
