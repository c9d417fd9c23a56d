"""`flask law` answers from the shipped tables, and refuses clearly with exit code 2."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from petitions.cli.law import law_group
from petitions.law.states import ClockKind, Event, State

DAY_OF_2026 = ["--on", "2026-06-10"]


def ask(*words: str) -> Result:
    return CliRunner().invoke(law_group, list(words))


def answer(*words: str) -> Any:
    result = ask(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_threshold_of_almaty() -> None:
    found = answer("threshold", "--kato", "750000000", "--addressee", "akimat", *DAY_OF_2026)
    assert list(found) == [
        "kato",
        "name_kk",
        "name_ru",
        "name_en",
        "addressee",
        "body_kind",
        "required",
        "percent",
        "fixed",
        "population",
        "population_date",
        "population_source",
        "edition",
        "article",
    ]
    assert (found["required"], found["percent"], found["population"]) == (23480, 1, 2347924)
    assert (found["name_kk"], found["body_kind"]) == ("Алматы қаласы", "akimat")
    assert (found["edition"], found["article"]) == ("2026-03-02", "90-3(4)")
    assert found["population_date"] == "2026-01-01" and found["population_source"]


@pytest.mark.parametrize(("addressee", "required"), [("maslikhat", 46959), ("akimat", 23480)])
def test_the_two_bodies_of_almaty(addressee: str, required: int) -> None:
    assert answer("threshold", "--kato", "750000000", "--addressee", addressee)["required"] == required


def test_the_government_needs_no_unit() -> None:
    found = answer("threshold", "--addressee", "government", "--on", "2024-04-04")
    assert (found["required"], found["fixed"], found["kato"], found["edition"]) == (
        50000,
        50000,
        None,
        "2024-04-04",
    )


def test_a_fixed_threshold_over_50_000() -> None:
    found = answer("threshold", "--kato", "111000000", "--addressee", "maslikhat", *DAY_OF_2026)
    assert (found["required"], found["percent"]) == (5000, None)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-02", 20, "2026-04-03"),
        ("2026-03-20", 20, "2026-04-22"),
        ("2026-04-30", 10, "2026-05-19"),
        ("2026-06-30", 40, "2026-08-26"),
        ("2024-06-10", 40, "2024-08-06"),
    ],
)
def test_deadlines_in_working_days_account_for_every_day(start: str, days: int, due: str) -> None:
    found = answer("deadline", "--from", start, "--working-days", str(days))
    assert (found["from"], found["working_days"], found["due"]) == (start, days, due)
    passed = (date.fromisoformat(due) - date.fromisoformat(start)) // timedelta(days=1)
    assert passed == days + len(found["skipped"])


def test_a_deadline_names_the_days_that_do_not_count() -> None:
    found = answer("deadline", "--from", "2026-03-20", "--working-days", "20")
    nauryz = [each for each in found["skipped"] if each["kind"] in ("holiday", "observed")]
    assert [each["date"] for each in nauryz] == [f"2026-03-{day}" for day in range(21, 26)]
    assert all(each["name_kk"] and each["name_ru"] and each["name_en"] for each in found["skipped"])
    worked = answer("deadline", "--from", "2024-05-03", "--working-days", "1")["worked_weekend_days"]
    assert [each["date"] for each in worked] == ["2024-05-04"]


def test_deadlines_in_months() -> None:
    found = answer("deadline", "--from", "2025-10-21", "--months", "6")
    assert (found["months"], found["due"], found["due_is_working_day"]) == (6, "2026-04-21", True)
    assert answer("deadline", "--from", "2040-01-31", "--months", "1")["due_is_working_day"] is None


@pytest.mark.parametrize(
    ("on", "edition", "count"), [("2024-05-01", "2024-04-04", 17), ("2026-03-02", "2026-03-02", 16)]
)
def test_topics_and_edition_follow_the_day(on: str, edition: str, count: int) -> None:
    found = answer("topics", "--on", on)
    assert (found["edition"], len(found["topics"])) == (edition, count)
    assert {"code", "article", "text_kk", "text_ru", "text_en", "changed"} <= set(found["topics"][0])
    law = answer("edition", "--on", on)
    assert law["id"] == edition
    assert law["terms"]["collection"] == {"length": 6, "unit": "months", "article": "90-3(2)"}


def test_the_table_of_states_is_whole() -> None:
    found = answer("states")
    assert [each["state"] for each in found["states"]] == [str(each) for each in State]
    assert [each["event"] for each in found["events"]] == [str(each) for each in Event]
    assert {each["clock"] for each in found["clocks"]} == {str(each) for each in ClockKind}
    assert {event for row in found["transitions"] for event in [row["event"]]} == {str(each) for each in Event}
    assert all(each["started_by"] for each in found["clocks"])


REFUSALS = [
    (["threshold", "--kato", "999999999", "--addressee", "akimat"], "no unit has the KATO code"),
    (["threshold", "--kato", "abc", "--addressee", "akimat"], "no unit has the KATO code"),
    (["threshold", "--kato", "311000000", "--addressee", "akimat"], "no population figure"),
    (["threshold", "--kato", "751110000", "--addressee", "maslikhat"], "has no maslikhat"),
    (["threshold", "--kato", "104163000", "--addressee", "maslikhat"], "has no maslikhat"),
    (["threshold", "--kato", "111010000", "--addressee", "akimat"], "no addressee"),
    (["threshold", "--addressee", "akimat"], "Give the unit with --kato"),
    (["threshold", "--kato", "750000000", "--addressee", "government"], "leave --kato out"),
    (["threshold", "--kato", "750000000", "--addressee", "senate"], "senate"),
    (["threshold", "--addressee", "government", "--on", "2024-04-03"], "no petition law was in force"),
    (["threshold", "--addressee", "government", "--on", "03.04.2026"], "is not a date"),
    (["topics", "--on", "2020-01-01"], "no petition law was in force"),
    (["topics", "--on", "2026-02-30"], "is not a date"),
    (["edition", "--on", "tomorrow"], "is not a date"),
    (["edition", "--on", "2026-W10-1"], "is not a date"),
    (["deadline", "--from", "2026-13-01", "--months", "1"], "is not a date"),
    (["deadline", "--from", "2026-03-02"], "either --working-days or --months"),
    (["deadline", "--from", "2026-03-02", "--months", "1", "--working-days", "1"], "either --working-days"),
    (["deadline", "--from", "2026-03-02", "--working-days", "-5"], "not in the range"),
    (["deadline", "--from", "2026-03-02", "--working-days", "0"], "not in the range"),
    (["deadline", "--from", "2026-03-02", "--working-days", "9" * 40], "not in the range"),
    (["deadline", "--from", "2026-03-02", "--months", "1000000"], "not in the range"),
    (["deadline", "--from", "2026-03-02", "--months", "half"], "not a valid integer"),
    (["deadline", "--from", "2027-12-20", "--working-days", "20"], "does not cover the year 2028"),
    (["deadline", "--from", "9999-12-31", "--working-days", "1"], "last date"),
    (["deadline", "--from", "9999-12-31", "--months", "1"], "last date"),
    (["clocks", "--petition", "0"], "not in the range"),
    (["clocks", "--petition", "first"], "not a valid integer"),
]


@pytest.mark.parametrize(
    ("words", "says"), REFUSALS, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_bad_question_gets_a_clear_message_and_exit_code_2(words: list[str], says: str, as_json: bool) -> None:
    result = ask(*words, *(["--json"] if as_json else []))
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert says in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["threshold", "--kato", "750000000", "--addressee", "akimat"], "required: 23480"),
        (["threshold", "--addressee", "government"], "required: 50000"),
        (["threshold", "--kato", "111000000", "--addressee", "akimat"], "over 50000"),
        (["deadline", "--from", "2026-03-20", "--working-days", "20"], "= 2026-04-22"),
        (["deadline", "--from", "2024-05-03", "--working-days", "1"], "worked: 2024-05-04"),
        (["deadline", "--from", "2026-02-09", "--months", "6"], "not a working day"),
        (["topics", "--on", "2026-03-02"], "(new or changed)"),
        (["edition", "--on", "2024-05-01"], "support_electronic: 10 working days"),
        (["states"], "Transitions"),
    ],
)
def test_people_get_an_answer_they_can_read(words: list[str], says: str) -> None:
    result = ask(*words)
    assert result.exit_code == 0, result.output
    assert says in result.stdout


def test_clocks_of_a_petition_that_does_not_exist(sqlite_app: Flask) -> None:
    result = ask("clocks", "--petition", "999")
    assert result.exit_code == 2
    assert "there is no petition 999" in result.stderr
