"""Where a population figure comes from is told in the language of the page."""

from __future__ import annotations

from flask import Flask, g

from petitions.reference.words import POPULATION_SOURCES, source_text


def test_the_known_beginning_of_a_source_is_a_text_of_the_catalogue(sqlite_app: Flask) -> None:
    known = "Bureau of National Statistics, preliminary release of 2 February 2026"
    with sqlite_app.test_request_context():
        g.lang = "en"
        assert source_text(f"{known}: https://example.kz") == f"{known}: https://example.kz"
        assert {str(name) for name in POPULATION_SOURCES.values()} == set(POPULATION_SOURCES)


def test_a_source_in_words_of_its_own_stays_as_it_is(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        g.lang = "kk"
        assert source_text("Қаулы № 3 (демо)") == "Қаулы № 3 (демо)"
