"""Simulated state services for `make run` and the tests: an authority, a sign-on, a person registry, signing.

Nothing of this folder may live in production: it lets anybody be anybody.
"""

from __future__ import annotations

import os

from flask import Flask

from petitions.config import Config

if os.environ.get("PETITIONS_ENV") == "production":
    raise RuntimeError("the simulators let anybody be anybody: they never start in production")


def init_app(app: Flask, config: Config) -> None:
    """Serve the simulators under ``/simulators``. Raises RuntimeError in production."""
    if config.is_production or not config.simulators:
        raise RuntimeError("the simulators let anybody be anybody: they never start in production")
    from petitions.identity import services
    from petitions.identity.simulators import authenticator, ncalayer_page, ocsp, oidc, phone, registry, single_sign_on

    for room in (single_sign_on, oidc, registry, phone, ncalayer_page, authenticator, ocsp):
        app.register_blueprint(room.bp)
        if "csrf" in app.extensions:
            # They play other people's servers, which know nothing of our forms' tokens.
            app.extensions["csrf"].exempt(room.bp)
    if config.environment == "test":
        # No server listens for itself in a test of pages; the same answers are taken without the wire.
        services.configure(config, registry.SimulatedRegistry(config.instance_path))
