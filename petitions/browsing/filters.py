"""What a reader asked of the list: parsed once, unknown values left out and said so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.law.states import State
from petitions.lifecycle.themes import THEMES
from petitions.reference import queries as reference
from petitions.reference.records import BodyView, TerritoryView
from petitions.search.asking import shortened
from petitions.search.places import FoundPlace, found_places

GROUPS: Mapping[str, frozenset[State]] = {
    "open": frozenset({State.OPEN}),
    "examined": frozenset({State.REACHED, State.SENT, State.EXAMINATION, State.DECIDED}),
    "answered": frozenset({State.PUBLISHED}),
    "refused": frozenset({State.REFUSED}),
    "returned": frozenset(
        {
            State.RETURNED,
            State.FORWARDED,
            State.MESSAGE,
            State.MESSAGE_ANSWERED,
            State.MESSAGE_NOTED,
            State.MESSAGE_TERMINATED,
        }
    ),
}
OVERDUE = "overdue"
"""Of those being answered the ones whose answer is overdue: told by their term, not by their state."""
GROUP_NAMES = {
    "all": _l("All"),
    "open": _l("Open for joining"),
    "examined": _l("Being answered"),
    OVERDUE: _l("Overdue"),
    "answered": _l("Answered"),
    "refused": _l("Refused at the check"),
    "returned": _l("Not enough joined"),
}
LEVELS = {
    "republic": _l("The whole country"),
    "oblast": _l("Oblasts and the largest cities"),
    "district": _l("Districts and cities"),
    "local": _l("Towns, villages, rural districts"),
}
LEVEL_NUMBERS = {"oblast": 1, "district": 2, "local": 3}
SORTS = {
    "match": _l("Best match first"),
    "newest": _l("Newest first"),
    "closing": _l("Closing soon first"),
    "joined": _l("Most joined first"),
}
KATO = re.compile(r"\d{9}")
SLUG = re.compile(r"[a-z0-9-]{1,40}")
LANGUAGES = {"kk": "Қазақша", "ru": "Русский"}
ARGUMENTS = ("q", "group", "level", "sort", "page", "body", "kato", "place", "theme", "language")
NOT_OURS = ("state", "status", "territory", "region", "query", "search", "order", "lang", "area")
"""What people who write addresses by hand take for ours. Others are let be: a sharing site appends what it likes."""
MOST_TEXT = 80
MOST_OFFERED = 20  # places of one name
MOST_PAGES = 100_000


@dataclass(frozen=True)
class Filters:
    """Empty strings and None mean: do not filter. ``place`` is the unit found by code or by its name."""

    group: str = "all"
    level: str = ""
    place: TerritoryView | None = None
    body: BodyView | None = None
    sort: str = "newest"
    page: int = 1
    words: str = ""
    theme: str = ""
    language: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything besides the words and the group of states narrows the list."""
        return bool(self.level or self.place or self.body or self.theme or self.language)

    def query(self) -> dict[str, str]:
        """The same as a query string, without what is the default."""
        values = {
            "q": self.words,
            "group": "" if self.group == "all" else self.group,
            "level": self.level,
            "kato": self.place.kato if self.place else "",
            "body": self.body.slug if self.body else "",
            "theme": self.theme,
            "language": self.language,
            "sort": "" if self.sort == usual_sort(self.words) else self.sort,
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Asked:
    """Filters with what must be said about them: values left out, a name that several places bear."""

    filters: Filters
    left_out: bool = False
    place_text: str = ""
    candidates: tuple[FoundPlace, ...] = ()

    @property
    def place_unknown(self) -> bool:
        return bool(self.place_text) and not self.candidates and self.filters.place is None


def parse(session: Session, arguments: Mapping[str, str]) -> Asked:
    """Filters from a query string. Never raises: what is not understood is left out."""
    group, odd_group = _choice(arguments, "group", set(GROUP_NAMES), "all")
    level, odd_level = _choice(arguments, "level", LEVELS, "")
    words = shortened(arguments.get("q", ""))
    sorts = set(SORTS) if words else set(SORTS) - {"match"}
    sort, odd_sort = _choice(arguments, "sort", sorts, usual_sort(words))
    theme, odd_theme = _choice(arguments, "theme", THEMES, "")
    language, odd_language = _choice(arguments, "language", LANGUAGES, "")
    page, odd_page = _page(arguments.get("page", ""))
    body, odd_body = _body(session, arguments.get("body", ""))
    place, odd_place = _place(session, arguments.get("kato", ""))
    filters = Filters(group, level, place, body, sort, page, words, theme, language)
    odd = (odd_group, odd_level, odd_sort, odd_theme, odd_language, odd_page, odd_body, odd_place)
    asked = Asked(filters, any(odd) or any(name in arguments for name in NOT_OURS))
    return _with_named_place(session, asked, arguments.get("place", ""))


def usual_sort(words: str) -> str:
    """The order that a list has when none is asked for."""
    return "match" if words else "newest"


def _with_named_place(session: Session, asked: Asked, text: str) -> Asked:
    """A unit by its name, looked for within the chosen one; the only one of this name is taken, several are offered."""
    text = place_name(text)
    within = asked.filters.place
    if not text or (within and text in (within.name_kk, within.name_ru, within.name_en)):
        return asked
    found = found_places(session, text, limit=MOST_OFFERED, within=within.kato if within else "")
    named = [each for each in found if each.is_exact] or found
    if len(named) == 1:
        return replace(asked, filters=replace(asked.filters, place=named[0].unit))
    return replace(asked, place_text=text, candidates=tuple(found))


def place_name(text: str) -> str:
    """What a person typed for a place, as a search takes it."""
    return " ".join(text.replace("\0", " ").split())[:MOST_TEXT]


def _choice(arguments: Mapping[str, str], name: str, known: object, default: str) -> tuple[str, bool]:
    value = arguments.get(name, "")
    if not value or value in known:  # type: ignore[operator]
        return value or default, False
    return default, True


def _page(text: str) -> tuple[int, bool]:
    if not text:
        return 1, False
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return (number, False) if 1 <= number <= MOST_PAGES else (1, True)


def _body(session: Session, slug: str) -> tuple[BodyView | None, bool]:
    found = reference.body_by_slug(session, slug) if SLUG.fullmatch(slug) else None
    return found, bool(slug) and found is None


def _place(session: Session, kato: str) -> tuple[TerritoryView | None, bool]:
    found = reference.territory(session, kato) if KATO.fullmatch(kato) and kato.isascii() else None
    return found, bool(kato) and found is None


@dataclass(frozen=True)
class Pages:
    """Where this page stands among the others, with the addresses of its neighbours."""

    number: int
    pages: int
    prev_url: str | None
    next_url: str | None


def pages(filters: Filters, number: int, count: int) -> Pages:
    """The pages of the list under these filters."""
    return Pages(
        number,
        count,
        list_url(filters, page=number - 1) if number > 1 else None,
        list_url(filters, page=number + 1) if number < count else None,
    )


def list_url(filters: Filters, **changes: object) -> str:
    """The list under these filters with some of them changed; an empty value takes a filter away."""
    query: dict[str, Any] = {**filters.query(), **changes}
    return url_for("browsing.petitions", **{name: value for name, value in query.items() if value not in ("", None)})
