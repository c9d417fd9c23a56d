"""The map, the places and the bodies."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, g, render_template, request, url_for

from petitions import clock
from petitions.browsing import filters as asking
from petitions.browsing.blueprint import bp, door
from petitions.browsing.body_list import FIRST_LEVEL, BodyList, body_list
from petitions.browsing.body_page import body_page
from petitions.browsing.map_page import BY_NAME, DEFAULT, MEASURES
from petitions.browsing.places import country_page, territory_page
from petitions.db import reading
from petitions.errors import NotFound
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires
from petitions.reference import outlines
from petitions.reference.words import figure_note

SLUG = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
KATO = re.compile(r"\d{9}", re.ASCII)


@bp.get("/territories")
@cacheable("name", "show", "order")
@requires(Permission.READ_PUBLIC)
def territories() -> str:
    name = asking.place_name(request.args.get("name", ""))
    with reading() as session:
        page = country_page(session, g.lang, clock.now(), name=name, **_of_the_map())
    return render_template("browsing/territories.html", page=page)


@bp.get("/territories/<kato>")
@cacheable("show", "order")
@requires(Permission.READ_PUBLIC)
def territory(kato: str) -> str:
    if not KATO.fullmatch(kato):  # what no row can be called is not asked of the database
        raise NotFound
    now = clock.now()
    with reading() as session:
        page = territory_page(session, kato, g.lang, now, **_of_the_map())
    return render_template("browsing/territory.html", page=page, now=now)


@bp.get("/bodies")
@cacheable("level", "name", "page")
@requires(Permission.READ_PUBLIC)
def bodies() -> str:
    asked = {"level": request.args.get("level", ""), "page": request.args.get("page", "")}
    name = asking.place_name(request.args.get("name", ""))
    with reading() as session:
        listed = body_list(session, g.lang, clock.now(), name=name, **asked)
    return render_template("browsing/bodies.html", listed=listed, levels=asking.LEVELS, pages=_pages(listed))


@bp.get("/bodies/<slug>")
@cacheable()
@requires(Permission.READ_PUBLIC)
def body(slug: str) -> str:
    if not SLUG.fullmatch(slug):
        raise NotFound
    now = clock.now()
    with reading() as session:
        page = body_page(session, slug, now)
    return render_template("browsing/body.html", page=page, now=now)


@door.get("/map/<name>.json")
@cacheable()
@requires(Permission.READ_PUBLIC)
def outlines_file(name: str) -> Response:
    """The outlines themselves: their licence wants them offered to whoever sees a picture made from them."""
    if name not in outlines.FILES:
        raise NotFound
    return Response(outlines.file(name), mimetype="application/json")


@bp.app_template_global("map_url")
def map_url(show: str, order: str, fragment: str = "") -> str:
    """This page with another number on the map or another order of its table; defaults stay unsaid."""
    asked = {"show": "" if show == DEFAULT else show, "order": "" if order == BY_NAME else order}
    values: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **values}, _anchor=fragment or None)


@bp.context_processor
def _map_words() -> dict[str, object]:
    return {
        "measures": MEASURES,
        "by_name": BY_NAME,
        "figure_note": figure_note,
        "map_credit": outlines.CREDIT,
        "map_licence": outlines.LICENCE,
        "outline_files": outlines.FILES,
    }


def _of_the_map() -> dict[str, str]:
    return {"show": request.args.get("show", ""), "order": request.args.get("order", "")}


def _pages(listed: BodyList) -> asking.Pages:
    def at(number: int) -> str:
        level = "" if listed.level == FIRST_LEVEL else listed.level
        asked: dict[str, Any] = {"level": level, "name": listed.name, "page": number if number > 1 else ""}
        return url_for("browsing.bodies", **{name: value for name, value in asked.items() if value})

    before = at(listed.number - 1) if listed.number > 1 else None
    after = at(listed.number + 1) if listed.number < listed.pages else None
    return asking.Pages(listed.number, listed.pages, before, after)
