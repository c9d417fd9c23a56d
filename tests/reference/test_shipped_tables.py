"""The shipped files themselves: complete, consistent, and silent about persons."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from petitions.reference import shipped

TERRITORIES = shipped.territories()
ARCHIVE: list[dict[str, Any]] = json.loads(
    files("petitions.reference").joinpath("data", "archived_petitions.json").read_text(encoding="utf-8")
)["petitions"]
LANGUAGES = ("kk", "ru", "en")
DATE_OR_MONTH = re.compile(r"\d{4}-\d{2}(-\d{2})?")


def test_territories_are_counted_by_level_and_kind_as_in_the_classifier() -> None:
    assert len(TERRITORIES) == 2628
    assert Counter(row["level"] for row in TERRITORIES) == {1: 20, 2: 228, 3: 2380}
    assert Counter((row["level"], row["kind"]) for row in TERRITORIES if row["level"] < 3) == {
        (1, "oblast"): 17,
        (1, "republican_city"): 3,
        (2, "district"): 170,
        (2, "city"): 39,
        (2, "city_district"): 19,
    }
    assert sum(not row["petition_unit"] for row in TERRITORIES) == 39


def test_every_territory_has_a_name_in_three_languages_and_a_parent_one_level_up() -> None:
    by_code = {row["kato"]: row for row in TERRITORIES}
    assert len(by_code) == len(TERRITORIES)
    for row in TERRITORIES:
        assert all(row[f"name_{language}"].strip() for language in LANGUAGES), row["kato"]
        parent = by_code.get(row["parent_kato"])
        assert (parent["level"] if parent else 0) == row["level"] - 1, row["kato"]


def test_a_population_always_has_a_date_and_a_source() -> None:
    for row in TERRITORIES:
        known = {row[name] is not None for name in ("population", "population_date", "population_source")}
        assert len(known) == 1, row["kato"]


def test_current_populations_are_among_the_observations_on_the_present_boundary() -> None:
    observed = {
        (row["kato"], row["date"], row["population"], row["source"]): row["boundary"] for row in shipped.populations()
    }
    for row in TERRITORIES:
        if row["population"] is not None:
            key = (row["kato"], row["population_date"], row["population"], row["population_source"])
            assert observed[key].startswith("current"), row["kato"]


def test_populations_of_the_oblasts_are_all_known() -> None:
    assert all(row["population"] for row in TERRITORIES if row["level"] == 1)


def test_bodies_follow_from_the_units() -> None:
    bodies = shipped.local_bodies(TERRITORIES)
    assert Counter(body["kind"] for body in bodies) == {
        "akimat": 20 + 170 + 39,
        "maslikhat": 20 + 170 + 39,
        "akim_office": 19 + 2341,
    }
    assert len({body["slug"] for body in bodies}) == len(bodies)
    assert len(shipped.central_bodies()) == 29


def test_a_city_proper_inside_its_administration_has_no_body_of_its_own() -> None:
    proper = {row["kato"] for row in TERRITORIES if not row["petition_unit"]}
    assert not proper & {body["territory_kato"] for body in shipped.local_bodies(TERRITORIES)}


def test_calendar_entries_fall_in_2024_to_2027() -> None:
    days = shipped.calendar_days()
    assert {day["day"].year for day in days} == {2024, 2025, 2026, 2027}
    assert [day["day"] for day in days if day["is_working"]] == [date(2024, 5, 4), date(2025, 1, 5)]


def test_the_archive_holds_the_petitions_of_the_official_site() -> None:
    assert len(ARCHIVE) == 17
    assert len({entry["slug"] for entry in ARCHIVE}) == 17
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", entry["slug"]) for entry in ARCHIVE)


@pytest.mark.parametrize("entry", ARCHIVE, ids=lambda entry: entry["slug"])
def test_an_archived_petition_is_told_in_three_languages_with_sources(entry: dict[str, Any]) -> None:
    for part in ("title", "summary", "outcome"):
        assert all(entry[part][language].strip() for language in LANGUAGES), part
    for maybe in (entry["notes"], *(seen["note"] for seen in entry["signatures"])):
        assert maybe is None or all(maybe[language].strip() for language in LANGUAGES)
    assert len({entry["addressee"][language] is None for language in LANGUAGES}) == 1
    assert entry["sources"]
    assert all(source.startswith(("https://", "http://")) for source in entry["sources"])


@pytest.mark.parametrize("entry", ARCHIVE, ids=lambda entry: entry["slug"])
def test_a_date_of_the_archive_is_iso_or_unknown(entry: dict[str, Any]) -> None:
    assert set(entry["dates"]) == {"filed", "opened", "closes", "threshold_reached", "rejected", "decided"}
    for value in filter(None, entry["dates"].values()):
        assert DATE_OR_MONTH.fullmatch(value)
        date.fromisoformat(value if len(value) == 10 else f"{value}-01")
    assert all(entry["dates"][name] for name in entry["approximate_dates"]), "an unknown date is not approximate"
    for seen in entry["signatures"]:
        date.fromisoformat(seen["date"])
        assert seen["count"] > 0


def test_the_archive_names_no_person() -> None:
    """No field for authors; no initials, no patronymics, no given name beside a surname."""
    told = [{key: part for key, part in entry.items() if key not in ("addressee", "sources")} for entry in ARCHIVE]
    text = json.dumps(told, ensure_ascii=False)
    assert not re.search(r'"(author|initiator|name|applicant)"', text)
    assert not re.search(r"\b[А-ЯӘҒҚҢӨҰҮҺІ]\.\s?[А-ЯӘҒҚҢӨҰҮҺІ]", text)
    assert not re.search(r"[а-яәғқңөұүһі]+(ович|евич|овна|евна|ұлы|қызы)\b", text)
    capitalised = r"[А-ЯӘҒҚҢӨҰҮҺІ][а-яәғқңөұүһі]+|[A-Z][a-z]+"
    assert re.findall(rf"(?<=[\w,] )(?:{capitalised}) (?:{capitalised})\b", text) == []
