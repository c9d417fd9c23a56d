"""The authority is asked after the joining: what it says is kept, and what it cannot say costs nobody a signature."""

from __future__ import annotations

import socket
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from petitions import outbox, vault
from petitions.audit import AuditEntry
from petitions.db import reading, transaction
from petitions.identity.eds import TrustStore, ocsp, signer_chain
from petitions.identity.eds.ocsp_answer import Answer, read_answer
from petitions.identity.simulators import ocsp as service
from petitions.identity.simulators.authority import Kind, SimulatedAuthority, Status, open_authority
from petitions.identity.simulators.people import person
from petitions.law.states import State
from petitions.notifications import queries as notifications
from petitions.sealed_columns import ACT_EVIDENCE_ANSWER, EVIDENCE_ANSWER
from petitions.signatures import acts, queries, revocation, writer
from petitions.signatures.models import ActEvidence, Evidence, Removal, Revocation
from petitions.tally import queries as tally
from petitions.tally.sealing import seal
from tests import making
from tests.making import AT, a_citizen, a_petition_in, citizens
from tests.signatures import rows
from tests.signatures.rows import policy
from tests.statements import statements_asked

LATER = AT + timedelta(hours=3)
REAL = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Service:
    """The simulated authority without the wire: whoever is asked answers in its own true, signed words."""

    authority: SimulatedAuthority
    trust: TrustStore
    behaviour: str = "answers"
    said: Status | None = None
    questions: int = 0

    def ask(self, cms: bytes) -> Answer:
        self.questions += 1
        certificate, issuer = signer_chain(cms, self.trust)
        if self.behaviour == "out":
            return ocsp.ask(f"http://127.0.0.1:{closed_port()}/", certificate, issuer, now=REAL)
        asked = ocsp.question(certificate, issuer)
        encoded = service.answer(ocsp.request_of(asked), self.authority, self.says, REAL)
        if self.behaviour == "try-later":
            encoded = service.refusal(service.TRY_LATER)
        return read_answer(encoded, asked, issuer, REAL)

    def says(self, serial: int) -> Status:
        return self.said or self.authority.status(serial)

    def run(self, at: datetime) -> int:
        return revocation.ask_authority(self.ask, at, now=REAL)

    def run_until(self, at: datetime) -> int:
        """Every turn from the last joining on, as the worker would."""
        settled = 0
        while (due := next_turn()) is not None and due <= at:
            settled += self.run(due)
        return settled


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    open_authority(folder)
    return folder


@pytest.fixture
def asked(pki: Path) -> Service:
    return Service(open_authority(pki), TrustStore(pki / "simulator-pki" / "roots.pem", None))


def join(asked: Service, petition_id: int, citizen_id: int, *, kind: Kind = "personal", at: datetime = LATER) -> str:
    cms = asked.authority.sign_detached(person("aigul"), b"text", at=at, kind=kind, algorithm="rsa")
    with transaction() as session:
        (made,) = writer.append(session, [replace(rows.joining(petition_id, citizen_id, at), cms=cms)])
    assert made is not None
    return made


def evidence(petition_id: int, signature_id: str) -> Evidence:
    with reading() as session:
        return session.get_one(Evidence, (petition_id, signature_id))


def word(petition_id: int, signature_id: str) -> str | None:
    return evidence(petition_id, signature_id).revocation


def next_turn() -> datetime | None:
    with reading() as session:
        return session.scalar(sa.select(sa.func.min(Evidence.ask_at)).where(Evidence.revocation == "pending"))


def removals(petition_id: int) -> list[str]:
    with reading() as session:
        return list(session.scalars(sa.select(Removal.reason).where(Removal.petition_id == petition_id)))


def audited(petition_id: int) -> list[str]:
    with reading() as session:
        wanted = sa.select(AuditEntry.act).where(
            AuditEntry.subject == f"petition:{petition_id}", AuditEntry.actor_role == "revocation"
        )
        return list(session.scalars(wanted))


def letters() -> list[str]:
    with reading() as session:
        return list(session.scalars(sa.select(outbox.Email.kind).where(outbox.Email.kind == "invalidated")))


def test_a_good_certificate_is_confirmed_and_the_authoritys_own_answer_is_kept(database, asked: Service) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    joining = join(asked, petition, citizen)
    assert word(petition, joining) == Revocation.PENDING
    assert asked.run(LATER) == 1
    kept = evidence(petition, joining)
    assert (kept.revocation, kept.ask_at, removals(petition)) == (Revocation.GOOD, None, [])
    assert kept.answer_sealed is not None
    context = EVIDENCE_ANSWER.context(petition_id=petition, signature_id=joining)
    assert vault.open_sealed(kept.answer_sealed, context).startswith(b"\x30")
    assert asked.run(LATER + 40 * DAY) == 0
    assert asked.questions == 1, "who has the last word is not asked again"


def test_a_certificate_revoked_by_the_time_of_joining_is_counted_out(database, asked: Service) -> None:
    petition, (citizen, other) = a_petition_in(State.SUPPORTING), citizens(2)
    joining = join(asked, petition, citizen, kind="revoked-later")
    join(asked, petition, other)
    seal(LATER)
    assert asked.run(LATER + timedelta(minutes=1)) == 2
    assert word(petition, joining) == Revocation.REVOKED
    assert removals(petition) == ["invalidated"]
    assert audited(petition) == ["invalidate-joining"]
    seal(LATER + timedelta(minutes=1))
    with reading() as session:
        counted = tally.counted(session, petition)
        own = queries.of_citizen(session, citizen)[0]
        assert (counted.joinings, counted.removals) == (2, 1)
        assert own.is_invalidated and own.revocation == "revoked" and own.removal_leaf == 2


def test_who_was_counted_out_finds_it_in_the_inbox_and_may_join_again(database, asked: Service) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    join(asked, petition, citizen, kind="revoked-later")
    with reading() as session:
        assert notifications.unread(session, citizen) == 0
    asked.run(LATER)
    with reading() as session:
        assert notifications.unread(session, citizen) == 1
        [notice] = notifications.inbox(session, citizen)
        assert (notice.petition_id, notice.is_new, notice.step) == (petition, True, None)
    again = join(asked, petition, citizen, at=LATER + timedelta(minutes=5))
    asked.run(LATER + timedelta(minutes=5))
    assert word(petition, again) == Revocation.GOOD
    assert rows.rows_in_force(petition) == 1


def test_a_letter_goes_to_a_confirmed_address_once(database, asked: Service) -> None:
    petition, citizen, silent = (
        a_petition_in(State.SUPPORTING),
        a_citizen("olga"),
        a_citizen("daniyar", confirmed=False),
    )
    join(asked, petition, citizen, kind="revoked-later")
    join(asked, petition, silent, kind="revoked-later")
    asked.run(LATER)
    asked.run(LATER + DAY)
    assert letters() == ["invalidated"]
    assert removals(petition) == ["invalidated"] * 2


def test_good_as_of_before_the_joining_is_not_the_last_word(database, asked: Service) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    joining = join(asked, petition, citizen)

    def of_earlier(cms: bytes) -> Answer:
        return replace(asked.ask(cms), as_of=REAL - timedelta(hours=1))

    assert revocation.ask_authority(of_earlier, LATER, now=REAL) == 0
    assert word(petition, joining) == Revocation.PENDING
    minute, hours = timedelta(minutes=1), timedelta(hours=2)
    assert revocation.ask_authority(of_earlier, LATER + minute, now=REAL + minute) == 0
    assert revocation.ask_authority(asked.ask, LATER + hours, now=REAL + hours) == 1, "as of the moment of signing"
    assert word(petition, joining) == Revocation.GOOD


def test_a_certificate_revoked_after_joining_was_good(database, asked: Service) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    joining = join(asked, petition, citizen)
    asked.said = Status("revoked", LATER + timedelta(seconds=1))
    asked.run(LATER + DAY)
    assert word(petition, joining) == Revocation.GOOD
    assert removals(petition) == []


def test_a_certificate_revoked_at_the_very_moment_of_joining_is_counted_out(database, asked: Service) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    join(asked, petition, citizen)
    asked.said = Status("revoked", LATER)
    asked.run(LATER + DAY)
    assert removals(petition) == ["invalidated"]


@pytest.mark.parametrize("behaviour", ["try-later", "out"])
def test_an_authority_that_does_not_answer_is_asked_again_and_the_joining_counts(
    database, asked: Service, behaviour: str
) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    joining = join(asked, petition, citizen)
    asked.behaviour = behaviour
    pauses = []
    for _turn in range(len(revocation.PAUSES) + 1):
        due = next_turn()
        assert due is not None
        asked.run(due)
        after = next_turn()
        assert after is not None
        pauses.append(after - due)
    assert [round(pause / timedelta(minutes=1)) for pause in pauses] == [1, 5, 30, 120, 480, 1440, 1440]
    assert rows.rows_in_force(petition) == 1
    asked.behaviour = "answers"
    assert asked.run(LATER + 4 * DAY) == 1
    assert word(petition, joining) == Revocation.GOOD


def test_who_is_not_answered_for_as_long_as_the_policy_says_stays_counted(database, asked: Service) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    policy("revocation_recheck_days", "5", AT)
    joining = join(asked, petition, citizen)
    asked.behaviour = "try-later"
    asked.run_until(LATER + 5 * DAY - timedelta(minutes=1))
    assert word(petition, joining) == Revocation.PENDING
    asked.run_until(LATER + 6 * DAY)
    assert word(petition, joining) == Revocation.UNANSWERED
    assert (rows.rows_in_force(petition), removals(petition)) == (1, [])
    with reading() as session:
        found = queries.unconfirmed(session)
        assert (found.pending, found.unanswered, found.unknown) == (0, 1, 0)


def test_a_worker_that_was_away_for_a_month_still_asks_more_than_once(database, asked: Service) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    joining = join(asked, petition, citizen)
    asked.behaviour = "try-later"
    asked.run(LATER + 30 * DAY)
    assert word(petition, joining) == Revocation.PENDING


def test_what_the_authority_never_issued_is_unknown_only_when_it_says_so_for_a_day(database, asked: Service) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    joining = join(asked, petition, citizen)
    asked.said = Status("unknown")
    asked.run(LATER)
    assert word(petition, joining) == Revocation.PENDING
    asked.run_until(LATER + 2 * DAY)
    assert word(petition, joining) == Revocation.UNKNOWN
    assert removals(petition) == []


def test_evidence_that_cannot_be_read_stays_counted_and_holds_up_nobody(database, asked: Service) -> None:
    petition, (citizen, other) = a_petition_in(State.SUPPORTING), citizens(2)
    broken = rows.join_one(petition, citizen, LATER)  # no CMS at all
    joining = join(asked, petition, other)
    asked.run(LATER)
    assert (word(petition, broken), word(petition, joining)) == (Revocation.PENDING, Revocation.GOOD)
    assert rows.rows_in_force(petition) == 2


def test_who_withdrew_meanwhile_is_not_counted_out_twice(database, asked: Service) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    joining = join(asked, petition, citizen, kind="revoked-later")
    rows.take_back(petition, citizen, LATER + timedelta(minutes=1))
    asked.run(LATER + timedelta(minutes=2))
    assert word(petition, joining) == Revocation.REVOKED
    assert removals(petition) == ["withdrawn"]
    assert letters() == []


def test_a_worker_killed_while_it_asks_only_delays(database, asked: Service) -> None:
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    joining = join(asked, petition, citizen, kind="revoked-later")

    def die(_cms: bytes) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        revocation.ask_authority(die, LATER, now=REAL)
    assert word(petition, joining) == Revocation.PENDING
    assert asked.run(LATER) == 0, "its turn was moved on before it was asked"
    assert asked.run(LATER + timedelta(minutes=2)) == 1
    assert removals(petition) == ["invalidated"]


def test_two_workers_count_out_once(database, asked: Service) -> None:
    """The second one's answer comes when the first one's is kept already."""
    petition, (citizen,) = a_petition_in(State.SUPPORTING), citizens(1)
    join(asked, petition, citizen, kind="revoked-later")

    def slower(cms: bytes) -> Answer:
        answer = asked.ask(cms)
        assert asked.run(LATER + timedelta(minutes=2)) == 1
        return answer

    assert revocation.ask_authority(slower, LATER, now=REAL) == 0
    assert removals(petition) == ["invalidated"]
    assert audited(petition) == ["invalidate-joining"]


def test_an_outage_is_met_once_a_run_and_not_by_everybody_who_waits(database, asked: Service) -> None:
    petition, signers = a_petition_in(State.SUPPORTING), citizens(30)
    for citizen in signers:
        join(asked, petition, citizen)
    asked.behaviour = "out"
    assert asked.run(LATER) == 0
    assert asked.questions == revocation.AT_ONCE
    asked.behaviour = "answers"
    assert asked.run(LATER) + asked.run(LATER) + asked.run(LATER) == 30 - revocation.AT_ONCE


def test_what_a_petition_has_reached_is_not_undone(database, asked: Service) -> None:
    """law.md, section 5: later removals are shown and undo nothing."""
    petition = a_petition_in(State.OPEN, kato=making.DISTRICT)
    with reading() as session:
        needed = rows.standing(petition).required - tally.count(session, petition)  # type: ignore[operator]
    at = making.moment_of(petition) + timedelta(hours=1)
    (citizen,) = citizens(1, at=at)
    join(asked, petition, citizen, kind="revoked-later", at=at)
    making.joined(petition, needed - 1, at)
    assert rows.standing(petition).state == State.REACHED
    asked.run(at + timedelta(minutes=1))
    seal(at + timedelta(minutes=2))
    with reading() as session:
        assert tally.count(session, petition) == rows.standing(petition).required - 1  # type: ignore[operator]
    assert rows.standing(petition).state == State.REACHED


def test_an_act_signed_with_a_revoked_certificate_is_told_to_staff_and_undone_by_nobody(
    database, asked: Service
) -> None:
    petition = a_petition_in(State.SUPPORTING)
    cms = asked.authority.sign_detached(person("aigul"), b"text", at=LATER, kind="revoked-later", algorithm="rsa")
    with transaction() as session:
        author = rows.standing(petition).author_id
        proven = acts.Proven(acts.Signed(b"text", cms, LATER), person("aigul").iin)
        acts.keep(session, "file", proven, petition_id=petition, citizen_id=author, at=LATER)
    while asked.run(LATER):
        pass
    with reading() as session:
        (kept,) = session.scalars(sa.select(ActEvidence).where(ActEvidence.revocation == "revoked")).all()
        assert (petition, "file") in queries.unconfirmed(session).acts
        assert kept.answer_sealed is not None
        context = ACT_EVIDENCE_ANSWER.context(petition_id=petition, id=kept.id)
        assert vault.open_sealed(kept.answer_sealed, context)
    assert "find-signature-of-act-revoked" in audited(petition)
    assert rows.standing(petition).state == State.SUPPORTING


def test_what_waits_and_what_is_counted_is_found_by_an_index(sqlite_database, asked: Service) -> None:
    """A million signatures lie in the table; a parameter in place of the word would have all of them read."""
    with statements_asked(sa.Engine) as statements:
        asked.run(LATER)
        with reading() as session:
            queries.unconfirmed(session)
    about = [each for each in statements if " evidence" in each and "FROM evidence" in each.replace("\n", " ")]
    assert len(about) >= 3
    with reading() as session:
        for statement in about:
            values = ("2026-01-01",) * statement.count("?")
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert any("ix_evidence_" in str(line) for line in plan), plan
