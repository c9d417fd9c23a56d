"""A server under test: a process group of its own, served as `flask serve` serves, without its worker.

    python -m petitions.bench.server product 8000

The kinds beside the product are the limits it is weighed against: the same server with next to nothing in it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from sqlalchemy import event

from petitions.app import create_app
from petitions.bench import naive
from petitions.cli import group
from petitions.db import engine
from petitions.identity.eds import engines

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WORKERS = 2
SIZE = "PETITIONS_BENCH_SIZE"
"""The variable that tells the constant answers how many bytes they have."""
UNSIGNED = "PETITIONS_BENCH_WITHOUT_ARITHMETIC"
"""The variable that leaves the asymmetric arithmetic out, and nothing else."""

SYNC_MS = "PETITIONS_BENCH_SYNC_MS"
"""The variable that makes every commit wait longer, as on a disk that takes that long to sync."""


class WithoutArithmetic(engines.RsaSha256):
    """RSA with everything but its arithmetic: the kind and size of the key are still looked at."""

    def matches(self, signer: Any, signature: bytes, message: bytes) -> bool:
        key = signer.public_key()
        return key.key_size in engines.RSA_BITS and len(signature) * 8 == key.key_size


def product() -> WSGIApplication:
    """The application as it is shipped, by the settings in the environment."""
    app = create_app()
    if os.environ.get(UNSIGNED):
        for oid in (engines.RSA_KEY_OID, engines.RSA_SHA256_OID):
            engines.ENGINES[oid] = WithoutArithmetic()
    if wait := float(os.environ.get(SYNC_MS, "0")) / 1000:
        event.listen(engine(), "commit", lambda _connection: time.sleep(wait))
    engine().dispose()
    group.warm(app)
    return app


def raw() -> WSGIApplication:
    """A bare WSGI callable that always answers the same bytes."""
    body = b"x" * _size()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return (body,)

    return answer


def constant() -> WSGIApplication:
    """A bare Flask that always answers the same text, and one that reads a form and answers by a redirect."""
    app = Flask("petitions.bench")
    text = "x" * _size()

    @app.get("/")
    def page() -> str:
        return text

    @app.post("/<path:_any>")
    def form(_any: str) -> tuple[str, int, dict[str, str]]:
        taken = request.form["challenge"], request.form["signature"]
        return "taken", 303, {"Location": f"/{len(taken)}"}

    return app


def _size() -> int:
    return int(os.environ.get(SIZE, "20000"))


KINDS: dict[str, Callable[[], WSGIApplication]] = {
    "product": product,
    "raw": raw,
    "constant": constant,
    "naive": naive.naive_app,
}


def main() -> None:
    kind, port = sys.argv[1], int(sys.argv[2])
    group.stop_with_leader()
    app = KINDS[kind]()
    os.environ[group.LEADER] = str(os.getpid())

    def in_worker(_target: str = "") -> WSGIApplication:
        group.stop_with_leader()
        return app

    group.web_server("127.0.0.1", port, WORKERS).serve(target_loader=in_worker)


if __name__ == "__main__":
    main()
