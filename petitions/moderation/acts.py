"""The acts that have a page of their own: who may, what is asked, which action does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from petitions.audit import Actor
from petitions.i18n import current_language
from petitions.law.states import Event
from petitions.lifecycle import sending
from petitions.moderation import actions, forms
from petitions.moderation.sheet import Sheet
from petitions.permissions import Permission
from petitions.reference import queries as reference

Offer = Callable[[Session, Sheet], forms.ActForm]
Carry = Callable[[Any, int, Actor, datetime], None]


@dataclass(frozen=True)
class Act:
    """One page: ``noun`` is its address, ``public`` says that what is written will be read by all."""

    noun: str
    event: Event
    permission: Permission
    offer: Offer
    carry: Carry
    title: Any
    lede: Any
    button: Any
    done: Any
    public: bool = True
    danger: bool = False


def _redirect_form(session: Session, sheet: Sheet) -> forms.ActForm:
    present = sheet.body.id if sheet.body else None
    others = reference.central_bodies(session, current_language())
    return forms.RedirectForm().offer(body for body in others if body.id != present)


def _query_form(session: Session, sheet: Sheet) -> forms.ActForm:
    """Central bodies and those of the petition's own place; thousands of akims' offices help nobody."""
    local = [body for unit in reversed(sheet.place) for body in reference.bodies_of(session, unit.kato)]
    waiting = {body.id for body in sheet.waiting_bodies}
    bodies = [*local, *reference.central_bodies(session, current_language())]
    return forms.QueryForm().offer(body for body in bodies if body.id not in waiting)


def _reply_form(session: Session, sheet: Sheet) -> forms.ActForm:
    return forms.ReplyForm().offer(sheet.waiting_bodies)


ACTS = (
    Act(
        noun="addressee",
        event=Event.REDIRECTED,
        permission=Permission.CHECK,
        offer=_redirect_form,
        carry=lambda f, n, by, at: actions.redirect(n, f.body_id.data, f.reason.data, by=by, at=at),
        title=_l("Correct the addressee"),
        lede=_l("A petition to the Government is examined by the central body that is competent for it."),
        button=_l("Name this body"),
        done=_l("The addressee is corrected."),
    ),
    Act(
        noun="question",
        event=Event.BODY_QUERIED,
        permission=Permission.CHECK,
        offer=_query_form,
        carry=lambda f, n, by, at: actions.query_body(n, f.body_id.data, f.question.data, by=by, at=at),
        title=_l("Ask another body"),
        lede=_l("Whether the petition meets the conditions of the law. The term of the check runs on meanwhile."),
        button=_l("Record the question"),
        done=_l("The question is recorded."),
    ),
    Act(
        noun="reply",
        event=Event.BODY_REPLIED,
        permission=Permission.CHECK,
        offer=_reply_form,
        carry=lambda f, n, by, at: actions.record_reply(n, f.body_id.data, f.answer.data, by=by, at=at),
        title=_l("Enter the reply of a body"),
        lede=_l("What the body answered to the question of the check."),
        button=_l("Record the reply"),
        done=_l("The reply is recorded."),
    ),
    Act(
        noun="media-letters",
        event=Event.MEDIA_INFORMED,
        permission=Permission.CHECK,
        offer=lambda session, sheet: forms.MediaForm(),
        carry=lambda f, n, by, at: actions.inform_media(n, f.media.data.splitlines(), f.on.data, by=by, at=at),
        title=_l("Letters to the media"),
        lede=_l("Within five working days of open publication registered mass media are told of the petition."),
        button=_l("Record the letters"),
        done=_l("The letters are recorded."),
    ),
    Act(
        noun="sending",
        event=Event.SENT,
        permission=Permission.CHECK,
        offer=lambda session, sheet: forms.SendingForm(),
        carry=lambda f, n, by, at: sending.order_sending(n, by=by, at=at),
        title=_l("Send the petition to its addressee"),
        lede=_l("The threshold is reached. Joining ends now, and the petition leaves once everybody is counted."),
        button=_l("Send it"),
        done=_l("The order to send is given."),
        public=False,
    ),
    Act(
        noun="complaint-outcome",
        event=Event.APPEAL_DECIDED,
        permission=Permission.CHECK,
        offer=lambda session, sheet: forms.ComplaintOutcomeForm(),
        carry=lambda f, n, by, at: actions.record_complaint_outcome(n, **f.chosen, by=by, at=at),
        title=_l("Record the outcome of a complaint"),
        lede=_l("What the court or the superior body decided on a complaint against the refusal or the lapse."),
        button=_l("Record the outcome"),
        done=_l("The outcome is recorded."),
    ),
    Act(
        noun="restoration",
        event=Event.RESTORED,
        permission=Permission.RESTORE,
        offer=lambda session, sheet: forms.RestorationForm(),
        carry=lambda f, n, by, at: actions.restore(n, f.reason.data, by=by, at=at),
        title=_l("Restore the petition"),
        lede=_l("It returns to where it stood before. Its terms keep their last days."),
        button=_l("Restore it"),
        done=_l("The petition is restored."),
    ),
    Act(
        noun="take-down",
        event=Event.TAKEN_DOWN,
        permission=Permission.TAKE_DOWN,
        offer=lambda session, sheet: forms.TakeDownForm(),
        carry=lambda f, n, by, at: actions.take_down(
            n, issuer=f.issuer.data, number=f.number.data, on=f.on.data, by=by, at=at
        ),
        title=_l("Take the petition down"),
        lede=_l("Only by a legal order. Its page then says that it was taken down, and nothing of it is shown."),
        button=_l("Take it down"),
        done=_l("The petition is taken down."),
        danger=True,
    ),
)
