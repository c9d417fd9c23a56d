"""What every page shares: language in the path, the closed door, headers, and the one place that answers errors."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote, urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_translations
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from petitions import clock, page_cache, parts
from petitions.appearance import Appearance, appearance_of, key_of
from petitions.errors import DomainError
from petitions.i18n import DEFAULT_LANGUAGE, LANGUAGE_NAMES, LANGUAGES
from petitions.identity.sessions import Viewer
from petitions.law.working_days import CalendarUnknown
from petitions.permissions import Permission, permissions_of
from petitions.static_files import STRICT_TRANSPORT

log = logging.getLogger(__name__)

MAIN_LINKS = (
    ("browsing.petitions", _l("Petitions")),
    ("drafting.start", _l("Start a petition")),
    ("browsing.territories", _l("Map")),
    ("browsing.statistics", _l("Statistics")),
    ("browsing.law", _l("How it works")),
)
FOOTER_GROUPS = (
    (
        _l("Take part"),
        (
            ("browsing.petitions", _l("Petitions")),
            ("drafting.start", _l("Start a petition")),
            ("browsing.territories", _l("Map")),
            ("browsing.archive", _l("Archive")),
            ("browsing.verify", _l("Check a receipt")),
        ),
    ),
    (
        _l("Hold to account"),
        (
            ("browsing.statistics", _l("Statistics")),
            ("browsing.bodies", _l("State bodies")),
            ("browsing.law", _l("How it works")),
            ("browsing.rules", _l("Rules in force")),
        ),
    ),
    (
        _l("This site"),
        (
            ("browsing.privacy", _l("Who sees your data")),
            ("browsing.accessibility", _l("Accessibility")),
            ("browsing.appearance", _l("Low vision version")),
            ("browsing.offline", _l("Pages kept on this device")),
            ("browsing.sources", _l("Sources of our data")),
            ("browsing.design", _l("Design")),
        ),
    ),
)
ACCOUNT_LINKS = {
    "guest": (("identity.sign_in", _l("Sign in")),),
    "citizen": (
        ("drafting.own", _l("My petitions")),
        ("signing.own", _l("My joinings")),
        ("discussion.own", _l("My comments")),
        ("notifications.inbox", _l("Inbox")),
        ("identity.account", _l("My data")),
    ),
    "staff": (("console.home", _l("Console")), ("identity.staff_access", _l("My access"))),
}
Link = tuple[str, str, bool]
"""Its words, its address, and whether it is this page's own."""
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
ALWAYS_SAID = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def room_blueprint(name: str) -> Blueprint:
    """A room's blueprint: its pages live under ``/<lang>/``."""
    return Blueprint(name, f"petitions.{name}", url_prefix="/<any(kk, ru, en):lang>")


def init_app(app: Flask) -> None:
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.before_request(_guard)
    app.after_request(_headers)
    app.context_processor(_page_context)
    app.jinja_env.globals["ncalayer_url"] = _ncalayer_url
    parts.init_app(app)
    app.register_error_handler(DomainError, _answer_domain_error)
    app.register_error_handler(CalendarUnknown, _answer_calendar)
    app.register_error_handler(CSRFError, _answer_csrf)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_crash)


def download(content: bytes, *, name: str, mimetype: str) -> Response:
    """A file to be saved, never shown in the page's own origin."""
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    first = request.path.split("/", 2)[1]
    g.lang = (values or {}).pop("lang", None) or (first if first in LANGUAGES else _preferred())


def _preferred() -> str:
    return request.accept_languages.best_match(LANGUAGES, DEFAULT_LANGUAGE) or DEFAULT_LANGUAGE


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = g.get("lang", DEFAULT_LANGUAGE)


def _guard() -> BaseResponse | tuple[str, int] | None:
    """Closed by default: a view without a permission answers nobody."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    permission: Permission | None = getattr(view, "permission", None)
    viewer = _viewer()
    if permission is not None and permission in permissions_of(viewer.kind, viewer.roles):
        return None
    if viewer.kind == "guest" and permission is not None and request.method in ("GET", "HEAD"):
        return redirect(_sign_in_url(permission))
    return _error_page(403, _("You are not allowed to do this."))


def _sign_in_url(permission: Permission) -> str:
    citizen = permission in permissions_of("citizen", frozenset())
    return url_for("identity.sign_in" if citizen else "identity.staff_sign_in", next=request.full_path.rstrip("?"))


def _headers(response: Response) -> Response:
    said = set(map(str.lower, response.headers.keys()))
    meant = dict(ALWAYS_SAID)
    if ncalayer := g.get("ncalayer"):
        meant["Content-Security-Policy"] = CONTENT_POLICY.replace(
            "connect-src 'self'", f"connect-src 'self' {ncalayer}"
        )
    if request.is_secure:
        meant.update([STRICT_TRANSPORT])
    if request.endpoint != "static":
        meant["Cache-Control"] = _keeping(response)
        meant["Vary"] = "Cookie" if page_cache.is_cacheable() else "Cookie, Accept-Language"
    response.headers.extend({name: value for name, value in meant.items() if name.lower() not in said})
    return response


def _ncalayer_url() -> str:
    """Where NCALayer listens on the reader's own computer. A page that asks for it may connect there, no other may."""
    url: str = current_app.extensions["config"].ncalayer_url
    address = urlsplit(url)
    g.ncalayer = f"{address.scheme}://{address.netloc}"
    return url


def _keeping(response: Response) -> str:
    """Who may keep an answer: nobody one person's, everybody for a second a public page, else only to ask again."""
    return "no-store" if _is_personal() else page_cache.for_everybody(response) or "no-cache"


def _is_personal() -> bool:
    return _viewer().kind != "guest" or request.method not in ("GET", "HEAD")


def _viewer() -> Viewer:
    """The person behind Flask-Login's proxy, which looks for them at every attribute."""
    return cast(Viewer, current_user._get_current_object())


def appearance_of_reader() -> Appearance:
    """How whoever asks wants the pages to look. What depends on it is kept apart by `appearance.key_of`."""
    return appearance_of(key_of(request.headers.get("Cookie", "")))


def _page_context() -> dict[str, Any]:
    """What the layout shows; a letter is rendered without a request and has its own."""
    if not has_request_context():
        return {}
    viewer = _viewer()
    frame = _frame(get_translations(), g.lang, request.endpoint, request.root_path, viewer.kind)
    return {
        "frame": frame,
        "appearance": appearance_of_reader(),
        "here": quote(_here(), safe="/"),
        "home_url": frame.home_url,
        "base_url": current_app.config["BASE_URL"],
        "language_links": _language_links(),
        "viewer": viewer,
        "may": lambda name: Permission(name) in permissions_of(viewer.kind, viewer.roles),
        "site_name": current_app.extensions["config"].site_name_in(g.lang),
        "demo": current_app.config["DEMO"],
        "demo_clock": clock.now() if clock.is_shifted() else None,
    }


@dataclass(frozen=True)
class Frame:
    """What the layout shows on every page of an endpoint, in one language, to one kind of reader: its ``key``."""

    key: Hashable
    main: list[Link]
    account: list[Link]
    footer: list[tuple[str, list[Link]]]
    home_url: str
    sign_out_url: str
    appearance_url: str


@lru_cache(maxsize=1_000)
def _frame(catalogue: Hashable, language: str, endpoint: str | None, root: str, kind: str) -> Frame:
    return Frame(
        key=(catalogue, language, endpoint, root, kind),
        main=_links(MAIN_LINKS),
        account=_links(ACCOUNT_LINKS[kind]),
        footer=[(str(name), _links(links)) for name, links in FOOTER_GROUPS],
        home_url=url_for("browsing.front"),
        sign_out_url=url_for("identity.sign_out"),
        appearance_url=url_for("browsing.appearance"),
    )


def _links(links: Iterable[tuple[str, object]]) -> list[Link]:
    return [(str(label), url_for(endpoint), request.endpoint == endpoint) for endpoint, label in links]


def _language_links() -> list[tuple[str, str, str, bool]]:
    """The same page in each language. Only its path and query change, nothing a person typed is kept."""
    first, _slash, rest = request.path.lstrip("/").partition("/")
    if first not in LANGUAGES:
        rest = ""
    query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    return [(code, LANGUAGE_NAMES[code], f"/{code}/{rest}{query}", code == g.lang) for code in LANGUAGES]


def _here() -> str:
    """The address to come back to: of this page, or of the one whose form was sent and is shown again."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    return f"{came_from.path}?{came_from.query}" if came_from.netloc == request.host else f"/{g.lang}/"


def _answer_domain_error(error: DomainError) -> tuple[str, int]:
    return _error_page(error.status, str(error.message), title=error.title, todo=error.todo)


def _answer_calendar(error: CalendarUnknown) -> tuple[str, int]:
    text = _(
        "The working calendar has no entries for %(year)s yet; an administrator must add them.",
        year=error.year,
    )
    return _error_page(409, text)


def _answer_csrf(error: CSRFError) -> tuple[str, int]:
    text = _("This form was open for too long or came from another site. Go back and send it again.")
    return _error_page(400, text, _typed())


def _typed() -> list[str]:
    """Sentences of a form that came too late, for copying: who was signed out meanwhile keeps what was written.

    Nothing that another site sent; and no buttons' values, tokens or passwords, which are no sentences.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    secret = ("csrf_token", "password", "again")
    return [said for name, said in request.form.items(multi=True) if name not in secret and len(said.split()) > 2]


def _answer_http(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    texts = {
        404: _("There is no such page."),
        405: _("This address does not take such a request."),
        413: _("This is too large. A file may have at most 5 MB, a form at most 30 MB."),
    }
    return _error_page(error.code, texts.get(error.code) or _("The request cannot be understood."))


def _answer_crash(error: Exception) -> tuple[str, int]:
    """Log where it happened under a reference; the trace's values, which may be personal, stay out."""
    reference = secrets.token_hex(4)
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno} {trace.tb_frame.f_code.co_name}")
        trace = trace.tb_next
    log.error("error %s: %s in %s\n  %s", reference, type(error).__name__, request.endpoint, "\n  ".join(frames))
    if current_app.testing:
        raise error
    return _error_page(
        500,
        _("Something broke on our side. Nothing was changed. Reference: %(reference)s", reference=reference),
    )


def _error_page(status: int, text: str, typed: Iterable[str] = (), **better: object) -> tuple[str, int]:
    """``better``: a title and todo that say more than the status does."""
    return render_template("errors/error.html", status=status, text=text, typed=typed, **better), status
