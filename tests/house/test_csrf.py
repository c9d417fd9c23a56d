"""A form without our token changes nothing, and what was written in it is shown for copying."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

VALUES: dict[str, object] = {"lang": "en", "request_id": "a" * 32}
WRITTEN = "Біздің ауылға кітапхана керек."
OTHER_PEOPLES = ("egov_mobile.", "simulators")
"""The app of the state, which keeps no cookie of ours, and the servers that the simulators play."""


@pytest.fixture
def guarded(sqlite_app: Flask) -> FlaskClient:
    sqlite_app.config["WTF_CSRF_ENABLED"] = True
    return sqlite_app.test_client()


def test_every_form_asks_for_the_token(guarded: FlaskClient, sqlite_app: Flask) -> None:
    open_doors = set()
    with sqlite_app.test_request_context():
        adapter = sqlite_app.url_map.bind("localhost")
    for rule in sqlite_app.url_map.iter_rules():
        if (rule.methods or set()) & {"POST", "PUT", "DELETE"}:
            values = VALUES | dict.fromkeys(rule.arguments - VALUES.keys(), 1)
            path = adapter.build(rule.endpoint, values, method="POST" if "POST" in (rule.methods or set()) else "PUT")
            method = guarded.post if "POST" in (rule.methods or set()) else guarded.put
            if method(path).status_code != 400:
                open_doors.add(rule.endpoint)
    assert {door for door in open_doors if not door.startswith(OTHER_PEOPLES)} == set()


@pytest.mark.parametrize(("site", "shown"), [("same-origin", True), ("cross-site", False)])
def test_what_was_written_is_shown_to_who_wrote_it(guarded: FlaskClient, site: str, shown: bool) -> None:
    sent = {"csrf_token": "of a session that ended", "title": WRITTEN, "again": "three secret words"}
    page = guarded.post("/en/drafts", data=sent, headers={"Sec-Fetch-Site": site})
    assert page.status_code == 400
    assert (WRITTEN in page.text) is shown
    assert "three secret words" not in page.text and "of a session that ended" not in page.text
