"""What a process is told from outside: one frozen object, checked as a whole before anything starts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SITE_NAME = "Халық үні"
SITE_NAME_LATIN = "Halyq úni"
ENVIRONMENTS = ("development", "production", "test")
KEY_BYTES = 32
IDP_KINDS = ("egov", "oidc")
EDS_ENGINES = ("embedded", "ncanode")
NCALAYER = "wss://127.0.0.1:13579/"
"""Where the national signing program listens on every citizen's own computer."""


class ConfigError(Exception):
    """The settings cannot be used; the message lists every problem at once."""


@dataclass(frozen=True)
class Config:
    """Every setting of a process. Secrets are kept out of its printed form."""

    environment: str
    instance_path: Path
    database_url: str
    base_url: str
    secret_key: str = field(repr=False)
    iin_key: bytes = field(repr=False)
    vault_keys: Mapping[int, bytes] = field(repr=False)
    log_key: bytes = field(repr=False)
    log_origin: str = "demo.invalid/log"
    witnesses: str = ""
    page_cache_seconds: float = 1.0
    offline: bool = True
    site_name: str = SITE_NAME
    site_name_latin: str = SITE_NAME_LATIN
    simulators: bool = False
    demo: bool = False
    shifted_now: str | None = None
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "no-reply@petitions.invalid"
    contact_email: str = ""
    idp_kind: str = "egov"
    idp_url: str = ""
    idp_iin_claim: str = "iin"
    idp_client_id: str = "petitions"
    idp_client_secret: str = field(default="", repr=False)
    registry_url: str = ""
    registry_sender: str = "petitions"
    registry_password: str = field(default="", repr=False)
    registry_territories_path: Path | None = None
    organisation_bin: str = ""
    ncalayer_url: str = ""
    ocsp_url: str = ""
    crl_urls: tuple[str, ...] = ()
    eds_engine: str = "embedded"
    ncanode_url: str = ""
    eds_roots_path: Path | None = None
    eds_crl_path: Path | None = None
    trusted_proxies: int = 0
    debug: bool = False

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    def site_name_in(self, language: str) -> str:
        """The site's name as pages in that language write it: an English one in Latin letters."""
        return self.site_name_latin if language == "en" else self.site_name


def load(env: Mapping[str, str]) -> Config:
    """Read the settings from ``PETITIONS_*`` variables and the instance folder's own secrets.

    Raises ConfigError with every problem found. In production nothing has a default that matters:
    secrets, address, mail and identity services must be named, demo and simulators are refused.
    """
    problems: list[str] = []
    environment = env.get("PETITIONS_ENV", "development")
    if environment not in ENVIRONMENTS:
        problems.append(f"PETITIONS_ENV must be one of {', '.join(ENVIRONMENTS)}, not {environment!r}")
    production = environment == "production"
    instance = Path(env.get("PETITIONS_INSTANCE", "instance")).resolve()
    secrets = _secrets(env, instance, production, problems)
    site_name = env.get("PETITIONS_SITE_NAME", SITE_NAME)
    base_url = env.get("PETITIONS_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    simulators = _flag(env, "PETITIONS_SIMULATORS", default=not production, problems=problems)
    config = Config(
        environment=environment,
        instance_path=instance,
        database_url=env.get("PETITIONS_DATABASE_URL", f"sqlite:///{instance / 'petitions.sqlite'}"),
        base_url=base_url,
        secret_key=secrets["secret_key"],
        iin_key=_key(secrets["iin_key"], "PETITIONS_IIN_KEY", problems),
        vault_keys=_vault_keys(secrets["vault_keys"], problems),
        log_key=_key(secrets["log_key"], "PETITIONS_LOG_KEY", problems),
        log_origin=_log_origin(env, base_url, production, problems),
        witnesses=env.get("PETITIONS_WITNESSES", ""),
        page_cache_seconds=_seconds(env, "PETITIONS_PAGE_CACHE_SECONDS", 1.0, problems),
        offline=_flag(env, "PETITIONS_OFFLINE", default=True, problems=problems),
        site_name=site_name,
        # a name of one's own is not shown beside ours
        site_name_latin=env.get("PETITIONS_SITE_NAME_LATIN", SITE_NAME_LATIN if site_name == SITE_NAME else site_name),
        simulators=simulators,
        demo=_flag(env, "PETITIONS_DEMO", default=not production, problems=problems),
        shifted_now=env.get("PETITIONS_NOW") or None,
        smtp_url=env.get("PETITIONS_SMTP_URL") or None,
        mail_from=env.get("PETITIONS_MAIL_FROM", "no-reply@petitions.invalid"),
        contact_email=env.get("PETITIONS_CONTACT_EMAIL", "").strip(),
        idp_kind=_choice(env, "PETITIONS_IDP_KIND", IDP_KINDS, problems),
        idp_iin_claim=env.get("PETITIONS_IDP_IIN_CLAIM", "iin"),
        idp_url=env.get("PETITIONS_IDP_URL", _idp(env, base_url) if simulators else ""),
        idp_client_id=env.get("PETITIONS_IDP_CLIENT_ID", "petitions"),
        idp_client_secret=env.get("PETITIONS_IDP_CLIENT_SECRET", secrets["secret_key"] if simulators else ""),
        registry_url=env.get("PETITIONS_REGISTRY_URL", f"{base_url}/simulators/registry" if simulators else ""),
        registry_sender=env.get("PETITIONS_REGISTRY_SENDER", "petitions"),
        registry_password=env.get("PETITIONS_REGISTRY_PASSWORD", secrets["secret_key"] if simulators else ""),
        registry_territories_path=_path(env, "PETITIONS_REGISTRY_TERRITORIES"),
        organisation_bin=env.get("PETITIONS_ORGANISATION_BIN", "000000000000" if simulators else ""),
        ncalayer_url=env.get("PETITIONS_NCALAYER_URL", simulated_ncalayer(base_url) if simulators else NCALAYER),
        ocsp_url=env.get("PETITIONS_OCSP_URL", f"{base_url}/simulators/ocsp" if simulators else ""),
        crl_urls=_crl_urls(env, base_url if simulators else None),
        eds_engine=_choice(env, "PETITIONS_EDS_ENGINE", EDS_ENGINES, problems),
        ncanode_url=env.get("PETITIONS_NCANODE_URL", "").rstrip("/"),
        eds_roots_path=_path(env, "PETITIONS_EDS_ROOTS")
        or (instance / "simulator-pki" / "roots.pem" if simulators else None),
        eds_crl_path=_path(env, "PETITIONS_EDS_CRL")
        or (instance / "simulator-pki" / "crl.pem" if simulators else None),
        trusted_proxies=_count(env, "PETITIONS_TRUSTED_PROXIES", problems),
        debug=_flag(env, "FLASK_DEBUG", default=False, problems=problems),
    )
    if config.shifted_now and not _is_moment(config.shifted_now):
        problems.append(f"PETITIONS_NOW must be an ISO date-time such as 2026-03-02T09:00, not {config.shifted_now!r}")
    if config.eds_engine == "ncanode" and not config.ncanode_url:
        problems.append("PETITIONS_NCANODE_URL must be set when PETITIONS_EDS_ENGINE is ncanode")
    if production:
        problems += _production_problems(config, env)
    if problems:
        raise ConfigError("These settings cannot be used:\n" + "\n".join(f"  - {line}" for line in problems))
    return config


def _production_problems(config: Config, env: Mapping[str, str]) -> list[str]:
    """What a demonstration may do and the state's own service may not."""
    problems = []
    if config.simulators:
        problems.append("PETITIONS_SIMULATORS: simulated identity services never start in production")
    if config.demo:
        problems.append("PETITIONS_DEMO: demonstration people and data never start in production")
    if config.shifted_now:
        problems.append("PETITIONS_NOW: the law's clock is never shifted in production")
    if config.debug:
        problems.append("FLASK_DEBUG: debug is refused in production")
    if config.database_url.startswith("sqlite") and env.get("PETITIONS_ALLOW_SQLITE") != "1":
        problems.append("PETITIONS_DATABASE_URL is SQLite; set PETITIONS_ALLOW_SQLITE=1 if one machine is meant")
    if not config.base_url.startswith("https://"):
        problems.append("PETITIONS_BASE_URL must begin with https://")
    for name, address in (("PETITIONS_IDP_URL", config.idp_url), ("PETITIONS_REGISTRY_URL", config.registry_url)):
        if address.startswith("http://"):
            problems.append(f"{name} must begin with https://, an IIN travels there")
    required = {
        "PETITIONS_BASE_URL": env.get("PETITIONS_BASE_URL"),
        "PETITIONS_SMTP_URL": config.smtp_url,
        "PETITIONS_CONTACT_EMAIL": config.contact_email,
        "PETITIONS_IDP_URL": config.idp_url,
        "PETITIONS_IDP_CLIENT_SECRET": config.idp_client_secret,
        "PETITIONS_REGISTRY_URL": config.registry_url,
        "PETITIONS_EDS_ROOTS": config.eds_roots_path,
        "PETITIONS_EDS_CRL": config.eds_crl_path,
        "PETITIONS_OCSP_URL": config.ocsp_url,
        "PETITIONS_ORGANISATION_BIN": config.organisation_bin,
        "PETITIONS_REGISTRY_PASSWORD": config.registry_password,
    }
    return problems + [f"{name} must be set in production" for name, value in required.items() if not value]


def _secrets(env: Mapping[str, str], instance: Path, production: bool, problems: list[str]) -> dict[str, str]:
    """Secrets come from the environment or from files of the instance folder, never from the code."""
    found = {}
    for name in ("secret_key", "iin_key", "vault_keys", "log_key"):
        variable = f"PETITIONS_{name.upper()}"
        file = instance / name
        value = env.get(variable) or (file.read_text().strip() if file.is_file() else "")
        if not value:
            problems.append(f"{variable} is not set and {file} does not exist (run `make run` or `flask init`)")
        elif production and (len(value) < 40 or len(set(value)) < 12):
            problems.append(f"{variable} is a default or too weak for production")
        found[name] = value
    return found


def _key(text: str, variable: str, problems: list[str]) -> bytes:
    if not text:
        return b""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        problems.append(f"{variable} must be {KEY_BYTES} bytes in base64")
    return key


def _vault_keys(text: str, problems: list[str]) -> dict[int, bytes]:
    """``1:<base64> 2:<base64>``; the highest version seals, all versions open."""
    keys: dict[int, bytes] = {}
    for part in text.split():
        version, _, encoded = part.partition(":")
        if not version.isdigit() or not 0 < int(version) < 256:
            problems.append("PETITIONS_VAULT_KEYS must read 'VERSION:BASE64', VERSION from 1 to 255")
            continue
        keys[int(version)] = _key(encoded, "PETITIONS_VAULT_KEYS", problems)
    return keys


def _log_origin(env: Mapping[str, str], base_url: str, production: bool, problems: list[str]) -> str:
    """What names our logs for ever, in every receipt: it must not change with the address of a demonstration."""
    host = urlsplit(base_url).netloc if production else "demo.invalid"
    origin = env.get("PETITIONS_LOG_ORIGIN", f"{host}/log").rstrip("/")
    if not origin or not origin.isascii() or "+" in origin or any(mark.isspace() for mark in origin):
        problems.append("PETITIONS_LOG_ORIGIN must be a host with a path, such as petitions.example/log")
    return origin


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _choice(env: Mapping[str, str], name: str, choices: tuple[str, ...], problems: list[str]) -> str:
    value = env.get(name, choices[0])
    if value not in choices:
        problems.append(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def _idp(env: Mapping[str, str], base_url: str) -> str:
    """Where the simulated sign-on of the kind that is set is found."""
    return f"{base_url}/simulators{'/oidc' if env.get('PETITIONS_IDP_KIND') == 'oidc' else ''}"


def simulated_ncalayer(base_url: str) -> str:
    """The simulated signing program's own port, as far from the site's as the true one's is from 8000."""
    site = urlsplit(base_url).port or 8000
    return f"ws://127.0.0.1:{site + 5579 if site + 5579 < 65536 else site - 5579}/"


def _crl_urls(env: Mapping[str, str], simulated_at: str | None) -> tuple[str, ...]:
    given = env.get("PETITIONS_CRL_URLS")
    if given is None and simulated_at:
        return tuple(f"{simulated_at}/simulators/crl/{kind}.crl" for kind in ("rsa", "gost"))
    return tuple((given or "").split())


def _flag(env: Mapping[str, str], name: str, *, default: bool, problems: list[str]) -> bool:
    value = env.get(name, "").lower()
    if value in ("1", "true", "yes"):
        return True
    if value in ("0", "false", "no"):
        return False
    if value:
        problems.append(f"{name} must be 1 or 0, not {value!r}")
    return default


def _count(env: Mapping[str, str], name: str, problems: list[str]) -> int:
    value = env.get(name, "0")
    if not value.isdigit():
        problems.append(f"{name} must be a whole number, not {value!r}")
        return 0
    return int(value)


def _seconds(env: Mapping[str, str], name: str, default: float, problems: list[str]) -> float:
    try:
        value = float(env.get(name, default))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 60:
        problems.append(f"{name} must be seconds from 0 to 60, not {env[name]!r}")
        return default
    return value


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]) if env.get(name) else None
