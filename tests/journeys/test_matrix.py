"""Every page of the site, in three languages and every look: axe-core finds nothing (WCAG 2.2 AA).

FULL_MATRIX=1 (`.ci/run`) looks at every page in every language, light, dark and in forced colours, and once in one of
the four colourings for low vision, which changes from page to page as its language does; by all rules in every look,
of a long table in the first look all rows, in the others the first ones. Without it each page is looked at once, in a
language and a look that change from page to page, so that each meets each.
"""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import NotFound
from werkzeug.routing import MapAdapter

from petitions.i18n import LANGUAGES
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.examining import ALIKE, LIGHT, LOOKS, LOW_VISION, SCHEMES, WCAG, Look, rules_broken
from tests.journeys.installation import Installation
from tests.journeys.pages_of_the_site import CITIZENS, GUEST, site_pages
from tests.journeys.prepared import Prepared, prepared_once

GROUP = "matrix"  # with an installation of its own: beside the stories, and not disturbed by their clock
FULL = bool(os.environ.get("FULL_MATRIX"))

NO_PAGES = {
    "door.choose_language": "leads on",
    "door.count": "JSON",
    "door.history_file": "a file",
    "door.outlines_file": "a file",
    "door.robots": "a text for machines",
    "door.site_map": "XML for machines",
    "door.service_worker": "a script",
    "door.statistics_file": "a file",
    "egov_mobile.document": "JSON for an app",
    "egov_mobile.first": "JSON for an app",
    "identity_callback.callback": "leads on",
    "log.checkpoint": "a file",
    "log.entry_bundle": "a file",
    "log.key": "a file",
    "log.territories": "a file",
    "log.tile": "a file",
    "log.verifier_file": "a file",
    "sharing_door.short": "leads on",
    "static": "files",
    "browsing.attachment": "a file",
    "browsing.manifest": "JSON",
    "browsing.petition_text": "JSON",
    "drafting.file": "a file",
    "sharing.card": "a picture",
    "sharing.decision": "a file",
    "sharing.poster": "a file",
    "sharing.short_in_language": "leads on",
    "sharing.site_card": "a picture",
    "identity.certificate_signed_in": "leads on",
    "identity.session_state": "JSON",
    "identity.sign_in_egov": "leads to the state's sign-on",
    "moderation.file": "a file",
    "phone_signing.state": "JSON",
    "signing.promise": "a file",
    "signing.proof": "a file",
    "signing.sealed": "JSON",
    "signing.sheet_scan": "a file",
}
"""Addresses that answer with no page, and why."""
REACHED_OTHERWISE = {
    "identity.certificate",  # these two by a deed on another page
    "phone_signing.status",
    "moderation.addressee",  # these three are the page of every act of the check, which is listed for the other acts
    "moderation.complaint_outcome",
    "moderation.sending",
}


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def opened(open_context: OpenContext, citizen: OpenPage, staff: OpenPage) -> OpenPage:
    """A browser page of anybody of the list."""

    def open_one(who: str) -> Page:
        if who == GUEST:
            return open_context().new_page()
        return (citizen if who in CITIZENS else staff)(who)

    return open_one


@pytest.fixture
def made(installation: Installation, citizen: OpenPage, staff: OpenPage) -> Prepared:
    return prepared_once(installation, citizen, staff)


def test_every_page_of_the_site_is_listed(made: Prepared, sqlite_app: Flask) -> None:
    rules = sqlite_app.url_map.bind("localhost")
    listed = {_endpoint(rules, one.address("en")) for one in site_pages(made)}
    pages = {
        rule.endpoint
        for rule in sqlite_app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "simulators" not in rule.endpoint
    }
    missing = pages - listed - REACHED_OTHERWISE - set(NO_PAGES)
    assert not missing, f"list these in pages_of_the_site.py (or in NO_PAGES with the reason): {sorted(missing)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_shut_out_of_any_page(made: Prepared, opened: OpenPage, axe: Axe, language: str) -> None:
    wrong: list[str] = []
    browsers: dict[str, Page] = {}
    for place, one in enumerate(site_pages(made)):
        looks = wanted(place, language)
        if not looks:
            continue
        page = browsers.get(one.who) or browsers.setdefault(one.who, opened(one.who))
        if trouble := one.does_not_open(page, language, made.installation):
            wrong.append(trouble)
        else:
            wrong += [f"{one.name}: {fault}" for fault in faults(page, looks, axe)]
    assert not wrong, f"{len(wrong)} faults:\n" + "\n".join(wrong)


def _endpoint(rules: MapAdapter, path: str) -> str:
    try:
        return str(rules.match(path.partition("?")[0])[0])
    except NotFound:
        return ""


def wanted(place: int, language: str) -> tuple[Look, ...]:
    its_turn = LANGUAGES[place % 3] == language
    if FULL:
        return (*SCHEMES, LOW_VISION[place % len(LOW_VISION)]) if its_turn else SCHEMES
    return (LOOKS[place % len(LOOKS)],) if its_turn else ()


def faults(page: Page, looks: tuple[Look, ...], axe: Axe) -> list[str]:
    """In the first look of the whole page; in the others without the rows that look like those before them."""
    first, *others = looks
    first.put_on(page)
    found = rules_broken(axe, page, WCAG, first.name)
    for look in others:
        look.put_on(page)
        found += rules_broken(axe, page, WCAG, look.name, ALIKE)
    LIGHT.put_on(page)
    return found
