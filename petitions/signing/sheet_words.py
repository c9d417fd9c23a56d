"""What sheets and their lines are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from petitions.signatures.paper import Outcome, SheetState

STATES = {
    SheetState.RECEIVED: _l("To be typed in"),
    SheetState.ENTERED: _l("To be confirmed"),
    SheetState.CONFIRMED: _l("Confirmed"),
    SheetState.REJECTED: _l("Rejected"),
}
TONES = {
    SheetState.RECEIVED: "warm",
    SheetState.ENTERED: "state",
    SheetState.CONFIRMED: "good",
    SheetState.REJECTED: "bad",
}
OUTCOMES = {
    Outcome.COUNTED: _l("Counted"),
    Outcome.ALREADY: _l("Not counted: this citizen has joined already"),
    Outcome.REPEATED: _l("Not counted: the same citizen stands on a line above"),
    Outcome.WITHDRAWN: _l("Not counted: this citizen withdrew after the sheet was received"),
    Outcome.UNREADABLE: _l("Not counted: the line cannot be read"),
    Outcome.OTHER_NAME: _l("Not counted: the person registry has another name for this IIN"),
    Outcome.NOBODY: _l("Not counted: the person registry knows nobody with this IIN"),
    Outcome.REGISTRY_UNKNOWN: _l("Not counted: the person registry says too little about this person"),
    Outcome.NOT_A_CITIZEN: _l("Not counted: not a citizen of Kazakhstan"),
    Outcome.TOO_YOUNG: _l("Not counted: not of age on the day of receipt"),
    Outcome.NOT_A_RESIDENT: _l("Not counted: not registered in the unit of the addressee"),
}


@dataclass(frozen=True)
class Act:
    """What is done to a sheet with a reason; ``kind``: of its button."""

    title: Any
    lede: Any
    button: Any
    kind: str


CORRECTION = Act(
    title=_l("Send it back for a correction"),
    lede=_l("The lines that were typed in stay; whoever corrects them is the first pair of eyes again."),
    button=_l("Send it back"),
    kind="secondary",
)
REJECTION = Act(
    title=_l("Reject the sheet"),
    lede=_l("Nothing of a rejected sheet counts. The sheet, its scan and the reason are kept."),
    button=_l("Reject the sheet"),
    kind="danger",
)
