"""What a phone keeps, as the server gives it: the worker's source, the page of what is kept, the site as an app."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import web
from petitions.browsing.offline_views import FRAME
from petitions.i18n import LANGUAGES
from tests.conftest import Database, make_app


def about(client: FlaskClient) -> dict[str, object]:
    """What stands above the worker's own lines."""
    told = re.match(r"const SITE = (.*);\n", client.get("/service-worker.js").text)
    assert told is not None
    known: dict[str, object] = json.loads(told.group(1))
    return known


def test_the_worker_stands_at_the_root_and_knows_the_files_of_this_release(client: FlaskClient) -> None:
    answer = client.get("/service-worker.js")
    assert answer.mimetype == "text/javascript"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    frame = about(client)["frame"]
    assert isinstance(frame, list)
    assert len(frame) == len(FRAME)
    for address in frame:
        assert "?v=" in address
        assert client.get(address).headers["Cache-Control"].endswith("immutable")


def test_a_menu_of_another_release_makes_devices_fetch_the_kept_page_anew(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def release() -> object:
        return about(make_app(sqlite_database, tmp_path).test_client())["release"]

    before = release()
    assert release() == before, "what did not change is fetched once"
    # What reaches the page by the layout: neither the worker's own source nor the addresses of its files.
    with monkeypatch.context() as changed:
        changed.setattr(web, "MAIN_LINKS", web.MAIN_LINKS[:-1])
        web._frame.cache_clear()
        assert release() != before
    web._frame.cache_clear()


def test_the_worker_speaks_all_languages_whoever_asks(client: FlaskClient) -> None:
    words = about(client)["words"]
    assert isinstance(words, dict)
    assert set(words) == set(LANGUAGES)
    assert all("{moment}" in told["copy"] for told in words.values())
    for accepted in ("ru", "kk", "en"):
        asked = client.get("/service-worker.js", headers={"Accept-Language": accepted})
        assert json.loads(asked.text.partition(" = ")[2].partition(";\n")[0])["words"] == words


def test_an_installation_can_take_the_worker_back(sqlite_database: Database, tmp_path: Path) -> None:
    answer = make_app(sqlite_database, tmp_path, offline=False).test_client().get("/service-worker.js")
    assert answer.mimetype == "text/javascript"
    assert "registration.unregister()" in answer.text
    assert "caches.delete" in answer.text
    assert '"fetch"' not in answer.text, "it stands between no page and the site"


def test_all_who_name_the_kept_pages_name_them_alike(client: FlaskClient) -> None:
    worker, kept = client.get("/service-worker.js").text, client.get("/static/js/kept.js").text
    for name in ('PAGES = "pages-1"', 'DRAFTS = "drafts-1"'):
        assert f"const {name}" in worker
        assert f"const {name}" in kept


def test_a_draft_kept_without_the_site_obeys_the_same_policy(client: FlaskClient) -> None:
    source = client.get("/static/js/kept-draft.js").text
    policy = re.search(r'POLICY = "(.*?)"\n  \+ "(.*?)"', source)
    assert policy is not None
    assert "".join(policy.groups()) == web.CONTENT_POLICY


def test_no_form_passes_through_the_worker(sqlite_app: Flask) -> None:
    source = sqlite_app.test_client().get("/service-worker.js").text
    assert 'if (request.method !== "GET"' in source, "a form sent on by a worker carries our origin: see 0022"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_what_is_kept_holds_nothing_of_anybody(client: FlaskClient, language: str) -> None:
    page = client.get(f"/{language}/offline")
    assert page.status_code == 200
    assert "data-kept-list" in page.text
    assert "csrf_token" not in page.text
    assert "<noscript>" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_site_as_an_app(client: FlaskClient, language: str) -> None:
    told = client.get(f"/{language}/manifest.webmanifest")
    assert told.mimetype == "application/manifest+json"
    manifest = told.get_json()
    assert (manifest["lang"], manifest["start_url"], manifest["scope"]) == (language, f"/{language}/", "/")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).mimetype == icon["type"]


def test_the_colours_of_the_app_are_those_of_the_site(client: FlaskClient) -> None:
    manifest, page = client.get("/kk/manifest.webmanifest").get_json(), client.get("/kk/").text
    assert f'<meta name="theme-color" content="{manifest["theme_color"]}"' in page
    assert manifest["background_color"] in client.get("/static/css/tokens.css").text
