"""The text that is signed: the same bytes from the same facts, in the petition's language, no one's data."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from petitions.signing import consent
from petitions.signing.document import joining_text

TEXT = joining_text(
    petition_id=7,
    title="Мектеп  жанына\nжаяу жүргіншілер жолын салу",
    text_hash="ab" * 32,
    language="kk",
)
MOMENT = datetime(2026, 6, 1, 19, 30, 5, tzinfo=UTC)
CONSENT = {"2026-1": "f588a684c9e56a93"}


def test_the_same_facts_give_the_same_bytes(sqlite_app):
    with sqlite_app.test_request_context("/en/"):
        english_page = TEXT.document(MOMENT)
    with sqlite_app.test_request_context("/ru/"):
        assert TEXT.document(MOMENT) == english_page
    assert b"\r" not in english_page and english_page.endswith(b"\n")


def test_every_fact_changes_the_text(sqlite_app):
    with sqlite_app.test_request_context("/en/"):
        others = [
            replace(TEXT, petition_id=8),
            replace(TEXT, title="Басқа"),
            replace(TEXT, text_hash="cd" * 32),
            replace(TEXT, consent_version="2026-2"),
        ]
        documents = {one.document(MOMENT) for one in [TEXT, *others]}
        assert len(documents | {TEXT.document(MOMENT + timedelta(seconds=1))}) == 6


def test_a_title_cannot_add_lines_of_its_own(sqlite_app):
    with sqlite_app.test_request_context("/en/"):
        document = TEXT.document(MOMENT).decode()
    assert "Мектеп жанына жаяу жүргіншілер жолын салу\n" in document
    assert "02.06.2026 00:30:05" in document


def test_a_changed_sentence_of_consent_is_a_new_version():
    """Each joining names the version it was made under: a text that changed must not keep its name."""
    said = "\n".join(sentence._args[0] for sentence in consent.SENTENCES)
    assert hashlib.sha256(said.encode()).hexdigest()[:16] == CONSENT[consent.VERSION]


def test_a_title_cannot_put_a_moment_of_its_own_in(sqlite_app):
    with sqlite_app.test_request_context("/en/"):
        document = replace(TEXT, title="Жол \ue000 салу").document(MOMENT).decode()
    assert document.count("02.06.2026") == 1
