"""A rendered part is used again only for what it was made of."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from petitions import parts


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_parts", {})
    monkeypatch.setattr(parts, "_letters", 0)


def made(times: list[str], text: str) -> Markup:
    times.append(text)
    return Markup(text)


def test_a_part_is_made_once_for_the_same_and_anew_for_anything_else() -> None:
    times: list[str] = []
    for number, text in ((1, "one"), (1, "never"), (2, "two"), (1, "never")):
        parts.once("card", number, caller=lambda text=text: made(times, text))
    assert times == ["one", "two"]
    assert parts.once("card", 2, caller=lambda: made(times, "never")) == Markup("two")
    assert parts.once("other", 2, caller=lambda: made(times, "other")) == Markup("other")


def test_the_oldest_parts_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_LETTERS", 25)
    times: list[str] = []
    for name in ("a", "b", "c", "a"):
        parts.once(name, caller=lambda name=name: made(times, name * 10))
    assert times == ["a" * 10, "b" * 10, "c" * 10, "a" * 10]
    assert parts._letters == sum(map(len, parts._parts.values())) == 20
