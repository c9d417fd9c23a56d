"""Every "[I]" of the specification and every row of its section 9 is a named setting."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

import petitions
from petitions.law.editions import edition
from petitions.law.policy import (
    DEFAULT_POLICY,
    SETTINGS,
    PolicyError,
    Setting,
    count_towards_threshold,
    order_for,
    policy_with,
    setting,
)
from petitions.law.states import Event, Order, closes_signing

INTERPRETATIONS = {
    "1: the 2026 edition starts 60 days after publication": ["edition_2026_in_force_from"],
    "2: registry unknown or down": ["registry_unknown", "registry_down"],
    "3: duplicates, the 'or'": ["duplicate_rule_2026"],
    "4: the check is counted from filing": ["check_term_from"],
    "4: refused text hidden under 1, 2, 9": ["refused_text_hidden_under"],
    "5: the support window starts with the link": ["support_window_from"],
    "5: lapse once everything is sealed": ["end_waits_for_seal"],
    "5: the first 50 count": ["first_50_count"],
    "5: six months, to the last moment, not moved": ["month_arithmetic", "collection_end_moves"],
    "5: population frozen at opening": ["population_frozen_at"],
    "5: sending is automatic": ["sending_by_hand", "sending_days"],
    "5: reached is the deciding joining, irreversible": ["reached_moment", "reached_is_final"],
    "6: registration by itself": ["registration", "working_hours_start", "working_hours_end"],
    "6: no extension": ["consideration_extension"],
    "6: deemed refusal": ["deemed_refusal", "deemed_refusal_appeal_from"],
    "6: appeal applied to petitions": ["appeal_rules", "ministry_appeal"],
}
SECTION_9 = {
    "minimum age of author and signer": {"min_age": 18},
    "who may join a local petition": {"local_joining": "any_citizen"},
    "withdrawing one's signature": {"withdraw_signature": "while_collecting"},
    "author withdraws": {"author_withdraws": "before_open_publication"},
    "order of check and support": {"order_of_check_and_support": "by_edition"},
    "collection closes": {"collection_closes": "when_sent"},
    "signing begun before the end": {"signing_begun_before_end": "no_grace"},
    "clocks": {"clocks_pause": "never", "calendar_change": "running_never_past"},
    "outage extension of a collection": {"outage_extension": False, "outage_min_hours": 24},
    "restore, take-down": {"restore_after_refusal": "senior_moderator", "take_down": "senior_moderator"},
    "comments": {
        "comments_close": "when_sent",
        "comment_edit_minutes": 15,
        "comments_a_day_per_petition": 5,
        "comments_a_day": 20,
        "comment_reports_a_day": 20,
    },
    "paper sheets": {"paper_counts_from": "received_day", "paper_wait_days": 3},
    "public hearing": {"hearing_earliest_working_day": 4},
    "revocation of a signer's certificate": {
        "certificate_revocation": "list_then_ocsp",
        "revocation_recheck_days": 14,
    },
    "acting head": {"acting_head": "dated_appointment"},
    "retention": {"retention_months": 12},
}


@pytest.mark.parametrize(("sentence", "names"), INTERPRETATIONS.items())
def test_every_interpretation_is_a_setting(sentence: str, names: list[str]) -> None:
    section = sentence.split(":")[0]
    for name in names:
        assert f"section {section}" in setting(name).citation, sentence


@pytest.mark.parametrize(("row", "defaults"), SECTION_9.items())
def test_every_row_of_section_9_is_a_setting_with_its_default(row: str, defaults: dict[str, object]) -> None:
    for name, default in defaults.items():
        assert DEFAULT_POLICY[name] == default, row
        assert "section 9" in setting(name).citation or name == "collection_closes", row


def test_there_is_no_setting_without_a_silence_of_the_law() -> None:
    known = {name for names in INTERPRETATIONS.values() for name in names}
    known |= {name for defaults in SECTION_9.values() for name in defaults}
    assert {each.name for each in SETTINGS} == known


@pytest.mark.parametrize("each", SETTINGS, ids=lambda each: each.name)
def test_a_setting_explains_itself_in_three_languages_and_reads_its_own_default(each: Setting) -> None:
    assert each.explanation_kk and each.explanation_ru and each.explanation_en
    assert each.citation and each.used_by
    assert each.read(each.write(each.default)) == each.default
    if len(each.choices) > 1:
        assert set(each.choice_labels) == set(each.choices)
    if each.is_fixed:
        assert not each.consumed, "a reading with no alternative is not asked for"


def test_a_setting_says_it_is_consumed_exactly_when_code_asks_for_it() -> None:
    asks = re.compile(r"""\.(?:integer|flag|choice|clock_time|day|codes)\(\s*"(\w+)"\s*\)""")
    package = Path(petitions.__file__).parent
    asked = {name for file in package.rglob("*.py") for name in asks.findall(file.read_text("utf-8"))}
    consumed = {each.name for each in SETTINGS if each.consumed}
    assert consumed == asked & {each.name for each in SETTINGS}, "change `consumed` in law/data/policy.toml"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("min_age", "seventeen", "not a whole number"),
        ("min_age", "-1", "less than 0"),
        ("min_age", "1000", "more than 100"),
        ("hearing_earliest_working_day", "3", "less than 4"),
        ("sending_by_hand", "perhaps", "not true or false"),
        ("local_joining", "neighbours", "not one of: any_citizen, residents"),
        ("clocks_pause", "always", "not one of: never"),
        ("working_hours_start", "25:00", "not a time of day"),
        ("working_hours_end", "08:00", "must end after they start"),
        ("edition_2026_in_force_from", "soon", "not a date"),
        ("refused_text_hidden_under", "one", "not a list of codes"),
        ("no_such_setting", "1", "there is no such setting"),
    ],
)
def test_a_bad_value_is_refused_with_the_name_of_its_setting(name: str, text: str, says: str) -> None:
    with pytest.raises(PolicyError, match=says) as caught:
        policy_with({name: text})
    assert caught.value.name == name


def test_a_policy_is_read_by_type() -> None:
    policy = policy_with(
        {
            "min_age": "16",
            "sending_by_hand": "yes",
            "working_hours_end": "17:00",
            "local_joining": "residents",
        }
    )
    assert policy.integer("min_age") == 16
    assert policy.flag("sending_by_hand") is True
    assert policy.clock_time("working_hours_end") == time(17, 0)
    assert policy.working_hours().start == time(9, 0)
    assert policy.choice("local_joining") == "residents"
    assert policy.day("edition_2026_in_force_from") == date(2026, 3, 2)
    assert policy.codes("refused_text_hidden_under") == ("1", "2", "9")
    assert "min_age" in policy and len(policy) == len(SETTINGS) == len(list(policy))


@pytest.mark.parametrize("read", ["integer", "flag", "choice", "clock_time", "day", "codes"])
def test_a_setting_read_as_another_type_is_an_error(read: str) -> None:
    wrong = "min_age" if read != "integer" else "sending_by_hand"
    with pytest.raises(PolicyError):
        getattr(DEFAULT_POLICY, read)(wrong)
    with pytest.raises(PolicyError, match="no such setting"):
        getattr(DEFAULT_POLICY, read)("no_such_setting")


@pytest.mark.parametrize(
    ("chosen", "old", "new"),
    [
        ("by_edition", Order.SUPPORT_FIRST, Order.CHECK_FIRST),
        ("check_first", Order.CHECK_FIRST, Order.CHECK_FIRST),
        ("support_first", Order.SUPPORT_FIRST, Order.SUPPORT_FIRST),
    ],
)
def test_the_order_of_check_and_support_is_the_editions_unless_set(chosen: str, old: Order, new: Order) -> None:
    policy = policy_with({"order_of_check_and_support": chosen})
    assert order_for(edition("2024-04-04"), policy) is old
    assert order_for(edition("2026-03-02"), policy) is new


def test_the_first_50_count_unless_set() -> None:
    law = edition("2026-03-02")
    assert count_towards_threshold(61, law, DEFAULT_POLICY) == 61
    left_out = policy_with({"first_50_count": "false"})
    assert count_towards_threshold(61, law, left_out) == 11
    assert count_towards_threshold(49, law, left_out) == 0


def test_collection_closes_when_sent_unless_set_to_close_at_the_threshold() -> None:
    assert closes_signing(Event.SENT) and not closes_signing(Event.THRESHOLD_REACHED)
    at_threshold = policy_with({"collection_closes": "at_threshold"})
    assert closes_signing(Event.SENT, at_threshold) and closes_signing(Event.THRESHOLD_REACHED, at_threshold)


@pytest.mark.parametrize(
    ("citation", "articles"),
    [
        ("section 1: 60 days after publication of Law No 246-VIII", ""),
        ("section 5: the first 50", ""),
        ("section 4; 90-2(4)-(8)", "90-2(4)-(8)"),
        ("section 6; 91-92, 99, 136", "91-92, 99, 136"),
        ("section 9: minimum age", ""),
        ("section 9: take-down by legal order (410) and its restore", ""),
    ],
)
def test_articles_are_taken_from_a_citation_and_our_own_sections_are_not(citation: str, articles: str) -> None:
    assert replace(SETTINGS[0], citation=citation).articles == articles
