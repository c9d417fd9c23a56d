"""What comes next for a petition, in one plain sentence for whoever wrote it or joined it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import ngettext

from petitions.i18n import _l, format_number
from petitions.law.states import State

FINISHED: Final = frozenset(
    {
        State.PUBLISHED,
        State.MESSAGE_ANSWERED,
        State.MESSAGE_NOTED,
        State.MESSAGE_TERMINATED,
        State.REFUSED,
        State.LAPSED,
        State.WITHDRAWN,
        State.TAKEN_DOWN,
    }
)
"""Nobody owes the petition a step by a running term any more."""

_BY_ITSELF = _l("A body answers it as an ordinary message, because too few citizens joined.")
_SENTENCES: Mapping[State, str] = {
    State.DRAFT: _l("Finish the text, check your answers and file the petition."),
    State.CHECKING: _l("The ministry checks whether the petition meets the conditions of the law."),
    State.SUPPORTING: _l("First supporters join by the direct link."),
    State.OPEN: _l("Citizens join until enough have joined or the term ends."),
    State.REACHED: _l("Enough citizens joined. The petition is sent to the body."),
    State.SENT: _l("The body registers the petition."),
    State.EXAMINATION: _l("The body examines the petition, discusses it in public and decides."),
    State.DECIDED: _l("The body publishes its decision."),
    State.PUBLISHED: _l("The decision is published. Read the answer to each argument and proposal."),
    State.RETURNED: _BY_ITSELF,
    State.FORWARDED: _BY_ITSELF,
    State.MESSAGE: _BY_ITSELF,
    State.MESSAGE_ANSWERED: _l("The body has answered. Nothing more is due."),
    State.MESSAGE_NOTED: _l("The body took note of it. Nothing more is due."),
    State.MESSAGE_TERMINATED: _l("The body ended the handling. Its reason is on the petition's page."),
    State.REFUSED: _l("It did not pass the check. A corrected petition can be filed at any time."),
    State.LAPSED: _l("Too few supporters joined in time. The petition can be filed again."),
    State.WITHDRAWN: _l("The author took the petition back. Nothing more is due."),
    State.TAKEN_DOWN: _l("The petition was taken down by a legal order."),
}
LATE: Mapping[State, str] = {
    State.EXAMINATION: _l("The body has not answered in time. By law this is a refusal, and the author can appeal."),
    State.CHECKING: _l("The check has not ended in time. The ministry must end it without delay."),
}
"""What is said instead where the state's term has passed."""


def what_comes(state: State, *, missing: int = 0, overdue: bool = False) -> str:
    """The sentence. ``missing``: how many citizens must still join; ``overdue``: the state's term has passed."""
    if overdue and state in LATE:
        return str(LATE[state])
    if missing and state is State.SUPPORTING:
        return str(
            ngettext(
                "%(count)s more citizen must join by the direct link.",
                "%(count)s more citizens must join by the direct link.",
                missing,
                count=format_number(missing),
            )
        )
    if missing and state is State.OPEN:
        return str(
            ngettext(
                "%(count)s more citizen must join.",
                "%(count)s more citizens must join.",
                missing,
                count=format_number(missing),
            )
        )
    return str(_SENTENCES[state])
