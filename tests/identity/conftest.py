"""A national authority of our own, made once for all tests of this folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from petitions.identity.eds import TrustStore
from petitions.identity.services import configure as configure_services
from petitions.identity.simulators.authority import SimulatedAuthority, open_authority
from petitions.identity.simulators.registry import SimulatedRegistry
from tests.conftest import Database, make_app, make_config
from tests.identity.staff_door import an_invitation


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    open_authority(folder)
    return folder / "simulator-pki"


@pytest.fixture(scope="session")
def authority(pki: Path) -> SimulatedAuthority:
    return open_authority(pki.parent)


@pytest.fixture(scope="session")
def trust(pki: Path) -> TrustStore:
    return TrustStore(pki / "roots.pem", pki / "crl.pem")


@dataclass(frozen=True)
class LiveServer:
    """The whole application behind a real socket."""

    url: str
    app: Flask


@pytest.fixture
def live(sqlite_database: Database, tmp_path: Path) -> Iterator[LiveServer]:
    server: dict[str, Any] = {}

    def wsgi(environ: Any, start_response: Any) -> Any:
        return server["app"](environ, start_response)

    listening = make_server("127.0.0.1", 0, wsgi, threaded=True)
    url = f"http://127.0.0.1:{listening.server_port}"
    server["app"] = make_app(
        sqlite_database,
        tmp_path,
        base_url=url,
        idp_url=f"{url}/simulators",
        registry_url=f"{url}/simulators/registry",
    )
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield LiveServer(url, server["app"])
    listening.shutdown()
    thread.join()


@pytest.fixture
def services(database: Database, tmp_path: Path) -> SimulatedRegistry:
    """The room's services without an application: the simulated registry, whose outage a test may switch."""
    registry = SimulatedRegistry(tmp_path)
    configure_services(make_config(tmp_path, database.url), registry)
    return registry


@pytest.fixture
def invited(sqlite_app: Flask) -> str:
    """The address of a fresh invitation to become a moderator."""
    return f"/en/staff/invitation/{an_invitation('m@example.kz')}"
