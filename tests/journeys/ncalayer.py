"""The signing program of this computer, as the stories use it."""

from __future__ import annotations

import time

import requests
from playwright.sync_api import Locator, Page

from petitions import config
from petitions.identity.simulators.ncalayer import Behaviour
from tests.journeys import steps
from tests.journeys.installation import Installation

BUTTON = "Sign with NCALayer"


def play(installation: Installation, behaviour: Behaviour = "sign", person: str = "") -> None:
    """Choose what its user does next, when it runs (it starts after the site's first page)."""
    page = f"{installation.address}/simulators/ncalayer/"
    requests.post(page, data={"behaviour": behaviour, "person": person}, timeout=10).raise_for_status()
    until = time.monotonic() + steps.WITHIN_SECONDS
    while "It listens on port" not in requests.get(page, params={"lang": "en"}, timeout=10).text:
        assert time.monotonic() < until, installation.log()[-3000:]
        time.sleep(0.2)


def address(installation: Installation) -> str:
    """Where it listens, as the settings of a site at this address have it."""
    return config.simulated_ncalayer(installation.address)


def ask(page: Page, ref: object) -> None:
    """Up to the program: consent, the exact text, the button."""
    show_text(page, ref)
    press(page)


def show_text(page: Page, ref: object) -> None:
    page.goto(f"/en/petitions/{ref}/joining")
    page.locator('input[name="consent"]').check()
    steps.press(page, "Go on to the text")


def press(page: Page) -> None:
    page.get_by_role("button", name=BUTTON, exact=True).click()


def status(page: Page) -> Locator:
    """Where the form says what happened."""
    return page.locator("form[data-ncalayer] [data-ncalayer-status]")
