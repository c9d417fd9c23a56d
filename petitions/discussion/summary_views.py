"""The body's pages: what is asked of it in comments, the summary by theme, and its answers."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from petitions import clock
from petitions.comments import queries as comments
from petitions.comments.openness import body_may_answer
from petitions.comments.queries import Status
from petitions.comments.summary import summary as summarised
from petitions.comments.words import STANCES
from petitions.db import reading
from petitions.discussion import answering, queries
from petitions.discussion.forms import TextForm
from petitions.discussion.room import Answer, bp, on_desk, viewer
from petitions.errors import NotFound
from petitions.permissions import Permission, requires

PETITION = "/console/consideration/<int:petition_id>/comments"


@bp.get("/console/comments-to-answer")
@requires(Permission.CONSIDER)
def to_answer() -> Answer:
    with reading() as session:
        rows = queries.to_answer(session, viewer().body_id)
    return render_template("discussion/to_answer.html", rows=rows)


@bp.get(PETITION)
@requires(Permission.CONSIDER)
def summary(petition_id: int) -> Answer:
    petition = on_desk(petition_id, clock.now())
    with reading() as session:
        said = summarised(session, petition_id, petition.text)
    may_answer = body_may_answer(petition.standing)
    return render_template(
        "discussion/summary.html", asked=petition, said=said, may_answer=may_answer, stances=STANCES, now=clock.now()
    )


@bp.get(f"{PETITION}/<comment_id>/answer")
@requires(Permission.CONSIDER)
def answer(petition_id: int, comment_id: str) -> Answer:
    language = on_desk(petition_id, clock.now()).standing.language
    return _answer(petition_id, comment_id, TextForm(formdata=None, language=language))


@bp.post(f"{PETITION}/<comment_id>/answer")
@requires(Permission.CONSIDER)
def send_answer(petition_id: int, comment_id: str) -> Answer:
    on_desk(petition_id, clock.now())
    form, person = TextForm(), viewer()
    act = partial(answering.answer, petition_id, comment_id, body_id=person.body_id, by=person.actor(), at=clock.now())
    if not form.does(lambda: act(form.words)):
        return _answer(petition_id, comment_id, form), form.status
    flash(_("The answer of your body is published under the comment."), "success")
    return redirect(url_for("discussion.summary", petition_id=petition_id), 303)


def _answer(petition_id: int, comment_id: str, form: TextForm) -> str:
    petition = on_desk(petition_id, clock.now())
    with reading() as session:
        found, _more = comments.thread(session, petition_id, comment_id)
    if found.id != comment_id or found.status is not Status.SHOWN:
        raise NotFound
    return render_template("discussion/answer.html", asked=petition, comment=found, form=form)
