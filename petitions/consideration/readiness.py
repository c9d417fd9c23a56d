"""What a decision must have before the head may make it (90-6), named part by part."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from petitions.consideration.duties import DutyState
from petitions.i18n import pick
from petitions.law.editions import Duty
from petitions.lifecycle.queries import DecisionView, PetitionText, PointRow

LEAST_REASONS = 60  # characters: the reasoning of a decision, our reading of "reasoned" (90-6)
LEAST_OMISSION = 30  # characters: a public reason for leaving out what the law asks
FINDINGS = {
    "argument": ("confirmed", "partly", "refuted"),
    "proposal": ("accepted", "partly", "declined"),
}


@dataclass(frozen=True)
class Missing:
    """A part that is not there: ``place`` is the name of its field, ``message`` says what is to be done."""

    place: str
    message: object


def languages(petition_language: str) -> tuple[str, ...]:
    """A decision is written in the state language or in the petition's (90-6)."""
    return ("kk",) if petition_language == "kk" else ("kk", petition_language)


def missing_parts(draft: DecisionView, text: PetitionText) -> tuple[Missing, ...]:
    """Every mandatory part of the decision that the draft does not have yet, in the order of the page."""
    return tuple(_missing(draft, text))


def missing_duties(duties: Sequence[DutyState], omitted: Mapping[str, str]) -> tuple[Missing, ...]:
    """Every duty that is neither done nor left out with a stated public reason of some length."""
    undone = (state.duty for state in duties if not state.is_done)
    given = ((duty, omitted.get(duty.code, "").strip()) for duty in undone)
    return tuple(Missing(omission(duty.code), _undone(duty, why)) for duty, why in given if len(why) < LEAST_OMISSION)


def omission(code: str) -> str:
    """The field in which the head says why a duty was left out."""
    return f"omit_{code}"


def answer_place(point_id: int) -> str:
    return f"answer_{point_id}"


def finding_place(point_id: int) -> str:
    return f"finding_{point_id}"


def fingerprint(draft: DecisionView | None) -> str:
    """A short name of exactly this wording: nobody decides on, or writes over, words they have not seen."""
    if draft is None:
        return ""
    answers = [(answer.point.id, answer.finding, answer.text) for answer in draft.answers]
    words = [
        draft.version,
        draft.outcome,
        draft.language,
        draft.reasons,
        draft.law_cited,
        draft.appeal,
        answers,
    ]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()[:32]


def _missing(draft: DecisionView, text: PetitionText) -> Iterator[Missing]:
    if draft.language not in languages(text.language):
        yield Missing("language", _l("Write it in Kazakh or in the language of the petition."))
    if not draft.reasons:
        yield Missing("reasons", _l("The reasons are missing."))
    elif len(draft.reasons) < LEAST_REASONS:
        yield Missing(
            "reasons", _l("The reasons are too short: write at least %(count)s characters.", count=LEAST_REASONS)
        )
    if not draft.law_cited:
        yield Missing("law_cited", _l("The law that the decision rests on is missing."))
    yield from (_unanswered(point, draft) for point in text.arguments if not _is_answered(point, draft))
    yield from (_unanswered(point, draft) for point in text.proposals if not _is_answered(point, draft))
    if not draft.appeal:
        yield Missing("appeal", _l("It must explain how the decision can be appealed."))


def _undone(duty: Duty, why: str) -> object:
    if why:
        return _l("Write at least %(count)s characters.", count=LEAST_OMISSION)
    return _l("Record that it was done, or state publicly why not: %(duty)s", duty=pick(duty, "text"))


def _is_answered(point: PointRow, draft: DecisionView) -> bool:
    return any(answer.point.id == point.id and answer.text for answer in draft.answers)


def _unanswered(point: PointRow, draft: DecisionView) -> Missing:
    chosen = any(answer.point.id == point.id for answer in draft.answers)
    place = answer_place(point.id) if chosen else finding_place(point.id)
    if point.kind == "argument":
        number = point.position
        return Missing(place, _l("Argument %(number)s has no answer with facts.", number=number))
    return Missing(place, _l("Proposal %(number)s has no answer.", number=point.position))
