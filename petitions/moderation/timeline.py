"""The legal steps of a petition as lines of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from petitions.i18n import pick
from petitions.identity.roles import actor_name
from petitions.lifecycle.queries import TransitionRow
from petitions.reference.records import BodyView


@dataclass(frozen=True)
class Step:
    """One line, in the shape of the `timeline` macro."""

    title: str
    when: datetime
    by: str
    text: str | None
    url: str | None = None
    state: str = "done"


def bodies_named(rows: Sequence[TransitionRow]) -> list[int]:
    """Ids of the bodies that the steps speak of."""
    keys = ("body_id", "from_body", "to_body")
    return [int(row.details[key]) for row in rows for key in keys if row.details.get(key)]


def steps(rows: Sequence[TransitionRow], bodies: Mapping[int, BodyView]) -> list[Step]:
    """The lines in order, in the language of the page."""
    return [
        Step(
            pick(row.label, "name"),
            row.at,
            actor_name(row.actor_kind, row.actor_role),
            _text(row.reason, row.details, bodies),
        )
        for row in rows
    ]


def _text(reason: str | None, details: Mapping[str, Any], bodies: Mapping[int, BodyView]) -> str | None:
    """What the step says for itself: its reason, or its own words after the body they belong to."""
    words = reason or next((details[key] for key in _WORDS if details.get(key)), None)
    body = bodies.get(details.get("body_id") or details.get("to_body") or 0)
    if body is None:
        return words
    if not words:
        return pick(body, "name")
    return str(_("%(body)s: %(text)s", body=pick(body, "name"), text=words))


_WORDS = ("question", "answer", "media", "act", "text", "clause")
