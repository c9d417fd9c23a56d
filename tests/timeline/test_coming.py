"""One sentence for what comes next, whatever the state."""

from __future__ import annotations

import pytest
from flask import Flask, g

from petitions.law.states import State
from petitions.timeline.coming import FINISHED, what_comes


@pytest.mark.parametrize("state", list(State))
def test_every_state_says_what_comes_next(sqlite_app: Flask, state: State) -> None:
    with sqlite_app.test_request_context():
        g.lang = "en"
        assert what_comes(state).endswith(".")


@pytest.mark.parametrize("state", [State.SUPPORTING, State.OPEN])
def test_who_gathers_is_told_how_many_are_missing(sqlite_app: Flask, state: State) -> None:
    with sqlite_app.test_request_context():
        g.lang = "en"
        assert "12 more citizens must join" in what_comes(state, missing=12)
        assert "1 more citizen must join" in what_comes(state, missing=1)


def test_a_silent_body_is_told_of(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        g.lang = "en"
        assert "has not answered in time" in what_comes(State.EXAMINATION, overdue=True)
        assert "has not answered" not in what_comes(State.EXAMINATION)
        assert "without delay" in what_comes(State.CHECKING, overdue=True)


def test_nothing_that_runs_is_called_finished() -> None:
    assert FINISHED.isdisjoint({State.DRAFT, State.CHECKING, State.SUPPORTING, State.OPEN, State.EXAMINATION})
