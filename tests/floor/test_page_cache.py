"""Pages kept in front of Flask: by themselves, on a small site whose clock the test moves."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask, Response, flash, request
from werkzeug.test import TestResponse

from petitions.compression import Compression
from petitions.page_cache import LONGEST_PAGE, MOST_PAGES, STALE_SECONDS, PageCache, cacheable, for_everybody


@dataclass
class Site:
    """One page that counts how often it was made, and others that must never be kept."""

    app: Flask
    cache: PageCache
    time: float = 1000.0
    made: int = 0
    while_making: Callable[[], None] = lambda: None
    seen: list[str] = field(default_factory=list)

    def get(self, path: str = "/page", **asked: str) -> TestResponse:
        """As a browser without any cookie; keywords are headers."""
        headers = {name.replace("_", "-"): value for name, value in asked.items()}
        return self.app.test_client(use_cookies=False).get(path, headers=headers)

    def text(self, path: str = "/page", **asked: str) -> str:
        return self.get(path, **asked).get_data(as_text=True)


def a_site(**limits: int) -> Site:
    app = Flask("site")
    app.config.update(SECRET_KEY="of this test", PAGE_CACHE_SECONDS=1.0, TESTING=True)
    app.wsgi_app = Compression(app.wsgi_app)  # type: ignore[method-assign]
    site = Site(app, None)  # type: ignore[arg-type]
    site.cache = PageCache(app, 1.0, now=lambda: site.time, **limits)
    app.wsgi_app = site.cache  # type: ignore[method-assign]

    @app.after_request
    def say_who_may_keep_it(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", for_everybody(response) or "no-cache")
        return response

    @app.route("/page", methods=["GET", "POST"])
    @cacheable("n")
    def page() -> str:
        site.made += 1
        site.seen.append(request.query_string.decode())
        site.while_making()
        return f"page {site.made} {request.args.get('n', '')} {request.host} {request.method}"

    @app.get("/long")
    @cacheable()
    def long() -> Response:
        site.made += 1
        return Response("a long page " * 500)

    @app.get("/cookies")
    @cacheable()
    def cookies() -> str:
        site.made += 1
        return f"{site.made} {request.headers.get('Cookie', '')}"

    @app.get("/unmarked")
    def unmarked() -> Response:
        site.made += 1
        return Response(f"{site.made}", headers={"Cache-Control": "public, max-age=60"})

    @app.get("/special/<kind>")
    @cacheable()
    def special(kind: str) -> Response:
        site.made += 1
        return SPECIAL[kind]()

    return site


def flashing() -> Response:
    flash("for one person")
    return Response("flash")


def setting_a_cookie() -> Response:
    response = Response("cookie", headers={"Cache-Control": "public, max-age=60"})
    response.set_cookie("mine", "1")
    return response


SPECIAL: dict[str, Callable[[], Response]] = {
    "flash": flashing,
    "cookie": setting_a_cookie,
    "private": lambda: Response("mine", headers={"Cache-Control": "private, no-store"}),
    "varies": lambda: Response("x", headers={"Cache-Control": "public, max-age=60", "Vary": "Accept-Language"}),
    "missing": lambda: Response("no such page " * 100, 404),
    "large": lambda: Response(b"x" * (LONGEST_PAGE + 1)),
}


@pytest.fixture
def site() -> Iterator[Site]:
    yield a_site()


def test_a_page_is_made_once_a_second_however_many_read_it(site: Site) -> None:
    assert {site.text() for _ in range(20)} == {"page 1  localhost GET"}
    site.time += 0.999
    assert site.text().startswith("page 1")
    site.time += 0.002
    assert site.text().startswith("page 2")


def test_a_kept_page_says_who_may_keep_it_and_for_how_long(site: Site) -> None:
    first, second = site.get(), site.get()
    assert first.headers.to_wsgi_list() == second.headers.to_wsgi_list()
    assert second.headers["Cache-Control"] == "public, max-age=1, stale-while-revalidate=2"
    assert second.headers["Content-Length"] == str(len(second.data))
    assert "Set-Cookie" not in second.headers


def test_who_has_the_page_already_is_told_so_without_it(site: Site) -> None:
    tag = site.get().headers["ETag"]
    assert tag.startswith("W/")
    for known in (tag, tag.removeprefix("W/"), f'"another", {tag}', "*"):
        answer = site.get(If_None_Match=known)
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == tag
        assert answer.headers["Cache-Control"].startswith("public")
    assert site.get(If_None_Match='"another"').status_code == 200
    site.time += 10  # made anew, and found to be another one
    changed = site.get(If_None_Match=tag)
    assert (changed.status_code, site.made) == (200, 2)
    assert changed.headers["ETag"] != tag


def test_a_condition_never_spoils_what_others_get(site: Site) -> None:
    assert site.get(If_None_Match='"x"', Range="bytes=0-3").status_code == 200
    assert site.text().startswith("page 1")


def test_a_page_is_packed_once_for_all_who_can_unpack_it(site: Site) -> None:
    plain, packed, again = (
        site.get("/long"),
        site.get("/long", Accept_Encoding="gzip"),
        site.get("/long", Accept_Encoding="br, gzip"),
    )
    assert site.made == 1
    assert gzip.decompress(packed.data) == plain.data
    assert again.data == packed.data
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Cookie, Accept-Encoding")
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert plain.headers["Vary"] == packed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["ETag"] == plain.headers["ETag"]
    kept = next(iter(site.cache._pages.values()))
    assert kept.size > len(plain.data) + len(packed.data)
    assert site.get("/long", Accept_Encoding="gzip", If_None_Match=plain.headers["ETag"]).status_code == 304


def test_what_is_made_for_one_reader_is_packed_as_well(site: Site) -> None:
    answer = site.get("/long", Accept_Encoding="gzip", Cookie="session=x")
    assert answer.headers["Content-Encoding"] == "gzip"
    missing = site.get("/special/missing", Accept_Encoding="gzip")
    assert (missing.status_code, missing.headers["Content-Encoding"]) == (404, "gzip")


def test_who_chose_another_appearance_has_a_page_of_their_own_and_no_cookie_makes_more(site: Site) -> None:
    ordinary = site.text("/cookies")
    large = site.text("/cookies", Cookie="view=150-bw-wide-plain")
    assert (ordinary, large) == ("1 ", "2 view=150-bw-wide-plain")
    assert site.text("/cookies", Cookie="a=1; view=150-bw-wide-plain; b=2") == large
    for nonsense in (
        "view=",
        "view=100-device-normal-shown",
        "view=<script>",
        "other=1",
        "view=150-bw-wide-plain-more",
    ):
        assert site.text("/cookies", Cookie=nonsense) == ordinary
    assert len(site.cache._pages) == 2


def test_head_is_answered_from_the_page_without_its_text(site: Site) -> None:
    client = site.app.test_client(use_cookies=False)
    assert client.head("/page").status_code == 200
    page = site.get()
    head = client.head("/page")
    assert (head.data, head.headers["ETag"]) == (b"", page.headers["ETag"])
    assert head.headers["Content-Length"] == str(len(page.data))
    assert "HEAD" not in site.text()


def test_a_post_reaches_the_application_every_time(site: Site) -> None:
    site.get()
    answers = {site.app.test_client(use_cookies=False).post("/page").get_data(as_text=True) for _ in range(3)}
    assert answers == {f"page {n}  localhost POST" for n in (2, 3, 4)}
    assert site.text().startswith("page 1")


@pytest.mark.parametrize(
    "cookie", ["session=x", "a=1; session=x", "session =x", " session=", 'session="x"', "a=session=x"]
)
def test_whoever_brings_a_session_is_neither_served_nor_kept(site: Site, cookie: str) -> None:
    assert site.get(Cookie=cookie).headers["Cache-Control"] in (
        "no-cache",
        "public, max-age=1, stale-while-revalidate=2",
    )
    assert site.text().startswith("page 2")
    assert site.text(Cookie=cookie).startswith("page 3")
    assert site.text().startswith("page 2")


def test_whoever_brings_credentials_is_neither_served_nor_kept(site: Site) -> None:
    assert site.get(Authorization="Basic eDp5").headers["Cache-Control"] == "no-cache"
    assert site.text().startswith("page 2")
    assert site.text(Authorization="Basic eDp5").startswith("page 3")


def test_each_host_and_scheme_has_its_own_page(site: Site) -> None:
    assert "one.invalid" in site.text(Host="one.invalid")
    assert "two.invalid" in site.text(Host="two.invalid")
    assert "one.invalid" in site.text(Host="one.invalid")
    secure = site.app.test_client(use_cookies=False).get("/page", base_url="https://one.invalid")
    assert secure.get_data(as_text=True).startswith("page 3")


def test_arguments_that_the_page_does_not_read_make_no_page_of_their_own(site: Site) -> None:
    pages = {site.text(f"/page?fbclid={n}&utm_source=x%26n=9") for n in range(10)}
    assert pages == {"page 1  localhost GET"}
    assert site.text("/page?n=1&fbclid=7") == "page 2 1 localhost GET"
    assert site.text("/page?%6e=1") == "page 3 1 localhost GET"
    assert site.seen == ["", "n=1", "%6e=1"]


def test_only_views_that_take_part_are_kept_whatever_their_headers_say(site: Site) -> None:
    assert [site.text("/unmarked") for _ in range(2)] == ["1", "2"]


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_not_for_everybody_is_made_for_each(site: Site, kind: str) -> None:
    answers = [site.get(f"/special/{kind}") for _ in range(3)]
    assert site.made == 3
    if kind in ("flash", "cookie"):
        assert all("Set-Cookie" in answer.headers for answer in answers)
        assert all("public" not in answer.headers["Cache-Control"] for answer in answers)


def test_a_crowd_waits_for_one_rendering(site: Site) -> None:
    began, may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        began.set()
        may_end.wait(5)

    site.while_making = slowly
    texts: list[str] = []
    crowd = [threading.Thread(target=lambda: texts.append(site.text())) for _ in range(16)]
    for reader in crowd:
        reader.start()
    assert began.wait(5)
    may_end.set()
    for reader in crowd:
        reader.join(10)
    assert texts == ["page 1  localhost GET"] * 16


def test_while_one_renews_the_others_get_the_page_of_a_moment_ago_but_no_older(site: Site) -> None:
    site.get()
    began, may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        began.set()
        may_end.wait(5)

    site.while_making = slowly
    site.time += 1 + STALE_SECONDS / 2
    renewed: list[str] = []
    renewing = threading.Thread(target=lambda: renewed.append(site.text()))
    renewing.start()
    assert began.wait(5)
    assert {site.text() for _ in range(5)} == {"page 1  localhost GET"}
    site.time += STALE_SECONDS
    waiting = threading.Thread(target=lambda: renewed.append(site.text()))
    waiting.start()
    may_end.set()
    for reader in (renewing, waiting):
        reader.join(10)
    assert "page 1  localhost GET" not in renewed
    assert site.made <= 3


def test_a_rendering_that_breaks_lets_the_others_go_on(site: Site) -> None:
    began, may_end = threading.Event(), threading.Event()

    def break_once() -> None:
        site.while_making = lambda: None
        began.set()
        may_end.wait(5)
        raise ValueError("broken")

    site.while_making = break_once
    broken: list[str] = []

    def meet_it() -> None:
        with pytest.raises(ValueError, match="broken"):
            site.get()
        broken.append("met")

    first = threading.Thread(target=meet_it)
    first.start()
    assert began.wait(5)
    texts: list[str] = []
    others = [threading.Thread(target=lambda: texts.append(site.text())) for _ in range(4)]
    for reader in others:
        reader.start()
    may_end.set()
    for reader in (first, *others):
        reader.join(10)
    assert broken == ["met"]
    assert len(texts) == 4
    assert site.text().startswith("page")
    assert not site.cache._flights


def test_what_many_ask_only_once_does_not_fill_the_memory() -> None:
    site = a_site(most_pages=10)
    for n in range(200):
        site.get(f"/page?n={n}")
    assert len(site.cache._pages) == 10
    site.get(f"/page?n={'1' * 1000}")
    assert max(len(key[3]) for key in site.cache._pages) < 1000
    site.time += 100
    site.get()
    assert len(site.cache._pages) == 1
    assert site.cache._bytes == sum(page.size for page in site.cache._pages.values())


def test_bytes_are_bounded_as_well() -> None:
    site = a_site(most_bytes=20_000)
    for n in range(300):
        site.get(f"/page?n={n}")
        assert site.cache._bytes <= 20_000
    assert len(site.cache._pages) < 300 < MOST_PAGES


def test_a_page_read_all_the_time_outlives_those_read_once() -> None:
    site = a_site(most_pages=10)
    for n in range(30):
        site.time += 0.2
        site.get()
        site.get(f"/page?n={n}")
    assert site.seen.count("") < 10
