"""Style sheets, scripts, letters and pictures, each under an address that changes with its content.

``url_for("static", ...)`` adds ``?v=`` with a hash of the file, and so do the style sheets and scripts that name
others: the files are rewritten while they are read, nothing is built. What is asked for under its own hash never
changes and is kept by browsers for a year; under any other it is asked for again each time. Files are answered in
front of Flask, from memory and already packed: a first visit asks for as many files as the page has parts.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.security import safe_join

from petitions.compression import Headers, is_worth_it, pack, takes_gzip, varying

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/static/"
FOR_EVER = "public, max-age=31536000, immutable"
EACH_TIME = "public, no-cache"
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
MARK_LETTERS = 10  # twelve may be all digits, and look like an IIN
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
}
NAMES_OTHERS = {
    ".css": re.compile(r"""(?P<before>url\(\s*["']?)(?P<name>[\w./-]+)(?P<after>["']?\s*\))"""),
    ".js": re.compile(r"""(?P<before>\b(?:from|import)\s*\(?\s*["'])(?P<name>\.{1,2}/[\w./-]+)(?P<after>["'])"""),
}
"""Where a file of this kind names another one of the same folder's tree."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent. ``mark`` is the hash in its address; ``packed`` is None where gzip saves nothing."""

    mark: str
    changed_ns: int
    headers: Headers
    body: bytes
    packed: bytes | None


class StaticFiles:
    """The WSGI application in front of all others. ``said`` are headers that every answer of the site has."""

    def __init__(self, inner: WSGIApplication, folder: Path, said: Mapping[str, str]) -> None:
        self._inner = inner
        self._folder = folder
        self._said = list(said.items())
        self._files: dict[str, File] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._inner(environ, start_response)
        file = self._file(path.removeprefix(PREFIX))
        if file is None:
            return self._inner(environ, start_response)
        is_own_mark = environ.get("QUERY_STRING", "") == f"v={file.mark}"
        headers = [*file.headers, ("Cache-Control", FOR_EVER if is_own_mark else EACH_TIME)]
        if environ["wsgi.url_scheme"] == "https":
            headers.append(STRICT_TRANSPORT)
        return _answer(file, headers, environ, start_response)

    def mark(self, name: str) -> str | None:
        """The hash of a file by its path below the folder; None where there is no such file."""
        known = self._files.get(name) or self._file(name)
        return known.mark if known else None

    def _file(self, name: str, within: frozenset[str] = frozenset()) -> File | None:
        """The file as it stands on the disk now; it is read again only when it was changed."""
        inside = safe_join(str(self._folder), name)
        if inside is None or normpath(name) != name:  # a second name of a file would be a second copy in memory
            return None
        try:
            changed_ns = Path(inside).stat().st_mtime_ns
            known = self._files.get(name)
            if known is None or known.changed_ns != changed_ns:
                known = self._files[name] = self._read(name, changed_ns, within | {name})
        except (OSError, ValueError):  # no file, or a name that no file can have
            return None
        return known

    def _read(self, name: str, changed_ns: int, within: frozenset[str]) -> File:
        """Raises OSError for what is no file."""
        suffix = PurePosixPath(name).suffix
        body = (self._folder / name).read_bytes()
        if suffix in NAMES_OTHERS:
            body = NAMES_OTHERS[suffix].sub(self._marked(name, within), body.decode()).encode()
        mark = hashlib.sha256(body).hexdigest()[:MARK_LETTERS]
        kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("ETag", f'W/"{mark}"'), *self._said]
        if not is_worth_it("200", headers):
            return File(mark, changed_ns, headers, body, None)
        return File(mark, changed_ns, varying(headers), body, pack(body, level=9))

    def _marked(self, name: str, within: frozenset[str]) -> Callable[[re.Match[str]], str]:
        """Files that name each other in a circle keep the plain address of one, which is asked for each time."""

        def marked(found: re.Match[str]) -> str:
            other = normpath(join(dirname(name), found["name"]))
            file = None if other in within else self._file(other, within)
            mark = f"?v={file.mark}" if file else ""
            return f"{found['before']}{found['name']}{mark}{found['after']}"

        return marked


def init_app(app: Flask, said: Mapping[str, str]) -> None:
    """Answer the application's static files, and let `url_for` give each its own address."""
    files = StaticFiles(app.wsgi_app, Path(app.static_folder or ""), said)
    app.wsgi_app = files  # type: ignore[method-assign]

    def mark(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values and (found := files.mark(values.get("filename", ""))):
            values["v"] = found

    app.url_defaults(mark)


def _answer(file: File, headers: Headers, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    if f'"{file.mark}"' in known:
        start_response(
            "304 Not Modified", [each for each in headers if each[0] not in ("Content-Length", "Content-Type")]
        )
        return []
    body = file.body
    if file.packed is not None and takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        body = file.packed
        headers = [each for each in headers if each[0] != "Content-Length"]
        headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body] if environ["REQUEST_METHOD"] == "GET" else []
