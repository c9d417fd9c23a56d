"""The page that tells the simulated NCALayer what its user does next, and which version it plays."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from petitions.identity.simulators import ncalayer
from petitions.identity.simulators.ncalayer import Behaviour, Chosen
from petitions.identity.simulators.pages import config, ordinary_people, simulator_blueprint
from petitions.identity.simulators.people import SPECIAL
from petitions.permissions import Permission, requires

bp = simulator_blueprint("ncalayer", "/ncalayer")

WORDS: dict[Behaviour, object] = {
    "sign": _l("Sign, as the program of today"),
    "cancel": _l("Close the window without signing"),
    "other-person": _l("Sign with another person's key"),
    "expired": _l("Sign with an expired certificate"),
    "revoked": _l("Sign with a revoked certificate"),
    "organisation": _l("Sign with an organisation's certificate"),
    "error": _l("Fail to sign"),
    "silent": _l("Never answer"),
    "closed": _l("Break off the connection"),
    "unclear": _l("Answer what nobody understands"),
    "string": _l("Sign and answer one text, as earlier versions did"),
    "object": _l("Sign and answer with the certificate beside"),
    "armour": _l("Sign and answer in PEM armour"),
    "talkative": _l("Sign, with heartbeats and greetings in between"),
    "without-greeting": _l("Sign without a greeting"),
    "old": _l("Sign by the module of old versions"),
    "old-cancel": _l("Close the window of an old version"),
    "unknown-module": _l("Be too old to sign"),
}


@bp.record_once
def _start(state: Any) -> None:
    # Pages that ask for a signature lead here; where no simulator is served they have no such word.
    state.app.jinja_env.globals["ncalayer_simulator"] = "simulators_ncalayer.show"


@bp.get("/")
@requires(Permission.SIMULATE)
def show() -> str:
    return render_template(
        "simulators/ncalayer.html",
        chosen=ncalayer.chosen(config().instance_path),
        words=WORDS,
        people=[*SPECIAL, *ordinary_people()],
        port=ncalayer.port_of(config()),
        listening=_listens(),
    )


@bp.post("/")
@requires(Permission.SIMULATE)
def choose() -> Response | tuple[str, int]:
    behaviour, person = request.form.get("behaviour", "sign"), request.form.get("person", "")
    try:
        ncalayer.choose(config().instance_path, Chosen(behaviour, person))  # type: ignore[arg-type]  # checked there
    except ValueError:
        return render_template("simulators/refused.html"), 400
    return redirect(url_for("simulators_ncalayer.show", lang=request.form.get("lang")), 303)


def _listens() -> bool:
    port = ncalayer.port_of(config())
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return port is not None and probe.connect_ex(("127.0.0.1", port)) == 0
