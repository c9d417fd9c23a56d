"""Beginning a draft from the page of a place."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions.db import reading
from petitions.lifecycle.models import Petition
from tests import making
from tests.signing.conftest import hidden_of


@pytest.fixture(autouse=True)
def law_stands_in_june_2026(sqlite_app: Flask) -> None:
    making.law_time(making.AT)
    making.use_demo_registry(sqlite_app)


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_petition_started_at_a_place_begins_with_it_through_sign_in(client: FlaskClient, lang: str) -> None:
    kato = making.SETTLEMENT
    started = f"/{lang}/start?kato={kato}"
    assert f'href="{started}"' in client.get(f"/{lang}/territories/{kato}").text
    doors = re.findall(rf'href="(/{lang}/sign-in\?[^"]+)"', client.get(started).text)
    assert ["next=" + started] == [unquote(urlsplit(html.unescape(door)).query) for door in doors if "kato" in door]
    making.sign_in(client, citizen_id=making.a_citizen())
    page = client.get(started)
    assert f'name="kato" value="{kato}"' in page.text
    answer = client.post(f"/{lang}/drafts", data=hidden_of(page))
    with reading() as session:
        draft = session.get_one(Petition, int(answer.location.rpartition("/")[2]))
    assert draft.territory_kato == kato
    assert draft.addressee is None
    assert f"/{lang}/territories/{kato}" not in client.get(f"/{lang}/start").text


@pytest.mark.parametrize("kato", ["", "000000000", "39", "390000000%00", "x" * 2_000])
def test_a_place_that_there_is_not_is_left_out(client: FlaskClient, kato: str) -> None:
    making.sign_in(client, citizen_id=making.a_citizen())
    page = client.get("/en/start", query_string={"kato": kato})
    assert page.status_code == 200
    assert 'name="kato"' not in page.text
    answer = client.post("/en/drafts", data={**hidden_of(page), "kato": kato})
    with reading() as session:
        assert session.get_one(Petition, int(answer.location.rpartition("/")[2])).territory_kato is None
