"""How it works with its picture, who sees the data, and the statement on accessibility."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from petitions.browsing import law_path
from petitions.config import ROOT
from petitions.identity import attempts, signing_requests
from petitions.identity.actions import SESSIONS_KEPT
from petitions.identity.sessions import IDLE, LONGEST
from petitions.law.editions import EDITIONS
from petitions.law.policy import DEFAULT_POLICY
from petitions.law.states import State
from tests import making
from tests.conftest import Database, make_app

ROOMS = ("moderation", "consideration", "discussion", "console")
PARTICULARS = ("full_name", "residence", "iin_end", "email", "represented")
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


def test_who_sees_your_data_tells_how_long_what_passes_is_kept(client: FlaskClient) -> None:
    text = page(client, "privacy")
    assert f"Erased {SESSIONS_KEPT.days} days after the end" in text
    assert (attempts.FORGOTTEN_AFTER.days, signing_requests.KEPT_AFTER.total_seconds()) == (1, 3600)
    assert f"For {int(signing_requests.LIFE.total_seconds() // 60)} minutes, and an hour more" in text
    assert "for a day, to stop guessing" in text


def test_what_staff_see_of_an_author_is_what_their_pages_show() -> None:
    """The page says that moderators see an author's full name, and that the body does not."""
    told = {room: "".join(one.read_text() for one in (ROOT / "templates" / room).glob("*.html")) for room in ROOMS}
    shown = {room: [word for word in PARTICULARS if f"person.{word}" in text] for room, text in told.items()}
    assert shown == {"moderation": list(PARTICULARS), "consideration": [], "discussion": [], "console": []}


def test_the_statement_names_each_thing_that_needs_javascript_and_another_way(client: FlaskClient) -> None:
    part = page(client, "accessibility").split('id="script"')[1].split("</section>")[0]
    assert len(re.findall("<dt>", part)) == 7
    for words in (
        "NCALayer",
        "receipt",
        "Passkeys",
        "without internet",
        "Warning",
        "Numbers that change",
        "Copy button",
    ):
        assert words in part
    assert "Let the site check it" in page(client, "verify")


def test_signing_in_and_comments_tell_where_a_name_is_shown(client: FlaskClient) -> None:
    assert "signed something or written a comment" in page(client, "sign-in")
    assert 'href="/en/privacy"' in page(client, "sign-in").split("<main")[1].split("</main>")[0]


def test_comments_tell_their_limits_and_what_a_program_does(client: FlaskClient) -> None:
    text = page(client, f"petitions/{making.a_petition_in(State.OPEN)}/comments")
    policy = DEFAULT_POLICY
    limits = [policy.integer(f"comments_{name}") for name in ("a_day_per_petition", "a_day")]
    assert "on this petition {} comments and replies, on all petitions {}".format(*limits) in text
    assert f"For {policy.integer('comment_edit_minutes')} minutes a comment may be changed" in text
    assert "The same words of one person are published once" in text
