"""The floor: what a bare driver keeps, one transaction a row, each waiting for the disk."""

from __future__ import annotations

import itertools
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import psycopg

from petitions.bench.figures import Figure
from petitions.bench.stage import Stage, median_of

COLUMNS = """petition_id integer, id varchar(32), citizen_id integer, channel varchar(10), public_name varchar(140),
    territory_kato varchar(9), signed_at timestamp, evidence_sha256 varchar(64), commitment varchar(64),
    PRIMARY KEY (petition_id, id)"""
NAMES = 9


def inserts(stage: Stage) -> Iterator[Figure]:
    """`limit.insert`: rows like a signature's, without evidence, by the driver alone from one connection."""
    url = stage.site.config.database_url
    rate = _sqlite(stage) if url.startswith("sqlite") else _postgresql(stage, url)
    yield Figure("limit.insert", stage.engine, rate, "rows/s")


def _sqlite(stage: Stage) -> float:
    connection = sqlite3.connect(stage.site.folder / "raw.sqlite", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"CREATE TABLE raw ({COLUMNS})")
    statement = f"INSERT INTO raw VALUES ({', '.join('?' * NAMES)})"  # noqa: S608 - constants of this file
    rate = _rate(
        stage, lambda row: connection.execute(statement, [str(row[6]) if i == 6 else v for i, v in enumerate(row)])
    )
    connection.close()
    return rate


def _postgresql(stage: Stage, url: str) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE raw ({COLUMNS})")
        statement = f"INSERT INTO raw VALUES ({', '.join(['%s'] * NAMES)})"  # noqa: S608 - constants of this file
        rate = _rate(stage, lambda row: connection.execute(statement, row))
        connection.execute("DROP TABLE raw")
    return rate


def _rate(stage: Stage, insert: Callable[[list[object]], object]) -> float:
    numbers = itertools.count(1)

    def once() -> float:
        done, began = 0, time.perf_counter()
        while time.perf_counter() - began < stage.scale.seconds / 2:
            insert(_row(next(numbers)))
            done += 1
        return done / (time.perf_counter() - began)

    return median_of(stage.scale.rounds, once)


def _row(number: int) -> list[object]:
    digest = f"{number:064x}"
    identifier = f"{int(time.time() * 1000):012x}{secrets.token_hex(10)}"
    now = datetime.now(UTC)
    return [1, identifier, number, "electronic", "Үлгі С.", "751110000", now, digest, digest]
