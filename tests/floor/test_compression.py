"""Text leaves packed for whoever can unpack it, and only text, and nobody learns a secret from its length."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response
from werkzeug.test import EnvironBuilder, TestResponse

from petitions.compression import LEAST_BYTES, STUFFING, Compression, pack, takes_gzip

LONG = "Халық үні. " * 300


def a_site(make: Callable[[], Response]) -> Flask:
    app = Flask("site")
    app.add_url_rule("/", "page", make, methods=["GET", "POST"])
    app.wsgi_app = Compression(app.wsgi_app)  # type: ignore[method-assign]
    return app


def asked(make: Callable[[], Response], accepted: str = "gzip, deflate, br", method: str = "GET") -> TestResponse:
    headers = {"Accept-Encoding": accepted} if accepted else {}
    return a_site(make).test_client().open("/", method=method, headers=headers)


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("br, gzip;q=1.0", True),
        ("*", True),
        ("*;q=0.1", True),
        ("", False),
        ("br, deflate", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0, *", False),
        ("identity", False),
        ("xgzip", False),
    ],
)
def test_the_browser_says_whether_it_unpacks_gzip(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken


def test_a_long_text_is_packed_and_says_so() -> None:
    answer = asked(lambda: Response(LONG, headers={"Vary": "Cookie", "ETag": '"of-this-page"'}))
    assert gzip.decompress(answer.data).decode() == LONG
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["Vary"] == "Cookie, Accept-Encoding"
    assert answer.headers["ETag"] == 'W/"of-this-page"'
    assert len(answer.data) < len(LONG.encode()) // 5


def test_who_takes_no_gzip_gets_the_text_and_caches_are_told_that_there_are_two() -> None:
    answer = asked(lambda: Response(LONG), accepted="br")
    assert answer.text == LONG
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Response("x" * (LEAST_BYTES - 1)),
        lambda: Response(LONG, mimetype="image/png"),
        lambda: Response(LONG, mimetype="application/pdf"),
        lambda: Response(LONG, headers={"Content-Encoding": "br"}),
        lambda: Response(LONG, 206),
        lambda: Response(_stream(), mimetype="text/csv"),
    ],
)
def test_what_is_short_or_no_text_or_a_stream_is_left_alone(make: Callable[[], Response]) -> None:
    answer = asked(make)
    assert answer.headers.get("Content-Encoding") in (None, "br")
    assert "Accept-Encoding" not in answer.headers.get("Vary", "")


def _stream() -> Iterator[str]:
    yield from ("a,b\n" for _ in range(1000))


@pytest.mark.parametrize("mimetype", ["text/html", "text/csv", "application/json", "image/svg+xml", "text/javascript"])
def test_every_kind_of_text_is_packed_and_errors_too(mimetype: str) -> None:
    assert asked(lambda: Response(LONG, 404, mimetype=mimetype)).headers["Content-Encoding"] == "gzip"
    assert asked(lambda: Response(LONG, mimetype=mimetype), method="POST").headers["Content-Encoding"] == "gzip"


def test_head_says_what_the_page_would() -> None:
    answer = asked(lambda: Response(LONG), method="HEAD")
    assert answer.data == b""
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Content-Length" not in answer.headers


def test_the_length_of_a_personal_page_tells_nothing_but_pages_for_all_are_packed_alike() -> None:
    personal = {len(asked(lambda: Response(LONG, headers={"Cache-Control": "no-store"})).data) for _ in range(60)}
    public = {asked(lambda: Response(LONG, headers={"Cache-Control": "public, max-age=1"})).data for _ in range(5)}
    assert len(personal) > 15
    assert max(personal) - min(personal) < STUFFING
    assert len(public) == 1


def test_what_was_stuffed_unpacks_to_the_same() -> None:
    for _ in range(20):
        assert gzip.decompress(pack(LONG.encode(), stuffing=STUFFING)).decode() == LONG


@pytest.mark.parametrize("text", ["short", LONG])
def test_a_server_that_offers_no_way_to_write_is_served(text: str) -> None:
    site = a_site(lambda: Response(text))
    environ = EnvironBuilder(headers={"Accept-Encoding": "gzip"}).get_environ()
    said: list[str] = []
    body = b"".join(site.wsgi_app(environ, lambda status, headers, exc_info=None: said.append(status)))  # type: ignore[arg-type]
    assert said == ["200 OK"]
    assert (gzip.decompress(body) if text == LONG else body).decode() == text
