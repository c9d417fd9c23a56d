"""The version for people with low vision: one address that remembers a choice, and a page to make it on."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from petitions.appearance import CHOICES, COOKIE, COOKIE_SECONDS, LOW_VISION, ORDINARY, Appearance
from petitions.browsing.blueprint import bp
from petitions.identity.redirects import own_path
from petitions.permissions import Permission, requires
from petitions.web import appearance_of_reader

AT_ONE_CLICK = {"low-vision": LOW_VISION, "ordinary": ORDINARY}


@bp.get("/appearance")
@requires(Permission.READ_PUBLIC)
def appearance() -> str | BaseResponse:
    back = own_path(request.args.get("next"))
    chosen = _chosen()
    if chosen is None:
        return render_template("browsing/appearance.html", choices=CHOICES, back=back, kept="kept" in request.args)
    answer = redirect(back or url_for("browsing.appearance", kept=1))
    _remember(answer, chosen)
    return answer


def _chosen() -> Appearance | None:
    """What the address asks for: a whole version by its name, or single choices on top of the reader's own."""
    if whole := AT_ONE_CLICK.get(request.args.get("choice", "")):
        return whole
    single = {name: request.args[name] for name in CHOICES if name in request.args}
    return appearance_of_reader().changed(**single) if single else None


def _remember(answer: BaseResponse, chosen: Appearance) -> None:
    secure: bool = current_app.config["SESSION_COOKIE_SECURE"]
    if chosen.is_ordinary:
        answer.delete_cookie(COOKIE, secure=secure, httponly=True, samesite="Lax")
        return
    answer.set_cookie(COOKIE, chosen.key, max_age=COOKIE_SECONDS, secure=secure, httponly=True, samesite="Lax")
