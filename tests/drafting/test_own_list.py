"""The list of one's own petitions: what its links name, and what it costs."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import db
from petitions.db import reading
from petitions.law.states import State
from petitions.lifecycle import queries as lifecycle
from tests import making
from tests.conftest import Database, make_app
from tests.statements import statements_asked


@pytest.fixture
def author_id(sqlite_app: Flask, client: FlaskClient) -> int:
    making.law_time(making.AT)
    making.use_demo_registry(sqlite_app)
    citizen_id = making.a_citizen()
    making.sign_in(client, citizen_id=citizen_id)
    return citizen_id


def test_the_private_link_names_the_site_and_not_whatever_a_request_was_sent_to(
    sqlite_database: Database, tmp_path: Path
) -> None:
    site = make_app(sqlite_database, tmp_path, base_url="https://site.example")
    making.use_demo_registry(site)
    making.sign_in(author := site.test_client(), citizen_id=making.a_citizen())
    petition_id = making.a_petition_in(State.SUPPORTING, author_id=making.a_citizen())
    with reading() as session:
        token = lifecycle.standing(session, petition_id).link_token
    assert f'value="https://site.example/en/petitions/{token}"' in author.get("/en/my-petitions").text


def test_ones_own_list_takes_as_many_queries_however_long_it_is(client: FlaskClient, author_id: int) -> None:
    asked = []
    for more in (1, 1, 3):  # the first to fill what is kept between requests
        for _ in range(more):
            making.a_petition_in(State.CHECKING, author_id=author_id)
        with statements_asked(db.reading_engine()) as statements:
            assert client.get("/en/my-petitions").status_code == 200
        asked.append(len(statements))
    assert asked[1] == asked[2]
