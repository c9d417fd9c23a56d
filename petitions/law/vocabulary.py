"""The words of the law: states, events and clocks, with their names in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from petitions.law import datafile


class Order(StrEnum):
    """Whether the check comes before or after the 50 supporters (90-2(4)-(8); practice of the state site)."""

    CHECK_FIRST = "check_first"
    SUPPORT_FIRST = "support_first"


class ActorKind(StrEnum):
    """Who may cause an event."""

    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"


class State(StrEnum):
    """Where a petition stands."""

    DRAFT = "draft"
    CHECKING = "checking"
    SUPPORTING = "supporting"
    OPEN = "open"
    REACHED = "reached"
    SENT = "sent"
    EXAMINATION = "examination"
    DECIDED = "decided"
    PUBLISHED = "published"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    FORWARDED = "forwarded"
    MESSAGE = "message"
    MESSAGE_ANSWERED = "message_answered"
    MESSAGE_NOTED = "message_noted"
    MESSAGE_TERMINATED = "message_terminated"
    TAKEN_DOWN = "taken_down"


class Event(StrEnum):
    """What happened to a petition; the first group moves it, the second is a dated record."""

    FILED = "filed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPPORT_REACHED = "support_reached"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    THRESHOLD_REACHED = "threshold_reached"
    SENT = "sent"
    REGISTERED = "registered"
    DEEMED_REFUSED = "deemed_refused"
    DECIDED = "decided"
    DECIDED_ANEW = "decided_anew"
    PUBLISHED = "published"
    RETURNED = "returned"
    FORWARDED = "forwarded"
    MESSAGE_REGISTERED = "message_registered"
    MESSAGE_ANSWERED = "message_answered"
    MESSAGE_NOTED = "message_noted"
    MESSAGE_TERMINATED = "message_terminated"
    TAKEN_DOWN = "taken_down"
    RESTORED = "restored"

    REDIRECTED = "redirected"
    BODY_QUERIED = "body_queried"
    BODY_REPLIED = "body_replied"
    MEDIA_INFORMED = "media_informed"
    STEPPED_BACK = "stepped_back"
    VISITED = "visited"
    VISIT_WAIVED = "visit_waived"
    DISCUSSION_ANNOUNCED = "discussion_announced"
    DISCUSSION_HELD = "discussion_held"
    GROUP_FORMED = "group_formed"
    COMMENTS_ANALYSED = "comments_analysed"
    PRACTICE_STUDIED = "practice_studied"
    BODY_NUMBER_ENTERED = "body_number_entered"
    STATEMENT_MADE = "statement_made"
    APPEAL_FILED = "appeal_filed"
    APPEAL_PASSED_UP = "appeal_passed_up"
    APPEAL_DECIDED = "appeal_decided"
    COMMITMENT_MADE = "commitment_made"
    COMMITMENT_UPDATED = "commitment_updated"
    COLLECTION_EXTENDED = "collection_extended"
    CLOCKS_RECOMPUTED = "clocks_recomputed"
    SENDING_NOTIFIED = "sending_notified"


class ClockKind(StrEnum):
    """A term that runs."""

    CHECK = "check"
    SUPPORT_ELECTRONIC = "support_electronic"
    SUPPORT = "support"
    MEDIA_LETTERS = "media_letters"
    COLLECTION = "collection"
    SENDING = "sending"
    SENDING_NOTICE = "sending_notice"
    CONSIDERATION = "consideration"
    PUBLICATION = "publication"
    MESSAGE = "message"
    DISCUSSION_NOTICE = "discussion_notice"
    APPEAL = "appeal"
    APPEAL_PASS_UP = "appeal_pass_up"  # noqa: S105 - no password
    APPEAL_REVIEW = "appeal_review"
    COURT = "court"


class Ending(StrEnum):
    """How a term ended."""

    MET = "met"
    LATE = "late"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Label:
    """A name in the three languages; `petitions.i18n.pick(label, "name")` chooses one."""

    name_kk: str
    name_ru: str
    name_en: str


Word = TypeVar("Word", bound=StrEnum)


def _labels(words: type[Word], table: Mapping[str, Mapping[str, Any]]) -> Mapping[Word, Label]:
    missing = [word for word in words if word not in table]
    if missing:
        raise KeyError(f"data/states.toml names no {words.__name__} {', '.join(missing)}")
    return MappingProxyType({w: Label(table[w]["kk"], table[w]["ru"], table[w]["en"]) for w in words})


_DATA = datafile.load("states.toml")
STATE_LABELS: Mapping[State, Label] = _labels(State, _DATA["state"])
EVENT_LABELS: Mapping[Event, Label] = _labels(Event, _DATA["event"])
CLOCK_LABELS: Mapping[ClockKind, Label] = _labels(ClockKind, _DATA["clock"])
ENDING_LABELS: Mapping[Ending, Label] = _labels(Ending, _DATA["ending"])
ORDER_LABELS: Mapping[Order, Label] = _labels(Order, _DATA["order"])
