"""The author's pages: every answer in three languages, nothing typed is lost, nothing breaks."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from petitions.db import reading
from petitions.drafting import actions
from petitions.law.states import State
from petitions.lifecycle import queries
from petitions.lifecycle.models import Petition
from tests import making
from tests.making import AT, PDF, citizen
from tests.making_signatures import Hand
from tests.signing.conftest import hidden_of

LANGUAGES = ("kk", "ru", "en")
TYPED = {
    "filed_as": "author",
    "language": "ru",
    "addressee": "akimat",
    "title": "Построить тротуар у школы",
    "content": "У школы нет тротуара, и дети идут по проезжей части каждый день.",
    "arguments-0": "За два года здесь случилось три аварии.",
    "arguments-3": "В школе учатся четыреста детей.",
    "proposals-0": "Построить тротуар до начала учебного года.",
}


@pytest.fixture(autouse=True)
def law_stands_in_june_2026(sqlite_app: Flask) -> Iterator[None]:
    making.law_time(AT)
    making.use_demo_registry(sqlite_app)
    yield


@pytest.fixture
def author_id(client: FlaskClient) -> int:
    citizen_id = making.a_citizen()
    making.sign_in(client, citizen_id=citizen_id)
    return citizen_id


def version(petition_id: int) -> str:
    with reading() as session:
        return str(session.get_one(Petition, petition_id).revision)


def brought(asked: TestResponse, hand: Hand, signer: int) -> dict[str, str]:
    """What a page of signing sends once the signer's key has signed its text."""
    form = hidden_of(asked)
    signed = hand.signed(signer, base64.b64decode(form["document"]), AT)
    return {"challenge": form["challenge"], "signature": base64.b64encode(signed.cms).decode()}


def text_of(petition_id: int) -> queries.PetitionText:
    with reading() as session:
        return queries.text(session, petition_id)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_guest_reads_the_rules_and_is_asked_to_sign_in(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/{lang}/start")
    assert page.status_code == 200 and f"/{lang}/sign-in?next=" in page.text
    assert page.text.count("<li value=") == 16
    assert client.get(f"/{lang}/my-petitions").status_code == 302


def test_before_march_2026_the_other_edition_is_shown(client: FlaskClient) -> None:
    page = client.get("/en/start").text
    assert page.index("The ministry checks it") < page.index("citizens join by your direct link")
    making.law_time(making.AT_2024_EDITION)
    page = client.get("/en/start").text
    assert page.count("<li value=") == 17
    assert page.index("citizens join by your direct link") < page.index("The ministry checks it")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("person", ["minor", "foreigner", "unknown", "down"])
def test_who_may_not_file_is_told_why_and_nothing_is_stored(client: FlaskClient, lang: str, person: str) -> None:
    making.sign_in(client, citizen_id=making.a_citizen(person))
    page = client.get(f"/{lang}/start")
    assert f'action="/{lang}/drafts"' not in page.text
    assert ('<form method="get"' in page.text) == (person == "down")
    assert client.post(f"/{lang}/drafts").status_code == 403
    with reading() as session:
        assert session.query(Petition).count() == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_petition_is_written_checked_signed_and_filed(
    client: FlaskClient, author_id: int, hand: Hand, lang: str
) -> None:
    begun = client.post(f"/{lang}/drafts")
    url = begun.location
    petition_id = int(url.rsplit("/", 1)[1])
    assert client.get(url).status_code == 200
    sent = {**TYPED, "version": "1", "found": making.SETTLEMENT, "act": "check"}
    checked = client.post(url, data=sent)
    assert checked.location == f"{url}/check"
    page = client.get(checked.location)
    assert "1184" in re.sub(r"\D", "", page.text) and "60" in page.text and "data-autosave" not in page.text
    assert 'id="missing"' not in page.text
    unsure = client.post(f"{url}/filing", data={"version": version(petition_id)})
    assert unsure.status_code == 422 and making.state_of(petition_id) == State.DRAFT
    asked = client.post(f"{url}/filing", data={"version": version(petition_id), "agreed": "y"})
    assert asked.status_code == 200 and making.state_of(petition_id) == State.DRAFT
    filed = client.post(f"{url}/signed-filing", data=brought(asked, hand, author_id))
    assert filed.location == f"/{lang}/my-petitions"
    assert making.state_of(petition_id) == State.CHECKING
    assert client.get(filed.location).status_code == 200
    text = text_of(petition_id)
    assert [point.text for point in text.arguments] == [TYPED["arguments-0"], TYPED["arguments-3"]]
    assert (text.language, text.title) == ("ru", TYPED["title"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_missing_is_listed_with_its_place(client: FlaskClient, lang: str) -> None:
    author_id = making.a_citizen(confirmed=False)
    making.sign_in(client, citizen_id=author_id)
    petition_id = actions.start(by=citizen(author_id), at=AT)
    url = f"/{lang}/drafts/{petition_id}"
    page = client.get(f"{url}/check")
    for place in ("email", "addressee", "title", "content", "arguments-0", "proposals-0"):
        assert f'href="{url}#{place}"' in page.text
    form = client.get(url).text
    for place in (
        "email",
        "addressee",
        "title",
        "content",
        "arguments-0",
        "proposals-0",
        "territory",
        "person",
    ):
        assert f'id="{place}"' in form
    refused = client.post(f"{url}/filing", data={"version": "1", "agreed": "y"})
    assert refused.status_code == 422 and f'href="{url}#title"' in refused.text


def test_a_text_over_its_limit_is_kept_on_the_page_and_not_stored(client: FlaskClient, author_id: int) -> None:
    petition_id = making.a_draft(author_id)
    before = text_of(petition_id)
    long = "а" * 201
    page = client.post(
        f"/en/drafts/{petition_id}",
        data={**TYPED, "version": version(petition_id), "title": long, "act": "save"},
    )
    assert page.status_code == 422 and long in page.text and 'href="#title"' in page.text
    assert text_of(petition_id) == before


def test_too_many_arguments_are_refused_beside_them(client: FlaskClient, author_id: int) -> None:
    petition_id = making.a_draft(author_id)
    many = {f"arguments-{n}": f"Дәлел мәтіні № {n}" for n in range(21)}
    page = client.post(f"/en/drafts/{petition_id}", data={**TYPED, **many, "version": version(petition_id)})
    assert page.status_code == 422 and "At most 20 entries" in page.text


def test_rows_are_added_and_removed_without_javascript(client: FlaskClient, author_id: int) -> None:
    petition_id = making.a_draft(author_id)
    url = f"/en/drafts/{petition_id}"
    added = client.post(url, data={**TYPED, "version": version(petition_id), "add": "arguments"})
    page = client.get(added.location)
    assert 'name="arguments-2"' in page.text and TYPED["arguments-3"] in page.text
    client.post(url, data={**TYPED, "version": version(petition_id), "remove": "arguments-0"})
    assert [point.text for point in text_of(petition_id).arguments] == [TYPED["arguments-3"]]


def test_odd_row_names_do_no_harm(client: FlaskClient, author_id: int) -> None:
    petition_id = making.a_draft(author_id)
    odd = {"arguments-²": "x", "arguments-99999999999999999999": "x", "proposals-": "x", "body": "9" * 30}
    sent = {**TYPED, **odd, "version": version(petition_id), "addressee": "government", "act": "save"}
    assert client.post(f"/en/drafts/{petition_id}", data=sent).status_code == 302
    assert len(text_of(petition_id).arguments) == 2


@pytest.mark.parametrize("wrong", [{"addressee": "president"}, {"language": "en"}, {"found": "000000000"}])
def test_an_answer_that_was_not_offered_is_refused(client: FlaskClient, author_id: int, wrong: dict[str, str]) -> None:
    petition_id = making.a_draft(author_id)
    sent = {**TYPED, "version": version(petition_id), "act": "save", **wrong}
    page = client.post(f"/en/drafts/{petition_id}", data=sent)
    assert page.status_code == 422 and 'id="error-summary"' in page.text


def test_a_place_is_found_by_name_or_step_by_step(client: FlaskClient, author_id: int) -> None:
    petition_id = actions.start(by=citizen(author_id), at=AT)
    url = f"/ru/drafts/{petition_id}"

    def send(**more: str) -> str:
        answer = client.post(url, data={**TYPED, "version": version(petition_id), **more})
        return client.get(answer.location).text

    searched = send(act="search", place="гульшат")
    assert f'value="{making.VILLAGE}"' in searched and TYPED["title"] in searched
    assert 'name="found"' in searched
    drilled = send(act="drill", oblast="350000000")
    assert f'value="{making.DISTRICT}"' in drilled
    deeper = send(act="drill", oblast="350000000", district=making.DISTRICT)
    assert f'value="{making.VILLAGE}"' in deeper
    other_oblast = send(act="drill", oblast="390000000", district=making.DISTRICT, unit=making.VILLAGE)
    assert f'value="{making.VILLAGE}"' not in other_oblast
    with reading() as session:
        assert queries.standing(session, petition_id).territory_kato == "390000000"


def test_a_place_without_a_figure_says_at_its_choice_what_that_means(client: FlaskClient, author_id: int) -> None:
    petition_id = actions.start(by=citizen(author_id), at=AT)
    sent = {**TYPED, "version": version(petition_id), "act": "drill", "oblast": "390000000", "district": "394400000"}
    answer = client.post(f"/en/drafts/{petition_id}", data={**sent, "unit": "394452000"})
    chosen = client.get(answer.location).text
    assert "cannot open for joining before the administrator" in chosen
    assert "can be asked instead" in chosen
    found = client.post(
        f"/en/drafts/{petition_id}",
        data={**TYPED, "version": version(petition_id), "act": "search", "place": "Приречное"},
    )
    assert 'value="394452000"' in client.get(found.location).text


def test_autosave_keeps_half_a_draft_and_tells_the_version(client: FlaskClient, author_id: int) -> None:
    petition_id = actions.start(by=citizen(author_id), at=AT)
    url = f"/en/drafts/{petition_id}/autosave"
    saved = client.post(url, data={"version": "1", "title": "Жар"})
    assert (
        saved.json is not None and saved.json["version"] == "2" and re.fullmatch(r"\d\d?:\d\d", saved.json["saved_at"])
    )
    assert text_of(petition_id).title == "Жар"
    stale = client.post(url, data={"version": "1", "title": "Жарты"})
    assert stale.status_code == 409 and "conflict" in (stale.json or {})
    too_long = client.post(url, data={"version": "2", "title": "а" * 300})
    assert too_long.status_code == 422 and too_long.json == {"wrong": ["title"]}
    assert text_of(petition_id).title == "Жар"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_stale_page_keeps_both_texts(client: FlaskClient, author_id: int, lang: str) -> None:
    petition_id = making.a_draft(author_id, title="Басқа терезедегі атау")
    url = f"/{lang}/drafts/{petition_id}"
    page = client.post(url, data={**TYPED, "version": "1", "act": "save"})
    assert page.status_code == 409
    assert TYPED["title"] in page.text and "Басқа терезедегі атау" in page.text
    assert f'name="version" type="hidden" value="{version(petition_id)}"' in page.text
    again = client.post(url, data={**TYPED, "version": version(petition_id), "act": "save"})
    assert again.status_code == 302 and text_of(petition_id).title == TYPED["title"]


def test_files_are_attached_opened_and_removed(client: FlaskClient, author_id: int) -> None:
    petition_id = making.a_draft(author_id)
    url = f"/en/drafts/{petition_id}"
    files = {"attachments": (io.BytesIO(PDF), "план.pdf"), "authority": (io.BytesIO(PDF + b"1"), "doc.pdf")}
    sent = {**TYPED, "version": version(petition_id), "act": "save", "filed_as": "representative"}
    assert client.post(url, data={**sent, **files}).status_code == 302
    authority, attachment = text_of(petition_id).attachments
    assert (authority.kind, attachment.kind) == ("authority", "attachment")
    opened = client.get(f"{url}/files/{authority.id}")
    assert opened.data == PDF + b"1" and opened.headers["Content-Disposition"].startswith("attachment")
    assert (opened.mimetype, opened.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert opened.headers["Cache-Control"] == "no-store"
    assert "план.pdf" in client.get(url).text
    removed = {**sent, "version": version(petition_id), "remove_file": str(attachment.id)}
    assert client.post(url, data=removed).location.endswith("#files")
    assert [each.kind for each in text_of(petition_id).attachments] == ["authority"]
    wrong = {"attachments": (io.BytesIO(b"<html>"), "a.pdf")}
    refused = client.post(url, data={**sent, **wrong, "version": version(petition_id)})
    assert refused.status_code == 422 and "PDF, JPEG" in refused.text


def test_a_stranger_sees_neither_draft_nor_files(client: FlaskClient) -> None:
    owner = making.a_citizen()
    petition_id = making.a_draft(owner)
    making.sign_in(client, citizen_id=making.a_citizen("daniyar"))
    for path in ("", "/check", "/discard", "/files/1"):
        assert client.get(f"/en/drafts/{petition_id}{path}").status_code == 404
    for path in ("", "/autosave", "/filing", "/discard"):  # a signed filing belongs to the browser that began it
        sent = {**TYPED, "version": "2", "agreed": "y"}
        assert client.post(f"/en/drafts/{petition_id}{path}", data=sent).status_code == 404
    for path in ("withdrawal", "step-back"):
        assert client.get(f"/en/petitions/{petition_id}/{path}").status_code == 404
    assert client.get("/en/drafts/99999999999999999999").status_code == 404
    assert making.state_of(petition_id) == State.DRAFT


def test_a_filed_petition_is_edited_by_no_page(client: FlaskClient, author_id: int) -> None:
    petition_id = making.a_filed_petition(author_id)
    before = text_of(petition_id)
    url = f"/en/drafts/{petition_id}"
    assert client.get(url).status_code == client.get(f"{url}/check").status_code == 302
    assert client.post(url, data={**TYPED, "version": "2"}).status_code == 409
    assert client.post(f"{url}/autosave", data={**TYPED, "version": "2"}).status_code == 409
    assert client.post(f"{url}/discard").status_code == 409
    assert client.post(f"{url}/filing", data={"version": "2", "agreed": "y"}).status_code == 302
    assert text_of(petition_id) == before


def test_a_draft_is_discarded_after_asking_once_more(client: FlaskClient, author_id: int) -> None:
    petition_id = making.a_draft(author_id)
    assert client.get(f"/kk/drafts/{petition_id}/discard").status_code == 200
    assert client.post(f"/kk/drafts/{petition_id}/discard").location == "/kk/my-petitions"
    assert client.get(f"/kk/drafts/{petition_id}").status_code == 404


def test_the_eleventh_draft_is_not_begun(client: FlaskClient, author_id: int) -> None:
    for _ in range(actions.MAX_DRAFTS):
        client.post("/en/drafts")
    assert client.post("/en/drafts").status_code == 409
    assert 'action="/en/drafts"' not in client.get("/en/start").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_petition_is_withdrawn_before_it_opens(client: FlaskClient, author_id: int, hand: Hand, lang: str) -> None:
    petition_id = making.a_petition_in(State.SUPPORTING, author_id=author_id)
    making.law_time(making.moment_of(petition_id) + timedelta(hours=1))
    own = client.get(f"/{lang}/my-petitions")
    with reading() as session:
        assert f"/petitions/{queries.standing(session, petition_id).link_token}" in own.text
    url = f"/{lang}/petitions/{petition_id}/withdrawal"
    assert f'href="{url}"' in own.text and client.get(url).status_code == 200
    asked = client.post(url)
    assert asked.status_code == 200 and making.state_of(petition_id) == State.SUPPORTING
    signed = f"/{lang}/petitions/{petition_id}/signed-withdrawal"
    assert client.post(signed, data=brought(asked, hand, author_id)).status_code == 302
    assert making.state_of(petition_id) == State.WITHDRAWN
    assert client.post(url).status_code == client.get(url).status_code == 409


@pytest.mark.parametrize("lang", LANGUAGES)
def test_after_opening_the_author_only_steps_back(client: FlaskClient, author_id: int, lang: str) -> None:
    petition_id = making.a_petition_in(State.OPEN, author_id=author_id)
    making.law_time(making.moment_of(petition_id) + timedelta(hours=1))
    url = f"/{lang}/petitions/{petition_id}/step-back"
    assert client.get(f"/{lang}/petitions/{petition_id}/withdrawal").status_code == 409
    assert client.get(url).status_code == 200
    too_long = client.post(url, data={"words": "а" * 2_001})
    assert too_long.status_code == 422 and "а" * 2_001 in too_long.text
    assert client.post(url, data={"words": "Рақмет"}).status_code == 302
    assert making.state_of(petition_id) == State.OPEN
    assert client.post(url, data={"words": ""}).status_code == 409


@pytest.mark.parametrize("state", list(State))
def test_ones_own_list_shows_a_petition_in_any_state(client: FlaskClient, author_id: int, state: State) -> None:
    petition_id = making.a_petition_in(state, author_id=author_id)
    if state != State.DRAFT:
        making.law_time(making.moment_of(petition_id))
    for lang in LANGUAGES:
        page = client.get(f"/{lang}/my-petitions")
        assert page.status_code == 200 and text_of(petition_id).title in page.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_check_shows_similar_petitions_and_an_unknown_population(
    client: FlaskClient, author_id: int, lang: str
) -> None:
    title = "Мектеп жанына жаяу жүргіншілер жолын салу"
    other = making.a_petition_in(State.OPEN, author_id=making.a_citizen("daniyar"), title=title)
    petition_id = making.a_draft(author_id, title=title, kato=making.NO_POPULATION)
    page = client.get(f"/{lang}/drafts/{petition_id}/check")
    assert f'href="/{lang}/petitions/{other}"' in page.text and "notice-warning" in page.text
    assert 'id="missing"' not in page.text


def test_the_document_of_authority_is_never_public(client: FlaskClient, author_id: int) -> None:
    petition_id = making.a_draft(author_id, is_representative=True, represented="Тегін адам, Алматы қ.")
    sent = {
        **TYPED,
        "filed_as": "representative",
        "represented": "Тегін адам, Алматы қ.",
        "found": making.SETTLEMENT,
    }
    files = {"authority": (io.BytesIO(PDF), "doc.pdf")}
    client.post(f"/en/drafts/{petition_id}", data={**sent, **files, "version": version(petition_id)})
    making.file(petition_id, AT)
    (authority,) = text_of(petition_id).attachments
    making.accept(petition_id, AT + timedelta(hours=1))
    making.joined(petition_id, 50, AT + timedelta(hours=2))
    client.delete_cookie("session")
    assert client.get(f"/en/petitions/{petition_id}").status_code == 200
    assert client.get(f"/en/petitions/{petition_id}/attachments/{authority.id}").status_code == 404
    assert client.get(f"/en/drafts/{petition_id}/files/{authority.id}").status_code == 302
