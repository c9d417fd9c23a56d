"""Before the web server forks, everything that its first pages would each have to prepare is prepared once."""

from __future__ import annotations

import pytest
from babel.support import Translations
from flask import Flask

from petitions.cli import group
from petitions.i18n import LANGUAGES


def test_after_the_start_no_page_compiles_a_template_or_reads_a_catalogue(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fork(*_settings: object) -> None:
        raise RuntimeError("here the processes would be forked")

    monkeypatch.setattr(group, "web_server", fork)
    monkeypatch.setattr(group, "_served", None)
    monkeypatch.setenv(group.LEADER, "")
    with pytest.raises(RuntimeError, match="forked"):
        group.run_group(sqlite_app, "127.0.0.1", 8080, 2, lambda: None)

    def too_late(*_args: object, **_more: object) -> None:
        raise AssertionError("this was to be prepared before")

    monkeypatch.setattr(sqlite_app.jinja_env, "compile", too_late)
    monkeypatch.setattr(Translations, "load", too_late)
    client = sqlite_app.test_client()
    for language in LANGUAGES:
        for page in ("", "petitions", "statistics", "sign-in"):
            assert client.get(f"/{language}/{page}").status_code == 200
