"""The public pages. Everybody may read them; what a page shows of one petition is decided by `visibility`."""

from __future__ import annotations

import re
from typing import cast

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from petitions import clock
from petitions.browsing import filters as asking
from petitions.browsing import law_pages, petition_page, queries
from petitions.browsing.places import body_page, central_page, territory_page
from petitions.browsing.words import (
    ADDRESSEES,
    ARCHIVE_OUTCOMES,
    ARCHIVE_TONES,
    AS_OF,
    COLLECTED_ON,
    CONFIDENCE,
    TONES,
    act_name,
    file_size,
    known_date,
    month_name,
    required_text,
    term,
)
from petitions.consideration import wording
from petitions.db import reading
from petitions.errors import NotFound
from petitions.i18n import current_language, pick
from petitions.identity.sessions import Viewer
from petitions.law.policy import setting
from petitions.law.states import State
from petitions.law.working_days import local_date
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle import visibility
from petitions.lifecycle.visibility import Found
from petitions.moderation.grounds import FIELD_NAMES
from petitions.permissions import Permission, requires
from petitions.reference import queries as reference
from petitions.reference.words import UNIT_KINDS
from petitions.timeline import facts
from petitions.timeline.words import COMMITMENT_STATES, GROUND_NAMES, OUTCOMES, known
from petitions.web import download, room_blueprint

REF = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
SLUG = re.compile(r"[a-z0-9-]{1,80}", re.ASCII)

bp = room_blueprint("browsing")
door = Blueprint("door", __name__)
blueprints = (bp, door)


@door.get("/")
@requires(Permission.READ_PUBLIC)
def choose_language() -> BaseResponse:
    return redirect(url_for("browsing.front", lang=g.lang))


@bp.get("/")
@requires(Permission.READ_PUBLIC)
def front() -> str:
    now = clock.now()
    with reading() as session:
        page = queries.front(session, now)
    return render_template("browsing/front.html", front=page, now=now)


@bp.get("/petitions")
@requires(Permission.READ_PUBLIC)
def petitions() -> str:
    now = clock.now()
    with reading() as session:
        asked = asking.parse(session, request.args)
        listed = queries.listed(session, asked.filters, now)
        counts = queries.group_counts(session, asked.filters)
        tops, central = reference.top_units(session, g.lang), reference.central_bodies(session, g.lang)
    return render_template(
        "browsing/petitions.html",
        asked=asked,
        listed=listed,
        group_tabs=asking.tabs(asked.filters, counts),
        choices=asking.choices(asked, tops, central),
        pages=asking.pages(asked.filters, listed.number, listed.pages),
        now=now,
    )


@bp.get("/petitions/<ref>")
@requires(Permission.READ_PUBLIC)
def petition(ref: str) -> str | BaseResponse:
    with reading() as session:
        found = _find(session, ref)
        if found.is_public and ref != found.ref:
            return redirect(url_for("browsing.petition", ref=found.ref))
        if lifecycle.standing(session, found.petition_id).state is State.DRAFT:
            return redirect(url_for("drafting.draft", petition_id=found.petition_id))
        page = petition_page.page_of(session, found, _viewer(), clock.now())
    return _as_private_as(found, make_response(render_template("browsing/petition.html", page=page)))


@bp.get("/petitions/<ref>/text.json")
@requires(Permission.READ_PUBLIC)
def petition_text(ref: str) -> Response:
    with reading() as session:
        found = _find(session, ref)
        text = petition_page.readable_text(session, found.petition_id, _viewer())
    return _as_private_as(found, Response(petition_page.canonical_bytes(text), mimetype="application/json"))


@bp.get("/petitions/<ref>/attachments/<int:attachment_id>")
@requires(Permission.READ_PUBLIC)
def attachment(ref: str, attachment_id: int) -> Response:
    with reading() as session:
        found = _find(session, ref)
        text = petition_page.readable_text(session, found.petition_id, _viewer())
        if attachment_id not in {each.id for each in petition_page.public_attachments(text)}:
            raise NotFound
        row, content = lifecycle.attachment(session, found.petition_id, attachment_id)
    return _as_private_as(found, download(content, name=row.name, mimetype=row.mime))


@bp.get("/archive")
@requires(Permission.READ_PUBLIC)
def archive() -> str:
    with reading() as session:
        rows = reference.archived_list(session)
    return render_template("browsing/archive.html", rows=rows)


@bp.get("/archive/<slug>")
@requires(Permission.READ_PUBLIC)
def archived(slug: str) -> str:
    with reading() as session:
        row = reference.archived(session, _well_formed(slug))
        if row is None:
            raise NotFound
        unit = reference.territory(session, row.territory_kato) if row.territory_kato else None
        examined_by = reference.body_by_slug(session, row.body_slug) if row.body_slug else None
    return render_template("browsing/archived.html", row=row, unit=unit, examined_by=examined_by)


@bp.get("/law")
@requires(Permission.READ_PUBLIC)
def law() -> str:
    with reading() as session:
        page = law_pages.law_page(session, request.args.get("edition", ""), local_date(clock.now()))
    return render_template("browsing/law.html", page=page)


@bp.get("/rules")
@requires(Permission.READ_PUBLIC)
def rules() -> str:
    with reading() as session:
        page = law_pages.rules_page(session, local_date(clock.now()))
    return render_template("browsing/rules.html", page=page)


@bp.get("/privacy")
@requires(Permission.READ_PUBLIC)
def privacy() -> str:
    with reading() as session:
        months = reference.policy(session)["retention_months"]  # only shown: nothing is erased by it yet
    runs = setting("retention_months").consumed
    return render_template("browsing/privacy.html", retention_months=months, retention_runs=runs)


@bp.get("/sources")
@requires(Permission.READ_PUBLIC)
def sources() -> str:
    return render_template("browsing/sources.html", as_of=AS_OF, collected_on=COLLECTED_ON, month=month_name)


@bp.get("/territories")
@requires(Permission.READ_PUBLIC)
def territories() -> str:
    name = asking.place_name(request.args.get("name", ""))
    with reading() as session:
        units = reference.top_units(session, g.lang)
        found = reference.search_territories(session, name, limit=50) if name else []
    return render_template("browsing/territories.html", units=units, name=name, found=found)


@bp.get("/territories/<kato>")
@requires(Permission.READ_PUBLIC)
def territory(kato: str) -> str:
    now = clock.now()
    with reading() as session:
        page = territory_page(session, _well_formed(kato), g.lang, local_date(now))
    return render_template("browsing/territory.html", page=page, now=now)


@bp.get("/bodies")
@requires(Permission.READ_PUBLIC)
def bodies() -> str:
    with reading() as session:
        rows = central_page(session, g.lang)
    return render_template("browsing/bodies.html", rows=rows)


@bp.get("/bodies/<slug>")
@requires(Permission.READ_PUBLIC)
def body(slug: str) -> str:
    now = clock.now()
    with reading() as session:
        page = body_page(session, _well_formed(slug), now)
    return render_template("browsing/body.html", page=page, now=now)


@bp.app_template_global("language_of")
def language_of(language: str) -> str | None:
    """For a lang attribute: only where a text is not in the page's own language."""
    return language if language != current_language() else None


@bp.app_template_global("place_named")
def place_named(kato: str) -> str:
    """A place with the units above it; a code that the tables do not know stays a code."""
    with reading() as session:
        path = reference.territory_path(session, kato)
    return ", ".join(pick(unit, "name") for unit in reversed(path)) or kato


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "tones": TONES,
        "outcomes": OUTCOMES,
        "findings": wording.FINDING_NAMES,
        "unit_kinds": UNIT_KINDS,
        "refusal_grounds": GROUND_NAMES,
        "refusal_fields": FIELD_NAMES,
        "outcome_tones": wording.OUTCOME_TONES,
        "commitment_states": COMMITMENT_STATES,
        "confidence": CONFIDENCE,
        "act_name": act_name,
        "addressees": ADDRESSEES,
        "file_size": file_size,
        "archive_outcomes": ARCHIVE_OUTCOMES,
        "archive_tones": ARCHIVE_TONES,
        "day_of": facts.day,
        "list_url": asking.list_url,
        "known": known,
        "known_date": known_date,
        "required_text": required_text,
        "term": term,
        "pick": pick,
    }


def _find(session: Session, ref: str) -> Found:
    if not REF.fullmatch(ref):
        raise NotFound
    return visibility.find(session, ref, _viewer())


def _viewer() -> Viewer:
    return cast(Viewer, current_user)


def _well_formed(slug: str) -> str:
    """What no row can be called is not asked of the database."""
    if not SLUG.fullmatch(slug):
        raise NotFound
    return slug


def _as_private_as(found: Found, response: Response) -> Response:
    """A page known by its link only is kept by nobody: no cache, no search engine."""
    if not found.is_public:
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
