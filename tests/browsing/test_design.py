"""The design system: colours hold their contrast, sheets keep to the tokens, the living page shows every part."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from petitions.browsing import design
from petitions.config import ROOT

SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()
PAGE_MACROS = (ROOT / "templates" / "_macros" / "page.html").read_text()
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(")
SAMPLES = {"base.css"}  # the buttons of the low-vision bar show the colours of the other versions


def without_comments(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/|url\(\"data:[^\"]*\"\)", "", sheet.read_text(), flags=re.S)


@pytest.mark.parametrize("scheme", design.SCHEMES)
def test_every_pair_of_colours_holds_its_contrast(scheme: str) -> None:
    weak = [f"{pair.text} on {pair.ground}: {pair.ratio:.2f}" for pair in design.measured(scheme) if not pair.holds]
    assert not weak, f"{scheme}: {weak}"


def test_the_measure_is_that_of_wcag() -> None:
    assert design.contrast("#000", "#ffffff") == pytest.approx(21)
    assert design.contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)
    assert design.contrast("#abc", "#aabbcc") == 1


def test_a_device_that_is_dark_and_the_choice_dark_bring_the_same_colours() -> None:
    light, dark, chosen = design.schemes()["light"], design.dark_by_device(), design.schemes()["dark"]
    assert dark == {token: chosen[token] for token in dark}
    assert set(dark) <= set(light), "a colour of the dark must be one of the light"


def test_the_two_colour_versions_have_two_colours() -> None:
    for scheme in ("bw", "wb", "yb", "blue"):
        assert len(set(design.schemes()[scheme].values())) == 2, scheme


def test_every_colour_has_its_counterpart_in_forced_colours() -> None:
    forced = TOKENS.split("@media (forced-colors: active)")[1]
    missing = [token for token in design.schemes()["light"] if f"--{token}:" not in forced]
    assert not missing, f"say what the reader's own colours make of {missing}"


@pytest.mark.parametrize("sheet", [each for each in SHEETS if each.name != "tokens.css"], ids=lambda each: each.name)
def test_colours_are_written_in_the_tokens_only(sheet: Path) -> None:
    lines = [line for line in without_comments(sheet).splitlines() if sheet.name not in SAMPLES or ".view-" not in line]
    found = [line.strip() for line in lines if COLOUR.search(line)]
    assert not found, f"{sheet.name}: use a token of tokens.css: {found}"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda each: each.name)
def test_a_sheet_asks_only_for_tokens_that_exist(sheet: Path) -> None:
    text = without_comments(sheet)
    known = set(re.findall(r"(--[a-z0-9-]+):", TOKENS + text))
    asked = set(re.findall(r"var\((--[a-z0-9-]+)\)", text))
    assert asked <= known, f"{sheet.name}: no such token {sorted(asked - known)}"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda each: each.name)
def test_letters_have_two_weights(sheet: Path) -> None:
    weights = set(re.findall(r"font-weight:\s*([a-z0-9]+)", without_comments(sheet)))
    assert weights <= {"400", "700"}, f"{sheet.name}: Golos Text is shipped in 400 and 700: {weights}"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_living_page_shows_every_part_with_its_call(client: FlaskClient, language: str) -> None:
    page = client.get(f"/{language}/design").get_data(as_text=True)
    for part, call in design.CALLS.items():
        assert f'<h3 id="{part}">' in page, part
        assert call.replace('"', "&#34;") in page, part
    for token in design.SHOWN_TOKENS:
        assert f"swatch-{token}" in page
    assert 'role="alert"' not in page.split('id="errors"')[1].split('id="notice"')[0], (
        "a sample must not take the focus"
    )


def test_every_macro_of_a_page_is_shown(client: FlaskClient) -> None:
    shown = " ".join(design.CALLS.values())
    known_otherwise = {"heading", "hero", "prose"}
    for macro in re.findall(r"{% macro ([a-z]\w+)\(", PAGE_MACROS):
        assert macro in known_otherwise or re.search(rf"\b{macro}\b", shown), f"show {macro} on /design"


def test_the_page_says_what_each_pair_measures(client: FlaskClient) -> None:
    page = client.get("/en/design").get_data(as_text=True)
    for pair in design.measured("light"):
        assert f"{pair.text} / {pair.ground}" in page
