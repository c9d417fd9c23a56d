"""What all simulators have in common: everybody can sign with them, and none is ever there in production."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from petitions import clock
from petitions.identity import services, simulators
from petitions.identity.eds import verify_detached
from petitions.identity.simulators.people import everybody

TEXT = "Мен № 7 петицияға қосыламын.\n"


def test_everybody_in_the_demonstration_can_sign_at_once(sqlite_app: Flask) -> None:
    from petitions.identity.simulators.authority import open_authority

    now, instance = clock.now(), sqlite_app.extensions["config"].instance_path
    for one in everybody():
        signature = open_authority(instance).sign_detached(one, TEXT.encode(), at=now)
        verified = verify_detached(signature, TEXT.encode(), trust=services.trust(), at=now)
        assert verified.iin == one.iin


def test_simulators_are_not_served_in_production(sqlite_app: Flask) -> None:
    config = sqlite_app.extensions["config"]
    for wrong in (replace(config, environment="production"), replace(config, simulators=False)):
        with pytest.raises(RuntimeError):
            simulators.init_app(Flask("other"), wrong)


def test_simulators_cannot_even_be_imported_in_production() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "import petitions.identity.simulators.people"],
        env=os.environ | {"PETITIONS_ENV": "production"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert answer.returncode != 0
    assert "never start in production" in answer.stderr
