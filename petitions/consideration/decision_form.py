"""The page of the draft, with an answer to every argument and proposal, and the head's own page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from petitions.consideration import fields
from petitions.consideration.deciding import Answer, Draft, Incomplete
from petitions.consideration.fields import CHOOSE, ActForm
from petitions.consideration.readiness import (
    FINDINGS,
    LEAST_OMISSION,
    LEAST_REASONS,
    answer_place,
    finding_place,
    languages,
    omission,
)
from petitions.consideration.wording import FINDING_NAMES, LANGUAGES_OF_DECISION
from petitions.errors import DomainError
from petitions.i18n import _l
from petitions.law.editions import Duty
from petitions.lifecycle.filing import cleaned
from petitions.lifecycle.queries import DecisionView, PetitionText, PointRow
from petitions.timeline.words import OUTCOMES

OMIT = omission("")


def _part(label: str, length: int = fields.LONG, hint: str = "") -> TextAreaField:
    return TextAreaField(label, [fields.limit(length)], filters=[cleaned], description=hint)


class DecisionForm(ActForm):
    """The draft as one page; an incomplete draft may be saved. Answers are added by `decision_form`."""

    seen = HiddenField()
    outcome = fields.OneOf(_l("Decision"), [InputRequired(_l("Choose the decision."))], choices=list(OUTCOMES.items()))
    language = fields.OneOf(_l("Language of the decision"), [InputRequired(_l("Choose the language."))])
    reasons = _part(
        _l("Reasons"),
        fields.LONGEST,
        _l("Everybody reads them. At least %(count)s characters.", count=LEAST_REASONS),
    )
    law_cited = _part(_l("Law it rests on"), hint=_l("Acts and articles."))
    appeal = _part(_l("How it can be appealed"))

    def draft(self, text: PetitionText) -> Draft:
        points = (*text.arguments, *text.proposals)
        answers = {
            point.id: Answer(self[finding_place(point.id)].data, self[answer_place(point.id)].data)
            for point in points
            if self[finding_place(point.id)].data
        }
        parts = ("outcome", "language", "reasons", "law_cited", "appeal")
        return Draft(**{part: self[part].data for part in parts}, answers=answers)


class DecideForm(ActForm):
    """The head's page; what is missing is said beside its place, here or in the draft that is shown."""

    seen = HiddenField()

    def omitted(self) -> dict[str, str]:
        """The head's reason by code of a duty that is not done."""
        return {field.name[len(OMIT) :]: field.data for field in self if field.name.startswith(OMIT)}

    def take(self, refusal: DomainError) -> None:
        for part in refusal.missing if isinstance(refusal, Incomplete) else ():
            self.say(part.message, part.place)
        if not isinstance(refusal, Incomplete):
            super().take(refusal)


def decision_form(text: PetitionText, shown: DecisionView | None, *, seen: str, appeal: str) -> DecisionForm:
    """The form of one petition, with an answer to each of its points, filled from the draft as it stands."""
    answers = {name: field for point in (*text.arguments, *text.proposals) for name, field in _answer(point)}
    form = type("DecisionForm", (DecisionForm,), answers)(data=_filled(shown, text, seen, appeal))
    form.language.choices = [(code, LANGUAGES_OF_DECISION[code]) for code in languages(text.language)]
    return cast(DecisionForm, form)


def decide_form(undone: Iterable[Duty], *, seen: str) -> DecideForm:
    """The head's form, with a question for each duty that is not done."""
    label = _l("Why this duty was left out")
    hint = _l(
        "Shown to everybody with the decision, at least %(count)s characters. "
        "Or leave it empty and have the duty recorded.",
        count=LEAST_OMISSION,
    )
    reasons = {
        omission(duty.code): TextAreaField(label, [fields.limit(fields.LONG)], filters=[cleaned], description=hint)
        for duty in undone
    }
    return cast(DecideForm, type("DecideForm", (DecideForm,), reasons)(data={"seen": seen}))


def _answer(point: PointRow) -> Iterator[tuple[str, Any]]:
    argument = point.kind == "argument"
    choices = [(code, FINDING_NAMES[code]) for code in FINDINGS[point.kind]]
    question = _l("What the facts say of it") if argument else _l("What is done with it")
    yield finding_place(point.id), fields.OneOf(question, [_chosen_when_answered(point)], choices=choices)
    label = _l("Facts that confirm or refute it") if argument else _l("Answer to it")
    yield answer_place(point.id), _part(label)


def _chosen_when_answered(point: PointRow) -> Any:
    """A text without a choice would be lost: only whole answers are kept."""

    def check(form: DecisionForm, field: fields.OneOf) -> None:
        if form[answer_place(point.id)].data and not field.data:
            raise ValidationError(str(CHOOSE))

    return check


def _filled(shown: DecisionView | None, text: PetitionText, seen: str, appeal: str) -> dict[str, Any]:
    if shown is None:
        return {"seen": seen, "language": text.language, "appeal": appeal}
    answers = {answer_place(one.point.id): one.text for one in shown.answers}
    findings = {finding_place(one.point.id): one.finding for one in shown.answers}
    parts = ("outcome", "language", "reasons", "law_cited", "appeal")
    return {"seen": seen} | {part: getattr(shown, part) for part in parts} | answers | findings
