"""The moderators' pages: comments that wait for a look, hidden ones, and one comment with its reports."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from petitions import clock
from petitions.comments.ids import FORM
from petitions.comments.words import RULES, TROUBLES
from petitions.db import reading
from petitions.discussion import moderating, queries
from petitions.discussion.forms import HidingForm, RestoringForm, rule_of
from petitions.discussion.moderating import RuledMeanwhile
from petitions.discussion.queries import Hidden, Shelf
from petitions.discussion.room import Answer, bp, looked_at, moderator
from petitions.permissions import Permission, requires

COMMENT = "/console/comments/<int:petition_id>/<comment_id>"
SHELVES = {Shelf.WAITING: _l("To be looked at"), Shelf.HIDDEN: _l("Hidden")}


@bp.get("/console/comments")
@requires(Permission.MODERATE_COMMENTS)
def queue() -> Answer:
    part, seen_at = request.args.get("part", ""), clock.now()
    with reading() as session:
        page = queries.queue(session, Shelf(part) if part in set(Shelf) else Shelf.WAITING, before=_before())
    return render_template("discussion/queue.html", page=page, shelves=SHELVES, **_shown(seen_at))


@bp.get(COMMENT)
@requires(Permission.MODERATE_COMMENTS)
def look(petition_id: int, comment_id: str) -> Answer:
    return _page(petition_id, comment_id, HidingForm(formdata=None), RestoringForm(formdata=None))


@bp.post(f"{COMMENT}/hiding")
@requires(Permission.MODERATE_COMMENTS)
def hide(petition_id: int, comment_id: str) -> Answer:
    form = HidingForm()
    act = partial(moderating.hide, petition_id, comment_id, erase=form.erase.data, by=moderator(), at=clock.now())
    if not form.does(lambda: act(rule_of(form), form.reasons.data or "", seen_at=_seen_at())):
        return _page(petition_id, comment_id, form, RestoringForm(formdata=None)), form.status
    return _decided(_("The comment is hidden. Its writer is told."))


@bp.post(f"{COMMENT}/restoration")
@requires(Permission.MODERATE_COMMENTS)
def restore(petition_id: int, comment_id: str) -> Answer:
    form = RestoringForm()
    act = partial(moderating.restore, petition_id, comment_id, by=moderator(), at=clock.now())
    if not form.does(lambda: act(form.reasons.data or "")):
        return _page(petition_id, comment_id, HidingForm(formdata=None), form), form.status
    return _decided(_("The comment is shown again. Its writer is told."))


@bp.post(f"{COMMENT}/look")
@requires(Permission.MODERATE_COMMENTS)
def leave(petition_id: int, comment_id: str) -> Answer:
    moderating.leave(petition_id, comment_id, by=moderator(), at=clock.now(), seen_at=_seen_at())
    way_back = url_for("discussion.look", petition_id=petition_id, comment_id=comment_id)
    told = Markup('%s <a href="%s">%s</a>')  # a slip is put right where the comment can still be hidden
    return _decided(told % (_("The comment stays as it is."), way_back, _("Look at it again")))


def _page(petition_id: int, comment_id: str, hiding: HidingForm, restoring: RestoringForm) -> str:
    seen_at = clock.now()  # before the reading: what changes between the two counts as unseen
    seen = looked_at(petition_id, comment_id)
    wrong = hiding if hiding.errors else restoring
    return render_template(
        "discussion/look.html", sheet=seen, hiding=hiding, restoring=restoring, form=wrong, **_shown(seen_at)
    )


def _decided(message: str) -> Answer:
    flash(message, "success")
    return redirect(url_for("discussion.queue"), 303)


def _shown(seen_at: datetime) -> dict[str, object]:
    return {"rules": RULES, "troubles": TROUBLES, "seen_at": seen_at}


def _before() -> Hidden | None:
    """Where the hidden ones go on, as the page before said it; None for what it cannot have said."""
    comment_id = request.args.get("id", "")
    try:
        at = datetime.fromisoformat(request.args.get("before", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Hidden(at, comment_id) if FORM.fullmatch(comment_id) else None


def _seen_at() -> datetime:
    """When the page was made on which the moderator read the comment. Raises RuledMeanwhile where it does not say."""
    try:
        return datetime.fromisoformat(request.form.get("seen_at", "")).astimezone()
    except (ValueError, OverflowError):
        raise RuledMeanwhile from None
