"""Signing in through the state's single sign-on: OAuth 2, code flow. It proves an IIN and names only.

The service offers no discovery document and no identity token, so its three addresses are named here.
"""

from __future__ import annotations

from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from petitions.config import Config
from petitions.errors import DomainError, Unavailable
from petitions.identity.iin import is_well_formed
from petitions.identity.verified import VerifiedIdentity

EXTENSION = "identity.egov"
TIMEOUT_SECONDS = 5
SCOPE = "user:basic:read"


class SignInRefused(DomainError):
    """The person turned back, or the answer was not to a question of this browser."""

    def __init__(self) -> None:
        super().__init__(_l("Signing in was not completed. Please try again."))


class SignInServiceDown(Unavailable):
    def __init__(self) -> None:
        super().__init__(_l("The state sign-in service does not answer now. Please try again in a few minutes."))


def init_app(app: Flask, config: Config) -> None:
    """Register the service for an application. PKCE is sent always.

    A server that does not know it ignores it.
    """
    app.extensions[EXTENSION] = OAuth(app).register(
        "egov",
        client_id=config.idp_client_id,
        client_secret=config.idp_client_secret,
        authorize_url=f"{config.idp_url}/idp/oauth/authorize",
        access_token_url=f"{config.idp_url}/idp/oauth/token",
        userinfo_endpoint=f"{config.idp_url}/idp/resource/user/basic",
        client_kwargs={
            "scope": SCOPE,
            "token_endpoint_auth_method": "client_secret_basic",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )


def begin(redirect_uri: str, language: str) -> Response:
    """Send the browser to the service; the state and the PKCE secret wait in its session here."""
    answer: Response = _client().authorize_redirect(redirect_uri, lang=language)
    return answer


def finish() -> VerifiedIdentity:
    """Who came back. Raises SignInRefused or SignInServiceDown."""
    client = _client()
    try:
        token = client.authorize_access_token()
        answer = client.get(client.server_metadata["userinfo_endpoint"], token=token)
        answer.raise_for_status()
        return read_person(answer.json())
    except OAuthError:
        raise SignInRefused from None
    except (requests.RequestException, ValueError, KeyError, TypeError):
        # What was answered may hold personal data, so it is not chained.
        raise SignInServiceDown from None


def read_person(answer: Any) -> VerifiedIdentity:
    """IIN and names of ``{"person": {...}}``. Raises ValueError, KeyError or TypeError for anything else."""
    person = answer["person"]
    iin, surname, given_name = (str(person[name] or "").strip() for name in ("iin", "surname", "name"))
    if not is_well_formed(iin) or not given_name or max(len(surname), len(given_name)) > 120:
        raise ValueError("not a person")
    return VerifiedIdentity(
        iin=iin,
        surname=surname,
        given_name=given_name,
        patronymic=str(person.get("patronymic") or "").strip()[:120],
        proven_by="egov-idp",
    )


def _client() -> Any:
    return current_app.extensions[EXTENSION]
