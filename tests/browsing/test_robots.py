"""What search engines are told: everything that everybody may read, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import db
from petitions.browsing import sitemap
from petitions.browsing.robots_views import NOT_FOR_SEARCH
from petitions.law.states import State
from petitions.lifecycle import queries as lifecycle
from petitions.permissions import Permission
from tests import making
from tests.statements import statements_asked

NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "xhtml": "http://www.w3.org/1999/xhtml"}


def addresses(client: FlaskClient, file: str = "") -> list[str]:
    """The addresses in a file of the site map, or of its files."""
    answer = client.get("/sitemap.xml", query_string={"file": file} if file else None)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return [each.text or "" for each in ElementTree.fromstring(answer.data).findall("*/map:loc", NAMES)]


def closed(client: FlaskClient) -> list[re.Pattern[str]]:
    """What robots may not ask for, as they read it."""
    paths = re.findall(r"^Disallow: (\S+)$", client.get("/robots.txt").text, re.M)
    return [re.compile(re.escape(path).replace(r"\*", ".*")) for path in paths]


def test_robots_may_read_what_guests_may_and_are_told_of_nothing_else(sqlite_app: Flask, client: FlaskClient) -> None:
    shut = closed(client)
    apart = re.compile("|".join(re.escape(path).replace(r"\*", "[a-z]+") for path in NOT_FOR_SEARCH))
    for rule in sqlite_app.url_map.iter_rules():
        if rule.endpoint == "static" or "GET" not in (rule.methods or ()):
            continue
        path = re.sub(r"<[^<>]+>", "1", re.sub(r"<[^<>]*\blang>", "kk", rule.rule))
        is_public = sqlite_app.view_functions[rule.endpoint].permission is Permission.READ_PUBLIC  # type: ignore[attr-defined]
        is_shut = any(pattern.match(path) for pattern in shut)
        assert is_shut != (is_public and not apart.match(path)), rule.rule


def test_robots_are_led_to_the_map(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert answer.text.endswith("\nSitemap: http://localhost/sitemap.xml\n")


def test_the_map_names_the_main_pages_in_every_language_and_each_is_there(client: FlaskClient) -> None:
    named = addresses(client, "0")
    shut = closed(client)
    assert len(named) == len(set(named)) and len(named) % 3 == 0
    for address in named:
        path = urlsplit(address).path
        assert client.get(path).status_code == 200
        assert not any(pattern.match(path) for pattern in shut)


def test_each_page_names_itself_in_the_other_languages(client: FlaskClient) -> None:
    tree = ElementTree.fromstring(client.get("/sitemap.xml?file=0").data)
    for page in tree.findall("map:url", NAMES):
        links = {link.attrib["hreflang"]: link.attrib["href"] for link in page.findall("xhtml:link", NAMES)}
        assert set(links) == {"kk", "ru", "en"}
        assert page.findtext("map:loc", None, NAMES) in links.values()


def test_only_petitions_whose_text_is_shown_stand_in_the_map(sqlite_database, client: FlaskClient) -> None:
    shown = making.a_petition_in(State.OPEN)
    by_link = making.a_petition_in(State.SUPPORTING)
    down = making.a_petition_in(State.TAKEN_DOWN)
    hidden, refused = making.a_filed_petition(), making.a_filed_petition()
    making.refuse(hidden, making.AT + timedelta(hours=1), hides_text=True)
    making.refuse(refused, making.AT + timedelta(hours=1), hides_text=False)
    text = client.get("/sitemap.xml?file=1").text
    assert [urlsplit(each).path for each in addresses(client, "1")] == [
        f"/{lang}/petitions/{petition_id}" for petition_id in (shown, refused) for lang in ("kk", "ru", "en")
    ]
    with db.reading() as session:
        assert str(lifecycle.standing(session, by_link).link_token) not in text
    assert not re.search(rf"/petitions/({by_link}|{down}|{hidden})\b", text)


def test_a_large_map_is_many_small_files(sqlite_database, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "STRETCH", 2)
    making.a_petition_in(State.SUPPORTING)
    making.a_petition_in(State.SUPPORTING)
    public = [making.a_petition_in(State.OPEN) for _ in range(3)]
    files = addresses(client)
    assert files == [f"http://localhost/sitemap.xml?file={number}" for number in (0, 2, 3)], "no file is empty"
    with statements_asked(db.reading_engine()) as asked:
        found = addresses(client, "2") + addresses(client, "3")
    assert len(asked) == 2
    assert [address.rpartition("/")[2] for address in found] == [str(each) for each in public for _ in range(3)]


@pytest.mark.parametrize("file", ["1", "999999", "-1", "x", "٣", "1" * 40])
def test_a_file_that_holds_nothing_is_not_there(client: FlaskClient, file: str) -> None:
    assert client.get("/sitemap.xml", query_string={"file": file}).status_code == 404
