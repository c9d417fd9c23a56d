"""Public pages of the last second, kept in front of Flask: a crowd of readers costs one rendering a second.

A view takes part by `@cacheable()`. Only what was made for nobody in particular is kept: see `for_everybody`, which
says so in the answer's own headers, and `PageCache`, which believes them only for a request without our cookie.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote_plus

from flask import Flask, Response, current_app, request, session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from petitions import appearance, compression
from petitions.compression import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., object])
Key = tuple[str, str, str, str, str]
"""Host, scheme, path, query, appearance: all that a public page may depend on. Its language stands in the path."""

STALE_SECONDS = 2.0  # how long past its freshness a page may still stand in while one request renews it
WAIT_SECONDS = 3.0  # for a rendering that another request has begun; then everybody makes their own
MOST_PAGES = 2_000
MOST_BYTES = 24 * 1024 * 1024  # of all kept pages of one process
LONGEST_PAGE = 1024 * 1024
LONGEST_ADDRESS = 500
ONE_READERS = frozenset(
    {
        "HTTP_ACCEPT_ENCODING",
        "HTTP_COOKIE",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_RANGE",
        "HTTP_RANGE",
    }
)
"""What one reader's browser adds: a page that is made for all of them must not see it."""
REPEATED_BY_304 = frozenset({"etag", "cache-control", "vary"})


def cacheable(*reads: str) -> Callable[[View], View]:
    """Mark a view whose answer to a guest is the same for all guests; ``reads`` are the arguments it takes from ``?``.

    Others are not shown to it: what a sharing site appends to an address must not make a page of its own.
    """

    def mark(view: View) -> View:
        view.cacheable = frozenset(reads)  # type: ignore[attr-defined]
        return view

    return mark


def is_cacheable() -> bool:
    """Whether the view of this request takes part."""
    return hasattr(current_app.view_functions.get(request.endpoint or ""), "cacheable")


def for_everybody(response: Response) -> str | None:
    """The Cache-Control of an answer that holds nothing of one person; None when it may.

    Whoever brings a session, be it over, or credentials of any kind is not everybody. Where nothing is kept in front of
    Flask, it says "public" all the same: readers' own devices keep such pages, to show them without internet.
    """
    seconds: float = current_app.config["PAGE_CACHE_SECONDS"]
    if not is_cacheable() or response.status_code != 200 or request.method not in ("GET", "HEAD"):
        return None
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies or "Authorization" in request.headers:
        return None
    if session.modified or "Set-Cookie" in response.headers:
        return None
    if not seconds:
        return "public, no-cache"
    return f"public, max-age={ceil(seconds)}, stale-while-revalidate={ceil(STALE_SECONDS)}"


@dataclass(slots=True)
class Kept:
    """A page as it is sent. Times are those of the cache's own clock, in seconds; ``size`` counts the packed one too.

    ``packed`` is the page in gzip, made for the first reader who takes it and kept for the others.
    """

    headers: Headers
    body: list[bytes]
    etag: str
    fresh_until: float
    usable_until: float
    size: int
    packed: tuple[Headers, list[bytes]] | None = None

    def as_taken(self, environ: WSGIEnvironment) -> tuple[Headers, list[bytes]]:
        """Headers and body for this reader."""
        if not compression.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            return self.headers, self.body
        if self.packed is None:
            self.packed = self._packed()
        return self.packed

    def _packed(self) -> tuple[Headers, list[bytes]]:
        whole = self.body[0]
        if compression.is_worth_it("200", self.headers):
            headers, body = compression.packed_answer(self.headers, whole)
            if len(body) <= len(whole) // 2:
                return headers, [body]
        return self.headers, self.body


@dataclass(slots=True)
class Flight:
    """One rendering that others wait for. ``kept`` stays None when it made nothing that can be shared."""

    landed: threading.Event = field(default_factory=threading.Event)
    kept: Kept | None = None


class PageCache:
    """The WSGI application before Flask's own. Inside ProxyFix, so that host and scheme are the reader's."""

    def __init__(
        self,
        app: Flask,
        seconds: float,
        *,
        now: Callable[[], float] = time.monotonic,
        most_pages: int = MOST_PAGES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._inner: WSGIApplication = app.wsgi_app
        self._app = app
        self._seconds = seconds
        self._now = now
        self._most_pages, self._most_bytes = most_pages, most_bytes
        self._cookie: str = app.config["SESSION_COOKIE_NAME"]
        self._pages: dict[Key, Kept] = {}  # the one renewed last stands last
        self._bytes = 0
        self._flights: dict[Key, Flight] = {}
        self._changing = threading.Lock()
        self._router = app.url_map.bind("localhost")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The way of a kept page must stay this short: it is all that a storm of readers costs."""
        # The name alone, wherever it stands: too cautious beats a cookie that Flask reads and this does not.
        get = environ.get
        cookies = get("HTTP_COOKIE", "")
        if self._cookie in cookies or "HTTP_AUTHORIZATION" in environ:
            return self._inner(environ, start_response)
        looks = appearance.key_of(cookies) if cookies else ""
        key = (get("HTTP_HOST", ""), environ["wsgi.url_scheme"], get("PATH_INFO", ""), get("QUERY_STRING", ""), looks)
        kept = self._pages.get(key)
        if kept is not None and self._now() < kept.fresh_until and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return _answer(kept, environ, start_response)
        if environ["REQUEST_METHOD"] != "GET":
            return self._inner(environ, start_response)
        return self._missed(key, environ, start_response)

    def _missed(self, key: Key, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host, scheme, path, query, looks = key
        reads = self._reads(path)
        if reads is None or len(path) + len(query) > LONGEST_ADDRESS:
            return self._inner(environ, start_response)
        understood = _only(reads, query)
        if understood != query:
            environ = {**environ, "QUERY_STRING": understood}
        return self._shared((host, scheme, path, understood, looks), environ, start_response)

    def _shared(self, key: Key, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request makes the page. The others take the last one, wait for this one, or make their own."""
        with self._changing:
            kept, now = self._pages.get(key), self._now()
            flight = self._flights.get(key)
            renews = flight is None and (kept is None or now >= kept.fresh_until)
            if renews:
                flight = self._flights[key] = Flight()
        if renews and flight is not None:
            return self._render(key, flight, environ, start_response)
        if flight is not None and (kept is None or now >= kept.usable_until):
            flight.landed.wait(WAIT_SECONDS)
            kept = flight.kept
        if kept is None:
            return self._inner(environ, start_response)
        return _answer(kept, environ, start_response)

    def _render(
        self, key: Key, flight: Flight, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        began = self._now()  # a page is as old as what it was made from
        whole = {name: value for name, value in environ.items() if name not in ONE_READERS}
        if looks := key[-1]:
            whole["HTTP_COOKIE"] = f"{appearance.COOKIE}={looks}"
        try:
            status, headers, body = _collected(self._inner, whole)
            if _may_be_shared(status, headers, body):
                flight.kept = _page(key, headers, body, began, self._seconds)
                self._keep(key, flight.kept, began)
        finally:
            with self._changing:
                del self._flights[key]
            flight.landed.set()
        if flight.kept is not None:
            return _answer(flight.kept, environ, start_response)
        if compression.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) and compression.is_worth_it(status, headers):
            headers, body = compression.packed_answer(headers, body)
        start_response(status, headers)
        return [body]

    def _keep(self, key: Key, page: Kept, now: float) -> None:
        """Put the newest last; what is too old to be of use goes, then the oldest until the rest fits."""
        with self._changing:
            replaced = self._pages.pop(key, None)
            self._pages[key] = page
            self._bytes += page.size - (replaced.size if replaced else 0)
            while self._pages:
                oldest = next(iter(self._pages))
                fits = len(self._pages) <= self._most_pages and self._bytes <= self._most_bytes
                if fits and self._pages[oldest].usable_until > now:
                    break
                self._bytes -= self._pages.pop(oldest).size

    def _reads(self, path: str) -> frozenset[str] | None:
        """The arguments that the view of this path reads; None when its answers are not to be shared."""
        try:
            endpoint, _values = self._router.match(path, "GET")
        except (HTTPException, RoutingException):
            return None
        reads: frozenset[str] | None = getattr(self._app.view_functions.get(endpoint), "cacheable", None)
        return reads


def _answer(kept: Kept, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    known = environ.get("HTTP_IF_NONE_MATCH")
    # An entity tag is a quoted hash: it stands in the list, weak or strong, or it does not.
    if known is not None and (kept.etag.removeprefix("W/") in known or known.strip() == "*"):
        start_response("304 Not Modified", [each for each in kept.headers if each[0].lower() in REPEATED_BY_304])
        return []
    headers, body = kept.as_taken(environ)
    start_response("200 OK", headers[:])  # a server may change the list it is given
    return body if environ["REQUEST_METHOD"] == "GET" else []


def _collected(inner: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, Headers, bytes]:
    """A whole answer. One that sets a cookie is for one person, whatever else its headers say."""
    said: list[tuple[str, Headers]] = []
    parts: list[bytes] = []

    def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        said.append((status, headers))
        return parts.append

    answer = inner(environ, start)
    try:
        parts.extend(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
    status, headers = said[-1]
    if any(name.lower() == "set-cookie" for name, _value in headers):
        headers = [each for each in headers if each[0].lower() != "cache-control"]
        headers.append(("Cache-Control", "private, no-store"))
    return status, headers, b"".join(parts)


def _may_be_shared(status: str, headers: Headers, body: bytes) -> bool:
    """Whether the answer itself says that it is everybody's, and depends on nothing that the key leaves out."""
    said = {name.lower(): value.lower() for name, value in headers}
    control = {part.strip() for part in said.get("cache-control", "").split(",")}
    varies = {part.strip() for part in said.get("vary", "").split(",")}
    return (
        status.startswith("200")
        and "public" in control
        and not control & {"private", "no-store", "no-cache"}
        and "set-cookie" not in said
        and varies <= {"", "cookie", "accept-encoding"}
        and len(body) <= LONGEST_PAGE
    )


def _page(key: Key, headers: Headers, body: bytes, began: float, seconds: float) -> Kept:
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'  # true of the packed one as well
    sent = [each for each in headers if each[0].lower() not in ("etag", "content-length")]
    sent += [("ETag", etag), ("Content-Length", str(len(body)))]
    size = len(body) + len(body) // 2 + sum(map(len, key)) + sum(len(name) + len(value) for name, value in sent)
    fresh_until = began + seconds
    return Kept(sent, [body], etag, fresh_until, fresh_until + STALE_SECONDS, size)


def _only(reads: frozenset[str], query: str) -> str:
    """The query without the arguments that the view does not read."""
    if not query:
        return query
    return "&".join(part for part in query.split("&") if unquote_plus(part.partition("=")[0]) in reads)
