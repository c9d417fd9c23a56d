"""Everything the page of one petition shows, put together once: the template only lays it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from petitions.browsing import ahead, terms
from petitions.browsing.joining import Joining, joining
from petitions.browsing.terms import TermRow
from petitions.consideration.commitments import Commitment, commitments
from petitions.consideration.desk import HANDLED
from petitions.consideration.queries import REMEDY_TERMS
from petitions.errors import NotFound
from petitions.law.editions import edition
from petitions.law.errors import LawError
from petitions.law.levels import Addressee, PopulationUnknown, threshold
from petitions.law.policy import Policy, count_towards_threshold
from petitions.law.states import ActorKind, ClockKind, Event, Order, State, link_is_active, permitted_events
from petitions.lifecycle import queries as lifecycle
from petitions.lifecycle.queries import (
    AttachmentRow,
    DecisionView,
    PetitionText,
    RefusalRow,
    Standing,
    TransitionRow,
)
from petitions.lifecycle.text import canonical_text
from petitions.lifecycle.visibility import Found, Reader, checks, is_author_of
from petitions.reference import queries as reference
from petitions.reference.records import BodyView, TerritoryView
from petitions.signatures import queries as signatures
from petitions.signatures.queries import OwnJoining, PublicSigner
from petitions.tally import queries as tally
from petitions.timeline.facts import Fact, facts
from petitions.timeline.steps import Step, done_steps

MAIN_CLOCKS = (
    ClockKind.COLLECTION,
    ClockKind.SUPPORT,
    ClockKind.CHECK,
    ClockKind.CONSIDERATION,
    ClockKind.MESSAGE,
)


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


@dataclass(frozen=True)
class Share:
    """Joinings from one top unit; ``place`` None where the residence is not known."""

    place: TerritoryView | None
    count: int


@dataclass(frozen=True)
class PetitionPage:
    """``text`` is None where the refusal hides it from this reader."""

    ref: str
    share_ref: str | None
    is_public: bool
    standing: Standing
    text: PetitionText | None
    hidden: bool
    attachments: tuple[AttachmentRow, ...]
    body: BodyView | None
    place: tuple[TerritoryView, ...]
    joined: int
    counted: int
    needed: int | None
    support_needed: int
    threshold: ThresholdNote | None
    joining: Joining
    residents: int
    shares: tuple[Share, ...]
    signers: tuple[PublicSigner, ...]
    steps: tuple[Step, ...]
    coming: tuple[Step, ...]
    terms: tuple[TermRow, ...]
    main_term: TermRow | None
    remedies: tuple[TermRow, ...]
    refusal: RefusalRow | None
    decisions: tuple[DecisionView, ...]
    draft: DecisionView | None
    commitments: tuple[Commitment, ...]
    statements: tuple[tuple[Fact, ...], ...]
    deemed_refused_on: datetime | None
    stepped_back: bool
    may_withdraw: bool
    may_step_back: bool
    may_appeal: bool
    is_author: bool
    is_checker: bool
    is_examiner: bool


def page_of(session: Session, found: Found, viewer: Reader, now: datetime) -> PetitionPage:
    """The page of a petition that this viewer may see, as of ``now``. Never for a draft."""
    standing = lifecycle.standing(session, found.petition_id)
    policy = reference.policy(session)
    law = edition(standing.edition or "")
    rows = lifecycle.transitions(session, standing.id)
    clocks = lifecycle.clocks(session, standing.id)
    refusal = lifecycle.refusal(session, standing.id) if standing.state is State.REFUSED else None
    hidden = bool(refusal and refusal.hides_text)
    text = lifecycle.text(session, standing.id) if may_read(standing, hidden, viewer) else None
    counts = terms.counting(session, clocks, policy, now)
    explained = tuple(terms.term_row(clock, counts) for clock in clocks)
    joined = tally.count(session, standing.id)
    permitted = permitted_events(standing.state, Order(standing.order or ""), ActorKind.CITIZEN)
    return PetitionPage(
        ref=found.ref,
        share_ref=_share_ref(standing, found, viewer, hidden),
        is_public=found.is_public,
        standing=standing,
        text=text,
        hidden=hidden,
        attachments=public_attachments(text),
        body=reference.body(session, standing.body_id) if standing.body_id else None,
        place=tuple(reference.territory_path(session, standing.territory_kato)) if standing.territory_kato else (),
        joined=joined,
        counted=count_towards_threshold(joined, law, policy),
        needed=standing.required if standing.opened_at else law.support_needed.value,
        support_needed=law.support_needed.value,
        threshold=threshold_note(session, standing),
        joining=_joining(session, standing, viewer, policy, now),
        residents=tally.residents(session, standing.id),
        shares=_shares(session, standing.id),
        signers=() if hidden else tuple(signatures.newest_signers(session, standing.id, limit=10)),
        steps=done_steps(session, rows),
        coming=ahead.coming(session, standing, rows, clocks, policy, now),
        terms=explained,
        main_term=_main_term(standing, explained),
        remedies=tuple(row for row in explained if row.kind in REMEDY_TERMS and row.running),
        refusal=refusal,
        decisions=tuple(lifecycle.decisions(session, standing.id)),
        draft=_draft(session, standing, rows),
        commitments=commitments(rows),
        statements=tuple(facts(row.event, row.details, {}) for row in rows if row.event is Event.STATEMENT_MADE),
        deemed_refused_on=next((row.at for row in rows if row.event is Event.DEEMED_REFUSED), None),
        stepped_back=any(row.event is Event.STEPPED_BACK for row in rows),
        may_withdraw=Event.WITHDRAWN in permitted,
        may_step_back=Event.STEPPED_BACK in permitted and all(row.event is not Event.STEPPED_BACK for row in rows),
        may_appeal=any(row.kind in REMEDY_TERMS and row.running for row in explained),
        is_author=is_author_of(standing, viewer),
        is_checker=checks(viewer),
        is_examiner=_examines(standing, viewer),
    )


def _examines(standing: Standing, viewer: Reader) -> bool:
    """Whether this is on the viewer's desk: the addressee handles a petition from its sending on."""
    own_body = viewer.kind == "staff" and viewer.body_id is not None and viewer.body_id == standing.body_id
    return own_body and standing.state in HANDLED


def may_read(standing: Standing, hidden: bool, viewer: Reader) -> bool:
    """A text hidden with its refusal stays readable to its author and to those who check."""
    return not hidden or is_author_of(standing, viewer) or checks(viewer)


def readable_text(session: Session, petition_id: int, viewer: Reader) -> PetitionText:
    """The text of a filed petition for this reader. Raises NotFound where it is hidden or not filed."""
    standing = lifecycle.standing(session, petition_id)
    refusal = lifecycle.refusal(session, petition_id) if standing.state is State.REFUSED else None
    if standing.filed_at is None or not may_read(standing, bool(refusal and refusal.hides_text), viewer):
        raise NotFound
    return lifecycle.text(session, petition_id)


def public_attachments(text: PetitionText | None) -> tuple[AttachmentRow, ...]:
    """The petition's files; the copy of a representative's authority is never one of them."""
    return tuple(each for each in text.attachments if each.kind == "attachment") if text else ()


def canonical_bytes(text: PetitionText) -> bytes:
    """The very bytes whose SHA-256 was frozen at filing."""
    return canonical_text(
        language=text.language,
        title=text.title,
        content=text.content,
        arguments=[point.text for point in text.arguments],
        proposals=[point.text for point in text.proposals],
        attachments=[(file.name, file.sha256) for file in public_attachments(text)],
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


def _joining(session: Session, standing: Standing, viewer: Reader, policy: Policy, now: datetime) -> Joining:
    own: OwnJoining | None = None
    if viewer.kind == "citizen" and viewer.citizen_id is not None:
        own = signatures.in_force(session, standing.id, viewer.citizen_id)
    residents_only = policy.choice("local_joining") == "residents"
    return joining(standing, viewer, own, now, residents_only=residents_only)


def _shares(session: Session, petition_id: int) -> tuple[Share, ...]:
    counts = {kato: number for kato, number in tally.by_territory(session, petition_id).items() if number}
    places = reference.territories(session, [kato for kato in counts if kato])
    rows = [Share(places.get(kato), number) for kato, number in counts.items()]
    return tuple(sorted(rows, key=lambda row: (row.place is None, -row.count, row.place.kato if row.place else "")))


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


def _draft(session: Session, standing: Standing, rows: Sequence[TransitionRow]) -> DecisionView | None:
    """The draft that is discussed in public (90-5): from the notice of the discussion to the decision."""
    announced = any(row.event is Event.DISCUSSION_ANNOUNCED for row in rows)
    if not announced or standing.state is not State.EXAMINATION:
        return None
    newest = lifecycle.decisions(session, standing.id, published_only=False)[:1]
    return next((each for each in newest if each.decided_at is None), None)


def _share_ref(standing: Standing, found: Found, viewer: Reader, hidden: bool) -> str | None:
    """The address to pass on: the number once public; before, the link while it can gather supporters."""
    if found.is_public:
        return None if hidden else found.ref
    gathers = standing.state in (State.SUPPORTING, State.CHECKING)
    active = standing.order is not None and gathers and link_is_active(standing.state, standing.order)
    knows_it = found.ref == standing.link_token or is_author_of(standing, viewer)
    return standing.link_token if active and knows_it else None
