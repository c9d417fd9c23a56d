"""No link leads nowhere: whoever is shown it may follow it."""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import Page

from tests.journeys import crawl
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation

HOMES = {
    "aigul": "/ru/my-petitions",
    "senior": "/ru/console",
    "akimat-head": "/ru/console",
    "administrator": "/ru/console",
}


def as_signed_in(page: Page) -> requests.Session:
    """The same person without a browser."""
    session = requests.Session()
    for cookie in page.context.cookies():
        session.cookies.set(cookie["name"], cookie["value"])
    return session


def broken_links(session: requests.Session, installation: Installation, start: str) -> list[str]:
    pages = crawl.visit(session, installation.address, start, lambda path: path.startswith("/ru/"))
    return [f"{page.status}: {page.found_on} -> {page.path}" for page in pages if page.status >= 400]


def test_no_link_of_the_public_pages_is_broken(installation: Installation) -> None:
    assert not broken_links(requests.Session(), installation, "/ru/")


@pytest.mark.parametrize("somebody", HOMES)
def test_no_link_shown_to_somebody_is_closed_to_them(
    citizen: OpenPage, staff: OpenPage, installation: Installation, somebody: str
) -> None:
    page = (citizen if somebody == "aigul" else staff)(somebody)
    assert not broken_links(as_signed_in(page), installation, HOMES[somebody])
