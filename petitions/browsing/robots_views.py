"""What other machines are told of the site: which pages are for everybody, and where they stand."""

from __future__ import annotations

import re

from flask import Flask, Response, current_app, request, url_for

from petitions.browsing import sitemap
from petitions.browsing.blueprint import door
from petitions.browsing.sitemap import Listed
from petitions.db import reading
from petitions.errors import NotFound
from petitions.i18n import LANGUAGES
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires

MAIN_PAGES = (
    "browsing.front",
    "browsing.petitions",
    "browsing.territories",
    "browsing.bodies",
    "browsing.statistics",
    "browsing.archive",
    "browsing.law",
    "browsing.rules",
    "browsing.verify",
    "browsing.privacy",
    "browsing.accessibility",
    "browsing.sources",
)
# Everybody may open these, but they are no pages of their own: a frame for other sites, a link that changes a cookie,
# what a device keeps.
NOT_FOR_SEARCH = ("/embed/", "/*/appearance", "/*/offline")
FILE_NUMBER = re.compile(r"\d{1,6}", re.ASCII)


@door.get("/robots.txt")
@cacheable()
@requires(Permission.READ_PUBLIC)
def robots() -> Response:
    """Nothing secret stands here: what is known by its link alone is not named, its page itself says "noindex"."""
    closed = sorted({*_closed(current_app), *NOT_FOR_SEARCH})
    lines = ("User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {_site()}{_file_address()}", "")
    return Response("\n".join(lines), mimetype="text/plain")


@door.get("/sitemap.xml")
@cacheable("file")
@requires(Permission.READ_PUBLIC)
def site_map() -> Response:
    """Without ``file`` the list of its files. Raises NotFound for a file that holds nothing."""
    file = request.args.get("file", "")
    if not file:
        with reading() as session:
            numbers = sitemap.files(session)
        text = sitemap.index_of(_site() + _file_address(number) for number in numbers)
    else:
        text = sitemap.file_of(_pages(file))
    return Response(text, mimetype="application/xml")


def _pages(file: str) -> list[Listed]:
    if not FILE_NUMBER.fullmatch(file):
        raise NotFound
    if int(file) == sitemap.MAIN:
        return [Listed(_addresses(endpoint)) for endpoint in MAIN_PAGES]
    with reading() as session:
        rows = sitemap.petitions_of(session, int(file))
    if not rows:
        raise NotFound
    return [Listed(_addresses("browsing.petition", ref=number), changed_on) for number, changed_on in rows]


def _addresses(endpoint: str, **values: object) -> dict[str, str]:
    return {lang: _site() + url_for(endpoint, lang=lang, **values) for lang in LANGUAGES}  # type: ignore[arg-type]


def _file_address(number: int | None = None) -> str:
    return url_for("door.site_map", file=number)


def _site() -> str:
    address: str = current_app.config["BASE_URL"]
    return address


def _closed(app: Flask) -> set[str]:
    """The beginnings of all addresses that a guest is turned away from, as robots read them: `*` is anything."""
    paths = {
        re.sub(r"<[^>]+>", "*", rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not _is_public(app, rule.endpoint)
    }
    return {path for path in paths if not any(path != other and path.startswith(other) for other in paths)}


def _is_public(app: Flask, endpoint: str) -> bool:
    return endpoint == "static" or getattr(app.view_functions[endpoint], "permission", None) is Permission.READ_PUBLIC
