"""The simulated signing program: shows the exact text, signs it or refuses, and hands back a true CMS.

Our page posts ``document`` (base64), ``challenge`` and ``return_url``; back come ``challenge`` and
``signature`` (base64) or ``refused=1``, by a form with a visible button, so that it works without
JavaScript.
"""

from __future__ import annotations

import base64
import binascii
from typing import get_args

from flask import render_template, request

from petitions import clock
from petitions.identity.redirects import own_path
from petitions.identity.simulators.authority import Kind, open_authority
from petitions.identity.simulators.pages import (
    PERSON_COOKIE,
    chosen_person,
    config,
    ordinary_people,
    simulator_blueprint,
)
from petitions.identity.simulators.people import SPECIAL
from petitions.permissions import Permission, requires

bp = simulator_blueprint("signing", "/signing")

MAX_DOCUMENT = 256 * 1024
Answer = str | tuple[str, int]


@bp.post("/")
@requires(Permission.SIMULATE)
def ask() -> Answer:
    document, return_url = _document(), _return_url()
    if document is None or return_url is None:
        return render_template("simulators/refused.html"), 400
    proposed = chosen_person(request.form.get("person")) or chosen_person(request.cookies.get(PERSON_COOKIE))
    return render_template(
        "simulators/signing.html",
        text=document.decode("utf-8", "replace"),
        document=request.form["document"],
        challenge=request.form.get("challenge", ""),
        return_url=return_url,
        proposed=proposed or SPECIAL[0],
        people=[*SPECIAL, *ordinary_people()],
    )


@bp.post("/signature")
@requires(Permission.SIMULATE)
def answer() -> Answer:
    document, return_url = _document(), _return_url()
    act = request.form.get("act", "")
    person = chosen_person(request.form.get("person"))
    if document is None or return_url is None or person is None:
        return render_template("simulators/refused.html"), 400
    signature = ""
    if act in get_args(Kind):
        kind: Kind = act  # type: ignore[assignment]
        signed = open_authority(config().instance_path).sign_detached(person, document, at=clock.now(), kind=kind)
        signature = base64.b64encode(signed).decode()
    return render_template(
        "simulators/signed.html",
        signature=signature,
        challenge=request.form.get("challenge", ""),
        return_url=return_url,
        person=person,
    )


def _document() -> bytes | None:
    """The bytes to sign, exactly as they came."""
    try:
        document = base64.b64decode(request.form.get("document", ""), validate=True)
    except (binascii.Error, ValueError):
        return None
    return document if 0 < len(document) <= MAX_DOCUMENT else None


def _return_url() -> str | None:
    """Only back to the site that asked."""
    wanted = request.form.get("return_url", "")
    return own_path(wanted.removeprefix(config().base_url))
