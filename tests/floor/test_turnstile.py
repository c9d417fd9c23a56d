"""One signing request is computed at a time, and nobody who waits holds up the next."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable

import pytest

from petitions.turnstile import Turnstile, step_aside

PATH = "/kk/petitions/7/joinings"


class Slow:
    """An application that notes how many requests are inside at once."""

    def __init__(self, *, waits: bool = False) -> None:
        self.inside, self.most, self.waits = 0, 0, waits
        self.changing = threading.Lock()
        self.met = threading.Barrier(4, timeout=10)

    def __call__(self, environ: dict[str, object], start_response: object) -> Iterable[bytes]:
        with self.changing:
            self.inside += 1
            self.most = max(self.most, self.inside)
        if self.waits:
            step_aside()
            self.met.wait()
        with self.changing:
            self.inside -= 1
        return [environ["wsgi.input"].read()]  # type: ignore[attr-defined]


def request(path: str = PATH, method: str = "POST", body: io.BytesIO | None = None) -> dict[str, object]:
    length = str(len(body.getvalue())) if body else "4"
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": length,
        "wsgi.input": body or io.BytesIO(b"body"),
    }


def together(app: Turnstile, count: int, **given: str) -> None:
    threads = [threading.Thread(target=app, args=(request(**given), None)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def test_signing_requests_are_computed_one_at_a_time() -> None:
    inner = Slow()
    together(Turnstile(inner), 20)  # type: ignore[arg-type]
    assert (inner.most, inner.inside) == (1, 0)


def test_who_waits_for_the_commit_lets_the_others_in() -> None:
    inner = Slow(waits=True)  # each waits until four are inside
    together(Turnstile(inner), 4)  # type: ignore[arg-type]
    assert (inner.most, inner.inside) == (4, 0)


def test_who_has_stepped_aside_leaves_the_turn_to_the_next() -> None:
    second_is_in, first_is_over = threading.Event(), threading.Event()

    def first(environ: object, start_response: object) -> Iterable[bytes]:
        step_aside()
        assert second_is_in.wait(10)
        return []

    def second(environ: object, start_response: object) -> Iterable[bytes]:
        second_is_in.set()
        assert first_is_over.wait(10)
        return [b"in" if others.wait(0.3) else b"alone"]

    others = threading.Event()

    def third(environ: object, start_response: object) -> Iterable[bytes]:
        others.set()
        return []

    answers: list[bytes] = []
    ways = [Turnstile(each) for each in (first, second, third)]  # type: ignore[arg-type]
    one, two, three = (
        threading.Thread(target=lambda way=way: answers.extend(way(request(), None)))  # type: ignore[misc, arg-type]
        for way in ways
    )
    one.start()
    two.start()
    one.join(10)
    three.start()
    first_is_over.set()
    two.join(10)
    three.join(10)
    assert answers == [b"alone"]


def test_pages_pass_it_by() -> None:
    inner = Slow(waits=True)
    together(Turnstile(inner), 4, path="/kk/petitions/7", method="GET")  # type: ignore[arg-type]
    assert inner.most == 4


def test_a_phone_whose_bytes_come_slowly_holds_no_turn() -> None:
    app, arriving, over = Turnstile(Slow()), threading.Event(), threading.Event()  # type: ignore[arg-type]

    class Line(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            arriving.set()
            over.wait(10)
            return super().read(size)

    slow = threading.Thread(target=app, args=(request(body=Line(b"slow")), None))
    slow.start()
    assert arriving.wait(10)
    assert list(app(request(), None)) == [b"body"]  # type: ignore[arg-type]
    over.set()
    slow.join(10)


def test_a_request_that_fails_gives_its_turn_back() -> None:
    def fail(environ: object, start_response: object) -> Iterable[bytes]:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        Turnstile(fail)(request(), None)  # type: ignore[arg-type]
    assert list(Turnstile(Slow())(request(), None)) == [b"body"]  # type: ignore[arg-type]
