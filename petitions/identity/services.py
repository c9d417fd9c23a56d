"""The outside services of this process, by configuration.

Whom we believe, whom we ask, what signs our tokens.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from itsdangerous import URLSafeTimedSerializer

from petitions.config import Config
from petitions.identity.eds import TrustStore, judge_named
from petitions.identity.person_registry import PersonRegistry, SoapRegistry, read_territories


@dataclass(frozen=True)
class _Services:
    trust: TrustStore
    registry: PersonRegistry
    secret_key: str = field(repr=False)


_services: _Services | None = None


def configure(config: Config, registry: PersonRegistry | None = None) -> None:
    """Name the services of this process; a second call replaces the first. Nothing is opened yet."""
    global _services
    _services = _Services(
        trust=TrustStore(
            config.eds_roots_path, config.eds_crl_path, judge_named(config.eds_engine, config.ncanode_url)
        ),
        registry=registry or _registry(config),
        secret_key=config.secret_key,
    )


def trust() -> TrustStore:
    """The roots and revocation lists that signatures are checked against."""
    return _configured().trust


def registry() -> PersonRegistry:
    return _configured().registry


def tokens(purpose: str) -> URLSafeTimedSerializer:
    """Signed, dated tokens for links; one purpose cannot be used for another."""
    return URLSafeTimedSerializer(_configured().secret_key, salt=f"petitions/{purpose}")


def keyed_digest(purpose: str, text: str) -> str:
    """A digest of a personal value (an address, an account) that is useless without our key."""
    key = _configured().secret_key.encode()
    return hmac.new(key, f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()


def _registry(config: Config) -> PersonRegistry:
    territories = read_territories(config.registry_territories_path)
    return SoapRegistry(config.registry_url, config.registry_sender, config.registry_password, territories)


def _configured() -> _Services:
    if _services is None:
        raise RuntimeError("identity.services.configure was not called")
    return _services
