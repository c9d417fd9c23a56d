"""The simulated person registry: a machine's answers, and a switch that takes it down for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from petitions.identity.person_registry import PersonFacts, RegistryDown, RegistryUnknown
from petitions.identity.simulators.pages import config, simulator_blueprint
from petitions.identity.simulators.people import by_iin
from petitions.permissions import Permission, requires

bp = simulator_blueprint("registry", "/registry")


@dataclass(frozen=True)
class SimulatedRegistry:
    """The registry's answers without the wire; the endpoint below gives the same."""

    instance_path: Path

    def lookup(self, iin: str) -> PersonFacts:
        known = by_iin(iin)
        if self.is_out() or (known is not None and known.registry == "down"):
            raise RegistryDown
        if known is None or known.registry == "unknown":
            raise RegistryUnknown
        return PersonFacts(
            citizenship=known.citizenship,
            birth_date=known.birth_date,
            residence_kato=known.residence_kato,
            given_name=known.given_name,
            surname=known.surname,
            patronymic=known.patronymic,
        )

    def is_out(self) -> bool:
        return self._switch.exists()

    def set_out(self, out: bool) -> None:
        """Take the registry down, or up again, for every process of the instance."""
        self._switch.parent.mkdir(parents=True, exist_ok=True)
        if out:
            self._switch.touch()
        else:
            self._switch.unlink(missing_ok=True)

    @property
    def _switch(self) -> Path:
        return self.instance_path / "simulators" / "registry-is-down"


@bp.post("/person")
@requires(Permission.SIMULATE)
def lookup() -> tuple[dict[str, Any], int]:
    iin = str((request.get_json(silent=True) or {}).get("iin", ""))
    try:
        facts = _registry().lookup(iin)
    except RegistryUnknown:
        return {"error": "unknown"}, 404
    except RegistryDown:
        return {"error": "down"}, 503
    answer = {"iin": iin, **vars(facts), "birth_date": facts.birth_date.isoformat()}
    return answer, 200


@bp.get("/")
@requires(Permission.SIMULATE)
def switch() -> str:
    return render_template("simulators/registry.html", out=_registry().is_out())


@bp.post("/outage")
@requires(Permission.SIMULATE)
def outage() -> Response:
    _registry().set_out(request.form.get("out") == "1")
    return redirect(url_for("simulators_registry.switch"))


def _registry() -> SimulatedRegistry:
    return SimulatedRegistry(config().instance_path)
