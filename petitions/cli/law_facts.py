"""The law's own tables as plain data for `flask law`: stable names, ready for JSON."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from petitions.law.editions import EDITIONS, Duty, Edition, Term, ThresholdRow
from petitions.law.policy import policy_with
from petitions.law.states import (
    CLOCKS,
    ENDING_LABELS,
    EVENT_LABELS,
    ORDER_LABELS,
    RECORDS,
    STATE_LABELS,
    TERMINAL,
    TRANSITIONS,
    ClockInfo,
    ClockKind,
    Event,
    Facts,
    Label,
    Order,
    State,
    TransitionRule,
    clocks_ended,
    clocks_started,
    is_link_only,
    is_public,
    signable_states,
)
from petitions.law.topics import Topic, topics


def topics_of(edition: Edition) -> dict[str, Any]:
    """The barred subjects of an edition."""
    return {"edition": edition.id, "article": "90-2(3)", "topics": [_topic(each) for each in topics(edition)]}


def edition_facts(edition: Edition) -> dict[str, Any]:
    """Every number of an edition with its article."""
    return {
        "id": edition.id,
        "in_force_from": edition.in_force_from.isoformat(),
        "in_force_to": edition.in_force_to.isoformat() if edition.in_force_to else None,
        "act": edition.act,
        "changes": edition.changes,
        "default_order": str(edition.default_order),
        "order_article": edition.order_article,
        "support_needed": {"value": edition.support_needed.value, "article": edition.support_needed.article},
        "check_counted_from": list(edition.check_counted_from),
        "terms": {name: _term(term) for name, term in _terms(edition).items()},
        "fields": list(edition.fields),
        "fields_article": edition.fields_article,
        "duplicates": {
            "rule": edition.duplicates.name,
            "years": edition.duplicates.years,
            "article": edition.duplicates.article,
        },
        "thresholds": [_threshold_row(row) for row in edition.thresholds],
        "duties_central": [_duty(duty) for duty in edition.duties_central],
        "duties_local": [_duty(duty) for duty in edition.duties_local],
    }


def state_table() -> dict[str, Any]:
    """States, events, transitions and clocks."""
    return {
        "orders": [{"order": str(order), **_names(ORDER_LABELS[order])} for order in Order],
        "states": [_state(state) for state in State],
        "events": [_event(event) for event in Event],
        "transitions": [_transition(rule) for rule in TRANSITIONS],
        "clocks": [_clock(info) for info in CLOCKS.values()],
        "endings": [{"ending": str(each), **_names(label)} for each, label in ENDING_LABELS.items()],
    }


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "code": topic.code,
        "article": topic.article,
        "text_kk": topic.text_kk,
        "text_ru": topic.text_ru,
        "text_en": topic.text_en,
        "changed": topic.changed,
        "hides_text": topic.hides_text,
        "example": _names(topic.example) if topic.example else None,
    }


def _terms(edition: Edition) -> dict[str, Term]:
    values = {each.name: getattr(edition, each.name) for each in fields(edition)}
    return {name: value for name, value in values.items() if isinstance(value, Term)}


def _term(term: Term) -> dict[str, Any]:
    return {"length": term.length, "unit": str(term.unit), "article": term.article}


def _threshold_row(row: ThresholdRow) -> dict[str, Any]:
    return {
        "addressee": row.addressee,
        "kinds": sorted(row.kinds),
        "population_over": row.over,
        "percent": row.percent,
        "fixed": row.fixed,
        "article": row.article,
    }


def _duty(duty: Duty) -> dict[str, str]:
    return {
        "code": duty.code,
        "article": duty.article,
        "text_kk": duty.text_kk,
        "text_ru": duty.text_ru,
        "text_en": duty.text_en,
    }


def _state(state: State) -> dict[str, Any]:
    return {
        "state": str(state),
        **_names(STATE_LABELS[state]),
        "public": is_public(state),
        "link_only": is_link_only(state),
        "terminal": state in TERMINAL,
        "signable_in": [str(order) for order in Order if state in signable_states(order)],
    }


def _event(event: Event) -> dict[str, Any]:
    return {"event": str(event), **_names(EVENT_LABELS[event]), "is_record": event in RECORDS}


def _transition(rule: TransitionRule) -> dict[str, Any]:
    to_state = "the state before" if rule.to_prior else str(rule.to_state or "same")
    return {
        "event": str(rule.event),
        "from": [str(state) for state in State if state in rule.from_states],
        "to": to_state,
        "order": str(rule.order) if rule.order else None,
        "by": sorted(str(actor) for actor in rule.by),
        "article": rule.article,
    }


def _clock(info: ClockInfo) -> dict[str, Any]:
    return {
        "clock": str(info.kind),
        **_names(info.label),
        "nature": str(info.nature),
        "breach": info.breach,
        "article": info.article,
        "started_by": [str(event) for event in Event if info.kind in _started_by(event)],
        "ended_by": [str(event) for event in Event if info.kind in _ended_by(event)],
    }


def _started_by(event: Event) -> set[ClockKind]:
    """Every kind of clock the event may start, in any edition, order and case."""
    by_hand = policy_with({"sending_by_hand": "true"})
    moves = [
        (state, rule.to_state or state) for rule in TRANSITIONS if rule.event is event for state in rule.from_states
    ]
    return {
        spec.kind
        for edition in EDITIONS.values()
        for central in (True, False)
        for from_state, to_state in moves
        for spec in clocks_started(event, to_state, edition, by_hand, Facts(central=central), from_state=from_state)
    }


def _ended_by(event: Event) -> set[ClockKind]:
    return {kind for state in State for kind in clocks_ended(event, state)}


def _names(label: Label) -> dict[str, str]:
    return {"name_kk": label.name_kk, "name_ru": label.name_ru, "name_en": label.name_en}
