"""The simulated phone: what the app eGov Mobile would do with our code, by the same calls over the same wire.

It asks API No 1 for the address of the document, fetches it from API No 2, shows it, and sends back a true signature
or a refusal; or the network is lost just after sending. Only this site's own requests are opened.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

import requests
from flask import current_app, g, render_template, request, url_for
from werkzeug.test import Client

from petitions import clock
from petitions.identity.simulators.authority import Kind, open_authority
from petitions.identity.simulators.pages import (
    PERSON_COOKIE,
    chosen_person,
    config,
    ordinary_people,
    simulator_blueprint,
)
from petitions.identity.simulators.people import SPECIAL, Person
from petitions.permissions import Permission, requires

bp = simulator_blueprint("phone", "/phone")

DOOR = "/egov-mobile/"
PATIENCE = 20  # seconds
NO_NETWORK = 0
SIGNING_IN = "Signing in"  # the name of a document that asks for the key for signing in
REFUSE, LOSE, AGAIN = "refuse", "lose-network", "send-again"
Answer = str | tuple[str, int]


@dataclass(frozen=True)
class Heard:
    """An answer over the wire; status 0: none came."""

    status: int
    told: dict[str, Any]

    @property
    def message(self) -> str:
        return str(self.told.get("message", ""))


@bp.get("")
@requires(Permission.SIMULATE)
def opened() -> Answer:
    """The link was followed, or the code was scanned."""
    link = _ours(request.args.get("link", ""))
    if link is None:
        return render_template("simulators/refused.html"), 400
    first = _call("GET", link)
    if first.status != 200:
        return _ended(link, first)
    where = first.told["document"]
    fetched = _call("GET", _ours(where["uri"]) or "", where["auth_token"])
    if fetched.status != 200:
        return _ended(link, fetched)
    (paper,) = fetched.told["documentsToSign"]
    return render_template(
        "simulators/phone.html",
        asked=first.told,
        until=datetime.fromisoformat(first.told["expiry_date"]),
        text=base64.b64decode(paper["document"]["file"]["data"]).decode("utf-8", "replace"),
        link=link,
        proposed=chosen_person(request.args.get("person")) or _holder(),
        people=[*SPECIAL, *ordinary_people()],
    )


@bp.post("")
@requires(Permission.SIMULATE)
def pressed() -> Answer:
    """A button of the app."""
    link, uri = _ours(request.form.get("link", "")), _ours(request.form.get("uri", ""))
    if link is None or uri is None:
        return render_template("simulators/refused.html"), 400
    act, token = request.form.get("act", ""), request.form.get("token", "")
    fetched = _call("GET", uri, token)
    if act == AGAIN:
        signature = request.form.get("signature", "")
    elif fetched.status != 200:
        return _ended(link, fetched)
    elif act == REFUSE:
        return _ended(link, _call("PUT", uri, token, fetched.told | {"status": "CANCELED"}), refused=True)
    else:
        signature = _signed(fetched.told, act)
    heard = _call("PUT", uri, token, _filled(signature))
    if act == LOSE:
        return render_template("simulators/phone_lost.html", link=link, uri=uri, token=token, signature=signature)
    return _ended(link, heard)


def _ended(link: str, heard: Heard, *, refused: bool = False) -> Answer:
    """What the app says at the end; the way back to the site is the browser's."""
    back = url_for("phone_signing.status", request_id=link.rpartition("/")[2], lang=g.lang)
    return render_template("simulators/phone_ended.html", heard=heard, refused=refused, back=back)


def _signed(document: dict[str, Any], act: str) -> str:
    """The base64 of a true CMS over the bytes that were fetched."""
    (paper,) = document["documentsToSign"]
    data = base64.b64decode(paper["document"]["file"]["data"])
    fitting: Kind = "authentication" if paper["nameEn"] == SIGNING_IN else "personal"
    kind: Kind = act if act in get_args(Kind) else fitting  # type: ignore[assignment]
    person = chosen_person(request.form.get("person")) or _holder()
    authority = open_authority(config().instance_path)
    return base64.b64encode(authority.sign_detached(person, data, at=clock.now(), kind=kind)).decode()


def _filled(signature: str) -> dict[str, Any]:
    paper = {"id": 1, "document": {"file": {"mime": "text/plain", "data": signature}}}
    return {"signMethod": "CMS_SIGN_ONLY", "version": 1, "documentsToSign": [paper]}


def _holder() -> Person:
    """Whose phone it is: who signed in at the simulated sign-on, or the first of the people."""
    return chosen_person(request.cookies.get(PERSON_COOKIE)) or SPECIAL[0]


def _ours(address: str) -> str | None:
    """Only what this site's own door answers is asked."""
    return address if address.startswith(config().base_url + DOOR) and ".." not in address else None


def _call(method: str, address: str, token: str = "", sent: dict[str, Any] | None = None) -> Heard:
    headers = {"Accept-Language": g.lang} | ({"Authorization": f"Bearer {token}"} if token else {})
    if config().environment == "test":  # no server listens for itself in a test of pages
        path = address.removeprefix(config().base_url)
        answer = Client(current_app.wsgi_app).open(path, method=method, headers=headers, json=sent)
        return Heard(answer.status_code, answer.get_json(silent=True) or {})
    try:
        heard = requests.request(method, address, headers=headers, json=sent, timeout=PATIENCE)
        return Heard(heard.status_code, heard.json())
    except (requests.RequestException, ValueError):
        return Heard(NO_NETWORK, {})
