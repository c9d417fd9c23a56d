"""The public pages. Everybody may read them; what a page shows of one petition is decided by `visibility`."""

from __future__ import annotations

import re

from flask import Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from petitions import clock
from petitions.browsing import (
    appearance_views,
    comments_views,
    design_views,
    law_pages,
    number_views,
    offline_views,
    petition_page,
    place_views,
    proof_views,
    queries,
    robots_views,
    statistics_views,
)
from petitions.browsing import choices as offering
from petitions.browsing import filters as asking
from petitions.browsing import front as front_page
from petitions.browsing.around import named
from petitions.browsing.asked import as_private_as, find, viewer
from petitions.browsing.blueprint import bp, door
from petitions.browsing.lines import told_by
from petitions.browsing.named_places import named_places
from petitions.browsing.words import (
    ADDRESSEES,
    ARCHIVE_OUTCOMES,
    ARCHIVE_TONES,
    AS_OF,
    COLLECTED_ON,
    CONFIDENCE,
    TONES,
    act_name,
    barred_subject,
    file_size,
    known_date,
    month_name,
    required_text,
    share_text,
    term,
)
from petitions.consideration import wording
from petitions.db import reading
from petitions.errors import NotFound
from petitions.i18n import current_language, pick
from petitions.law.policy import setting
from petitions.law.working_days import local_date
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.themes import THEMES
from petitions.moderation.grounds import FIELD_NAMES
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires
from petitions.reference import queries as reference
from petitions.reference.words import UNIT_KINDS
from petitions.timeline import facts
from petitions.timeline.words import COMMITMENT_STATES, GROUND_NAMES, OUTCOMES, known
from petitions.web import download

SLUG = re.compile(r"[a-z0-9-]{1,80}", re.ASCII)

blueprints = (bp, door)
# their pages are added to the blueprint when they are imported
PAGES = (
    appearance_views,
    comments_views,
    design_views,
    number_views,
    offline_views,
    place_views,
    proof_views,
    robots_views,
    statistics_views,
)


@door.get("/")
@requires(Permission.READ_PUBLIC)
def choose_language() -> BaseResponse:
    return redirect(url_for("browsing.front", lang=g.lang))


@bp.get("/")
@cacheable()
@requires(Permission.READ_PUBLIC)
def front() -> str:
    now = clock.now()
    with reading() as session:
        page = front_page.front(session, now)
    return render_template("browsing/front.html", front=page, now=now)


@bp.get("/petitions")
@cacheable(*asking.ARGUMENTS, *asking.NOT_OURS)
@requires(Permission.READ_PUBLIC)
def petitions() -> str:
    now = clock.now()
    with reading() as session:
        asked = asking.parse(session, request.args)
        listed = queries.listed(session, asked.filters, now)
        places = named_places(session, asked.filters.words, now)
        tops, central = reference.top_units(session, g.lang), reference.central_bodies(session, g.lang)
    return render_template(
        "browsing/petitions.html",
        asked=asked,
        listed=listed,
        places=places,
        group_tabs=lambda: offering.tabs(asked.filters, listed.counts),
        choices=lambda: offering.choices(asked.filters, listed.counts, tops, central),
        areas=lambda: offering.areas(asked.filters, listed.counts),
        pages=asking.pages(asked.filters, listed.number, listed.pages),
        level_names=asking.LEVELS,
        petition_languages=asking.LANGUAGES,
        now=now,
    )


@bp.get("/petitions/<ref>")
@cacheable()
@requires(Permission.READ_PUBLIC)
def petition(ref: str) -> str | BaseResponse:
    with reading() as session:
        found = find(session, ref)
        if found.is_public and ref != found.ref:
            return redirect(url_for("browsing.petition", ref=found.ref))
        if found.is_draft:
            return redirect(url_for("drafting.draft", petition_id=found.petition_id))
        page = petition_page.page_of(session, found, viewer(), clock.now())
    answer = make_response(render_template("browsing/petition.html", page=page))
    if page.hidden:  # nobody keeps it, and a device that kept the text forgets it (static/js/service-worker.js)
        answer.headers["Cache-Control"] = "no-store"
    return as_private_as(found, answer)


@bp.get("/petitions/<ref>/text.json")
@cacheable()
@requires(Permission.READ_PUBLIC)
def petition_text(ref: str) -> Response:
    with reading() as session:
        found = find(session, ref)
        text = petition_page.readable_text(session, found.petition_id, viewer())
    return as_private_as(found, Response(petition_page.canonical_bytes(text), mimetype="application/json"))


@bp.get("/petitions/<ref>/attachments/<int:attachment_id>")
@requires(Permission.READ_PUBLIC)
def attachment(ref: str, attachment_id: int) -> Response:
    with reading() as session:
        found = find(session, ref)
        text = petition_page.readable_text(session, found.petition_id, viewer())
        if attachment_id not in {each.id for each in petition_page.public_attachments(text)}:
            raise NotFound
        row, content = lifecycle.attachment(session, found.petition_id, attachment_id)
    return as_private_as(found, download(content, name=row.name, mimetype=row.mime))


@bp.get("/archive")
@cacheable()
@requires(Permission.READ_PUBLIC)
def archive() -> str:
    with reading() as session:
        rows = reference.archived_list(session)
    return render_template("browsing/archive.html", rows=rows)


@bp.get("/archive/<slug>")
@cacheable()
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
@cacheable("edition")
@requires(Permission.READ_PUBLIC)
def law() -> str:
    with reading() as session:
        page = law_pages.law_page(session, request.args.get("edition", ""), local_date(clock.now()))
    return render_template("browsing/law.html", page=page)


@bp.get("/rules")
@cacheable()
@requires(Permission.READ_PUBLIC)
def rules() -> str:
    with reading() as session:
        page = law_pages.rules_page(session, local_date(clock.now()))
    return render_template("browsing/rules.html", page=page)


@bp.get("/privacy")
@cacheable()
@requires(Permission.READ_PUBLIC)
def privacy() -> str:
    with reading() as session:
        months = reference.policy(session)["retention_months"]  # only shown: nothing is erased by it yet
    runs = setting("retention_months").consumed
    return render_template("browsing/privacy.html", retention_months=months, retention_runs=runs)


@bp.get("/sources")
@cacheable()
@requires(Permission.READ_PUBLIC)
def sources() -> str:
    return render_template("browsing/sources.html", as_of=AS_OF, collected_on=COLLECTED_ON, month=month_name)


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
        "barred_subject": barred_subject,
        "body_named": named,
        "day_of": facts.day,
        "list_url": asking.list_url,
        "known": known,
        "known_date": known_date,
        "required_text": required_text,
        "share_text": share_text,
        "term": term,
        "themes": THEMES,
        "told_by": told_by,
        "pick": pick,
    }


def _well_formed(slug: str) -> str:
    """What no row can be called is not asked of the database."""
    if not SLUG.fullmatch(slug):
        raise NotFound
    return slug
