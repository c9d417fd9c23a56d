"""What the simulators' pages share: they look like nobody's service and say so."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, request

from petitions.config import Config
from petitions.i18n import LANGUAGES, speak
from petitions.identity.simulators.people import SPECIAL, Person, everybody, person

# Who the tester is at the simulated sign-on; the signing page proposes the same person.
PERSON_COOKIE = "simulated-person"


def simulator_blueprint(name: str, prefix: str) -> Blueprint:
    """A simulator's blueprint; its pages speak the language they are asked for by ``lang``."""
    made = Blueprint(f"simulators_{name}", __name__, url_prefix=f"/simulators{prefix}")
    made.before_request(_take_language)
    return made


def config() -> Config:
    found: Config = current_app.extensions["config"]
    return found


def folder(name: str) -> Path:
    """A folder of the instance where one simulator keeps its little state, common to all workers."""
    made = config().instance_path / "simulators" / name
    made.mkdir(parents=True, exist_ok=True)
    return made


def chosen_person(key: str | None) -> Person | None:
    """The person of a key that a form or a cookie carried."""
    try:
        return person(key or "")
    except KeyError:
        return None


def ordinary_people() -> list[Person]:
    return list(everybody()[len(SPECIAL) :])


def _take_language() -> None:
    wanted = request.values.get("lang")
    if wanted in LANGUAGES:
        speak(wanted)
