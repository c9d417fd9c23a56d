"""Text goes out packed with gzip, where the browser takes it and it saves something.

The length of a packed answer tells something of what stands in it. Where that is one person's page, gzip's own header
carries a name of random length, so that nobody learns a secret by making the page repeat guesses (BREACH). What is
made for everybody holds no secret and is packed alike every time.
"""

from __future__ import annotations

import gzip
import io
import random
import string
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

LEAST_BYTES = 1024  # a shorter answer fits into one packet either way
LEVEL = 6
STUFFING = 100  # letters at most, some 50 bytes in the middle; as many as Django adds for the same reason
TEXTS = frozenset(
    {
        "application/atom+xml",
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/xml",
        "image/svg+xml",
    }
)
WITHOUT_BODY = ("204", "206", "304")

_random = random.SystemRandom()


class Compression:
    """In front of the application. What has no stated length is a stream and is left alone."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said: list[tuple[str, Headers]] = []
        written: list[bytes] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            said.append((status, headers))
            return written.append

        answer = self._inner(environ, start)
        status, headers = said[-1]
        if written:  # nothing of ours writes this old way; who does is passed on as it is
            answer = chain(written, answer)
        if written or not is_worth_it(status, headers):
            start_response(status, headers)
            return answer
        headers = varying(headers)
        if not takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            start_response(status, headers)
            return answer
        if environ["REQUEST_METHOD"] == "HEAD":  # how long the packed page is nobody knows before it is made
            start_response(status, [each for each in headers if each[0].lower() != "content-length"])
            return answer
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        headers, body = packed_answer(headers, body)
        start_response(status, headers)
        return [body]


def is_worth_it(status: str, headers: Headers) -> bool:
    """Whether this is a text long enough to pack, that nobody has packed yet."""
    said = {name.lower(): value for name, value in headers}
    kind = said.get("content-type", "").partition(";")[0].strip().lower()
    length = said.get("content-length", "")
    return (
        (kind.startswith("text/") or kind in TEXTS)
        and length.isdecimal()
        and int(length) >= LEAST_BYTES
        and "content-encoding" not in said
        and not status.startswith(WITHOUT_BODY)
    )


@lru_cache(maxsize=128)
def takes_gzip(accepted: str) -> bool:
    """What the header Accept-Encoding says of gzip."""
    allowed: dict[str, bool] = {}
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        quality = weight.replace(" ", "").removeprefix("q=")
        allowed[name.strip()] = not quality or quality.strip("0.") != ""
    return allowed.get("gzip", allowed.get("*", False))


def packed_answer(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """The same answer, packed, with the headers that say so."""
    control = next((value for name, value in headers if name.lower() == "cache-control"), "")
    packed = pack(body, stuffing=0 if "public" in control else STUFFING)
    kept = [(name, weak(value) if name.lower() == "etag" else value) for name, value in headers]
    kept = [each for each in kept if each[0].lower() != "content-length"]
    return [*kept, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))], packed


def pack(text: bytes, *, stuffing: int = 0, level: int = LEVEL) -> bytes:
    """The text in gzip, with up to so many letters that mean nothing."""
    letters = "".join(_random.choices(string.ascii_letters, k=_random.randint(1, stuffing))) if stuffing else ""
    held = io.BytesIO()
    with gzip.GzipFile(filename=letters, mode="wb", compresslevel=level, fileobj=held, mtime=0) as file:
        file.write(text)
    return held.getvalue()


def varying(headers: Headers) -> Headers:
    """The headers, saying that the answer depends on what the browser can unpack."""
    vary = ", ".join(value for name, value in headers if name.lower() == "vary")
    if "accept-encoding" in vary.lower():
        return headers
    others = [each for each in headers if each[0].lower() != "vary"]
    return [*others, ("Vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding")]


def weak(etag: str) -> str:
    """Packed and unpacked are the same page in other bytes: a weak tag is true of both."""
    return etag if etag.startswith("W/") else f"W/{etag}"
