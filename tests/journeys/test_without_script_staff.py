"""The administrator's tables, and a sheet of paper, by members of staff whose browsers run no script."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Page, expect

from petitions.identity.simulators import people
from tests.journeys import steps
from tests.journeys.conftest import OpenPage
from tests.journeys.installation import Installation
from tests.journeys.prepared import PNG

PLAIN = {"java_script_enabled": False}
ORDER = "Басшының 2026 жылғы 10 маусымдағы № 5-д бұйрығы (скриптсіз, демо)"
SETTING, MORE = "comment_reports_a_day", "25"
MONDAY, DAY_OFF = "2026-12-28", "Көңіл күні (демо)"
"""So late in the year that no term of the demonstration runs over it."""
AGENCY = "atom"
RURAL, DISTRICT, NEW_UNIT = "114445000", "114400000", "114498000"
SIGNER = "person-070"
INVITED = "plain-officer@demo.invalid"
REFERENCE = "ПП-2026/6"


def is_refused(page: Page, *fields: str) -> None:
    """The page says what is wrong before everything else, and beside these fields."""
    expect(page.locator("#error-summary li")).to_have_count(len(fields))
    for name in fields:
        expect(page.locator(f"#{name}-error")).to_be_visible()


def send(page: Page) -> None:
    """The only form of the page's content."""
    with page.expect_navigation():
        page.locator("main form .actions button").first.click()


def search(page: Page, words: str) -> None:
    page.locator("main form[role=search] input[name=q]").fill(words)
    page.locator("main form[role=search] button").click()


def test_a_setting_is_changed_with_its_reason_and_put_back(staff: OpenPage, reader: Page) -> None:
    page, row = staff("administrator", **PLAIN), f"#{SETTING.replace('_', '-')}"
    page.goto("/en/console/settings")
    page.locator(f'main a[href$="/settings/{SETTING}"]').click()
    steps.fill(page, {"value": "many", "reason": ""})
    send(page)
    is_refused(page, "reason")
    steps.fill(page, {"reason": ORDER})
    send(page)
    is_refused(page, "value")
    expect(page.locator('[name="reason"]')).to_have_value(ORDER)

    steps.fill(page, {"value": MORE})
    send(page)
    expect(page.locator(".flashes")).to_be_visible()
    steps.goto_until(reader, "/en/rules", steps.says(ORDER, row), "told with its reason")
    assert f"Now: {MORE}" in reader.locator(row).inner_text()

    page.locator('main form[action$="/reset"] button').click()
    steps.reload_until(reader, lambda shown: not steps.says(ORDER, row)(shown), "back to the default")


def test_a_day_of_the_calendar_is_looked_at_kept_and_taken_out(staff: OpenPage, reader: Page) -> None:
    page = staff("administrator", **PLAIN)
    page.goto("/en/console/calendar")
    page.locator('main a[href$="/calendar/day"]').click()
    steps.fill(page, {"day": MONDAY} | {f"name_{language}": DAY_OFF for language in ("kk", "ru", "en")})
    send(page)
    is_refused(page, "kind", "act")
    steps.choose(page, "kind", "moved_day_off")
    steps.fill(page, {"act": ORDER})
    send(page)
    expect(page).to_have_url(re.compile("/calendar/preview$"))
    send(page)
    expect(page).to_have_url(re.compile(r"/calendar\?year=2026$"))
    steps.goto_until(reader, "/en/rules", steps.says(DAY_OFF, 'section[aria-labelledby="calendar"]'), "kept")

    page.locator(f'main a[href*="day={MONDAY}"]').click()
    expect(page.locator('[name="act"]')).to_have_value(ORDER)
    page.locator('main a[href*="/calendar/removal"]').click()
    steps.fill(page, {"act": ORDER})
    send(page)
    send(page)
    expect(page).to_have_url(re.compile(r"/calendar\?year=2026$"))
    expect(page.locator("main table")).not_to_contain_text(DAY_OFF)
    steps.reload_until(reader, lambda shown: not steps.says(DAY_OFF)(shown), "taken out")


def test_a_body_has_another_name_for_its_head(staff: OpenPage, reader: Page) -> None:
    page, title = staff("administrator", **PLAIN), "Chair for a while (demo)"
    page.goto("/en/console/bodies")
    search(page, "Atomic")
    page.locator(f'main a[href$="/bodies/{AGENCY}"]').click()
    before = page.locator('[name="head_title_en"]').input_value()
    steps.fill(page, {"name_ru": "", "head_title_en": title})
    send(page)
    is_refused(page, "name_ru")
    expect(page.locator('[name="head_title_en"]')).to_have_value(title)

    page.goto(f"/en/console/bodies/{AGENCY}")
    steps.fill(page, {"head_title_en": title})
    send(page)
    steps.goto_until(reader, f"/en/bodies/{AGENCY}", steps.says(title), "called so")
    steps.fill(page, {"head_title_en": before})
    send(page)
    steps.reload_until(reader, lambda shown: not steps.says(title)(shown), "called as before")


def test_a_place_has_a_newer_figure_and_its_district_one_unit_more(staff: OpenPage, reader: Page) -> None:
    page = staff("administrator", **PLAIN)
    page.goto("/en/console/territories")
    search(page, RURAL)
    page.locator(f'main a[href$="/territories/{RURAL}"]').click()
    figure = {"population": "0", "on_date": "2026-01-01", "source": "Статистика бюросы (скриптсіз, демо)"}
    steps.fill(page, figure)
    steps.press(page, "Keep the figure")
    is_refused(page, "population")
    steps.fill(page, {"population": "1717"})
    steps.press(page, "Keep the figure")
    expect(page.locator("main .summary").first).to_contain_text(re.compile(r"1\D?717"))
    shown = lambda place: bool(re.search(r"1\D?717", place.locator("main").inner_text()))  # noqa: E731
    steps.goto_until(reader, f"/en/territories/{RURAL}", shown, "counted with it")

    page.goto(f"/en/console/territories/{DISTRICT}")
    page.locator('main a[href$="/new-unit"]').click()
    names = {"name_kk": "Сынақ ауылдық округі", "name_ru": "Пробный сельский округ", "name_en": "Trial Rural District"}
    steps.fill(page, {"kato": RURAL, **names})
    steps.choose(page, "kind", "rural_district")
    send(page)
    is_refused(page, "kato")
    steps.fill(page, {"kato": NEW_UNIT})
    send(page)
    expect(page).to_have_url(re.compile(f"/territories/{NEW_UNIT}$"))
    steps.goto_until(reader, f"/kk/territories/{NEW_UNIT}", steps.says(names["name_kk"], "h1"), "there for everybody")


def test_an_officer_is_invited_to_one_of_several_bodies_and_shut_out_again(staff: OpenPage) -> None:
    page = staff("administrator", **PLAIN)
    page.goto("/en/console/staff")
    page.locator('main a[href$="/staff/invitation"]').click()
    steps.fill(page, {"email": INVITED, "display_name": "Скриптсіз қызметкер (демо)"})
    steps.choose(page, "roles", "officer")
    send(page)
    is_refused(page, "body")
    steps.fill(page, {"body": "Егіндікөл"})
    send(page)
    is_refused(page, "body")
    assert page.locator('[name="body_choice"]').count() > 1, "several bodies have this word in their names"
    steps.choose(page, "body_choice", f"maslikhat-{DISTRICT}")
    send(page)
    steps.prove_if_asked(page)
    expect(page.locator('main .notice a[href*="/staff/invitation/"]')).to_have_count(1)

    invited = page.locator("main li").filter(has_text=INVITED)
    invited.get_by_role("link").first.click()
    with page.expect_navigation():
        page.locator('main form[action$="/disabling"] button').click()
    expect(page.locator('main form[action$="/enabling"]')).to_have_count(1)


def register(page: Page, petition_id: int, *, scan: bool) -> None:
    fields = {"petition": str(petition_id), "reference": REFERENCE, "lines": "2", "received_on": "2026-06-10"}
    steps.fill(page, fields)
    if scan:
        picture = FilePayload(name="sheet.png", mimeType="image/png", buffer=PNG + REFERENCE.encode())
        page.locator('main input[type="file"]').set_input_files(picture)
    send(page)


def type_in(page: Page, place: int, key: str, *, surname: str | None = None) -> None:
    one = people.person(key)
    names = {"iin": one.iin, "surname": surname or one.surname, "given_name": one.given_name}
    steps.fill(page, {f"lines-{place}-{name}": text for name, text in names.items()})


def test_a_sheet_of_paper_is_registered_corrected_and_counted(
    staff: OpenPage, reader: Page, installation: Installation
) -> None:
    petition = installation.seeded("open-government")
    before = steps.joined(reader, petition.id)
    moderator, senior = staff("moderator", **PLAIN), staff("senior", **PLAIN)
    moderator.goto("/en/console/paper-sheets")
    moderator.locator('main a[href$="/paper-sheets/new"]').click()
    register(moderator, petition.id, scan=False)
    is_refused(moderator, "scan")
    expect(moderator.locator('[name="reference"]')).to_have_value(REFERENCE)
    register(moderator, petition.id, scan=True)
    expect(moderator.locator("h1")).to_contain_text(REFERENCE)
    sheet = moderator.url
    moderator.locator('main a[href$="/lines"]').click()
    type_in(moderator, 0, SIGNER, surname="Қатенов")
    moderator.locator('[name="lines-1-unreadable"]').check()
    send(moderator)
    expect(moderator.locator('main a[href$="/confirmation"]')).to_have_count(0)

    senior.goto(sheet)
    senior.locator('main a[href$="/correction"]').click()
    send(senior)
    is_refused(senior, "note")
    steps.fill(senior, {"note": ORDER})
    send(senior)

    moderator.goto(sheet)
    expect(moderator.locator("main .notice-info")).to_contain_text(ORDER)
    moderator.locator('main a[href$="/lines"]').click()
    expect(moderator.locator('[name="lines-0-surname"]')).to_have_value("Қатенов")
    type_in(moderator, 0, SIGNER)
    send(moderator)

    senior.goto(sheet)
    senior.locator('main a[href$="/confirmation"]').click()
    expect(senior.get_by_role("img", name="The scan of the sheet")).to_be_visible()
    senior.locator('input[name="compared"]').check()
    send(senior)
    expect(senior.locator('section[aria-labelledby="outcomes"] tbody tr')).to_have_count(2)
    page = f"/en/petitions/{petition.id}"
    steps.goto_until(reader, page, lambda shown: steps.count(shown) == before + 1, "the sheet is counted")
