"""A signer's proof: the promise at once, the receipt a moment later, and a page that believes nobody."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FileChooser, Locator, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.examining import violations
from tests.journeys.installation import Installation

HELD: dict[str, str] = {}


@pytest.fixture
def receipt(citizen: OpenPage, installation: Installation) -> dict[str, str]:
    """Receipt and promise of one joining, brought home once a process: its installation is one as well."""
    if not HELD:
        page = citizen("person-150")
        steps.join(page, installation.seeded("open-maslikhat").id)
        expect(page.get_by_role("link", name="Download the receipt")).to_be_visible()
        HELD["name"], HELD["text"] = downloaded(page, "Download the receipt")
        HELD["promise"] = downloaded(page, "Download the promise")[1]
    return HELD


def verdict(page: Page) -> Locator:
    return page.locator("[data-verdict-place]")


def marked(page: Page, kind: str = "receipt") -> dict[str, str]:
    """What the page says of each step: its name and the mark it shows."""
    items = page.locator(f'[data-steps="{kind}"] > li')
    return {
        items.nth(place).get_attribute("data-step") or "": items.nth(place).locator("[data-mark]:visible").inner_text()
        for place in range(items.count())
    }


def paste(page: Page, text: str) -> None:
    page.locator("#receipt-text").fill(text)
    steps.press(page, "Check")


def downloaded(page: Page, link: str) -> tuple[str, str]:
    """Name and text of the file behind a link, which may stand in a part of the page that is closed."""
    around = page.locator("details:not([open])").filter(has_text=link)
    if around.count():
        around.locator("summary").click()
    with page.expect_download() as download:
        steps.follow(page, link)
    return download.value.suggested_filename, Path(download.value.path()).read_text()


def test_a_citizen_gets_the_promise_at_once_and_the_receipt_a_moment_later(
    citizen: OpenPage, installation: Installation
) -> None:
    page, petition = citizen("person-151"), installation.seeded("open-maslikhat")
    steps.give_email(page, installation, "holder@demo.invalid")
    steps.join(page, petition.id)
    page.evaluate("window.isTheSamePage = true")
    came_early = page.locator("[data-joining][data-sealed-url]").count() > 0  # the worker may be quicker than the page
    promise = page.locator("details").filter(has_text="The signed promise").locator("pre")
    expect(promise).to_contain_text(f"promise demo.invalid/log/{petition.id}")

    expect(page.get_by_role("link", name="Download the receipt")).to_be_visible()
    assert page.evaluate("window.isTheSamePage"), "the receipt comes without a new page"
    expect(page.locator("main")).to_contain_text("You have joined this petition.")
    if came_early:
        expect(page.locator("[data-joining-status]")).to_have_text("Your receipt is ready.")
    expect(page.locator("dl").first).to_contain_text("Counted")
    name, _text = downloaded(page, "Download the receipt")
    assert re.fullmatch(rf"receipt-{petition.id}-\d+\.tlog-proof", name)

    name, _text = downloaded(page, "Download the promise")
    assert name == f"promise-{petition.id}.txt"

    steps.press(page, "Send me the receipt by e-mail")
    letter = steps.letter_to(installation, "holder@demo.invalid", f"/my-joinings/{petition.id}")
    assert "/verify" in letter


def test_the_receipt_dropped_on_the_page_is_verified_without_any_network(
    open_context: OpenContext, receipt: dict[str, str]
) -> None:
    context = open_context()
    page = context.new_page()
    page.goto("/en/verify", wait_until="networkidle")
    context.set_offline(True)
    dropped: Any = page.evaluate_handle(
        """([name, text]) => {
          const files = new DataTransfer();
          files.items.add(new File([text], name));
          return files;
        }""",
        [receipt["name"], receipt["text"]],
    )
    page.locator("main").dispatch_event("drop", {"dataTransfer": dropped})
    expect(verdict(page)).to_contain_text("Verified: the joining is in the log")
    assert marked(page).pop("witnesses") == "None here"
    assert set(marked(page).values()) == {"Right", "None here"}
    expect(page.locator("[data-facts]")).to_contain_text("SHA-256 of the signature")

    paste(page, receipt["promise"])
    expect(verdict(page)).to_contain_text("Verified: the promise is the site's own")
    assert marked(page, "promise") == {"form": "Right", "origin": "Right", "signature": "Right"}
    context.set_offline(False)


def test_a_file_chosen_by_keyboard_alone_is_verified_and_compared_with_now(
    open_context: OpenContext, receipt: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / receipt["name"]
    file.write_text(receipt["text"])
    page = open_context(viewport={"width": 320, "height": 640}).new_page()
    choosers: list[FileChooser] = []
    page.on(
        "filechooser", lambda chooser: choosers.append(chooser)
    )  # from the start: the browser learns of it in its own time
    page.goto("/en/verify", wait_until="networkidle")
    for _press in range(5):  # a busy machine may lose the first one, as it does to people
        page.bring_to_front()
        page.locator("#receipt-file").focus()
        expect(page.locator("#receipt-file")).to_be_focused()
        page.keyboard.press("Space")
        page.wait_for_timeout(1000)
        if choosers:
            break
    assert choosers, "Space opens no list of files"
    choosers[0].set_files(file)
    expect(verdict(page)).to_contain_text("Verified")
    for _step in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-now-button]')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("[data-now-place]")).to_contain_text("The log as it stands now still holds it")
    assert marked(page, "now") == {"checkpoint": "Right", "growth": "Right", "place": "Right"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not violations(Axe(), page)


def changed(receipt: str, where: str) -> str:
    """The receipt with one thing changed that somebody who cheats would change."""
    lines = receipt.split("\n")
    note = lines.index("") + 1
    other = {"A": "B"}

    def flip(line: str, at: int) -> str:
        return line[:at] + other.get(line[at], "A") + line[at + 1 :]

    if where == "form":
        lines[0] = "c2sp.org/tlog-proof@v2"
    elif where == "entry":
        entry = base64.b64decode(lines[1].removeprefix("extra ")).replace(b"joining", b"Joining")
        lines[1] = "extra " + base64.b64encode(entry).decode()
    elif where == "path":
        lines[3] = flip(lines[3], 5)
    elif where == "count":
        lines[note + 3] = re.sub(r"\d+$", "7", lines[note + 3])
    elif where == "origin":
        return receipt.replace("demo.invalid/log", "demo.example/log")
    elif where == "signature":
        lines[-2] = flip(lines[-2], len(lines[-2]) - 20)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("where", "title"),
    [
        ("form", "The form"),
        ("entry", "The entry"),
        ("path", "The path"),
        ("count", "The number"),
        ("origin", "The log"),
        ("signature", "The signature"),
    ],
)
def test_a_changed_receipt_is_refused_at_the_step_that_fails(
    reader: Page, receipt: dict[str, str], where: str, title: str
) -> None:
    reader.goto("/en/verify")
    paste(reader, changed(receipt["text"], where))
    expect(verdict(reader)).to_contain_text("Not proven")
    expect(verdict(reader)).to_contain_text(f"The check stopped at this step: {title}.")
    marks = marked(reader)
    before, _failed, after = ",".join(marks).partition(where)
    assert marks[where] == "Wrong"
    assert {marks[name] for name in before.split(",") if name} <= {"Right"}
    assert {marks[name] for name in after.split(",") if name} <= {"Not reached"}
    expect(reader.locator("[data-now]")).to_be_hidden()


def test_what_is_no_receipt_and_nothing_at_all_are_answered_in_words(reader: Page) -> None:
    reader.goto("/en/verify")
    steps.press(reader, "Check")
    expect(reader.locator("#receipt-text-error")).to_be_visible()
    expect(reader.locator("#receipt-text")).to_be_focused()
    for text in ("a poem", "promise\n", "c2sp.org/tlog-proof@v1\n", "\x00\ufffd"):
        paste(reader, text)
        expect(verdict(reader)).to_contain_text("The check stopped at this step: The form.")


def test_without_javascript_the_page_points_to_the_stand_alone_verifier(open_context: OpenContext) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/en/verify")
    expect(page.locator("form[data-verify]")).to_be_hidden()
    expect(page.locator("[data-needs-script]").get_by_role("link", name="verifier.py")).to_be_visible()


def judged(page: Page) -> dict[str, str]:
    """What the site's own page says of each step, by the step's name."""
    rows = page.locator("[data-steps] > li").all()
    return {row.get_attribute("data-step") or "": row.locator(".tag").inner_text() for row in rows}


def stopped_at(page: Page) -> str:
    """The step at which the site's own check stopped: the only one that is marked as wrong."""
    wrong = page.locator("[data-steps] > li").filter(has=page.locator(".tag-bad"))
    expect(wrong).to_have_count(1)
    return wrong.get_attribute("data-step") or ""


def send_to_the_site(page: Page, text: str) -> None:
    page.locator('main textarea[name="text"]').fill(text)
    with page.expect_navigation():
        page.locator('main form[enctype] button[type="submit"]').click()


def test_without_javascript_a_citizen_takes_the_receipt_and_the_site_checks_it(
    citizen: OpenPage, open_context: OpenContext, installation: Installation, tmp_path: Path
) -> None:
    page, petition = citizen("person-061", java_script_enabled=False), installation.seeded("open-maslikhat")
    steps.join(page, petition.id)
    page.goto(f"/kk/my-joinings/{petition.id}")
    link = page.locator('main a.button[href*="/proof"]')
    steps.reload_until(page, lambda _page: link.count() == 1, "sealed")
    with page.expect_download() as download:
        link.click()
    file = tmp_path / download.value.suggested_filename
    file.write_text(Path(download.value.path()).read_text())

    anybody = open_context(java_script_enabled=False).new_page()
    anybody.goto("/kk/verify")
    anybody.locator('[data-needs-script] a[href="/kk/verify/here"]').click()
    anybody.locator('main input[type="file"]').set_input_files(file)
    send_to_the_site(anybody, "")
    expect(anybody.locator("main .notice-success")).to_contain_text(str(petition.id))
    assert set(judged(anybody)) == {"form", "entry", "path", "count", "origin", "signature", "witnesses"}
    expect(anybody.locator("main .tag-bad")).to_have_count(0)
    expect(anybody.locator("main .summary")).to_contain_text(str(petition.id))
    expect(anybody.locator('main textarea[name="text"]')).to_have_value("")


def test_without_javascript_the_site_refuses_what_was_changed_and_what_is_no_receipt(
    open_context: OpenContext, receipt: dict[str, str]
) -> None:
    page, text = open_context(java_script_enabled=False).new_page(), receipt["text"]
    page.goto("/ru/verify/here")
    refusals = [(where, changed(text, where)) for where in ("entry", "path", "count", "origin", "signature")]
    nonsense = ("Бұл түбіртек емес, өлең.", text[: len(text) // 3], "c2sp.org/tlog-proof@v1\n", "<b>\ufffd</b>")
    for where, sent in (*refusals, *(("form", each) for each in nonsense)):
        send_to_the_site(page, sent)
        expect(page.locator("main .notice-error")).to_be_visible()
        assert stopped_at(page) == where
        expect(page.locator("main .notice-success, main .summary")).to_have_count(0)
    send_to_the_site(page, "")
    expect(page.locator("#error-summary li")).to_have_count(1)
    expect(page.locator("main .notice-error, main .notice-success")).to_have_count(0)
    send_to_the_site(page, receipt["promise"])
    expect(page.locator("main .notice-success")).to_be_visible()
    assert set(judged(page)) == {"form", "origin", "signature"}


def test_without_javascript_the_receipt_is_one_link_away(citizen: OpenPage, installation: Installation) -> None:
    page, petition = citizen("person-138", java_script_enabled=False), installation.seeded("open-maslikhat")
    steps.join(page, petition.id)
    again = page.get_by_role("link", name="Show again")
    while again.count():
        with page.expect_navigation():
            again.click()
    expect(page.get_by_role("link", name="Download the receipt")).to_be_visible()
    page.goto("/en/my-joinings")
    expect(page.locator("main article").filter(has_text=petition.title)).to_contain_text(
        "Receipt of the joining: entry"
    )


def test_everybody_reads_how_the_number_is_proven(reader: Page, installation: Installation) -> None:
    petition = installation.seeded("open-almaty")
    reader.set_viewport_size({"width": 320, "height": 640})
    reader.goto(f"/en/petitions/{petition.id}")
    reader.get_by_role("region", name="Citizens joined over time").get_by_role(
        "link", name="How this number is proven", exact=True
    ).click()
    expect(reader.locator("h1")).to_have_text("How this number is proven")
    expect(reader.locator("main")).to_contain_text(f"demo.invalid/log/{petition.id}+")
    assert reader.evaluate("document.documentElement.scrollWidth") <= 320
    assert not violations(Axe(), reader)
