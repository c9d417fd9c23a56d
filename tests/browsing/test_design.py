"""The design system: colours hold their contrast, sheets keep to the tokens, the living page shows every part."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from petitions.browsing import design
from petitions.config import ROOT, SITE_NAME, SITE_NAME_LATIN
from tests import making

SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()
MACROS = "".join((ROOT / "templates" / "_macros" / name).read_text() for name in ("page.html", "charts.html"))
FONTS = ROOT / "static" / "fonts"
KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
LARGEST_FONT = 12_800  # bytes; two of them come with the first page
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
    for macro in re.findall(r"{% macro ([a-z]\w+)\(", MACROS):
        assert re.search(rf"\b{macro}\b", shown), f"show {macro} on /design"


def test_the_page_says_what_each_pair_measures(client: FlaskClient) -> None:
    page = client.get("/en/design").get_data(as_text=True)
    for pair in design.measured("light"):
        assert f"{pair.text} / {pair.ground}" in page


def test_the_page_shows_space_type_and_what_forced_colours_replace(client: FlaskClient) -> None:
    page = client.get("/en/design").get_data(as_text=True)
    for name in design.lengths("space"):
        assert f"space-{name}" in page, name
    assert all(f"<strong>{name}</strong>" in page for name in design.lengths("type"))
    replaced = design.forced_colours()
    assert sum(map(len, replaced.values())) == len(design.schemes()["light"])
    for colour in replaced:
        assert f"swatch-{colour.lower()}" in page, colour
        assert f".swatch-{colour.lower()} " in (ROOT / "static" / "css" / "design.css").read_text(), colour


def test_the_page_shows_pictures_the_map_a_comment_and_how_to_pass_on(client: FlaskClient) -> None:
    page = client.get("/kk/design").get_data(as_text=True)
    for part in (
        "chart-plot",
        "chart-share",
        'class="bars"',
        "picture-small",
        "map-picture",
        'class="comment"',
        "share-way",
    ):
        assert part in page, part
    assert "&lt;" not in page.split('id="heading"')[1].split('id="colours"')[0]
    assert "/petitions/1" not in page, "a sample's petition need not exist"


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_the_letters_of_every_text_are_in_the_font(weight: str) -> None:
    signs = signs_of(FONTS / f"golos-text-{weight}.ttf")
    assert not missing_in(signs, KAZAKH)
    assert not missing_in(signs, SITE_NAME + SITE_NAME_LATIN)
    for language in ("kk", "ru"):
        assert not missing_in(signs, texts_of(language)), language
    assert (FONTS / f"golos-text-{weight}.woff2").stat().st_size <= LARGEST_FONT


def test_a_browser_that_asks_no_container_gets_tables_for_a_narrow_screen() -> None:
    """What makes a table of the rows stands in a container query; nothing outside of one does."""
    sheet = without_comments(ROOT / "static" / "css" / "components.css")
    outside = re.sub(r"@container[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet)
    assert ".table td { display: flex;" in outside
    assert not re.search(r"display: table(?!-)|display: table-", outside)


@pytest.mark.parametrize(("language", "name"), [("kk", SITE_NAME), ("ru", SITE_NAME), ("en", SITE_NAME_LATIN)])
def test_the_name_of_the_site_is_in_the_letters_of_the_page(client: FlaskClient, language: str, name: str) -> None:
    page = client.get(f"/{language}/").get_data(as_text=True)
    script = "kk-Latn" if language == "en" else "kk"
    assert f'<span class="brand-name" lang="{script}">{name}</span>' in page
    assert client.get(f"/{language}/manifest.webmanifest").get_json(force=True)["name"] == name


def test_the_draft_asks_over_its_page_before_it_is_erased_and_on_another_without_script(client: FlaskClient) -> None:
    author_id = making.a_citizen()
    draft = f"/en/drafts/{making.a_draft(author_id)}"
    making.sign_in(client, citizen_id=author_id)
    page = client.get(draft).get_data(as_text=True)
    assert f'href="{draft}/discard" data-dialog="discard"' in page
    question = page.split('<dialog class="dialog" id="discard"')[1].split("</dialog>")[0]
    assert f'action="{draft}/discard"' in question and 'name="csrf_token"' in question
    assert "js/dialog.js" in page


def texts_of(language: str) -> str:
    """Every translated text, and those of English from which it was made."""
    with (ROOT / "petitions" / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    return "".join("".join(part or "") for message in catalogue for part in (message.id, message.string) if message.id)


def missing_in(signs: set[int], text: str) -> set[str]:
    return {sign for sign in text if sign != "\n" and ord(sign) not in signs}


def signs_of(font: Path) -> set[int]:
    """The code points that a TrueType font has a shape for: its table "cmap", subtable of format 4 (OpenType)."""
    data = font.read_bytes()
    tables = (
        struct.unpack_from(">4sIII", data, 12 + 16 * number) for number in range(struct.unpack_from(">H", data, 4)[0])
    )
    cmap = next(offset for tag, _sum, offset, _length in tables if tag == b"cmap")
    records = range(struct.unpack_from(">H", data, cmap + 2)[0])
    starts = (cmap + struct.unpack_from(">HHI", data, cmap + 4 + 8 * number)[2] for number in records)
    at = next(start for start in starts if struct.unpack_from(">H", data, start)[0] == 4)
    segments = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", data, at + 14)
    begins = struct.unpack_from(f">{segments}H", data, at + 16 + 2 * segments)
    return {code for begin, end in zip(begins, ends, strict=True) for code in range(begin, end + 1) if code != 0xFFFF}
