"""The simulated state single sign-on: OAuth 2, code flow, shaped like the real one.

Codes and tokens are signed texts, so that every worker reads them; a code is spent by the file that only
its first user can create.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from flask import Response as FlaskResponse
from flask import redirect, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from petitions.identity.simulators.pages import (
    PERSON_COOKIE,
    chosen_person,
    config,
    folder,
    ordinary_people,
    simulator_blueprint,
)
from petitions.identity.simulators.people import SPECIAL, Person
from petitions.permissions import Permission, requires

bp = simulator_blueprint("single_sign_on", "/idp")

CODE_SECONDS = 60
TOKEN_SECONDS = 300
PARAMETERS = (
    "client_id",
    "redirect_uri",
    "state",
    "scope",
    "code_challenge",
    "code_challenge_method",
    "lang",
)
Json = tuple[dict[str, Any], int]


@bp.get("/oauth/authorize")
@requires(Permission.SIMULATE)
def authorize() -> str | tuple[str, int]:
    if not _is_our_client():
        return render_template("simulators/refused.html"), 400
    asked = {name: request.args[name] for name in PARAMETERS if name in request.args}
    return render_template("simulators/authorize.html", special=SPECIAL, ordinary=ordinary_people(), asked=asked)


@bp.post("/oauth/authorize")
@requires(Permission.SIMULATE)
def authorize_post() -> Response | tuple[str, int]:
    if not _is_our_client():
        return render_template("simulators/refused.html"), 400
    person = chosen_person(request.form.get("person"))
    if person is None:
        return redirect(_back(error="access_denied", error_description="the person turned back"))
    answer = redirect(_back(code=_new_code(person)))
    answer.set_cookie(PERSON_COOKIE, person.key, path="/simulators", httponly=True, samesite="Lax")
    return answer


@bp.post("/oauth/token")
@requires(Permission.SIMULATE)
def token() -> Json:
    if not _is_authenticated():
        return {"error": "invalid_client"}, 401
    if request.form.get("grant_type") != "authorization_code":
        return {"error": "unsupported_grant_type"}, 400
    person_key = _spend_code(request.form.get("code", ""))
    if person_key is None:
        return {"error": "invalid_grant", "error_description": "the code cannot be used"}, 400
    access = _signer("token").dumps(person_key)
    return {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}, 200


@bp.get("/resource/user/basic")
@requires(Permission.SIMULATE)
def user_basic() -> Json | FlaskResponse:
    scheme, _space, sent = request.headers.get("Authorization", "").partition(" ")
    try:
        person = chosen_person(_signer("token").loads(sent, max_age=TOKEN_SECONDS))
    except BadData:
        person = None
    if scheme != "Bearer" or person is None:
        return {"error": "invalid_token"}, 401
    names = {"iin": person.iin, "surname": person.surname, "name": person.given_name}
    return {"type": "person", "person": {**names, "patronymic": person.patronymic}, "organization": None}, 200


def _is_our_client() -> bool:
    """The client is known and wants the answer at its registered address, compared exactly."""
    return (
        request.values.get("response_type", "code") == "code"
        and request.values.get("client_id") == config().idp_client_id
        and request.values.get("redirect_uri") == _registered_address()
    )


def _registered_address() -> str:
    return f"{config().base_url}/auth/egov/callback"


def _is_authenticated() -> bool:
    given = request.authorization
    return (
        given is not None
        and given.type == "basic"
        and given.username == config().idp_client_id
        and hmac.compare_digest((given.password or "").encode(), config().idp_client_secret.encode())
    )


def _back(**answer: str) -> str:
    state = request.form.get("state")
    return f"{_registered_address()}?{urlencode(answer | ({'state': state} if state else {}))}"


def _new_code(person: Person) -> str:
    challenge = request.form.get("code_challenge", "")
    if challenge and request.form.get("code_challenge_method") != "S256":
        challenge = "not supported"
    return _signer("code").dumps([secrets.token_hex(16), person.key, _registered_address(), challenge])


def _spend_code(code: str) -> str | None:
    """The person's key of an unspent, unexpired code that was asked for and is used by the same program."""
    try:
        number, person_key, address, challenge = _signer("code").loads(code, max_age=CODE_SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    if address != request.form.get("redirect_uri") or not _answers(challenge, request.form.get("code_verifier", "")):
        return None
    spent = folder("spent-codes")
    for old in spent.iterdir():
        if old.stat().st_mtime < time.time() - 2 * CODE_SECONDS:
            old.unlink(missing_ok=True)
    try:
        os.close(os.open(spent / number, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return None
    return str(person_key)


def _answers(challenge: str, verifier: str) -> bool:
    """RFC 7636, S256. A client that sent no challenge owes no answer."""
    if not challenge:
        return True
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(hashed, challenge.encode())


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config().secret_key, salt=f"simulators/idp/{purpose}")
