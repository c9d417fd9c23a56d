"""A new key: everything sealed is sealed anew with it, whatever happens meanwhile, and nothing is lost."""

from __future__ import annotations

import base64
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result

from petitions import resealing, vault
from petitions.audit import AuditEntry
from petitions.config import ROOT
from petitions.db import reading, transaction
from petitions.identity import actions as identity
from petitions.sealed_columns import CITIZEN, CITIZEN_EMAIL, EVIDENCE, PAPER_SCAN, SEALED_COLUMNS
from petitions.signatures.models import Evidence, PaperSheet
from tests.conftest import Database, make_app
from tests.floor.sealed_rows import blobs, fill, opened, versions
from tests.making import AT, a_citizen, citizens
from tests.signatures.rows import join_one

OLD, NEW = b"v" * 32, b"w" * 32
KEYS = {1: OLD, 2: NEW}

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    """`flask vault …` of an installation that has these keys."""

    def command(*arguments: str, keys: dict[int, bytes] | None = None, **more: Any) -> Result:
        app = make_app(database, tmp_path, vault_keys=keys or KEYS)
        return app.test_cli_runner().invoke(args=["vault", *arguments], **more)

    return command


@pytest.fixture
def rotation(database: Database, tmp_path: Path) -> Callable[[], subprocess.Popen[str]]:
    """The same as a process of its own, a row at a time, for tests to kill."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PETITIONS_")} | {
        "PETITIONS_ENV": "test",
        "PETITIONS_INSTANCE": str(tmp_path),
        "PETITIONS_DATABASE_URL": database.url,
        "PETITIONS_VAULT_KEYS": " ".join(f"{each}:{base64.b64encode(key).decode()}" for each, key in KEYS.items()),
        "FLASK_APP": "wsgi:app",
    }
    command = [sys.executable, "-u", "-m", "flask", "vault", "rotate", "--yes", "--batch", "1"]
    return lambda: subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def test_everything_sealed_is_sealed_with_the_newest_key_and_holds_what_it_held(run: Run) -> None:
    before = fill()
    assert {column for column, _ in before} == set(SEALED_COLUMNS)
    assert versions() == {1}
    done = run("rotate", "--yes", "--batch", "2")
    assert done.exit_code == 0, done.output
    assert "evidence.sealed: 3 of 3, done" in done.output
    assert f"{len(before)} sealed anew with key 2" in done.output
    assert "Nothing is sealed any more with key 1." in done.output
    assert versions() == {2}
    vault.configure(b"i" * 32, {2: NEW})
    assert opened() == before


def test_a_rotation_is_audited_and_a_second_one_finds_nothing_to_do(run: Run) -> None:
    before = fill()
    run("rotate", "--yes")
    again = run("rotate", "--yes")
    assert again.output.startswith("0 sealed anew with key 2\n")
    with reading() as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "rotate-vault")).all()
    assert [entry.details for entry in entries] == [{"key": 2, "sealed_anew": len(before)}]


def test_a_rotation_killed_anywhere_is_run_again_and_loses_nothing(run: Run, rotation: Callable[[], Any]) -> None:
    before = fill(people=400)
    for _ in range(3):
        process = rotation()
        assert process.stdout.readline()
        killer = threading.Timer(random.uniform(0, 0.1), process.kill)
        killer.start()
        process.wait(30)
        killer.join()
        vault.configure(b"i" * 32, KEYS)
        assert opened() == before
    assert versions() == {1, 2}, "it was killed before its end"
    assert run("rotate", "--yes").exit_code == 0
    assert versions() == {2}
    assert opened() == before


def test_people_join_and_change_their_data_while_it_runs(run: Run) -> None:
    before = fill(people=200)
    petition_id = next(key[0] for column, key in before if column == EVIDENCE)
    people, joiners = [key[0] for column, key in before if column == CITIZEN], citizens(20)
    vault.configure(b"i" * 32, KEYS)
    living = threading.Thread(target=live, args=(petition_id, joiners, people))
    living.start()
    assert not [step for column in SEALED_COLUMNS for step in resealing.rotate(column, 3) if step.shut]
    living.join(60)
    assert run("rotate", "--yes").exit_code == 0
    assert versions() == {2}
    after = opened()
    changed = {(CITIZEN_EMAIL, (citizen_id,)): b"new@example.kz" for citizen_id in people}
    assert {key: after[key] for key in before} == before | changed
    assert sum(column == EVIDENCE for column, _ in after) == 200 + len(joiners)


def live(petition_id: int, joiners: list[int], people: list[int]) -> None:
    for citizen_id in joiners:
        join_one(petition_id, citizen_id, AT, kato=None)
    for citizen_id in people:
        identity.set_email(citizen_id, "new@example.kz")


def test_nobody_waits_to_join_while_a_batch_is_being_sealed(postgresql_only: Database) -> None:
    held = fill()
    petition_id = next(key[0] for column, key in held if column == EVIDENCE)
    (joiner,) = citizens(1)
    joined: list[str] = []
    with transaction() as session:
        for column in SEALED_COLUMNS:
            keys = [key for each, key in blobs() if each == column]
            assert list(resealing._blobs(session, column, keys, lock=True))
        thread = threading.Thread(target=lambda: joined.append(join_one(petition_id, joiner, AT, kato=None)))
        thread.start()
        thread.join(10)
        assert joined


def test_what_was_moved_to_another_row_is_named_and_left_as_it_is(run: Run) -> None:
    fill()
    with transaction() as session:
        first, second = session.scalars(sa.select(Evidence).order_by(Evidence.signature_id).limit(2))
        first.sealed = moved = second.sealed
        place = (first.petition_id, first.signature_id)
    for command in (["check"], ["rotate", "--yes"]):
        done = run(*command)
        assert done.exit_code == 1
        assert f"evidence.sealed: row {place} does not open" in done.output
    with reading() as session:
        assert session.get_one(Evidence, place).sealed == moved
    assert versions() == {1, 2}
    assert "Key 1 is still in use" in done.output
    assert "Nothing is sealed any more" not in done.output


def test_the_check_opens_everything_and_tells_a_key_that_is_missing(run: Run) -> None:
    before = fill()
    sound = run("check", "--batch", "2")
    assert sound.exit_code == 0, sound.output
    assert f"key 1: {len(before)}\n{len(before)} opened, 0 do not open" in sound.output
    lost = run("check", keys={2: NEW})
    assert lost.exit_code == 1
    assert f"key 1, which this installation does not have: {len(before)}" in lost.output
    assert f"0 opened, {len(before)} do not open" in lost.output
    assert versions() == {1}


def test_rotation_asks_whether_all_processes_know_the_key(run: Run) -> None:
    fill()
    asked = run("rotate", input="n\n")
    assert asked.exit_code == 1
    assert "started since key 2 was made?" in asked.output
    assert versions() == {1}


def test_large_blobs_are_not_held_in_memory_together(sqlite_database: Database, tmp_path: Path) -> None:
    fill()
    with transaction() as session:
        sheet = session.scalars(sa.select(PaperSheet)).one()
        for number in range(3):
            values = {each.name: getattr(sheet, each.name) for each in PaperSheet.__table__.columns}
            context = PAPER_SCAN.context(petition_id=sheet.petition_id, id=f"sheet-{number}")
            changes = {"id": f"sheet-{number}", "reference": str(number + 2)}
            scan = vault.seal(bytes(5 * 1024 * 1024), context)
            session.add(PaperSheet(**values | changes | {"scan_sealed": scan}))
    vault.configure(b"i" * 32, KEYS)
    assert [step.done for step in resealing.rotate(PAPER_SCAN, 500)] == [2, 1, 1]


def test_a_link_to_confirm_an_address_outlives_a_new_key(run: Run) -> None:
    citizen_id = a_citizen()
    path = identity.set_email(citizen_id, "fresh@example.kz")
    assert run("rotate", "--yes").exit_code == 0
    assert identity.confirm_email(path.rpartition("/")[2], AT) == citizen_id
