"""What is sealed is declared once: a column that were missing there would be left behind by the next key."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from petitions import models
from petitions.config import ROOT
from petitions.db import Base
from petitions.sealed_columns import SEALED_COLUMNS, SealedColumn

IN_CLEAR = {
    "attachment.content": "published with the petition",
    "log_tile.hashes": "public",
    "passkey.credential_id": "looked up by",
    "passkey.public_key": "a public key",
    "signing_request.document": "a quarter of an hour old at most, and names nobody",
}

models.load_all()


def test_every_column_of_bytes_is_declared_sealed_or_has_a_reason_to_be_in_clear() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary) or "sealed" in column.name.split("_")
        if not isinstance(column.type, sa.TypeDecorator)  # sealed_at is a time
    }
    assert found == {str(each) for each in SEALED_COLUMNS} | set(IN_CLEAR), "declare it in petitions/sealed_columns.py"


@pytest.mark.parametrize("column", SEALED_COLUMNS, ids=str)
def test_a_context_is_made_of_what_tells_the_row_from_all_others(column: SealedColumn) -> None:
    table = Base.metadata.tables[column.table]
    keys = [{each.name for each in table.primary_key}]
    keys += [{each.name for each in one.columns} for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    assert set(column.names) in keys
    assert not any(table.c[name].nullable for name in column.names)


def test_no_two_columns_share_their_contexts() -> None:
    ways = [re.sub(r"\{\w+\}", "#", each.bound_to) for each in SEALED_COLUMNS]
    assert len(set(ways)) == len(ways)


def test_contexts_are_written_nowhere_else() -> None:
    words = tuple(each.bound_to.partition("{")[0] for each in SEALED_COLUMNS)
    found = [
        f"{file.relative_to(ROOT)}: {word}"
        for file in (ROOT / "petitions").rglob("*.py")
        if file.name != "sealed_columns.py"
        for word in words
        if f'f"{word}' in file.read_text()
    ]
    assert not found, "take the context from petitions/sealed_columns.py"
