"""Files under addresses that change with their content: kept for a year, else asked for each time, never wrong."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from petitions.static_files import EACH_TIME, FOR_EVER, StaticFiles, init_app

SAID = {"X-Content-Type-Options": "nosniff"}
STYLE = "@font-face { src: url('../fonts/a.woff2') } p { background: url(data:image/png;base64,AA==) }" + " " * 1500
SCRIPT = 'import { b } from "./b.js";\nconst c = await import("./c.js"); // and "./d.js"\n'


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    folder = tmp_path / "static"
    for name, text in {"css/a.css": STYLE, "js/a.js": SCRIPT, "js/b.js": "export const b = 1;", "js/c.js": ""}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "fonts").mkdir()
    (folder / "fonts/a.woff2").write_bytes(b"letters")
    (tmp_path / "secret.txt").write_text("not of the site")
    app = Flask("site", static_folder=str(folder))
    init_app(app, SAID)
    return app


def address(site: Flask, name: str) -> str:
    with site.test_request_context():
        return url_for("static", filename=name)


def got(site: Flask, path: str, **asked: str) -> TestResponse:
    client: FlaskClient = site.test_client()
    return client.get(path, headers={name.replace("_", "-"): value for name, value in asked.items()})


def change(site: Flask, name: str, text: str) -> None:
    file = Path(str(site.static_folder), name)
    file.write_text(text)
    os.utime(file, ns=(1, file.stat().st_mtime_ns + 1_000_000))


def test_an_address_holds_the_files_hash_and_is_kept_for_a_year(site: Flask) -> None:
    where = address(site, "js/b.js")
    assert re.fullmatch(r"/static/js/b\.js\?v=[0-9a-f]{10}", where)
    answer = got(site, where)
    assert (answer.status_code, answer.text) == (200, "export const b = 1;")
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789", "?other=1"])
def test_any_other_address_is_asked_for_each_time(site: Flask, query: str) -> None:
    answer = got(site, f"/static/js/b.js{query}")
    assert answer.headers["Cache-Control"] == EACH_TIME
    again = got(site, f"/static/js/b.js{query}", If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == EACH_TIME


def test_files_name_each_other_by_hash_too(site: Flask) -> None:
    style, script = got(site, address(site, "css/a.css")).text, got(site, address(site, "js/a.js")).text
    assert f"url('..{address(site, 'fonts/a.woff2').removeprefix('/static')}')" in style
    assert "url(data:image/png;base64,AA==)" in style
    assert f'from ".{address(site, "js/b.js").removeprefix("/static/js")}"' in script
    assert f'import(".{address(site, "js/c.js").removeprefix("/static/js")}")' in script
    assert '"./d.js"' in script, "what does not exist keeps its name"


def test_a_changed_file_has_another_address_and_the_old_one_promises_nothing(site: Flask) -> None:
    before = address(site, "js/b.js")
    change(site, "js/b.js", "export const b = 2;")
    answer = got(site, before)
    assert answer.text == "export const b = 2;"
    assert answer.headers["Cache-Control"] == EACH_TIME
    after = address(site, "js/b.js")
    assert after != before
    assert got(site, after).headers["Cache-Control"] == FOR_EVER


def test_files_that_name_each_other_in_a_circle_are_answered(site: Flask) -> None:
    change(site, "js/b.js", 'import "./c.js";')
    change(site, "js/c.js", 'import "./b.js";')
    for name in ("js/b.js", "js/c.js"):
        assert got(site, address(site, name)).status_code == 200


def test_texts_are_sent_packed_and_letters_as_they_are(site: Flask) -> None:
    style = got(site, address(site, "css/a.css"), Accept_Encoding="gzip")
    assert gzip.decompress(style.data).decode().startswith("@font-face")
    assert (style.headers["Content-Encoding"], style.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert style.headers["Content-Length"] == str(len(style.data))
    letters = got(site, address(site, "fonts/a.woff2"), Accept_Encoding="gzip")
    assert letters.data == b"letters"
    assert letters.headers["Content-Type"] == "font/woff2"
    assert "Content-Encoding" not in letters.headers


@pytest.mark.parametrize(
    "name", ["../secret.txt", "css/../../secret.txt", "%2e%2e/secret.txt", "css", "none.js", "a%00b"]
)
def test_nothing_but_the_folders_files_is_answered(site: Flask, name: str) -> None:
    answer = got(site, f"/static/{name}")
    assert answer.status_code == 404
    assert "not of the site" not in answer.text


def test_a_file_is_held_once_however_it_is_named(site: Flask) -> None:
    files = site.wsgi_app
    assert isinstance(files, StaticFiles)
    got(site, "/static/js/b.js")
    held = set(files._files)
    for n in range(1, 20):
        for name in (f"js/{'./' * n}b.js", f"js/{'x/../' * n}b.js", f"{'/' * n}js/b.js", "js/b.js/" + "." * n):
            got(site, f"/static/{name}")
    assert set(files._files) == held


def test_head_and_post(site: Flask) -> None:
    client = site.test_client()
    head = client.head("/static/js/b.js")
    assert (head.data, head.headers["Content-Length"]) == (b"", "19")
    assert client.post("/static/js/b.js").status_code == 405
