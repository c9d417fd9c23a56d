"""Pages and files that carry a public petition on. They are everybody's: none depends on who asks."""

from __future__ import annotations

from datetime import date

from flask import Response, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from petitions import clock
from petitions.db import reading
from petitions.i18n import DEFAULT_LANGUAGE, LANGUAGES, speak
from petitions.lifecycle.queries import DecisionView, Standing
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires
from petitions.reference.records import BodyView
from petitions.sharing import cards, documents, drawing, links, posters, queries
from petitions.sharing.blueprint import bp, door
from petitions.sharing.drawing import Data, Kind
from petitions.web import CONTENT_POLICY

blueprints = (bp, door)

YEAR, HOUR = 31_536_000, 3_600  # in seconds
THEMES = ("light", "dark")
FRAMED_ANYWHERE = "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *"
SHOWS_A_FRAME = f"{CONTENT_POLICY}; frame-src 'self'"


@door.get("/p/<ref>")
@requires(Permission.READ_PUBLIC)
def short(ref: str) -> BaseResponse:
    """The short address: to the petition in the language that the browser asks for, else in the petition's own."""
    with reading() as session:
        petition = queries.public_one(session, ref)
    wanted = request.accept_languages.best_match(LANGUAGES, petition.language)
    return redirect(url_for("browsing.petition", ref=petition.id, lang=wanted))


@bp.get("/p/<ref>")
@requires(Permission.READ_PUBLIC)
def short_in_language(ref: str) -> BaseResponse:
    """The short address that is passed on: robots that draw a preview ask for no language and get this one's card."""
    with reading() as session:
        petition = queries.public_one(session, ref)
    return redirect(url_for("browsing.petition", ref=petition.id))


@bp.get("/petitions/<ref>/share")
@cacheable("badge_lang", "badge_theme")
@requires(Permission.READ_PUBLIC)
def share(ref: str) -> Response:
    with reading() as session:
        shown = queries.petition(session, ref, clock.now())
    badge_lang = _one_of(LANGUAGES, request.args.get("badge_lang")) or g.lang
    badge_theme = _one_of(THEMES, request.args.get("badge_theme"))
    badge = url_for("sharing_door.embed", ref=shown.id, lang=badge_lang, theme=badge_theme or None)
    page = render_template(
        "sharing/share.html",
        shown=shown,
        badge_url=badge,
        badge_lang=badge_lang,
        badge_theme=badge_theme,
        badge_code=links.badge_code(_base_url() + badge, shown.standing.title),
        card_url=_card_url(shown),
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = SHOWS_A_FRAME
    return answer


@bp.get("/petitions/<int:petition_id>/card/<version>.png")
@requires(Permission.READ_PUBLIC)
def card(petition_id: int, version: str) -> BaseResponse:
    """The card as it is now; the address of an older one leads to it."""
    with reading() as session:
        shown = queries.petition(session, str(petition_id), clock.now())
    data = cards.card(shown, _site(), _base_url())
    now = cards.card_version(data)
    if version != now:
        return redirect(url_for("sharing.card", petition_id=petition_id, version=now))
    return _picture(data, HOUR)


@bp.get("/card/<version>.png")
@requires(Permission.READ_PUBLIC)
def site_card(version: str) -> BaseResponse:
    data = cards.site_card(_site(), _base_url())
    now = cards.card_version(data)
    if version != now:
        return redirect(url_for("sharing.site_card", version=now))
    return _picture(data, YEAR)


@bp.get("/petitions/<ref>/poster.pdf")
@requires(Permission.READ_PUBLIC)
def poster(ref: str) -> BaseResponse:
    now = clock.now()
    with reading() as session:
        shown = queries.petition(session, ref, now)
    closes_at = queries.closes_on(shown.standing, now)
    data = posters.poster(shown, short_link(shown.id), _site(), closes_at)
    return _document(posters.TEMPLATE, data, f"petition-{shown.id}-poster-{g.lang}.pdf")


@bp.get("/petitions/<ref>/decision/<int:number>.pdf")
@requires(Permission.READ_PUBLIC)
def decision(ref: str, number: int) -> BaseResponse:
    with reading() as session:
        answer = queries.answer(session, ref, number, clock.now())
    data = documents.decision(answer, short_link(answer.shown.id), _site())
    return _document(documents.TEMPLATE, data, f"petition-{answer.shown.id}-decision-{number}-{g.lang}.pdf")


@door.get("/embed/<ref>")
@cacheable("lang", "theme")
@requires(Permission.READ_PUBLIC)
def embed(ref: str) -> Response:
    """The badge: a page for another site's frame, without script, form and cookie, so that nobody can sign in it."""
    with reading() as session:
        badge = queries.badge(session, ref, clock.now())
    own = badge.shown.standing.language if badge.shown else DEFAULT_LANGUAGE  # the same for every reader's browser
    speak(_one_of(LANGUAGES, request.args.get("lang")) or own)
    theme = _one_of(THEMES, request.args.get("theme"))
    page = render_template("sharing/embed.html", badge=badge, stands=cards.stands, theme=theme)
    answer = make_response(page, badge.status)
    answer.headers["Content-Security-Policy"] = FRAMED_ANYWHERE
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def short_link(petition_id: int) -> str:
    """The whole short address of a public petition, as it is printed: it opens in the language of whoever types it."""
    return _base_url() + url_for("sharing_door.short", ref=petition_id)


@bp.app_template_global()
def shared_link(petition_id: int) -> str:
    """The whole short address of a public petition in the language of this page."""
    return _base_url() + url_for("sharing.short_in_language", ref=petition_id)


@bp.app_template_global()
def share_ways(petition_id: int, title: str) -> tuple[links.Way, ...]:
    return links.ways(shared_link(petition_id), title)


@bp.app_template_global()
def petition_card_url(
    standing: Standing,
    body: BodyView | None,
    counted: int,
    needed: int | None,
    decisions: tuple[DecisionView, ...],
    silent_since: date | None,
) -> str:
    """The whole address of a public petition's card, for the page that has read the petition already."""
    return _base_url() + _card_url(queries.shown(standing, body, counted, needed, decisions, silent_since))


@bp.app_template_global()
def site_card_url() -> str:
    version = cards.card_version(cards.site_card(_site(), _base_url()))
    return _base_url() + url_for("sharing.site_card", version=version)


def _card_url(shown: queries.Shown) -> str:
    version = cards.card_version(cards.card(shown, _site(), _base_url()))
    return url_for("sharing.card", petition_id=shown.id, version=version)


def _picture(data: Data, seconds: int) -> BaseResponse:
    """Its address names its content, and yet a petition's is asked for anew: it may have been taken down meanwhile."""
    return _drawing(cards.TEMPLATE, data, "png", seconds)


def _document(template: str, data: Data, name: str) -> BaseResponse:
    """A PDF to look at, save or print; nothing of it may run in the site's name."""
    answer = _drawing(template, data, "pdf", HOUR)
    answer.headers.set("Content-Disposition", "inline", filename=name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


def _drawing(template: str, data: Data, kind: Kind, seconds: int) -> BaseResponse:
    """It is the same for all readers. Nothing is drawn for whoever has it already."""
    version = drawing.version(template, data)
    answer = Response(mimetype={"png": "image/png", "pdf": "application/pdf"}[kind])
    answer.headers["Cache-Control"] = f"public, max-age={seconds}"
    answer.set_etag(version)
    if not request.if_none_match.contains_weak(version):
        answer.set_data(drawing.draw(template, data, kind))
    return answer.make_conditional(request)


def _one_of(known: tuple[str, ...], asked: str | None) -> str:
    """What was asked for, if there is such a thing."""
    return asked if asked in known else ""


def _site() -> str:
    return str(current_app.extensions["config"].site_name_in(g.lang))


def _base_url() -> str:
    return str(current_app.config["BASE_URL"])
