"""The pages and files of a petition's number: live, its history, and who joined."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from datetime import UTC, date, datetime

from flask import Response, json, make_response, render_template, request

from petitions.browsing import numbers
from petitions.browsing.asked import as_private_as, find
from petitions.browsing.blueprint import bp, door
from petitions.db import reading
from petitions.errors import NotFound
from petitions.lifecycle.visibility import MAX_ID
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires
from petitions.web import download


@door.get("/petitions/<ref>/count.json")
@cacheable()
@requires(Permission.READ_PUBLIC)
def count(ref: str) -> Response:
    with reading() as session:
        found = find(session, ref)
        number = numbers.number(session, found)
    sealed_at = _iso(number.sealed_at) if number.sealed_at else None
    text = json.dumps({**asdict(number), "sealed_at": sealed_at})
    return as_private_as(found, Response(text, mimetype="application/json"))


@door.get("/petitions/<ref>/history.csv")
@cacheable()
@requires(Permission.READ_PUBLIC)
def history_file(ref: str) -> Response:
    with reading() as session:
        found = find(session, ref)
        subject = numbers.subject(session, found)
        parts = numbers.hours(session, found)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("hour_utc", "joinings", "removals", "count"))
    writer.writerows((_iso(part.begins), part.joinings, part.removals, part.count) for part in parts)
    name = f"petition-{subject.id}-history.csv"
    return as_private_as(found, download(out.getvalue().encode(), name=name, mimetype="text/csv"))


@bp.get("/petitions/<ref>/history")
@cacheable("day")
@requires(Permission.READ_PUBLIC)
def history(ref: str) -> Response:
    with reading() as session:
        found = find(session, ref)
        page = numbers.history_page(session, found, _day(request.args.get("day", "")))
    return as_private_as(found, make_response(render_template("browsing/history.html", page=page)))


@bp.get("/petitions/<ref>/signers")
@cacheable("before")
@requires(Permission.READ_PUBLIC)
def signers(ref: str) -> Response:
    with reading() as session:
        found = find(session, ref)
        page = numbers.signers_page(session, found, _place(request.args.get("before", "")))
    return as_private_as(found, make_response(render_template("browsing/signers.html", page=page)))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(text: str) -> date | None:
    """The day whose hours are wanted; None when none is."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None


def _place(text: str) -> int | None:
    """A place in the log; None when none was named."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_ID):
        raise NotFound
    return int(text)
