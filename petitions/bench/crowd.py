"""Signatures by the million: citizens and joinings made inside the database, in the order in which they joined.

Their evidence is left out: 3 KB each that no page and no tally ever reads.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from petitions import db

FIRST_CITIZEN = 100_000_000
"""Ids of the crowd begin here, far above everybody who signs in."""
RESIDENCES = ("751110000", "751210000", "710000000", "790000000", "351635000", "104163000", "392433000", "154825000")
AT_ONCE = 250_000

SERIES = {
    "sqlite": "WITH RECURSIVE one(n) AS (VALUES (:first) UNION ALL SELECT n + 1 FROM one WHERE n < :last)",
    "postgresql": "WITH one AS (SELECT n FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS s(n))",
}
DIGEST = {"sqlite": "lower(hex(randomblob(32)))", "postgresql": "encode(sha256((n || :salt)::bytea), 'hex')"}
BLOB = {"sqlite": "randomblob(180)", "postgresql": "convert_to(repeat('x', 180), 'UTF8')"}
MOMENT = {  # how each engine keeps the n-th of evenly spread moments, milliseconds after the first
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', (:began + (n - :first_of_all) * :step) / 1000.0, 'unixepoch') || '000'",
    "postgresql": "to_timestamp((:began + (n - :first_of_all) * :step) / 1000.0)",
}
ID = {
    "sqlite": "printf('%012x', CAST(:began + (n - :first_of_all) * :step AS INTEGER)) || lower(hex(randomblob(10)))",
    "postgresql": "lpad(to_hex((:began + (n - :first_of_all) * :step)::bigint), 12, '0')"
    " || substr(encode(sha256((n || :salt)::bytea), 'hex'), 1, 20)",
}


def join(petition_id: int, count: int, *, since: datetime, until: datetime, already: int = 0) -> None:
    """That many citizens of the crowd join, evenly from one moment to the other; nothing is sealed.

    ``already`` of the crowd have joined this petition before.
    """
    engine = db.engine()
    name = engine.dialect.name
    first_of_all = FIRST_CITIZEN + already
    last_of_all = first_of_all + count - 1
    given = {
        "petition": petition_id,
        "salt": f"/{petition_id}",
        "began": int(since.timestamp() * 1000),
        "step": (until - since).total_seconds() * 1000 / max(count, 1),
        "first_of_all": first_of_all,
        "checked": _kept(until, name),
    }
    for first in range(first_of_all, last_of_all + 1, AT_ONCE):
        part = given | {"first": first, "last": min(first + AT_ONCE - 1, last_of_all)}
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(sa.text(_citizens(name)), part)
            connection.execute(sa.text(_signatures(name)), part)


def settle() -> None:
    """What an installation of this size would have done long ago: tidy the files, and what autovacuum gathers."""
    engine = db.engine()
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.close()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
        for statement in ("VACUUM ANALYZE", "CHECKPOINT"):
            alone.exec_driver_sql(statement)


def _citizens(name: str) -> str:
    return f"""
        {SERIES[name]}
        INSERT INTO citizen (id, iin_digest, sealed, given_name, surname_initial, registry_status,
            registry_checked_at, citizenship, residence_kato, language, created_at)
        SELECT n, {_any_digest(name)}, {BLOB[name]}, 'Үлгі', 'С', 'known', :checked, 'KZ',
            {_residence()}, 'kk', :checked
        FROM one WHERE NOT EXISTS (SELECT 1 FROM citizen WHERE citizen.id = n)
    """  # noqa: S608 - every part is a constant of this file


def _signatures(name: str) -> str:
    return f"""
        {SERIES[name]}
        INSERT INTO signature (petition_id, id, citizen_id, channel, public_name, territory_kato, consent_version,
            signed_at, evidence_sha256, commitment)
        SELECT :petition, {ID[name]}, n, 'electronic', 'Үлгі С.', {_residence()}, 'bench',
            {MOMENT[name]}, {DIGEST[name]}, {DIGEST[name]}
        FROM one
    """  # noqa: S608 - every part is a constant of this file


def _any_digest(name: str) -> str:
    return DIGEST[name].replace(":salt", "'/citizen'")


def _residence() -> str:
    cases = " ".join(f"WHEN {place} THEN '{kato}'" for place, kato in enumerate(RESIDENCES))
    return f"CASE n % {len(RESIDENCES)} {cases} END"


def _kept(moment: datetime, name: str) -> datetime | str:
    """A bound moment as the engine keeps it."""
    at = moment.astimezone(UTC)
    return at if name == "postgresql" else f"{at:%Y-%m-%d %H:%M:%S.%f}"
