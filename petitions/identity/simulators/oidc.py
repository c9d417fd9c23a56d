"""A simulated standard OpenID Connect issuer: discovery, code flow, signed identity tokens, claims on request.

Serves ``PETITIONS_IDP_KIND=oidc``; its issuer is ``<site>/simulators/oidc``.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import Any

from flask import url_for
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.wrappers import Response

from petitions import clock
from petitions.identity.simulators.authorization import (
    TOKEN_SECONDS,
    Json,
    Spent,
    access_token,
    answer_question,
    person_of_token,
    question_page,
    spend_code,
)
from petitions.identity.simulators.pages import config, folder, simulator_blueprint
from petitions.identity.simulators.people import Person
from petitions.permissions import Permission, requires

bp = simulator_blueprint("oidc", "/oidc")

KIND = "oidc"
ALGORITHM = "RS256"


@bp.get("/.well-known/openid-configuration")
@requires(Permission.SIMULATE)
def discovery() -> Json:
    return {
        "issuer": issuer(),
        "authorization_endpoint": _address("authorize"),
        "token_endpoint": _address("token"),
        "userinfo_endpoint": _address("userinfo"),
        "jwks_uri": _address("keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "authorization_response_iss_parameter_supported": True,
    }, 200


@bp.get("/authorize")
@requires(Permission.SIMULATE)
def authorize() -> str | tuple[str, int]:
    return question_page()


@bp.post("/authorize")
@requires(Permission.SIMULATE)
def authorize_post() -> Response | tuple[str, int]:
    return answer_question(KIND, iss=issuer())


@bp.post("/token")
@requires(Permission.SIMULATE)
def token() -> Json:
    spent = spend_code(KIND)
    if not isinstance(spent, Spent):
        return spent
    proof = identity_token(spent.person, spent.nonce, signing_key())
    return access_token(KIND, spent.person) | {"id_token": proof}, 200


@bp.get("/userinfo")
@requires(Permission.SIMULATE)
def userinfo() -> Json:
    person = person_of_token(KIND)
    return ({"error": "invalid_token"}, 401) if person is None else (claims(person), 200)


@bp.get("/keys")
@requires(Permission.SIMULATE)
def keys() -> Json:
    return {"keys": [signing_key().as_dict(private=False)]}, 200


def issuer() -> str:
    return f"{config().base_url}/simulators/oidc"


def claims(person: Person) -> dict[str, Any]:
    """What is told about a person who signed in."""
    return {
        "sub": person.key,
        config().idp_iin_claim: person.iin,
        "family_name": person.surname,
        "given_name": person.given_name,
        "middle_name": person.patronymic,
    }


def identity_token(person: Person, nonce: str, key: RSAKey, **change: Any) -> str:
    """A signed token about a person. It holds no names: those are asked for; ``change`` makes it a wrong one."""
    now = int(clock.real_now().timestamp())
    told = {"iss": issuer(), "aud": config().idp_client_id, "iat": now, "exp": now + TOKEN_SECONDS, "nonce": nonce}
    told |= {"sub": person.key, config().idp_iin_claim: person.iin} | change
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, told, key)


def signing_key() -> RSAKey:
    """The issuer's key, common to all workers; whoever comes first makes it."""
    file = folder("oidc") / "key.pem"
    if not file.exists():
        fresh = file.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(RSAKey.generate_key(2048).as_pem(private=True))
        with suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    key = RSAKey.import_key(file.read_bytes())
    key.ensure_kid()
    return key


def _address(name: str) -> str:
    return config().base_url + url_for(f"simulators_oidc.{name}")
