"""Pages that ask NCALayer for a signature: what they may reach, what they say, and whose number they hand out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, Response, render_template_string
from flask.testing import FlaskClient

from petitions.identity.simulators.people import person
from tests.conftest import Database, make_app
from tests.pages import check_page

PAGE = """{% extends "layout.html" %}{% from "_macros/ncalayer.html" import ncalayer %}{% block title %}x{% endblock %}
{% block main %}<h1>x</h1>{{ ncalayer("/en/joinings", {"challenge": "c-1"}, "ZG9j", use) }}{% endblock %}"""
OPEN = "connect-src 'self' ws://127.0.0.1:13579;"


@pytest.fixture
def page(sqlite_app: Flask) -> Callable[..., Response]:
    """A page with the macro, answered through the site's own headers."""

    return lambda use="signing": answered(sqlite_app, use)


def answered(app: Flask, use: str = "signing") -> Response:
    with app.test_request_context("/en/"):
        app.preprocess_request()
        return app.process_response(Response(render_template_string(PAGE, use=use)))


def test_only_a_page_that_asks_for_it_may_reach_the_program(page: Callable[..., Response], client: FlaskClient) -> None:
    assert OPEN in page().headers["Content-Security-Policy"]
    for path in ("/en/", "/en/sign-in", "/en/petitions", "/static/js/ncalayer.js"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "connect-src 'self';" in policy, path
        assert "13579" not in policy


def test_the_form_carries_what_is_asked_and_every_sentence(page: Callable[..., Response]) -> None:
    tree = check_page(page().get_data(as_text=True), "a page with the macro")
    form = next(form for form in tree.iter("form") if form.get("data-ncalayer") is not None)
    fields = {one.get("name"): one.get("value") for one in form.iter("input")}
    assert fields.keys() == {"csrf_token", "challenge", "document", "signature"}
    assert (fields["challenge"], fields["document"], fields["signature"]) == ("c-1", "ZG9j", "")
    assert form.get("data-url") == "ws://127.0.0.1:13579/"
    sentences = {name: text for name, text in form.items() if name.startswith("data-text-")}
    assert len(sentences) == 14
    assert all(text.endswith(".") for text in sentences.values())
    assert [name for name, text in sentences.items() if "{code}" in text] == ["data-text-key", "data-text-failed"]


def test_without_javascript_the_page_says_that_this_way_needs_it(page: Callable[..., Response]) -> None:
    tree = check_page(page().get_data(as_text=True), "a page with the macro")
    form = next(form for form in tree.iter("form") if form.get("data-ncalayer") is not None)
    words = " ".join(form.itertext())
    assert "This way needs JavaScript" in words
    actions = next(one for one in form.iter("div") if one.get("data-ncalayer-actions") is not None)
    assert actions.get("hidden") is not None
    assert not [one for one in form.iter("button") if one.get("type") == "submit"]


def test_the_browsers_question_is_explained_before_the_button(page: Callable[..., Response]) -> None:
    text = page().get_data(as_text=True)
    form = text[text.index("data-ncalayer ") :]
    explained = form.index("the browser may ask", form.index('name="signature"'))
    assert explained < form.index("data-ncalayer-sign")


def test_where_the_program_is_simulated_the_page_says_so(sqlite_database: Database, tmp_path: Path) -> None:
    simulated, true = (make_app(sqlite_database, tmp_path, simulators=here) for here in (True, False))
    assert 'href="/simulators/ncalayer/?lang=en"' in answered(simulated).get_data(as_text=True)
    assert "simulat" not in answered(true).get_data(as_text=True)


def test_who_signs_in_is_nobody_yet_and_no_number_is_asked_for(page: Callable[..., Response]) -> None:
    assert "data-parameters" not in page("authentication").get_data(as_text=True)
    assert 'data-parameters="/en/ncalayer-parameters"' in page().get_data(as_text=True)


def test_a_citizen_is_told_his_own_number_and_nobody_keeps_it(sign_in_citizen: Callable[..., FlaskClient]) -> None:
    answer = sign_in_citizen("olga").post("/en/ncalayer-parameters")
    assert answer.get_json() == {"iin": person("olga").iin}
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_else_is_told_a_number(client: FlaskClient, sign_in_staff: Callable[..., FlaskClient]) -> None:
    assert client.post("/en/ncalayer-parameters").status_code == 403
    assert sign_in_staff().post("/en/ncalayer-parameters").status_code == 403


def test_the_number_is_not_handed_out_to_a_link(sign_in_citizen: Callable[..., FlaskClient]) -> None:
    assert sign_in_citizen("olga").get("/en/ncalayer-parameters").status_code == 405
