"""Where a population figure comes from is told in the language of the page."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask, g

from petitions.db import reading
from petitions.reference import queries
from petitions.reference.records import PopulationView
from petitions.reference.shipped import populations, territories
from petitions.reference.words import POPULATION_SOURCES, figure_note, source_text
from tests import making


def test_the_known_beginning_of_a_source_is_a_text_of_the_catalogue(sqlite_app: Flask) -> None:
    known = "Bureau of National Statistics, preliminary release of 2 February 2026"
    with sqlite_app.test_request_context():
        g.lang = "en"
        assert source_text(f"{known}: https://example.kz") == f"{known}: https://example.kz"
        assert {str(name) for name in POPULATION_SOURCES.values()} == set(POPULATION_SOURCES)


def test_no_word_of_a_shipped_source_is_left_in_english() -> None:
    shipped = {row["source"] for row in populations()} | {row["population_source"] for row in territories()} - {None}
    for source in shipped:
        left = re.sub(r"https?://\S+|circularsquare/maps \(helper1m/scripts/kazakhstan\)", "", source)
        for known in sorted(POPULATION_SOURCES, key=len, reverse=True):
            left = left.replace(known, "")
        assert not re.search(r"[A-Za-z]", left), source


@pytest.mark.parametrize(
    ("population", "day", "quality", "boundary", "said"),
    [
        (832_110, date(2023, 1, 1), "exact", "current", "This figure counts"),
        (821_800, date(2025, 12, 1), "rounded to 100", "current", "Not used: rounded"),
        (900_000, date(2022, 1, 1), "exact", "old", "Not used: of former borders"),
        (820_000, date(2025, 1, 1), "apportioned by third party", "current", "Not used: an estimate"),
        (830_000, date(2021, 9, 1), "exact", "current", ""),
    ],
)
def test_it_is_said_which_figure_counts_and_why_a_newer_one_does_not(
    sqlite_app: Flask, population: int, day: date, quality: str, boundary: str, said: str
) -> None:
    with sqlite_app.test_request_context(), reading() as session:
        g.lang = "en"
        unit = queries.territory(session, "390000000")
        assert unit is not None
        figure = PopulationView(population, day, "", quality, boundary, "high", None, making.AT)
        assert figure_note(figure, unit) == said


def test_a_source_in_words_of_its_own_stays_as_it_is(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        g.lang = "kk"
        assert source_text("Қаулы № 3 (демо)") == "Қаулы № 3 (демо)"
