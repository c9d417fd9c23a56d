"""What the form of the list offers: every choice with the number of petitions behind it, none that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from petitions.browsing.facets import Counts
from petitions.browsing.filters import GROUP_NAMES, LANGUAGES, LEVELS, SORTS, Filters, list_url
from petitions.i18n import format_number, pick
from petitions.lifecycle.themes import THEMES
from petitions.reference.records import BodyView, TerritoryView


@dataclass(frozen=True)
class Choice:
    """One option of a select."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Choices:
    levels: tuple[Choice, ...]
    places: tuple[Choice, ...]
    bodies: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    sorts: tuple[Choice, ...]


def choices(filters: Filters, counts: Counts, tops: Sequence[TerritoryView], central: Sequence[BodyView]) -> Choices:
    """The options of the form; what is chosen stands in its list even when it is an unusual or an empty one."""
    place, body = filters.place, filters.body
    places = [*tops, *([place] if place and place.kato not in {unit.kato for unit in tops} else [])]
    bodies = [*central, *([body] if body and body.slug not in {each.slug for each in central} else [])]
    by_slug = {each.slug: counts.bodies.get(str(each.id), 0) for each in central}
    return Choices(
        levels=_counted(((name, str(label)) for name, label in LEVELS.items()), counts.levels, filters.level),
        places=_counted(((unit.kato, pick(unit, "name")) for unit in places), counts.tops, place.kato if place else ""),
        bodies=_counted(((each.slug, pick(each, "name")) for each in bodies), by_slug, body.slug if body else ""),
        themes=_counted(((each.code, pick(each, "name")) for each in THEMES.values()), counts.themes, filters.theme),
        languages=_counted(LANGUAGES.items(), counts.languages, filters.language),
        sorts=tuple(
            Choice(name, str(label), name == filters.sort)
            for name, label in SORTS.items()
            if name != "match" or filters.words
        ),
    )


def _counted(options: Iterable[tuple[str, str]], counts: Mapping[str, int], chosen: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(value, _with_number(label, counts.get(value)), value == chosen)
        for value, label in options
        if counts.get(value) or value == chosen
    )


def _with_number(label: str, number: int | None) -> str:
    if not number:
        return label
    return str(_("%(choice)s (%(number)s)", choice=label, number=format_number(number)))


def tabs(filters: Filters, counts: Counts) -> list[tuple[str, str, bool, int]]:
    """One tab a group of states, with how many petitions it holds under the other filters."""
    return [
        (str(label), list_url(filters, group="" if name == "all" else name), name == filters.group, counts.groups[name])
        for name, label in GROUP_NAMES.items()
    ]


def areas(filters: Filters, counts: Counts) -> list[tuple[str, str, int]]:
    """The subject areas that have petitions, as links, the most first: name, address, number. None where one is
    chosen already."""
    if filters.theme:
        return []
    used = sorted((code for code in counts.themes if code), key=lambda code: (-counts.themes[code], code))
    return [(pick(THEMES[code], "name"), list_url(filters, theme=code), counts.themes[code]) for code in used]
