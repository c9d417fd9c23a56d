"""The law in plain words, the rules, the archive, places and bodies: every page, every language."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from petitions.db import reading
from petitions.law.editions import EDITIONS
from petitions.law.policy import SETTINGS
from petitions.law.topics import topics
from petitions.reference import queries as reference
from tests import making
from tests.pages import check_page

MAKANSHY = "104500000"  # created of late: no figure of its population is known
PRIRECHNY = "394452000"  # a rural district; of these hardly one has a figure
PAGES = (
    "archive",
    "law",
    "law?edition=2024-04-04",
    "law?edition=nonsense%00",
    "privacy",
    "sources",
    "territories",
    "territories?name=Алматы",
    f"territories/{making.SETTLEMENT}",
    f"territories/{making.DISTRICT}",
    f"territories/{MAKANSHY}",
    "territories/750000000",
    "bodies",
    "bodies/mki",
)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_stands_in_three_languages(client: FlaskClient, language: str) -> None:
    making.law_time(making.AT)
    for page in PAGES:
        assert client.get(f"/{language}/{page}").status_code == 200, page


@pytest.mark.parametrize(
    "path",
    [
        "archive/no",
        "archive/%00",
        "territories/1",
        "territories/%00",
        "bodies/no",
        "bodies/%00",
        "bodies/A'--",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/en/{path}").status_code == 404


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_the_law_page_shows_every_subject_and_the_numbers_of_its_edition(client: FlaskClient, edition: object) -> None:
    making.law_time(making.AT)
    law = EDITIONS[edition.id]  # type: ignore[attr-defined]
    text = client.get(f"/ru/law?edition={law.id}").get_data(as_text=True)
    assert all(topic.text_ru in text for topic in topics(law))
    english = client.get(f"/en/law?edition={law.id}").get_data(as_text=True)
    for number in (
        "50,000 citizens",
        "2%",
        "5,000 citizens",
        "20 working days",
        "6 months",
        "40 working days",
    ):
        assert number in english, number
    assert ("10 working days" in english.split('id="differences"')[0]) is law.has_electronic_support_term


def rules_page(client: FlaskClient, language: str) -> str:
    """Checked without its sources: the address of one of them holds twelve digits that are no IIN."""
    page = client.get(f"/{language}/rules", check=False)
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    check_page(re.sub(r"https?://[^\s\"<]+", "", text), "rules")
    return text


def test_the_rules_show_every_setting_with_its_value(client: FlaskClient) -> None:
    making.law_time(making.AT)
    for language in ("kk", "ru"):
        assert "eGov calendar:" not in rules_page(client, language)
    text = rules_page(client, "en")
    assert "eGov calendar:" in text
    assert all(setting.explanation_en.replace("'", "&#39;") in text for setting in SETTINGS)
    assert "section" not in text.split("<main")[1].replace("<section", "").replace("</section", "")
    assert "Year 2026" in text
    assert "Year 2027" in text


def test_every_archived_petition_has_a_page_with_its_sources_and_no_invented_dates(
    client: FlaskClient,
) -> None:
    with reading() as session:
        rows = reference.archived_list(session)
    assert rows
    for row in rows:
        for language in ("kk", "ru", "en"):
            page = client.get(f"/{language}/archive/{row.slug}")
            assert page.status_code == 200
        text = page.get_data(as_text=True)
        assert text.count('rel="noopener nofollow"') == len(row.sources)
        unknown = [row.filed, row.opened, row.closes, row.threshold_reached, row.rejected, row.decided].count(None)
        assert text.count("not known") >= unknown


def test_a_place_tells_whom_to_ask_and_how_many_must_join_today(client: FlaskClient) -> None:
    making.law_time(making.AT)
    text = client.get(f"/en/territories/{making.SETTLEMENT}").get_data(as_text=True)
    assert "<strong>60</strong>" in text
    unknown = client.get(f"/en/territories/{MAKANSHY}").get_data(as_text=True)
    assert "has no figure yet" in unknown


def test_a_place_without_a_figure_says_that_a_petition_there_cannot_open_and_whom_to_ask_instead(
    client: FlaskClient,
) -> None:
    making.law_time(making.AT)
    rural = client.get(f"/en/territories/{PRIRECHNY}").get_data(as_text=True)
    assert "cannot open for joining before the administrator" in rural
    assert f'href="/en/start?kato={PRIRECHNY[:4]}00000"' in rural
    known = client.get(f"/en/territories/{making.DISTRICT}").get_data(as_text=True)
    assert "cannot open for joining before" not in known


def test_the_history_marks_the_figure_that_counts_and_why_a_newer_one_does_not(client: FlaskClient) -> None:
    making.law_time(making.AT)
    text = client.get("/en/territories/390000000").get_data(as_text=True)
    assert "Not used: rounded" in text and text.count("This figure counts") == 1
    assert "newest one that is not rounded" in text


def test_a_place_is_found_with_what_it_lies_in_and_a_city_inside_itself_leads_up(client: FlaskClient) -> None:
    making.law_time(making.AT)
    found = client.get("/en/territories?name=Қарауылтөбе").get_data(as_text=True)
    assert "Kyzylorda Region" in found and "West Kazakhstan Region" in found
    village = client.get("/en/territories?name=Приречное").get_data(as_text=True)
    assert f'href="/en/territories/{PRIRECHNY}"' in village
    assert "found by the name of its rural district" in village
    inside = client.get("/en/territories/101010000").get_data(as_text=True).split("<h1")[1]
    assert 'href="/en/territories/101000000"' in inside.split("<h2")[0]
