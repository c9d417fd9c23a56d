"""The demonstration: a petition for every state and edge of the law, made by real acts, never by writing states."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from petitions.cli.demo import welcome
from petitions.config import Config
from petitions.consideration.appeals import appeal_of
from petitions.db import Base, reading
from petitions.demo import seeding
from petitions.demo.seeds import Seed, seeds
from petitions.demo.walks import WALKS
from petitions.identity.demo_staff import DEMO_STAFF, demo_password
from petitions.law.clocks import is_overdue
from petitions.law.states import ClockKind, Event, State
from petitions.lifecycle import queries
from petitions.lifecycle.models import Petition, Transition
from petitions.reference import queries as reference
from petitions.signatures.models import Signature
from petitions.tally import queries as tally
from tests.conftest import Database, make_app

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BEFORE_THE_NEW_EDITION_SETTLED = datetime(2026, 4, 15, 6, 0, tzinfo=UTC)
NEXT_SPRING = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
FIRST_SUMMER = datetime(2024, 6, 15, 6, 0, tzinfo=UTC)
CALENDAR_ENDS = datetime(2027, 12, 20, 6, 0, tzinfo=UTC)

BEGINNINGS = {"checking", "open", "stepped_back", "examination", "message"}
PLAIN_STATES = {
    "draft": State.DRAFT,
    "just-filed": State.CHECKING,
    "checking-overdue": State.CHECKING,
    "no-population": State.CHECKING,
    "forty-nine": State.SUPPORTING,
    "lapsed": State.LAPSED,
    "withdrawn": State.WITHDRAWN,
    "refused-subject": State.REFUSED,
    "refused-field": State.REFUSED,
    "open-almaty": State.OPEN,
    "minus-one": State.OPEN,
    "taken-down": State.TAKEN_DOWN,
    "examination": State.EXAMINATION,
    "overdue": State.EXAMINATION,
    "decided-full": State.PUBLISHED,
    "decided-partial": State.PUBLISHED,
    "decided-refused": State.PUBLISHED,
    "returned": State.MESSAGE,
    "message-answered": State.MESSAGE_ANSWERED,
    "support-first-2024": State.PUBLISHED,
}


def silent(what: str, done: int, of: int) -> None:
    """Nobody watches."""


def config_of(app: Flask) -> Config:
    config: Config = app.extensions["config"]
    return config


def by_key(session: Session) -> dict[str, Petition]:
    titles = {seed.title: seed.key for seed in seeds()}
    return {titles[each.title or ""]: each for each in session.scalars(sa.select(Petition))}


def one_of_each_walk() -> list[Seed]:
    """The quickest petition of every walk that is not the beginning of another one."""
    chosen: dict[str, Seed] = {}
    for seed in sorted(seeds(), key=lambda each: each.supporters):
        if seed.filed_on is None and seed.walk not in BEGINNINGS:
            chosen.setdefault(seed.walk, seed)
    return list(chosen.values())


def rows_of_everything() -> dict[str, int]:
    with reading() as session:
        return {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_every_invented_petition_says_so_and_knows_its_way() -> None:
    assert all(seed.title.startswith("Демо:") for seed in seeds())
    assert {seed.walk for seed in seeds()} == set(WALKS)
    assert len({seed.key for seed in seeds()}) == len({seed.title for seed in seeds()}) == len(seeds())


def test_a_demonstration_holds_every_state_and_edge_of_the_law(database: Database, tmp_path: Path) -> None:
    app = make_app(database, tmp_path)
    with app.app_context():
        assert seeding.seed_demo(config_of(app), silent, NOW) == []
        with reading() as session:
            petitions = by_key(session)
            assert set(petitions) == {seed.key for seed in seeds()}
            found = {key: State(petitions[key].state) for key in PLAIN_STATES}
            assert found == PLAIN_STATES
            _check_edges(session, petitions)
            _check_decisions(session, petitions)
            _check_history(session)
            _check_desks(session, petitions)
        _check_welcome(app)
        before = rows_of_everything()
        assert seeding.seed_demo(config_of(app), silent, NOW) == []
        assert rows_of_everything() == before


def _check_edges(session: Session, petitions: dict[str, Petition]) -> None:
    assert tally.count(session, petitions["forty-nine"].id) == 49
    minus_one = petitions["minus-one"]
    assert tally.count(session, minus_one.id) == (minus_one.required or 0) - 1
    assert tally.count(session, petitions["open-almaty"].id) == 132
    no_population = petitions["no-population"]
    unit = reference.territory(session, no_population.territory_kato or "")
    assert unit is not None and unit.population is None
    closes_at = petitions["closing-soon"].closes_at
    assert closes_at is not None and 0 <= (closes_at - NOW).days <= 10
    assert petitions["support-first-2024"].order == "support_first"
    running = {
        key: {clock.kind: clock for clock in queries.clocks(session, petitions[key].id) if clock.is_running}
        for key in ("checking-overdue", "examination", "examination-demo-body", "overdue")
    }
    check = running["checking-overdue"][ClockKind.CHECK]
    assert is_overdue(ClockKind.CHECK, check.due_on, NOW)
    for key in ("examination", "examination-demo-body"):
        due_on = running[key][ClockKind.CONSIDERATION].due_on
        assert not is_overdue(ClockKind.CONSIDERATION, due_on, NOW)
    marks = [row.event for row in queries.transitions(session, petitions["overdue"].id)]
    assert marks.count(Event.DEEMED_REFUSED) == 1


def _check_decisions(session: Session, petitions: dict[str, Petition]) -> None:
    for outcome in ("full", "partial", "refused"):
        petition = petitions[f"decided-{outcome}"]
        (decision,) = queries.decisions(session, petition.id)
        assert decision.outcome == outcome
        assert {answer.point.text for answer in decision.answers} == {point.text for point in petition.points}
        events = {row.event for row in queries.transitions(session, petition.id)}
        assert {Event.VISITED, Event.DISCUSSION_HELD, Event.GROUP_FORMED, Event.STATEMENT_MADE} <= events
    assert queries.decisions(session, petitions["support-first-2024"].id)[0].acting_act
    refused = queries.transitions(session, petitions["decided-refused"].id)
    assert appeal_of(refused).outcome is not None
    assert queries.refusal(session, petitions["refused-hidden"].id).hides_text  # type: ignore[union-attr]


def _check_history(session: Session) -> None:
    """Nothing lies ahead of now, every step follows the one before, every supporter is a row."""
    rows = session.scalars(sa.select(Transition).order_by(Transition.petition_id, Transition.seq)).all()
    assert all(row.recorded_at <= NOW and row.at <= row.recorded_at for row in rows)
    for earlier, later in itertools.pairwise(rows):
        assert earlier.petition_id != later.petition_id or earlier.recorded_at <= later.recorded_at
    in_force = (
        sa.select(Signature.petition_id, sa.func.count(), sa.func.max(Signature.signed_at))
        .where(Signature.withdrawn_at.is_(None))
        .group_by(Signature.petition_id)
    )
    joined = {petition_id: count for petition_id, count, _last in session.execute(in_force)}
    assert joined == tally.counts(session, joined)
    last = session.scalar(sa.select(sa.func.max(Signature.signed_at)))
    assert last is not None and last.replace(tzinfo=UTC) <= NOW


def _check_desks(session: Session, petitions: dict[str, Petition]) -> None:
    """Every body with demo staff has something on its desk."""
    waiting = {State.EXAMINATION, State.MESSAGE}
    desks = {each.body_id for each in petitions.values() if each.state in waiting}
    for slug in ("mki", "akim-office-392433000", "maslikhat-114400000"):
        body = reference.body_by_slug(session, slug)
        assert body is not None and body.id in desks


def _check_welcome(app: Flask) -> None:
    text = welcome("http://localhost:8123", config_of(app))
    assert all(one.email in text for one in DEMO_STAFF)
    assert demo_password(config_of(app)) in text
    assert "http://localhost:8123/simulators/authenticator" in text
    with reading() as session:
        petitions = by_key(session)
    assert f"http://localhost:8123/kk/petitions/{petitions['forty-nine'].link_token}" in text
    assert "http://localhost:8123/kk/staff/sign-in" in text
    assert max(len(line) for line in text.splitlines()) <= 110


@pytest.mark.parametrize("now", [BEFORE_THE_NEW_EDITION_SETTLED, NEXT_SPRING])
def test_a_demonstration_can_be_set_in_another_season(sqlite_database: Database, tmp_path: Path, now: datetime) -> None:
    app = make_app(sqlite_database, tmp_path)
    wanted = one_of_each_walk()
    with app.app_context():
        assert seeding.seed_demo(config_of(app), silent, now, wanted) == []
        with reading() as session:
            assert set(by_key(session)) == {seed.key for seed in wanted}


@pytest.mark.parametrize("now", [FIRST_SUMMER, CALENDAR_ENDS])
def test_what_does_not_fit_before_the_laws_clock_is_left_out_and_told(
    sqlite_database: Database, tmp_path: Path, now: datetime
) -> None:
    app = make_app(sqlite_database, tmp_path)
    chosen = [seed for seed in seeds() if seed.key in ("just-filed", "draft", "lapsed", "support-first-2024")]
    with app.app_context():
        left_out = seeding.seed_demo(config_of(app), silent, now, chosen)
        assert left_out
        with reading() as session:
            assert len(by_key(session)) + len(left_out) == len(chosen)


def test_a_demonstration_cut_short_is_finished_by_the_next_start(sqlite_database: Database, tmp_path: Path) -> None:
    def impatient(what: str, done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    app = make_app(sqlite_database, tmp_path)
    chosen = [seed for seed in seeds() if seed.key in ("draft", "just-filed", "supporting", "withdrawn")]
    with app.app_context():
        with pytest.raises(KeyboardInterrupt):
            seeding.seed_demo(config_of(app), impatient, NOW, chosen)
        with reading() as session:
            assert len(by_key(session)) == 2
        assert seeding.seed_demo(config_of(app), silent, NOW, chosen) == []
        with reading() as session:
            assert len(by_key(session)) == len(chosen)


def test_there_are_no_invented_petitions_without_simulators(sqlite_database: Database, tmp_path: Path) -> None:
    app = make_app(sqlite_database, tmp_path, simulators=False)
    with app.app_context(), pytest.raises(RuntimeError):
        seeding.seed_demo(config_of(app), silent, NOW)
