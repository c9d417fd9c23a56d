"""What each dated record says, sentence by sentence: a transition's details in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from petitions.i18n import format_article, format_day, format_number, pick
from petitions.law.editions import EDITIONS, Duty
from petitions.law.states import Event
from petitions.reference.records import BodyView
from petitions.timeline.words import (
    APPEAL_ADDRESSES,
    COMMITMENT_STATES,
    GROUND_NAMES,
    GROUP_ROLES,
    OUTCOMES,
    known,
)

Details = Mapping[str, Any]
Bodies = Mapping[int, BodyView]


@dataclass(frozen=True)
class Fact:
    """One sentence; ``url`` only for an address that may be a link. ``written``: it holds somebody's own text.

    ``quoted``: the words in it that are written in somebody's own language, not in that of the page.
    """

    text: str
    url: str | None = None
    written: bool = False
    quoted: str = ""


def facts(event: Event, details: Details, bodies: Bodies) -> tuple[Fact, ...]:
    """The facts of one step, empty where its name says everything."""
    build = _FACTS.get(event)
    return tuple(fact for fact in build(details, bodies) if fact.text) if build else ()


def body_ids(details: Details) -> set[int]:
    """The bodies that a step names, to be looked up at once for the whole timeline."""
    return {value for key in ("from_body", "to_body", "body_id") if isinstance(value := details.get(key), int)}


def day(value: object) -> str:
    """A day of the details as the page writes it; anything else as it stands."""
    try:
        return format_day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value or "")


def web_address(value: object) -> str | None:
    """Only what is an address of the web becomes a link."""
    text = str(value or "").strip()
    return text if text.startswith(("https://", "http://")) else None


def _written(details: Details, *keys: str) -> list[Fact]:
    return [Fact(str(text), written=True, quoted=str(text)) for key in keys if (text := details.get(key))]


def _refused(details: Details, bodies: Bodies) -> list[Fact]:
    ground = Fact(known(GROUND_NAMES, details.get("ground", "")))
    clause = details.get("clause")
    return [ground, *([Fact(format_article(clause).capitalize())] if clause else [])]


def _redirected(details: Details, bodies: Bodies) -> list[Fact]:
    return [
        Fact(_("From: %(body)s", body=_body(details, "from_body", bodies))),
        Fact(_("To: %(body)s", body=_body(details, "to_body", bodies))),
    ]


def _body_queried(details: Details, bodies: Bodies) -> list[Fact]:
    asked = Fact(_("Body asked: %(body)s", body=_body(details, "body_id", bodies)))
    return [asked, *_written(details, "question")]


def _body_replied(details: Details, bodies: Bodies) -> list[Fact]:
    replied = Fact(_("Body that replied: %(body)s", body=_body(details, "body_id", bodies)))
    return [replied, *_written(details, "answer")]


def _media_informed(details: Details, bodies: Bodies) -> list[Fact]:
    return [*_on(details), *_written(details, "media")]


def _visited(details: Details, bodies: Bodies) -> list[Fact]:
    return [*_on(details), *_place(details), *_written(details, "found")]


def _discussion_announced(details: Details, bodies: Bodies) -> list[Fact]:
    on, at = day(details.get("on")), str(details.get("at") or "")
    when = _("%(day)s at %(time)s", day=on, time=at) if at else on
    online = details.get("online")
    joined = [Fact(_("Take part online: %(address)s", address=online), web_address(online))] if online else []
    return [Fact(_("Held on: %(day)s", day=when)), *_place(details), *joined]


def _discussion_held(details: Details, bodies: Bodies) -> list[Fact]:
    number = details.get("participants")
    came = [Fact(_("Participants: %(number)s", number=format_number(number)))] if isinstance(number, int) else []
    return [*_on(details), *came, *_written(details, "minutes")]


def _group_formed(details: Details, bodies: Bodies) -> list[Fact]:
    members = [
        Fact(
            _(
                "%(name)s: %(role)s",
                name=member.get("name_or_body", ""),
                role=known(GROUP_ROLES, member.get("role", "")),
            ),
            quoted=str(member.get("name_or_body", "")),
        )
        for member in details.get("members") or []
        if isinstance(member, dict)
    ]
    invited = _("The author is invited.") if details.get("author_invited") else _("The author is not invited.")
    return [*members, Fact(invited)]


def _body_number_entered(details: Details, bodies: Bodies) -> list[Fact]:
    number = details.get("number")
    return [*([Fact(_("Number: %(number)s", number=number))] if number else []), *_on(details)]


def _statement_made(details: Details, bodies: Bodies) -> list[Fact]:
    url = details.get("url")
    link = [Fact(str(url), web_address(url))] if url else []
    return [*_on(details), *_written(details, "text"), *link]


def _appeal_filed(details: Details, bodies: Bodies) -> list[Fact]:
    by = {"author": _("Filed by the author"), "interested person": _("Filed by an interested person")}
    to = details.get("to")
    return [
        Fact(by.get(str(details.get("by") or "").replace("_", " "), "")),
        *([Fact(_("To: %(body)s", body=known(APPEAL_ADDRESSES, to)))] if to else []),
        *_on(details),
    ]


def _appeal_decided(details: Details, bodies: Bodies) -> list[Fact]:
    outcome = _("The appeal was granted.") if details.get("granted") else _("The appeal was not granted.")
    by = details.get("by")
    decided_by = [Fact(_("Decided by: %(body)s", body=by), quoted=str(by))] if by else []
    return [Fact(outcome), *decided_by, *_on(details), *_written(details, "text")]


def _commitment_made(details: Details, bodies: Bodies) -> list[Fact]:
    owner, due = details.get("owner"), details.get("due")
    return [
        *_written(details, "what"),
        *([Fact(_("Responsible: %(owner)s", owner=owner), quoted=str(owner))] if owner else []),
        *([Fact(_("Promised by: %(day)s", day=day(due)))] if due else []),
    ]


def _commitment_updated(details: Details, bodies: Bodies) -> list[Fact]:
    return [Fact(known(COMMITMENT_STATES, details.get("state", ""))), *_written(details, "text")]


def _outcome(details: Details, bodies: Bodies) -> list[Fact]:
    version = details.get("version", 1)
    later = [Fact(_("Version %(number)s", number=format_number(version)))] if version > 1 else []
    return [Fact(known(OUTCOMES, details.get("outcome", ""))), *later, *left_out(details)]


def left_out(details: Details) -> list[Fact]:
    """What a decision was made without: duties with the head's reasons, and a discussion that was announced."""
    omitted = details.get("omitted") or {}
    duties = [
        Fact(
            _("Left out: %(duty)s. Reason: %(reason)s", duty=_duty(code), reason=reason),
            written=True,
            quoted=str(reason),
        )
        for code, reason in omitted.items()
    ]
    cancelled, unrecorded = details.get("discussion_cancelled"), details.get("discussion_unrecorded")
    told = [
        *([_("The public discussion announced for %(day)s is cancelled.", day=day(cancelled))] if cancelled else []),
        *(
            [_("A public discussion was announced for %(day)s. It was not recorded as held.", day=day(unrecorded))]
            if unrecorded
            else []
        ),
    ]
    return [*duties, *(Fact(text) for text in told)]


def _duty(code: str) -> str:
    return pick(_DUTIES[code], "text") if code in _DUTIES else code


def _taken_down(details: Details, bodies: Bodies) -> list[Fact]:
    act = details.get("act")
    return [Fact(_("Legal order: %(act)s", act=act), quoted=str(act))] if act else []


def _text(details: Details, bodies: Bodies) -> list[Fact]:
    return _written(details, "text", "reason")


def _dated(details: Details, bodies: Bodies) -> list[Fact]:
    return _on(details)


def _on(details: Details) -> list[Fact]:
    return [Fact(_("Day: %(day)s", day=day(details["on"])))] if details.get("on") else []


def _place(details: Details) -> list[Fact]:
    place = details.get("place")
    return [Fact(_("Place: %(place)s", place=place), quoted=str(place))] if place else []


def _body(details: Details, key: str, bodies: Bodies) -> str:
    found = bodies.get(details.get(key) or 0)
    return pick(found, "name") if found else _("not known")


_DUTIES: Mapping[str, Duty] = {
    duty.code: duty for law in EDITIONS.values() for duty in (*law.duties_local, *law.duties_central)
}
_FACTS: Mapping[Event, Callable[[Details, Bodies], list[Fact]]] = {
    Event.REFUSED: _refused,
    Event.REDIRECTED: _redirected,
    Event.BODY_QUERIED: _body_queried,
    Event.BODY_REPLIED: _body_replied,
    Event.MEDIA_INFORMED: _media_informed,
    Event.STEPPED_BACK: _text,
    Event.VISITED: _visited,
    Event.VISIT_WAIVED: _text,
    Event.DISCUSSION_ANNOUNCED: _discussion_announced,
    Event.DISCUSSION_HELD: _discussion_held,
    Event.GROUP_FORMED: _group_formed,
    Event.COMMENTS_ANALYSED: _text,
    Event.PRACTICE_STUDIED: _text,
    Event.BODY_NUMBER_ENTERED: _body_number_entered,
    Event.STATEMENT_MADE: _statement_made,
    Event.APPEAL_FILED: _appeal_filed,
    Event.APPEAL_PASSED_UP: _dated,
    Event.APPEAL_DECIDED: _appeal_decided,
    Event.COMMITMENT_MADE: _commitment_made,
    Event.COMMITMENT_UPDATED: _commitment_updated,
    Event.MESSAGE_ANSWERED: _text,
    Event.MESSAGE_NOTED: _text,
    Event.MESSAGE_TERMINATED: _text,
    Event.DECIDED: _outcome,
    Event.DECIDED_ANEW: _outcome,
    Event.PUBLISHED: _outcome,
    Event.TAKEN_DOWN: _taken_down,
}
