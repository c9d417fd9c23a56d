"""What both simulated sign-on services do alike: the OAuth 2 code flow of one registered client.

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
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from petitions.identity.simulators.pages import PERSON_COOKIE, chosen_person, config, folder, ordinary_people
from petitions.identity.simulators.people import SPECIAL, Person

CODE_SECONDS = 60
TOKEN_SECONDS = 300
PARAMETERS = (
    "client_id",
    "redirect_uri",
    "state",
    "scope",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "lang",
)
Json = tuple[dict[str, Any], int]


@dataclass(frozen=True)
class Spent:
    """What a code was given for: the person who chose to sign in, and the client's nonce."""

    person: Person
    nonce: str


def question_page() -> str | tuple[str, int]:
    """Who is there? Asked of a browser that our client has sent."""
    if not _is_our_client():
        return render_template("simulators/refused.html"), 400
    asked = {name: request.args[name] for name in PARAMETERS if name in request.args}
    return render_template("simulators/authorize.html", special=SPECIAL, ordinary=ordinary_people(), asked=asked)


def answer_question(kind: str, **more: str) -> Response | tuple[str, int]:
    """Send the browser back with a code for the person it chose; ``more`` goes along in the address."""
    if not _is_our_client():
        return render_template("simulators/refused.html"), 400
    person = chosen_person(request.form.get("person"))
    if person is None:
        return redirect(_back(error="access_denied", error_description="the person turned back", **more))
    answer = redirect(_back(code=_new_code(kind, person), **more))
    answer.set_cookie(PERSON_COOKIE, person.key, path="/simulators", httponly=True, samesite="Lax")
    return answer


def spend_code(kind: str) -> Spent | Json:
    """The person of the code in this request, or the refusal that OAuth 2 has for it."""
    if not _is_authenticated():
        return {"error": "invalid_client"}, 401
    if request.form.get("grant_type") != "authorization_code":
        return {"error": "unsupported_grant_type"}, 400
    spent = _spend(kind, request.form.get("code", ""))
    return spent or ({"error": "invalid_grant", "error_description": "the code cannot be used"}, 400)


def access_token(kind: str, person: Person) -> dict[str, Any]:
    """A token that `person_of_token` takes for a few minutes, in the shape of RFC 6749."""
    access = _signer(f"{kind}-token").dumps(person.key)
    return {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}


def person_of_token(kind: str) -> Person | None:
    """Whom the bearer of this request's token may ask about."""
    scheme, _space, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        return None
    try:
        return chosen_person(_signer(f"{kind}-token").loads(sent, max_age=TOKEN_SECONDS))
    except BadData:
        return None


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


def _new_code(kind: str, person: Person) -> str:
    challenge = request.form.get("code_challenge", "")
    if challenge and request.form.get("code_challenge_method") != "S256":
        challenge = "not supported"
    nonce = request.form.get("nonce", "")
    facts = [secrets.token_hex(16), person.key, _registered_address(), challenge, nonce]
    return _signer(f"{kind}-code").dumps(facts)


def _spend(kind: str, code: str) -> Spent | None:
    """An unspent, unexpired code that was asked for and is used by the same program."""
    try:
        number, key, address, challenge, nonce = _signer(f"{kind}-code").loads(code, max_age=CODE_SECONDS)
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
    person = chosen_person(str(key))
    return None if person is None else Spent(person, str(nonce))


def _answers(challenge: str, verifier: str) -> bool:
    """RFC 7636, S256. A client that sent no challenge owes no answer."""
    if not challenge:
        return True
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(hashed, challenge.encode())


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config().secret_key, salt=f"simulators/{purpose}")
