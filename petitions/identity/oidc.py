"""Signing in through a standard OpenID Connect issuer, should the state's single sign-on become one.

Discovery 1.0, code flow with PKCE, nonce; the identity token's signature, issuer, audience and time are checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from petitions.config import Config
from petitions.identity.verified import SignInRefused, SignInServiceDown, VerifiedIdentity, identity_told

TIMEOUT_SECONDS = 5
SCOPE = "openid profile"
# Signatures of the issuer's own key. A token "signed" with nothing, or with the secret we share, proves nothing.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})

NEEDED = frozenset({"authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"})


@dataclass(frozen=True)
class OidcSignOn:
    """An issuer at ``issuer``, whose claim ``iin_claim`` holds the IIN; names are the standard's own claims."""

    client: Any
    issuer: str
    iin_claim: str

    @classmethod
    def of(cls, app: Flask, config: Config) -> OidcSignOn:
        """The issuer that the settings name; it is asked for its addresses when somebody first signs in."""
        issuer = config.idp_url.rstrip("/")
        client = OAuth(app).register(
            "oidc",
            client_id=config.idp_client_id,
            client_secret=config.idp_client_secret,
            server_metadata_url=f"{issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": SCOPE,
                "token_endpoint_auth_method": "client_secret_basic",
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT_SECONDS,
            },
        )
        return cls(client, issuer, config.idp_iin_claim)

    def begin(self, redirect_uri: str, language: str) -> Response:
        with _answers_only():
            self._discover()
            answer: Response = self.client.authorize_redirect(redirect_uri, ui_locales=language)
        return answer

    def finish(self) -> VerifiedIdentity:
        with _answers_only():
            named = self._discover()
            if request.args.get("iss", named) != named:
                raise SignInRefused  # another issuer's answer, mixed in (RFC 9207)
            token = self.client.authorize_access_token(
                claims_options={
                    "iss": {"essential": True, "value": named},
                    "aud": {"essential": True, "value": self.client.client_id},
                }
            )
            return self._read(token)

    def _discover(self) -> str:
        """The issuer's name, from its document. Raises ValueError or KeyError when that is not the issuer's.

        A document that is not is forgotten, so that a gateway's page of one bad minute is not kept for good.
        """
        found = self.client.load_server_metadata()
        offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
        algorithms = [name for name in offered if name in ALGORITHMS]
        if str(found.get("issuer")).rstrip("/") != self.issuer or not algorithms or not found.keys() >= NEEDED:
            found.clear()
            raise ValueError("not the issuer's document")
        found["id_token_signing_alg_values_supported"] = algorithms
        return str(found["issuer"])

    def _read(self, token: Mapping[str, Any]) -> VerifiedIdentity:
        """The person of a checked token, asked for more where the token says too little."""
        claims = token.get("userinfo")
        if claims is None:
            raise SignInRefused  # an answer without an identity token proves nothing
        told = dict(claims)
        if not told.get(self.iin_claim) or not told.get("given_name"):
            more = self.client.userinfo(token=token)
            if more["sub"] != claims["sub"]:
                raise ValueError("told about somebody else")
            told = dict(more) | told
        return identity_told(
            "oidc",
            iin=told.get(self.iin_claim),
            surname=told.get("family_name"),
            given_name=told.get("given_name"),
            patronymic=told.get("middle_name"),
        )


@contextmanager
def _answers_only() -> Iterator[None]:
    """Everything that can go wrong, as one of two: the proof is refused, or the service does not answer as it should.

    What was answered may hold personal data, so nothing is chained.
    """
    try:
        yield
    except (OAuthError, JoseError):
        raise SignInRefused from None
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        raise SignInServiceDown from None
