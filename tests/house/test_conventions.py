"""The conventions of the house as tests; each failure says what to do."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import sqlalchemy as sa

from petitions import models
from petitions.config import ROOT
from petitions.db import Base
from petitions.law.states import Event, State
from petitions.lifecycle.entering import _EFFECTS
from petitions.notifications.letters import LETTERS

CODE = sorted((ROOT / "petitions").rglob("*.py"))
GROWING = (
    "signature",
    "removal",
    "evidence",
    "tally",
    "territory_tally",
    "hourly_tally",
    "log_tile",
    "log_head",
    "comment",
    "comment_report",
    "comment_ruling",
)


def test_only_advance_writes_a_petitions_state() -> None:
    writers = set()
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text())):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            for target in targets:
                if not isinstance(target, ast.Attribute) or getattr(target.value, "id", "") == "self":
                    continue
                if target.attr in ("state", "state_since"):
                    writers.add(file.relative_to(ROOT).as_posix())
    assert writers == {"petitions/lifecycle/advance.py"}, f"go through lifecycle.advance, not around it: {writers}"


def test_there_is_one_commit() -> None:
    found = [f.relative_to(ROOT).as_posix() for f in CODE if re.search(r"\.commit\(\)", f.read_text())]
    found.remove("petitions/bench/naive.py")  # what the house is weighed against does it the usual way
    assert found == ["petitions/db.py"], f"use db.transaction(), not a commit of your own: {found}"


def test_only_entry_points_read_a_clock() -> None:
    allowed = re.compile(r"/(?:[a-z_]*views|clock|web|sessions|[a-z_]*simulators?)\.py$|/cli/|/bench/|/simulators/")
    found = [
        f.relative_to(ROOT).as_posix()
        for f in CODE
        if re.search(r"clock\.now\(\)|datetime\.now\(|date\.today\(", f.read_text())
        and not allowed.search(f.relative_to(ROOT).as_posix())
    ]
    assert not found, f"take the time as an argument: {found}"


def test_every_event_has_a_mail_decision() -> None:
    assert set(LETTERS) == set(Event), "decide in notifications/letters.py who hears of the new event"


def test_every_effect_belongs_to_a_state() -> None:
    assert set(_EFFECTS) <= set(State)


def test_tables_that_grow_with_signers_can_be_spread_by_petition() -> None:
    models.load_all()
    for name in GROWING:
        table = Base.metadata.tables[name]
        keys = [list(table.primary_key.columns)]
        keys += [list(c.columns) for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
        keys += [list(index.columns) for index in table.indexes if index.unique]
        for key in keys:
            assert key[0].name == "petition_id", f"{name}: a unique key must begin with petition_id"
        assert all(column.autoincrement is not True for column in table.columns), f"{name}: no global sequence"


def test_no_room_of_vague_names() -> None:
    vague = {"utils", "helpers", "common", "manager", "service", "misc"}
    found = [f for f in CODE if f.stem in vague or f.parent.name in vague]
    assert not found, f"name it after what it does: {found}"


def test_docs_name_every_room() -> None:
    rooms = {f.parent.name for f in (ROOT / "petitions").glob("*/__init__.py")} - {"translations"}
    text = (ROOT / "docs" / "architecture.md").read_text()
    missing = sorted(room for room in rooms if f"`{room}/`" not in text)
    assert not missing, f"docs/architecture.md must say what these rooms are for: {missing}"


def test_no_file_grows_past_four_hundred_lines() -> None:
    # one is a schema, the other must be one file: strangers download it and run it
    reasons = {"migrations/versions/0001_the_first_schema.py", "petitions/log/verifier.py"}
    long = [
        f"{f.relative_to(ROOT)} {count}"
        for f in [*CODE, *sorted((ROOT / "tests").rglob("*.py"))]
        if (count := len(f.read_text().splitlines())) > 400 and f.relative_to(ROOT).as_posix() not in reasons
    ]
    assert not long, f"split by meaning: {long}"


def test_nothing_of_one_machine_is_in_the_tree() -> None:
    # the parts are joined here so that this file does not find itself
    marks = ["/wo" + "rk/", "pypi." + "org", "../sha" + "red"]
    found = [
        f"{f.relative_to(ROOT)}: {mark}"
        for f in [
            *CODE,
            *(ROOT / "docs").rglob("*.md"),
            *(ROOT / "templates").rglob("*.html"),
            Path(ROOT / "Makefile"),
        ]
        for mark in marks
        if mark in f.read_text()
    ]
    assert not found, found
