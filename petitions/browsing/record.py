"""What a petition's page tells as long as nothing happens to the petition: kept in memory, never stale.

A page is read a thousand times between two legal steps. Its text, timeline, terms and decisions depend on rows that
only steps change, on the reference tables and on the law's day, so `record_of` makes them once for each (`versions`).
How many joined, who joined and who reads is asked anew for every page, by `petition_page`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from petitions import versions
from petitions.browsing import ahead, terms
from petitions.browsing.around import Around, around
from petitions.browsing.silence import Silence, silence_of
from petitions.browsing.terms import TermRow
from petitions.consideration.commitments import Commitment, commitments
from petitions.consideration.hearing import is_draft_public
from petitions.consideration.queries import REMEDY_TERMS
from petitions.db import reading
from petitions.i18n import current_language
from petitions.law.editions import Edition, edition
from petitions.law.errors import LawError
from petitions.law.levels import Addressee, PopulationUnknown, threshold
from petitions.law.policy import Policy
from petitions.law.states import ActorKind, ClockKind, Event, Order, State, permitted_events
from petitions.law.working_days import local_date, start_of_day
from petitions.lifecycle import models as lifecycle_models
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import DecisionView, PetitionText, RefusalRow, Standing, TransitionRow
from petitions.reference import models as reference_models
from petitions.reference import queries as reference
from petitions.reference.records import BodyView
from petitions.timeline.facts import Fact, facts, left_out
from petitions.timeline.steps import Step, done_steps
from petitions.versions import Kept

MAIN_CLOCKS = (
    ClockKind.COLLECTION,
    ClockKind.SUPPORT,
    ClockKind.CHECK,
    ClockKind.CONSIDERATION,
    ClockKind.MESSAGE,
)
SUBJECTS = (lifecycle_models.SUBJECT, reference_models.SUBJECT)
MOST_RECORDS = 200  # some 50 KB each


@dataclass(frozen=True)
class ThresholdNote:
    """How many must join and why. ``frozen``: fixed at opening; else what it would be today."""

    required: int
    percent: int | None
    fixed: int | None
    population: int | None
    population_on: date | None
    population_source: str | None
    article: str
    frozen: bool


@dataclass(frozen=True, kw_only=True)
class Record:
    """The lasting part of a petition's page, in one language. ``text`` is there also where its refusal hides it.

    ``key``: records with equal keys are equal.
    """

    key: Hashable
    standing: Standing
    law: Edition
    policy: Policy
    text: PetitionText | None
    hidden: bool
    body: BodyView | None
    around: Around  # the places around that of the body
    threshold: ThresholdNote | None
    steps: tuple[Step, ...]
    coming: tuple[Step, ...]
    terms: tuple[TermRow, ...]
    main_term: TermRow | None
    remedies: tuple[TermRow, ...]
    refusal: RefusalRow | None
    decisions: tuple[DecisionView, ...]
    draft: DecisionView | None
    left_out: Mapping[int, tuple[Fact, ...]]  # by id of a decision: what it was made without
    commitments: tuple[Commitment, ...]
    statements: tuple[tuple[Fact, ...], ...]
    deemed_refused_on: datetime | None
    silence: Silence | None
    stepped_back: bool
    may_withdraw: bool
    may_step_back: bool
    may_appeal: bool


def record_of(session: Session, petition_id: int, now: datetime) -> Record:
    """The petition's record in the language of the page, on the law's day of ``now``. Raises NotFound."""
    today = local_date(now)
    key = (petition_id, current_language(), today)
    return _kept.get(session, key, lambda: _read(petition_id, today))


_kept = Kept(*SUBJECTS, most=MOST_RECORDS)


def _read(petition_id: int, today: date) -> Record:
    """All of it as of one moment. Terms count days, so that nothing in it changes within one."""
    day = start_of_day(today)
    with reading(snapshot=True) as session:
        standing = lifecycle.standing(session, petition_id)
        policy = reference.policy(session)
        rows = lifecycle.transitions(session, petition_id)
        clocks = lifecycle.clocks(session, petition_id)
        refusal = lifecycle.refusal(session, petition_id) if standing.state is State.REFUSED else None
        counts = terms.counting(session, clocks, policy, day)
        explained = tuple(terms.term_row(clock, counts) for clock in clocks)
        permitted = permitted_events(standing.state, Order(standing.order or ""), ActorKind.CITIZEN)
        stepped_back = any(row.event is Event.STEPPED_BACK for row in rows)
        silent_since = lifecycle.silent_since(standing, clocks, day)
        deemed_refused_on = next((row.at for row in rows if row.event is Event.DEEMED_REFUSED), None)
        body = reference.body(session, standing.body_id) if standing.body_id else None
        kato = body.territory_kato if body else None
        remedies = tuple(row for row in explained if row.kind in REMEDY_TERMS and row.running)
        return Record(
            key=(petition_id, current_language(), today, versions.stamp(session, *SUBJECTS)),
            standing=standing,
            law=edition(standing.edition or ""),
            policy=policy,
            text=lifecycle.text(session, petition_id),
            hidden=bool(refusal and refusal.hides_text),
            body=body,
            around=around(session, [kato]).get(kato or "", ()),
            threshold=threshold_note(session, standing),
            steps=done_steps(session, rows),
            coming=ahead.coming(session, standing, rows, clocks, policy, day),
            terms=explained,
            main_term=_main_term(standing, explained),
            remedies=remedies,
            refusal=refusal,
            decisions=tuple(lifecycle.decisions(session, petition_id)),
            draft=_draft(session, standing, rows),
            left_out=_left_out(rows),
            commitments=commitments(rows),
            statements=tuple(facts(row.event, row.details, {}) for row in rows if row.event is Event.STATEMENT_MADE),
            deemed_refused_on=deemed_refused_on,
            silence=silence_of(silent_since, remedies, body, policy, is_marked=deemed_refused_on is not None),
            stepped_back=stepped_back,
            may_withdraw=Event.WITHDRAWN in permitted,
            may_step_back=Event.STEPPED_BACK in permitted and not stepped_back,
            may_appeal=bool(remedies),
        )


def threshold_note(session: Session, standing: Standing) -> ThresholdNote | None:
    """The frozen number with its rule, or today's for one not yet open; None where nothing is known."""
    unit = reference.territory(session, standing.territory_kato) if standing.territory_kato else None
    frozen = standing.opened_at is not None
    population = standing.population if frozen else unit.population if unit else None
    try:
        rule = threshold(
            edition(standing.edition or ""),
            Addressee(standing.addressee or ""),
            unit.facts if unit else None,
            population,
        )
    except PopulationUnknown:
        return None
    except LawError:  # the unit was changed after the petition opened: its frozen number still stands
        return _frozen_only(standing) if frozen else None
    if frozen:
        return ThresholdNote(
            standing.required or rule.required,
            rule.percent,
            rule.fixed,
            standing.population,
            standing.population_on,
            standing.population_source,
            rule.article,
            True,
        )
    on, source = (unit.population_date, unit.population_source) if unit else (None, None)
    return ThresholdNote(rule.required, rule.percent, rule.fixed, population, on, source, rule.article, False)


def _frozen_only(standing: Standing) -> ThresholdNote:
    return ThresholdNote(
        standing.required or 0,
        None,
        None,
        standing.population,
        standing.population_on,
        standing.population_source,
        "90-3(4)",
        True,
    )


def _main_term(standing: Standing, rows: Sequence[TermRow]) -> TermRow | None:
    """The term a reader waits for now; a silent examination keeps showing the term that has passed."""
    silent = standing.state is State.EXAMINATION
    for kind in MAIN_CLOCKS:
        for row in reversed(rows):
            if row.kind is kind and row.running:
                return row
            if row.kind is kind is ClockKind.CONSIDERATION and silent:
                return replace(row, overdue=True, ended="")
    return None


def _left_out(rows: Sequence[TransitionRow]) -> Mapping[int, tuple[Fact, ...]]:
    made = (row.details for row in rows if row.event in (Event.DECIDED, Event.DECIDED_ANEW))
    return {details["decision_id"]: tuple(left_out(details)) for details in made if "decision_id" in details}


def _draft(session: Session, standing: Standing, rows: Sequence[TransitionRow]) -> DecisionView | None:
    """The draft that is discussed in public (90-5): from the notice of the discussion to the decision."""
    if not is_draft_public(standing.state, rows):
        return None
    newest = lifecycle.decisions(session, standing.id, published_only=False)[:1]
    return next((each for each in newest if each.decided_at is None), None)
