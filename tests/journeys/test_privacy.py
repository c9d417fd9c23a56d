"""After everything that happened: nothing says who anybody is (D7, house privacy)."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import Page

from tests.journeys import crawl, secrecy, steps
from tests.journeys.installation import Installation

SECRET = re.compile("|".join([secrecy.NAMED.pattern, *secrecy.NUMBERS]))


@pytest.fixture(scope="module")
def everything_public(installation: Installation, after_all_stories: None) -> dict[str, str]:
    """What a guest can reach by links, in all languages: text by address."""
    session = requests.Session()
    pages = crawl.visit(session, installation.address, "/en/", is_worth_reading, of_a_kind=60)
    return {page.path: page.text for page in pages}


def is_worth_reading(path: str) -> bool:
    """All in English; in the other languages what people wrote."""
    return path.startswith("/en/") or bool(re.match(r"/(kk|ru)/petitions/\d+$", path))


def test_no_public_page_names_a_citizen_or_a_number(everything_public: dict[str, str]) -> None:
    assert sum("/petitions/" in path for path in everything_public) > 25
    told = {path: SECRET.findall(text) for path, text in everything_public.items() if SECRET.search(text)}
    assert not told


def test_the_log_names_nobody(installation: Installation, after_all_stories: None) -> None:
    log = installation.log()
    installation.secrets.keep_letters(installation.letters())
    assert installation.secrets.values
    assert not secrecy.told_by_log(log, installation.secrets.values)
    assert "Traceback" not in log
    assert " ERROR " not in log


def test_letters_name_nobody(installation: Installation, after_all_stories: None) -> None:
    letters = [steps.read_letter(text) for text in installation.letters()]
    assert letters
    assert not [words for words in letters if SECRET.search(words)]


def test_addresses_of_private_pages_are_in_no_public_page(
    everything_public: dict[str, str], installation: Installation
) -> None:
    tokens = [row[1] for row in installation.rows("SELECT id, link_token FROM petition WHERE opened_at IS NULL")]
    text = "".join(everything_public.values())
    assert not [token for token in tokens if token and token in text]


def test_a_guest_still_meets_closed_doors(reader: Page, after_all_stories: None) -> None:
    for path in ("/en/console", "/en/inbox", "/en/my-petitions", "/en/account"):
        reader.goto(path)
        assert "/sign-in" in reader.url
