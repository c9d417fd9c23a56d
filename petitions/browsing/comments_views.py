"""Everybody's pages of comments: all of a petition, and one with its replies. Nothing of one reader is on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template, request
from sqlalchemy.orm import Session

from petitions import clock
from petitions.browsing.asked import find
from petitions.browsing.blueprint import bp
from petitions.comments import queries as comments
from petitions.comments.ids import FORM
from petitions.comments.models import Stance
from petitions.comments.openness import body_may_answer, is_open, was_open
from petitions.comments.queries import CommentPage, Counts, Order
from petitions.comments.words import RULES, STANCES, STANCES_OF_MANY
from petitions.db import reading
from petitions.errors import NotFound
from petitions.law.policy import Policy
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import Standing
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires
from petitions.reference import queries as reference

CURSOR = re.compile(r"(?:[0-9]{1,9}\.[0-9]{1,9}\.)?[a-p]{22}", re.ASCII)


@dataclass(frozen=True)
class Commented:
    """The petition that is commented on. ``open``: citizens may write; ``body_may_answer``: so may its addressee."""

    standing: Standing
    policy: Policy
    open: bool
    body_may_answer: bool


@dataclass(frozen=True)
class Listed:
    """A page of comments as it was asked for."""

    page: CommentPage
    counts: Counts
    order: Order
    stance: Stance | None
    is_first: bool


@bp.get("/petitions/<ref>/comments")
@cacheable("order", "stance", "after")
@requires(Permission.READ_PUBLIC)
def comments_list(ref: str) -> Response:
    asked = request.args
    order = Order.NEWEST if asked.get("order") == Order.NEWEST else Order.IN_TURN
    stance = Stance(asked["stance"]) if asked.get("stance") in set(Stance) else None
    after = _cursor()
    with reading() as session:
        petition = _commented(session, ref, clock.now())
        page = comments.page(session, petition.standing.id, order=order, stance=stance, after=after)
        counts = comments.counts(session, petition.standing.id)
    listed = Listed(page, counts, order, stance, not after)
    return make_response(render_template("browsing/comments.html", petition=petition, listed=listed))


@bp.get("/petitions/<ref>/comments/<comment_id>")
@cacheable("after")
@requires(Permission.READ_PUBLIC)
def comment(ref: str, comment_id: str) -> Response:
    if not FORM.fullmatch(comment_id):
        raise NotFound
    after = _cursor()
    with reading() as session:
        petition = _commented(session, ref, clock.now())
        thread, cursor = comments.thread(session, petition.standing.id, comment_id, after=after)
    return make_response(
        render_template("browsing/comment.html", petition=petition, comment=thread, after=cursor, is_first=not after)
    )


@bp.context_processor
def _comment_words() -> dict[str, object]:
    return {"stances": STANCES, "stances_of_many": STANCES_OF_MANY, "rules": RULES}


def _commented(session: Session, ref: str, now: datetime) -> Commented:
    """An openly published petition; what is known by its link only has no comments. Raises NotFound, Gone."""
    standing = lifecycle.standing(session, find(session, ref).petition_id)
    if not was_open(standing):
        raise NotFound
    policy = reference.policy(session)
    return Commented(standing, policy, is_open(standing, policy, now), body_may_answer(standing))


def _cursor() -> str:
    """Where the page begins; what no page of ours ever gave begins at the beginning."""
    given = request.args.get("after", "")
    return given if CURSOR.fullmatch(given) else ""
