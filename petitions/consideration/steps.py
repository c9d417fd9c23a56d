"""Every record an officer can make, as one table: address, form, action, and when it is offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from petitions.consideration import actions, appealing, deciding, forms
from petitions.consideration.appeals import SUPERIOR_BODY
from petitions.consideration.fields import ActForm
from petitions.consideration.queries import Work
from petitions.law.states import Event
from petitions.lifecycle.queries import newest


@dataclass(frozen=True)
class Step:
    """``offered``: whether it makes sense now, besides being permitted by the table of states."""

    slug: str
    title: object
    event: Event
    form: type[ActForm]
    act: Callable[..., object]
    offered: Callable[[Work], bool]
    group: str
    explained: object = ""


def offered(work: Work) -> list[Step]:
    """The records that can be made of this petition now, in the order of the page."""
    return [step for step in STEPS.values() if is_offered(step, work)]


def is_offered(step: Step, work: Work) -> bool:
    return step.event in work.permitted and step.offered(work)


def form_for(step: Step, work: Work, today: date) -> ActForm:
    """The step's form, with the likeliest day filled in and the choices of this petition."""
    form = step.form()
    likely = {"announcement": work.earliest_discussion, "discussion": work.announced_for}
    form.offer_day(likely.get(step.slug) or today)
    if isinstance(form, forms.NumberForm):
        form.offer_entered(work.body_number)
    if isinstance(form, forms.CommitmentStateForm):
        form.key.choices = [(one.key, one.what) for one in work.commitments]
    if isinstance(form, forms.OwnAppealForm):
        form.offer_addresses(work.appeal_goes_to)
    return form


def _always(work: Work) -> bool:
    return True


def _not_visited(work: Work) -> bool:
    return newest(work.transitions, Event.VISITED) is None


def _central(work: Work) -> bool:
    return work.central


def _appeal_can_be_passed_up(work: Work) -> bool:
    filed = work.appeal.filed
    to_body = filed is not None and filed.details.get("to") == SUPERIOR_BODY
    return work.appeal.is_open and to_body and work.appeal.passed_up is None


_ALL = (
    Step(
        "number",
        _l("Enter the body's own registration number"),
        Event.BODY_NUMBER_ENTERED,
        forms.NumberForm,
        actions.enter_number,
        _always,
        "register",
    ),
    Step("visit", _l("Record a visit"), Event.VISITED, forms.VisitForm, actions.record_visit, _always, "duties"),
    Step(
        "no-visit",
        _l("State why no visit is needed"),
        Event.VISIT_WAIVED,
        forms.NoVisitForm,
        actions.waive_visit,
        _not_visited,
        "duties",
        _l("The law asks for a visit unless the facts need no check. The reason is public."),
    ),
    Step(
        "group",
        _l("Form the commission or working group"),
        Event.GROUP_FORMED,
        forms.GroupForm,
        actions.form_group,
        _always,
        "duties",
        _l("Name bodies and organisations, not private persons: the list is public."),
    ),
    Step(
        "analysis",
        _l("Record the analysis of comments and data"),
        Event.COMMENTS_ANALYSED,
        forms.AnalysisForm,
        actions.analyse_comments,
        _central,
        "duties",
    ),
    Step(
        "practice",
        _l("Record the study of international practice"),
        Event.PRACTICE_STUDIED,
        forms.PracticeForm,
        actions.study_practice,
        _central,
        "duties",
        _l("Needed when legislation must change."),
    ),
    Step(
        "announcement",
        _l("Announce the public discussion of the draft"),
        Event.DISCUSSION_ANNOUNCED,
        forms.AnnouncementForm,
        actions.announce_discussion,
        lambda work: work.may_announce,
        "duties",
    ),
    Step(
        "discussion",
        _l("Record the public discussion"),
        Event.DISCUSSION_HELD,
        forms.DiscussionForm,
        actions.hold_discussion,
        lambda work: work.discussion_day_came,
        "duties",
    ),
    Step(
        "publication",
        _l("Publish the decision"),
        Event.PUBLISHED,
        forms.PublishForm,
        deciding.publish,
        _always,
        "decision",
        _l("From this moment everybody reads it, and the term for an appeal begins."),
    ),
    Step(
        "statement",
        _l("Record the official statement"),
        Event.STATEMENT_MADE,
        forms.StatementForm,
        deciding.make_statement,
        lambda work: not work.statement_made,
        "decision",
    ),
    Step(
        "answer",
        _l("Answer the message"),
        Event.MESSAGE_ANSWERED,
        forms.MessageForm,
        actions.answer_message,
        _always,
        "message",
    ),
    Step(
        "note",
        _l("Take note of the message"),
        Event.MESSAGE_NOTED,
        forms.MessageForm,
        actions.note_message,
        _always,
        "message",
    ),
    Step(
        "termination",
        _l("End the handling without an answer"),
        Event.MESSAGE_TERMINATED,
        forms.MessageForm,
        actions.terminate_message,
        _always,
        "message",
        _l("Give the reason: it is public, and the author can appeal."),
    ),
    Step(
        "appeal",
        _l("Record an appeal"),
        Event.APPEAL_FILED,
        forms.AppealForm,
        appealing.record_appeal,
        lambda work: work.appeal.may_be_filed,
        "appeal",
    ),
    Step(
        "appeal-passed-up",
        _l("Record that the appeal was passed to the superior body"),
        Event.APPEAL_PASSED_UP,
        forms.PassedUpForm,
        appealing.pass_appeal_up,
        _appeal_can_be_passed_up,
        "appeal",
    ),
    Step(
        "appeal-outcome",
        _l("Record what came of the appeal"),
        Event.APPEAL_DECIDED,
        forms.AppealOutcomeForm,
        appealing.record_appeal_outcome,
        lambda work: work.appeal.is_open,
        "appeal",
        _l("A granted appeal asks for a new version of the decision."),
    ),
    Step(
        "commitment",
        _l("Add a commitment"),
        Event.COMMITMENT_MADE,
        forms.CommitmentForm,
        actions.make_commitment,
        _always,
        "execution",
    ),
    Step(
        "commitment-state",
        _l("Say how far a commitment is"),
        Event.COMMITMENT_UPDATED,
        forms.CommitmentStateForm,
        actions.update_commitment,
        lambda work: bool(work.commitments),
        "execution",
    ),
)
STEPS = {step.slug: step for step in _ALL}
GROUPS = (
    ("register", _l("Registration")),
    ("duties", _l("Duties")),
    ("decision", _l("Decision")),
    ("message", _l("Message")),
    ("appeal", _l("Appeal")),
    ("execution", _l("Execution")),
)
