"""Passing a public petition on: card, short link, poster, badge, the answer as a document; others go nowhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from petitions import clock
from petitions.config import ROOT
from petitions.db import reading
from petitions.law.states import Event, State
from petitions.law.working_days import end_of_day
from petitions.lifecycle import queries as lifecycle
from petitions.sharing import cards, drawing, posters, queries
from tests import making

PNG, PDF = b"\x89PNG\r\n\x1a\n", b"%PDF-"
FILES = (
    "/en/petitions/{ref}/share",
    "/en/petitions/{ref}/poster.pdf",
    "/en/petitions/{ref}/card/0000000000000000.png",
    "/en/petitions/{ref}/decision/1.pdf",
)


def an_open_one() -> int:
    petition_id = making.a_petition_in(State.OPEN)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    return petition_id


def card_address(client: FlaskClient, petition_id: int, language: str = "en") -> str:
    """The path of the card as the petition's page names it."""
    text = client.get(f"/{language}/petitions/{petition_id}").get_data(as_text=True)
    found = re.search(r'property="og:image" content="http://localhost(/[^"]+)"', text)
    assert found
    return found[1]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_card_that_the_page_names_is_drawn_once_and_asked_for_anew_every_hour(
    client: FlaskClient, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition_id = an_open_one()
    address = card_address(client, petition_id, language)
    card = client.get(address)
    assert card.status_code == 200
    assert card.mimetype == "image/png"
    assert card.data.startswith(PNG)
    assert (int.from_bytes(card.data[16:20]), int.from_bytes(card.data[20:24])) == (1200, 630)
    # Not for a year: a copy between us and the reader would outlive a take-down.
    assert card.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in card.headers
    monkeypatch.setattr(drawing, "draw", None)
    again = client.get(address, headers={"If-None-Match": card.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_another_count_makes_another_card_only_when_it_has_moved_a_step(client: FlaskClient) -> None:
    petition_id = an_open_one()  # 50 of 60: a step is one
    before = card_address(client, petition_id)
    making.joined(petition_id, 1, making.moment_of(petition_id) + timedelta(minutes=1), sealed=True)
    moved = card_address(client, petition_id)
    assert before != moved
    large = making.a_petition_in(State.OPEN, addressee="government")  # 50 of 50 000: a step is a thousand
    making.law_time(making.moment_of(large) + timedelta(minutes=5))
    standing = card_address(client, large)
    making.joined(large, 1, making.moment_of(large) + timedelta(minutes=1), sealed=True)
    assert card_address(client, large) == standing
    old = client.get(before)
    assert old.status_code == 302
    assert old.headers["Location"] == moved


def test_the_card_says_what_stays_true(sqlite_app: Flask) -> None:
    petition_id = an_open_one()
    with sqlite_app.test_request_context("/en/"), reading() as session:
        sqlite_app.preprocess_request()
        shown = queries.petition(session, str(petition_id), clock.now())
        said = cards.card(shown, "Халық үні", "https://petitions.example")
    assert said["stands"] == "Joined: 50 or more. Needed: 60."
    assert said["share"] == 83
    assert said["address"] == f"petitions.example/p/{petition_id}"


@pytest.mark.parametrize(
    ("counted", "needed", "least"),
    [(71, 533, 70), (132, 23_480, 100), (9, 23_480, 1), (0, 60, 0), (12_345, 50_000, 12_000)],
)
def test_the_number_on_the_card_is_round(counted: int, needed: int, least: int) -> None:
    assert cards.rounded_down(counted, needed) == least


def test_what_was_reached_stays_reached_on_the_card(sqlite_app: Flask) -> None:
    petition_id = making.a_petition_in(State.SENT)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    with sqlite_app.test_request_context("/en/"), reading() as session:
        sqlite_app.preprocess_request()
        shown = queries.petition(session, str(petition_id), clock.now())
        said = cards.card(replace(shown, counted=59), "Халық үні", "https://p.example")
    assert said["share"] == 100


def test_a_petition_whose_answer_is_overdue_says_so_wherever_it_travels(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.EXAMINATION)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    with reading() as session:
        due = next(c.due_on for c in lifecycle.clocks(session, petition_id) if c.kind == "consideration")
    in_time = card_address(client, petition_id)
    assert "Overdue" not in client.get(f"/embed/{petition_id}?lang=en").get_data(as_text=True)
    making.law_time(end_of_day(due) + timedelta(days=1))
    address = card_address(client, petition_id)
    assert address != in_time
    assert client.get(address).data.startswith(PNG)
    assert client.get(in_time).headers["Location"] == address
    assert '<span class="tag tag-bad">Overdue</span>' in client.get(f"/embed/{petition_id}?lang=en").get_data(
        as_text=True
    )
    page = client.get(f"/en/petitions/{petition_id}").get_data(as_text=True)
    assert re.search(r'<meta name="description" content="Overdue\. The answer was due on [^"]+"', page)
    assert '<span class="tag tag-bad">Overdue by 2 working days</span>' in page
    with client.application.test_request_context("/en/"), reading() as session:
        client.application.preprocess_request()
        said = cards.card(queries.petition(session, str(petition_id), clock.now()), "Халық үні", "https://p.example")
    assert said["late"] and said["stands"].startswith("Overdue. The answer was due on ")


def test_an_answered_petition_names_its_outcome_wherever_it_travels(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.PUBLISHED)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    assert "Answered: Satisfied fully" in client.get(f"/embed/{petition_id}?lang=en").get_data(as_text=True)
    page = client.get(f"/en/petitions/{petition_id}").get_data(as_text=True)
    assert '<meta name="description" content="Answered: Satisfied fully' in page
    with client.application.test_request_context("/en/"), reading() as session:
        client.application.preprocess_request()
        said = cards.card(queries.petition(session, str(petition_id), clock.now()), "Халық үні", "https://p.example")
    assert said["stands"] == "Answered: Satisfied fully"
    assert not said["late"]


def test_the_first_who_join_are_seen_on_the_card(sqlite_app: Flask) -> None:
    petition_id = making.a_petition_in(State.OPEN, addressee="government")  # 50 of 50 000: a step is a thousand
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    with sqlite_app.test_request_context("/en/"), reading() as session:
        sqlite_app.preprocess_request()
        said = cards.card(queries.petition(session, str(petition_id), clock.now()), "Халық үні", "https://p.example")
    assert said["share"] == 1
    assert said["stands"] == "Joined: 1 or more. Needed: 50,000."


def test_the_short_link_leads_to_the_petition_in_the_language_of_the_reader(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN, language="ru")
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    for wanted, language in (("ru,en;q=0.5", "ru"), ("en-GB", "en"), ("kk", "kk"), ("ja", "ru"), ("", "ru")):
        answer = client.get(f"/p/{petition_id}", headers={"Accept-Language": wanted})
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/{language}/petitions/{petition_id}"
        assert "Accept-Language" in answer.headers["Vary"]
        shared = client.get(f"/kk/p/{petition_id}", headers={"Accept-Language": wanted})
        assert shared.headers["Location"] == f"/kk/petitions/{petition_id}"


def test_what_is_known_by_its_link_only_has_no_short_link_card_poster_or_badge(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.SUPPORTING)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    with reading() as session:
        standing = lifecycle.standing(session, petition_id)
    for ref in (petition_id, standing.link_token):
        for address in ("/p/{ref}", "/ru/p/{ref}", *FILES):
            assert client.get(address.format(ref=ref)).status_code == 404, address
        badge = client.get(f"/embed/{ref}?lang=en")
        assert badge.status_code == 404
        assert standing.title not in badge.get_data(as_text=True)
    own = client.get(f"/en/petitions/{standing.link_token}").get_data(as_text=True)
    assert "og:image" not in own
    assert "Private link" in own
    assert "t.me" not in own
    assert "/p/" not in own


def test_a_hidden_text_goes_nowhere(client: FlaskClient) -> None:
    petition_id = making.a_filed_petition()
    at = making.AT + timedelta(hours=1)
    making.refuse(petition_id, at, hides_text=True)
    making.law_time(at)
    with reading() as session:
        title = lifecycle.standing(session, petition_id).title
    for address in FILES:
        assert client.get(address.format(ref=petition_id)).status_code == 404, address
    assert client.get(f"/p/{petition_id}").status_code == 302  # its page is public: it says why
    badge = client.get(f"/embed/{petition_id}?lang=en").get_data(as_text=True)
    page = client.get(f"/en/petitions/{petition_id}").get_data(as_text=True)
    assert "its text is hidden" in badge
    assert "Read why it was refused" in badge and "Read the petition" not in badge
    assert title not in badge
    assert title not in page
    assert making.CONTENT not in page


def test_what_was_taken_down_is_gone_everywhere(client: FlaskClient) -> None:
    petition_id = an_open_one()
    address = card_address(client, petition_id)
    at = making.moment_of(petition_id) + timedelta(minutes=6)
    making.record(petition_id, Event.TAKEN_DOWN, at, act="Court order No 1")
    making.law_time(at)
    for path in (
        f"/p/{petition_id}",
        f"/kk/p/{petition_id}",
        address,
        *(each.format(ref=petition_id) for each in FILES),
    ):
        assert client.get(path).status_code == 410, path
    badge = client.get(f"/embed/{petition_id}?lang=en")
    assert badge.status_code == 410
    text = badge.get_data(as_text=True)
    assert "was taken down by a legal order" in text and "not public" not in text


def test_the_badge_can_be_framed_anywhere_and_do_nothing(client: FlaskClient) -> None:
    petition_id = an_open_one()
    badge = client.get(f"/embed/{petition_id}?lang=en&theme=dark")
    text = badge.get_data(as_text=True)
    policy = badge.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy and "default-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert "Set-Cookie" not in badge.headers
    assert not re.search(r"<(script|form|input|button|iframe)", text)
    assert 'data-colours="dark"' in text
    assert "50 of 60" in text
    assert all('target="_blank"' in link and 'rel="noopener"' in link for link in re.findall(r"<a [^>]+>", text))
    assert "/joining" not in text
    assert "frame-ancestors 'none'" in client.get("/en/").headers["Content-Security-Policy"]


def test_the_badge_speaks_the_language_that_was_asked_for_else_that_of_the_petition(client: FlaskClient) -> None:
    petition_id = an_open_one()
    for query, language in (("lang=ru", "ru"), ("lang=en", "en"), ("", "kk"), ("lang=xx&theme=red", "kk")):
        text = client.get(f"/embed/{petition_id}?{query}", headers={"Accept-Language": "en"}).get_data(as_text=True)
        assert f'<html lang="{language}" dir="ltr">' in text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_poster_is_a_tagged_document_in_every_language(client: FlaskClient, language: str) -> None:
    poster = client.get(f"/{language}/petitions/{an_open_one()}/poster.pdf")
    assert poster.status_code == 200
    assert poster.data.startswith(PDF)
    assert b"pdfuaid" in poster.data
    assert poster.headers["Content-Disposition"].startswith("inline; filename=petition-")


def test_the_code_on_the_poster_is_the_short_link(sqlite_app: Flask) -> None:
    petition_id = an_open_one()
    with sqlite_app.test_request_context("/ru/"), reading() as session:
        sqlite_app.preprocess_request()
        shown = queries.petition(session, str(petition_id), clock.now())
        told = posters.poster(
            shown, f"https://petitions.example/p/{petition_id}", "Халық үні", shown.standing.closes_at
        )
    assert told["address"] == f"petitions.example/p/{petition_id}"
    assert [caption["lang"] for caption in told["captions"]] == ["ru", "kk", "en"]
    assert told["code"].startswith("<svg")


def test_the_answer_is_a_tagged_document(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.PUBLISHED)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    page = client.get(f"/en/petitions/{petition_id}").get_data(as_text=True)
    assert f"/en/petitions/{petition_id}/decision/1.pdf" in page
    answer = client.get(f"/en/petitions/{petition_id}/decision/1.pdf")
    assert answer.data.startswith(PDF)
    assert b"pdfuaid" in answer.data
    assert client.get(f"/en/petitions/{petition_id}/decision/2.pdf").status_code == 404


def test_a_decision_that_is_not_published_has_no_document(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.DECIDED)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    assert client.get(f"/en/petitions/{petition_id}/decision/1.pdf").status_code == 404


def test_the_page_of_sharing_offers_plain_links_and_code_to_copy(client: FlaskClient) -> None:
    petition_id = an_open_one()
    page = client.get(f"/en/petitions/{petition_id}/share?badge_lang=ru&badge_theme=light")
    text = page.get_data(as_text=True)
    assert f'value="http://localhost/en/p/{petition_id}"' in text
    for place in ("https://t.me/share/url?", "https://wa.me/?", "https://vk.com/share.php?", "mailto:?"):
        assert place in unescape(text)
    code = unescape(text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0])
    assert f'src="http://localhost/embed/{petition_id}?lang=ru&amp;theme=light"' in code
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in code
    assert "<script" not in code
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_title_that_looks_like_markup_or_code_is_drawn_as_words(client: FlaskClient) -> None:
    petition_id = making.a_petition_in(State.OPEN, title='#eval("1") *жол* <script>alert(1)</script> "кілт" $x$')
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    assert client.get(card_address(client, petition_id)).data.startswith(PNG)
    assert client.get(f"/en/petitions/{petition_id}/poster.pdf").data.startswith(PDF)
    assert "<script>alert" not in client.get(f"/en/petitions/{petition_id}/share").get_data(as_text=True)


@pytest.mark.parametrize(
    "title", ["Мектепке ас керек 😀", "Мектепке жаңа бумаға керек 中文", "Ауылға жаңа жол керек \u2713\u2717 →≥"]
)
def test_a_letter_that_the_fonts_have_not_costs_nobody_the_poster(client: FlaskClient, title: str) -> None:
    petition_id = making.a_petition_in(State.OPEN, title=title)
    making.law_time(making.moment_of(petition_id) + timedelta(minutes=5))
    poster = client.get(f"/kk/petitions/{petition_id}/poster.pdf")
    assert poster.data.startswith(PDF)
    assert b"StructTreeRoot" in poster.data  # tagged, though it cannot call itself PDF/UA


def test_whoever_comes_when_many_wait_for_a_drawing_is_not_kept_waiting(client: FlaskClient) -> None:
    petition_id = an_open_one()
    address = f"/kk/petitions/{petition_id}/poster.pdf"
    places = [drawing._places.acquire(blocking=False) for _each in range(drawing.MOST_WAITING + 1)]
    try:
        assert all(places)
        assert client.get(address).status_code == 503
    finally:
        for _each in places:
            drawing._places.release()
    assert client.get(address).status_code == 200


def test_the_card_of_the_site_is_drawn(client: FlaskClient) -> None:
    first = client.get("/kk/card/0000000000000000.png")
    assert first.status_code == 302
    assert client.get(first.headers["Location"]).data.startswith(PNG)


def test_drawings_use_the_colours_of_the_pages() -> None:
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text()
    frame = (ROOT / "templates" / "sharing" / "frame.typ").read_text()
    for name, colour in re.findall(r'#let ([a-z-]+) = rgb\("(#[0-9a-f]{6})"\)', frame):
        token = {"soft": "ink-soft"}.get(name, name)
        if name != "white":
            assert re.search(rf"--{token}: {colour};", tokens), f"--{token} is another colour: change frame.typ"


def test_on_either_engine_a_petition_is_passed_on(app: Flask) -> None:
    petition_id, client = an_open_one(), app.test_client()
    assert client.get(card_address(client, petition_id)).data.startswith(PNG)
    assert client.get(f"/kk/petitions/{petition_id}/poster.pdf").data.startswith(PDF)
    for path in (f"/kk/petitions/{petition_id}/share", f"/embed/{petition_id}"):
        assert client.get(path).status_code == 200
