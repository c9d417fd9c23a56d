"""Signing by the program on one's own computer: every shape of its answers, every way it fails, and the browser's
permission to reach it, which a page of 127.0.0.1 is never asked for: one browser here takes the site for public."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from petitions.identity.simulators.ncalayer import Behaviour
from tests.journeys import drafts, ncalayer, steps
from tests.journeys.conftest import ARGUMENTS, CHROMIUM, WAIT_MS, OpenPage
from tests.journeys.installation import Installation, free_port

Play = Callable[..., None]

BENCHES = drafts.Writing(
    title="Демо: Саябаққа орындықтар қою",
    content="Саябақта отыратын жер жоқ. Қарттар мен балалы аналарға арналған орындықтар қоюды сұраймыз.",
    arguments=("Қарттар ұзақ жүре алмайды.", "Көлеңкелі жерлер бос тұр."),
    proposal="Саябаққа жиырма орындық қою.",
)


@pytest.fixture
def play(installation: Installation) -> Iterator[Play]:
    """`play("cancel")`: what the program's user does from now on."""

    def played(behaviour: Behaviour = "sign", person: str = "") -> None:
        ncalayer.play(installation, behaviour, person)

    yield played
    played()


SIGNED: dict[Behaviour, str] = {
    "sign": "person-115",
    "string": "person-116",
    "object": "person-117",
    "armour": "person-118",
    "talkative": "person-119",
    "without-greeting": "person-121",
    "old": "person-122",
}


@pytest.mark.parametrize(("behaviour", "person"), SIGNED.items())
def test_a_citizen_joins_by_every_version_of_the_program(
    citizen: OpenPage, installation: Installation, play: Play, behaviour: Behaviour, person: str
) -> None:
    # The module of old versions cannot be told whose key is wanted; the others choose by the number they are given.
    play(behaviour, person if behaviour == "old" else "")
    page, petition = citizen(person), installation.seeded("open-maslikhat")
    ncalayer.ask(page, petition.id)

    expect(page).to_have_url(re.compile(rf"/en/my-joinings/{petition.id}$"))
    expect(page.locator("main")).to_contain_text("You have joined this petition.")


def test_a_joining_is_withdrawn_by_the_same_way(citizen: OpenPage, installation: Installation, play: Play) -> None:
    play("sign")
    page, petition = citizen("person-110"), installation.seeded("open-maslikhat")
    ncalayer.ask(page, petition.id)
    expect(page.locator("main")).to_contain_text("You have joined this petition.")
    steps.follow(page, "Withdraw your joining")
    steps.press(page, "Withdraw your joining")
    ncalayer.press(page)
    expect(page).to_have_url(re.compile(rf"/en/my-joinings/{petition.id}$"))
    assert "withdrawn" in steps.told(page)


def test_a_petition_is_filed_by_the_same_way(citizen: OpenPage, installation: Installation, play: Play) -> None:
    play("sign")
    page = citizen("person-106")
    steps.give_email(page, installation, "benches@demo.invalid")
    drafts.begin(page)
    drafts.write(page, BENCHES)
    drafts.add_second_argument(page, BENCHES)
    drafts.choose_place_by_search(page, installation)
    drafts.check(page, BENCHES)
    page.locator('input[name="agreed"]').check()
    steps.press(page, "File the petition")
    ncalayer.press(page)
    expect(page).to_have_url(re.compile(r"/en/my-petitions$"))
    expect(page.locator("main")).to_contain_text(BENCHES.title)


NOT_SIGNED: dict[Behaviour, str] = {
    "cancel": "You closed NCALayer's window without signing. Nothing was sent.",
    "old-cancel": "You closed NCALayer's window without signing. Nothing was sent.",
    "error": "NCALayer could not sign with this key (SIGNING_FAILURE).",
    "unclear": "NCALayer's answer cannot be understood.",
    "unknown-module": "Your NCALayer is too old for this.",
    "closed": "NCALayer broke off the connection. Nothing was sent.",
}


@pytest.mark.parametrize(("behaviour", "sentence"), NOT_SIGNED.items())
def test_whatever_goes_wrong_is_said_in_a_sentence_and_may_be_tried_again(
    citizen: OpenPage, installation: Installation, play: Play, behaviour: Behaviour, sentence: str
) -> None:
    play(behaviour)
    page = citizen("aigul")
    ncalayer.ask(page, installation.seeded("open-almaty").id)

    expect(ncalayer.status(page)).to_contain_text(sentence)
    _the_other_way_stands_beside(page)
    expect(page.get_by_role("button", name=ncalayer.BUTTON)).to_be_enabled()
    play("cancel")
    ncalayer.press(page)
    expect(ncalayer.status(page)).to_contain_text("You closed NCALayer's window")


WRONG: dict[Behaviour, str] = {
    "other-person": "another person",
    "expired": "expired",
    "revoked": "revoked",
    "organisation": "organisation",
}


@pytest.mark.parametrize(("behaviour", "reason"), WRONG.items())
def test_a_signature_that_does_not_count_is_refused_with_its_reason(
    citizen: OpenPage, installation: Installation, play: Play, behaviour: Behaviour, reason: str
) -> None:
    play(behaviour)
    page = citizen("aigul")
    ncalayer.ask(page, installation.seeded("open-almaty").id)

    notice = page.locator("main .notice-error")
    expect(notice).to_contain_text(reason)
    expect(notice).to_contain_text("Nothing was stored.")


def test_who_is_not_answered_is_told_where_to_look_and_at_last_let_go(
    citizen: OpenPage, installation: Installation, play: Play
) -> None:
    play("silent")
    page = citizen("aigul")
    page.clock.install()
    ncalayer.show_text(page, installation.seeded("open-almaty").id)
    ncalayer.press(page)
    expect(ncalayer.status(page)).to_contain_text("NCALayer has opened its own window.")

    page.clock.fast_forward(31_000)
    expect(ncalayer.status(page)).to_contain_text("may be hidden behind this one")
    page.clock.fast_forward(300_000)
    expect(ncalayer.status(page)).to_contain_text("did not answer within five minutes")
    _the_other_way_stands_beside(page)


def test_waiting_can_be_stopped_with_the_keyboard(citizen: OpenPage, installation: Installation, play: Play) -> None:
    play("silent")
    page = citizen("aigul")
    ncalayer.show_text(page, installation.seeded("open-almaty").id)
    stop = page.get_by_role("button", name="Stop waiting")
    expect(stop).to_be_hidden()
    page.get_by_role("button", name=ncalayer.BUTTON).press("Enter")
    expect(ncalayer.status(page)).to_contain_text("NCALayer has opened its own window.")
    stop.press("Enter")

    expect(ncalayer.status(page)).to_contain_text("You stopped waiting. Nothing was sent.")
    expect(page.get_by_role("button", name=ncalayer.BUTTON)).to_be_focused()


def test_nothing_is_connected_before_the_button_is_pressed(
    citizen: OpenPage, installation: Installation, play: Play
) -> None:
    play("cancel")
    page, opened = citizen("aigul"), []
    page.on("websocket", lambda socket: opened.append(socket.url))
    ncalayer.show_text(page, installation.seeded("open-almaty").id)
    page.wait_for_load_state("networkidle")
    assert opened == []
    expect(page.locator("form[data-ncalayer]")).to_contain_text("the browser may ask whether this site may reach")
    ncalayer.press(page)
    expect(ncalayer.status(page)).to_contain_text("You closed NCALayer's window")
    assert len(opened) == 1
    assert "IIN" not in page.content()


def test_without_javascript_the_other_ways_are_left(
    citizen: OpenPage, installation: Installation, open_context: Callable[..., BrowserContext]
) -> None:
    page = citizen("aigul", java_script_enabled=False)
    ncalayer.show_text(page, installation.seeded("open-almaty").id)
    expect(page.locator("form[data-ncalayer]")).to_contain_text("This way needs JavaScript")
    expect(page.get_by_role("button", name=ncalayer.BUTTON)).to_be_hidden()
    _the_other_way_stands_beside(page)


def test_the_form_fits_a_narrow_screen(citizen: OpenPage, installation: Installation, play: Play) -> None:
    play("closed")
    page = citizen("aigul", viewport={"width": 320, "height": 640})
    ncalayer.ask(page, installation.seeded("open-almaty").id)
    expect(ncalayer.status(page)).to_contain_text("NCALayer broke off")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


# ---- Chromium's permission


@pytest.fixture
def visit(
    browser: Browser, installation: Installation, citizen: OpenPage, sign_ins: dict[str, StorageState]
) -> Iterator[Callable[..., Page]]:
    """`visit("aigul")`: a page of a Chromium that takes the site for a public one, as everybody's does elsewhere."""
    opened: list[Browser] = []

    def visited(person: str, *arguments: str) -> Page:
        citizen(person)  # signs in where this was not done yet
        public = f"--ip-address-space-overrides={urlsplit(installation.address).netloc}=public"
        options = [*ARGUMENTS, public, *arguments]
        opened.append(browser.browser_type.launch(executable_path=str(CHROMIUM), args=options))
        context = opened[-1].new_context(base_url=installation.address, storage_state=sign_ins[person])
        context.set_default_timeout(WAIT_MS)
        return context.new_page()

    yield visited
    for one in opened:
        one.close()


def test_who_allows_it_signs_from_a_public_site(
    visit: Callable[..., Page], installation: Installation, play: Play
) -> None:
    play("sign")
    page, petition = visit("person-113"), installation.seeded("open-maslikhat")
    page.context.grant_permissions(["local-network-access"])
    ncalayer.ask(page, petition.id)
    expect(page).to_have_url(re.compile(rf"/en/my-joinings/{petition.id}$"))


def test_who_forbids_it_is_told_how_to_allow_it_and_keeps_the_phone(
    visit: Callable[..., Page], installation: Installation, play: Play
) -> None:
    """A browser without a window answers the question with no by itself."""
    play("cancel")
    page, forbidden = visit("aigul"), "The browser keeps this site from reaching NCALayer."
    petition = installation.seeded("open-almaty")
    ncalayer.ask(page, petition.id)
    expect(ncalayer.status(page)).to_contain_text(forbidden)
    _the_other_way_stands_beside(page)

    ncalayer.show_text(page, petition.id)  # from now on it is known before a press
    expect(ncalayer.status(page)).to_contain_text(forbidden)
    page.context.grant_permissions(["local-network-access"])
    expect(ncalayer.status(page)).to_be_empty()
    ncalayer.press(page)
    expect(ncalayer.status(page)).to_contain_text("You closed NCALayer's window")


def test_who_has_no_program_is_told_so_and_keeps_the_phone(
    visit: Callable[..., Page], installation: Installation
) -> None:
    program = urlsplit(ncalayer.address(installation)).netloc
    page = visit("aigul", f"--host-resolver-rules=MAP {program} 127.0.0.1:{free_port()}")
    page.context.grant_permissions(["local-network-access"])
    ncalayer.ask(page, installation.seeded("open-almaty").id)
    expect(ncalayer.status(page)).to_contain_text("NCALayer did not answer. Start it")
    _the_other_way_stands_beside(page)


def _the_other_way_stands_beside(page: Page) -> None:
    expect(page.get_by_alt_text("Code for the app eGov Mobile")).to_be_visible()
    expect(page.get_by_role("heading", name="With your phone")).to_be_visible()
