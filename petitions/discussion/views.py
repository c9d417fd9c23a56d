"""A citizen's pages about comments: write, reply, change, take back, report, and all of one's own."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from petitions import clock
from petitions.comments import queries as comments
from petitions.comments.ids import FORM
from petitions.comments.queries import CommentView, Status
from petitions.comments.words import RULES, STANCES
from petitions.db import reading
from petitions.discussion import actions, eligibility, moderation_views, queries, summary_views
from petitions.discussion.forms import ActForm, CommentForm, ReportForm, TextForm, rule_of
from petitions.discussion.queries import Asked
from petitions.discussion.room import Answer, asked, bp, citizen_id
from petitions.errors import NotFound
from petitions.identity.actions import ensure_facts
from petitions.law.eligibility import ASK_AGAIN
from petitions.permissions import Permission, requires
from petitions.reference import queries as reference

blueprints = (bp,)
PAGES = (moderation_views, summary_views)  # their pages are added to the blueprint when they are imported

COMMENT = "/petitions/<ref>/comments/<comment_id>"
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)  # of a petition; comments stand on none that has only a link


@bp.get("/petitions/<ref>/comments/new")
@requires(Permission.COMMENT)
def new(ref: str) -> Answer:
    petition = asked(ref, clock.now())
    return _new(petition, _comment_form(petition, CommentForm(formdata=None, language=g.lang)))


@bp.post("/petitions/<ref>/comments/new")
@requires(Permission.COMMENT)
def write(ref: str) -> Answer:
    petition = asked(ref, clock.now())
    form, made = _comment_form(petition, CommentForm()), list[str]()
    if not form.does(lambda: made.append(actions.write(petition.standing.id, form.words, **form.chosen, **_by_now()))):
        return _new(petition, form), form.status
    flash(_("Your comment is published."), "success")
    return _to(petition, made[0])


@bp.get(f"{COMMENT}/reply")
@requires(Permission.COMMENT)
def reply(ref: str, comment_id: str) -> Answer:
    petition = asked(ref, clock.now())
    return _reply(petition, _thread(petition, comment_id), TextForm(formdata=None, language=g.lang))


@bp.post(f"{COMMENT}/reply")
@requires(Permission.COMMENT)
def send_reply(ref: str, comment_id: str) -> Answer:
    petition = asked(ref, clock.now())
    form, made, act = TextForm(), list[str](), actions.reply
    if not form.does(lambda: made.append(act(petition.standing.id, comment_id, form.words, **_by_now()))):
        return _reply(petition, _thread(petition, comment_id), form), form.status
    flash(_("Your reply is published."), "success")
    return _to(petition, comment_id, made[0])


@bp.get(f"{COMMENT}/change")
@requires(Permission.COMMENT)
def change(ref: str, comment_id: str) -> Answer:
    petition, own = asked(ref, clock.now()), _own(ref, comment_id)
    return _change(petition, own, TextForm(formdata=None, language=own.language, text=own.text))


@bp.post(f"{COMMENT}/change")
@requires(Permission.COMMENT)
def save_change(ref: str, comment_id: str) -> Answer:
    petition, form = asked(ref, clock.now()), TextForm()
    if not form.does(lambda: actions.change(petition.standing.id, comment_id, form.words, **_by_now())):
        return _change(petition, _own(ref, comment_id), form), form.status
    flash(_("Your comment is changed."), "success")
    return redirect(url_for("discussion.own"), 303)


@bp.get(f"{COMMENT}/withdrawal")
@requires(Permission.COMMENT)
def withdrawal(ref: str, comment_id: str) -> Answer:
    return render_template("discussion/withdrawal.html", own=_own(ref, comment_id))


@bp.post(f"{COMMENT}/withdrawal")
@requires(Permission.COMMENT)
def withdraw(ref: str, comment_id: str) -> Answer:
    """Of every petition, also of one that was taken down meanwhile."""
    actions.take_back(_own(ref, comment_id).petition_id, comment_id, **_by_now())
    flash(_("Your comment is taken back. Its text is erased."), "success")
    return redirect(url_for("discussion.own"), 303)


@bp.get(f"{COMMENT}/report")
@requires(Permission.COMMENT)
def report(ref: str, comment_id: str) -> Answer:
    petition = asked(ref, clock.now())
    return _report(petition, _shown(petition, comment_id), ReportForm(formdata=None))


@bp.post(f"{COMMENT}/report")
@requires(Permission.COMMENT)
def send_report(ref: str, comment_id: str) -> Answer:
    petition, form = asked(ref, clock.now()), ReportForm()
    act = partial(actions.report, petition.standing.id, comment_id)
    if not form.does(lambda: act(rule_of(form), form.words.data or "", **_by_now())):
        return _report(petition, _shown(petition, comment_id), form), form.status
    flash(_("Thank you. A moderator will look at this comment."), "success")
    return _to(petition, comment_id)


@bp.get("/my-comments")
@requires(Permission.COMMENT)
def own() -> Answer:
    given = request.args.get("before", "")
    before = given if FORM.fullmatch(given) else ""
    with reading() as session:
        mine = queries.own_comments(session, citizen_id(), clock.now(), before=before)
        minutes = reference.policy(session).integer("comment_edit_minutes")
    return render_template("discussion/own.html", mine=mine, minutes=minutes)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"stances": STANCES, "rules": RULES}


def _by_now() -> dict[str, Any]:
    """Who comments, and when: what every act of a citizen takes."""
    return {"citizen_id": citizen_id(), "at": clock.now()}


def _comment_form(petition: Asked, form: CommentForm) -> CommentForm:
    points = [
        *((each.id, _("Argument %(number)s", number=each.position)) for each in petition.text.arguments),
        *((each.id, _("Proposal %(number)s", number=each.position)) for each in petition.text.proposals),
    ]
    return form.offer(points)


def _new(petition: Asked, form: CommentForm) -> str:
    return _written("discussion/new.html", petition, form)


def _reply(petition: Asked, to: CommentView, form: TextForm) -> str:
    return _written("discussion/reply.html", petition, form, to=to)


def _written(template: str, petition: Asked, form: TextForm, **shown: object) -> str:
    """The page of a text that is about to be published, or why this person cannot publish any."""
    against = []
    if petition.open:
        now, facts = clock.now(), ensure_facts(citizen_id(), clock.now())
        with reading() as session:
            against = eligibility.reasons_against(facts, reference.policy(session), now)
    ask_again = bool(ASK_AGAIN.intersection(against))
    if ask_again and form.text.data:
        against, ask_again = [], False  # what was typed stays in the form, under the refusal
    return render_template(
        template,
        asked=petition,
        form=form,
        reasons=[eligibility.REASONS[reason] for reason in against],
        ask_again=ask_again,
        **shown,
    )


def _change(petition: Asked, mine: queries.OwnComment, form: TextForm) -> str:
    return render_template("discussion/change.html", asked=petition, own=mine, form=form)


def _report(petition: Asked, reported: CommentView, form: ActForm) -> str:
    return render_template("discussion/report.html", asked=petition, comment=reported, form=form)


def _thread(petition: Asked, comment_id: str) -> CommentView:
    """A comment that can be replied to. Raises NotFound."""
    found = _shown(petition, comment_id)
    if found.parent_id is not None:
        raise NotFound
    return found


def _shown(petition: Asked, comment_id: str) -> CommentView:
    """A comment or a reply that everybody can read. Raises NotFound."""
    with reading() as session:
        found = comments.one(session, petition.standing.id, comment_id)
    if found.status is not Status.SHOWN:
        raise NotFound
    return found


def _own(ref: str, comment_id: str) -> queries.OwnComment:
    """A comment of one's own. Raises NotFound."""
    if not NUMBER.fullmatch(ref):
        raise NotFound
    with reading() as session:
        return queries.own_comment(session, citizen_id(), int(ref), comment_id, clock.now())


def _to(petition: Asked, comment_id: str, reply_id: str | None = None) -> Answer:
    anchor = f"comment-{reply_id or comment_id}"
    return redirect(url_for("browsing.comment", ref=petition.standing.id, comment_id=comment_id, _anchor=anchor), 303)
