"""Signing in through the state's single sign-on: OAuth 2, code flow. It proves an IIN and names only.

The service offers no discovery document and no identity token, so its three addresses are named here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask
from werkzeug.wrappers import Response

from petitions.config import Config
from petitions.identity.verified import SignInRefused, SignInServiceDown, VerifiedIdentity, identity_told

TIMEOUT_SECONDS = 5
SCOPE = "user:basic:read"


@dataclass(frozen=True)
class EgovSignOn:
    """The state's own service. PKCE is sent always: a server that does not know it ignores it."""

    client: Any

    @classmethod
    def of(cls, app: Flask, config: Config) -> EgovSignOn:
        """The service that the settings name."""
        client = OAuth(app).register(
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
        return cls(client)

    def begin(self, redirect_uri: str, language: str) -> Response:
        answer: Response = self.client.authorize_redirect(redirect_uri, lang=language)
        return answer

    def finish(self) -> VerifiedIdentity:
        try:
            token = self.client.authorize_access_token()
            answer = self.client.get(self.client.server_metadata["userinfo_endpoint"], token=token)
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
    return identity_told(
        "egov-idp",
        iin=person["iin"],
        surname=person["surname"],
        given_name=person["name"],
        patronymic=person.get("patronymic"),
    )
