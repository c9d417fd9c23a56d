"""Whose desk a petition lies on."""

from __future__ import annotations

from petitions.errors import Gone, NotFound
from petitions.law.states import State

MESSAGE_ENDS = frozenset({State.MESSAGE_ANSWERED, State.MESSAGE_NOTED, State.MESSAGE_TERMINATED})
HANDLED = frozenset({State.SENT, State.EXAMINATION, State.DECIDED, State.PUBLISHED, State.MESSAGE}) | MESSAGE_ENDS


def check_own(state: State, addressed_to: int | None, own_body: int | None) -> None:
    """Only the addressee handles a petition, from its sending on. Raises NotFound, Gone."""
    if own_body is None or addressed_to != own_body:
        raise NotFound
    if state == State.TAKEN_DOWN:
        raise Gone
    if state not in HANDLED:
        raise NotFound
