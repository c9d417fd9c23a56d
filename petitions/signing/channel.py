"""Where a citizen's signature is made: the one place that knows which signing service this installation has.

It takes ``document`` (base64), ``challenge`` and ``return_url`` by POST and posts back ``challenge`` and
``signature`` (base64 CMS), or ``refused=1``.
"""

from __future__ import annotations

from flask import current_app, url_for

from petitions.config import Config


def signing_page() -> str | None:
    """The address of the signing service's page, None where no channel is set up yet."""
    config: Config = current_app.extensions["config"]
    return url_for("simulators_signing.ask") if config.simulators else None
