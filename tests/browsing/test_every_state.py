"""The petition's page in every state of the law, in the three languages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions.browsing import ahead
from petitions.db import reading
from petitions.law.states import EVENT_LABELS, State, is_public, next_step
from petitions.lifecycle import queries as lifecycle
from tests import making

LANGUAGES = ("kk", "ru", "en")
STATES = [state for state in State if state not in (State.DRAFT, State.TAKEN_DOWN)]


def address(petition_id: int) -> str:
    """How others reach it: by number once public, by the link before."""
    with reading() as session:
        standing = lifecycle.standing(session, petition_id)
    return str(petition_id) if is_public(standing.state) else str(standing.link_token)


def at_the_time_of(petition_id: int) -> datetime:
    return making.moment_of(petition_id) + timedelta(minutes=5)


@pytest.mark.parametrize("state", STATES)
def test_the_page_of_every_state_can_be_read_in_three_languages(client: FlaskClient, state: State) -> None:
    petition_id = making.a_petition_in(state)
    making.law_time(at_the_time_of(petition_id))
    if state is State.CHECKING:
        making.sign_in(client, citizen_id=making.a_citizen())
    for language in LANGUAGES:
        ref = str(petition_id) if state is State.CHECKING else address(petition_id)
        page = client.get(f"/{language}/petitions/{ref}")
        assert page.status_code == 200, state
        text = page.get_data(as_text=True)
        assert making.CONTENT in text
        assert all(argument in text for argument in (*making.ARGUMENTS, *making.PROPOSALS))
        assert 'lang="kk"' in text


@pytest.mark.parametrize("state", [State.SUPPORTING, State.LAPSED, State.WITHDRAWN])
def test_a_page_known_by_its_link_is_kept_by_nobody(client: FlaskClient, state: State) -> None:
    petition_id = making.a_petition_in(state)
    making.law_time(at_the_time_of(petition_id))
    page = client.get(f"/en/petitions/{address(petition_id)}")
    assert "no-store" in page.headers["Cache-Control"]
    assert "noindex" in page.headers["X-Robots-Tag"]
    text = page.get_data(as_text=True)
    assert 'content="noindex' in text
    assert 'rel="canonical"' not in text
    assert client.get(f"/en/petitions/{petition_id}").status_code == 404


def test_under_check_first_nobody_but_the_author_and_those_who_check_see_the_petition(
    client: FlaskClient,
) -> None:
    petition_id = making.a_petition_in(State.CHECKING)
    making.law_time(at_the_time_of(petition_id))
    assert client.get(f"/en/petitions/{petition_id}").status_code == 404
    making.sign_in(client, citizen_id=making.a_citizen("daniyar"))
    assert client.get(f"/en/petitions/{petition_id}").status_code == 404
    making.sign_in(client, staff_id=making.a_staff_member())
    assert client.get(f"/en/petitions/{petition_id}").status_code == 200


def test_under_support_first_the_link_stays_open_during_the_check(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.CHECKING, at=making.AT_2024_EDITION)
    making.law_time(at_the_time_of(petition_id))
    page = client.get(f"/en/petitions/{address(petition_id)}")
    assert page.status_code == 200
    assert "Join this petition" in page.get_data(as_text=True)


def test_an_author_who_opens_a_draft_is_taken_to_the_draft(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.DRAFT)
    assert client.get(f"/en/petitions/{petition_id}").status_code == 404
    making.sign_in(client, citizen_id=making.a_citizen())
    answer = client.get(f"/en/petitions/{petition_id}")
    assert answer.status_code == 302
    assert f"/{petition_id}" in answer.headers["Location"]


def test_the_link_of_a_petition_that_became_public_leads_to_its_number(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN)
    with reading() as session:
        token = lifecycle.standing(session, petition_id).link_token
    answer = client.get(f"/ru/petitions/{token}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/ru/petitions/{petition_id}"
    assert client.get(f"/ru/petitions/000{petition_id}").headers["Location"] == f"/ru/petitions/{petition_id}"


def test_what_was_taken_down_by_legal_order_is_gone(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.TAKEN_DOWN)
    with reading() as session:
        token = lifecycle.standing(session, petition_id).link_token
    for ref in (petition_id, token):
        for suffix in ("", "/text.json"):
            page = client.get(f"/kk/petitions/{ref}{suffix}")
            assert page.status_code == 410
            assert making.CONTENT not in page.get_data(as_text=True)
    said = client.get(f"/en/petitions/{petition_id}").get_data(as_text=True)
    assert re.search(r"was taken down on \w+ \d{1,2}, 2026 by a legal order", said)
    making.sign_in(client, citizen_id=making.a_citizen())
    assert client.get(f"/kk/petitions/{petition_id}").status_code == 200


@pytest.mark.parametrize(
    "ref", ["0", "999999", "abc", "-1", "1.5", "%00", "1%00", "9" * 30, "9" * 5000, "a" * 100, "١"]
)
def test_an_address_that_means_nothing_is_not_found(client: FlaskClient, ref: str) -> None:
    for suffix in ("", "/text.json", "/attachments/1"):
        assert client.get(f"/en/petitions/{ref}{suffix}").status_code == 404


@pytest.mark.parametrize("state", STATES)
def test_what_comes_next_is_not_told_as_what_has_happened(sqlite_app: Flask, state: State) -> None:
    step = next_step(state)
    if step is not None:
        with sqlite_app.test_request_context("/en/"):
            sqlite_app.preprocess_request()
            assert str(ahead.TITLES[step.event]) != EVENT_LABELS[step.event].name_en


def test_every_duty_that_waits_has_words_of_its_own() -> None:
    assert set(ahead.DUTIES.values()) <= set(ahead.TITLES)
