"""Nobody is signed out without a warning, and one press is enough to stay (WCAG 2.2.1)."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from petitions.identity.sessions import IDLE, LONGEST
from tests.journeys import steps
from tests.journeys.conftest import OpenContext
from tests.journeys.installation import Installation

STAFF, CITIZEN = "maslikhat-head", "person-071"
HALF_AN_HOUR = 30 * 60


@pytest.fixture
def at_the_desk(open_context: OpenContext, installation: Installation) -> Page:
    """Somebody of the staff in a session of their own, with a page whose clock can be moved."""
    page = open_context().new_page()
    page.clock.install()
    steps.sign_in_staff(page, STAFF, installation.password)
    expect(page.locator("dialog[data-session-warning]")).to_have_attribute("data-longer", "")
    return page


def time_passes(page: Page, installation: Installation, seconds: int, *, signed_in: timedelta | None = None) -> None:
    """For the newest session and for the page alike. ``signed_in``: how long ago that was, if that matters."""
    session_of_long_ago(installation, seconds, signed_in=signed_in)
    page.clock.fast_forward(seconds * 1000)


def session_of_long_ago(installation: Installation, seconds: int, *, signed_in: timedelta | None = None) -> None:
    now = datetime.now(UTC)
    seen, newest = now - timedelta(seconds=seconds), "(SELECT max(created_at) FROM sign_in_session)"
    with sqlite3.connect(installation.instance / "petitions.sqlite", timeout=20) as connection:
        connection.execute(f"UPDATE sign_in_session SET last_seen_at = ? WHERE created_at = {newest}", [stored(seen)])
        if signed_in is not None:
            ends = stored(now - signed_in + LONGEST["staff"])
            connection.execute(f"UPDATE sign_in_session SET expires_at = ? WHERE created_at = {newest}", [ends])
    connection.close()


def stored(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def place_name(page: Page) -> Locator:
    """A field to type into."""
    return page.locator('main input[name="name"]')


def warning(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_staff_are_warned_and_stay_by_one_press(at_the_desk: Page, installation: Installation) -> None:
    time_passes(at_the_desk, installation, HALF_AN_HOUR - 170)
    expect(warning(at_the_desk)).to_be_visible()
    expect(warning(at_the_desk)).to_have_accessible_name("You will soon be signed out")
    expect(warning(at_the_desk)).to_contain_text(re.compile(r"At \d\d:\d\d you will be signed out"))

    at_the_desk.keyboard.press("Enter")  # the first button has the focus
    expect(warning(at_the_desk)).to_have_count(0)
    told = at_the_desk.request.get("/en/session").json()
    assert told["seconds"] > HALF_AN_HOUR - 60
    at_the_desk.goto("/en/console")
    expect(at_the_desk).to_have_url(re.compile(r"/en/console$"))


def test_whoever_does_not_answer_is_told_that_they_are_signed_out_and_keeps_what_was_typed(
    at_the_desk: Page, installation: Installation
) -> None:
    at_the_desk.goto("/en/territories")
    place_name(at_the_desk).fill("Арқалық")
    time_passes(at_the_desk, installation, HALF_AN_HOUR + 5)
    expect(warning(at_the_desk)).to_have_accessible_name("You are signed out")
    expect(at_the_desk.locator("[data-session-title]")).to_be_focused()
    expect(warning(at_the_desk).get_by_role("button", name="Stay signed in")).to_have_count(0)
    expect(warning(at_the_desk).get_by_role("link", name="Sign in again")).to_have_attribute(
        "href", re.compile(r"/en/staff/sign-in\?next=%2Fen%2Fterritories")
    )
    warning(at_the_desk).get_by_role("button", name="Back to the page").click()
    expect(place_name(at_the_desk)).to_have_value("Арқалық")
    at_the_desk.goto("/en/console")
    expect(at_the_desk).to_have_url(re.compile(r"/en/staff/sign-in"))


def test_a_computer_that_slept_says_so_soon_after_it_wakes(at_the_desk: Page, installation: Installation) -> None:
    asleep = 2 * 3600
    time_passes(at_the_desk, installation, 60)
    session_of_long_ago(installation, asleep)
    woken = datetime.now(UTC) + timedelta(seconds=asleep)
    at_the_desk.clock.set_system_time(woken)  # the clock went on, no timer ran
    at_the_desk.clock.run_for(31_000)
    at_the_desk.clock.run_for(2_000)
    expect(warning(at_the_desk)).to_have_accessible_name("You are signed out")


def test_another_window_that_was_used_keeps_this_one_quiet(at_the_desk: Page, installation: Installation) -> None:
    with at_the_desk.expect_response(re.compile(r"/en/session$")) as asked:
        at_the_desk.clock.fast_forward((HALF_AN_HOUR - 170) * 1000)
    assert asked.value.json()["seconds"] > HALF_AN_HOUR - 120
    expect(warning(at_the_desk)).to_have_count(0)


def test_asking_how_long_the_session_lasts_does_not_make_it_longer(
    at_the_desk: Page, installation: Installation
) -> None:
    time_passes(at_the_desk, installation, 600)
    for _ in range(3):
        assert at_the_desk.request.get("/en/session").json()["seconds"] <= HALF_AN_HOUR - 595


def test_typing_is_use_of_the_session(at_the_desk: Page, installation: Installation) -> None:
    at_the_desk.goto("/en/territories")
    time_passes(at_the_desk, installation, 20 * 60)
    with at_the_desk.expect_response(re.compile(r"/en/session/extension$")) as told:
        place_name(at_the_desk).press_sequentially("су")
    assert told.value.json()["seconds"] > HALF_AN_HOUR - 60


def test_a_session_that_cannot_be_longer_is_announced_as_that(at_the_desk: Page, installation: Installation) -> None:
    almost_over = LONGEST["staff"] - timedelta(seconds=HALF_AN_HOUR + 100)
    time_passes(at_the_desk, installation, 61, signed_in=almost_over)
    at_the_desk.reload()
    time_passes(at_the_desk, installation, HALF_AN_HOUR - 60, signed_in=LONGEST["staff"] - timedelta(seconds=100))
    expect(warning(at_the_desk)).to_contain_text("nobody stays signed in for longer")
    expect(warning(at_the_desk).get_by_role("button", name="Stay signed in")).to_have_count(0)
    warning(at_the_desk).get_by_role("button", name="Back to the page").click()
    expect(warning(at_the_desk)).to_have_count(0)


def test_a_citizen_is_warned_too(open_context: OpenContext, installation: Installation) -> None:
    page = open_context().new_page()
    page.clock.install()
    steps.sign_in_citizen(page, CITIZEN)
    time_passes(page, installation, int(IDLE["citizen"].total_seconds()) - 100)
    warning(page).get_by_role("button", name="Stay signed in").click()
    expect(warning(page)).to_have_count(0)
    assert page.request.get("/en/session").json()["seconds"] > IDLE["citizen"].total_seconds() - 60


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_guest_has_no_session_and_no_warning(open_context: OpenContext, language: str) -> None:
    page = open_context().new_page()
    page.goto(f"/{language}/")
    expect(page.locator("dialog[data-session-warning]")).to_have_count(0)
    assert page.request.get(f"/{language}/session").json() == {"seconds": 0, "longer": False}
