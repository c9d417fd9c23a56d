"""A little of everything that is sealed, with what each blob must open to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from petitions import outbox, vault
from petitions.db import Base, reading, transaction
from petitions.lifecycle.models import Petition
from petitions.sealed_columns import SEALED_COLUMNS, SealedColumn
from petitions.signatures import writer
from petitions.signatures.models import ActEvidence, PaperLine, PaperSheet
from tests.making import AT, a_citizen, a_staff_member, citizens
from tests.signatures.rows import joining

Opened = dict[tuple[SealedColumn, tuple[Any, ...]], bytes]


def fill(people: int = 3) -> Opened:
    """At least one blob in every column, and ``people`` joinings; returns what they hold."""
    author, staff = a_citizen(), a_staff_member()
    signers = citizens(people)
    with transaction() as session:
        petition = Petition(state_since=AT, created_at=AT, saved_at=AT, author_id=author, author_name="A. B.")
        session.add(petition)
        session.flush()
        writer.append(session, [joining(petition.id, citizen, AT, kato=None) for citizen in signers])
        for row in rows_of(petition.id, author, staff):
            session.add(row)
            session.flush()
        outbox.queue(session, key="a-letter", kind="any", to="a@example.kz", language="kk", facts={}, now=AT)
    for column in SEALED_COLUMNS:
        seal_what_is_empty(column)
    return opened()


def rows_of(petition_id: int, citizen_id: int, staff_id: int) -> list[Base]:
    return [
        PaperSheet(
            petition_id=petition_id,
            id="sheet",
            reference="1",
            received_on=AT.date(),
            lines_promised=1,
            scan_sealed=b"",
            scan_sha256="0" * 64,
            scan_mime="image/png",
            state="received",
            received_by=staff_id,
            registered_at=AT,
        ),
        PaperLine(petition_id=petition_id, sheet_id="sheet", number=1),
        ActEvidence(
            petition_id=petition_id,
            id="act",
            act="file",
            citizen_id=citizen_id,
            signed_at=AT - timedelta(days=1),
            evidence_sha256="0" * 64,
            sealed=b"",
        ),
    ]


def seal_what_is_empty(column: SealedColumn) -> None:
    """Something in every row of the column that holds nothing yet."""
    table = Base.metadata.tables[column.table]
    blob = table.c[column.column]
    with transaction() as session:
        for row in session.execute(sa.select(table).where((blob.is_(None)) | (sa.func.length(blob) == 0))).mappings():
            here = [key == row[key.name] for key in table.primary_key]
            fresh = vault.seal(f"{column} {row[table.primary_key.columns[0].name]}".encode(), column.context(**row))
            session.execute(sa.update(table).where(*here).values({blob: fresh}))


def opened() -> Opened:
    """Everything sealed, opened. Raises where something does not open."""
    return {key: vault.open_sealed(blob, context) for key, (blob, context) in blobs().items()}


def blobs() -> dict[tuple[SealedColumn, tuple[Any, ...]], tuple[bytes, str]]:
    """Everything sealed, with the context of its place."""
    found = {}
    with reading() as session:
        for column in SEALED_COLUMNS:
            table = Base.metadata.tables[column.table]
            for row in session.execute(sa.select(table).where(table.c[column.column].is_not(None))).mappings():
                key = tuple(row[each.name] for each in table.primary_key)
                found[column, key] = (row[column.column], column.context(**row))
    return found


def versions() -> set[int]:
    return {blob[0] for blob, _ in blobs().values()}
