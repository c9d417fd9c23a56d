"""What a phone keeps: the service worker, the page of what is kept on this device, and the site as an app."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import cast

from flask import Flask, Response, current_app, g, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from petitions import page_cache
from petitions.browsing.blueprint import bp, door
from petitions.i18n import LANGUAGES
from petitions.page_cache import cacheable
from petitions.permissions import Permission, requires

FRAME = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "fonts/golos-text-regular.woff2",
    "fonts/golos-text-bold.woff2",
    "js/offline.js",
    "js/kept.js",
    "js/kept-pages.js",
)
"""What every page needs to look like one; the rest is kept when a page that needs it is opened."""
ICONS = (("img/icon-192.png", "192x192"), ("img/icon-512.png", "512x512"), ("img/favicon.svg", "any"))
ICON_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}
RELEASE_LETTERS = 10
THEME_COLOUR, BACKGROUND_COLOUR = "#063f49", "#fbf7ee"  # the masthead and the ground of css/tokens.css


@door.get("/service-worker.js")
@cacheable()
@requires(Permission.READ_PUBLIC)
def service_worker() -> Response:
    """The worker's source under what it has to know of this release; it stands at the root, whose pages it serves.

    Where an installation keeps nothing on devices it is the one that erases and removes what they have.
    """
    source = _source("service-worker.js" if current_app.extensions["config"].offline else "service-worker-off.js")
    about = {
        "frame": [url_for("static", filename=name) for name in FRAME],
        "offline": {lang: url_for("browsing.offline", lang=lang) for lang in LANGUAGES},
        "words": {lang: _words(lang) for lang in LANGUAGES},
    }
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    made_of = (json.dumps(about, sort_keys=True), source, *(_page_to_keep(app, lang) for lang in LANGUAGES))
    release = hashlib.sha256("".join(made_of).encode()).hexdigest()[:RELEASE_LETTERS]
    told = json.dumps(about | {"release": release}, ensure_ascii=False, sort_keys=True)
    answer = Response(f"const SITE = {told};\n{source}", mimetype="text/javascript")
    # Asked for at every page, by whoever is signed in too: there is nothing of a person in it.
    answer.headers["Cache-Control"] = page_cache.for_everybody(answer) or "no-cache"
    return answer


@bp.get("/offline")
@cacheable()
@requires(Permission.READ_PUBLIC)
def offline() -> str:
    return render_template("browsing/offline.html")


@bp.get("/manifest.webmanifest")
@cacheable()
@requires(Permission.READ_PUBLIC)
def manifest() -> Response:
    """The site as an app on a phone's screen, in the page's language."""
    name = current_app.extensions["config"].site_name_in(g.lang)
    home = url_for("browsing.front")
    about = {
        "name": name,
        "short_name": name,
        "description": _(
            "Petitions of the citizens of Kazakhstan: start one, join one, and see what the state answers."
        ),
        "lang": g.lang,
        "dir": "ltr",
        "id": "/",
        "start_url": home,
        "scope": "/",
        "display": "minimal-ui",  # the address stays in sight: a state's site must be recognisable
        "theme_color": THEME_COLOUR,
        "background_color": BACKGROUND_COLOUR,
        "icons": [
            {"src": url_for("static", filename=file), "sizes": sizes, "type": ICON_TYPES[Path(file).suffix]}
            for file, sizes in ICONS
            if Path(current_app.static_folder or "", file).is_file()
        ],
    }
    answer = Response(json.dumps(about, ensure_ascii=False), mimetype="application/manifest+json")
    answer.headers["Cache-Control"] = page_cache.for_everybody(answer) or "no-cache"
    return answer


def _words(language: str) -> dict[str, str]:
    """What the worker says on pages that it shows from the device; ``{moment}`` is filled in there."""
    with force_locale(language):
        return {
            "none": _("No connection to the site."),
            "slow": _("The site has not answered yet: the connection may be slow."),
            "copy": _("This is a copy kept on this device on {moment}."),
            "changed": _("Numbers and deadlines may have changed since. Nothing can be signed from a copy."),
            "join": _("Joining needs the connection to the site."),
            "draft": _("You can write on: the text is kept on this device."),
            "sent": _("It is sent when the connection is back and you are signed in."),
            "arrived": _("The site has answered now. Open the page again to see it as it is."),
            "lost": _("The page you asked for is not kept on this device."),
            "again": _("Try again"),
            "kept": _("Pages kept on this device"),
        }


@lru_cache(maxsize=2 * len(LANGUAGES))
def _page_to_keep(app: Flask, language: str) -> str:
    """The page that every device keeps: with another menu or other words they fetch it anew.

    Without the demonstration's clock, which goes on.
    """
    with app.app_context(), app.test_request_context(url_for("browsing.offline", lang=language)):
        g.lang = language
        return render_template("browsing/offline.html", demo_clock=None)


@lru_cache(maxsize=2)
def _source(name: str) -> str:
    return Path(current_app.static_folder or "", "js", name).read_text(encoding="utf-8")
