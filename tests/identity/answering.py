"""A real HTTP server of one answer, for clients that ask somebody else's service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answering = Callable[[BaseHTTPRequestHandler, bytes], None]
"""Writes the whole answer to a request with this body."""


@dataclass
class Asked:
    """What the server was asked, in order: method, path, media type, body."""

    url: str = ""
    requests: list[tuple[str, str, str, bytes]] = field(default_factory=list)


@contextmanager
def answering(write: Answering) -> Iterator[Asked]:
    asked = Asked()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.requests.append((self.command, self.path, self.headers.get("Content-Type", ""), body))
            write(self, body)

        do_GET = do_POST

        def log_message(self, format: str, *about: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    asked.url = f"http://127.0.0.1:{server.server_port}"
    yield asked
    server.shutdown()
    server.server_close()
    thread.join()


def whole(status: int, body: bytes, **headers: str) -> Answering:
    """An ordinary answer."""

    def write(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return write
