"""The version for people with low vision: one click that holds on every page, and never a copy of a page too many."""

from __future__ import annotations

import re
from itertools import product

import pytest
from flask.testing import FlaskClient
from html5lib import parse

from petitions.appearance import CHOICES, LOW_VISION, ORDINARY, Appearance, appearance_of, key_of
from petitions.config import ROOT

PAGE = "/en/law"
CHOSEN = Appearance(size="200", colours="yb", spacing="widest", pictures="plain")


def attributes_of(client: FlaskClient, path: str = PAGE) -> dict[str, str]:
    """What the server wrote into <html> for this reader."""
    tree = parse(client.get(path).get_data(as_text=True), namespaceHTMLElements=False)
    return {name: value for name, value in tree.attrib.items() if name.startswith("data-")}


def test_one_click_chooses_the_low_vision_version_and_leads_back(client: FlaskClient) -> None:
    answer = client.get(f"/en/appearance?choice=low-vision&next={PAGE}")
    assert (answer.status_code, answer.location) == (302, PAGE)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"view={LOW_VISION.key};")
    assert "Max-Age=31536000" in cookie and "SameSite=Lax" in cookie and "HttpOnly" in cookie
    assert attributes_of(client) == {
        "data-size": "150",
        "data-colours": "bw",
        "data-spacing": "wide",
        "data-pictures": "plain",
    }


def test_one_more_click_brings_the_ordinary_version_back_and_forgets_the_cookie(client: FlaskClient) -> None:
    client.get("/en/appearance?choice=low-vision")
    client.get("/en/appearance?choice=ordinary")
    assert client.get_cookie("view") is None
    assert attributes_of(client) == {}


def test_every_page_has_the_link_in_its_header_with_the_way_back(client: FlaskClient) -> None:
    for path in ("/en/", "/en/petitions?group=open", "/en/nowhere", "/en/design"):
        page = client.get(path).get_data(as_text=True)
        quoted = path.replace("?", "%3F").replace("=", "%3D")
        assert f'href="/en/appearance?choice=low-vision&amp;next={quoted}"' in page, path


def test_single_choices_are_put_on_top_of_the_readers_own(client: FlaskClient) -> None:
    client.get("/en/appearance?choice=low-vision")
    client.get("/en/appearance?colours=yb")
    assert attributes_of(client)["data-colours"] == "yb"
    assert attributes_of(client)["data-size"] == "150"
    client.get("/en/appearance?size=100&colours=device&spacing=normal&pictures=shown")
    assert client.get_cookie("view") is None


def test_the_page_of_choices_shows_what_is_chosen_in_three_languages(client: FlaskClient) -> None:
    client.get("/en/appearance?" + "&".join(f"{name}={getattr(CHOSEN, name)}" for name in CHOICES))
    for language in ("kk", "ru", "en"):
        page = client.get(f"/{language}/appearance?next=/{language}/law").get_data(as_text=True)
        tree = parse(page, namespaceHTMLElements=False)
        chosen = {each.get("name"): each.get("value") for each in tree.iter("input") if each.get("checked") is not None}
        assert chosen == {name: getattr(CHOSEN, name) for name in CHOICES}
        assert f'<input type="hidden" name="next" value="/{language}/law">' in page


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_it_leads_to_no_other_site(client: FlaskClient, wanted: str) -> None:
    answer = client.get("/en/appearance", query_string={"choice": "low-vision", "next": wanted})
    assert answer.location == "/en/appearance?kept=1"


def test_a_form_that_is_shown_again_leads_back_to_its_page(client: FlaskClient) -> None:
    page = client.post("/en/nowhere", headers={"Referer": "http://localhost/en/petitions?q=x"}).get_data(as_text=True)
    assert "next=/en/petitions%3Fq%3Dx" in page
    page = client.post("/en/nowhere", headers={"Referer": "http://elsewhere.example/en/x"}).get_data(as_text=True)
    assert 'next=/en/"' in page


def test_every_choice_has_its_key_and_every_key_its_choice() -> None:
    for values in product(*CHOICES.values()):
        chosen = Appearance(*values)
        assert appearance_of(chosen.key) == chosen
        assert len(chosen.key) <= 40 and (chosen.key == "" or all(each.isalnum() or each == "-" for each in chosen.key))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "session=x",
        "view=",
        "view=150",
        "view=150-bw-wide-plain-",
        "view=150-BW-wide-plain",
        "view=151-bw-wide-plain",
        "view=" + "150-bw-wide-plain" * 10,
        'view="150-bw-wide-plain"',
        "preview=150-bw-wide-plain",
        f"view={'-'.join(getattr(ORDINARY, name) for name in CHOICES)}",
    ],
)
def test_what_is_no_choice_makes_no_copy_of_a_page(header: str) -> None:
    assert key_of(header) == ""


@pytest.mark.parametrize(
    "header", ["view=150-bw-wide-plain", "a=1; view=150-bw-wide-plain; b=2", "a=1;view=150-bw-wide-plain"]
)
def test_a_choice_is_found_among_other_cookies(header: str) -> None:
    assert key_of(header) == LOW_VISION.key


def test_the_choice_tells_the_browser_which_controls_to_draw(client: FlaskClient) -> None:
    for choice, scheme in (("wb", "dark"), ("blue", "light"), ("device", "light dark")):
        client.get(f"/en/appearance?colours={choice}")
        assert f'<meta name="color-scheme" content="{scheme}">' in client.get(PAGE).get_data(as_text=True)


def test_the_example_of_a_front_server_keeps_apart_exactly_what_can_be_chosen() -> None:
    written = re.search(r'"~(\^\(.*\)\$)" \$cookie_view;', (ROOT / "docs" / "operations.md").read_text())
    assert written is not None
    choices = [tuple(part.split("|")) for part in re.findall(r"\(([^)]*)\)", written[1])]
    assert choices == list(CHOICES.values())
