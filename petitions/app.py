"""The composition root: what a process is made of, and nothing else."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from petitions import clock, db, i18n, instance, mail, models, static_files, vault, web
from petitions.cli import register_commands
from petitions.compression import Compression
from petitions.config import ROOT, Config, ConfigError, load
from petitions.log import cosigning
from petitions.log import keys as log_keys
from petitions.page_cache import PageCache
from petitions.turnstile import Turnstile

MEGABYTE = 1024 * 1024


def create_app(config: Config | None = None) -> Flask:
    """Build the application. Outside production missing secrets are made first (see instance.py)."""
    config = config or load_config()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app = Flask("petitions", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(flask_settings(config))
    app.extensions["config"] = config
    try:
        start_floor(config)
    except ConfigError as error:
        raise SystemExit(str(error)) from None
    app.wsgi_app = Compression(Turnstile(app.wsgi_app))  # type: ignore[method-assign]
    if config.page_cache_seconds:
        app.wsgi_app = PageCache(app, config.page_cache_seconds)  # type: ignore[method-assign]
    static_files.init_app(app, web.ALWAYS_SAID)
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.trusted_proxies, x_proto=1, x_host=1)  # type: ignore[method-assign]
    i18n.init_app(app)
    CSRFProtect(app)
    _start_rooms(app, config)
    web.init_app(app)
    register_commands(app)
    return app


def load_config() -> Config:
    """The process's settings; in development the instance folder is made first. Bad ones end it, all named."""
    if os.environ.get("PETITIONS_ENV", "development") != "production":
        instance.prepare(Path(os.environ.get("PETITIONS_INSTANCE", "instance")))
    try:
        return load(os.environ)
    except ConfigError as error:
        raise SystemExit(str(error)) from None


def start_floor(config: Config) -> None:
    """Give the rooms' floor its settings: database, clock, vault, mail."""
    models.load_all()
    db.configure(config.database_url)
    clock.configure(config.shifted_now, may_shift=config.demo)
    vault.configure(config.iin_key, config.vault_keys)
    log_keys.configure(config.log_key, config.log_origin)
    cosigning.configure(config.witnesses)
    mail.configure(config.smtp_url, config.instance_path / "outbox")


def flask_settings(config: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": config.secret_key,
        "TESTING": config.environment == "test",
        "SITE_NAME": config.site_name,
        "DEMO": config.demo,
        "BASE_URL": config.base_url,
        "PAGE_CACHE_SECONDS": config.page_cache_seconds,
        "MAX_CONTENT_LENGTH": 31 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
        "WTF_CSRF_TIME_LIMIT": None,  # people write for hours; the token lives as long as the session
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.base_url.startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,
    }


def _start_rooms(app: Flask, config: Config) -> None:
    from petitions.browsing import views as browsing
    from petitions.consideration import views as consideration
    from petitions.console import views as console
    from petitions.discussion import views as discussion
    from petitions.drafting import views as drafting
    from petitions.identity import sessions
    from petitions.identity import views as identity
    from petitions.log import views as log
    from petitions.moderation import views as moderation
    from petitions.notifications import views as notifications
    from petitions.phone_signing import views as phone_signing
    from petitions.sharing import views as sharing
    from petitions.signing import views as signing

    sessions.init_app(app, LoginManager())
    rooms = (
        browsing,
        log,
        identity,
        drafting,
        signing,
        moderation,
        consideration,
        discussion,
        notifications,
        console,
        phone_signing,
        sharing,
    )
    for room in rooms:
        for blueprint in room.blueprints:
            app.register_blueprint(blueprint)
    if config.simulators:
        from petitions.identity import simulators

        simulators.init_app(app, config)
