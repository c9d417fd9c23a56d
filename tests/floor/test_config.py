"""Production refuses what a demonstration may do, and says everything that is wrong at once."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from petitions.config import ROOT, ConfigError, load
from petitions.instance import prepare


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def sound(folder: Path) -> dict[str, str]:
    """What a real installation says."""
    return {
        "PETITIONS_ENV": "production",
        "PETITIONS_INSTANCE": str(folder),
        "PETITIONS_DATABASE_URL": "postgresql://petitions@db/petitions",
        "PETITIONS_BASE_URL": "https://petitions.example.kz",
        "PETITIONS_SECRET_KEY": secrets.token_urlsafe(48),
        "PETITIONS_IIN_KEY": key(),
        "PETITIONS_VAULT_KEYS": f"1:{key()}",
        "PETITIONS_LOG_KEY": key(),
        "PETITIONS_SMTP_URL": "smtp://mail.example.kz:25",
        "PETITIONS_CONTACT_EMAIL": "help@petitions.example",
        "PETITIONS_IDP_URL": "https://idp.example.kz",
        "PETITIONS_IDP_CLIENT_SECRET": secrets.token_urlsafe(24),
        "PETITIONS_REGISTRY_URL": "https://registry.example.kz",
        "PETITIONS_EDS_ROOTS": "/etc/petitions/roots.pem",
        "PETITIONS_EDS_CRL": "/etc/petitions/crl.pem",
        "PETITIONS_OCSP_URL": "http://ocsp.example.kz/",
        "PETITIONS_ORGANISATION_BIN": "990140000000",
        "PETITIONS_REGISTRY_PASSWORD": secrets.token_urlsafe(24),
    }


def test_a_sound_production_starts(tmp_path: Path) -> None:
    config = load(sound(tmp_path))
    assert config.is_production and not config.simulators and not config.demo


def test_an_english_page_has_the_name_of_the_site_in_latin_letters(tmp_path: Path) -> None:
    ours, own = load(sound(tmp_path)), load(sound(tmp_path) | {"PETITIONS_SITE_NAME": "Ашық үн"})
    both = load(sound(tmp_path) | {"PETITIONS_SITE_NAME": "Ашық үн", "PETITIONS_SITE_NAME_LATIN": "Ashyq ún"})
    assert [ours.site_name_in(language) for language in ("kk", "ru", "en")] == ["Халық үні", "Халық үні", "Halyq úni"]
    assert own.site_name_in("en") == "Ашық үн", "a name of one's own is not shown beside ours"
    assert (both.site_name_in("kk"), both.site_name_in("en")) == ("Ашық үн", "Ashyq ún")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"PETITIONS_SIMULATORS": "1"}, "PETITIONS_SIMULATORS"),
        ({"PETITIONS_DEMO": "1"}, "PETITIONS_DEMO"),
        ({"PETITIONS_NOW": "2026-03-02T09:00"}, "PETITIONS_NOW"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"PETITIONS_DATABASE_URL": "sqlite:////tmp/x.sqlite"}, "PETITIONS_ALLOW_SQLITE"),
        ({"PETITIONS_SECRET_KEY": "change-me"}, "PETITIONS_SECRET_KEY"),
        ({"PETITIONS_SECRET_KEY": "a" * 60}, "PETITIONS_SECRET_KEY"),
        ({"PETITIONS_SECRET_KEY": ""}, "PETITIONS_SECRET_KEY"),
        ({"PETITIONS_IIN_KEY": "c2hvcnQ="}, "PETITIONS_IIN_KEY"),
        ({"PETITIONS_VAULT_KEYS": "nothing"}, "PETITIONS_VAULT_KEYS"),
        ({"PETITIONS_LOG_KEY": "short"}, "PETITIONS_LOG_KEY"),
        ({"PETITIONS_LOG_ORIGIN": "two words"}, "PETITIONS_LOG_ORIGIN"),
        ({"PETITIONS_PAGE_CACHE_SECONDS": "-1"}, "PETITIONS_PAGE_CACHE_SECONDS"),
        ({"PETITIONS_BASE_URL": "http://petitions.example.kz"}, "https://"),
        ({"PETITIONS_SMTP_URL": ""}, "PETITIONS_SMTP_URL"),
        ({"PETITIONS_CONTACT_EMAIL": " "}, "PETITIONS_CONTACT_EMAIL"),
        ({"PETITIONS_IDP_URL": ""}, "PETITIONS_IDP_URL"),
        ({"PETITIONS_EDS_ROOTS": ""}, "PETITIONS_EDS_ROOTS"),
        ({"PETITIONS_EDS_CRL": ""}, "PETITIONS_EDS_CRL"),
        ({"PETITIONS_OCSP_URL": ""}, "PETITIONS_OCSP_URL"),
        ({"PETITIONS_ORGANISATION_BIN": ""}, "PETITIONS_ORGANISATION_BIN"),
        ({"PETITIONS_REGISTRY_PASSWORD": ""}, "PETITIONS_REGISTRY_PASSWORD"),
        ({"PETITIONS_IDP_KIND": "saml"}, "PETITIONS_IDP_KIND must be one of egov, oidc"),
        ({"PETITIONS_EDS_ENGINE": "ncanode"}, "PETITIONS_NCANODE_URL"),
        ({"PETITIONS_REGISTRY_URL": "http://registry.example.kz"}, "an IIN travels there"),
        ({"PETITIONS_TRUSTED_PROXIES": "many"}, "PETITIONS_TRUSTED_PROXIES"),
        ({"PETITIONS_DEMO": "perhaps"}, "PETITIONS_DEMO"),
        ({"PETITIONS_ENV": "staging"}, "PETITIONS_ENV"),
        ({"PETITIONS_NOW": "tomorrow"}, "ISO date-time"),
    ],
)
def test_production_refuses(tmp_path: Path, changes: dict[str, str], complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        load(sound(tmp_path) | changes)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        load(sound(tmp_path) | {"PETITIONS_DEMO": "1", "FLASK_DEBUG": "1", "PETITIONS_SMTP_URL": ""})
    assert all(name in str(told.value) for name in ("PETITIONS_DEMO", "FLASK_DEBUG", "PETITIONS_SMTP_URL"))


def test_one_machine_may_choose_sqlite_knowingly(tmp_path: Path) -> None:
    chosen = {"PETITIONS_DATABASE_URL": "sqlite:////var/lib/p.sqlite", "PETITIONS_ALLOW_SQLITE": "1"}
    assert load(sound(tmp_path) | chosen).database_url.startswith("sqlite")


def test_a_new_installation_makes_its_own_secrets_once(tmp_path: Path) -> None:
    assert prepare(tmp_path)
    first = load({"PETITIONS_INSTANCE": str(tmp_path)})
    assert not prepare(tmp_path)
    again = load({"PETITIONS_INSTANCE": str(tmp_path)})
    assert first.secret_key == again.secret_key and first.vault_keys == again.vault_keys
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0, "secrets are for their owner only"


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    prepare(tmp_path)
    config = load({"PETITIONS_INSTANCE": str(tmp_path)})
    assert config.secret_key not in repr(config)
    assert repr(config.iin_key) not in repr(config)


def test_a_process_that_cannot_start_says_why_without_a_traceback(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PETITIONS_INSTANCE": str(tmp_path), "PETITIONS_NOW": "tomorrow"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "PETITIONS_NOW must be an ISO date-time" in done.stderr
    assert "Traceback" not in done.stderr
