"""How it works with its picture, who sees the data, and the statement on accessibility."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from petitions.browsing import law_path
from petitions.identity.sessions import IDLE, LONGEST
from petitions.law.editions import EDITIONS
from petitions.law.policy import DEFAULT_POLICY
from tests import making
from tests.conftest import Database, make_app

FIRST = {"2024-04-04": "support", "2026-03-02": "check"}


def page(client: FlaskClient, name: str, language: str = "en") -> str:
    making.law_time(making.AT)
    answer = client.get(f"/{language}/{name}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(("edition", "first"), FIRST.items())
def test_the_way_follows_the_order_of_its_edition(sqlite_app: object, edition: str, first: str) -> None:
    with sqlite_app.test_request_context("/en/law"):  # type: ignore[attr-defined]
        keys = [step.key for step in law_path.path(EDITIONS[edition], DEFAULT_POLICY)]
    other = {"check": "support", "support": "check"}[first]
    assert keys == ["write", first, other, "join", "send", "examine", "decide"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_picture_says_in_text_what_it_shows(client: FlaskClient, edition: str) -> None:
    """Words in a picture must grow, wrap, be read out and be translated: they are text, its signs are not read."""
    text = page(client, f"law?edition={edition}")
    picture = text.split('<figure class="path">')[1].split("</figure>")[0]
    assert len(re.findall(r'<li class="path-step">', picture)) == 7
    assert all('aria-hidden="true"' in each for each in re.findall(r"<svg[^>]*>", picture))
    for words in ("The check", "6 months", "Silence: it counts as a refusal", "Too few: the body answers it"):
        assert words in picture
    told = text.split("Step by step")[1].split('id="thresholds"')[0]
    for words in ("The check", "If the body stays silent", "If too few join"):
        assert words in told


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_statement_stands_in_every_language(client: FlaskClient, language: str) -> None:
    assert page(client, "accessibility", language)


def test_the_statement_names_an_address_only_where_there_is_one(
    sqlite_database: Database, client: FlaskClient, tmp_path: Path
) -> None:
    assert "has not named an address" in page(client, "accessibility")
    named = make_app(sqlite_database, tmp_path, contact_email="help@petitions.example").test_client()
    text = named.get("/en/accessibility").get_data(as_text=True)
    assert 'href="mailto:help@petitions.example"' in text
    assert "has not named an address" not in text


def test_who_sees_your_data_tells_the_times_that_the_code_keeps(client: FlaskClient) -> None:
    text = page(client, "privacy")
    hours = {kind: int(length.total_seconds() // 3600) for kind, length in LONGEST.items()}
    idle = int(IDLE["citizen"].total_seconds() // 3600)
    minutes = int(IDLE["staff"].total_seconds() // 60)
    assert f"{idle} hours after the last step, {hours['citizen']} at most" in text
    assert f"{minutes} minutes, {hours['staff']} hours at most" in text
    for reader in ("Everybody", "Moderators, who check", "The body that examines", "Companies, other sites"):
        assert f">{reader}<" in text
    assert "Cookie" in text
