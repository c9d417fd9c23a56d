"""The site has its checkpoints cosigned by independent witnesses, and stands when one of them is gone or lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from petitions.cli.log import log_group
from petitions.config import ConfigError
from petitions.db import reading, transaction
from petitions.law.states import State
from petitions.log import cosigning, keys, queries, verifier
from petitions.log.cosigning import ask_witnesses
from petitions.log.models import LogHead, LogTile
from petitions.log.notes import public_bytes, vkey
from petitions.log.verifier import NotProven, VerifierKey, check_receipt, check_witnesses, read_checkpoint, read_receipt
from petitions.log.witness import Logs
from petitions.signatures.models import Signature
from petitions.tally.sealing import grow_logs
from tests.log.a_log import ALog, digest
from tests.log.witnessing import Running, a_server_that_says, two_witnesses
from tests.making import a_petition_in, joined, moment_of, record

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nobody_is_asked_afterwards() -> Iterator[None]:
    yield
    cosigning.configure("")


@pytest.fixture
def witnesses(database: object, tmp_path: Path) -> Iterator[tuple[Running, Running]]:
    with two_witnesses(tmp_path) as both:
        name(*both)
        yield both


def name(*witnesses: Running) -> None:
    """As after a new start of the worker: it remembers nothing."""
    cosigning.configure(" ".join(one.setting for one in witnesses))


def an_open_petition(signers: int = 3) -> tuple[int, datetime]:
    petition = a_petition_in(State.OPEN)
    at = moment_of(petition) + HOUR
    joined(petition, signers, at)
    return petition, at


def head(petition: int) -> queries.Head:
    with reading() as session:
        found = queries.head(session, petition)
    assert found is not None
    return found


def seen_by(petition: int, *witnesses: Running) -> list[str]:
    """The names of those who cosigned the newest cosigned checkpoint, their signatures verified."""
    note = head(petition).cosigned_note
    return check_witnesses(read_checkpoint(note), [one.key for one in witnesses], quorum=0) if note else []


def rewrite(petition: int, at: datetime) -> None:
    """What a dishonest operator could do with all access: change a row and make the log anew."""
    with transaction() as session:
        changed = sa.update(Signature).where(Signature.petition_id == petition, Signature.leaf == 0)
        session.execute(changed.values(commitment=digest("another person")))
        for table in (LogTile, LogHead):
            session.execute(sa.delete(table).where(table.petition_id == petition))
    grow_logs(at)


def test_two_witnesses_cosign_a_log_as_it_grows(witnesses: tuple[Running, Running]):
    petition, at = an_open_petition()
    names = [one.name for one in witnesses]
    for _ in range(3):
        assert ask_witnesses(at) == 1
        now = head(petition)
        assert now.cosigned_size == now.size
        assert seen_by(petition, *witnesses) == names
        joined(petition, 130, at := at + HOUR)
    assert head(petition).cosigned_size == head(petition).size - 130


def test_nobody_is_asked_twice_for_the_same(witnesses: tuple[Running, Running]):
    _, at = an_open_petition()
    assert ask_witnesses(at) == 1
    assert ask_witnesses(at) == 0


def test_a_receipt_has_the_cosignatures_and_any_stranger_can_check_them(witnesses: tuple[Running, Running]):
    petition, at = an_open_petition()
    ask_witnesses(at)
    joined(petition, 2, at + HOUR)
    with reading() as session:
        old, new = (read_receipt(queries.receipt(session, petition, leaf)) for leaf in (0, head(petition).size - 1))
    own, theirs = VerifierKey.parse(keys.vkey_of(petition)), [one.key for one in witnesses]
    check_receipt(old, own, theirs)
    check_receipt(new, own)
    with pytest.raises(NotProven, match="no cosignature"):
        check_receipt(new, own, theirs)


def test_when_one_dies_the_other_goes_on_and_the_dead_one_catches_up(witnesses: tuple[Running, Running]):
    petition, at = an_open_petition()
    ask_witnesses(at)
    dead, alive = witnesses
    dead.kill()
    joined(petition, 7, at + HOUR)
    assert ask_witnesses(at) == 1
    assert seen_by(petition, *witnesses) == [alive.name]
    assert head(petition).cosigned_size == head(petition).size
    dead.start()
    assert ask_witnesses(at) == 0, "who did not answer is left alone for some seconds"
    name(*witnesses)
    assert ask_witnesses(at) == 1
    assert seen_by(petition, *witnesses) == [dead.name, alive.name]


def test_a_worker_that_remembers_nothing_learns_what_a_witness_saw(witnesses: tuple[Running, Running]):
    petition, at = an_open_petition()
    ask_witnesses(at)
    with transaction() as session:
        session.execute(sa.update(LogHead).values(cosigned_size=None, cosigned_note=None))
    joined(petition, 300, at + HOUR)
    name(*witnesses)
    assert ask_witnesses(at) == 1
    assert len(seen_by(petition, *witnesses)) == 2


def test_a_rewritten_log_gets_no_cosignature_any_more(
    witnesses: tuple[Running, Running], caplog: pytest.LogCaptureFixture
):
    petition, at = an_open_petition()
    ask_witnesses(at)
    rewrite(petition, at)
    for _ in range(2):  # the same size, then a larger one
        name(*witnesses)
        assert ask_witnesses(at) == 0
        assert seen_by(petition, *witnesses) == []
        joined(petition, 5, at := at + HOUR)
    refusals = [one.getMessage() for one in caplog.records if "refuses" in one.getMessage()]
    assert [("409" in said, "422" in said) for said in refusals] == [(True, False)] * 2 + [(False, True)] * 2


def test_a_log_that_lost_its_newest_entries_gets_no_cosignature(
    witnesses: tuple[Running, Running], caplog: pytest.LogCaptureFixture
):
    petition, at = an_open_petition()
    with reading() as session:
        before = session.execute(sa.select(LogHead.size, LogHead.note)).one()
    joined(petition, 5, at + HOUR)
    ask_witnesses(at)
    with transaction() as session:
        session.execute(sa.update(LogHead).values(**before._mapping, cosigned_size=None, cosigned_note=None))
    name(*witnesses)
    assert ask_witnesses(at) == 0
    assert sum("old copy of the database" in one.getMessage() for one in caplog.records) == 2


def test_a_lying_witness_is_not_believed_and_stops_nobody(witnesses: tuple[Running, Running]):
    petition, at = an_open_petition()
    honest, impostor = witnesses
    bent = f"— {impostor.name} {'A' * 96}\n"
    with a_server_that_says(bent) as (address, asked):
        cosigning.configure(f"{honest.setting} {impostor.vkey}={address}")
        assert ask_witnesses(at) == 1
    assert len(asked) == 1
    assert seen_by(petition, *witnesses) == [honest.name]
    assert bent not in (head(petition).cosigned_note or "")


def test_a_witness_with_a_strangers_key_is_not_believed(witnesses: tuple[Running, Running]):
    petition, at = an_open_petition()
    one, other = witnesses
    cosigning.configure(f"{one.vkey}=http://127.0.0.1:{other.port}")
    assert ask_witnesses(at) == 0
    assert head(petition).cosigned_note is None


@pytest.mark.parametrize(("answer", "status"), [("x" * 50_000, 200), ("many\n", 409), ("99\n", 409), ("", 302)])
def test_nonsense_is_no_cosignature(
    witnesses: tuple[Running, Running], answer: str, status: int, caplog: pytest.LogCaptureFixture
):
    petition, at = an_open_petition()
    with a_server_that_says(answer, status) as (address, _):
        cosigning.configure(f"{witnesses[0].vkey}={address}")
        assert ask_witnesses(at) == 0
        assert ask_witnesses(at) == 0
    assert head(petition).cosigned_note is None
    assert len(caplog.records) >= 1


@pytest.mark.parametrize("state", [State.CHECKING, State.SUPPORTING])
def test_the_log_of_a_link_only_petition_is_shown_to_nobody(sqlite_database: object, state: State):
    petition = a_petition_in(state)
    at = moment_of(petition) + HOUR
    joined(petition, 3, at)
    with a_server_that_says("") as (address, asked):
        cosigning.configure(f"{a_witness_key()}={address}")
        assert ask_witnesses(at) == 0
    assert asked == []


def test_the_log_of_a_petition_that_was_taken_down_is_cosigned_still(sqlite_database: object):
    petition, at = an_open_petition()
    record(petition, "taken_down", at + HOUR, act="Court order No 1")
    with a_server_that_says("") as (address, asked):
        cosigning.configure(f"{a_witness_key()}={address}")
        ask_witnesses(at)
    assert len(asked) == 1


def test_many_logs_have_their_turn_one_after_another(sqlite_database: object, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cosigning, "HEADS", 2)
    petitions = [an_open_petition(1)[0] for _ in range(5)]
    with a_server_that_says("no", 500) as (address, asked):
        cosigning.configure(f"{a_witness_key()}={address}")
        for _ in range(3):
            ask_witnesses(moment_of(petitions[-1]))
    seen = {body.split("\n")[2].rpartition("/")[2] for body in asked}
    assert seen == {str(petition) for petition in petitions}


def a_witness_key() -> str:
    return vkey("witness.example", public_bytes(ALog().key), verifier.COSIGNATURE)


@pytest.mark.parametrize(
    "text",
    [
        "https://witness.example",
        f"{ALog().vkey}=https://witness.example",
        f"{a_witness_key()}",
        f"{a_witness_key()}=witness.example",
        f"{a_witness_key()[:-1]}=https://witness.example",
        f"{a_witness_key()}=https://one.example {a_witness_key()}=https://other.example",
    ],
)
def test_witnesses_that_cannot_be_used_are_named_at_the_start(text: str):
    with pytest.raises(ConfigError, match="PETITIONS_WITNESSES"):
        cosigning.configure(text)


def test_witnesses_are_named_with_key_and_address():
    (found,) = cosigning.parse(f"\n  {a_witness_key()}=https://witness.example/petitions/\n")
    assert (found.key.name, found.url) == ("witness.example", "https://witness.example/petitions")
    assert cosigning.parse("") == ()


def test_the_keys_are_printed_for_readers_and_for_witnesses(sqlite_app: Flask):
    run = sqlite_app.test_cli_runner().invoke
    assert run(log_group, ["key", "12", "13"]).output.split() == [keys.vkey_of(12), keys.vkey_of(13)]
    every = Logs.parse(run(log_group, ["key"]).output)
    assert every.key_of("demo.invalid/log/12") == VerifierKey.parse(keys.vkey_of(12))


def test_flask_log_verify_is_the_verifier(sqlite_app: Flask, tmp_path: Path):
    log = ALog().join(5)
    receipt = tmp_path / "receipt"
    receipt.write_text(log.receipt(2))
    run = sqlite_app.test_cli_runner().invoke
    proven = run(log_group, ["verify", "receipt", str(receipt), "--key", log.vkey])
    assert (proven.exit_code, proven.output[:8]) == (0, "PROVEN: ")
    foreign = run(log_group, ["verify", "receipt", str(receipt), "--key", ALog(13).vkey])
    assert (foreign.exit_code, foreign.output[:12]) == (1, "NOT PROVEN: ")
    assert "consistency" in run(log_group, ["verify", "--help"]).output
    assert "--log-key" in run(log_group, ["witness", "--help"]).output
