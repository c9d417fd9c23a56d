"""Nothing of one person ever reaches another through the kept pages: kept for a minute here, so that a leak lasts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from petitions.compression import LEAST_BYTES
from petitions.db import reading, transaction
from petitions.identity.models import SignInSession
from petitions.identity.roles import Role
from petitions.law.states import State
from petitions.lifecycle import queries as lifecycle
from petitions.page_cache import PageCache
from petitions.static_files import StaticFiles
from tests import making
from tests.conftest import Database, make_app

PUBLIC_PAGES = (
    "/en/",
    "/en/petitions",
    "/en/petitions?group=open&sort=closing&page=1",
    "/en/petitions/{id}",
    "/en/petitions/{id}/history",
    "/en/petitions/{id}/signers",
    "/petitions/{id}/count.json",
    "/petitions/{id}/history.csv",
    "/en/archive",
    "/en/law",
    "/en/rules",
    "/en/privacy",
    "/en/sources",
    "/en/territories",
    "/en/territories/750000000",
    "/en/bodies",
    "/en/bodies/mki",
    "/en/petitions/{id}/text.json",
    "/en/petitions/{id}/comments",
    "/en/petitions/{id}/proof",
    "/en/petitions/{id}/share",
    "/embed/{id}?lang=ru&theme=dark",
    "/en/verify",
    "/en/statistics",
    "/statistics/joinings.csv",
    "/map/units.json",
    "/en/accessibility",
    "/en/design",
    "/en/offline",
    "/en/manifest.webmanifest",
    "/service-worker.js",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap.xml?file=0",
)
NEED_MORE = {"browsing.archived", "browsing.comment"}
"""They take part too, and need what other tests make; the log's own pages stand in tests/log."""


@pytest.fixture
def site(sqlite_database: Database, tmp_path: Path) -> Flask:
    return make_app(sqlite_database, tmp_path, page_cache_seconds=60)


@pytest.fixture
def petition_id(site: Flask) -> int:
    return an_open_one()


def an_open_one() -> int:
    petition_id = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    return petition_id


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def one_more(petition_id: int) -> None:
    making.joined(petition_id, 1, making.moment_of(petition_id) + timedelta(minutes=1))


def author_of(petition_id: int) -> int:
    with reading() as session:
        return lifecycle.standing(session, petition_id).author_id


@pytest.mark.parametrize("page", PUBLIC_PAGES)
def test_a_public_page_is_kept_for_guests_and_holds_nothing_of_theirs(site: Flask, petition_id: int, page: str) -> None:
    path = page.format(id=petition_id)
    first, second = site.test_client().get(path), site.test_client().get(path)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=2"
    is_long = len(first.data) >= LEAST_BYTES
    assert first.headers["Vary"] == ("Cookie, Accept-Encoding" if is_long else "Cookie")
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.data == second.data
    assert "Set-Cookie" not in first.headers
    assert b"csrf_token" not in first.data
    again = site.test_client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_every_view_that_takes_part_is_among_them(site: Flask) -> None:
    router = site.url_map.bind("localhost")
    tried = {router.match(page.format(id=1).partition("?")[0])[0] for page in PUBLIC_PAGES}
    taking = {name for name, view in site.view_functions.items() if hasattr(view, "cacheable")}
    assert {name for name in taking if not name.startswith("log")} == tried | NEED_MORE


@pytest.mark.parametrize("page", PUBLIC_PAGES)
def test_without_the_cache_the_same_pages_are_asked_for_each_time_and_kept_for_reading_without_internet(
    sqlite_app: Flask, page: str
) -> None:
    answer = sqlite_app.test_client().get(page.format(id=an_open_one()))
    assert answer.headers["Cache-Control"] == "public, no-cache"


def test_a_kept_page_is_shown_again_until_its_time_is_over(site: Flask, petition_id: int) -> None:
    path = f"/en/petitions/{petition_id}"
    before = text(site.test_client(), path)
    one_more(petition_id)
    assert text(site.test_client(), path) == before
    making.sign_in(signed := site.test_client(), citizen_id=making.a_citizen("daniyar"))
    assert "51 of 60" in text(signed, path)


@pytest.mark.parametrize("who", ["citizen", "signer", "author", "moderator", "officer"])
@pytest.mark.parametrize("person_first", [True, False])
def test_who_is_signed_in_and_a_guest_never_get_each_others_page(
    site: Flask, petition_id: int, who: str, person_first: bool
) -> None:
    person, guest = site.test_client(), site.test_client()
    own = sign_in(person, who, petition_id)
    for path in (f"/en/petitions/{petition_id}", "/en/", "/en/petitions", f"/en/petitions/{petition_id}/history"):
        if not person_first:
            text(site.test_client(), path)
        mine = person.get(path)
        theirs = guest.get(path)
        assert mine.headers["Cache-Control"] == "no-store"
        assert own in mine.get_data(as_text=True)
        assert "Sign out" not in theirs.get_data(as_text=True)
        assert own not in theirs.get_data(as_text=True)
        assert "Sign in" in theirs.get_data(as_text=True)
        assert own in text(person, path)


def sign_in(client: FlaskClient, who: str, petition_id: int) -> str:
    """A mark that only their own pages bear."""
    if who in ("moderator", "officer"):
        making.sign_in(client, staff_id=making.a_staff_member((Role(who),)))
        return ">Console<"
    people = {"author": author_of(petition_id), "citizen": making.a_citizen("daniyar")}
    citizen_id = people.get(who) or making.joined(petition_id, 1, making.moment_of(petition_id))[0]
    making.sign_in(client, citizen_id=citizen_id)
    return ">My data<"


def test_a_message_to_one_guest_is_shown_to_that_guest_only(site: Flask, petition_id: int) -> None:
    path = f"/en/petitions/{petition_id}"
    told = site.test_client()
    with told.session_transaction() as session:
        session["_flashes"] = [("success", "A word for you alone")]
    answer = told.get(path)
    assert "A word for you alone" in answer.get_data(as_text=True)
    assert "public" not in answer.headers["Cache-Control"]
    assert "A word for you alone" not in text(site.test_client(), path)
    assert "A word for you alone" not in text(told, path)


def test_a_session_that_is_over_gets_a_guests_page_that_nobody_keeps(site: Flask, petition_id: int) -> None:
    path = f"/en/petitions/{petition_id}"
    late = site.test_client()
    making.sign_in(late, citizen_id=making.a_citizen("daniyar"))
    with transaction() as session:
        session.execute(sa.update(SignInSession).values(revoked_at=sa.func.current_timestamp()))
    answer = late.get(path)
    assert "Sign in" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-cache"
    one_more(petition_id)
    assert "51 of 60" in text(site.test_client(), path)
    one_more(petition_id)
    assert "52 of 60" in text(late, path)


@pytest.mark.parametrize("page", ["/en/petitions/{}", "/petitions/{}/count.json", "/en/petitions/{}/history"])
def test_what_only_a_link_opens_is_kept_by_nobody(site: Flask, page: str) -> None:
    petition_id = making.a_petition_in(State.SUPPORTING)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    with reading() as session:
        token = lifecycle.standing(session, petition_id).link_token
    for _again in range(2):
        opened = site.test_client().get(page.format(token))
        assert opened.status_code == 200
        assert opened.headers["Cache-Control"] == "private, no-store"
        assert opened.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert site.test_client().get(page.format(petition_id)).status_code == 404
    assert not kept(site)


def test_a_hidden_text_and_a_page_taken_down_are_kept_by_nobody(site: Flask) -> None:
    hidden = making.a_filed_petition()
    making.refuse(hidden, making.AT + timedelta(hours=1), hides_text=True)
    down = making.a_petition_in(State.TAKEN_DOWN)
    making.law_time(making.moment_of(down))
    assert site.test_client().get(f"/en/petitions/{hidden}").headers["Cache-Control"] == "no-store"
    gone = site.test_client().get(f"/en/petitions/{down}")
    assert (gone.status_code, gone.headers["Cache-Control"]) == (410, "no-cache")
    assert not kept(site)


def test_each_language_has_its_own_page_and_no_request_names_the_site(site: Flask, petition_id: int) -> None:
    path = f"petitions/{petition_id}"
    pages = {language: text(site.test_client(), f"/{language}/{path}") for language in ("kk", "ru", "en")}
    for language, page in pages.items():
        assert f'<html lang="{language}"' in page
        assert page == text(site.test_client(), f"/{language}/{path}")
    for host in ("one.invalid", "two.invalid"):  # the link to pass on is that of the settings
        shown = site.test_client().get(f"/en/{path}", headers={"Host": host}).get_data(as_text=True)
        assert f'value="http://localhost/en/p/{petition_id}"' in shown
        assert host not in shown


def test_the_door_that_chooses_a_language_is_asked_each_time(site: Flask) -> None:
    for language in ("ru", "en", "kk"):
        answer = site.test_client().get("/", headers={"Accept-Language": language})
        assert answer.location == f"/{language}/"
        assert "public" not in answer.headers["Cache-Control"]
        assert "Accept-Language" in answer.headers["Vary"]


def test_pages_with_a_form_of_ones_own_are_not_kept(site: Flask, petition_id: int) -> None:
    for path in ("/en/sign-in", f"/en/petitions/{petition_id}/join", "/en/account"):
        assert "public" not in site.test_client().get(path).headers["Cache-Control"]
    assert not kept(site)


def test_the_lists_own_filters_work_in_front_of_the_cache(site: Flask, petition_id: int) -> None:
    national = making.a_petition_in(State.OPEN, addressee="government")
    shown = {
        "group=open": {petition_id, national},
        "group=refused": set(),
        "level=republic": {national},
        "kato=390000000": {petition_id},
        "body=mki": {national},
        "group=open&level=local&sort=joined&page=1": {petition_id},
    }
    for query, expected in shown.items():
        page = text(site.test_client(), f"/en/petitions?{query}&fbclid=anything")
        assert {each for each in (petition_id, national) if f'/en/petitions/{each}"' in page} == expected
        assert "fbclid" not in page
    others = {"/en/law": "edition=2024-04-04", "/en/territories": "name=Абай", "/en/petitions": "place=Абай"}
    for path, asked in others.items():
        with_it, without = text(site.test_client(), f"{path}?{asked}"), text(site.test_client(), path)
        assert main(with_it) != main(without), f"{path} does not read {asked}"


def test_posting_is_never_answered_from_a_kept_page(site: Flask, petition_id: int) -> None:
    path = f"/en/petitions/{petition_id}"
    text(site.test_client(), path)
    assert site.test_client().post(path).status_code == 405


def main(page: str) -> str:
    return page.partition("<main")[2]


def kept(site: Flask) -> set[str]:
    """The paths of what the page cache holds, which stands behind the static files."""
    files = site.wsgi_app
    assert isinstance(files, StaticFiles)
    assert isinstance(files._inner, PageCache)
    return {path for _host, _scheme, path, _query, _looks in files._inner._pages}
